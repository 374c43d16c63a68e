"""Housekeeping on the heartbeat: leases of senders that died, updates nobody will deliver again."""

from datetime import datetime, timedelta

from scheduler.sender import REPEATABLE
from storage import inbox, outbox
from storage.database import Database

KEEP_UPDATES = timedelta(days=30)


class Upkeep:
    """Never sends anything of its own."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._forgot_on: str = ""

    async def tick(self, now: datetime) -> int:
        """Frees expired leases; once a day forgets old updates. Returns how many messages may go again."""
        freed, *_ = await self._db.write(outbox.expire(now, REPEATABLE))
        today = now.date().isoformat()
        if today != self._forgot_on:
            await self._db.write([inbox.forget(now - KEEP_UPDATES)])
            self._forgot_on = today
        return freed
