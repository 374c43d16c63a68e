"""What units said of values that were doubted and confirmed: for whoever reviews the reports."""

from dataclasses import dataclass

from reporting.values import Value
from storage.database import Database


@dataclass(frozen=True, slots=True)
class Noted:
    """A unit's value with its note."""

    unit: str
    code: str
    value: Value


async def noted(db: Database, period_id: int) -> list[Noted]:
    """The values of a period with a note, drafts too, the newest first."""
    rows = await db.read(
        "select u.name, v.indicator, v.amount, v.approx, v.source, v.note from value v join unit u on u.id = v.unit_id"
        " where v.period_id = ? and v.note <> '' order by v.set_at desc, u.code, v.indicator",
        (period_id,),
    )
    return [
        Noted(unit, code, Value(amount, bool(approx), source, note))
        for unit, code, amount, approx, source, note in rows
    ]
