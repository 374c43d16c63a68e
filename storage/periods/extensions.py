"""Deadlines of single units as rows: granted by the office, told to the unit's reporters once."""

from dataclasses import dataclass
from datetime import date, datetime

from storage.database import Database, Statement
from storage.engine.instants import stamp
from storage.organisation.names import told_apart


@dataclass(frozen=True, slots=True)
class Extension:
    """A unit's own deadline of a period."""

    period_id: int
    unit_id: int
    unit_name: str
    deadline_on: date


def grant(
    period_id: int, unit_id: int, deadline_on: date, reason: str, granted_by: int | None, now: datetime
) -> Statement:
    """Gives a unit a deadline of its own, instead of one it may have had; its reporters are to be told."""
    return (
        "insert into extension (period_id, unit_id, deadline_on, reason, granted_by, granted_at)"
        " values (?, ?, ?, ?, ?, ?) on conflict (period_id, unit_id) do update set"
        " deadline_on = excluded.deadline_on, reason = excluded.reason, granted_by = excluded.granted_by,"
        " granted_at = excluded.granted_at, told_at = null",
        (period_id, unit_id, deadline_on.isoformat(), reason, granted_by, stamp(now)),
    )


async def untold(db: Database) -> list[Extension]:
    """Extensions of running periods whose units have not been told."""
    rows = await db.read(
        f"select e.period_id, e.unit_id, {told_apart('u')}, e.deadline_on from extension e join unit u on u.id = e.unit_id"
        " join period p on p.id = e.period_id where e.told_at is null and p.state in ('open', 'locked')"
        " order by e.granted_at, e.unit_id"
    )
    return [Extension(r[0], r[1], r[2], date.fromisoformat(r[3])) for r in rows]


def told(extension: Extension, now: datetime) -> Statement:
    """The unit has been told; fails the unit of work if another worker has, or the deadline was changed again."""
    return (
        "update extension set told_at = ? where period_id = ? and unit_id = ? and deadline_on = ? and told_at is null",
        (stamp(now), extension.period_id, extension.unit_id, extension.deadline_on.isoformat()),
        1,
    )
