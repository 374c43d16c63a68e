"""Targets as rows: what was set for a unit and an indicator in a period."""

from datetime import date

from reporting.figures.targets import Target
from reporting.organisation.part import WHOLE, Part
from storage.database import Database, Statement
from storage.engine.instants import maybe_day


def set_target(period_id: int, unit_id: int, indicator: str, amount: int, due_on: date | None) -> Statement:
    """Sets or replaces a target; amount is scaled as the indicator's values."""
    return (
        "insert into target (period_id, unit_id, indicator, amount, due_on) values (?, ?, ?, ?, ?)"
        " on conflict (period_id, unit_id, indicator) do update set amount = excluded.amount,"
        " due_on = excluded.due_on",
        (period_id, unit_id, indicator, amount, due_on.isoformat() if due_on else None),
    )


async def of_part(db: Database, period: str, part: Part) -> list[Target]:
    """The targets set in a period (its code) for a unit, or for the province's own one."""
    mine, params = ("u.level = 'tinh_doan'", ()) if part == WHOLE else ("u.id = ?", (part.unit_id,))
    rows = await db.read(
        "select t.indicator, t.amount, t.due_on from target t join unit u on u.id = t.unit_id"
        f" join period p on p.id = t.period_id where p.code = ? and {mine} order by t.indicator",
        (period, *params),
    )
    return [Target(r[0], r[1], maybe_day(r[2])) for r in rows]


async def every_target(db: Database) -> dict[tuple[int, int, str], Target]:
    """All targets by period, unit and indicator."""
    rows = await db.read("select period_id, unit_id, indicator, amount, due_on from target")
    return {(r[0], r[1], r[2]): Target(r[2], r[3], maybe_day(r[4])) for r in rows}
