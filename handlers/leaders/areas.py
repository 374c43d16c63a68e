"""A cluster or commune as people call it in; that part of the province, as far as the person's right reaches, out, and
the period that is told of it."""

from collections.abc import Collection
from dataclasses import dataclass

from handlers import permissions
from handlers.commands import folded
from handlers.leaders.named_cluster import cluster_called
from handlers.turn import Turn
from reporting.organisation.listed import ListedUnit
from storage.database import Database
from storage.organisation import units
from storage.organisation.units import Cluster, Unit
from storage.periods import owed, rounds
from storage.periods.rounds import Round


@dataclass(frozen=True, slots=True)
class Area:
    """Clusters as a whole, or (communes not None) only these units and the branches under them.

    mark: what a button says it by, '' for all that the person may see.
    """

    clusters: tuple[Cluster, ...]
    communes: frozenset[int] | None = None
    name: str = ""
    mark: str = ""

    @property
    def within(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """The ids of its clusters, or else of its units."""
        if self.communes is not None:
            return (), tuple(self.communes)
        return tuple(cluster.id for cluster in self.clusters), ()

    def holds(self, unit: ListedUnit) -> bool:
        """Whether a unit of one of the clusters is meant."""
        return self.communes is None or unit.commune_id in self.communes


async def area_of(db: Database, turn: Turn, act: str, called: str) -> Area | None:
    """The area that is called, or marked by a button, so; '' is all within reach. None once it is answered why not."""
    every = tuple(await units.all_clusters(db, turn.today))
    wide = permissions.clusters(act, turn.roles)
    seen = every if wide is None else tuple(cluster for cluster in every if cluster.id in wide)
    own = frozenset(permissions.units(act, turn.roles))
    words = folded(called)
    if not words:
        if seen or not own:
            return Area(seen)
        return Area(every, own)
    marked = next((one for one in every if called == f"@c{one.id}"), None)
    cluster = marked or cluster_called(words, every)
    if cluster is not None:
        if cluster in seen:
            return Area((cluster,), name=cluster.name, mark=f"@c{cluster.id}")
        turn.say_key("help.no_rights")
        return None
    communes = _communes(await units.all_units(db, turn.today), words, called)
    allowed = [unit for unit in communes if unit.id in own or any(unit.cluster == one.code for one in seen)]
    if len(allowed) == 1:
        [unit] = allowed
        return Area(every, frozenset({unit.id}), unit.name, f"@u{unit.id}")
    if allowed:
        known = ", ".join(f"{unit.known_as} ({unit.code})" for unit in allowed[:8])
        turn.say_key("office.which_unit", known=known)
    elif communes:
        turn.say_key("help.no_rights")
    else:
        turn.say_key("area.unknown", known=", ".join(one.name for one in seen) or "-")
    return None


def _communes(every: list[Unit], words: str, called: str) -> list[Unit]:
    """By a button's mark, by code, by the whole name, or by its end: "xã An Thượng Lộc", "An Thượng Lộc"."""
    above = [unit for unit in every if unit.level not in ("chi_doan", "tinh_doan", "trung_uong")]
    for found in (
        [unit for unit in above if called == f"@u{unit.id}"],
        [unit for unit in above if folded(unit.code) == words],
        [unit for unit in above if folded(unit.name) == words],
        [unit for unit in above if f" {folded(unit.name)}".endswith(f" {words}")],
    ):
        if found:
            return found
    return []


async def running_told_of(
    db: Database, turn: Turn, clusters: Collection[int] | None = None, unit_ids: Collection[int] = ()
) -> Round | None:
    """The period these clusters (None: all), or else these units, are told of: the one that is named; of several that
    run the one that most of their units owe, for a month of two clusters may run beside everybody's quarter.
    """
    if not turn.about and len(turn.rounds) > 1:
        count = await owed.owing_within(db, [one.id for one in turn.rounds], clusters, unit_ids, turn.today)
        owing = [one for one in turn.rounds if count.get(one.id)]
        owing.sort(key=lambda one: one.period.start_on)
        owing.sort(key=lambda one: (one.state == "open", count[one.id], one.period.end_on), reverse=True)
        turn.about, turn.beside = owing[0].code if owing else "", owing[1:]
    return turn.round


async def round_told_of(
    db: Database, turn: Turn, clusters: Collection[int] | None = None, unit_ids: Collection[int] = ()
) -> Round | None:
    """The same; between two periods, when none runs or is locked, the one closed last."""
    if turn.round is None:
        turn.locked = await rounds.latest_closed(db)
    return await running_told_of(db, turn, clusters, unit_ids)


def other_periods(turn: Turn) -> str:
    """A line on the other running periods that may be asked of, '' for none."""
    names = ", ".join(one.period.name for one in turn.beside or ())
    return turn.wording.say("area.beside", periods=names) if names else ""
