"""The day in; units left under one that has ended are put under its heir, and into the heir's cluster, out."""

from datetime import date, datetime

from reporting.time.calendar import local_day
from storage.database import Conflict, Database
from storage.organisation import snapshot


class Successions:
    """The job that has branches follow their commune on the day of a merger or division that was prepared ahead."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._looked_on: date | None = None

    async def tick(self, now: datetime) -> int:
        """Once a day moves whatever has to follow; it queues no messages."""
        today = local_day(now)
        if today == self._looked_on:
            return 0
        if await snapshot.left_below(self._db, today):
            organisation = await snapshot.load(self._db)
            organisation.follow(today)
            try:
                await self._db.write(snapshot.statements(organisation, None, now))
            except Conflict:
                return 0  # another worker was quicker, or the office is at it: looked at again
        self._looked_on = today
        return 0
