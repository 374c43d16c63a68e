"""What a plan is made from, as data: periods and their days, units that owe, who holds roles and can be reached."""

from collections import defaultdict
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Literal

from reporting.organisation.listed import ListedUnit
from reporting.time.calendar import local_day

# ok: a message gets there. blocked: it did once. never: nobody has enrolled with consent.
Reach = Literal["ok", "blocked", "never"]
Reminders = Literal["all", "last"]
Digest = Literal["weekly", "monthly", "off"]
# chair, no_chair: who is to lead a briefing is told, or no longer leads it.
What = Literal["moved", "place", "cancelled", "extended", "chair", "no_chair"]


TASK_RUNG = "task-"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who may be told something. reminders, digest, posts: what the person has chosen; posts: to be told, to
    pass it on, what the group of the cluster would be, where there is none.

    evening: has answered on several days and never before noon.
    """

    id: int
    reach: Reach = "ok"
    reminders: Reminders = "all"
    digest: Digest = "weekly"
    posts: Literal["on", "off"] = "off"
    evening: bool = False


@dataclass(frozen=True, slots=True)
class PlanUnit:
    """A unit that reports, with the unit above it and its cluster. listed: as lists show it, None where none does."""

    id: int
    code: str
    name: str
    parent_id: int | None
    cluster_id: int
    listed: ListedUnit | None = None

    @property
    def shown(self) -> ListedUnit:
        """The unit for a list."""
        return self.listed or ListedUnit(self.code, self.name, self.name, self.id, self.name)


@dataclass(frozen=True, slots=True)
class PlanCluster:
    """A cluster with the number of its group chats."""

    id: int
    code: str
    name: str
    groups: int


@dataclass(frozen=True, slots=True)
class PlanRound:
    """A period that is or will be open, or whose estimates wait to be confirmed.

    closes_on: the last day on which a report is still asked for, before opens_on for one that is locked. name: what
    people call it ("quý I"); '' where nothing is worded. confirm_from_on, confirm_by_on: the days on which estimated
    figures are called final; None for figures that are no estimates. targets_on: the days by which targets of the
    province have to be met. begins_on: the period's first day, before which leaders are told nothing of it.
    opened_at: when it was opened, None of one that will be in the first hour of its day.
    """

    id: int
    code: str
    opens_on: date
    closes_on: date | None = None
    name: str = ""
    confirm_from_on: date | None = None
    confirm_by_on: date | None = None
    targets_on: tuple[date, ...] = ()
    begins_on: date | None = None
    opened_at: datetime | None = None

    def is_open(self, day: date) -> bool:
        """Whether reports are asked for on that day."""
        return self.opens_on <= day and (self.closes_on is None or day <= self.closes_on)


@dataclass(frozen=True, slots=True)
class PlanAim:
    """A target of a unit (the province's own for the province) or a cluster. owner_id: who was named for it."""

    indicator: str
    unit_id: int = 0
    cluster_id: int | None = None
    owner_id: int | None = None


@dataclass(frozen=True, slots=True)
class PlanTask:
    """Tasks of one meeting that a unit has to do. last: the highest of their numbers. told: who knows of that one."""

    round_id: int
    unit_id: int
    code: str
    last: int
    told: Set[int] = frozenset()

    @property
    def rung(self) -> str:
        """By what it is known that they were told."""
        return f"{TASK_RUNG}{self.last}"


@dataclass(frozen=True, slots=True)
class PlanCount:
    """A quick count that runs, and the units, by their ids, that have not answered it."""

    id: int
    code: str
    opened_at: datetime
    due_at: datetime
    owing: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Debt:
    """A unit's report of a period and the day by which it is owed.

    filed: it is not owed any more. reopened: the period is locked, for this unit it was opened again.
    """

    round_id: int
    unit_id: int
    due_on: date
    filed: bool = False
    reopened: bool = False


@dataclass(frozen=True, slots=True)
class Meeting:
    """A cluster in a round: the day its reports are due, and its briefing, if one is set.

    opens_on: the day on which its units are told of the round, where that is later than the round's.
    """

    round_id: int
    cluster_id: int
    due_on: date
    starts_at: datetime | None = None
    opens_on: date | None = None


@dataclass(frozen=True, slots=True)
class Extra:
    """A reminder outside the rungs: asked for by the person ("again"), the chair ("help"), the office ("asked") or the
    commune ("above")."""

    round_id: int
    unit_id: int
    person_id: int
    rung: Literal["again", "help", "asked", "above"]
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Estimate:
    """A unit's figures of an estimated period: not filed, filed as estimates, or called final."""

    round_id: int
    unit_id: int
    state: Literal["unfiled", "filed", "final"]


@dataclass(frozen=True, slots=True)
class Announced:
    """A message that no period or meeting brings about. unsure: the office's list of messages that may not have
    arrived. follow: who reports for the unit hears that it goes under another one. waiting: written in quiet hours.
    """

    what: Literal["unsure", "follow", "waiting"]
    at: datetime
    person_id: int = 0
    unit_id: int = 0


@dataclass(frozen=True, slots=True)
class Change:
    """What the office has changed and nobody has been told: a briefing of a cluster, or one unit's deadline.

    about_at: when the briefing begins or the day of the deadline is over; later than that nothing is told. chairs: who
    is to lead the briefing. unit_id: 0 for a briefing.
    """

    what: What
    round_id: int
    cluster_id: int
    about_at: datetime
    unit_id: int = 0
    chairs: tuple[int, ...] = ()


@dataclass(frozen=True)
class Facts:
    """Everything the plan depends on, as it stands; a plan of later days assumes that nothing of it changes.

    holders: by role and the id of its unit or cluster (0 for the province's office and leaders), the persons in the
    order of their appointment. told: persons who have had their reminder of `today`; told_before: the days of its month
    before it, and the last ones before that, on which each has had one; summed: of this month and week, those of
    a week's summary. now: the instant at which the facts were read.
    exempt: by round and unit, who is not asked for that report. late: the rounds that some unit still owes. seen_at:
    when the machine was last seen running, None where that is not asked. short: persons whose bot has too few messages
    left this month. chairs: by round and cluster, who chairs that briefing, where somebody is named. announced: only
    for looking ahead. counts: the quick counts that run. aims: targets whose time is
    not over. tasks: what meetings have given units to do. heard, noticed: while changes are untold, the units that have
    heard of such a round, by round and unit, and the persons who have had another message today than a reminder.
    """

    today: date
    rounds: Mapping[int, PlanRound]
    units: Mapping[int, PlanUnit]
    clusters: Mapping[int, PlanCluster]
    people: Mapping[int, Person]
    holders: Mapping[tuple[str, int], Sequence[int]]
    debts: Sequence[Debt]
    meetings: Sequence[Meeting] = ()
    extras: Sequence[Extra] = ()
    told: Set[int] = field(default_factory=frozenset)
    estimates: Sequence[Estimate] = ()
    changes: Sequence[Change] = ()
    late: Set[int] = frozenset()
    exempt: Set[tuple[int, int]] = frozenset()
    told_before: Mapping[int, Set[date]] = field(default_factory=dict)
    summed: Mapping[int, Set[date]] = field(default_factory=dict)
    now: datetime | None = None
    seen_at: datetime | None = None
    chairs: Mapping[tuple[int, int], Sequence[int]] = field(default_factory=dict)
    short: Set[int] = frozenset()
    announced: Sequence[Announced] = ()
    counts: Sequence[PlanCount] = ()
    aims: Sequence[PlanAim] = ()
    tasks: Sequence[PlanTask] = ()
    heard: Set[tuple[int, int]] = frozenset()
    noticed: Set[int] = frozenset()

    @cached_property
    def met(self) -> Mapping[tuple[int, int], date]:
        """By round and cluster the day of every briefing that is set."""
        return {(m.round_id, m.cluster_id): local_day(m.starts_at) for m in self.meetings if m.starts_at is not None}

    @cached_property
    def opens(self) -> Mapping[tuple[int, int], date | None]:
        """By round and cluster the meeting's opens_on."""
        return {(one.round_id, one.cluster_id): one.opens_on for one in self.meetings}

    @cached_property
    def by_cluster(self) -> Mapping[tuple[int, int], Sequence[Debt]]:
        """The debts by round and cluster, filed or not."""
        found: dict[tuple[int, int], list[Debt]] = defaultdict(list)
        for debt in self.debts:
            found[debt.round_id, self.units[debt.unit_id].cluster_id].append(debt)
        return found

    @cached_property
    def by_due(self) -> Mapping[tuple[int, date], Sequence[Debt]]:
        """The debts by round and day, so that a day is looked up once for all units of a cluster."""
        found: dict[tuple[int, date], list[Debt]] = defaultdict(list)
        for debt in self.debts:
            found[debt.round_id, debt.due_on].append(debt)
        return found

    @cached_property
    def due(self) -> Mapping[tuple[int, int], date]:
        """The day on which each report is due, filed or not, by round and unit."""
        return {(debt.round_id, debt.unit_id): debt.due_on for debt in self.debts}

    @cached_property
    def owed(self) -> Mapping[tuple[int, int], Debt]:
        """The debts by round and unit that are not filed."""
        return {(debt.round_id, debt.unit_id): debt for debt in self.debts if not debt.filed}

    @cached_property
    def debts_of(self) -> Mapping[int, Mapping[tuple[int, date, str], Sequence[int]]]:
        """By person what may be told of: the units not filed, by round, day and the role in which it is told."""
        found: dict[int, dict[tuple[int, date, str], list[int]]] = defaultdict(lambda: defaultdict(list))
        for debt in self.owed.values():
            unit = self.units[debt.unit_id]
            alone = not self.reachable("secretary", unit.id)
            for role, area, told_as in (
                ("secretary", unit.id, "secretary"), ("deputy", unit.id, "secretary" if alone else "deputy"),
                ("secretary", unit.parent_id or -1, "commune"), ("mentor", unit.id, "mentor"),
                ("chair", unit.cluster_id, "chair"),
            ):  # fmt: skip
                for person in self.holders.get((role, area), ()):
                    found[person][debt.round_id, debt.due_on, told_as].append(unit.id)
        return found

    @cached_property
    def estimates_of(self) -> Mapping[int, Sequence[Estimate]]:
        """By person the estimates that are or were to be called final, in an order that does not change with them."""
        found: dict[int, list[Estimate]] = defaultdict(list)
        ordered = sorted(self.estimates, key=lambda one: (self.rounds[one.round_id].code, self.units[one.unit_id].code))
        for one in ordered:
            for person in self.reporters(one.unit_id):
                found[person].append(one)
        return found

    def reachable(self, role: str, area: int) -> list[int]:
        """Those in that role whom a message reaches."""
        return [person for person in self.holders.get((role, area), ()) if self.people[person].reach == "ok"]

    def code_of(self, round_id: int) -> str:
        """The code of a round, a quick count or the meeting of a task; '' for 0."""
        others = {one.id: one.code for one in self.counts} | {one.round_id: one.code for one in self.tasks}
        return others.get(round_id) or (self.rounds[round_id].code if round_id else "")

    @property
    def nobody_in_office(self) -> bool:
        """Whether nobody hears what the office is to do, though a period runs or will."""
        return bool(self.rounds) and not self.reachable("office", 0)

    def reporters(self, unit_id: int) -> list[int]:
        """Whom a message about the unit's own report reaches: its secretaries, or where there is none, its deputies."""
        return self.reachable("secretary", unit_id) or self.reachable("deputy", unit_id)
