"""The day in; changes of units that were prepared for it made, and units left under one that has ended moved, out."""

from datetime import date, datetime

from handlers.office.unit_notices import unit_notices
from handlers.wording.speech import Wording
from reporting.organisation import agenda
from reporting.time.calendar import local_day
from storage.database import Conflict, Database, Statement
from storage.organisation import prepared, snapshot
from storage.periods import tasks


class Successions:
    """The job that makes names and units above hold from their day, and has branches follow their commune on the day of
    a merger or division, with what it had to do; those who report for what moves by itself are told."""

    def __init__(self, db: Database, wording: Wording) -> None:
        self._db = db
        self._wording = wording
        self._looked_on: date | None = None

    async def tick(self, now: datetime) -> int:
        """Once a day moves whatever has to follow; returns how many messages were queued."""
        today = local_day(now)
        if today == self._looked_on:
            return 0
        due = await prepared.due(self._db, today)
        told: list[Statement] = []
        if due or await snapshot.left_below(self._db, today):
            rows = list[Statement]()
            organisation = await snapshot.load(self._db)
            agenda.make(organisation, due, today)
            rows += [prepared.done(change) for change in due]
            rows += snapshot.statements(organisation, None, now)  # what was prepared has been told
            organisation.changes.clear()
            organisation.follow(today)
            told = await unit_notices(self._db, self._wording, organisation, now)
            try:
                await self._db.write([*rows, *snapshot.statements(organisation, None, now), *told])
            except Conflict:
                return 0  # another worker was quicker, or the office is at it: looked at again
        await self._db.write(tasks.inherit(today))
        self._looked_on = today
        return len(told)
