"""A clock that stands before the last heartbeat in; what was so by then goes on being so."""

from datetime import datetime, timedelta

import structlog

from storage.database import Database
from storage.periods import planning
from storage.periods.set_back import set_back

log = structlog.get_logger()

_LEAST = timedelta(minutes=1)  # two machines that share a database may differ by less


class SetBack:
    """The job that looks for it, first of all; it queues no messages."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def tick(self, now: datetime) -> int:
        """Keeps what a clock set back would undo. Raises StorageError."""
        seen = await planning.seen_at(self._db)
        if seen is not None and seen - now > _LEAST:
            log.warning("the clock was set back: what has begun since then holds from today", days=(seen - now).days)
            await self._db.write(set_back(seen, now))
        return 0
