"""A cluster or commune as people call it in; that part of the province, as far as the person's right reaches, out, and
the period that is told of it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from handlers import permissions
from handlers.commands import folded
from handlers.leaders.named_cluster import cluster_called
from handlers.messages import Choice
from handlers.turn import Turn
from reporting.organisation.listed import ListedUnit
from reporting.time.as_written import Named, period_asked
from reporting.time.periods import parse_period
from storage.database import Database
from storage.organisation import units
from storage.organisation.units import Cluster, Unit
from storage.people.people import Role
from storage.periods import owed, rounds
from storage.periods.rounds import Round

MOST_OF_NAME = 80  # letters of a part of the province and a period


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


async def names_part(db: Database, turn: Turn, called: str) -> bool:
    """Whether nothing but a part of the province, a period, or both, is named."""
    words = folded(called)
    if not words or len(words) > MOST_OF_NAME:
        return False
    if (named := period_asked(words, turn.today)) is not None:
        words = " ".join(f"{words[: named.start]} {words[named.end :]}".split())
    if not words or cluster_called(words, await units.all_clusters(db, turn.today)) is not None:
        return True
    return bool(_communes(await units.all_units(db, turn.today), words, words))


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


def communes_of(roles: Sequence[Role]) -> dict[int, str]:
    """The units above the branches that the person reports for, by id."""
    return {
        role.unit_id: role.unit_name
        for role in roles
        if role.unit_id is not None and permissions.rank(role) == "commune"
    }


def cluster_choices(turn: Turn, act: str, area: Area) -> list[Choice]:
    """A choice for each cluster of the area, of the period that was named."""
    of = f":{turn.told.code}" if turn.told is not None else ""
    return [Choice(cluster.name, f"{act}:@c{cluster.id}{of}") for cluster in area.clusters]


async def without_period(db: Database, turn: Turn, called: str) -> str | None:
    """What is called, without the period that stands with it, which is told of; None once it is answered that there is
    none. called: as written, or a button's "@c12:2026-Q1".
    """
    if called.startswith("@"):
        mark, _, code = called.partition(":")
        return mark if not code or await coded(db, turn, code) else None
    words = folded(called)
    named = period_asked(words, turn.today)
    if named is None:
        return called
    if not await period_meant(db, turn, named):
        return None
    return " ".join(f"{words[: named.start]} {words[named.end :]}".split())


async def coded(db: Database, turn: Turn, code: str) -> bool:
    """Whether there is such a period, not only planned; it is told of."""
    found = next((one for one in turn.rounds if one.code == code), None) or await rounds.round_by_code(db, code)
    turn.told = None if found is None or found.state == "planned" else found
    return turn.told is not None


async def period_meant(db: Database, turn: Turn, named: Named) -> bool:
    """Whether there is the period that is named, which is told of; else it is answered so.

    "Quý này" is the quarter that runs, or the last that did; in January "quý IV" is last year's.
    """
    if named.code and await coded(db, turn, named.code):
        return True
    if not named.dated:
        every = [
            one for one in reversed(await rounds.all_rounds(db)) if one.state != "planned" and not one.period.title
        ]
        alike = [one for one in every if named.code[4:] == one.code[4:] or named.this == one.period.frequency]
        running = [one for one in alike if one.state == "open"]
        turn.told = next(iter(running or alike), None)
    if turn.told is None and named.this != "nam":  # a year of quarters is told of by the one that runs
        turn.say_key(
            "figures.no_period",
            period=parse_period(named.code).name if named.code else turn.wording.say(f"figures.this_{named.this}"),
        )
        return False
    return True


async def running_told_of(
    db: Database, turn: Turn, clusters: Collection[int] | None = None, unit_ids: Collection[int] = ()
) -> Round | None:
    """The period these clusters (None: all), or else these units, are told of: the one that is named; of several that
    run the one that most of their units owe, for a month of two clusters may run beside everybody's quarter.
    """
    if turn.told is None and len(turn.rounds) > 1:
        count = await owed.owing_within(db, [one.id for one in turn.rounds], clusters, unit_ids, turn.today)
        owing = [one for one in turn.rounds if count.get(one.id)]
        owing.sort(key=lambda one: one.period.start_on)
        owing.sort(key=lambda one: (one.state == "open", count[one.id], one.period.end_on), reverse=True)
        turn.told, turn.beside = owing[0] if owing else None, owing[1:]
    return turn.round


async def area_told_of(db: Database, turn: Turn, act: str, called: str) -> tuple[Area, Round] | None:
    """The area that was called and the period it is told of; None where one of them is not there, which is answered."""
    area = await area_of(db, turn, act, called)
    if area is None:
        return None
    round_ = await round_told_of(db, turn, *area.within)
    if round_ is None:
        turn.say_key("period.none_open")
        return None
    return area, round_


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
