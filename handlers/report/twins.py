"""A report just sent in; the question whether a figure in it is another unit's event too, and its answer, out."""

from collections.abc import Sequence
from dataclasses import dataclass

from handlers.messages import Choice
from handlers.report.assignment import Assignment
from handlers.turn import Turn
from handlers.wording import figure_lines
from reporting.dialogue.doubts import LARGE
from reporting.dialogue.draft import Draft
from reporting.figures.catalogue import Catalogue
from reporting.figures.values import DECIMALS
from storage.database import Database
from storage.reports.events import happened
from storage.review import twins
from storage.review.twins import Twin


@dataclass(frozen=True, slots=True)
class TwinFigures:
    """Finds them, asks the later of the two units once, and remembers that they are two events."""

    db: Database
    catalogue: Catalogue

    async def of(self, assignment: Assignment, draft: Draft) -> Sequence[Twin]:
        """Figures of what happened that are no small numbers: of those two units easily have the same."""
        amounts = {
            code: value.amount
            for code, value in draft.values.items()
            if code in self.catalogue
            and not self.catalogue[code].stands
            and value.amount >= LARGE * 10 ** DECIMALS[self.catalogue[code].kind]
        }
        return await twins.twins(self.db, assignment.round.id, assignment.unit_id, amounts)

    def ask(self, turn: Turn, assignment: Assignment, draft: Draft, found: Sequence[Twin]) -> None:
        """Under the receipt, about the first of them."""
        if not found or turn.reply is None:
            return
        say, one = turn.wording.say, found[0]
        named = self.catalogue[one.indicator]
        parts = {"label": named.short, "value": figure_lines.named(named, draft.values[one.indicator])}
        text = f"{turn.reply['text']}\n{say('twin.ask', unit=one.unit, **parts)}"
        turn.say(text, [Choice(say("label.apart"), f"apart:{assignment.mark}:{one.indicator}")], False)

    def answered(self, turn: Turn, assignment: Assignment, code: str) -> None:
        """ "Không trùng": kept as an event, so that it is not asked again."""
        if code not in self.catalogue:
            turn.say_key("problem.stale")
            return
        ids = (assignment.round.id, assignment.unit_id)
        turn.rows += [
            twins.said_apart(*ids, code),
            happened(
                "value.apart", code, turn.standing.person_id, turn.now, period_id=ids[0], unit_id=ids[1]
            ),
        ]  # fmt: skip
        turn.say_key("twin.apart", label=self.catalogue[code].short)
