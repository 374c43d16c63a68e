"""Units and clusters with their history in; renamed, moved, merged, divided or ended, or why not, out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class UnitLevel:
    """A level of the organisation. rank: the highest is 0; last_on: the last day it existed (districts)."""

    code: str
    name: str
    rank: int
    last_on: date | None


@dataclass(frozen=True, slots=True)
class Membership:
    """A unit's time in a cluster, both days included; None: until further notice."""

    cluster_id: int
    from_on: date
    last_on: date | None


@dataclass(frozen=True, slots=True)
class OrgUnit:
    """A unit with its whole history. successors: who took over, the heir first; memberships by day."""

    id: int
    code: str
    name: str
    level: str
    parent_id: int | None
    from_on: date
    last_on: date | None = None
    successors: tuple[int, ...] = ()
    memberships: tuple[Membership, ...] = ()

    def lives(self, day: date) -> bool:
        """Whether the unit exists on that day."""
        return _covers(self.from_on, self.last_on, day)

    def membership(self, day: date) -> Membership | None:
        """Its time in a cluster that holds that day."""
        return next((m for m in self.memberships if _covers(m.from_on, m.last_on, day)), None)


@dataclass(frozen=True, slots=True)
class OrgCluster:
    """A cluster; organiser_id: the province or the centre that forms it; position: its number in lists."""

    id: int
    code: str
    name: str
    position: int
    organiser_id: int
    from_on: date
    last_on: date | None = None

    def lives(self, day: date) -> bool:
        """Whether the cluster exists on that day."""
        return _covers(self.from_on, self.last_on, day)


@dataclass(frozen=True, slots=True)
class UnitAdded:
    """A new unit."""

    unit: OrgUnit


@dataclass(frozen=True, slots=True)
class UnitRenamed:
    """Another name; id and code stay."""

    unit: OrgUnit
    name: str


@dataclass(frozen=True, slots=True)
class UnitMoved:
    """Another unit above it."""

    unit: OrgUnit
    parent_id: int | None


@dataclass(frozen=True, slots=True)
class ClusterChanged:
    """Out of one cluster, into another (either may be None), from `since` on; `old` as it stood."""

    unit: OrgUnit
    old: Membership | None
    cluster_id: int | None
    since: date


@dataclass(frozen=True, slots=True)
class UnitEnded:
    """Its last day, and who takes over, the heir first. `membership`: the time in a cluster that ends with it."""

    unit: OrgUnit
    last_on: date
    successors: tuple[int, ...]
    membership: Membership | None


@dataclass(frozen=True, slots=True)
class UnitKept:
    """Its end is called off; `unit` as it stood. `membership`: the time in a cluster that goes on."""

    unit: OrgUnit
    membership: Membership | None


@dataclass(frozen=True, slots=True)
class UnitWithdrawn:
    """A unit that was to begin, and will not."""

    unit: OrgUnit


@dataclass(frozen=True, slots=True)
class ClusterKept:
    """It does not go into the cluster where it was to be, and stays in the one before; both as they stood."""

    unit: OrgUnit
    dropped: Membership
    old: Membership | None


@dataclass(frozen=True, slots=True)
class ClusterAdded:
    """A new cluster."""

    cluster: OrgCluster


@dataclass(frozen=True, slots=True)
class ClusterEdited:
    """A cluster's name, position, organiser or last day is another; both as they stand before and after."""

    old: OrgCluster
    new: OrgCluster


Change = (
    UnitAdded | UnitRenamed | UnitMoved | ClusterChanged | UnitEnded | UnitKept | UnitWithdrawn | ClusterKept
    | ClusterAdded | ClusterEdited
)  # fmt: skip


class ChangeRefused(Exception):
    """A change that cannot be. field: name, level, parent, cluster, dates or successors; parts fill its words."""

    def __init__(self, reason: str, field: str, **parts: str) -> None:
        super().__init__(f"{reason}: {', '.join(f'{name} {part}' for name, part in parts.items())}")
        self.reason = reason
        self.field = field
        self.parts = parts


class Organisation:
    """Units and clusters with their history, and the changes made to them here, in the order they have to be stored.

    Each method checks before it changes anything and raises ChangeRefused; `since` is the first day of the new state.
    """

    def __init__(self, levels: Iterable[UnitLevel], units: Iterable[OrgUnit], clusters: Iterable[OrgCluster]) -> None:
        self.levels = {level.code: level for level in levels}
        self.units = {unit.id: unit for unit in units}
        self.clusters = {cluster.id: cluster for cluster in clusters}
        self.changes: list[Change] = []

    def add(self, unit: OrgUnit) -> None:
        """A new unit, without a last day, memberships or successors yet."""
        self._record(UnitAdded(unit), unit)

    def rename(self, unit_id: int, name: str) -> None:
        """Another name."""
        unit = self.units[unit_id]
        if name != unit.name:
            self._record(UnitRenamed(unit, name), replace(unit, name=name))

    def move(self, unit_id: int, parent_id: int | None) -> None:
        """Under another unit; whether the tree still holds, `faults` says, once every change is made."""
        unit = self.units[unit_id]
        if parent_id != unit.parent_id:
            self._record(UnitMoved(unit, parent_id), replace(unit, parent_id=parent_id))

    def change_cluster(self, unit_id: int, cluster_id: int | None, since: date, *, with_branches: bool = False) -> None:
        """Into another cluster, or into none; with_branches: the units below that shared its cluster go along."""
        unit = self.units[unit_id]
        old = unit.membership(since)
        below = self.below(unit_id) if with_branches and old is not None else []
        for one in [unit, *below]:
            held = one.membership(since)
            if one is unit or (old is not None and held is not None and held.cluster_id == old.cluster_id):
                self._change_cluster(one, held, cluster_id, since)

    def _change_cluster(self, unit: OrgUnit, old: Membership | None, cluster_id: int | None, since: date) -> None:
        if (old.cluster_id if old else None) == cluster_id:
            return
        if not unit.lives(since):
            raise ChangeRefused("not_living", "dates", unit=unit.code, day=_day(since))
        if cluster_id is not None and not self.clusters[cluster_id].lives(since):
            raise ChangeRefused(
                "cluster_not_living", "cluster", cluster=self.clusters[cluster_id].code, day=_day(since)
            )
        if later := next((m for m in unit.memberships if m.from_on > since), None):
            raise ChangeRefused("moved_later", "cluster", unit=unit.code, day=_day(later.from_on))
        kept = [m for m in unit.memberships if m != old]
        if old is not None and old.from_on < since:
            kept.append(replace(old, last_on=since - timedelta(days=1)))
        if cluster_id is not None:
            kept.append(Membership(cluster_id, since, None))
        self._record(ClusterChanged(unit, old, cluster_id, since), replace(unit, memberships=tuple(kept)))

    def end(self, unit_id: int, last_on: date, successors: Sequence[int] = ()) -> None:
        """Its last day. With a heir, what it filed counts where the heir is, else in the cluster it was last in."""
        unit = self.units[unit_id]
        if unit.last_on is not None:
            raise ChangeRefused("ended_already", "dates", unit=unit.code, day=_day(unit.last_on))
        if last_on < unit.from_on:
            raise ChangeRefused("backwards", "dates", since=_day(unit.from_on), last=_day(last_on))
        if later := next((m for m in unit.memberships if m.from_on > last_on), None):
            raise ChangeRefused("moved_later", "dates", unit=unit.code, day=_day(later.from_on))
        for successor in (self.units[other] for other in successors):
            if successor.id == unit.id:
                raise ChangeRefused("own_successor", "successors", unit=unit.code)
            if not successor.lives(last_on + timedelta(days=1)):
                raise ChangeRefused(
                    "successor_not_living", "successors",
                    unit=successor.code, day=_day(last_on + timedelta(days=1)),
                )  # fmt: skip
        held = unit.membership(last_on)
        closed = tuple(replace(m, last_on=last_on) if m == held else m for m in unit.memberships)
        chosen = tuple(dict.fromkeys(successors))
        ended = replace(unit, last_on=last_on, successors=chosen, memberships=closed)
        self._record(UnitEnded(unit, last_on, chosen, held), ended)

    def merge(self, unit_ids: Sequence[int], into_id: int, since: date) -> None:
        """The units end and the other takes over: their filed reports, and the units below them with their cluster."""
        heir = self.units[into_id]
        for unit_id in unit_ids:
            self.end(unit_id, since - timedelta(days=1), [into_id])
            before = self.units[unit_id].membership(since - timedelta(days=1))
            now = heir.membership(since)
            for below in self.below(unit_id):
                held = below.membership(since)
                if below.parent_id == unit_id:
                    self.move(below.id, into_id)
                if now and before and held and held.cluster_id == before.cluster_id:
                    self.change_cluster(below.id, now.cluster_id, since)

    def follow(self, day: date) -> None:
        """Units whose unit above has ended by that day go under its heir, and with it into the heir's cluster."""
        for unit in list(self.units.values()):
            above = self.units.get(unit.parent_id or 0)
            if above is None or above.last_on is None or above.last_on >= day or not unit.lives(day):
                continue
            heir = self.heir(above.id, day)
            if heir.id in (above.id, unit.id) or not heir.lives(day):
                continue
            self.move(unit.id, heir.id)
            before, held, now = above.membership(above.last_on), unit.membership(day), heir.membership(day)
            own_way = any(m.from_on > day for m in unit.memberships)  # it goes into a cluster of its own choice later
            if before and held and now and held.cluster_id == before.cluster_id and not own_way:
                self.change_cluster(unit.id, now.cluster_id, day)

    def split(self, unit_id: int, successors: Sequence[int], since: date) -> None:
        """The unit ends and several take over; the first is the heir. Units below it have to be moved before."""
        if left := [unit.code for unit in self.units.values() if unit.parent_id == unit_id and unit.lives(since)]:
            raise ChangeRefused(
                "units_left_below", "parent", unit=self.units[unit_id].code, below=", ".join(sorted(left))
            )
        self.end(unit_id, since - timedelta(days=1), successors)

    def keep(self, unit_id: int) -> None:
        """It does not end after all, and nobody takes over."""
        unit = self.units[unit_id]
        held = next((m for m in unit.memberships if m.last_on == unit.last_on), None)
        kept = tuple(replace(m, last_on=None) if m == held else m for m in unit.memberships)
        self._record(UnitKept(unit, held), replace(unit, last_on=None, successors=(), memberships=kept))

    def withdraw(self, unit_id: int) -> None:
        """A unit that has not begun will not begin."""
        unit = self.units[unit_id]
        needed = (one for one in self.units.values() if one.parent_id == unit_id or unit_id in one.successors)
        if other := next(needed, None):
            raise ChangeRefused("needed_by", "dates", unit=unit.code, other=other.code)
        del self.units[unit_id]
        self.changes.append(UnitWithdrawn(unit))

    def stay(self, unit_id: int, day: date) -> None:
        """Not into the cluster into which it was to go on that day."""
        unit = self.units[unit_id]
        dropped = next(m for m in unit.memberships if m.from_on == day)
        if later := next((m for m in unit.memberships if m.from_on > day), None):
            raise ChangeRefused("moved_later", "cluster", unit=unit.code, day=_day(later.from_on))
        old = next((m for m in unit.memberships if m.last_on == day - timedelta(days=1)), None)
        kept = tuple(replace(m, last_on=dropped.last_on) if m == old else m for m in unit.memberships if m != dropped)
        self._record(ClusterKept(unit, dropped, old), replace(unit, memberships=kept))

    def add_cluster(self, cluster: OrgCluster) -> None:
        """A new cluster."""
        if cluster.last_on is not None and cluster.last_on < cluster.from_on:
            raise ChangeRefused("backwards", "dates", since=_day(cluster.from_on), last=_day(cluster.last_on))
        self.clusters[cluster.id] = cluster
        self.changes.append(ClusterAdded(cluster))

    def edit_cluster(self, new: OrgCluster) -> None:
        """The cluster of that id with another name, position, organiser or last day."""
        old = self.clusters[new.id]
        if new == old:
            return
        if new.last_on is not None and new.last_on < new.from_on:
            raise ChangeRefused("backwards", "dates", since=_day(new.from_on), last=_day(new.last_on))
        self.clusters[new.id] = new
        self.changes.append(ClusterEdited(old, new))

    def below(self, unit_id: int) -> list[OrgUnit]:
        """The units that have not ended under a unit, at any depth, the nearer ones first."""
        children: dict[int | None, list[OrgUnit]] = {}
        for unit in self.units.values():
            if unit.last_on is None:
                children.setdefault(unit.parent_id, []).append(unit)
        found: list[OrgUnit] = []
        seen = {unit_id}
        wave = [unit_id]
        while wave:
            nearer = [child for above in wave for child in children.get(above, ()) if child.id not in seen]
            seen |= {child.id for child in nearer}
            found += nearer
            wave = [child.id for child in nearer]
        return found

    def heir(self, unit_id: int, day: date) -> OrgUnit:
        """The unit itself while it lives, else who took over from it, and so on; the last one where none did."""
        unit = self.units[unit_id]
        while unit.last_on is not None and unit.last_on < day and unit.successors:
            unit = self.units[unit.successors[0]]
        return unit

    def home(self, unit_id: int, day: date) -> int | None:
        """The cluster id where a report of the unit counts on that day (as in storage/organisation/homes.py)."""
        unit = self.heir(unit_id, day)
        held = unit.membership(day if unit.last_on is None else min(day, unit.last_on))
        return held.cluster_id if held else None

    def path(self, unit_id: int, day: date) -> list[int]:
        """The units at which a report of the unit counts on that day: its heir, and all above (see `counted_at`)."""
        at: int | None = self.heir(unit_id, day).id
        found: list[int] = []
        while at is not None and at not in found:
            found.append(at)
            above = self.units[at].parent_id
            at = None if above is None else self.heir(above, day).id
        return found

    def _record(self, change: Change, after: OrgUnit) -> None:
        self.units[after.id] = after
        self.changes.append(change)


def _covers(from_on: date, last_on: date | None, day: date) -> bool:
    return from_on <= day and (last_on is None or day <= last_on)


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"
