"""Pasted reports and notes for leaders as rows, masked before they come here and kept for a limited time."""

from dataclasses import dataclass
from datetime import datetime

from storage.database import Database, Statement
from storage.engine.instants import instant, stamp

KEPT_DAYS = 90  # domain rule: raw text no longer than a reading may be questioned


@dataclass(frozen=True, slots=True)
class Pasted:
    """One pasted report as it was read, with its unit's name."""

    unit_name: str
    text: str
    at: datetime


def keep_pasted(text_id: int, period_id: int, unit_id: int, person_id: int, text: str, now: datetime) -> Statement:
    """Keeps what was pasted, so that the office can see what a figure was read from."""
    return (
        "insert into pasted (id, period_id, unit_id, person_id, text, at) values (?, ?, ?, ?, ?, ?)",
        (text_id, period_id, unit_id, person_id, text, stamp(now)),
    )


async def of_report(db: Database, period_id: int, unit_id: int) -> list[str]:
    """What was pasted of a report, the newest first."""
    rows = await db.read(
        "select text from pasted where period_id = ? and unit_id = ? order by at desc, id desc", (period_id, unit_id)
    )
    return [row[0] for row in rows]


async def pasted_by(db: Database, person_id: int) -> list[Pasted]:
    """What is kept of the person's pasted reports, oldest first."""
    rows = await db.read(
        "select u.name, t.text, t.at from pasted t join unit u on u.id = t.unit_id where t.person_id = ?"
        " order by t.at, t.id",
        (person_id,),
    )
    return [Pasted(row[0], row[1], instant(row[2])) for row in rows]


def keep_note(note_id: int, unit_id: int | None, person_id: int, text: str, now: datetime) -> Statement:
    """Keeps a sensitive note."""
    return (
        "insert into restricted_note (id, unit_id, person_id, text, at) values (?, ?, ?, ?, ?)",
        (note_id, unit_id, person_id, text, stamp(now)),
    )


def note_key(note_id: int) -> str:
    """What the keys of the messages that carry a note begin with."""
    return f"note:{note_id}:"


def forget(before: datetime) -> list[Statement]:
    """Drops texts older than that, and the words of messages: their keys stay, which never send again."""
    return [
        (
            "update outbox set body = '{}' where created_at < ? and body <> '{}' and state not in ('ready', 'leased')",
            (stamp(before),),
        ),
        ("delete from pasted where at < ?", (stamp(before),)),
        ("delete from trace where period_id in (select id from period where state = 'closed')", ()),
        ("delete from restricted_note where at < ?", (stamp(before),)),
    ]
