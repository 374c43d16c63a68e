"""What becomes of units (added, merged, divided, renamed, moved) and from which day in, decision or refusal out."""

import re
from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial

from handlers.office.agenda import dated, described, meant
from handlers.office.decisions import Decision, DecisionRefused, Remark
from handlers.office.unit_notices import received, unit_notices
from handlers.office.unit_rounds import owing_notes
from handlers.orders.unit_orders import UnitOrder
from handlers.turn import fresh_id
from handlers.wording.speech import Wording
from reporting.organisation.agenda import Awaited, Prepared, What, agenda
from reporting.organisation.conspicuous import conspicuous
from reporting.organisation.faults import faults
from reporting.organisation.units import ChangeRefused, Organisation, OrgUnit, UnitEnded, UnitMoved
from reporting.time.calendar import day_name, local_day
from storage.database import Database, Statement
from storage.organisation import prepared, snapshot
from storage.organisation.units import Cluster, Unit
from storage.reports.events import happened

LONGEST_NAME = 120  # characters, as in the spreadsheet
FARTHEST = timedelta(days=400)
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,31}")


@dataclass(frozen=True, slots=True)
class Heir:
    """What a divided unit becomes: a unit there is, or a new one of that code and name."""

    code: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Ahead:
    """What is made so on its day, and what its people are told of it."""

    change: Prepared
    line: str


@dataclass(frozen=True, slots=True)
class Ordered:
    """From which day on it holds; who ordered it (None: a command), and when."""

    since: date
    actor: int | None
    now: datetime

    @property
    def ahead(self) -> bool:
        """Whether the day is yet to come."""
        return self.since > local_day(self.now)

    @property
    def last_on(self) -> date:
        """The last day of what was."""
        return self.since - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class UnitDecisions:
    """Decisions on units: each method gives one's rows and words and writes nothing. Raises DecisionRefused."""

    db: Database
    wording: Wording

    async def merge(self, units: Sequence[Unit], into: Unit, by: Ordered) -> Decision:
        """The units end on the day before, and the other takes over: their reports, and the units below them."""
        org = await self._organisation(by)
        for unit in units:
            self._tried(partial(org.end, unit.id, by.last_on, [into.id]))
        names = ", ".join(f"{unit.name} ({unit.code})" for unit in units)
        parts = {"units": names, "into": f"{into.name} ({into.code})"}
        return await self._decided(("units.ask_merge", "units.merge"), org, by, parts)

    async def split(self, unit: Unit, into: Sequence[Heir], by: Ordered) -> Decision:
        """The unit ends on the day before; the first of the others has its reports and the units below it."""
        org = await self._organisation(by)
        old, known = org.units[unit.id], {one.code.casefold(): one for one in org.units.values()}
        if len(into) < 2:
            raise DecisionRefused("units.two_parts")
        held, heirs = old.membership(by.since), list[OrgUnit]()
        for part in into:
            one = known.get(part.code.casefold())
            if one is None:
                one = OrgUnit(fresh_id(), part.code, part.name, old.level, old.parent_id, by.since)
                one = self._new(org, part, one, held.cluster_id if held else None)
            heirs.append(one)
        self._tried(partial(org.end, unit.id, by.last_on, [one.id for one in heirs]))
        parts = {
            "unit": f"{unit.name} ({unit.code})", "into": ", ".join(f"{one.name} ({one.code})" for one in heirs),
            "first": heirs[0].name,
        }  # fmt: skip
        return await self._decided(("units.ask_split", "units.split"), org, by, parts)

    async def add(self, new: Heir, into: Cluster | Unit, by: Ordered) -> Decision:
        """A new unit, one level below a unit and in its cluster; or in a cluster, right below who forms that."""
        org = await self._organisation(by)
        above = org.units[into.organiser_id if isinstance(into, Cluster) else into.id]
        held = above.membership(by.since)
        cluster_id = into.id if isinstance(into, Cluster) else held.cluster_id if held else None
        rank = org.levels[above.level].rank
        below = [level for level in org.levels.values() if level.rank > rank and level.last_on is None]
        if not below:
            raise DecisionRefused("units.none_below", unit=above.name)
        if any(one.code.casefold() == new.code.casefold() for one in org.units.values()):
            raise DecisionRefused("units.code_taken", code=new.code)
        level = min(below, key=lambda one: one.rank).code
        one = self._new(org, new, OrgUnit(fresh_id(), new.code, new.name, level, above.id, by.since), cluster_id)
        parts = {"unit": f"{one.name} ({one.code})", "code": one.code, "to": into.name}
        return await self._decided(("units.ask_add", "units.add"), org, by, parts)

    def _new(self, org: Organisation, named: Heir, unit: OrgUnit, cluster_id: int | None) -> OrgUnit:
        """Adds a unit, once its code and name will do."""
        if not _CODE.fullmatch(named.code):
            raise DecisionRefused("units.no_code", code=named.code)
        org.add(replace(unit, name=self._named(named.name)))
        if cluster_id is not None:
            self._tried(partial(org.change_cluster, unit.id, cluster_id, unit.from_on))
        return org.units[unit.id]

    async def rename(self, unit: Unit, name: str, by: Ordered) -> Decision:
        """Another name; code, people and figures stay."""
        org = await self._organisation(by)
        name = self._named(name)
        parts = {"unit": f"{unit.name} ({unit.code})", "name": name}
        ahead, others = None, await self._others(org, unit, "rename", by)
        if by.ahead:
            line = self.wording.say("units.renamed", unit=unit.name, name=name, day=dated(by.since))
            ahead = Ahead(Prepared(unit.id, "name", name, by.since), line)
        else:
            org.rename(unit.id, name)
        decision = await self._decided(("units.ask_rename", "units.rename"), org, by, parts, ahead)
        return _beside(decision, self._notes(org, others, by))

    async def transfer(self, unit: Unit, to: Cluster | Unit, by: Ordered) -> Decision:
        """Into another cluster with the units below it, or under another unit, and then into that one's cluster."""
        org = await self._organisation(by)
        if org.units[unit.id].parent_id is None:
            raise DecisionRefused("units.top_stays", unit=unit.name)
        others = await self._others(org, unit, "transfer", by)
        dropped = [row for one in others if by.ahead for row in self._call_off(org, one, by)]
        ahead, cluster_id = None, None
        if isinstance(to, Cluster):
            cluster_id = to.id
        else:
            held = org.units[to.id].membership(by.since)
            cluster_id = held.cluster_id if held else None
            if by.ahead:
                line = self.wording.say("units.under", unit=unit.name, parent=to.name, day=dated(by.since))
                ahead = Ahead(Prepared(unit.id, "parent", str(to.id), by.since), line)
            else:
                org.move(unit.id, to.id)
        if cluster_id is not None:
            self._tried(partial(org.change_cluster, unit.id, cluster_id, by.since, with_branches=True))
        if not org.changes and ahead is None:
            raise DecisionRefused("units.there_already", unit=unit.name)
        parts = {"unit": f"{unit.name} ({unit.code})", "to": to.name}
        decision = await self._decided(("units.ask_transfer", "units.transfer"), org, by, parts, ahead)
        return _beside(decision, self._notes(org, others, by), dropped)

    async def call_off(self, names: Sequence[str], order: UnitOrder, by: Ordered) -> Decision:
        """What was prepared for these units, codes or names in folded words, is not to be; who was told is told."""
        org = await self._organisation(by)
        ahead = agenda(org, await prepared.every(self.db), local_day(by.now))
        chosen = [meant(self.wording, org, ahead, words, order) for words in names]
        change = " ".join(described(org, one).vietnamese(self.wording) for one in chosen)
        concerned = {
            unit for one in chosen for unit in (one.unit.id, one.parent_id, *one.along, *one.unit.successors) if unit
        }
        rows = [row for one in chosen for row in self._call_off(org, one, by)]
        line = self.wording.say("units.called_off", change=change)
        told = [(unit, line) for unit in sorted(concerned) if unit in org.units and org.units[unit].parent_id]
        decision = await self._decided(("units.ask_call_off", "units.call_off"), org, by, {"change": change}, told=told)
        return replace(decision, rows=[*rows, *decision.rows])

    def _call_off(self, org: Organisation, one: Awaited, by: Ordered) -> list[Statement]:
        """Undoes a change in the organisation; gives the rows of what is undone of it beside."""
        rows, undone = list[Statement](), list[tuple[What, str]]()
        match one.what:
            case "merge" | "split" | "end":
                self._tried(partial(org.keep, one.unit.id))
                for new in one.along:
                    self._tried(partial(org.withdraw, new))
            case "add":
                self._tried(partial(org.withdraw, one.unit.id))
            case "rename":
                undone.append(("name", one.name))
            case "transfer":
                if one.parent_id is not None:
                    undone.append(("parent", str(one.parent_id)))
                for unit in (one.unit.id, *one.along) if one.cluster_id is not None else ():
                    self._tried(partial(org.stay, unit, one.day))
        for what, value in undone:
            old = f"{value} {one.day.isoformat()}"
            rows.append(prepared.done(Prepared(one.unit.id, what, value, one.day)))
            event = f"unit.{what}_called_off"
            rows.append(happened(event, one.unit.code, by.actor, by.now, unit_id=one.unit.id, old=old))
        return rows

    async def _others(self, org: Organisation, unit: Unit, what: str, by: Ordered) -> list[Awaited]:
        """The changes of that kind which are prepared for the unit already."""
        ahead = agenda(org, await prepared.every(self.db), local_day(by.now))
        return [one for one in ahead if one.unit.id == unit.id and one.what == what]

    def _notes(self, org: Organisation, others: Sequence[Awaited], by: Ordered) -> list[Remark]:
        """Of what is prepared already: that it is replaced, or stands beside a change of today."""
        change = " ".join(described(org, one).vietnamese(self.wording) for one in others)
        return [Remark("units.replaces" if by.ahead else "units.still_ahead", {"change": change})] if others else []

    async def _organisation(self, by: Ordered) -> Organisation:
        if by.since > local_day(by.now) + FARTHEST:
            raise DecisionRefused("units.day_far", day=day_name(by.since))
        return await snapshot.load(self.db)

    def _named(self, name: str) -> str:
        name = " ".join(name.split())
        if not name or len(name) > LONGEST_NAME or "***" in name:
            raise DecisionRefused(
                "units.no_name",
                most=LONGEST_NAME,
            )  # fmt: skip
        return name

    def _tried(self, change: Callable[[], object]) -> None:
        try:
            change()
        except ChangeRefused as refused:
            raise DecisionRefused(f"import.{refused.reason}", **refused.parts) from refused

    async def _decided(
        self,
        keys: tuple[str, str],
        org: Organisation,
        by: Ordered,
        parts: dict[str, str],
        ahead: Ahead | None = None,
        told: Sequence[tuple[int, str]] = (),
    ) -> Decision:
        """The rows, with those of what follows at once, unless the organisation would not hold together."""
        org.follow(local_day(by.now))
        before = {repr(fault) for fault in faults(await snapshot.load(self.db))}
        _hold_together(org, before)
        lines = [*told, *([(ahead.change.unit_id, ahead.line)] if ahead else [])]
        if ahead and ahead.change.what == "parent":
            moved = [(int(ahead.change.value), org.units[ahead.change.unit_id].name)]
            lines += received(self.wording, org, moved, by.since)
        notices = await unit_notices(self.db, self.wording, org, by.now, lines)
        rows = [*snapshot.statements(org, by.actor, by.now), *notices]
        if ahead is not None:
            new = f"{ahead.change.value} {by.since.isoformat()}"
            action, code = f"unit.{ahead.change.what}_prepared", org.units[ahead.change.unit_id].code
            rows.append(prepared.prepare(ahead.change, by.actor, by.now))
            rows.append(happened(action, code, by.actor, by.now, unit_id=ahead.change.unit_id, new=new))
        below = {change.unit.id for change in org.changes if isinstance(change, UnitMoved)}
        for change in org.changes:
            if isinstance(change, UnitEnded):
                below |= {one.id for one in org.below(change.unit.id)}
        notes = list[Remark]()
        if below and any(isinstance(change, UnitEnded) for change in org.changes):
            notes.append(Remark("units.follow", {"count": len(below)}))
        notes += await owing_notes(self.db, self.wording, org, local_day(by.now))
        if notices:
            notes.append(Remark("units.told", {"count": len(notices)}))
        parts = {**parts, "day": dated(by.since)}
        return Decision(
            rows,
            Remark(keys[0], parts),
            Remark(keys[1], parts),
            [*_to_be_meant(org, by, ahead, before), *notes],
        )


def _hold_together(org: Organisation, before: Set[str]) -> None:
    """Raises DecisionRefused for a fault that was not there before."""
    if wrong := next((fault for fault in faults(org) if repr(fault) not in before), None):
        raise DecisionRefused(f"import.{wrong.reason}", **wrong.parts)


def _to_be_meant(org: Organisation, by: Ordered, ahead: Ahead | None, before: Set[str]) -> list[Remark]:
    """What is asked beside the question, of the organisation as it will be. Raises DecisionRefused."""
    if ahead is not None and ahead.change.what == "name":
        org.rename(ahead.change.unit_id, ahead.change.value)
    elif ahead is not None:
        org.move(ahead.change.unit_id, int(ahead.change.value))
        _hold_together(org, before)
    found = conspicuous(org, by.since)
    try:
        org.follow(by.since)
    except ChangeRefused as refused:
        raise DecisionRefused(f"import.{refused.reason}", **refused.parts) from refused
    _hold_together(org, before)
    if wrong := next((one for one in found if one.reason == "same_name"), None):
        raise DecisionRefused("import.same_name", **wrong.parts)
    return [Remark(f"units.{one.reason}", one.parts) for one in found]


def _beside(decision: Decision, notes: Sequence[Remark], rows: Sequence[Statement] = ()) -> Decision:
    """The same with what has to be written before it, and is asked before its other notes."""
    return replace(decision, rows=[*rows, *decision.rows], warnings=[*notes, *decision.warnings])
