"""Updates as rows: kept before they are acknowledged, and marked done with their effect, once."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from storage.database import Database, Statement
from storage.engine.instants import stamp


@dataclass(frozen=True, slots=True)
class PendingUpdate:
    """An update that has not had its effect yet. `payload` is the JSON of an Incoming.

    begun: how often it was taken up after a process had left it without an end, this claim included.
    """

    channel: str
    bot: str
    message_id: str
    chat_id: str
    payload: str
    begun: int = 0


# Taken up so often after an earlier run and never done, it is what ends the processes. Two or three times are no proof:
# whoever kills a process again and again, on a slow machine, also hits what it is at.
MOST_BEGUN = 5


def arrive(channel: str, bot: str, message_id: str, chat_id: str, payload: str, now: datetime) -> Statement:
    """Keeps an update; a second delivery of it changes no row."""
    return (
        "insert into inbox (channel, bot, message_id, chat_id, payload, received_at)"
        " values (?, ?, ?, ?, ?, ?) on conflict (channel, bot, message_id) do nothing",
        (channel, bot, message_id, chat_id, payload, stamp(now)),
    )


def arrive_unreadable(channel: str, bot: str, message_id: str, raw: str, error: str, now: datetime) -> Statement:
    """Sets an update aside that could not be parsed: kept with its error, never handled, in nobody's way."""
    return (
        "insert into inbox (channel, bot, message_id, chat_id, payload, received_at, done_at, error)"
        " values (?, ?, ?, '', ?, ?, ?, ?) on conflict (channel, bot, message_id) do nothing",
        (channel, bot, message_id, raw, stamp(now), stamp(now), error),
    )


def done(channel: str, bot: str, message_id: str, now: datetime) -> Statement:
    """Marks the effect; fails the unit if the update already had it. The payload goes: it is personal data."""
    return (
        "update inbox set done_at = ?, payload = null"
        " where channel = ? and bot = ? and message_id = ? and done_at is null",
        (stamp(now), channel, bot, message_id),
        1,
    )


def set_aside(channel: str, bot: str, message_id: str, error: str, now: datetime) -> Statement:
    """Ends an update whose handling failed; payload and error stay for the engineer on call."""
    return (
        "update inbox set done_at = ?, error = ? where channel = ? and bot = ? and message_id = ? and done_at is null",
        (stamp(now), error, channel, bot, message_id),
        1,
    )


async def waiting(db: Database, limit: int = 1000) -> list[PendingUpdate]:
    """Updates without effect, oldest first."""
    rows = await db.read(
        "select channel, bot, message_id, chat_id, payload, begun from inbox where done_at is null order by id limit ?",
        (limit,),
    )
    return [PendingUpdate(*row) for row in rows]


async def following(db: Database, channel: str, bot: str, message_id: str) -> str | None:
    """The payload of what was said next in the chat of that update, and has not had its effect."""
    rows = await db.read(
        "select n.payload from inbox i join inbox n on n.channel = i.channel and n.chat_id = i.chat_id"
        " where i.channel = ? and i.bot = ? and i.message_id = ? and n.bot = i.bot and n.id > i.id"
        " and n.done_at is null order by n.id limit 1",
        (channel, bot, message_id),
    )
    return rows[0][0] if rows else None


def begin(entries: Sequence[PendingUpdate]) -> list[Statement]:
    """Updates that an earlier run has left are taken up."""
    return [
        (
            "update inbox set begun = begun + 1 where channel = ? and bot = ? and message_id = ? and done_at is null",
            (entry.channel, entry.bot, entry.message_id),
        )
        for entry in entries
    ]


def claim(
    db: Database, claimant: str, now: datetime, until: datetime, limit: int, *, left_over: bool = False
) -> Statement:
    """Takes the oldest open update of each chat that no worker is busy with; `claimed` reads what was got.

    Only the head of a chat is taken, so that a chat is handled in order however many workers there are.
    left_over: of those that a worker has begun before, the one begun oftenest last; else of the others.
    """
    skip = " for update skip locked" if db.engine == "postgresql" else ""
    return (
        "update inbox set claimed_by = ?, claimed_until_at = ?, begun = begun + 1 where id in (select i.id from inbox i"
        f" where i.done_at is null and i.begun {'>' if left_over else '='} 0 and (i.claimed_until_at is null or i.claimed_until_at < ?)"
        " and not exists (select 1 from inbox e where e.channel = i.channel and e.chat_id = i.chat_id"
        f" and e.id < i.id and e.done_at is null) order by {'i.begun, ' if left_over else ''}case when exists (select 1 from account a"
        "   where a.channel = i.channel and a.chat_id = i.chat_id and a.consent = 'given') then 0 else 1 end,"
        f" i.id limit ?{skip})",
        (claimant, stamp(until), stamp(now), limit),
    )


def new_claimant(db: Database) -> str:
    """A name for one claim of this process."""
    return f"{db.runner}-{secrets.token_hex(4)}"


def runner_of(claimant: str) -> str:
    """The process that claimed under this name."""
    return claimant.partition("-")[0]


async def claimants(db: Database) -> list[str]:
    """Who holds claims now."""
    rows = await db.read("select distinct claimed_by from inbox where done_at is null and claimed_by is not null")
    return [row[0] for row in rows]


def release(claimants: Sequence[str]) -> Statement:
    """What these claimants held may be claimed by others."""
    marks = ", ".join("?" * len(claimants))
    return (
        "update inbox set claimed_by = null, claimed_until_at = null"
        f" where done_at is null and claimed_by in ({marks})",
        tuple(claimants),
    )


async def claimed(db: Database, claimant: str) -> list[PendingUpdate]:
    """What this claimant holds, oldest first."""
    rows = await db.read(
        "select channel, bot, message_id, chat_id, payload, begun from inbox"
        " where claimed_by = ? and done_at is null order by id",
        (claimant,),
    )
    return [PendingUpdate(*row) for row in rows]


def forget(before: datetime, set_aside_before: datetime) -> list[Statement]:
    """Drops updates done long ago, and later those set aside; no channel delivers anything again after a day."""
    return [
        ("delete from inbox where done_at < ? and error is null", (stamp(before),)),
        ("delete from inbox where done_at < ? and error is not null", (stamp(set_aside_before),)),
    ]


_HOUR, _SHIFT, _NOON = 3_600_000, 7, 12  # milliseconds; hours that Vietnam is ahead of UTC, all year


async def never_before_noon(db: Database, since: datetime) -> set[int]:
    """Persons who have written on two days and more since then, each time after noon."""
    hours = f"(i.received_at / {_HOUR} + {_SHIFT})"
    rows = await db.read(
        "select a.person_id from inbox i join account a on a.channel = i.channel and a.chat_id = i.chat_id"
        f" where i.received_at >= ? group by a.person_id having count(distinct {hours} / 24) > 1"
        f" and min({hours} % 24) >= {_NOON}",
        (stamp(since),),
    )
    return {row[0] for row in rows}
