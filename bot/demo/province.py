"""The demo's cast in, the rows of its province out: last quarter complete, this one under way."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import count
from random import Random

from bot.channels.local_zalo.channel import NAME as BESIDE
from bot.channels.local_zalo.channel import beside
from bot.demo.cast import Cast, DemoUnit, Player, cast, shipped_forms
from bot.demo.evidence import INDICATOR, evidence
from bot.demo.values import half, report
from handlers.access.codes import code_hash
from handlers.access.enrolment import CONSENT_VERSION
from handlers.wording.speech import Wording
from reporting.dialogue import life
from reporting.dialogue.doubts import standing_out
from reporting.dialogue.draft import Draft
from reporting.dialogue.life import SubmissionAct
from reporting.figures.targets import Target
from reporting.figures.values import Value, scaled
from reporting.organisation.part import Part
from reporting.plan.facts import TASK_RUNG
from reporting.time.calendar import VietnamCalendar, at, local_day
from reporting.time.deadlines import MeetingDays, customary, settled
from reporting.time.periods import Period, parse_period, quarter_of
from reporting.time.traces import NAME
from storage.database import Database, IntegrityFault, Statement
from storage.messages import reminders
from storage.messages.reminders import ReminderRow
from storage.organisation import targets, units
from storage.people import groups, invites, people
from storage.periods import history, rounds, tasks
from storage.periods.tasks import NewTask
from storage.reports import returns, running, submissions
from storage.reports.returns import Returned
from storage.review import findings, traces

WRITING_TAKES = timedelta(minutes=12)  # from the first answer to the sending
GIVEN_DAYS = 7  # in which a figure that was given back is waited for
OPEN_FOR = timedelta(days=11)  # how long the period has been open when the demo starts: 21 before the first briefing
LATEST = 12  # days after the start of the last briefing

MET_BEFORE, DONE_BEFORE = timedelta(days=75), timedelta(days=30)  # the meeting on the quarter before, what it asked for

CHANNEL = "local"
PHOTOGRAPHED = "CD010201"  # whose report has a photo
# A quarter is reported in its last weeks and up to the briefings, which fall in the first three weeks after it
# (12 to 14 April for quarter I): until then people say "quý này" and mean the one that has just ended.
REPORTED_FOR_DAYS_AFTER = 20
ENROLLED_DAYS_BEFORE = 30
CODE_GOOD_FOR = timedelta(days=60)


class DemoRefused(Exception):
    """The demo cannot be written: one line with the reason and the remedy."""


def reported_period(start: datetime) -> Period:
    """The quarter that is being reported at `start`: on 02/4 quarter I, on 22/11 quarter IV."""
    return quarter_of(local_day(start) - timedelta(days=REPORTED_FOR_DAYS_AFTER))


async def load(db: Database, start: datetime) -> None:
    """Writes the province as it stands at `start` (aware), whole or not at all; the same for the same start.

    Raises DemoRefused if the database has units already.
    """
    refusal = DemoRefused(Wording.vietnamese().say("command.demo_units"))
    if await units.all_units(db, local_day(start)):
        raise refusal
    try:
        await db.write(_Province(cast(), start).statements())
    except IntegrityFault as error:
        raise refusal from error  # another process loaded it meanwhile


class _Province:
    """The rows of the province, in the order in which they refer to each other."""

    def __init__(self, cast: Cast, start: datetime) -> None:
        self.cast = cast
        self.start = start
        self.today = local_day(start)
        self.open = reported_period(start)
        self.before = self.open.previous()
        # The two-level organisation stands since 1 July of the year before, as it does in the real provinces.
        self.since = date(self.open.start_on.year - 1, 7, 1)
        self.enrolled_at = start - timedelta(days=ENROLLED_DAYS_BEFORE)
        self.ids = count(1)
        self.unit_ids: dict[str, int] = {}
        self.cluster_ids: dict[str, int] = {}
        self.person_ids: dict[str, int] = {}
        # The office has brought along the same quarter of last year, and what this year had before the last one.
        self.brought = [self.open.same_last_year()]
        while (earlier := (self.brought[0] if len(self.brought) > 1 else self.before).previous()).start_on.year == (
            self.open.start_on.year
        ):
            self.brought.insert(0, earlier)
        self.year = parse_period(f"{self.open.end_on.year}-Y")
        known = (self.before, self.open, self.year, *self.brought)
        self.period_ids = {period.code: next(self.ids) for period in known}
        self.twice = {later: event for cluster in cast.clusters for later, event in cluster.twice.items()}
        self.rows: list[Statement] = []

    def statements(self) -> list[Statement]:
        """Everything, as one unit of work."""
        self._organisation()
        self._people()
        self._rounds()
        self._reports()
        self._tasks()
        self._photo()
        self.rows += running.recount()
        return self.rows

    def _organisation(self) -> None:
        self._unit(self.cast.code, self.cast.name, "tinh_doan", "")
        for position, cluster in enumerate(self.cast.clusters, 1):
            cluster_id = self.cluster_ids[cluster.code] = next(self.ids)
            province_id = self.unit_ids[self.cast.code]
            self.rows.append(
                units.add_cluster(cluster_id, cluster.code, cluster.name, position, province_id, self.since)
            )
            self.rows.append(groups.link(CHANNEL, cluster.group_id, cluster_id, self.enrolled_at))
            for unit in cluster.units:
                self._unit(unit.code, unit.name, unit.level, unit.parent)
                self.rows.append(units.join_cluster(cluster_id, self.unit_ids[unit.code], self.since))

    def _unit(self, code: str, name: str, level: str, parent: str) -> None:
        unit_id = self.unit_ids[code] = next(self.ids)
        self.rows.append(units.add_unit(unit_id, code, name, level, self.unit_ids.get(parent), self.since))

    def _people(self) -> None:
        province_id = self.unit_ids[self.cast.code]
        self._person(self.cast.office, "office", province_id, None)
        for leader in self.cast.leaders:
            self._person(leader, "leader", province_id, None)
        for cluster in self.cast.clusters:
            self._person(cluster.chair, "chair", None, self.cluster_ids[cluster.code])
            for unit in cluster.units:
                if unit.secretary is not None:
                    self._person(unit.secretary, "secretary", self.unit_ids[unit.code], None)
            newcomer = cluster.newcomer
            self.rows.append(
                invites.issue(
                    next(self.ids), code_hash(newcomer.code), "person", "secretary", self.unit_ids[newcomer.unit],
                    None, self.start, self.start + CODE_GOOD_FOR,
                )
            )  # fmt: skip

    def _person(self, player: Player, role: str, unit_id: int | None, cluster_id: int | None) -> None:
        person_id = self.person_ids[player.chat_id] = next(self.ids)
        self.rows += [
            people.add_person(person_id, player.name, self.enrolled_at),
            # The other phone was used earlier: what is told unasked comes to this one until she writes on that.
            people.add_account(
                BESIDE, beside(player.chat_id), person_id, CONSENT_VERSION, self.enrolled_at - timedelta(days=1)
            ),
            people.add_account(CHANNEL, player.chat_id, person_id, CONSENT_VERSION, self.enrolled_at),
            people.add_role(next(self.ids), person_id, role, player.title, unit_id, cluster_id, self.since),
        ]

    def _rounds(self) -> None:
        opened_at, calendar = self.start - OPEN_FOR, VietnamCalendar()
        met = {cluster.code: self._met_on(cluster.after, calendar) for cluster in self.cast.clusters}
        terms = customary(self.open, calendar, self.today)
        terms = settled(self.open, terms, calendar, MeetingDays(met), self.today, local_day(opened_at))
        self.rows.append(rounds.add_period(self.period_ids[self.before.code], self.before, "closed", opened_at))
        self.rows.append(rounds.add_period(self.period_ids[self.open.code], self.open, "open", opened_at, terms))
        self.rows.append(rounds.add_period(self.period_ids[self.year.code], self.year, "planned", opened_at))
        for period in self.brought:
            self.rows.append(rounds.add_period(self.period_ids[period.code], period, "closed", opened_at))
        for cluster in self.cast.clusters:
            starts_at = at(met[cluster.code], cluster.hour)
            self.rows.append(
                rounds.add_briefing(
                    next(self.ids), self.period_ids[self.open.code], self.cluster_ids[cluster.code], starts_at,
                    cluster.place, self.person_ids[cluster.chair.chat_id],
                )
            )  # fmt: skip
        catalogue, _ = shipped_forms()
        end_of_last_month = self.today.replace(day=1) - timedelta(days=1)
        for entry in self.cast.targets:
            due_on = end_of_last_month if entry.passed else date(self.open.end_on.year, 12, 31)
            amount = scaled(Decimal(entry.amount), catalogue[entry.indicator].kind)
            year_id = self.period_ids[self.year.code]
            whole = Target(entry.indicator, amount, due_on)
            self.rows.append(targets.set_target(year_id, Part(unit_id=self.unit_ids[self.cast.code]), whole))
            if not catalogue[entry.indicator].is_rate:
                share = replace(whole, amount=amount // len(self.cast.clusters))
                self.rows += [targets.set_target(year_id, Part(one), share) for one in self.cluster_ids.values()]

    def _met_on(self, after: int, calendar: VietnamCalendar) -> date:
        """The day so long after the start, or a worked one beside it, not more than LATEST days after the start."""
        day = self.today + timedelta(days=after)
        worked = calendar.next_working_day(day)
        return worked if worked <= self.today + timedelta(days=LATEST) else calendar.previous_working_day(day)

    def _reports(self) -> None:
        every = [(cluster, unit) for cluster in self.cast.clusters for unit in cluster.units]
        for _, unit in every:
            sent_at = self._evening(unit, self.before.end_on, self.before)
            self._report(unit, self.before, self._values(unit, self.before), sent_at, "submit", "accept")
        for period in self.brought:
            self._bring(period, [unit for _, unit in every])
        for cluster, unit in every:
            sent_at = self._evening(unit, self.today - timedelta(days=1), self.open)
            if unit.code in cluster.drafts:
                self._report(unit, self.open, self._half(unit), sent_at)
            elif unit.code in cluster.given_back:
                self._returned(unit, cluster.given_back[unit.code], sent_at)
            elif unit.code not in cluster.owing:
                self._report(unit, self.open, self._values(unit, self.open), sent_at, "submit")

    def _photo(self) -> None:
        """A photo that came with a report which has been sent."""
        unit = next(u for cluster in self.cast.clusters for u in cluster.units if u.code == PHOTOGRAPHED)
        assert unit.secretary is not None
        sender = (self.person_ids[unit.secretary.chat_id], unit.secretary.chat_id, unit.secretary.name)
        about = (next(self.ids), self.period_ids[self.open.code], self.unit_ids[unit.code])
        names = {"unit": unit.name, "period": self.open.name, "label": shipped_forms()[0][INDICATOR].short}
        self.rows += evidence(sender, about, names, self._evening(unit, self.today - timedelta(days=1), self.open))

    def _tasks(self) -> None:
        """What meetings on the quarter before concluded; who has it to do was told then."""
        met_at, met_on = self.start - MET_BEFORE, local_day(self.start - MET_BEFORE)
        period_id, office = self.period_ids[self.before.code], self.person_ids[self.cast.office.chat_id]
        number, told = count(1), dict[str, int]()
        for cluster in self.cast.clusters:
            new = []
            for task in cluster.tasks:
                due_on = self.today + timedelta(days=task.due)
                ids = tuple(self.unit_ids[code] for code in task.units)
                new.append(NewTask(next(self.ids), next(number), task.text, due_on, ids))
                told |= dict.fromkeys(task.units, new[-1].number)
            if new:
                chair = self.person_ids[cluster.chair.chat_id]
                self.rows += tasks.add(period_id, self.cluster_ids[cluster.code], new, chair, met_at)
            for one, task in zip(new, cluster.tasks, strict=True):
                self.rows += [
                    tasks.move_of(one.id, self.unit_ids[code], "done", office, self.start - DONE_BEFORE)
                    for code in sorted(task.done)
                ]
        for code, last in told.items():
            row = ReminderRow(
                period_id, self.unit_ids[code], self.person_ids[code.lower()], f"{TASK_RUNG}{last}", met_on
            )
            self.rows += reminders.plan([(row, met_at)])
            self.rows.append(reminders.send(row.person_id, met_on, 1, "", met_at))

    def _returned(self, unit: DemoUnit, figures: Mapping[str, int], sent_at: datetime) -> None:
        """A report of which the office has given back these figures, and nobody has answered."""
        catalogue, _ = shipped_forms()
        odd = {
            code: Value(scaled(Decimal(number), catalogue[code].kind), False, str(number))
            for code, number in figures.items()
        }
        self._report(unit, self.open, {**self._values(unit, self.open), **odd}, sent_at, "submit", "return")
        period_id, unit_id = self.period_ids[self.open.code], self.unit_ids[unit.code]
        office, say = self.person_ids[self.cast.office.chat_id], Wording.vietnamese().say
        due_on = local_day(self.start) + timedelta(days=GIVEN_DAYS)
        for code, value in odd.items():
            reason = say("reason.high")
            noted = replace(value, note=reason)
            returned = Returned(
                next(self.ids), period_id, unit_id, code, value, reason, due_on, office, self.start, None, ""
            )
            self.rows.append(returns.give_back(returned))
            self.rows.append(submissions.given_back(period_id, unit_id, code, noted, office, self.start))

    def _bring(self, period: Period, every: Sequence[DemoUnit]) -> None:
        """Figures of an earlier period, one report of each commune with its branches."""
        communes: dict[str, dict[str, Value]] = {}
        for unit in every:
            whole = communes.setdefault(unit.parent if unit.level == "chi_doan" else unit.code, {})
            for code, value in self._values(unit, period).items():
                before = whole.get(code, Value(0))
                whole[code] = Value(before.amount + value.amount, before.approx or value.approx)
        for code, figures in communes.items():
            ids = self.period_ids[period.code], self.unit_ids[code]
            self.rows += history.bring(*ids, None, list(figures.items()), self.start - OPEN_FOR)

    def _values(self, unit: DemoUnit, period: Period) -> dict[str, Value]:
        catalogue, forms = shipped_forms()
        form = forms.form(unit.level, period.frequency)
        values = report(self.cast, catalogue, form, unit.code, period.code)
        for later, event in self.twice.items():
            if period == self.open and unit.code in (later, event.of):
                values[event.indicator] = Value(event.amount, False, event.source)
        return values

    def _half(self, unit: DemoUnit) -> dict[str, Value]:
        form = shipped_forms()[1].form(unit.level, self.open.frequency)
        return half(form, self._values(unit, self.open))

    def _evening(self, unit: DemoUnit, latest: date, period: Period) -> datetime:
        """When the unit wrote: after work on one of the ten days up to `latest`."""
        rng = Random(f"{unit.code} {period.code} evening")
        return at(latest - timedelta(days=rng.randrange(10)), rng.randint(19, 21), rng.randrange(60))

    def _report(
        self, unit: DemoUnit, period: Period, values: Mapping[str, Value], sent_at: datetime, *acts: SubmissionAct
    ) -> None:
        """The rows a dialogue would have left: begun, filled, and what followed (sent, accepted by the office)."""
        period_id, unit_id = self.period_ids[period.code], self.unit_ids[unit.code]
        # For a unit without an enrolled secretary the office has typed what came on paper.
        author = (unit.secretary or self.cast.office).chat_id
        person_id = self.person_ids[author]
        begun_at = sent_at - WRITING_TAKES
        state = life.made(life.NOT_BEGUN, "enter").to
        self.rows.append(submissions.touch(period_id, unit_id, 0, state, person_id, begun_at))
        for code, value in values.items():
            self.rows += submissions.put(period_id, unit_id, code, value, None, person_id, begun_at)
        for rev, act in enumerate(acts, 1):
            state = life.made(state, act).to
            who = person_id if act == "submit" else self.person_ids[self.cast.office.chat_id]
            self.rows.append(submissions.touch(period_id, unit_id, rev, state, who, sent_at))
            if act == "submit":
                self.rows.append(submissions.sent(period_id, unit_id, person_id, sent_at))
        if state == life.SUBMITTED:
            before = self._values(unit, self.before)
            draft = Draft(period.code, values, before=before)
            odd = standing_out(shipped_forms()[0], unit.level, draft)
            event = self.twice.get(unit.code)
            twins = {event.indicator: self.unit_ids[event.of]} if event else {}
            self.rows += findings.renew(period_id, unit_id, odd, twins)
            for later, one in self.twice.items():
                if unit.code in (later, one.of):
                    self.rows += traces.keep(period_id, unit_id, {one.indicator: [f"{NAME}{one.name}"]})
