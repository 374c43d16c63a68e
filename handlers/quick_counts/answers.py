"""A reporter's words in; the chat turned to the quick count they answer, or away from it, or told that it is over."""

from collections.abc import Sequence
from dataclasses import dataclass

from handlers.commands import spoken
from handlers.report.assignment import (
    assignment_mark,
    begun_of,
    keep_position,
    position_in,
    reported_for,
    unit_in,
)
from handlers.report.step import Reports
from handlers.turn import Turn
from reporting.dialogue.draft import Position
from reporting.figures.catalogue import Catalogue
from reporting.reading.found.mentions import labels_of
from reporting.reading.found.names import mentions_of
from reporting.text.words import Token, tokens_of
from reporting.time.calendar import hour_of_day
from storage.database import Database
from storage.messages import outbox
from storage.periods.rounds import Round


@dataclass(frozen=True, slots=True)
class CountAnswers:
    """Tells the answer to a quick count from the report of a period, by what the words name and what was asked last."""

    db: Database
    catalogue: Catalogue
    reports: Reports

    async def turned(self, turn: Turn, text: str) -> bool:
        """Turns the chat to what the text is about; True where it is about a count that is over, and that was said."""
        if not turn.quick or not reported_for(turn) or turn.state.expects:
            return False
        command = spoken(text)
        if command is not None and command.command == "report" and not command.rest:
            self._to_owed(turn)
        if command is not None and command.command != "correct":
            return False
        tokens = tokens_of(text)
        others = _named(self.catalogue, tokens)
        named = {one.code: _named(self.catalogue.of(one.period.own), tokens) for one in turn.quick}
        best = max(turn.quick, key=lambda one: (named[one.code], one.state == "open"))
        if others > named[best.code]:
            self._away(turn)
        elif named[best.code] > others:
            return self._to(turn, best)
        elif (asked := await self._asked_last(turn)) is not None:
            return self._to_question(turn, *asked)
        elif named[best.code] and not self._amidst_another(turn):
            return self._to(turn, best)
        return False

    def _to_owed(self, turn: Turn) -> None:
        """ "bc" begins the count that is not answered yet, whatever was chosen before."""
        for dues in turn.running.values():
            if dues and dues[0].hurries:
                turn.state.period = dues[0].round.code

    @staticmethod
    def _amidst_another(turn: Turn) -> bool:
        """Whether the chat is in the midst of the report of a period: then what may be either is of that."""
        return any(
            begun_of(turn, unit_id) == due.round.code and not due.round.period.is_quick
            for unit_id, dues in turn.running.items()
            for due in dues
        )

    def _to_question(self, turn: Turn, mark: str, round_: Round) -> bool:
        """The same, and what follows answers the question that was told unasked."""
        turn.state.unit = unit_in(mark)
        if self._to(turn, round_):
            return True
        assignment = self.reports.assignment(turn)
        if assignment is not None and assignment.mark == mark and position_in(turn, assignment).mode == "idle":
            keep_position(turn, assignment, Position("asking", assignment.form.questions[0].code))
        return False

    def _to(self, turn: Turn, round_: Round) -> bool:
        if round_.state != "open":
            due_at = round_.period.due_at
            turn.say_key("quick.over", title=round_.period.title, until=hour_of_day(due_at) if due_at else "")
            return True
        if any(due.round.code == round_.code for dues in turn.running.values() for due in dues):
            turn.state.period = round_.code
        return False

    def _away(self, turn: Turn) -> None:
        """To the period the unit is in the midst of, else to the one due first."""
        for unit_id, dues in turn.running.items():
            ordinary = [due.round.code for due in dues if not due.round.period.is_quick]
            if ordinary and turn.state.period not in ordinary:
                begun = begun_of(turn, unit_id)
                turn.state.period = begun if begun in ordinary else ordinary[0]

    async def _asked_last(self, turn: Turn) -> tuple[str, Round] | None:
        """The count that was asked since the bot's last answer in this chat, with the mark of its report."""
        units = [role.unit_id for role in reported_for(turn) if role.unit_id is not None]
        marks = {assignment_mark(one.code, unit): one for one in turn.quick for unit in units}
        message = turn.incoming
        for content in await outbox.told_since(self.db, message.channel, message.chat_id):
            mark = next(iter(content.get("asks", ())), "")
            if mark in marks:
                return mark, marks[mark]
        return None


def _named(catalogue: Catalogue, tokens: Sequence[Token]) -> int:
    """How many indicators of the catalogue the words name."""
    return len({mention.codes[0] for mention in mentions_of(labels_of(catalogue), tokens)})
