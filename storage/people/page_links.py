"""One-time links to the leaders' page as rows, by their hashes only, and the session each becomes in one browser."""

from datetime import datetime

from storage.database import Database, Statement
from storage.engine.instants import stamp


def give(link_hash: str, person_id: int, now: datetime, expires_at: datetime) -> list[Statement]:
    """A new link; an earlier one of the person that nobody has used is no longer good."""
    return [
        (
            "update page_link set expires_at = ? where person_id = ? and session_hash is null and expires_at > ?",
            (stamp(now), person_id, stamp(now)),
        ),
        (
            "insert into page_link (link_hash, person_id, created_at, expires_at) values (?, ?, ?, ?)",
            (link_hash, person_id, stamp(now), stamp(expires_at)),
        ),
    ]


async def is_good(db: Database, link_hash: str, now: datetime) -> bool:
    """Whether the link can still be used."""
    rows = await db.read(
        "select 1 from page_link where link_hash = ? and session_hash is null and expires_at > ?",
        (link_hash, stamp(now)),
    )
    return bool(rows)


def use(link_hash: str, session_hash: str, now: datetime, until: datetime) -> Statement:
    """The link becomes a session; Conflict where it was used before or its time is over."""
    return (
        "update page_link set session_hash = ?, session_until = ?"
        " where link_hash = ? and session_hash is null and expires_at > ?",
        (session_hash, stamp(until), link_hash, stamp(now)),
        1,
    )


async def person_in(db: Database, session_hash: str, now: datetime) -> int | None:
    """Who is signed in by that session; None once it is over."""
    rows = await db.read(
        "select person_id from page_link where session_hash = ? and session_until > ?", (session_hash, stamp(now))
    )
    return rows[0][0] if rows else None


def end(session_hash: str, now: datetime) -> Statement:
    """The session is over from now on."""
    return ("update page_link set session_until = ? where session_hash = ?", (stamp(now), session_hash))


def forget(before: datetime) -> Statement:
    """Links whose time was over then, and whose session was, are gone."""
    return (
        "delete from page_link where expires_at < ? and coalesce(session_until, 0) < ?",
        (stamp(before), stamp(before)),
    )
