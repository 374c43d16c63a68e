"""The time since the last heartbeat in; one notice to the office of what an outage left unsent out."""

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta

from handlers.turn import body
from handlers.wording.speech import Wording
from reporting.plan.changes import LEAST, MOST
from reporting.time.calendar import local_day, moment
from scheduler.planned.outlook import Outlooks
from storage.database import Database, Statement
from storage.messages import outbox
from storage.people import people
from storage.periods import planning


class CatchUp:
    """Remembers when the heart beat last, and tells of what fell into the time when it did not."""

    def __init__(self, db: Database, wording: Wording, outlooks: Outlooks) -> None:
        self._db = db
        self._wording = wording
        self._outlooks = outlooks

    async def tick(self, now: datetime) -> int:
        """Tells the office what was missed, by day only; returns how many messages were queued."""
        seen = await planning.seen_at(self._db) or now
        unit = await self._told(seen, now) if now - seen > LEAST else []
        if unit is None:
            return 0  # not at this hour: it is reckoned again until it may be said
        done = await self._db.write([planning.seen(now), *unit])
        return sum(done[1:])

    async def _told(self, seen: datetime, now: datetime) -> list[Statement] | None:
        today = local_day(now)
        outlook = await self._outlooks.at(now)
        planner = outlook.planner
        facts = replace((await outlook.situation()).facts, seen_at=seen)
        missed = planner.left_out(facts)
        if not missed:
            return []
        if not planner.rules.morning(today) <= now < planner.rules.closing(today):
            return None
        office = [e.person_id or 0 for e in planner.missed(facts) if not e.why and e.at <= now]
        kinds = Counter(entry.kind for entry in missed)
        more = self._wording.say("catch_up.questions", count=kinds["question"]) if kinds["question"] else ""
        text = self._wording.say(
            "catch_up.told", since=moment(max(seen, now - MOST)), until=moment(now), count=len(missed),
            reminders=kinds["reminder"], posts=kinds["group_post"], digests=kinds["digest"], more=more,
            first=local_day(max(seen, now - MOST)), last=today - timedelta(days=1),
        )  # fmt: skip
        accounts = await people.best_accounts(self._db, office, self._outlooks.channels)
        return [
            outbox.say(f"caught_up:{today}:{a.person_id}", "reminder", a.channel, a.chat_id, body(text), now)
            for a in accounts.values()
        ]
