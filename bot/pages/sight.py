"""A person's roles of today in, which clusters and units of the page they may see out."""

from collections.abc import Sequence
from dataclasses import dataclass

from handlers import permissions
from handlers.permissions import ActedOn
from storage.organisation.units import Cluster
from storage.people.people import Role

ACT = "page"


@dataclass(frozen=True, slots=True)
class Sight:
    """What a person may see. clusters: as a whole, in order; province: all of them; communes: single units by id.

    sections: codes of the only sections a department sees, None for all.
    """

    roles: tuple[Role, ...]
    clusters: tuple[Cluster, ...]
    province: bool
    communes: frozenset[int]
    sections: frozenset[str] | None

    def cluster(self, cluster_id: int) -> Cluster | None:
        """The cluster, if it may be seen."""
        return next((cluster for cluster in self.clusters if cluster.id == cluster_id), None)

    def sees_unit(self, unit_id: int, parent_id: int | None, cluster_id: int | None) -> bool:
        """Whether the unit may be seen: as its own, as one under it, or within a cluster seen as a whole."""
        return permissions.may_unit(ACT, self.roles, ActedOn(unit_id, parent_id, cluster_id))


def sight_of(roles: Sequence[Role], every: Sequence[Cluster]) -> Sight | None:
    """What these roles see of these clusters; None where they have no right to the page."""
    held = permissions.granted(ACT, roles)
    if not held:
        return None
    reached = permissions.clusters(ACT, held)
    seen = tuple(every) if reached is None else tuple(cluster for cluster in every if cluster.id in reached)
    departments = [role for role in held if permissions.rank(role) == "department"]
    only = frozenset(code for role in departments for code in role.sections) if len(departments) == len(held) else None
    return Sight(tuple(held), seen, reached is None, frozenset(permissions.units(ACT, held)), only)
