"""Units and clusters as rows: added, and read as they stand on a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from storage.database import Database, Statement
from storage.organisation.names import told_apart


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit with the codes of its parent and cluster ('' where it has none); known_as: told apart by its commune."""

    id: int
    code: str
    name: str
    level: str
    parent: str
    cluster: str
    known_as: str


@dataclass(frozen=True, slots=True)
class Cluster:
    """One cluster: of a province, or of provinces under the centre. organiser_id: the unit that forms it."""

    id: int
    code: str
    name: str
    organiser_id: int


def add_unit(unit_id: int, code: str, name: str, level: str, parent_id: int | None, since: date) -> Statement:
    """A unit from that day on."""
    return (
        "insert into unit (id, code, name, level, parent_id, valid_from_on) values (?, ?, ?, ?, ?, ?)",
        (unit_id, code, name, level, parent_id, since.isoformat()),
    )


def add_cluster(cluster_id: int, code: str, name: str, position: int, organiser_id: int, since: date) -> Statement:
    """A cluster from that day on; `position` orders the clusters of an organiser."""
    return (
        "insert into cluster (id, code, name, position, organiser_id, valid_from_on) values (?, ?, ?, ?, ?, ?)",
        (cluster_id, code, name, position, organiser_id, since.isoformat()),
    )


def join_cluster(cluster_id: int, unit_id: int, since: date) -> Statement:
    """The unit belongs to the cluster from that day on."""
    return (
        "insert into cluster_member (cluster_id, unit_id, valid_from_on) values (?, ?, ?)",
        (cluster_id, unit_id, since.isoformat()),
    )


async def all_units(db: Database, today: date) -> list[Unit]:
    """Every unit of today, by code."""
    day = today.isoformat()
    rows = await db.read(
        f"select u.id, u.code, u.name, u.level, p.code, c.code, {told_apart('u')} from unit u"
        " left join unit p on p.id = u.parent_id"
        " left join cluster_member m on m.unit_id = u.id"
        "   and m.valid_from_on <= ? and (m.valid_to_on is null or m.valid_to_on >= ?)"
        " left join cluster c on c.id = m.cluster_id"
        " where u.valid_from_on <= ? and (u.valid_to_on is null or u.valid_to_on >= ?) order by u.code",
        (day, day, day, day),
    )
    return [Unit(r[0], r[1], r[2], r[3], r[4] or "", r[5] or "", r[6]) for r in rows]


def top_units(inside: Sequence[Unit]) -> list[Unit]:
    """Those of a cluster or the province's clusters that stand under no other one of them: who comes to a meeting."""
    codes = {one.code for one in inside if one.cluster}
    return [one for one in inside if one.cluster and one.parent not in codes]


@dataclass(frozen=True, slots=True)
class NamedUnit:
    """A unit by its name and the one above it."""

    id: int
    name: str
    parent_id: int | None


async def names(db: Database, today: date) -> list[NamedUnit]:
    """Every unit of today."""
    day = today.isoformat()
    rows = await db.read(
        "select id, name, parent_id from unit where valid_from_on <= ? and (valid_to_on is null or valid_to_on >= ?)",
        (day, day),
    )
    return [NamedUnit(*row) for row in rows]


async def unit_by_code(db: Database, code: str) -> Unit | None:
    """The unit of that code (case does not matter), ended or not."""
    rows = await db.read(
        f"select u.id, u.code, u.name, u.level, p.code, {told_apart('u')} from unit u left join unit p on p.id = u.parent_id"
        " where lower(u.code) = ?",
        (code.strip().lower(),),
    )
    if not rows:
        return None
    r = rows[0]
    return Unit(r[0], r[1], r[2], r[3], r[4] or "", "", r[5])


async def all_clusters(db: Database, today: date) -> list[Cluster]:
    """Every cluster of today, in order."""
    rows = await db.read(
        "select id, code, name, organiser_id from cluster"
        " where valid_from_on <= ? and (valid_to_on is null or valid_to_on >= ?) order by position, code",
        (today.isoformat(), today.isoformat()),
    )
    return [Cluster(*row) for row in rows]


async def cluster_by_id(db: Database, cluster_id: int) -> Cluster:
    """The cluster of that id, ended or not."""
    [row] = await db.read("select id, code, name, organiser_id from cluster where id = ?", (cluster_id,))
    return Cluster(*row)


async def name_of(db: Database, unit_id: int) -> str:
    """What the unit is called."""
    name: str = (await db.read("select name from unit where id = ?", (unit_id,)))[0][0]
    return name


async def cluster_by_code(db: Database, code: str) -> Cluster | None:
    """The cluster of that code (case does not matter)."""
    rows = await db.read(
        "select id, code, name, organiser_id from cluster where lower(code) = ?", (code.strip().lower(),)
    )
    return Cluster(*rows[0]) if rows else None


async def clusters_of_unit(db: Database, unit_id: int, today: date) -> list[Cluster]:
    """The cluster a unit belongs to today; at most one."""
    rows = await db.read(
        "select c.id, c.code, c.name, c.organiser_id from cluster_member m join cluster c on c.id = m.cluster_id"
        " where m.unit_id = ? and m.valid_from_on <= ? and (m.valid_to_on is null or m.valid_to_on >= ?)",
        (unit_id, today.isoformat(), today.isoformat()),
    )
    return [Cluster(*row) for row in rows]
