"""Chats as rows: whom each belongs to, the consent given, and where its dialogue stands."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from storage.database import Database, Statement
from storage.engine.instants import stamp


@dataclass(frozen=True, slots=True)
class Standing:
    """One chat: its person (None before enrolment), the consent given, and the state of its dialogue.

    elsewhere: the person may have last written from another account.
    """

    person_id: int | None
    name: str
    consent: str
    unreachable: bool
    state: Mapping[str, Any]
    rev: int
    elsewhere: bool = False


async def standing(db: Database, channel: str, chat_id: str) -> Standing:
    """The chat's standing in one read; an unknown chat has no person and rev 0."""
    rows = await db.read(
        "select a.person_id, p.name, a.consent, a.unreachable_at, c.state, c.rev,"
        " exists (select 1 from account b where b.person_id = a.person_id and b.used_at >= a.used_at"
        "   and (b.channel <> a.channel or b.chat_id <> a.chat_id))"
        " from (select cast(? as text) as channel, cast(? as text) as chat_id) k"
        " left join account a on a.channel = k.channel and a.chat_id = k.chat_id"
        " left join person p on p.id = a.person_id"
        " left join conversation c on c.channel = k.channel and c.chat_id = k.chat_id",
        (channel, chat_id),
    )
    person_id, name, consent, unreachable_at, state, rev, elsewhere = rows[0]
    return Standing(
        person_id, name or "", consent or "", unreachable_at is not None, json.loads(state or "{}"), rev or 0,
        bool(elsewhere),
    )  # fmt: skip


async def busy(db: Database, since: datetime) -> set[int]:
    """Persons who have been in a dialogue since that instant."""
    rows = await db.read(
        "select distinct a.person_id from conversation c"
        " join account a on a.channel = c.channel and a.chat_id = c.chat_id where c.touched_at > ?",
        (stamp(since),),
    )
    return {row[0] for row in rows}


def keep(channel: str, chat_id: str, state: Mapping[str, Any], rev: int, now: datetime) -> Statement:
    """Stores the dialogue's state; fails the unit if somebody stored another one since `rev` was read."""
    text = json.dumps(state, ensure_ascii=False, separators=(",", ":"))
    if rev == 0:
        return (
            "insert into conversation (channel, chat_id, state, rev, touched_at) values (?, ?, ?, 1, ?)"
            " on conflict (channel, chat_id) do nothing",
            (channel, chat_id, text, stamp(now)),
            1,
        )
    return (
        "update conversation set state = ?, rev = rev + 1, touched_at = ?"
        " where channel = ? and chat_id = ? and rev = ?",
        (text, stamp(now), channel, chat_id, rev),
        1,
    )


def forget(before: datetime) -> Statement:
    """Drops where dialogues stood that nobody has taken up since; the draft itself is the unit's and stays."""
    return "delete from conversation where touched_at < ?", (stamp(before),)


def move(channel: str, old: str, new: str) -> Statement:
    """A group got a new id: its dialogue goes with it."""
    return (
        "update conversation set chat_id = ? where channel = ? and chat_id = ?"
        " and not exists (select 1 from conversation c where c.channel = ? and c.chat_id = ?)",
        (new, channel, old, channel, new),
    )
