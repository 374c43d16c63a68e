"""Group chats as rows: which is linked to which cluster, in which topic, and whether the bot may write there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from storage.database import Database, Statement
from storage.engine.instants import stamp


def link(channel: str, chat_id: str, cluster_id: int, now: datetime, topic: str = "") -> Statement:
    """The group is the cluster's from now on, written to in that topic; a group linked elsewhere changes over."""
    return (
        "insert into group_chat (channel, chat_id, cluster_id, topic, linked_at) values (?, ?, ?, ?, ?)"
        " on conflict (channel, chat_id) do update set cluster_id = excluded.cluster_id, topic = excluded.topic,"
        " linked_at = excluded.linked_at, unlinked_at = null, barred_at = null, barred_told_at = null",
        (channel, chat_id, cluster_id, topic, stamp(now)),
    )


def bar(channel: str, chat_id: str, why: str, now: datetime) -> Statement:
    """The bot is in the group and may not write there for now."""
    return (
        "update group_chat set barred_at = ?, barred_why = ? where channel = ? and chat_id = ?"
        " and unlinked_at is null and barred_at is null",
        (stamp(now), why, channel, chat_id),
    )


def unbar(channel: str, chat_id: str) -> Statement:
    """The group takes messages again."""
    return (
        "update group_chat set barred_at = null, barred_why = null, barred_told_at = null"
        " where channel = ? and chat_id = ? and barred_at is not null",
        (channel, chat_id),
    )


def unlink(channel: str, chat_id: str, now: datetime) -> Statement:
    """The bot was removed from the group."""
    return (
        "update group_chat set unlinked_at = ? where channel = ? and chat_id = ? and unlinked_at is null",
        (stamp(now), channel, chat_id),
    )


def move(channel: str, old: str, new: str) -> Statement:
    """The group got a new id (it became a supergroup)."""
    return (
        "update group_chat set chat_id = ? where channel = ? and chat_id = ?"
        " and not exists (select 1 from group_chat g where g.channel = ? and g.chat_id = ?)",
        (new, channel, old, channel, new),
    )


async def cluster_of(db: Database, channel: str, chat_id: str) -> int | None:
    """The id of the cluster a group belongs to."""
    rows = await db.read(
        "select cluster_id from group_chat where channel = ? and chat_id = ? and unlinked_at is null",
        (channel, chat_id),
    )
    return rows[0][0] if rows else None


async def of_cluster(db: Database, cluster_id: int) -> list[tuple[str, str]]:
    """(channel, chat id) of every group of a cluster."""
    rows = await db.read(
        "select channel, chat_id from group_chat where cluster_id = ? and unlinked_at is null"
        " order by channel, chat_id",
        (cluster_id,),
    )
    return [(r[0], r[1]) for r in rows]


@dataclass(frozen=True, slots=True)
class Barred:
    """A group that takes no message. by_topic: its topic is closed; else the bot lacks the right."""

    channel: str
    chat_id: str
    cluster: str
    by_topic: bool


async def barred_untold(db: Database, before: datetime) -> list[Barred]:
    """Groups barred since before that instant of which the office does not know yet."""
    rows = await db.read(
        "select g.channel, g.chat_id, c.name, g.barred_why from group_chat g join cluster c on c.id = g.cluster_id"
        " where g.barred_at <= ? and g.barred_told_at is null and g.unlinked_at is null order by c.name, g.chat_id",
        (stamp(before),),
    )
    return [Barred(r[0], r[1], r[2], "topic" in (r[3] or "").casefold()) for r in rows]


def barred_told(found: Sequence[Barred], now: datetime) -> list[Statement]:
    """The office is told of these; fails the unit if one is not so any more or was told of meanwhile."""
    return [
        (
            "update group_chat set barred_told_at = ? where channel = ? and chat_id = ?"
            " and barred_at is not null and barred_told_at is null",
            (stamp(now), group.channel, group.chat_id),
            1,
        )
        for group in found
    ]
