"""The local channel's chats as rows, both directions, so that a page opened again shows what was said."""

import base64
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from storage.database import Database, Statement
from storage.engine.instants import instant, stamp

_MARK = 16  # hexadecimal digits


@dataclass(frozen=True, slots=True)
class LocalMessage:
    """One line of a local chat. sender: 'bot', or the name of who wrote; choices: (label, data) pairs.

    bold: lines of the text that are headings; known while the outbox keeps what was said. mark: the same for a message
    that was changed, '' for what a person said.
    """

    id: int
    sender: str
    text: str
    choices: Sequence[tuple[str, str]]
    at: int
    file: "LocalFile | None" = None
    bold: Sequence[str] = ()
    mark: str = ""


@dataclass(frozen=True, slots=True)
class LocalFile:
    """What came with a line. mark: by which it is asked for; picture: whether it is to be shown."""

    mark: str
    name: str
    picture: bool


def write(
    chat_id: str, sender: str, text: str, choices: Sequence[tuple[str, str]], now: datetime, key: str | None
) -> Statement:
    """Appends a message; one with a key that was written before is not written again."""
    return (
        "insert into local_message (chat_id, outbox_key, sender, text, choices, at) values (?, ?, ?, ?, ?, ?)"
        " on conflict (outbox_key) do nothing",
        (chat_id, key, sender, text, json.dumps([list(c) for c in choices], ensure_ascii=False), stamp(now)),
    )


def drop(chat_id: str, key: str) -> Statement:
    """Takes the message with that key away, for what is written in its place."""
    return ("delete from local_message where chat_id = ? and outbox_key = ?", (chat_id, key))


def enclose(key: str, name: str, picture: bool, content: bytes, mark: str = "") -> Statement:
    """Puts a file to the message written with that key, once. mark: drawn where none is given."""
    return (
        "insert into local_file (message, mark, name, picture, content) values (?, ?, ?, ?, ?)"
        " on conflict (message) do nothing",
        (key, mark or secrets.token_urlsafe(24), name, int(picture), base64.b64encode(content).decode()),
    )


def enclose_again(key: str, mark: str) -> Statement:
    """Puts the file of that mark to the message written with that key, too, once."""
    return (
        "insert into local_file (message, mark, name, picture, content) select ?, ?, name, picture, content"
        " from local_file where mark = ? on conflict (message) do nothing",
        (key, secrets.token_urlsafe(24), mark),
    )


async def enclosed(db: Database, *, message: str = "", mark: str = "") -> str:
    """The mark of the file that came with the message of that key, or has that mark; '' for none."""
    rows = await db.read("select mark from local_file where message = ? or mark = ?", (message, mark))
    return str(rows[0][0]) if rows else ""


async def file(db: Database, chat_id: str, mark: str) -> tuple[LocalFile, bytes] | None:
    """The file of that mark, if it came into that chat."""
    rows = await db.read(
        "select f.mark, f.name, f.picture, f.content from local_file f"
        " join local_message m on m.outbox_key = f.message where f.mark = ? and m.chat_id = ?",
        (mark, chat_id),
    )
    return (LocalFile(rows[0][0], rows[0][1], bool(rows[0][2])), base64.b64decode(rows[0][3])) if rows else None


def forget(chat_id: str) -> list[Statement]:
    """Drops all that was said in a chat, and what came with it."""
    return [
        (
            "delete from local_file where message in (select outbox_key from local_message where chat_id = ?)",
            (chat_id,),
        ),
        ("delete from local_message where chat_id = ?", (chat_id,)),
    ]


def forget_before(moment: datetime) -> list[Statement]:
    """Drops what was said in any chat before that instant, and what came with it."""
    at = (stamp(moment),)
    return [
        ("delete from local_file where message in (select outbox_key from local_message where at < ?)", at),
        ("delete from local_message where at < ?", at),
    ]


async def since(db: Database, chat_id: str, after: int, limit: int = 200) -> list[LocalMessage]:
    """The newest messages of a chat with an id above `after`, oldest first."""
    rows = await db.read(
        "select newest.id, sender, text, choices, at, f.mark, f.name, f.picture, o.body, newest.outbox_key from (select * from local_message"
        " where chat_id = ? and id > ? order by id desc limit ?) newest"
        " left join local_file f on f.message = newest.outbox_key"
        " left join outbox o on o.dedupe_key = newest.outbox_key order by newest.id",
        (chat_id, after, limit),
    )
    return [
        LocalMessage(
            r[0], r[1], r[2], [(c[0], c[1]) for c in json.loads(r[3])], r[4],
            None if r[5] is None else LocalFile(r[5], r[6], bool(r[7])),
            json.loads(r[8] or "{}").get("bold", ()), sha256(r[9].encode()).hexdigest()[:_MARK] if r[9] else "",
        )
        for r in rows
    ]  # fmt: skip


async def newest(db: Database) -> dict[str, int]:
    """By chat: the id of its newest message from the bot."""
    rows = await db.read("select chat_id, max(id) from local_message where sender = 'bot' group by chat_id")
    return {r[0]: r[1] for r in rows}


async def latest_at(db: Database) -> datetime | None:
    """When the newest message of all chats was written; None if there is none."""
    rows = await db.read("select max(at) from local_message")
    return instant(rows[0][0]) if rows[0][0] is not None else None
