"""Who may do what, by the table of handlers/routes.py: an act and roles in, yes or no and how far out.

Whatever the table does not name is denied.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from handlers.routes import ROUTES, Rank, Reach
from storage.people.people import Role

RIGHTS: Mapping[str, Mapping[Rank, Reach]] = {act: route.reach for act, route in ROUTES.items()}
# What is answered in a cluster's group, to those whose own roles reach into that cluster.
IN_GROUPS = frozenset(act for act, route in ROUTES.items() if route.group is not None)


@dataclass(frozen=True, slots=True)
class ActedOn:
    """The unit an act is about: its id, the unit above it, and its cluster today, None where there is none."""

    unit_id: int
    parent_id: int | None = None
    cluster_id: int | None = None


def rank(role: Role) -> Rank:
    """The column of a role. Whoever reports for a unit above the branches has the commune's rights there."""
    if role.role in ("secretary", "deputy"):
        return "branch" if role.unit_level == "chi_doan" else "commune"
    return cast(Rank, role.role)


def reach(act: str, role: Role) -> Reach:
    """How far the role's right to the act reaches; "-" for an act or a role the table does not have."""
    return RIGHTS.get(act, {}).get(rank(role), "-")


def granted(act: str, roles: Sequence[Role]) -> list[Role]:
    """Those of the person's roles of today that give a right to the act."""
    return [role for role in roles if reach(act, role) != "-"]


def may(act: str, roles: Sequence[Role]) -> bool:
    """Whether the person may do it at all; what about is then asked with `may_unit` or `clusters`."""
    return bool(granted(act, roles)) or "self" in RIGHTS.get(act, {}).values()


def may_unit(act: str, roles: Sequence[Role], target: ActedOn) -> bool:
    """Whether the person may do it to that very unit."""
    return any(_covers(reach(act, role), role, target) for role in roles)


def _covers(how_far: Reach, role: Role, target: ActedOn) -> bool:
    match how_far:
        case "own":
            return role.unit_id == target.unit_id
        case "below":
            return role.unit_id is not None and role.unit_id in (target.unit_id, target.parent_id)
        case "cluster":
            return target.cluster_id is not None and _cluster(role) == target.cluster_id
        case "all":
            return role.cluster_id is None or role.cluster_id == target.cluster_id
        case _:
            return False


def clusters(act: str, roles: Sequence[Role]) -> list[int] | None:
    """Ids of the clusters the right reaches over as a whole; None for every cluster of the province."""
    held = granted(act, roles)
    if any(reach(act, role) == "all" and role.cluster_id is None for role in held):
        return None
    wide = [_cluster(role) for role in held if reach(act, role) in ("cluster", "all")]
    return list(dict.fromkeys(cluster for cluster in wide if cluster is not None))


def over_all(act: str, roles: Sequence[Role]) -> bool:
    """Whether the right reaches over the whole province, as what the office orders does."""
    return clusters(act, roles) is None


def units(act: str, roles: Sequence[Role]) -> list[int]:
    """Ids of the single units the right reaches: those of roles whose reach is their own unit."""
    own = [role.unit_id for role in granted(act, roles) if reach(act, role) in ("own", "below")]
    return list(dict.fromkeys(unit for unit in own if unit is not None))


def may_in_group(act: str, roles: Sequence[Role], cluster_id: int) -> bool:
    """Whether the person is answered in a group of that cluster: a member of it, or responsible for the province."""
    if act not in IN_GROUPS:
        return False
    asked = [role for role in roles if reach(act, role) != "-"]
    return any(_cluster(role) == cluster_id or (role.cluster_id is None and _province_wide(role)) for role in asked)


def _province_wide(role: Role) -> bool:
    return any(reaches[rank(role)] == "all" for reaches in RIGHTS.values())


def _cluster(role: Role) -> int | None:
    return role.cluster_id if role.cluster_id is not None else role.unit_cluster_id
