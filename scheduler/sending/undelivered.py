"""Messages of unknown outcome: once a day, in decent hours, the office is told which units' they were, and why."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from handlers.turn import body
from handlers.wording.speech import Wording
from reporting.time.calendar import local_day
from storage.database import Conflict, Database
from storage.messages import outbox, undelivered
from storage.messages.held_back import RESTORED
from storage.messages.undelivered import Doubtful
from storage.people import people, preferences

GATHERED = timedelta(minutes=30)  # what breaks takes several messages with it: they are told together
STALE = timedelta(days=7)
MOST_LINES = 12


class Undelivered:
    """Tells of what ended as unsure; what is told stands in its row."""

    def __init__(self, db: Database, wording: Wording, channels: Sequence[str]) -> None:
        self._db = db
        self._wording = wording
        self._channels = channels

    async def tick(self, now: datetime) -> int:
        """Queues the day's list if there is one; returns how many messages were queued."""
        found = await undelivered.untold(self._db)
        if not found:
            return 0
        today, rules = local_day(now), await preferences.rules(self._db)
        if not rules.morning(today) <= now < rules.closing(today) or found[-1].written_at > now - GATHERED:
            return 0
        office = [account.person_id for account in await people.with_role(self._db, "office", today)]
        accounts = await people.best_accounts(self._db, office, self._channels)
        keys = {person: f"unsure:{today}:{person}" for person in accounts}
        if not accounts or await outbox.known(self._db, list(keys.values())):
            return 0  # nobody to tell, or the next list is tomorrow's
        fresh = [message for message in found if message.written_at > now - STALE]
        text = self._text(fresh)
        says = [
            outbox.say(keys[person], "notice", account.channel, account.chat_id, body(text), now)
            for person, account in accounts.items()
            if fresh
        ]
        try:
            _, *queued = await self._db.write([undelivered.told([message.id for message in found], now), *says])
        except Conflict:
            return 0  # another worker was quicker
        return sum(queued)

    def _text(self, messages: Sequence[Doubtful]) -> str:
        say = self._wording.say
        lines = Counter(
            say(
                "unsure.line",
                kind=say(f"unsure.{message.kind}"),
                about=", ".join(message.about) or say("unsure.nowhere"),
                reason=say(f"unsure.{_reason(message.reason)}"),
            )
            for message in messages
        )
        shown = [line if count == 1 else say("unsure.times", line=line, count=count) for line, count in lines.items()]
        more = len(shown) - MOST_LINES
        rest = [say("unsure.more", count=more)] if more > 0 else []
        return "\n".join([say("unsure.told", count=len(messages)), *shown[:MOST_LINES], *rest])


_OWN = {outbox.STOPPED: "stopped", RESTORED: "restored"}


def _reason(error: str) -> str:
    """Of the sender's words the one that helps the office."""
    if error in _OWN:
        return _OWN[error]
    return "no_answer" if "timed out" in error.casefold() or "timeout" in error.casefold() else "broken"
