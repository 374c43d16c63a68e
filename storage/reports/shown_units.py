"""A unit's id or a period in, the units of a page out: a unit with where it stands, and the units under it."""

from dataclasses import dataclass
from datetime import date

from reporting.figures.values import Value
from storage.database import Database
from storage.organisation.names import told_apart
from storage.reports import running


@dataclass(frozen=True, slots=True)
class ShownUnit:
    """A unit of today: its state in the period ('' where none was begun), the unit above it and its cluster.

    cluster_id: its own, else that of the unit above it, else that of the branches under it.
    """

    id: int
    code: str
    known_as: str
    level: str
    parent_id: int | None
    parent: str
    cluster_id: int | None
    state: str


_ROW = (
    f"select u.id, u.code, {told_apart('u')}, u.level, u.parent_id, coalesce(p.name, ''),"
    " coalesce(m.cluster_id, n.cluster_id, case when u.level in ('tinh_doan', 'trung_uong') then null else"
    "   (select min(o.cluster_id) from cluster_member o join unit b on b.id = o.unit_id where b.parent_id = u.id"
    "   and o.valid_from_on <= ? and (o.valid_to_on is null or o.valid_to_on >= ?)) end),"
    " coalesce(s.state, '') from unit u"
    " left join unit p on p.id = u.parent_id"
    " left join cluster_member m on m.unit_id = u.id"
    "   and m.valid_from_on <= ? and (m.valid_to_on is null or m.valid_to_on >= ?)"
    " left join cluster_member n on n.unit_id = u.parent_id"
    "   and n.valid_from_on <= ? and (n.valid_to_on is null or n.valid_to_on >= ?)"
    " left join submission s on s.unit_id = u.id and s.period_id = ?"
    " where u.valid_from_on <= ? and (u.valid_to_on is null or u.valid_to_on >= ?)"
)


async def shown(db: Database, unit_id: int, period_id: int, day: date) -> ShownUnit | None:
    """The unit as it stands on that day; None where there is none."""
    on = day.isoformat()
    rows = await db.read(f"{_ROW} and u.id = ?", (on, on, on, on, on, on, period_id, on, on, unit_id))
    return ShownUnit(*rows[0]) if rows else None


async def under(db: Database, unit_id: int, period_id: int, day: date) -> list[ShownUnit]:
    """The units directly under it, by code."""
    on = day.isoformat()
    rows = await db.read(
        f"{_ROW} and u.parent_id = ? order by u.code", (on, on, on, on, on, on, period_id, on, on, unit_id)
    )
    return [ShownUnit(*row) for row in rows]


async def filed_values(db: Database, unit_id: int, period_id: int) -> dict[str, Value]:
    """The unit's values by indicator once its report was sent, without those given back; what it has not sent is its
    own.
    """
    rows = await db.read(
        "select v.indicator, v.amount, v.approx, v.source from value v"
        " join submission s on s.period_id = v.period_id and s.unit_id = v.unit_id"
        f" where v.period_id = ? and v.unit_id = ? and {running.counts()}",
        (period_id, unit_id),
    )
    return {code: Value(amount, bool(approx), source) for code, amount, approx, source in rows}
