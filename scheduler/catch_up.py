"""After the machine was off: what would have gone out meanwhile is not sent, and the office is told once of it."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from handlers.turn import body
from handlers.wording.speech import Wording
from reporting.calendar import local_day, moment
from scheduler.reminders import planner_of
from storage import outbox, people, planning, preferences
from storage.database import Database, Statement

SEEN = "beat.seen_at"
LEAST = timedelta(hours=1)  # what was off for less has missed nothing: the hours of a day's messages are wider
MOST = timedelta(days=400)  # further back nobody wants to know


class CatchUp:
    """Remembers when the heart beat last, and reckons what fell into the time when it did not."""

    def __init__(self, db: Database, wording: Wording, channels: Sequence[str]) -> None:
        self._db = db
        self._wording = wording
        self._channels = channels

    async def tick(self, now: datetime) -> int:
        """Tells the office what was missed, by day only; returns how many messages were queued."""
        kept = await preferences.remembered(self._db, SEEN)
        seen = datetime.fromisoformat(kept) if kept else now
        # A clock that was set back has missed nothing.
        unit = await self._told(max(seen, now - MOST), now) if now - seen > LEAST else []
        if unit is None:
            return 0  # not at this hour: it is reckoned again until it may be said
        done = await self._db.write([preferences.remember(SEEN, now.isoformat()), *unit])
        return sum(done[1:])

    async def _told(self, seen: datetime, now: datetime) -> list[Statement] | None:
        today = local_day(now)
        if local_day(seen) == today:
            return []  # what is left of today still goes out
        planner = await planner_of(self._db)
        situation = await planning.situation(self._db, today, self._channels, planner.calendar)
        yesterday = today - timedelta(days=1)
        missed = [
            entry
            for entry in planner.between(situation.facts, local_day(seen), yesterday)
            if not entry.why and entry.at > seen
        ]
        if not missed:
            return []
        if not planner.rules.morning(today) <= now < planner.rules.closing(today):
            return None
        kinds = Counter(entry.kind for entry in missed)
        text = self._wording.say(
            "catch_up.told", since=moment(seen), until=moment(now), count=len(missed), reminders=kinds["reminder"],
            posts=kinds["group_post"], digests=kinds["digest"], first=local_day(seen), last=yesterday,
        )  # fmt: skip
        office = situation.facts.reachable("office", 0)
        accounts = await people.best_accounts(self._db, office, self._channels)
        return [
            outbox.say(f"caught_up:{today}:{a.person_id}", "reminder", a.channel, a.chat_id, body(text), now)
            for a in accounts.values()
        ]
