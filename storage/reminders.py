"""Reminders: one row per period, unit, person and rung, planned once, cancelled with the submission."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from reporting.catalogue import Level
from storage.database import Database, Statement
from storage.instants import instant, stamp


@dataclass(frozen=True, slots=True)
class Planned:
    """A reminder whose time has come, with the unit it is about and one account to send it to ('' if none)."""

    period_id: int
    unit_id: int
    person_id: int
    rung: str
    due_at: datetime
    unit_name: str
    level: Level
    cluster_id: int
    channel: str
    chat_id: str


async def due(db: Database, period_id: int, channels: Sequence[str], now: datetime, day: str) -> list[Planned]:
    """Planned reminders of the period whose time has come, the latest of each unit and person first."""
    places = ", ".join("?" * len(channels))
    account = (
        " from account a where a.person_id = r.person_id and a.consent = 'given' and a.unreachable_at is null"
        f" and a.channel in ({places}) order by a.used_at desc, a.channel desc, a.chat_id desc limit 1"
    )
    rows = await db.read(
        "select r.period_id, r.unit_id, r.person_id, r.rung, r.due_at, u.name, u.level, m.cluster_id,"
        f" (select a.channel{account}), (select a.chat_id{account})"
        " from reminder r join unit u on u.id = r.unit_id"
        " join cluster_member m on m.unit_id = u.id and m.valid_from_on <= ?"
        "   and (m.valid_to_on is null or m.valid_to_on >= ?)"
        " where r.state = 'planned' and r.period_id = ? and r.due_at <= ?"
        " order by r.unit_id, r.person_id, r.due_at desc, r.rung",
        (*channels, *channels, day, day, period_id, stamp(now)),
    )
    return [Planned(r[0], r[1], r[2], r[3], instant(r[4]), r[5], r[6], r[7], r[8] or "", r[9] or "") for r in rows]


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


def hand_over(unit_id: int, old: int, new: int, now: datetime) -> list[Statement]:
    """What is planned for the old person of a unit is planned for the new one instead."""
    return [
        (
            "insert into reminder (period_id, unit_id, person_id, rung, due_at, state)"
            " select period_id, unit_id, cast(? as bigint), rung, due_at, state from reminder"
            " where unit_id = ? and person_id = ? and state = 'planned'"
            " on conflict (period_id, unit_id, person_id, rung) do nothing",
            (new, unit_id, old),
        ),
        (
            "update reminder set state = 'cancelled', settled_at = ?"
            " where unit_id = ? and person_id = ? and state = 'planned'",
            (stamp(now), unit_id, old),
        ),
    ]


def plan_cluster(period_id: int, cluster_id: int, rung: str, due_at: datetime, day: str) -> Statement:
    """Plans one rung for everybody who reports for a unit of the cluster that still owes, in one statement.

    Deputies are reminded only where no secretary is enrolled. A row once planned is not planned again; one not
    yet sent moves with its briefing.
    """
    reporter = (
        "select 1 from role q join account b on b.person_id = q.person_id and b.consent = 'given'"
        " where q.unit_id = r.unit_id and q.role = 'secretary' and q.valid_from_on <= ?"
        " and (q.valid_to_on is null or q.valid_to_on >= ?) and b.unreachable_at is null"
    )
    return (
        "insert into reminder (period_id, unit_id, person_id, rung, due_at, state)"
        " select distinct cast(? as bigint), r.unit_id, r.person_id, cast(? as text), cast(? as bigint), 'planned'"
        " from cluster_member m join role r on r.unit_id = m.unit_id"
        "   and r.valid_from_on <= ? and (r.valid_to_on is null or r.valid_to_on >= ?)"
        " join account a on a.person_id = r.person_id and a.consent = 'given' and a.unreachable_at is null"
        " left join submission s on s.period_id = ? and s.unit_id = m.unit_id"
        " where m.cluster_id = ? and m.valid_from_on <= ? and (m.valid_to_on is null or m.valid_to_on >= ?)"
        " and (s.state is null or s.state in ('draft', 'returned'))"
        f" and (r.role = 'secretary' or (r.role = 'deputy' and not exists ({reporter})))"
        " on conflict (period_id, unit_id, person_id, rung) do update set due_at = excluded.due_at"
        "   where reminder.state = 'planned' and reminder.due_at <> excluded.due_at",
        (period_id, rung, stamp(due_at), day, day, period_id, cluster_id, day, day, day, day),
    )
