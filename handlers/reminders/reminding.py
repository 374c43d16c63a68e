"""What people say about reminders in (later, fewer, remind others, the month), changed reminders and replies out."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from handlers import permissions
from handlers.commands import BRANCHES, folded
from handlers.leaders.areas import area_of
from handlers.leaders.summaries import local_time, told_units
from handlers.messages import Choice
from handlers.office.decisions import DecisionRefused
from handlers.office.meant import Meant
from handlers.permissions import ActedOn
from handlers.reminders.month_sheet import month_sheet
from handlers.reminders.plan_words import month
from handlers.routes import Asked
from handlers.turn import Turn
from reporting.plan.facts import Debt, Facts
from reporting.plan.planner import Planner
from reporting.text.word_lists import written
from reporting.time.calendar import VietnamCalendar, day_name, local_day
from reporting.time.rules import Rules
from storage.database import Database
from storage.messages import reminders
from storage.messages.reminders import ReminderRow
from storage.messages.sent import sent_by_day
from storage.organisation import units
from storage.organisation.units import Unit
from storage.people import preferences
from storage.people.people import REPORTERS
from storage.periods import foreseen, holidays, planning
from storage.periods.foreseen import through

OWN_BRANCHES = written("asked_figures.own_commune")
_REMINDERS = ("all", "last")
_DIGESTS = ("weekly", "monthly", "off")


class Reminding:
    """Answers "nhắc tôi tối nay", "ít tin hơn", "nhắc giúp" and "lịch tháng này"."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def snooze(self, turn: Turn, asked: Asked) -> None:
        """Puts what the person owes off to the evening, the morning, or the next hour of reminders."""
        rules, calendar = await preferences.rules(self._db), await holidays.calendar(self._db)
        person = turn.standing.person_id or 0
        owed = await reminders.owed_by(self._db, person, turn.today)
        if not owed:
            turn.say_key("snooze.nothing")
            return
        words = folded(asked.text).split()
        due_at = _next_slot(rules, calendar, turn.now, evening="nay" in words, tomorrow="mai" in words)
        day = local_day(due_at)
        turn.rows.append(reminders.forget_again(person, turn.now))
        turn.rows += reminders.plan([(ReminderRow(*report, person, "again", day), due_at) for report in owed])
        turn.say_key("snooze.done", time=local_time(due_at), day=day_name(day))

    async def fewer(self, turn: Turn, asked: Asked) -> None:
        """Asks how much the person wants to hear."""
        say = turn.wording.say
        known = await preferences.chosen(self._db, turn.standing.person_id or 0)
        digest = permissions.may("digest", turn.roles)
        values = [*_REMINDERS, *(_DIGESTS if digest else ())]
        choices = [Choice(say(f"fewer.choose_{value}"), f"fewer:{value}") for value in values]
        now = [say(f"fewer.{known.get('reminders', 'all')}")]
        if digest:
            now.append(say(f"fewer.{known.get('digest', 'weekly')}"))
        turn.say(say("fewer.ask", now="; ".join(now)), choices)

    async def fewer_chosen(self, turn: Turn, asked: Asked) -> None:
        """Keeps what was chosen."""
        value = asked.rest
        if value not in (*_REMINDERS, *_DIGESTS):
            turn.say_key("problem.stale")
            return
        name = "reminders" if value in _REMINDERS else "digest"
        turn.rows.append(preferences.choose(turn.standing.person_id or 0, name, value))  # type: ignore[arg-type]
        turn.say(turn.wording.say("fewer.done", now=turn.wording.say(f"fewer.{value}")))

    async def remind_tapped(self, turn: Turn, asked: Asked) -> None:
        """The button under a list of units: of all within reach."""
        await self.remind(turn, replace(asked, rest=""))

    async def remind(self, turn: Turn, asked: Asked) -> None:
        """ "nhắc giúp", "nhắc giúp cụm 2", "nhắc giúp xã An Thượng Lộc", "nhắc thôn Nam nộp": the chair, the office
        or a commune has units that owe reminded once more: once before the day, then once a day."""
        words, branch = folded(asked.rest), None
        if words in OWN_BRANCHES:
            words = ""
        elif words.split(" ")[0] in BRANCHES and (branch := await self._branch(turn, words)) is None:
            return
        area = await area_of(self._db, turn, "remind", "" if branch else words and asked.rest)
        if area is None:
            return
        rules, calendar = await preferences.rules(self._db), await holidays.calendar(self._db)
        clusters = {cluster.id for cluster in area.clusters}
        own = {role.unit_id for role in turn.roles if role.role in REPORTERS}
        facts = (await planning.situation(self._db, turn.now, None, calendar)).facts
        near = turn.today + timedelta(days=max(rules.rungs))
        owed = [
            debt
            for debt in facts.owed.values()
            if debt.due_on <= near
            and debt.unit_id not in own
            and (branch is None or debt.unit_id == branch.id)
            and facts.units[debt.unit_id].cluster_id in clusters
            and area.holds(facts.units[debt.unit_id].shown)
        ]
        if not owed:
            turn.say_key("remind_late.nobody", days=max(rules.rungs))
            return
        helped = await reminders.helped(self._db)
        fresh = [debt for debt in owed if _may_help(debt, helped.get((debt.round_id, debt.unit_id)), turn.today)]
        if not fresh:
            late = any(debt.due_on < turn.today for debt in owed)
            turn.say_key("remind_late.already" if late else "remind_late.once")
            return
        wide = permissions.clusters("remind", turn.roles)
        rung = "asked" if wide is None else "help" if wide else "above"
        wanted = [
            (ReminderRow(debt.round_id, debt.unit_id, person, rung, local_day(due_at)), due_at)
            for debt in fresh
            for person in facts.reporters(debt.unit_id)
            for due_at in (_help_at(rules, calendar, facts, person, turn.now),)
        ]
        turn.rows += reminders.plan(wanted)
        reached = {row.unit_id for row, _ in wanted}
        lines = []
        if wanted:
            first = min(due_at for _, due_at in wanted)
            told = told_units(turn.wording, [facts.units[unit].shown for unit in sorted(reached)])
            parts = {"time": local_time(first), "day": day_name(local_day(first)), "units": told}
            lines.append(turn.wording.say("remind_late.done", count=len(reached), **parts))
        if lost := sorted({debt.unit_id for debt in fresh} - reached):
            told = told_units(turn.wording, [facts.units[unit].shown for unit in lost])
            lines.append(turn.wording.say("remind_late.lost", units=told))
        turn.say("\n".join(lines))

    async def _branch(self, turn: Turn, words: str) -> Unit | None:
        """The one unit that is named; None once it is answered that none is, or none within reach."""
        try:
            unit = await Meant(self._db).unit(words, turn.today, permissions.units("remind", turn.roles))
        except DecisionRefused as refusal:
            turn.say(refusal.remark.vietnamese(turn.wording))
            return None
        every = {one.code: one for one in await units.all_units(self._db, turn.today)}
        above = every.get(unit.parent)
        clusters = {one.code: one.id for one in await units.all_clusters(self._db, turn.today)}
        home = clusters.get(unit.cluster or (above.cluster if above else ""))
        if permissions.may_unit("remind", turn.roles, ActedOn(unit.id, above.id if above else None, home)):
            return unit
        turn.say_key("help.no_rights")
        return None

    async def month(self, turn: Turn, asked: Asked) -> None:
        """A month in words and as a picture: this one, the next ("tháng sau"), or the one of that number to come."""
        words = folded(asked.text).split()
        if "truoc" in words or any(word.isdecimal() and not 1 <= int(word) <= 12 for word in words[:3]):
            turn.say_key("month.not_that")
            return
        calendar = await holidays.calendar(self._db)
        planner = Planner(await preferences.rules(self._db), calendar)
        first = _month_named(words, turn.today)
        last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        ahead = await foreseen.stretches(self._db, turn.now, calendar, last)
        facts = next(one.facts for one in reversed(ahead) if one.since <= max(first, turn.today))
        entries = [entry for _, own in through(planner, ahead, max(first, turn.today), last) for entry in own]
        sent = await sent_by_day(self._db, first, last)
        sheet = month_sheet(turn.wording, facts, entries, calendar, first, sent)
        turn.say(month(turn.wording, facts, entries, calendar, first, sent), file=sheet)


def _next_slot(
    rules: Rules, calendar: VietnamCalendar, now: datetime, evening: bool = False, tomorrow: bool = False
) -> datetime:
    """When a reminder that was put off comes: this evening, tomorrow morning, or whichever slot is next."""
    today = local_day(now)
    hours = [rules.evening(today)] if evening else rules.openings(today)
    coming = [hour for hour in hours if hour > now]
    if coming and not tomorrow and not calendar.is_silent(today):
        return coming[0]
    return rules.morning(_awake(calendar, today + timedelta(days=1)))


def _may_help(debt: Debt, last: date | None, today: date) -> bool:
    """Whether the unit may be reminded once more, `last` being the day on which it was asked for before."""
    return last is None or (debt.due_on < today and last < today)


def _help_at(rules: Rules, calendar: VietnamCalendar, facts: Facts, person: int, now: datetime) -> datetime:
    """The next slot of a day on which the person has had no reminder yet: nobody is reminded twice a day."""
    today = local_day(now)
    coming = [hour for hour in rules.openings(today) if hour > now]
    if coming and person not in facts.told and calendar.is_working_day(today) and not calendar.is_silent(today):
        return coming[0]
    day = today + timedelta(days=1)
    while calendar.is_silent(day) or not calendar.is_working_day(day):
        day += timedelta(days=1)
    return rules.morning(day)


def _awake(calendar: VietnamCalendar, day: date) -> date:
    while calendar.is_silent(day):
        day += timedelta(days=1)
    return day


def _month_named(words: list[str], today: date) -> date:
    """The first day of the month meant."""
    first = today.replace(day=1)
    following = (first + timedelta(days=32)).replace(day=1)
    if "sau" in words or "toi" in words:
        return following
    number = next((int(word) for word in words if word.isdecimal() and 1 <= int(word) <= 12), today.month)
    return date(today.year + (number < today.month), number, 1)
