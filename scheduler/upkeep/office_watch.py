"""What is wrong with the machine, once a day in decent hours, to the office; never to anybody else."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

from handlers.turn import body
from handlers.wording.speech import Wording
from reporting.time.calendar import local_day
from storage.database import Database
from storage.messages import outbox
from storage.people import people, preferences


class OfficeWatch:
    """examine: the lines to be told at an instant, none where all is well."""

    def __init__(
        self,
        db: Database,
        wording: Wording,
        channels: Sequence[str],
        examine: Callable[[datetime], Awaitable[list[str]]],
    ) -> None:
        self._db, self._wording, self._channels, self._examine = db, wording, channels, examine

    async def tick(self, now: datetime) -> int:
        """Queues the day's lines if there are any; returns how many messages were queued."""
        today, rules = local_day(now), await preferences.rules(self._db)
        if not rules.morning(today) <= now < rules.closing(today):
            return 0
        lines = await self._examine(now)
        if not lines:
            return 0
        office = [account.person_id for account in await people.with_role(self._db, "office", today)]
        accounts = await people.best_accounts(self._db, office, self._channels)
        text = "\n".join([self._wording.say("health.told"), *lines])
        says = [
            outbox.say(f"health:{today}:{person}", "notice", account.channel, account.chat_id, body(text), now)
            for person, account in accounts.items()
        ]
        return sum(await self._db.write(says)) if says else 0
