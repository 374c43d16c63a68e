"""Group chats as rows: which is linked to which cluster."""

from datetime import datetime

from storage.database import Database, Statement
from storage.engine.instants import stamp


def link(channel: str, chat_id: str, cluster_id: int, now: datetime) -> Statement:
    """The group is the cluster's from now on; a group linked elsewhere changes over."""
    return (
        "insert into group_chat (channel, chat_id, cluster_id, linked_at) values (?, ?, ?, ?)"
        " on conflict (channel, chat_id) do update set cluster_id = excluded.cluster_id,"
        " linked_at = excluded.linked_at, unlinked_at = null",
        (channel, chat_id, cluster_id, stamp(now)),
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
