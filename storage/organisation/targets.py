"""Targets as rows: what was set for a unit, a cluster or the province and an indicator in a period."""

from collections.abc import Sequence
from datetime import date, timedelta

from reporting.figures.targets import Target
from reporting.organisation.part import WHOLE, Part
from reporting.plan.facts import PlanAim
from storage.database import Database, Statement
from storage.engine.instants import maybe_day


def set_target(period_id: int, part: Part, target: Target) -> Statement:
    """Sets or replaces the target of a unit (the province's own one for the province) or a cluster."""
    table, column, row_id = (
        ("target", "unit_id", part.unit_id) if part.unit_id is not None
        else ("cluster_target", "cluster_id", part.cluster_id)
    )  # fmt: skip
    return (
        f"insert into {table} (period_id, {column}, indicator, amount, due_on, owner_id)"
        " values (?, ?, ?, ?, ?, cast(? as bigint))"
        f" on conflict (period_id, {column}, indicator) do update set amount = excluded.amount,"
        f" due_on = excluded.due_on, owner_id = coalesce(excluded.owner_id, {table}.owner_id)",
        (
            period_id, row_id, target.indicator, target.amount, target.due_on.isoformat() if target.due_on else None,
            target.owner_id,
        ),
    )  # fmt: skip


def drop_target(period_id: int, part: Part, indicator: str) -> Statement:
    """Nothing is set there any more; fails the unit where nothing was."""
    table, column, row_id = (
        ("target", "unit_id", part.unit_id) if part.unit_id is not None
        else ("cluster_target", "cluster_id", part.cluster_id)
    )  # fmt: skip
    return (
        f"delete from {table} where period_id = ? and {column} = ? and indicator = ?",
        (period_id, row_id, indicator),
        1,
    )


# By title, else by name; '' where nobody is named.
_OWNER = (
    "coalesce((select coalesce(nullif(min(r.title), ''), min(o.name)) from person o"
    " left join role r on r.person_id = o.id and r.valid_to_on is null where o.id = t.owner_id), '')"
)


async def of_part(db: Database, period: str, part: Part) -> list[Target]:
    """The targets set in a period (its code) for a unit, a cluster, or the province's own unit."""
    if part.cluster_id is not None:
        rows = await db.read(
            f"select t.indicator, t.amount, t.due_on, t.owner_id, {_OWNER} from cluster_target t"
            " join period p on p.id = t.period_id"
            " where p.code = ? and t.cluster_id = ? order by t.indicator",
            (period, part.cluster_id),
        )
    else:
        mine, params = ("u.level = 'tinh_doan'", ()) if part == WHOLE else ("u.id = ?", (part.unit_id,))
        rows = await db.read(
            f"select t.indicator, t.amount, t.due_on, t.owner_id, {_OWNER} from target t"
            " join unit u on u.id = t.unit_id"
            f" join period p on p.id = t.period_id where p.code = ? and {mine} order by t.indicator",
            (period, *params),
        )
    return [Target(r[0], r[1], maybe_day(r[2]), r[3], r[4]) for r in rows]


async def of_parts(db: Database, periods: Sequence[str]) -> list[tuple[str, Part, Target]]:
    """(the period's code, the unit or cluster, its target) of everything set in these periods but for the province."""
    marks = ", ".join("?" * len(periods))
    rows = await db.read(
        "select p.code, t.unit_id, null, t.indicator, t.amount, t.due_on from target t join period p on p.id = t.period_id"
        f" join unit u on u.id = t.unit_id where p.code in ({marks}) and u.level <> 'tinh_doan'"
        " union all select p.code, null, t.cluster_id, t.indicator, t.amount, t.due_on from cluster_target t"
        f" join period p on p.id = t.period_id where p.code in ({marks})",
        (*periods, *periods),
    )
    return [(r[0], Part(unit_id=r[1], cluster_id=r[2]), Target(r[3], r[4], maybe_day(r[5]))) for r in rows]


async def ahead(db: Database, today: date) -> list[PlanAim]:
    """The targets whose day, or where none is set whose period, is not over for more than a month."""
    since = (today - timedelta(days=31)).isoformat()
    rows = await db.read(
        "select t.indicator, t.unit_id, null, t.owner_id from target t join period p on p.id = t.period_id"
        " where coalesce(t.due_on, p.end_on) >= ? and p.start_on <= ?"
        " union all select t.indicator, 0, t.cluster_id, t.owner_id from cluster_target t"
        " join period p on p.id = t.period_id where coalesce(t.due_on, p.end_on) >= ? and p.start_on <= ?",
        (since, today.isoformat(), since, today.isoformat()),
    )
    return sorted((PlanAim(*row) for row in rows), key=lambda one: (one.cluster_id or 0, one.unit_id, one.indicator))


async def every_target(db: Database) -> dict[tuple[int, Part, str], Target]:
    """All targets by period, part and indicator."""
    rows = await db.read(
        "select period_id, unit_id, null, indicator, amount, due_on from target"
        " union all select period_id, null, cluster_id, indicator, amount, due_on from cluster_target"
    )
    return {(r[0], Part(unit_id=r[1], cluster_id=r[2]), r[3]): Target(r[3], r[4], maybe_day(r[5])) for r in rows}
