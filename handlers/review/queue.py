"""A reviewer in, the reports that wait for him out: of which period, what stands out in each, and one by itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from handlers.leaders.areas import Area
from handlers.report.assignment import assignment_mark, unit_in
from handlers.review.reach import may_judge, sections_of, within
from handlers.review.steps import OWN, steps
from handlers.turn import Turn
from handlers.wording import figure_lines
from reporting.figures.catalogue import Catalogue
from reporting.organisation.part import WHOLE
from storage.database import Database
from storage.people import preferences
from storage.periods import rounds
from storage.periods.rounds import Round
from storage.reports import versions
from storage.review import findings, waiting
from storage.review.findings import OddFigure
from storage.review.waiting import Waiting

MOST_SHOWN = 5  # reports in which something stands out, in one message


@dataclass(frozen=True, slots=True)
class Queue:
    """What waits for one reviewer in one period. own: reports he has entered himself, which others accept.

    first: behind how many of those in which something stands out it is looked on from.
    """

    round: Round
    waiting: Sequence[Waiting]
    found: Mapping[int, Sequence[OddFigure]]
    own: int
    first: int = 0

    @property
    def plain(self) -> list[Waiting]:
        """The reports in which nothing stands out."""
        return [report for report in self.waiting if report.unit_id not in self.found]


@dataclass(frozen=True, slots=True)
class Queues:
    """Reads them."""

    db: Database
    catalogue: Catalogue

    async def all(self, turn: Turn, area: Area | None = None, first: int = 0) -> list[Queue]:
        """A queue for each period with something in it for this person, the earliest first."""
        counted = await waiting.counted(self.db)
        found = [r for r in await rounds.in_state(self.db, "open", "locked") if r.id in counted]
        every = [await self.of(turn, round_, area, first) for round_ in reversed(found)]
        return [queue for queue in every if queue.waiting or queue.own]

    async def found(self, turn: Turn, round_: Round, report: Waiting | None = None) -> list[OddFigure]:
        """What stands out in a period's reports, or in one: by the rules, and what counts otherwise since the lock."""
        every = await findings.of_period(self.db, round_.id, report.unit_id if report else None)
        version = await versions.at_lock(self.db, round_.id) if round_.state == "locked" else None
        if version is None:
            return every
        known = [report] if report else await waiting.reports(self.db, round_.id, 0, turn.today)
        ids = {one.code: one.unit_id for one in known}
        for one in await versions.changed_since(self.db, round_.id, version, WHOLE, turn.today):
            if one.unit in ids and one.old and one.new and one.indicator in self.catalogue:
                before = figure_lines.amount(self.catalogue[one.indicator], one.old)
                every.append(OddFigure(ids[one.unit], one.indicator, "late", one.new, before))
        return every

    async def of(self, turn: Turn, round_: Round, area: Area | None = None, first: int = 0) -> Queue:
        """The queue of one period, in an area or in all that is within reach."""
        person = turn.standing.person_id or 0
        every = within(turn, "review", await waiting.reports(self.db, round_.id, person, turn.today))
        if area is not None:
            clusters = {cluster.id for cluster in area.clusters}
            every = [r for r in every if r.cluster_id in clusters and _holds(area, r)]
        if sections_of(turn) is None and (wanted := await steps(self.db, turn)).two:
            every = [report for report in every if wanted.act(turn, report)]
        sections, found = sections_of(turn), dict[int, list[OddFigure]]()
        for one in await self.found(turn, round_):
            if sections is None or self.section(one.indicator) in sections:
                found.setdefault(one.unit_id, []).append(one)
        if sections is not None:
            every = [report for report in every if report.unit_id in found]
        others = every if await self.own_allowed() else [report for report in every if not report.own]
        standing = [report.unit_id for report in others if report.unit_id in found]
        first = first if first < len(standing) else 0
        shown = standing[first : first + MOST_SHOWN]
        names = await waiting.known_as(self.db, shown) if shown else {}
        others = [r._replace(name=names[r.unit_id]) if r.unit_id in names else r for r in others]
        odd = {report.unit_id: found[report.unit_id] for report in others if report.unit_id in found}
        return Queue(round_, others, odd, len(every) - len(others), first)

    def section(self, indicator: str) -> str:
        """The section an indicator belongs to; '' for one the catalogue no longer has."""
        return self.catalogue[indicator].section if indicator in self.catalogue else ""

    async def own_allowed(self) -> bool:
        """Whether the office lets people accept what they have entered themselves."""
        return await preferences.remembered(self.db, OWN) == "1"

    async def named(self, turn: Turn, mark: str) -> tuple[Round, Waiting] | None:
        """The report a button names, in whatever state; None where it does not exist or is not within reach."""
        unit_id = unit_in(mark)
        if unit_id is None:
            return None
        every = await rounds.all_rounds(self.db)
        round_ = next((r for r in every if assignment_mark(r.code, unit_id) == mark), None)
        return None if round_ is None else await self.report(turn, round_, unit_id)

    async def report(self, turn: Turn, round_: Round, unit_id: int) -> tuple[Round, Waiting] | None:
        """The report of that unit."""
        person = turn.standing.person_id or 0
        found = await waiting.reports(self.db, round_.id, person, turn.today, unit_id)
        if not found or not may_judge(turn, "review", found[0]):
            return None
        return round_, found[0]._replace(name=(await waiting.known_as(self.db, [unit_id]))[unit_id])

    async def latest(self, turn: Turn, unit_id: int) -> tuple[Round, Waiting] | None:
        """The unit's report of the period that runs, else of the one that was locked last, else closed."""
        running, closed = await rounds.in_state(self.db, "open", "locked"), await rounds.in_state(self.db, "closed")
        for round_ in [*running, *closed[:1]]:
            if (found := await self.report(turn, round_, unit_id)) is not None:
                return found
        return None


def _holds(area: Area, report: Waiting) -> bool:
    commune = report.parent_id if report.level == "chi_doan" else report.unit_id
    return area.communes is None or commune in area.communes
