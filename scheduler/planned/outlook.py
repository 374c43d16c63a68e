"""An instant in, what the plan of messages is made from at that instant out, read once for all jobs of a beat."""

import asyncio
from collections.abc import Sequence
from datetime import date, datetime

from reporting.plan.entries import Entry
from reporting.plan.facts import Facts
from reporting.plan.planner import Planner
from storage.database import Database
from storage.people import preferences
from storage.periods import holidays, planning
from storage.periods.planning import Situation


async def planner_of(db: Database) -> Planner:
    """The plan by the office's rules and days, as they stand."""
    return Planner(await preferences.rules(db), await holidays.calendar(db))


class Outlook:
    """The plan's rules at an instant, its facts and the entries of a day, each read when it is first asked for."""

    def __init__(self, db: Database, channels: Sequence[str], now: datetime, planner: Planner) -> None:
        self.planner = planner
        self._db = db
        self._channels = channels
        self._now = now
        self._situation: Situation | None = None
        self._days: dict[date, list[Entry]] = {}

    async def situation(self) -> Situation:
        """The facts, and what words need beside them."""
        if self._situation is None:
            self._situation = await planning.situation(self._db, self._now, self._channels, self.planner.calendar)
        return self._situation

    async def occasions(self) -> Facts:
        """The facts that groups are told by: those of the situation where it is read already, else far fewer."""
        if self._situation is not None:
            return self._situation.facts
        return await planning.occasions(self._db, self._now, self._channels, self.planner.calendar)

    async def day(self, day: date) -> list[Entry]:
        """What the plan of reminders says of that local day; reckoned beside the messages that come in, because
        for five thousand units it takes some tenths of a second.
        """
        if day not in self._days:
            facts = (await self.situation()).facts
            self._days[day] = await asyncio.to_thread(self.planner.reminders.day, facts, day)
        return self._days[day]


class Outlooks:
    """Makes outlooks for the jobs, the same one for each as long as the clock stands and nothing is written here."""

    def __init__(self, db: Database, channels: Sequence[str]) -> None:
        self.channels = channels
        self._db = db
        self._last: tuple[tuple[datetime, int], Outlook] | None = None

    async def at(self, now: datetime) -> Outlook:
        """The outlook of that instant."""
        state = (now, self._db.units_taken)
        if self._last is None or self._last[0] != state:
            self._last = (state, Outlook(self._db, self.channels, now, await planner_of(self._db)))
        return self._last[1]

    async def tick(self, now: datetime) -> int:
        """The last job of a beat: a province's facts are not kept in memory until the next one."""
        self._last = None
        return 0
