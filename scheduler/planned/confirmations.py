"""The plan's questions about estimates in, messages that ask units whether their figures are final out."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from handlers.messages import Choice
from handlers.report.assignment import assignment_mark
from handlers.turn import body
from handlers.wording import figure_lines
from handlers.wording.speech import Wording
from reporting.figures.catalogue import Catalogue
from reporting.plan.entries import Entry
from reporting.time.calendar import day_name, local_day
from scheduler.planned.outlook import Outlooks
from storage.database import Database, Statement
from storage.messages import conversations, outbox
from storage.organisation import units
from storage.people import people
from storage.periods import rounds
from storage.periods.rounds import Round
from storage.reports import submissions


class Confirmations:
    """The job that asks about estimates, by the plan: on the first worked day for it and the last before it ends."""

    def __init__(self, db: Database, catalogue: Catalogue, wording: Wording, outlooks: Outlooks) -> None:
        self._db = db
        self._catalogue = catalogue
        self._wording = wording
        self._outlooks = outlooks
        self._looked: tuple[date, int] | None = None

    async def tick(self, now: datetime) -> int:
        """Queues today's questions; returns how many were new."""
        today = local_day(now)
        asked = await rounds.estimated(self._db, today)
        if not asked or self._looked == (today, now.hour):
            return 0
        outlook = await self._outlooks.at(now)
        planner = outlook.planner
        if not planner.rules.morning(today) <= now < planner.rules.closing(today):
            return 0
        facts = (await outlook.situation()).facts
        due = [e for e in planner.changes.questions(facts, today) if not e.why and e.at <= now]
        busy = await conversations.busy(self._db, now - timedelta(minutes=planner.rules.busy))
        queued = 0
        for round_ in asked:
            of_round = [e for e in due if e.items[0].round_id == round_.id and e.person_id not in busy]
            unit = await self._questions(round_, of_round, now)
            queued += sum(await self._db.write(unit)) if unit else 0
        if not any(e.person_id in busy for e in due):
            self._looked = (today, now.hour)  # who files meanwhile is asked within the hour
        return queued

    async def _questions(self, round_: Round, due: Sequence[Entry], now: datetime) -> list[Statement]:
        """To each person about each unit; of a unit that is reported for by several, one who taps answers for all."""
        keys = {
            f"confirm:{round_.code}:{item.unit_id}:{item.rung}:{entry.person_id}": (item.unit_id, entry.person_id or 0)
            for entry in due
            for item in entry.items
        }
        known = await outbox.known(self._db, list(keys))
        new = {key: about for key, about in keys.items() if key not in known}
        accounts = await people.best_accounts(self._db, [person for _, person in new.values()], self._outlooks.channels)
        names = {unit.id: unit.known_as for unit in await units.all_units(self._db, local_day(now))} if new else {}
        contents: dict[int, dict[str, Any]] = {}
        found: list[Statement] = []
        for key, (unit_id, person) in new.items():
            if person in accounts and unit_id in names:
                if unit_id not in contents:
                    contents[unit_id] = await self._question(round_, unit_id, names[unit_id], local_day(now))
                account = accounts[person]
                found.append(outbox.say(key, "notice", account.channel, account.chat_id, contents[unit_id], now))
        return found

    async def _question(self, round_: Round, unit_id: int, name: str, today: date) -> dict[str, Any]:
        say = self._wording.say
        by = round_.terms.confirm_by_on or round_.period.end_on
        held = await submissions.held(self._db, round_.id, round_.code, unit_id)
        lines = [
            say("estimate.ask", period=round_.period.name, unit=name),
            *figure_lines.by_section(self._wording, self._catalogue, held.draft.values),
            say("estimate.right", day=day_name(by, today)),
        ]
        mark = assignment_mark(round_.code, unit_id)
        choices = [Choice(say("label.right"), f"final:{mark}"), Choice(say("label.correct"), f"edit:{mark}")]
        return body("\n".join(lines), choices)
