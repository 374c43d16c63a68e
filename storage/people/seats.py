"""A role and a day in, its state in every unit out: somebody enrolled, somebody expected, or vacant."""

from dataclasses import dataclass
from datetime import date

from storage.database import Database


@dataclass(frozen=True, slots=True)
class Seat:
    """A role in a unit. cluster: the unit's own or its parent's code, '' where there is none.

    enrolled: somebody holds the role and has an account. post_id, expected: whom the office has named for it and
    who has not enrolled yet.
    """

    unit_id: int
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


async def seats(db: Database, role: str, today: date, parent_id: int | None = None) -> list[Seat]:
    """The seat of that role in every unit of today, by cluster, parent and code; of one parent's units if given."""
    day = today.isoformat()
    rows = await db.read(
        "select u.id, u.code, u.name, u.level, p.id, p.name, coalesce(c.code, d.code), coalesce(c.name, d.name),"
        " case when e.unit_id is null then 0 else 1 end, w.id, w.name"
        " from unit u left join unit p on p.id = u.parent_id"
        f" left join cluster_member m on m.unit_id = u.id and {_valid('m')}"
        " left join cluster c on c.id = m.cluster_id"
        f" left join cluster_member n on n.unit_id = p.id and {_valid('n')}"
        " left join cluster d on d.id = n.cluster_id"
        " left join (select distinct r.unit_id from role r join account a on a.person_id = r.person_id"
        f"   where r.role = ? and a.consent = 'given' and {_valid('r')}) e on e.unit_id = u.id"
        " left join post w on w.id = (select min(x.id) from post x where x.unit_id = u.id and x.role = ?"
        f"   and {_valid('x')} and not exists (select 1 from role r where r.post_id = x.id))"
        f" where {_valid('u')} and (cast(? as bigint) is null or u.parent_id = cast(? as bigint))"
        " order by coalesce(c.position, d.position, 0), coalesce(c.code, d.code, ''),"
        " coalesce(case when u.level = 'chi_doan' then p.code end, u.code), u.level desc, u.code",
        (day, day, day, day, role, day, day, role, day, day, day, day, parent_id, parent_id),
    )
    return [
        Seat(r[0], r[1], r[2], r[3], r[4], r[5] or "", r[6] or "", r[7] or "", bool(r[8]), r[9], r[10] or "")
        for r in rows
    ]


def _valid(table: str) -> str:
    return f"{table}.valid_from_on <= ? and ({table}.valid_to_on is null or {table}.valid_to_on >= ?)"
