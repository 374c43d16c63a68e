"""How many messages each bot has yet to send by a day out, counted from the plan that will send them."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from reporting.plan.entries import Entry
from reporting.plan.facts import Facts, Person
from reporting.plan.planner import Planner
from reporting.time.calendar import local_day
from scheduler.planned.outlook import planner_of
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


@dataclass(frozen=True, slots=True)
class Enrolled:
    """What it takes then. people: who reports, and whoever else has a role. months: what each needs, by its last day;
    of the first one what is left of it.
    """

    people: int
    months: Mapping[date, Need]


async def when_enrolled(db: Database, now: datetime, months: int) -> Enrolled:
    """The same before they have: as if every unit that reports had one person, and nobody were out of reach."""
    planner = await planner_of(db)
    facts = _all_there((await planning.situation(db, now, None, planner.calendar, planned=True)).facts)
    first, found = local_day(now), dict[date, Need]()
    for _ in range(months):
        last = last_of_month(first)
        entries = await asyncio.to_thread(_listed, planner, facts, first, last)
        planned = sum(1 for entry in entries if not entry.why and entry.at > now and entry.person_id is not None)
        owed = sum(1 for debt in facts.owed.values() if first <= debt.due_on <= last)
        found[last] = Need(planned, owed * REPLIES)
        first = last + timedelta(days=1)
    return Enrolled(len(facts.people), found)


def _listed(planner: Planner, facts: Facts, first: date, last: date) -> list[Entry]:
    return list(planner.between(facts, first, last))


def _all_there(facts: Facts) -> Facts:
    people = {number: replace(who, reach="ok") for number, who in facts.people.items()}
    holders = {key: list(numbers) for key, numbers in facts.holders.items()}
    for unit in facts.units:
        if not facts.holders.get(("secretary", unit)) and not facts.holders.get(("deputy", unit)):
            people[-unit] = Person(-unit)
            holders["secretary", unit] = [-unit]
    return replace(facts, people=people, holders=holders)


def last_of_month(day: date) -> date:
    """The last day of that day's month."""
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
