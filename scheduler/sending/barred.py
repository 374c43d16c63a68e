"""Groups in which the bot may not write for now: the office is told once which, why, and what helps."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from handlers.turn import body
from handlers.wording.speech import Wording
from reporting.time.calendar import VIETNAM, local_day
from storage.database import Conflict, Database
from storage.engine.instants import stamp
from storage.messages import outbox
from storage.people import groups, people, preferences

PATIENCE = timedelta(minutes=30)  # Telegram has said so of many groups at once, by its own mistake


class BarredGroups:
    """Tells of groups that take no message; what is told stands in the group's row."""

    def __init__(self, db: Database, wording: Wording, channels: Sequence[str]) -> None:
        self._db = db
        self._wording = wording
        self._channels = channels

    async def tick(self, now: datetime) -> int:
        """Queues one message to each of the office, if there is anything to tell; returns how many."""
        found = await groups.barred_untold(self._db, now - PATIENCE)
        if not found or (await preferences.rules(self._db)).is_quiet(now.astimezone(VIETNAM).time()):
            return 0
        office = [account.person_id for account in await people.with_role(self._db, "office", local_day(now))]
        accounts = await people.best_accounts(self._db, office, self._channels)
        if not accounts:
            return 0
        say = self._wording.say
        lines = [
            say("barred.line", cluster=group.cluster, reason=say(f"barred.{'topic' if group.by_topic else 'rights'}"))
            for group in found
        ]
        text = "\n".join([say("barred.told"), *lines])
        messages = [
            outbox.say(f"barred:{stamp(now)}:{person}", "notice", account.channel, account.chat_id, body(text), now)
            for person, account in accounts.items()
        ]
        try:
            return sum((await self._db.write([*groups.barred_told(found, now), *messages]))[len(found) :])
        except Conflict:
            return 0  # another worker was quicker, or the right has just come back
