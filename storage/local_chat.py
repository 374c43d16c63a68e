"""The local channel's chats, both directions, so that a page opened again shows what was said."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from storage.database import Database, Statement
from storage.instants import instant, stamp


@dataclass(frozen=True, slots=True)
class LocalMessage:
    """One line of a local chat. sender: 'bot', or the name of who wrote; choices: (label, data) pairs."""

    id: int
    sender: str
    text: str
    choices: Sequence[tuple[str, str]]
    at: int


def write(
    chat_id: str, sender: str, text: str, choices: Sequence[tuple[str, str]], now: datetime, key: str | None
) -> Statement:
    """Appends a message; one with a key that was written before is not written again."""
    return (
        "insert into local_message (chat_id, outbox_key, sender, text, choices, at) values (?, ?, ?, ?, ?, ?)"
        " on conflict (outbox_key) do nothing",
        (chat_id, key, sender, text, json.dumps([list(c) for c in choices], ensure_ascii=False), stamp(now)),
    )


async def since(db: Database, chat_id: str, after: int, limit: int = 200) -> list[LocalMessage]:
    """The newest messages of a chat with an id above `after`, oldest first."""
    rows = await db.read(
        "select id, sender, text, choices, at from (select id, sender, text, choices, at from local_message"
        " where chat_id = ? and id > ? order by id desc limit ?) newest order by id",
        (chat_id, after, limit),
    )
    return [LocalMessage(r[0], r[1], r[2], [(c[0], c[1]) for c in json.loads(r[3])], r[4]) for r in rows]


async def newest(db: Database) -> dict[str, int]:
    """By chat: the id of its newest message from the bot."""
    rows = await db.read("select chat_id, max(id) from local_message where sender = 'bot' group by chat_id")
    return {r[0]: r[1] for r in rows}


async def latest_at(db: Database) -> datetime | None:
    """When the newest message of all chats was written; None if there is none."""
    rows = await db.read("select max(at) from local_message")
    return instant(rows[0][0]) if rows[0][0] is not None else None
