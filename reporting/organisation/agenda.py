"""An organisation and what is prepared for it in; every change of units with a day to come, each one whole, out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from reporting.organisation.units import Organisation, OrgUnit

What = Literal["name", "parent"]
Turn = Literal["merge", "split", "end", "add", "rename", "transfer"]

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Prepared:
    """One change that is no dated row. value: the name, or the id of the unit above."""

    unit_id: int
    what: What
    value: str
    since_on: date


@dataclass(frozen=True, slots=True)
class Awaited:
    """A change from a day to come. name, parent_id, cluster_id: what it is to be, where it is to be otherwise.

    along: the units below that go into that cluster too; of a division the new units it makes.
    """

    unit: OrgUnit
    what: Turn
    day: date
    name: str = ""
    parent_id: int | None = None
    cluster_id: int | None = None
    along: tuple[int, ...] = ()


def agenda(org: Organisation, prepared: Sequence[Prepared], today: date) -> list[Awaited]:
    """What is to change after today, by day and code; what goes along with another change is told with that one."""
    ends = [_end(org, unit) for unit in org.units.values() if unit.last_on is not None and unit.last_on >= today]
    made = {one for end in ends for one in end.along}
    adds = [
        Awaited(unit, "add", unit.from_on, parent_id=unit.parent_id)
        for unit in org.units.values()
        if unit.from_on > today and unit.id not in made
    ]
    names = [
        Awaited(org.units[one.unit_id], "rename", one.since_on, name=one.value)
        for one in prepared
        if one.what == "name"
    ]
    found = [*ends, *adds, *names, *_transfers(org, prepared, today)]
    return sorted(found, key=lambda one: (one.day, one.unit.code, one.what))


def make(org: Organisation, prepared: Sequence[Prepared], day: date) -> None:
    """Makes what is prepared, and due by that day, in the organisation."""
    for change in prepared:
        if change.since_on <= day and org.units[change.unit_id].lives(day):
            if change.what == "name":
                org.rename(change.unit_id, change.value)
            else:
                org.move(change.unit_id, org.heir(int(change.value), day).id)


def _end(org: Organisation, unit: OrgUnit) -> Awaited:
    assert unit.last_on is not None
    day = unit.last_on + _DAY
    if len(unit.successors) < 2:
        return Awaited(unit, "merge" if unit.successors else "end", day)
    return Awaited(unit, "split", day, along=tuple(one for one in unit.successors if org.units[one].from_on == day))


def _transfers(org: Organisation, prepared: Sequence[Prepared], today: date) -> Iterator[Awaited]:
    """Moves under another unit and into another cluster, those of one unit on one day as one."""
    found = {
        (one.unit_id, one.since_on): Awaited(org.units[one.unit_id], "transfer", one.since_on, parent_id=int(one.value))
        for one in prepared
        if one.what == "parent"
    }
    for unit in org.units.values():
        for held in unit.memberships:
            if max(today, unit.from_on) < held.from_on:
                of_day = found.get((unit.id, held.from_on), Awaited(unit, "transfer", held.from_on))
                found[unit.id, held.from_on] = replace(of_day, cluster_id=held.cluster_id)
    for (unit_id, day), one in list(found.items()):
        if one.parent_id is None and (head := _head(org, found, one)) is not None:
            found[head, day] = replace(found[head, day], along=(*found[head, day].along, unit_id))
            del found[unit_id, day]
    yield from found.values()


def _head(org: Organisation, found: dict[tuple[int, date], Awaited], one: Awaited) -> int | None:
    """The highest of the units above it that go into the same cluster on the same day."""
    head, above = None, one.unit.parent_id
    while above is not None:
        other = found.get((above, one.day))
        if other is not None and other.cluster_id == one.cluster_id:
            head = above
        above = org.units[above].parent_id
    return head
