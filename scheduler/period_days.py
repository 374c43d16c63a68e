"""Opens planned periods on their day, and locks a period so many days after its last deadline."""

from datetime import date, datetime

from reporting.calendar import local_day
from reporting.deadlines import due_on
from storage import holidays, rounds, units
from storage.database import Conflict, Database
from storage.events import happened
from storage.rounds import Round, State


class PeriodDays:
    """Says nothing itself: what follows from an open period is told by reminders and posts."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def tick(self, now: datetime) -> int:
        """Changes what is due to be changed; queues no messages."""
        today = local_day(now)
        for round_ in await rounds.with_days(self._db):
            terms = round_.terms
            if round_.state == "planned":
                if terms.opens_on is not None and terms.opens_on <= today:
                    await self._change(round_, "open", now)
            elif (today - await self._last_day(round_, today)).days > (terms.lock_after or 0):
                await self._change(round_, "locked", now)
        return 0

    async def _last_day(self, round_: Round, today: date) -> date:
        """The latest day by which any unit owes the report, also in a cluster that has no briefing yet."""
        met_on = {b.cluster_id: local_day(b.starts_at) for b in await rounds.briefings(self._db, round_.id)}
        clusters = [cluster.id for cluster in await units.all_clusters(self._db, today)]
        calendar = await holidays.calendar(self._db)
        days = [due_on(round_.period, round_.terms, calendar, met_on.get(cluster)) for cluster in clusters or [0]]
        return max([*days, *(await rounds.extensions(self._db, round_.id)).values()])

    async def _change(self, round_: Round, state: State, now: datetime) -> None:
        action = "period.opened" if state == "open" else "period.locked"
        try:
            await self._db.write(
                [
                    rounds.set_state(round_, state, now),
                    happened(action, round_.code, None, now, period_id=round_.id, old=round_.state, new=state),
                ]
            )
        except Conflict:
            return  # the office or another worker was quicker
