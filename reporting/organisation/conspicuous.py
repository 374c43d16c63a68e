"""Changes of an organisation in; what has to be meant out: units of one name side by side, mergers across clusters."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from reporting.organisation.units import (
    Change,
    ClusterChanged,
    Organisation,
    OrgUnit,
    UnitAdded,
    UnitEnded,
    UnitMoved,
    UnitRenamed,
)

Reason = Literal["same_name", "two_alike", "elsewhere", "other_cluster", "other_level", "new_cluster"]
MOST_NAMED = 3  # units of the same name


@dataclass(frozen=True, slots=True)
class Conspicuous:
    """One thing of a unit (by code). reason: same_name is refused, the others are said; parts fill its words."""

    code: str
    reason: Reason
    parts: dict[str, str]


def conspicuous(org: Organisation, day: date) -> list[Conspicuous]:
    """All of it, of the changes made to the organisation, as it is on that day, or once all of them hold."""
    ends = [change.last_on + timedelta(days=1) for change in org.changes if isinstance(change, UnitEnded)]
    day = max([day, *ends])
    mergers = [one for change in org.changes if isinstance(change, UnitEnded) for one in _mergers(org, change)]
    return [*_names(org, day, org.changes), *_moves(org, org.changes), *mergers]


def _names(org: Organisation, day: date, changes: list[Change]) -> Iterable[Conspicuous]:
    ended = {change.unit.id for change in changes if isinstance(change, UnitEnded)}
    named = {change.unit.id for change in changes if isinstance(change, UnitAdded | UnitRenamed)}
    moved = {change.unit.id: change.unit.parent_id for change in changes if isinstance(change, UnitMoved)}
    chosen = named | {unit_id for unit_id, before in moved.items() if not _taken_over(org, before)}
    following = set(moved) | {unit.id for unit in org.units.values() if unit.parent_id in ended}
    if not chosen and not following:
        return
    by_name: dict[str, list[OrgUnit]] = {}
    alike: dict[int, dict[str, str]] = {}  # by unit above: what is called the same below it, by name
    for unit in org.units.values():
        if unit.lives(day) and unit.parent_id is not None:
            by_name.setdefault(_plain(unit.name), []).append(unit)
    for unit_id in sorted(chosen | following, key=lambda one: org.units[one].code):
        unit = org.units[unit_id]
        above = _above(org, unit, day)
        if above is None or not unit.lives(day):
            continue
        others = [one for one in by_name[_plain(unit.name)] if one.id != unit.id and one.level == unit.level]
        beside = [one for one in others if _above(org, one, day) is above]
        parts = {"name": unit.name, "parent": above.name}
        if beside and unit_id in chosen and above.parent_id is not None:
            yield Conspicuous(unit.code, "same_name", {**parts, "code": beside[0].code})
        elif beside:
            codes = ", ".join(sorted(one.code for one in [unit, *beside]))
            alike.setdefault(above.id, {}).setdefault(_plain(unit.name), f"{unit.name} ({codes})")
        elif others and unit_id in named:
            known = [f"{up.name} ({one.code})" for one in others if (up := _above(org, one, day)) is not None]
            more = f" + {len(known) - MOST_NAMED}" if len(known) > MOST_NAMED else ""
            yield Conspicuous(unit.code, "elsewhere", {**parts, "known": ", ".join(known[:MOST_NAMED]) + more})
    for above_id, names in alike.items():
        above, told = org.units[above_id], list(names.values())
        more = f" + {len(told) - MOST_NAMED}" if len(told) > MOST_NAMED else ""
        known_as = {"parent": above.name, "count": str(len(told)), "known": ", ".join(told[:MOST_NAMED]) + more}
        yield Conspicuous(above.code, "two_alike", known_as)


def _taken_over(org: Organisation, unit_id: int | None) -> bool:
    """Whether the unit has ended and another one took over: units below it follow, nobody has chosen that."""
    return unit_id is not None and org.units[unit_id].last_on is not None and bool(org.units[unit_id].successors)


def _moves(org: Organisation, changes: list[Change]) -> Iterable[Conspicuous]:
    """Units put under another one, and so into its cluster."""
    chosen = {c.unit.id for c in changes if isinstance(c, UnitMoved) and not _taken_over(org, c.unit.parent_id)}
    for change in changes:
        if isinstance(change, ClusterChanged) and change.unit.id in chosen and change.old and change.cluster_id:
            before, after = org.clusters[change.old.cluster_id], org.clusters[change.cluster_id]
            parts = {"unit": f"{change.unit.name} ({change.unit.code})", "cluster": before.name, "other": after.name}
            yield Conspicuous(change.unit.code, "new_cluster", parts)


def _mergers(org: Organisation, change: UnitEnded) -> Iterable[Conspicuous]:
    unit, since = change.unit, change.last_on + timedelta(days=1)
    for successor in change.successors:
        heir = org.units[successor]
        held, now = change.membership, _cluster(org, heir, since)
        parts = {"unit": f"{unit.name} ({unit.code})", "into": f"{heir.name} ({heir.code})"}
        if heir.level != unit.level:
            levels = {"level": org.levels[unit.level].name, "other": org.levels[heir.level].name}
            yield Conspicuous(unit.code, "other_level", parts | levels)
        if held is not None and now is not None and held.cluster_id != now:
            clusters = {"cluster": org.clusters[held.cluster_id].name, "other": org.clusters[now].name}
            yield Conspicuous(unit.code, "other_cluster", parts | clusters)


def _cluster(org: Organisation, unit: OrgUnit, day: date) -> int | None:
    held = unit.membership(day)
    return held.cluster_id if held else None


def _above(org: Organisation, unit: OrgUnit, day: date) -> OrgUnit | None:
    """The unit above, or who has taken over from it by that day."""
    return None if unit.parent_id is None else org.heir(unit.parent_id, day)


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())
