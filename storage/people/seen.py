"""Which leaders have seen the page or a paper: by role, area and day, never by person."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from storage.database import Database, Statement
from storage.people.people import Role

PAGE, PACK = "page", "pack"


@dataclass(frozen=True, slots=True)
class Seen:
    """One role that looked at something on a day; area: the cluster's or unit's name, '' for the province."""

    role: str
    area: str
    day: date


def seen(what: str, roles: Iterable[Role], day: date) -> list[Statement]:
    """Somebody with these roles has seen it on that day; said twice, it is the same."""
    return [
        (
            "insert into seen (what, role, cluster_id, unit_id, seen_on) values (?, ?, ?, ?, ?) on conflict do nothing",
            (what, role.role, role.cluster_id or 0, role.unit_id or 0, day.isoformat()),
        )
        for role in roles
    ]


async def since(db: Database, what: str, day: date) -> list[Seen]:
    """Who has seen it from that day on, the latest first."""
    rows = await db.read(
        "select s.role, coalesce(c.name, u.name, ''), s.seen_on from seen s left join cluster c on c.id = s.cluster_id"
        " left join unit u on u.id = s.unit_id where s.what = ? and s.seen_on >= ?"
        " order by s.seen_on desc, s.role, 2",
        (what, day.isoformat()),
    )
    return [Seen(role, area, date.fromisoformat(on)) for role, area, on in rows]
