"""Messages to be sent as rows, each with a permanent unique key: queued, leased, sent, held back or given up."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile
from typing import Any, Literal

from storage.database import Database, Statement
from storage.engine.instants import instant, stamp

Kind = Literal["reply", "reminder", "group_post", "digest", "notice"]

# The words of the index outbox_open. SQLite takes it only where they stand, and would else read every message ever
# sent to find the few that wait.
OPEN = "state in ('ready', 'leased')"

# Stands in a text for a petition's number, of at least two digits, which is only known within the unit.
NUMBER = "\ue001"
_WITH_NUMBER = (
    f"replace(?, '{NUMBER}', (select case when last < 10 then '0' else '' end || cast(last as text)"
    " from petition_counter where period_id = ?))"
)

# What nobody asked for speaks of its day ("in three days"): it is not sent after that day's evening, nor when the
# machine comes back a month later. From the first hour it may leave at, seven, to the last one, eight.
FRESH = timedelta(hours=13)

# Why nobody knows about a message whose sender is gone.
STOPPED = "the sender stopped while sending"


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """One row to be sent. body: the JSON of text, choices and file; attempts: how often it was tried before.

    created_at: None where it is being written now.
    """

    key: str
    kind: Kind
    channel: str
    chat_id: str
    body: dict[str, Any]
    attempts: int
    created_at: datetime | None = None


def say(
    dedupe_key: str,
    kind: Kind,
    channel: str,
    chat_id: str,
    body: dict[str, Any],
    now: datetime,
    not_before: datetime | None = None,
    numbered_in: int | None = None,
) -> Statement:
    """Queues a message to leave at once, also by a clock that was set back since, or from `not_before` on; a key that
    has been used, however long ago, queues nothing.

    numbered_in: the period whose latest petition's number goes where NUMBER stands in the text.
    body["file"], what a file is made of (scheduler/sending/files.py), is kept apart: it goes when the message has gone.
    """
    text = _json({name: part for name, part in body.items() if name != "file"})
    file = _json(body["file"]) if "file" in body else None
    content, number = ("?", ()) if numbered_in is None else (_WITH_NUMBER, (numbered_in,))
    return (
        "insert into outbox"
        " (dedupe_key, kind, channel, chat_id, body, created_at, not_before_at, file, state, attempts)"
        f" values (?, ?, ?, ?, {content}, ?, ?, ?, 'ready', 0) on conflict (dedupe_key) do nothing",
        (dedupe_key, kind, channel, chat_id, text, *number,
         stamp(now), 0 if not_before is None else stamp(not_before), file),
    )  # fmt: skip


async def due(db: Database, channels: Sequence[str], now: datetime, limit: int) -> list[OutboxRow]:
    """Rows ready to be sent on these channels, one per chat (its oldest open one), replies to known people first.

    A notice that waits for its hour is passed by: it was written in another chat, and answers here do not wait for it.
    """
    marks = ", ".join("?" * len(channels))
    rows = await db.read(
        "select o.dedupe_key, o.kind, o.channel, o.chat_id, o.body, o.attempts, o.file, o.created_at, coalesce(g.topic, '')"
        " from outbox o left join group_chat g on g.channel = o.channel and g.chat_id = o.chat_id"
        " join (select min(id) as id from outbox where state in ('ready', 'leased')"
        f"   and channel in ({marks}) and (kind <> 'notice' or not_before_at <= ?)"
        "   group by channel, chat_id) head on head.id = o.id"
        " where o.state = 'ready' and o.not_before_at <= ? and (o.kind in ('reply', 'notice') or o.created_at > ?)"
        " order by case when o.kind <> 'reply' then 2 when exists (select 1 from account a where a.channel = o.channel"
        "   and a.chat_id = o.chat_id and a.consent = 'given') then 0 else 1 end, o.id limit ?",
        (*channels, stamp(now), stamp(now), stamp(now - FRESH), limit),
    )
    return [OutboxRow(r[0], r[1], r[2], r[3], _body(r[4], r[6], r[8]), r[5], instant(r[7])) for r in rows]


def _json(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def _body(body: str, file: str | None, topic: str) -> dict[str, Any]:
    """The content as it was queued; what names no topic goes to the one in which its group was linked."""
    content: dict[str, Any] = ({"topic": topic} if topic else {}) | json.loads(body)
    return content if file is None else content | {"file": json.loads(file)}


def lease(db: Database, key: str, until: datetime) -> Statement:
    """Takes the row for sending by this process; changes no row if another has it or it was cancelled."""
    skip = " for update skip locked" if db.engine == "postgresql" else ""
    return (
        f"{_LEASE} where id in (select o.id from outbox o where o.dedupe_key = ? and o.state = 'ready'{skip})",
        (db.runner, stamp(until), key),
    )


def lease_new(db: Database, key: str, now: datetime, until: datetime) -> Statement:
    """The same in the unit that writes the row; changes no row if the chat has older ones to come before it."""
    return (
        f"{_LEASE} where dedupe_key = ? and state = 'ready' and not exists (select 1 from outbox e where e.{OPEN}"
        " and e.channel = outbox.channel and e.chat_id = outbox.chat_id and e.id < outbox.id"
        " and (e.kind <> 'notice' or e.not_before_at <= ?))",
        (db.runner, stamp(until), key, stamp(now)),
    )


_LEASE = "update outbox set state = 'leased', leased_by = ?, leased_until_at = ?, attempts = attempts + 1"


def mark_sent(key: str, external_id: str, now: datetime, forget: bool = False, farewell: bool = False) -> Statement:
    """The channel took the message. forget: its text must not stay here (a code, of which only a hash is kept).

    farewell: the last word to somebody who was erased; to whom it went is forgotten, too.
    """
    return (
        "update outbox set state = 'sent', sent_at = ?, external_id = ?, leased_until_at = null, error = null, file = null,"
        " body = case when ? = 1 then '{}' else body end, chat_id = case when ? = 1 then '' else chat_id end"
        " where dedupe_key = ?",
        (stamp(now), external_id, int(forget), int(farewell), key),
    )


def mark_later(key: str, at: datetime, error: str, *, maybe_sent: bool = False) -> Statement:
    """It is tried again from `at` on. maybe_sent: it may have arrived, and its kind may come twice."""
    return (
        "update outbox set state = 'ready', not_before_at = ?, leased_until_at = null, error = ?,"
        " maybe_sent = case when ? = 1 then 1 else maybe_sent end where dedupe_key = ?",
        (stamp(at), error, int(maybe_sent), key),
    )


# A message that alone is refused again and again is not among them for long.
_HASTY = 16


def hasten(channel: str, now: datetime, chat_id: str = "") -> Statement:
    """The channel, or that chat, answers again: what waits there since nobody knew its outcome is tried at once."""
    return (
        f"update outbox set not_before_at = ? where {OPEN} and state = 'ready' and maybe_sent = 1 and channel = ?"
        f" and not_before_at > ? and attempts <= {_HASTY}{' and chat_id = ?' if chat_id else ''}",
        (stamp(now), channel, stamp(now), *((chat_id,) if chat_id else ())),
    )


def hasten_group(channel: str, chat_id: str, now: datetime) -> Statement:
    """The group takes messages again: what waits for it is tried at once."""
    return (
        f"update outbox set not_before_at = ? where {OPEN} and state = 'ready' and channel = ? and chat_id = ?"
        " and not_before_at > ?",
        (stamp(now), channel, chat_id, stamp(now)),
    )


def mark_ended(key: str, state: Literal["unsure", "failed", "cancelled"], error: str) -> Statement:
    """It is not tried again; `error` says why."""
    return (
        "update outbox set state = ?, leased_until_at = null, error = ?, file = null where dedupe_key = ?",
        (state, error, key),
    )


async def lessees(db: Database) -> list[str]:
    """The processes that hold leases now."""
    rows = await db.read(
        f"select distinct leased_by from outbox where {OPEN} and state = 'leased' and leased_by is not null"
    )
    return [row[0] for row in rows]


def release(gone: Sequence[str], again: Sequence[Kind]) -> list[Statement]:
    """Leases of processes that are gone: kinds in `again` are ready once more, the others end as unsure."""
    return _end_leases(f"leased_by in ({', '.join('?' * len(gone))})", gone, again)


def expire(now: datetime, again: Sequence[Kind]) -> list[Statement]:
    """The same for leases that have run out, whoever holds them; and what it is too late for is withdrawn."""
    return [
        *_end_leases("leased_until_at < ?", (stamp(now),), again),
        (
            "update outbox set state = case when maybe_sent = 1 then 'unsure' else 'cancelled' end,"
            " error = case when maybe_sent = 1 then error else 'too late' end, file = null"
            f" where {OPEN} and state = 'ready' and kind not in ('reply', 'notice') and created_at <= ?",
            (stamp(now - FRESH),),
        ),
    ]


def _end_leases(which: str, params: Sequence[str | int], again: Sequence[Kind]) -> list[Statement]:
    over = f"{OPEN} and state = 'leased' and {which}"
    marks = ", ".join("?" * len(again))
    return [
        (
            f"update outbox set state = 'ready', leased_until_at = null, maybe_sent = 1 where {over} and kind in ({marks})",
            (*params, *again),
        ),
        (
            "update outbox set state = 'unsure', leased_until_at = null, file = null,"
            f" error = '{STOPPED}' where {over}",
            tuple(params),
        ),
    ]


def cancel_for_chat(channel: str, chat_id: str, reason: str) -> Statement:
    """Nothing more goes to a chat that cannot be reached."""
    return (
        "update outbox set state = 'cancelled', error = ?, file = null"
        f" where channel = ? and chat_id = ? and {OPEN} and state = 'ready'",
        (reason, channel, chat_id),
    )


def cancel_reminders(period: str, unit_id: int) -> Statement:
    """The unit has filed: reminders that name it and are not yet on their way are withdrawn; of a quick count those
    that ask for nothing else. What has the papers of a meeting in it goes all the same."""
    return (
        f"update outbox set state = 'cancelled', error = 'filed' where {OPEN} and state = 'ready' and kind = 'reminder'"
        " and dedupe_key not like 'pack:%' and (dedupe_key in (select r.message from reminder r join period p on p.id = r.period_id"
        "   where p.code = ? and r.unit_id = ? and r.message is not null) or (dedupe_key like ? and body like ?))",
        (period, unit_id, f"quick:{period}:%", f'%"asks":["{period}@{unit_id:x}"%'),
    )


def cancel_reminders_of(unit_id: int, person_id: int) -> Statement:
    """The person no longer reports for the unit: reminders that name it and are not yet on their way are withdrawn."""
    return (
        f"update outbox set state = 'cancelled', error = 'handed over' where {OPEN} and state = 'ready'"
        " and kind = 'reminder' and dedupe_key in (select r.message from reminder r"
        "   where r.unit_id = ? and r.person_id = ? and r.message is not null)",
        (unit_id, person_id),
    )


async def waiting(db: Database, key: str) -> list[tuple[int, str, dict[str, Any]]]:
    """Notices not yet on their way whose key begins so: (id, chat as "channel:chat", body)."""
    rows = await db.read(
        f"select id, channel, chat_id, body from outbox where {OPEN} and state = 'ready' and kind = 'notice'"
        " and dedupe_key like ? order by id",
        (f"{key}%",),
    )
    return [(r[0], f"{r[1]}:{r[2]}", json.loads(r[3])) for r in rows]


def rewrite(row_id: int, body: dict[str, Any], not_before: datetime) -> Statement:
    """A notice not yet on its way says this instead, later; fails the unit if it has just left."""
    return (
        "update outbox set body = ?, not_before_at = ? where id = ? and state = 'ready'",
        (_json(body), stamp(not_before), row_id),
        1,
    )


@dataclass(frozen=True, slots=True)
class Joinable:
    """A notice that waits for its hour and has nothing to tap: its row, words and file."""

    id: int
    text: str
    file: dict[str, Any] | None


async def joinable(db: Database, now: datetime) -> dict[str, list[Joinable]]:
    """Notices that may go with another message to the same person, by "channel:chat", in their order."""
    rows = await db.read(
        f"select id, channel, chat_id, body, file from outbox where {OPEN} and state = 'ready' and kind = 'notice'"
        " and attempts = 0 and not_before_at > ? order by channel, chat_id, id",  # as their index has them
        (stamp(now),),
    )
    found: dict[str, list[Joinable]] = {}
    for row_id, channel, chat_id, content, file in rows:
        if (told := json.loads(content)).keys() == {"text"}:
            one = Joinable(row_id, told["text"], None if file is None else json.loads(file))
            found.setdefault(f"{channel}:{chat_id}", []).append(one)
    return found


def join(row_id: int) -> Statement:
    """Such a notice is part of another message; fails the unit if it has just left."""
    return (
        "update outbox set state = 'cancelled', error = 'joined', file = null where id = ? and state = 'ready'",
        (row_id,),
        1,
    )


def withdraw(row_id: int) -> Statement:
    """A notice not yet on its way has nothing left to say; fails the unit if it has just left."""
    return (
        "update outbox set state = 'cancelled', error = 'undone', file = null where id = ? and state = 'ready'",
        (row_id,),
        1,
    )


def move(channel: str, old: str, new: str) -> Statement:
    """A group got a new id: what waits for it goes there."""
    return (
        "update outbox set chat_id = ? where channel = ? and chat_id = ? and state in ('ready', 'leased')",
        (new, channel, old),
    )


async def known(db: Database, keys: Sequence[str]) -> set[str]:
    """Which of these keys have been used."""
    if not keys:
        return set()
    marks = ", ".join("?" * len(keys))
    return {r[0] for r in await db.read(f"select dedupe_key from outbox where dedupe_key in ({marks})", tuple(keys))}


async def states(db: Database, key: str) -> set[str]:
    """The states of the messages whose key begins so."""
    rows = await db.read("select distinct state from outbox where dedupe_key like ?", (f"{key}%",))
    return {row[0] for row in rows}


async def taken(db: Database, channel: str, chat_id: str, external_id: str) -> dict[str, Any] | None:
    """The content of the message that the channel took under this id; None where it is not known any more."""
    rows = await db.read(
        "select body from outbox where channel = ? and chat_id = ? and external_id = ? order by id desc limit 1",
        (channel, chat_id, external_id),
    )
    return json.loads(rows[0][0]) if rows else None


async def told_since(db: Database, channel: str, chat_id: str) -> list[dict[str, Any]]:
    """What the chat was told unasked since its last reply and has arrived, the latest first; a few at most."""
    rows = await db.read(
        "select kind, body, id from outbox where channel = ? and chat_id = ? and external_id is not null"
        " and dedupe_key not like 'papers:%'"
        " union all"
        f" select kind, body, id from outbox where channel = ? and chat_id = ? and {OPEN} and kind = 'reply'"
        " order by id desc limit 5",
        (channel, chat_id, channel, chat_id),
    )
    return [json.loads(row[1]) for row in takewhile(lambda row: row[0] != "reply", rows)]


async def sent_to(db: Database, channel: str, chat_id: str, since: datetime) -> int:
    """How many messages have arrived in the chat since that instant."""
    rows = await db.read(
        "select count(*) from outbox where channel = ? and chat_id = ? and external_id is not null and sent_at > ?",
        (channel, chat_id, stamp(since)),
    )
    count: int = rows[0][0]
    return count


@dataclass(frozen=True, slots=True)
class Queued:
    """A message that was queued, and when."""

    created_at: datetime
    body: dict[str, Any]


async def bodies(db: Database, keys: Sequence[str], state: str = "") -> list[Queued]:
    """The messages under these keys whose words are kept, the latest first; only those in that state if one is given."""
    if not keys:
        return []
    marks = ", ".join("?" * len(keys))
    rows = await db.read(
        f"select created_at, body from outbox where dedupe_key in ({marks}){' and state = ?' if state else ''} and body <> '{{}}'"
        " order by created_at desc, id desc",
        (*keys, *((state,) if state else ())),
    )
    return [Queued(instant(row[0]), json.loads(row[1])) for row in rows]


async def next_due_at(db: Database, channels: Sequence[str]) -> int | None:
    """When the next row that waits may be sent, as a stamp; None when nothing waits."""
    marks = ", ".join("?" * len(channels))
    rows = await db.read(
        f"select min(not_before_at) from outbox where {OPEN} and state = 'ready' and channel in ({marks})",
        tuple(channels),
    )
    stamp_: int | None = rows[0][0]
    return stamp_


async def by_state(db: Database) -> dict[str, int]:
    """How many messages are in each state, for monitoring."""
    return {r[0]: r[1] for r in await db.read("select state, count(*) from outbox group by state order by state")}
