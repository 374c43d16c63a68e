"""The office's orders by chat in; shown once for confirmation, then carried out as one unit of work."""

import hashlib
from dataclasses import replace
from datetime import date, datetime, time
from typing import Any

from handlers import permissions
from handlers.commands import folded
from handlers.messages import Choice
from handlers.office.briefing_decisions import BriefingDecisions, Wanted
from handlers.office.briefing_files import briefing_file
from handlers.office.chairs import chairs_called
from handlers.office.decisions import Counting, Decision, DecisionRefused, Remark
from handlers.office.meant import Meant
from handlers.office.orders import Order
from handlers.office.own_briefings import listed, tell_own
from handlers.office.period_decisions import PeriodDecisions
from handlers.office.unit_decisions import UnitDecisions
from handlers.routes import ROUTES, Asked
from handlers.turn import Turn
from handlers.wording.speech import Wording
from reporting.time.as_written import NotADay, OtherWeekday
from reporting.time.calendar import VIETNAM, day_name
from reporting.time.periods import (
    Period,
    PeriodError,
    campaign,
    campaign_code,
    campaign_form,
    is_campaign,
    parse_period,
)
from storage.database import Database
from storage.organisation import units
from storage.organisation.units import Cluster
from storage.people import preferences
from storage.periods import holidays, rounds
from storage.periods.rounds import Mode, Round

_MARK = 8  # hexadecimal digits in a button

MOST_OF_ORDER = 120  # characters of an order given by somebody who may not; longer is a report
MORNING = time(8, 0)  # when a new briefing begins where no hour is named


class OfficeDesk:
    """What only the office may do by chat."""

    def __init__(self, db: Database, wording: Wording, counting: Counting) -> None:
        self._db = db
        self._counting = counting
        self._wording = wording
        self._meant = Meant(db)

    async def _periods(self) -> PeriodDecisions:
        rules = await preferences.rules(self._db)
        return PeriodDecisions(self._db, await holidays.calendar(self._db), self._wording, rules)

    async def _briefings(self) -> BriefingDecisions:
        rules = await preferences.rules(self._db)
        return BriefingDecisions(self._db, await holidays.calendar(self._db), self._wording, rules)

    async def heard(self, turn: Turn) -> bool:
        """Whether the message was an order of the office; then it has its answer."""
        if turn.incoming.kind != "text" or not turn.roles:
            return False
        if not permissions.over_all("order", turn.roles):
            return await self._read_or_denied(turn)
        try:
            order = await self._meant.order(turn.incoming.text, turn.today)
            if order is None or not permissions.over_all(order.verb, turn.roles):
                return False
            turn.state.order = ""  # the yes that follows is never about the order before
            order = await self._meant.dated(order, turn.today)
            await self._ask(turn, order, turn.incoming.text)
        except (DecisionRefused, NotADay, PeriodError) as refusal:
            turn.say(self._why(refusal, turn.today))
        return True

    async def _read_or_denied(self, turn: Turn) -> bool:
        """Whether somebody else gave an order of the office, and nothing a report might say; told so then, unless it
        only asks for the briefings and those of some clusters are theirs.
        """
        text = turn.incoming.text.strip()
        if turn.state.expects or "\n" in text or len(text) > MOST_OF_ORDER:
            return False  # the words of a petition, or a report
        try:
            order = await self._meant.order(text, turn.today)
        except (NotADay, PeriodError):
            return False
        bare = folded(text) in ROUTES["open"].words.order
        if order is None or not (order.plain or bare or await self._names_unit(order, turn.today)):
            return False
        if order.verb == "briefings" and permissions.clusters("briefings", turn.roles):
            await tell_own(turn, self._db, await holidays.calendar(self._db))
        else:
            turn.say_key("help.no_rights")
        return True

    async def _names_unit(self, order: Order, today: date) -> bool:
        if order.verb not in ("reopen", "extend"):
            return False
        try:
            return bool(await self._meant.unit(order.subject, today))
        except DecisionRefused:
            return False

    async def answered(self, turn: Turn, asked: Asked) -> None:
        """The choice under an order that was asked back: "order:yes:MARK", "order:no:MARK"."""
        answer, _, mark = asked.rest.partition(":")
        text, turn.state.order = turn.state.order, ""
        if not text or mark != _mark(text) or not permissions.over_all(asked.act, turn.roles):
            turn.say_key("problem.stale")
        elif answer != "yes":
            turn.say_key("office.left")
        else:
            await self._carry_out(turn, text)

    async def _ask(self, turn: Turn, order: Order, text: str) -> None:
        say = self._wording.say
        if order.verb == "owes" and not order.owes:
            periods = await self._periods()
            ahead = await periods.ahead(await self._meant.period(order, turn.today), turn.today)
            turn.say(periods.notes.owed_by(ahead).vietnamese(self._wording))
            return
        if order.verb in ("briefings", "periods"):
            await (self._list_briefings(turn, order) if order.verb == "briefings" else self._list_periods(turn))
            return
        decision = await self._decision(turn, order)
        turn.state.order = text
        lines = [decision.ask.vietnamese(self._wording)]
        lines += [warning.vietnamese(self._wording) for warning in decision.warnings]
        mark = _mark(text)
        turn.say(
            "\n".join([*lines, say("office.sure")]),
            [Choice(say("label.right"), f"order:yes:{mark}"), Choice(say("label.later"), f"order:no:{mark}")],
        )

    async def _carry_out(self, turn: Turn, text: str) -> None:
        try:
            order = await self._meant.order(text, turn.today)
            if order is None or not permissions.over_all(order.verb, turn.roles):
                turn.say_key("problem.stale")
                return
            self._do(turn, await self._decision(turn, await self._meant.dated(order, turn.today)))
        except (DecisionRefused, NotADay, PeriodError) as refusal:
            turn.say(self._why(refusal, turn.today))

    async def reopen(self, turn: Turn, asked: Asked) -> None:
        """The button under a unit's request: "reopen:PERIOD:UNIT"."""
        period, _, unit_code = asked.rest.rpartition(":")
        round_, unit = await rounds.round_by_code(self._db, period), await units.unit_by_code(self._db, unit_code)
        if round_ is None or unit is None or not permissions.over_all(asked.act, turn.roles):
            turn.say_key("problem.stale")
            return
        try:
            periods = await self._periods()
            self._do(turn, await periods.extend(round_, unit, None, "", turn.standing.person_id, turn.now))
        except DecisionRefused as refusal:
            turn.say(self._why(refusal, turn.today))

    def _do(self, turn: Turn, decision: Decision) -> None:
        turn.rows += decision.rows
        turn.say(decision.done.vietnamese(self._wording))

    def _why(self, refusal: Exception, today: date) -> str:
        match refusal:
            case OtherWeekday():
                days = {"day": day_name(refusal.day, today), "near": day_name(refusal.near, today)}
                return self._wording.say("office.other_weekday", **days)
            case DecisionRefused():
                return refusal.remark.vietnamese(self._wording)
            case NotADay():
                return self._wording.say("office.no_day", source=str(refusal))
            case _:
                return self._wording.say("office.no_period")

    async def _decision(self, turn: Turn, order: Order) -> Decision:
        if order.verb == "count":
            return await self._counting.decide(order.written, turn.standing.person_id, turn.now)
        if order.of_units is None:
            return await self._of_rounds(turn, order)
        decisions = UnitDecisions(self._db, self._wording)
        return await self._meant.of_units(decisions, order.of_units, turn.standing.person_id, turn.now)

    async def _of_rounds(self, turn: Turn, order: Order) -> Decision:
        actor, now = turn.standing.person_id, turn.now
        if order.verb == "open":
            period = await self._period(order, turn.today)
            return await (await self._periods()).open(period, await self._named(order, turn.today), actor, now)
        round_ = await self._meant.period(order, turn.today)
        match order.verb:
            case "lock" | "owes" if order.lock_after is not None or order.owes:
                return await (await self._periods()).set_terms(round_, await self._named(order, turn.today), actor, now)
            case "lock" | "close":
                periods = await self._periods()
                decide = periods.lock if order.verb == "lock" else periods.close
                return await decide(round_, actor, now)
            case "reopen" | "extend":
                periods = await self._periods()
                if order.verb == "reopen" and not order.subject:
                    periods.never_whole(round_)
                unit = await self._meant.unit(order.subject, turn.today)
                if order.verb == "extend" and order.day is None:
                    raise DecisionRefused("office.to_which_day", unit=unit.known_as)
                return await periods.extend(round_, unit, order.day, order.reason, actor, now)
            case "cancel":
                cluster = await self._meant.cluster(order.subject, turn.today)
                return await (await self._briefings()).cancel(round_, cluster, actor, now)
            case _:
                return await self._briefing(turn, order, round_)

    async def _briefing(self, turn: Turn, order: Order, round_: Round) -> Decision:
        """The briefing set or changed; where a new one's hour was not named, it is said which is taken."""
        cluster = await self._meant.cluster(order.subject, turn.today)
        briefings = await self._briefings()
        wanted = await self._wanted(round_, cluster, order, turn.today)
        decision = await briefings.decide(round_, cluster, wanted, turn.standing.person_id, turn.now)
        if order.hour is not None or await briefings.find(round_, cluster) is not None:
            return decision
        usual = Remark("briefing.no_hour", {"hour": str(MORNING.hour)})
        return replace(decision, warnings=[usual, *decision.warnings])

    async def _period(self, order: Order, today: date) -> Period:
        if order.title and order.first and order.last:
            if order.last < order.first:
                raise DecisionRefused(
                    "office.days_cross",
                    late=self._wording.say("term.end"), later=day_name(order.last, today),
                    early=self._wording.say("term.start"), earlier=day_name(order.first, today),
                )  # fmt: skip
            code = campaign_code(order.last.year, order.title)
            form = order.form or campaign_form(order.first, order.last)
            return campaign(code, order.title, form, order.first, order.last)
        if order.period is None:
            raise DecisionRefused("office.no_period")
        if is_campaign(order.period):
            return (await self._meant.period(order, today)).period
        return parse_period(order.period)

    async def _named(self, order: Order, today: date) -> dict[str, Any]:
        """The terms that were said."""
        said: dict[str, Any] = {
            "deadline_on": order.deadline, "deadline_lead": order.lead, "cutoff_on": order.cutoff,
            "opens_on": order.opens,
            "opens_follow": order.opens_itself or None, "estimated": order.estimated or None,
        }  # fmt: skip
        if order.owes:
            said["owes"] = await self._meant.owing(order.owes, today)
        if order.lock_after is not None:
            said["lock_after"] = order.lock_after
        named = {name: value for name, value in said.items() if value is not None}
        return named | ({"lock_after": None} if order.never_locks else {})

    async def _wanted(self, round_: Round, cluster: Cluster, order: Order, today: date) -> Wanted:
        known = await (await self._briefings()).find(round_, cluster)
        starts_at = None
        if order.day is not None or order.hour is not None:
            was = known.starts_at.astimezone(VIETNAM) if known else None
            day = order.day or (was.date() if was else None)
            if day is None or order.unread_day:
                raise DecisionRefused("office.to_which_day", unit=cluster.name)
            hour = order.hour or (was.time() if was else MORNING)
            starts_at = datetime.combine(day, hour, VIETNAM)
        elif not (order.place or order.host or order.chairs):
            raise DecisionRefused("office.to_which_day", unit=cluster.name)
        place = order.place or None
        mode: Mode | None = "online" if order.online else "in_person" if place else None
        host = await self._meant.unit(order.host, today) if order.host else None
        chairs = await chairs_called(self._db, [order.chairs], cluster.id, today) if order.chairs else None
        return Wanted(starts_at, place, mode, chairs, host)

    async def _list_periods(self, turn: Turn) -> None:
        """Every period that is not closed: who owes it, opening, then each meeting with its cut-off and deadline."""
        say, rows = self._wording.say, list[str]()
        days = await self._periods()
        for r in await rounds.all_rounds(self._db):
            if r.state == "closed":
                continue
            ahead, today = await days.ahead(r, turn.today), turn.today
            who = days.notes.who(ahead)
            opens = days.notes.opens(ahead) if r.state == "planned" else ""
            parts = {"code": r.code, "period": r.period.name, "state": f"{say(f'state.{r.state}')}{opens}"}
            rows.append(say("office.period_row", **parts, terms=days.described(ahead), who=who))
            for cluster in ahead.clusters:
                due = day_name(ahead.due(days.calendar, cluster.code, ahead.opened_on), today)
                if (met := ahead.met.get(cluster.code)) is not None:
                    cutoff = days.notes.cutoff(ahead, cluster.code)
                    counted = f", {say('terms.cutoff', day=day_name(cutoff, today))}" if cutoff else ""
                    meets = {"cluster": cluster.name, "met": day_name(met, today), "due": due, "cutoff": counted}
                    rows.append(say("office.period_cluster", **meets))
                elif cluster in ahead.called_off:
                    rows.append(say("office.period_called_off", cluster=cluster.name, due=due))
        turn.say("\n".join([say("office.periods"), *rows]) if rows else say("period.none_open"))

    async def _list_briefings(self, turn: Turn, order: Order) -> None:
        """The rounds of every running period, or of the one named: the span of days, then each cluster's meeting."""
        if order.period:
            asked = [await self._meant.period(order, turn.today)]
        else:
            running = await rounds.open_rounds(self._db)
            planned = [r for r in await rounds.in_state(self._db, "planned") if await rounds.briefings(self._db, r.id)]
            asked = [*running, *planned] or [await self._meant.period(order, turn.today)]
        asked.sort(key=lambda r: (r.period.start_on, r.period.end_on))
        found = [(r, b) for r in asked for b in await rounds.briefings(self._db, r.id)]
        if not found:
            turn.say_key("briefing.none_set", period=", ".join(r.period.name for r in asked))
            return
        ahead = sorted(((r, b) for r, b in found if b.starts_at > turn.now), key=lambda pair: pair[1].starts_at)
        file = briefing_file(self._wording, ahead, turn.now) if ahead else None
        lines, briefings = list[str](), await self._briefings()
        for round_ in asked:
            if own := [b for r, b in found if r is round_]:
                lines += listed(briefings, own, round_.period.name, turn.today)
        turn.say("\n".join(lines), file=file)


def _mark(text: str) -> str:
    """A short mark of an order, so that an older button does not carry out a newer one."""
    return hashlib.sha256(text.encode()).hexdigest()[:_MARK]
