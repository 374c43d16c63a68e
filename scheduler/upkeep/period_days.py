"""The day in; planned periods opened and open ones locked out, by the days the office set."""

from datetime import date, datetime

from reporting.time.calendar import local_day
from reporting.time.deadlines import OpenDays, PeriodState, open_days
from storage.database import Conflict, Database
from storage.organisation import owing, units
from storage.periods import holidays, rounds
from storage.periods.rounds import Round
from storage.reports.events import happened


class PeriodDays:
    """The job that opens and locks periods; it queues no messages: reminders and posts follow from the state."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def tick(self, now: datetime) -> int:
        """Changes what is due to be changed; queues no messages."""
        today = local_day(now)
        for round_ in await rounds.with_days(self._db):
            state = (await self._open_days(round_, today)).state(today)
            if state != round_.state and state != "planned":
                await self._change(round_, state, now)
        return 0

    async def _open_days(self, round_: Round, today: date) -> OpenDays:
        """Also of a cluster that has no briefing yet; storage/periods/planning.py reckons the same."""
        met_on = {b.cluster_id: local_day(b.starts_at) for b in await rounds.briefings(self._db, round_.id)}
        owed_by = await owing.owing(self._db, round_.id, round_.terms.owes, today)
        every = [cluster.id for cluster in await units.all_clusters(self._db, today)]
        clusters = {one: met_on.get(one) for one in every if owed_by is None or one in owed_by.values()}
        opened_on = round_.opened_on or date.min if round_.state == "open" else None
        calendar = await holidays.calendar(self._db)
        own = await rounds.own_days(self._db, round_, calendar, clusters)
        return open_days(round_.period, round_.terms, calendar, clusters.values(), own, opened_on)

    async def _change(self, round_: Round, state: PeriodState, now: datetime) -> None:
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
