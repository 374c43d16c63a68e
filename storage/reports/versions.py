"""The state of the figures as a number, by which what has changed since can be told."""

from storage.database import Database


async def current(db: Database) -> int:
    """The version everything that is read now has: the number of the last event."""
    rows = await db.read("select coalesce(max(id), 0) from event")
    version: int = rows[0][0]
    return version
