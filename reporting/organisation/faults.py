"""A whole organisation in, its faults out: circles in the tree, wrong levels, parents and clusters that have ended."""

from collections.abc import Iterator
from dataclasses import dataclass

from reporting.organisation.units import Organisation, OrgUnit


@dataclass(frozen=True, slots=True)
class UnitFault:
    """One fault of a unit or cluster (by code). field: parent, level, cluster or dates; parts fill its words."""

    code: str
    field: str
    reason: str
    parts: dict[str, str]


def faults(organisation: Organisation) -> list[UnitFault]:
    """Everything that does not hold, units by code; an empty list for an organisation that can be stored."""
    units = sorted(organisation.units.values(), key=lambda u: u.code)
    in_circles = {unit_id: circle for circle in _circles(organisation) for unit_id in circle}
    found: list[UnitFault] = []
    told: set[frozenset[int]] = set()
    for unit in units:
        if (circle := in_circles.get(unit.id)) is not None:
            if frozenset(circle) not in told:
                told.add(frozenset(circle))
                codes = " → ".join(organisation.units[one].code for one in [*circle, circle[0]])
                found.append(UnitFault(unit.code, "parent", "circle", {"circle": codes}))
            continue
        found += _of_unit(organisation, unit)
    return found + list(_of_clusters(organisation))


def _of_unit(organisation: Organisation, unit: OrgUnit) -> Iterator[UnitFault]:
    level = organisation.levels[unit.level]
    if level.last_on is not None and (unit.last_on is None or unit.last_on > level.last_on):
        yield UnitFault(unit.code, "dates", "level_ended", {"level": level.name, "day": f"{level.last_on:%d/%m/%Y}"})
    if unit.parent_id is None:
        return
    parent = organisation.units[unit.parent_id]
    above = organisation.levels[parent.level]
    if above.rank >= level.rank:
        yield UnitFault(unit.code, "parent", "not_above", {"parent": parent.code, "level": above.name})
    # Under one that somebody takes over from, a unit follows by itself: Organisation.follow.
    outlives = parent.last_on is not None and (unit.last_on is None or unit.last_on > parent.last_on)
    if outlives and not parent.successors and parent.last_on is not None:
        yield UnitFault(
            unit.code, "parent", "parent_ended", {"parent": parent.code, "day": f"{parent.last_on:%d/%m/%Y}"}
        )


def _of_clusters(organisation: Organisation) -> Iterator[UnitFault]:
    for unit in organisation.units.values():
        for held in unit.memberships:
            cluster = organisation.clusters[held.cluster_id]
            if cluster.last_on is not None and (held.last_on is None or held.last_on > cluster.last_on):
                parts = {"cluster": cluster.code, "day": f"{cluster.last_on:%d/%m/%Y}"}
                yield UnitFault(unit.code, "cluster", "member_after_end", parts)


def _circles(organisation: Organisation) -> list[list[int]]:
    """Every circle among the units above units, each from its lowest code on."""
    found: list[list[int]] = []
    settled: set[int] = set()
    for start in organisation.units:
        path: list[int] = []
        step: dict[int, int] = {}
        at: int | None = start
        while at is not None and at not in settled and at not in step:
            step[at] = len(path)
            path.append(at)
            at = organisation.units[at].parent_id
        if at is not None and at in step:
            circle = path[step[at] :]
            first = min(range(len(circle)), key=lambda i: organisation.units[circle[i]].code)
            found.append(circle[first:] + circle[:first])
        settled.update(path)
    return found
