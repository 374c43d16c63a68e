"""Asks each unit, once an estimated period is over, whether its figures are final; and once more before the end."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from handlers import phrases
from handlers.messages import Choice
from handlers.places import place_mark
from handlers.turn import body
from handlers.wording.speech import Wording
from reporting.calendar import VietnamCalendar, day_name, local_day
from reporting.catalogue import Catalogue
from scheduler.notices import decent
from storage import holidays, outbox, people, rounds, submissions, units
from storage.database import Database, Statement
from storage.rounds import Round


class Confirmations:
    """On the first worked day of the time for it, and on the last one before it ends, to those who have not."""

    def __init__(self, db: Database, catalogue: Catalogue, wording: Wording, channels: Sequence[str]) -> None:
        self._db = db
        self._catalogue = catalogue
        self._wording = wording
        self._channels = channels

    async def tick(self, now: datetime) -> int:
        """Queues today's questions; returns how many were new."""
        if not decent(now):
            return 0
        today = local_day(now)
        queued = 0
        for round_ in await rounds.estimated(self._db, today):
            which = self._which(round_, await holidays.calendar(self._db), now)
            if which:
                unit = await self._questions(round_, which, now)
                queued += sum(await self._db.write(unit)) if unit else 0
        return queued

    def _which(self, round_: Round, calendar: VietnamCalendar, now: datetime) -> str:
        """ "first", "last", or '' on a day on which nobody is asked."""
        today, terms = local_day(now), round_.terms
        if terms.confirm_from_on is None or calendar.is_silent(today):
            return ""
        if today == calendar.next_working_day(terms.confirm_from_on):
            return "first"
        end = terms.confirm_by_on
        return "last" if end and today == calendar.previous_working_day(end - timedelta(days=1)) else ""

    async def _questions(self, round_: Round, which: str, now: datetime) -> list[Statement]:
        say = self._wording.say
        by = round_.terms.confirm_by_on or round_.period.end_on
        found: list[Statement] = []
        waiting = await submissions.unconfirmed(self._db, round_.id)
        for unit in await units.all_units(self._db, local_day(now)):
            if unit.id not in waiting:
                continue
            accounts = await people.to_tell(self._db, local_day(now), unit_id=unit.id)
            keys = {
                f"confirm:{round_.code}:{unit.id}:{which}:{a.person_id}": a
                for a in accounts
                if a.channel in self._channels
            }
            known = await outbox.known(self._db, list(keys))
            if len(known) == len(keys):
                continue
            held = await submissions.held(self._db, round_.id, round_.code, unit.id)
            lines = [
                say("estimate.ask", period=round_.period.name, unit=unit.name),
                *phrases.by_section(self._wording, self._catalogue, held.draft.values),
                say("estimate.right", day=day_name(by)),
            ]
            mark = place_mark(round_.code, unit.id)
            choices = [Choice(say("label.right"), f"final:{mark}"), Choice(say("label.correct"), f"edit:{mark}")]
            content = body("\n".join(lines), choices, numbered=False)
            found += [
                outbox.say(key, "notice", account.channel, account.chat_id, content, now)
                for key, account in keys.items()
                if key not in known
            ]
        return found
