"""A report's times and notes read: when it was first sent, and what was said of values that were doubted."""

from dataclasses import dataclass

from reporting.figures.values import Value
from storage.database import Database
from storage.organisation.names import told_apart


@dataclass(frozen=True, slots=True)
class Noted:
    """A unit's value with its note."""

    unit: str
    code: str
    value: Value
    unit_id: int


async def noted(db: Database, period_id: int, unit_id: int | None = None) -> list[Noted]:
    """The values of a period with a note, or those of one unit's report, drafts too, the newest first."""
    rows = await db.read(
        f"select {told_apart('u')}, v.indicator, v.amount, v.approx, v.source, v.note, u.id from value v"
        " join unit u on u.id = v.unit_id"
        " where v.period_id = ? and v.note <> '' and v.unit_id = coalesce(cast(? as bigint), v.unit_id)"
        " order by v.set_at desc, u.code, v.indicator",
        (period_id, unit_id),
    )
    return [
        Noted(unit, code, Value(amount, bool(approx), source, note), unit_id)
        for unit, code, amount, approx, source, note, unit_id in rows
    ]


async def sent_at(db: Database, period_id: int, unit_id: int) -> int | None:
    """The instant (epoch milliseconds) at which the unit first sent its report; None when it has not."""
    rows = await db.read(
        "select submitted_at from submission where period_id = ? and unit_id = ?", (period_id, unit_id)
    )
    return rows[0][0] if rows else None
