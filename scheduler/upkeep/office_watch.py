"""What is wrong with the machine, what people asked that falls due: once a day in decent hours, to the office alone."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import date, datetime

from handlers.person.data_desk import request_lines
from handlers.turn import body
from handlers.wording.speech import Wording
from reporting.time.calendar import local_day
from reporting.time.data_terms import is_told, next_term
from storage.database import Database
from storage.messages import outbox
from storage.people import data_requests, people, preferences
from storage.periods import holidays


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
        say = self._wording.say
        lines = [say("health.told"), *wrong] if (wrong := await self._examine(now)) else []
        if asked := await self._asked(today):
            lines += [say("request.near"), *asked, say("request.see")]
        if not lines:
            return 0
        office = [account.person_id for account in await people.with_role(self._db, "office", today)]
        accounts = await people.best_accounts(self._db, office, self._channels)
        text = "\n".join(lines)
        says = [
            outbox.say(f"health:{today}:{person}", "notice", account.channel, account.chat_id, body(text), now)
            for person, account in accounts.items()
        ]
        return sum(await self._db.write(says)) if says else 0

    async def _asked(self, today: date) -> list[str]:
        """Requests about data held that are near their day, or past it."""
        calendar = await holidays.calendar(self._db)
        near = [
            one
            for one in await data_requests.waiting(self._db)
            if is_told((next_term(one.asked_on, one.acknowledged_on, calendar) - today).days)
        ]
        return [f"- {line}" for line in request_lines(self._wording, near, calendar, today)]
