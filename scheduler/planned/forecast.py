"""How many messages each bot has yet to send by a day out, counted from the plan that will send them."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from reporting.time.calendar import local_day
from scheduler.planned.reminders import planner_of
from storage.database import Database
from storage.messages.allowances import bot_of
from storage.people import groups, people
from storage.periods import planning

REPLIES = 3  # to a whole report, pasted or on a form


@dataclass(slots=True)
class Need:
    """planned: what the calendar will say unasked. replies: to the reports that are owed by the day."""

    planned: int = 0
    replies: int = 0

    @property
    def all(self) -> int:
        return self.planned + self.replies


async def needs(db: Database, now: datetime, last: date, channels: Sequence[str]) -> Mapping[tuple[str, str], Need]:
    """By (channel, bot), from tomorrow to that day: nothing that is on its way today is counted twice."""
    planner = await planner_of(db)
    facts = (await planning.situation(db, now, None, planner.calendar, planned=True)).facts
    today, found = local_day(now), dict[tuple[str, str], Need]()
    entries = await asyncio.to_thread(
        lambda: [e for e in planner.between(facts, today, last) if not e.why and (e.at > now)]
    )
    best = await people.best_accounts(db, facts.people, channels)

    def need(channel: str, chat_id: str) -> Need:
        return found.setdefault((channel, bot_of(chat_id)), Need())

    for entry in entries:
        if entry.person_id in best:
            account = best[entry.person_id]
            need(account.channel, account.chat_id).planned += 1
    posts = [entry.cluster_id for entry in entries if entry.person_id is None and entry.cluster_id]
    for cluster in set(posts):
        for channel, chat in await groups.of_cluster(db, cluster):
            need(channel, chat).planned += posts.count(cluster)
    for debt in facts.owed.values():
        reporter = next((best[p] for p in facts.reporters(debt.unit_id) if p in best), None)
        if reporter is not None and debt.due_on <= last:
            need(reporter.channel, reporter.chat_id).replies += REPLIES
    return found


def last_of_month(day: date) -> date:
    """The last day of that day's month."""
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
