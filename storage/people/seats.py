"""A role and a day in, its state in every place out: somebody enrolled, somebody expected, or vacant."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from reporting.organisation.listed import ListedUnit
from reporting.organisation.roles import REPORTERS
from reporting.time.calendar import local_day
from storage.database import Database
from storage.engine.instants import stamp
from storage.organisation.names import listed, told_apart


@dataclass(frozen=True, slots=True)
class Seat:
    """A role in a unit, or for a cluster, whose code and name then stand for the unit's; unit_id is None there.

    cluster: the unit's own or its parent's code, '' where there is none. enrolled: somebody holds the role and has an
    account. post_id, expected, title: whom the office has named for it and who has not enrolled yet. waiting: a code
    for it is good that nobody has used.
    """

    unit_id: int | None
    code: str
    name: str
    level: str
    parent_id: int | None
    parent: str
    cluster: str
    cluster_name: str
    enrolled: bool
    post_id: int | None
    expected: str
    title: str = ""
    waiting: bool = False
    role: str = "secretary"
    cluster_id: int | None = None
    known_as: str = ""  # the name, with the unit above where another is called the same; '' for a cluster


_LIVE = "i.kind = 'person' and i.used_at is null and i.withdrawn_at is null and i.expires_at > ?"


async def seats(db: Database, role: str, now: datetime, parent_id: int | None = None) -> list[Seat]:
    """The seats of a role that reports, in every unit of today, by cluster, parent and code; of one parent's units if
    given. A unit has one of a secretary, and of deputies one for each who is named and has not enrolled.
    """
    day = local_day(now).isoformat()
    one = " and w.id = (select min(x.id) from post x where x.unit_id = u.id and x.role = w.role and {})".format(
        f"{_valid('x')} and not exists (select 1 from role r where r.post_id = x.id)"
    )
    rows = await db.read(
        "select u.id, u.code, u.name, u.level, p.id, p.name, coalesce(c.code, d.code), coalesce(c.name, d.name),"
        " case when e.unit_id is null then 0 else 1 end, w.id, w.name, w.title,"
        f" case when exists (select 1 from invite i where i.unit_id = u.id and i.role = ? and {_LIVE}"
        "   and (i.post_id is null or w.id is null or i.post_id = w.id)) then 1 else 0 end,"
        f" null, {told_apart('u')}"
        " from unit u left join unit p on p.id = u.parent_id"
        f" left join cluster_member m on m.unit_id = u.id and {_valid('m')}"
        " left join cluster c on c.id = m.cluster_id"
        f" left join cluster_member n on n.unit_id = p.id and {_valid('n')}"
        " left join cluster d on d.id = n.cluster_id"
        " left join (select distinct r.unit_id from role r join account a on a.person_id = r.person_id"
        f"   where r.role = ? and a.consent = 'given' and {_valid('r')}) e on e.unit_id = u.id"
        f" left join post w on w.unit_id = u.id and w.role = ? and {_valid('w')}"
        f"   and not exists (select 1 from role r where r.post_id = w.id){one if role == 'secretary' else ''}"
        f" where {_valid('u')} and (cast(? as bigint) is null or u.parent_id = cast(? as bigint))"
        " order by coalesce(c.position, d.position, 0), coalesce(c.code, d.code, ''),"
        " coalesce(case when u.level = 'chi_doan' then p.code end, u.code), u.level desc, u.code, w.id",
        (role, stamp(now), day, day, day, day, role, day, day, role, day, day,
         *((day, day) if role == "secretary" else ()), day, day, parent_id, parent_id),
    )  # fmt: skip
    return [_seat(tuple(row), role) for row in rows]


async def named(db: Database, role: str, now: datetime) -> list[Seat]:
    """The seats of any other role: one for each post of today."""
    assert role not in REPORTERS
    day = local_day(now).isoformat()
    rows = await db.read(
        "select u.id, coalesce(u.code, o.code), coalesce(u.name, o.name), coalesce(u.level, ''), p.id, p.name,"
        " coalesce(o.code, c.code, d.code), coalesce(o.name, c.name, d.name),"
        " case when exists (select 1 from role r join account a on a.person_id = r.person_id"
        f"   where r.post_id = w.id and a.consent = 'given' and {_valid('r')}) then 1 else 0 end, w.id, w.name, w.title,"
        f" case when exists (select 1 from invite i where i.post_id = w.id and {_LIVE}) then 1 else 0 end,"
        f" o.id, case when u.id is null then '' else {told_apart('u')} end from post w left join unit u on u.id = w.unit_id left join cluster o on o.id = w.cluster_id"
        " left join unit p on p.id = u.parent_id"
        f" left join cluster_member m on m.unit_id = u.id and {_valid('m')}"
        " left join cluster c on c.id = m.cluster_id"
        f" left join cluster_member n on n.unit_id = p.id and {_valid('n')}"
        " left join cluster d on d.id = n.cluster_id"
        f" where w.role = ? and w.name <> '' and {_valid('w')}"
        " order by coalesce(o.position, c.position, d.position, 0), coalesce(o.code, c.code, d.code, ''),"
        " coalesce(u.code, ''), w.id",
        (day, day, stamp(now), day, day, day, day, role, day, day),
    )
    return [_seat(tuple(row), role) for row in rows]


async def members(db: Database, cluster_id: int, today: date) -> list[ListedUnit]:
    """The cluster's units by code; state: "enrolled" where somebody who reports for the unit has an account, else ''."""
    day = today.isoformat()
    rows = await db.read(
        f"select {listed('u')}, case when exists (select 1 from role r join account a on a.person_id = r.person_id"
        f"   where r.unit_id = u.id and r.role in ('secretary', 'deputy') and a.consent = 'given' and {_valid('r')})"
        "   then 'enrolled' else '' end"
        f" from cluster_member m join unit u on u.id = m.unit_id where m.cluster_id = ? and {_valid('m')} order by u.code",
        (day, day, cluster_id, day, day),
    )
    return [ListedUnit(*row) for row in rows]


def _seat(r: tuple[Any, ...], role: str) -> Seat:
    """A row of either query: the last two columns are the cluster's id and the name it is told apart by."""
    area = (r[0], r[1], r[2], r[3], r[4], r[5] or "", r[6] or "", r[7] or "")
    return Seat(*area, bool(r[8]), r[9], r[10] or "", r[11] or "", bool(r[12]), role, r[13], r[14])


def _valid(table: str) -> str:
    return f"{table}.valid_from_on <= ? and ({table}.valid_to_on is null or {table}.valid_to_on >= ?)"
