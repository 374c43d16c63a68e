"""A reporter's words in; the chat turned to the quick count they answer, or away from it, or told that it is over."""

from collections.abc import Sequence
from dataclasses import dataclass

from handlers.commands import spoken
from handlers.quick_counts.late_answers import LateAnswers
from handlers.report.assignment import (
    Assignment,
    assignment_mark,
    begun_of,
    keep_position,
    position_in,
    reported_for,
    unit_in,
)
from handlers.report.step import Reports
from handlers.turn import Turn
from handlers.wording import figure_lines
from reporting.dialogue.draft import Position
from reporting.dialogue.returned import reason_why_right
from reporting.dialogue.small_talk import asks_something, without_reason
from reporting.figures.catalogue import Catalogue
from reporting.figures.forms import counted_together
from reporting.numbers.quantities import quantities
from reporting.numbers.units import counts
from reporting.reading.found.counted import counted_in
from reporting.reading.found.mentions import labels_of
from reporting.reading.found.names import mentions_of
from reporting.text.words import Token, tokens_of
from storage.database import Database
from storage.messages import outbox
from storage.periods.rounds import Round


@dataclass(frozen=True, slots=True)
class CountAnswers:
    """Tells the answer to a quick count from the report of a period, by what the words name and what was asked last."""

    db: Database
    catalogue: Catalogue
    reports: Reports
    late: LateAnswers

    async def turned(self, turn: Turn, text: str) -> bool:
        """Turns the chat to what the text is about; True where it is not taken at all, and that was said."""
        if not turn.quick or not reported_for(turn) or turn.state.expects:
            return False
        command = spoken(text)
        if command is not None and command.command in ("report", "show") and not command.rest:
            await self._word(turn, command.command)
        if command is not None and command.command != "correct":
            return False
        return await self._by_names(turn, text)

    async def _by_names(self, turn: Turn, text: str) -> bool:
        """The same of a text that is no word of the bot, or one that corrects."""
        explains = _explains(turn, text)  # then its words name nothing that was counted
        text = without_reason(text)[0] or text
        tokens = tokens_of(text)
        others = _named(self.catalogue, tokens)
        named = {one.code: len(self._own(one, text, tokens)) for one in turn.quick}
        best = max(turn.quick, key=lambda one: (named[one.code], one.state == "open"))
        if not explains and (len(others) > named[best.code] or (not named[best.code] and self._elsewhere(turn, text))):
            self._away(turn)
            return False
        if not explains and named[best.code] > len(others):
            return await self._to(turn, best, text)
        asked = await self._asked_last(turn)
        if asked is not None and (explains or not named[best.code] or others & asked.codes or asked.of_count):
            return await self._to_question(turn, asked, text)
        if named[best.code] and not (explains or self._amidst_another(turn)):
            if _longest(self.catalogue, tokens) > _longest(self.catalogue.of(best.period.own), tokens):
                self._away(turn)  # "12 cây xanh" while "số cây đổ" is counted
                return False
            return await self._to(turn, best, text)
        return self._not_again(turn, tokens) or (not (explains or others) and await self._after_its_hour(turn, text))

    async def _word(self, turn: Turn, act: str) -> None:
        """ "bc" and "xem" are of the report that was asked about last; "bc" begins a count that is not answered yet.

        It does not while the chat is at a figure given back, which it was turned to after the count's call.
        """
        asked, count, chosen = await self._asked_last(turn), self._count(turn), self.reports.assignment(turn)
        if asked is not None and not asked.of_count:
            await self._to_question(turn, asked)
        elif asked is None and chosen and not count and (await self.reports.held(chosen)).draft.returned:
            return
        elif act == "report":
            self._to_owed(turn)
        elif count is not None and begun_of(turn, count.unit_id) != count.round.code:
            self._away(turn)

    def _to_owed(self, turn: Turn) -> None:
        """To the count that is not answered yet, whatever was chosen before; else away from those that are."""
        hasty = [dues[0].round.code for dues in turn.running.values() if dues and dues[0].hurries]
        if hasty:
            turn.state.period = hasty[-1]
        elif self._count(turn) is not None:
            self._away(turn)

    def _count(self, turn: Turn) -> Assignment | None:
        """The quick count the chat is turned to; None where it is a report of a period."""
        assignment = self.reports.assignment(turn)
        return assignment if assignment is not None and assignment.round.period.is_quick else None

    def _not_again(self, turn: Turn, tokens: Sequence[Token]) -> bool:
        """A count that was sent takes no text that does not name what it counts; whether that was said.

        It is where the numbers, as many as it counts, follow the receipt, which they may be meant to correct.
        """
        count, before = self._count(turn), turn.state.report
        if before is not None and before.unit in turn.running and before.position.mode == "idle":
            numbers = sum(token.kind == "number" for token in tokens)
            bare = numbers and not any(token.kind == "word" for token in tokens)
            for due in turn.running[before.unit]:
                own = due.round.period.own
                if bare and due.round.code == before.period and due.filed and len(own) == numbers:
                    example = figure_lines.example(counted_together(own), [one.code for one in own], "chi_doan")
                    turn.say_key("quick.unnamed", title=due.round.period.title, example=example)
                    turn.state.report = None  # said once
                    return True
        if count is not None and not any(
            due.round.code == count.round.code and not due.filed for due in turn.running.get(count.unit_id, ())
        ):
            self._away(turn)
        return False

    def _own(self, round_: Round, text: str, tokens: Sequence[Token]) -> frozenset[str]:
        """What a quick count counts and the text names, also behind a number alone."""
        own = round_.period.own
        return _named(self.catalogue.of(own), tokens) | counted_in(text, own).values.keys()

    def _elsewhere(self, turn: Turn, text: str) -> bool:
        """Whether the units behind its numbers are of reports alone: "34 cây" while people and cars are counted."""
        said = {quantity.unit for quantity in quantities(text)} - {None}
        own = {indicator.unit for one in turn.quick for indicator in one.period.own}
        if not said or any(counts(unit, counted) for unit in said for counted in own):
            return False
        return any(counts(unit, indicator.unit) for unit in said for indicator in self.catalogue.indicators.values())

    @staticmethod
    def _amidst_another(turn: Turn) -> bool:
        """Whether the chat is in the midst of the report of a period: then what may be either is of that."""
        return any(
            begun_of(turn, unit_id) == due.round.code and not due.round.period.is_quick
            for unit_id, dues in turn.running.items()
            for due in dues
        )

    async def _to_question(self, turn: Turn, asked: "AskedLast", text: str = "") -> bool:
        """The same, and what follows answers the question that was told unasked."""
        turn.state.unit = unit_in(asked.mark)
        if not asked.of_count:
            turn.state.period = asked.round.code
            return False
        if await self._to(turn, asked.round, text):
            return True
        assignment = self.reports.assignment(turn)
        if assignment is not None and assignment.mark == asked.mark and position_in(turn, assignment).mode == "idle":
            keep_position(turn, assignment, Position("asking", assignment.form.questions[0].code))
        return False

    async def _to(self, turn: Turn, round_: Round, text: str) -> bool:
        if round_.state != "open":
            return await self.late.taken(turn, round_, text)
        if any(due.round.code == round_.code for dues in turn.running.values() for due in dues):
            turn.state.period = round_.code
        return False

    async def _after_its_hour(self, turn: Turn, text: str) -> bool:
        """What names nothing, as "3, 25" and "không có" do, is of the count that is over where no report is begun."""
        kept = turn.state.report
        if kept is not None and kept.position.mode != "idle":
            return False
        return any([one.state != "open" and await self.late.taken(turn, one, text, whole=True) for one in turn.quick])

    def _away(self, turn: Turn) -> None:
        """To the period the unit is in the midst of, else to the one due first."""
        for unit_id, dues in turn.running.items():
            ordinary = [due.round.code for due in dues if not due.round.period.is_quick]
            if ordinary and turn.state.period not in ordinary:
                begun = begun_of(turn, unit_id)
                turn.state.period = begun if begun in ordinary else ordinary[0]

    async def _asked_last(self, turn: Turn) -> "AskedLast | None":
        """What was asked last since the bot's last answer in this chat, or is replied to."""
        units = [role.unit_id for role in reported_for(turn) if role.unit_id is not None]
        marks = {assignment_mark(one.code, unit): one for one in turn.quick for unit in units}
        marks |= {
            assignment_mark(due.round.code, unit): due.round for unit in units for due in turn.running.get(unit, ())
        }
        message = turn.incoming
        told = await outbox.told_since(self.db, message.channel, message.chat_id)
        if message.replies_to:
            told.insert(0, await outbox.taken(self.db, message.channel, message.chat_id, message.replies_to) or {})
        asked = [content["asks"] for content in told if content.get("asks")]
        return next((AskedLast(a[0], marks[a[0]], frozenset(a[4:])) for a in asked if a[0] in marks), None)


@dataclass(frozen=True, slots=True)
class AskedLast:
    """A question that was told: the mark of its report, the period, and of what it asks."""

    mark: str
    round: Round
    codes: frozenset[str]

    @property
    def of_count(self) -> bool:
        return self.round.period.is_quick


def _explains(turn: Turn, text: str) -> bool:
    """Whether it says why a figure given back is right, or asks about it."""
    report = turn.state.report
    return (report is not None and report.position.why) or reason_why_right(text) is not None or asks_something(text)


def _longest(catalogue: Catalogue, tokens: Sequence[Token]) -> int:
    """The most words in which one of the catalogue's indicators is named; 1 where at most its unit is."""
    return max((mention.size for mention in mentions_of(labels_of(catalogue), tokens)), default=1)


def _named(catalogue: Catalogue, tokens: Sequence[Token]) -> frozenset[str]:
    """The indicators of the catalogue that the words name."""
    return frozenset(mention.codes[0] for mention in mentions_of(labels_of(catalogue), tokens))
