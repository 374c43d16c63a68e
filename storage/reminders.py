"""Reminders: one row per period, unit, person and rung, planned once, cancelled with the submission."""

from dataclasses import dataclass
from datetime import datetime

from storage.database import Database, Statement
from storage.instants import instant, stamp


@dataclass(frozen=True, slots=True)
class Owing:
    """A reporter of a unit that still owes its report, with one reachable account."""

    unit_id: int
    unit_name: str
    unit_level: str
    cluster_id: int
    person_id: int
    channel: str
    chat_id: str
    secretary: bool


@dataclass(frozen=True, slots=True)
class Planned:
    """A reminder whose time has come."""

    period_id: int
    unit_id: int
    person_id: int
    rung: str
    due_at: datetime


async def owing(db: Database, period_id: int, channels: tuple[str, ...], day: str) -> list[Owing]:
    """Everyone who reports for a unit that owes the period and can be reached on these channels."""
    places = ", ".join("?" * len(channels))
    rows = await db.read(
        "select u.id, u.name, u.level, m.cluster_id, r.person_id, a.channel, a.chat_id, r.role"
        " from cluster_member m join unit u on u.id = m.unit_id"
        " join role r on r.unit_id = u.id and r.role in ('secretary', 'deputy')"
        "   and r.valid_from_on <= ? and (r.valid_to_on is null or r.valid_to_on >= ?)"
        " join account a on a.person_id = r.person_id and a.consent = 'given' and a.unreachable_at is null"
        f"   and a.channel in ({places})"
        " left join submission s on s.unit_id = u.id and s.period_id = ?"
        " where m.valid_from_on <= ? and (m.valid_to_on is null or m.valid_to_on >= ?)"
        " and (s.state is null or s.state in ('draft', 'returned'))"
        " order by u.id, r.role desc, r.person_id, a.channel, a.chat_id",
        (day, day, *channels, period_id, day, day),
    )
    return [Owing(*row[:7], secretary=row[7] == "secretary") for row in (tuple(r) for r in rows)]


def plan(period_id: int, unit_id: int, person_id: int, rung: str, due_at: datetime) -> Statement:
    """Plans a reminder; a moved briefing moves those not yet sent."""
    return (
        "insert into reminder (period_id, unit_id, person_id, rung, due_at, state) values (?, ?, ?, ?, ?, 'planned')"
        " on conflict (period_id, unit_id, person_id, rung) do update set due_at = excluded.due_at"
        " where reminder.state = 'planned'",
        (period_id, unit_id, person_id, rung, stamp(due_at)),
    )


async def due(db: Database, period_id: int, now: datetime) -> list[Planned]:
    """Planned reminders of the period whose time has come, the latest of each person first."""
    rows = await db.read(
        "select period_id, unit_id, person_id, rung, due_at from reminder"
        " where state = 'planned' and period_id = ? and due_at <= ? order by unit_id, person_id, due_at desc",
        (period_id, stamp(now)),
    )
    return [Planned(r[0], r[1], r[2], r[3], instant(r[4])) for r in rows]


def settle(planned: Planned, state: str, now: datetime) -> Statement:
    """It was sent or dropped; fails the unit if it was settled meanwhile (the unit filed, another worker)."""
    return (
        "update reminder set state = ?, settled_at = ?"
        " where period_id = ? and unit_id = ? and person_id = ? and rung = ? and state = 'planned'",
        (state, stamp(now), planned.period_id, planned.unit_id, planned.person_id, planned.rung),
        1,
    )


def cancel(period_id: int, unit_id: int, now: datetime) -> Statement:
    """The unit has filed: nothing planned for it is sent any more."""
    return (
        "update reminder set state = 'cancelled', settled_at = ?"
        " where period_id = ? and unit_id = ? and state = 'planned'",
        (stamp(now), period_id, unit_id),
    )
