"""Messages a channel kept from the bot: once a day the office hears from which units, as those cannot report there."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from handlers.turn import body
from handlers.wording.speech import Wording
from reporting.time.calendar import local_day
from storage.database import Conflict, Database
from storage.messages import outbox
from storage.people import people, preferences, withheld

MOST_LINES = 12


class WithheldWatch:
    """Tells of what was kept back; what is told is counted in its row."""

    def __init__(self, db: Database, wording: Wording, channels: Sequence[str]) -> None:
        self._db = db
        self._say = wording.say
        self._channels = channels

    async def tick(self, now: datetime) -> int:
        """Queues the day's list if there is one; returns how many messages were queued."""
        found = await withheld.untold(self._db)
        if not found:
            return 0
        today, rules = local_day(now), await preferences.rules(self._db)
        if not rules.morning(today) <= now < rules.closing(today):
            return 0
        office = [account.person_id for account in await people.office(self._db, today)]
        accounts = await people.best_accounts(self._db, office, self._channels)
        keys = {person: f"withheld:{today}:{person}" for person in accounts}
        if not accounts or await outbox.known(self._db, list(keys.values())):
            return 0  # nobody to tell, or the next list is tomorrow's
        counts: dict[str, int] = {}
        for one in found:
            for unit in one.units or (self._say("withheld.stranger"),):
                counts[unit] = counts.get(unit, 0) + one.count
        lines = [self._say("withheld.line", unit=unit, count=count) for unit, count in counts.items()]
        if nameless := await withheld.nameless(self._db, now - timedelta(days=1)):
            lines.append(self._say("withheld.nameless", count=nameless))
        if more := len(lines) - MOST_LINES if len(lines) > MOST_LINES else 0:
            lines = [*lines[:MOST_LINES], self._say("withheld.more", count=more)]
        text = "\n".join([self._say("withheld.told"), *lines])
        says = [
            outbox.say(keys[person], "notice", account.channel, account.chat_id, body(text), now)
            for person, account in accounts.items()
        ]
        try:
            return sum((await self._db.write([*withheld.told(found), *says]))[len(found) :])
        except Conflict:
            return 0  # another worker was quicker
