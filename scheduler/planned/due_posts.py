"""The plan and the hour in; the posts of one kind that are due now out."""

from collections.abc import Sequence
from datetime import datetime

from reporting.plan.entries import Entry, Kind
from reporting.time.calendar import local_day
from scheduler.planned.reminders import planner_of
from storage.database import Database
from storage.periods import planning


async def due_posts(db: Database, kind: Kind, now: datetime, channels: Sequence[str]) -> list[Entry]:
    """What the plan says of today, as far as its hour has come and the day is not over."""
    today = local_day(now)
    planner = await planner_of(db)
    if not planner.rules.morning(today) <= now < planner.rules.closing(today):
        return []
    facts = await planning.occasions(db, now, channels, planner.calendar)
    entries = planner.posts.posts(facts, today) if kind == "group_post" else planner.posts.digests(facts, today)
    return [entry for entry in entries if not entry.why and entry.at <= now]
