"""One-time codes: issued for a role in a unit or cluster, or to link a group chat; only their hash is kept."""

from dataclasses import dataclass
from datetime import datetime

from storage.database import Database, Statement
from storage.instants import stamp


@dataclass(frozen=True, slots=True)
class Invite:
    """A code that is still good. kind: person or group."""

    id: int
    kind: str
    role: str
    unit_id: int | None
    unit_name: str
    cluster_id: int | None
    cluster_name: str


def issue(
    invite_id: int,
    code_hash: str,
    kind: str,
    role: str | None,
    unit_id: int | None,
    cluster_id: int | None,
    now: datetime,
    expires_at: datetime,
) -> Statement:
    """Stores a new code's hash."""
    return (
        "insert into invite (id, code_hash, kind, role, unit_id, cluster_id, created_at, expires_at)"
        " values (?, ?, ?, ?, ?, ?, ?, ?)",
        (invite_id, code_hash, kind, role, unit_id, cluster_id, stamp(now), stamp(expires_at)),
    )


async def good(db: Database, code_hash: str, now: datetime) -> Invite | None:
    """The invite of that hash, if it is neither used nor expired."""
    return await _one(db, "i.code_hash = ?", code_hash, now)


async def good_by_id(db: Database, invite_id: int, now: datetime) -> Invite | None:
    """The same by id: between the code and the consent."""
    return await _one(db, "i.id = ?", invite_id, now)


async def _one(db: Database, where: str, key: str | int, now: datetime) -> Invite | None:
    rows = await db.read(
        "select i.id, i.kind, i.role, i.unit_id, u.name, i.cluster_id, c.name from invite i"
        " left join unit u on u.id = i.unit_id left join cluster c on c.id = i.cluster_id"
        f" where {where} and i.used_at is null and i.expires_at > ?",  # one of the two constants above
        (key, stamp(now)),
    )
    if not rows:
        return None
    r = rows[0]
    return Invite(r[0], r[1], r[2] or "", r[3], r[4] or "", r[5], r[6] or "")


def use(invite_id: int, used_by: str, now: datetime) -> Statement:
    """Uses the code up; fails the unit if somebody was quicker."""
    return (
        "update invite set used_at = ?, used_by = ? where id = ? and used_at is null and expires_at > ?",
        (stamp(now), used_by, invite_id, stamp(now)),
        1,
    )


def tried(channel: str, chat_id: str, now: datetime) -> Statement:
    """Remembers a code that did not fit."""
    return (
        "insert into code_try (channel, chat_id, tried_at) values (?, ?, ?)",
        (channel, chat_id, stamp(now)),
    )


async def tries_since(db: Database, channel: str, chat_id: str, since: datetime) -> int:
    """How many codes from this chat did not fit since then."""
    rows = await db.read(
        "select count(*) from code_try where channel = ? and chat_id = ? and tried_at > ?",
        (channel, chat_id, stamp(since)),
    )
    count: int = rows[0][0]
    return count
