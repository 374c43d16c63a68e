"""How many updates came in by a channel in a span of time, out of the inbox, which keeps them for a month."""

from datetime import datetime

from storage.database import Database
from storage.engine.instants import stamp


async def taken_in(db: Database, channel: str, since: datetime, until: datetime) -> int:
    """Updates received from `since` on and before `until`."""
    rows = await db.read(
        "select count(*) from inbox where channel = ? and received_at >= ? and received_at < ?",
        (channel, stamp(since), stamp(until)),
    )
    count: int = rows[0][0]
    return count
