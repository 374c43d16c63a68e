"""A unit's answer after a quick count's hour in; its figures kept for the office beside the count, one line out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from handlers.commands import spoken
from handlers.report.assignment import Assignment, reported_for
from handlers.report.step import Reports
from handlers.report.which_period import RunningReports
from handlers.turn import Turn, fresh_id
from handlers.wording import figure_lines
from reporting.dialogue import life
from reporting.dialogue.reply import read_reply
from reporting.figures.catalogue import Catalogue
from reporting.figures.values import Value
from reporting.text.masking import masked
from reporting.time.as_written import period_in, plain
from reporting.time.calendar import hour_of_day
from reporting.time.periods import PeriodError
from storage.database import Database
from storage.periods import owed
from storage.periods.rounds import Round
from storage.reports import submissions
from storage.review import corrections
from storage.review.corrections import Corrected, Correction

MOST_WORDS = 300  # characters kept of what the unit wrote


@dataclass(frozen=True, slots=True)
class LateAnswers:
    """Keeps what comes too late: it is in no sum, and no other report is touched."""

    db: Database
    catalogue: Catalogue
    reports: Reports
    running: RunningReports

    async def taken(self, turn: Turn, round_: Round, text: str, whole: bool = False) -> bool:
        """Whether the text was taken for an answer to the count that is over, and that was said.

        whole: only where it gives all that was counted and nothing else, as bare numbers do.
        """
        if _names_period(text, turn.today):
            return False
        asked = await self._asked(turn, round_)
        if not asked:
            return False
        one = next((one for one in asked if one.unit_id == turn.state.unit), asked[0] if len(asked) == 1 else None)
        values, clear = self._read(one or asked[0], text)
        if whole and not clear:
            return False
        if one is None and values:
            self.running.ask_unit(turn, text)
        elif one is None or not values:
            turn.say_key("quick.over", title=round_.period.title, until=_hour(round_))
        else:
            await self._keep(turn, one, values, text)
        return True

    async def _asked(self, turn: Turn, round_: Round) -> list[Assignment]:
        """The reports of that count that were asked of this person."""
        roles = {role.unit_id: role for role in reported_for(turn) if role.unit_id is not None}
        found = await owed.owed(self.db, [round_.id], list(roles), turn.today)
        of_units = [roles[unit] for (_, unit), standing in found.items() if standing.owes or standing.filed]
        return [one for role in of_units if (one := self.reports.of_round(role, round_)) is not None]

    def _read(self, one: Assignment, text: str) -> tuple[Mapping[str, Value], bool]:
        """The figures, and whether they are all that was counted and nothing else is said."""
        command, own = spoken(text), one.round.period.own
        said = command.rest if command is not None and command.command == "correct" else text
        reply = read_reply(said, own, one.form, self.catalogue.of(own), one.level)
        if reply.none:
            return {indicator.code: Value(0, source=said.strip()) for indicator in own}, True
        values = dict((*reply.values, *reply.proposed))
        return values, not (reply.troubles or reply.proposed or reply.left) and len(values) == len(own)

    async def _keep(self, turn: Turn, one: Assignment, values: Mapping[str, Value], text: str) -> None:
        ids, named = (one.round.id, one.unit_id), self.catalogue.of(one.round.period.own)
        held = await self.reports.held(one)
        if held.rev == 0:
            turn.rows.append(submissions.touch(*ids, 0, life.made(held.draft.state, "enter").to, 0, turn.now))
        figures = tuple(Corrected(code, held.draft.values.get(code), value) for code, value in values.items())
        late = Correction(
            fresh_id(), one.round.id, one.round.code, one.unit_id, one.role.unit_name, figures,
            masked(" ".join(text.split()))[:MOST_WORDS], turn.standing.person_id,
        )  # fmt: skip
        turn.rows += corrections.ask(late, turn.now)
        turn.say_key(
            "quick.kept_late", title=one.round.period.title, until=_hour(one.round), unit=one.role.unit_name,
            values=figure_lines.listed(named, values.items()),
        )  # fmt: skip


def _names_period(text: str, today: date) -> bool:
    try:
        return period_in(plain(text), today) is not None
    except PeriodError:
        return True


def _hour(round_: Round) -> str:
    return hour_of_day(round_.period.due_at) if round_.period.due_at else ""
