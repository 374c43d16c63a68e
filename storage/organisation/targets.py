"""Targets as rows: what was set for a unit, a cluster or the province and an indicator in a period."""

from reporting.figures.targets import Target
from reporting.organisation.part import WHOLE, Part
from storage.database import Database, Statement
from storage.engine.instants import maybe_day


def set_target(period_id: int, part: Part, target: Target) -> Statement:
    """Sets or replaces the target of a unit (the province's own one for the province) or a cluster."""
    table, column, row_id = (
        ("target", "unit_id", part.unit_id) if part.unit_id is not None
        else ("cluster_target", "cluster_id", part.cluster_id)
    )  # fmt: skip
    return (
        f"insert into {table} (period_id, {column}, indicator, amount, due_on) values (?, ?, ?, ?, ?)"
        f" on conflict (period_id, {column}, indicator) do update set amount = excluded.amount,"
        " due_on = excluded.due_on",
        (period_id, row_id, target.indicator, target.amount, target.due_on.isoformat() if target.due_on else None),
    )


async def of_part(db: Database, period: str, part: Part) -> list[Target]:
    """The targets set in a period (its code) for a unit, a cluster, or the province's own unit."""
    if part.cluster_id is not None:
        rows = await db.read(
            "select t.indicator, t.amount, t.due_on from cluster_target t join period p on p.id = t.period_id"
            " where p.code = ? and t.cluster_id = ? order by t.indicator",
            (period, part.cluster_id),
        )
    else:
        mine, params = ("u.level = 'tinh_doan'", ()) if part == WHOLE else ("u.id = ?", (part.unit_id,))
        rows = await db.read(
            "select t.indicator, t.amount, t.due_on from target t join unit u on u.id = t.unit_id"
            f" join period p on p.id = t.period_id where p.code = ? and {mine} order by t.indicator",
            (period, *params),
        )
    return [Target(r[0], r[1], maybe_day(r[2])) for r in rows]


async def every_target(db: Database) -> dict[tuple[int, Part, str], Target]:
    """All targets by period, part and indicator."""
    rows = await db.read(
        "select period_id, unit_id, null, indicator, amount, due_on from target"
        " union all select period_id, null, cluster_id, indicator, amount, due_on from cluster_target"
    )
    return {(r[0], Part(unit_id=r[1], cluster_id=r[2]), r[3]): Target(r[3], r[4], maybe_day(r[5])) for r in rows}
