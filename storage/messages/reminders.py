"""Reminders as rows, one per person, unit, rung and day: planned ahead, sent once, cancelled with the submission."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from reporting.plan.facts import TASK_RUNG
from storage.database import Database, Statement
from storage.engine.instants import instant, stamp
from storage.organisation.owing import owes_on, state_on
from storage.reports.submissions import FILED

# Rows in one statement: six parameters each, far below what either engine takes.
TOGETHER = 500

# What the unit, the chair, the office or the commune asked for; the rungs are planned anew with every look, these stay.
ASKED = "('again', 'help', 'asked', 'above')"

# It stands in a message, whatever became of that: sent, nobody knows (unsure), it did not arrive (failed).
SAID = "('sent', 'unsure', 'failed')"


@dataclass(frozen=True, slots=True, order=True)
class ReminderRow:
    """One thing a person is to be told about a unit on a day."""

    period_id: int
    unit_id: int
    person_id: int
    rung: str
    day_on: date


@dataclass(frozen=True, slots=True)
class StoredReminder:
    """A row as it stands."""

    row: ReminderRow
    due_at: datetime
    state: str


async def kept(db: Database, first: date, last: date) -> list[StoredReminder]:
    """Rows of these days, and those of earlier days that nobody has settled."""
    rows = await db.read(
        "select period_id, unit_id, person_id, rung, day_on, due_at, state from reminder"
        " where (day_on >= ? and day_on <= ?) or (state = 'planned' and day_on < ?)",
        (first.isoformat(), last.isoformat(), first.isoformat()),
    )
    return [
        StoredReminder(ReminderRow(r[0], r[1], r[2], r[3], date.fromisoformat(r[4])), instant(r[5]), r[6]) for r in rows
    ]


async def any_due(db: Database, now: datetime) -> bool:
    """Whether a reminder's time has come."""
    return bool(await db.read("select 1 from reminder where state = 'planned' and due_at <= ? limit 1", (stamp(now),)))


async def planned_by(db: Database, day: date, until: datetime) -> dict[int, datetime]:
    """By person, when the first reminder of that day that is not sent is due, by that instant."""
    rows = await db.read(
        "select person_id, min(due_at) from reminder where state = 'planned' and day_on = ? and due_at <= ?"
        " group by person_id",
        (day.isoformat(), stamp(until)),
    )
    return {row[0]: instant(row[1]) for row in rows}


async def owed_by(db: Database, person_id: int, today: date) -> list[tuple[int, int]]:
    """(period, unit) of every open report that the person makes and that is not filed."""
    day = today.isoformat()
    rows = await db.read(
        "select distinct p.id, r.unit_id from role r join cluster_member m on m.unit_id = r.unit_id"
        "   and m.valid_from_on <= ? and (m.valid_to_on is null or m.valid_to_on >= ?)"
        f" join period p on (p.state = 'open' and p.due_at is null and {owes_on(day)}) or (p.state = 'locked' and exists (select 1 from extension e"
        "   where e.period_id = p.id and e.unit_id = r.unit_id and e.deadline_on >= ?))"
        " left join submission s on s.period_id = p.id and s.unit_id = r.unit_id"
        " where r.person_id = ? and r.role in ('secretary', 'deputy')"
        "   and r.valid_from_on <= ? and (r.valid_to_on is null or r.valid_to_on >= ?)"
        f"   and coalesce({state_on(day)}, '') not in {FILED} order by p.id, r.unit_id",
        (day, day, day, person_id, day, day),
    )
    return [(r[0], r[1]) for r in rows]


async def helped(db: Database) -> dict[tuple[int, int], date]:
    """By (period, unit): the last day of a reminder that the chair, the office or the commune has asked for."""
    rows = await db.read(
        "select period_id, unit_id, max(day_on) from reminder where rung in ('help', 'asked', 'above')"
        f" and (state = 'planned' or state in {SAID}) group by period_id, unit_id"
    )
    return {(r[0], r[1]): date.fromisoformat(r[2]) for r in rows}


def forget_again(person_id: int, now: datetime) -> Statement:
    """The person asks for another hour: the one asked for before does not come."""
    return (
        "update reminder set state = 'dropped', settled_at = ?"
        " where person_id = ? and rung = 'again' and state = 'planned'",
        (stamp(now), person_id),
    )


def plan(wanted: Sequence[tuple[ReminderRow, datetime]]) -> list[Statement]:
    """Plans these rows with the instant of each; what was sent stays sent, what was dropped or moved is due anew."""
    unit: list[Statement] = []
    for begin in range(0, len(wanted), TOGETHER):
        part = wanted[begin : begin + TOGETHER]
        values = [
            value
            for row, due_at in part
            for value in (row.period_id, row.unit_id, row.person_id, row.rung, row.day_on.isoformat(), stamp(due_at))
        ]
        unit.append(
            (
                "insert into reminder (period_id, unit_id, person_id, rung, day_on, due_at, state) values"
                f" {', '.join(['(?, ?, ?, ?, ?, ?, ' + repr('planned') + ')'] * len(part))}"
                " on conflict (period_id, unit_id, person_id, rung, day_on) do update set"
                f" due_at = excluded.due_at, state = 'planned', settled_at = null where reminder.state not in {SAID}"
                f" or (reminder.rung in {ASKED} and excluded.due_at > reminder.settled_at)",
                tuple(values),
            )
        )
    return unit


def drop(rows: Iterable[ReminderRow], now: datetime) -> list[Statement]:
    """These rows are not sent: their time has passed, or the plan has changed."""
    return [
        (
            "update reminder set state = 'dropped', settled_at = ? where period_id = ? and unit_id = ?"
            " and person_id = ? and rung = ? and day_on = ? and state = 'planned'",
            (stamp(now), row.period_id, row.unit_id, row.person_id, row.rung, row.day_on.isoformat()),
        )
        for row in rows
    ]


def send(person_id: int, day: date, count: int, message: str, now: datetime) -> Statement:
    """Everything planned for the person on that day is said in that message; fails the unit unless it is `count` rows:
    a unit has filed meanwhile, or another worker was quicker."""
    return (
        "update reminder set state = 'sent', settled_at = ?, message = ?"
        " where person_id = ? and day_on = ? and state = 'planned'"
        f" and (rung like '{TASK_RUNG}%' or not exists (select 1 from submission s"
        f"   where s.period_id = reminder.period_id and s.unit_id = reminder.unit_id and s.state in {FILED}))",
        (stamp(now), message, person_id, day.isoformat()),
        count,
    )


def follow(message: str, state: Literal["unsure", "failed"], now: datetime) -> Statement:
    """What became of the message that said them."""
    return (
        "update reminder set state = ?, settled_at = ? where message = ? and state = 'sent'",
        (state, stamp(now), message),
    )


def readdress(message: str, again: str) -> Statement:
    """What that message was to say is said by another one, on another channel."""
    return ("update reminder set message = ?, state = 'sent' where message = ?", (again, message))


def cancel(period_id: int, unit_id: int, now: datetime) -> Statement:
    """The unit has filed: nothing planned for it is sent any more."""
    return (
        "update reminder set state = 'cancelled', settled_at = ?"
        " where period_id = ? and unit_id = ? and state = 'planned'",
        (stamp(now), period_id, unit_id),
    )


def hand_over(unit_id: int, old: int, new: int, now: datetime) -> list[Statement]:
    """After `outbox.cancel_reminders_of`: what is planned for the old person of a unit, or stood in a message that was
    withdrawn, is planned for the new one; what that message said of other units is due anew."""
    return [
        (
            "update reminder set state = 'planned', settled_at = null, message = null where person_id = ?"
            " and state = 'sent' and exists (select 1 from outbox o where o.dedupe_key = reminder.message"
            "   and o.state = 'cancelled' and o.error = 'handed over')",
            (old,),
        ),
        (
            "insert into reminder (period_id, unit_id, person_id, rung, day_on, due_at, state)"
            " select period_id, unit_id, cast(? as bigint), rung, day_on, due_at, state from reminder"
            " where unit_id = ? and person_id = ? and state = 'planned'"
            " on conflict (period_id, unit_id, person_id, rung, day_on) do nothing",
            (new, unit_id, old),
        ),
        (
            "update reminder set state = 'cancelled', settled_at = ?"
            " where unit_id = ? and person_id = ? and state = 'planned'",
            (stamp(now), unit_id, old),
        ),
    ]


def withdrawn(period_id: int, unit_id: int) -> list[Statement]:
    """After `outbox.cancel_reminders`: of the messages that were withdrawn, what they said of other units is due anew."""
    gone = "select o.dedupe_key from outbox o where o.dedupe_key = reminder.message and o.state = 'cancelled'"
    return [
        (
            "update reminder set state = 'planned', settled_at = null, message = null where state = 'sent'"
            " and (period_id <> ? or unit_id <> ?) and message in"
            "   (select r.message from reminder r where r.period_id = ? and r.unit_id = ? and r.message is not null)"
            f" and exists ({gone} and o.error = 'filed')",
            (period_id, unit_id, period_id, unit_id),
        ),
        (
            "update reminder set state = 'cancelled' where period_id = ? and unit_id = ? and state = 'sent'"
            f" and exists ({gone})",
            (period_id, unit_id),
        ),
    ]
