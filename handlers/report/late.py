"""A correction of a report closed to its unit in; what it would change, and then the request to the office, out."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from handlers.commands import spoken
from handlers.messages import Choice
from handlers.report.assignment import Assignment
from handlers.telling import tell
from handlers.turn import Turn, fresh_id
from handlers.wording import figure_lines
from handlers.wording.speech import Wording
from reporting.figures.catalogue import Catalogue
from reporting.figures.values import Value
from reporting.text.masking import masked
from storage.database import Database
from storage.people import people
from storage.periods.rounds import Round
from storage.review import corrections
from storage.review.corrections import Corrected, Correction

MOST_WORDS = 300  # characters kept of what the unit wrote


@dataclass(frozen=True, slots=True)
class LateFigures:
    """What a unit does itself about a report that is closed to it: it asks.

    read: gives (the figures of a report that was sent, those the text would put there) and stores nothing.
    """

    db: Database
    catalogue: Catalogue
    read: Callable[[Assignment, str], Awaitable[tuple[Mapping[str, Value], Mapping[str, Value]]]]

    async def offered(self, turn: Turn, assignment: Assignment, text: str) -> tuple[str, list[Choice]]:
        """(what the text would change, the button that asks for it); ('', []) for a text that changes nothing."""
        figures = await self._changes(assignment, text)
        if not figures:
            return "", []
        say = turn.wording.say
        changes = figure_lines.changes(turn.wording, self.catalogue, figures)
        turn.state.waits = text
        return say("amend.offer", unit=assignment.role.unit_name, changes=changes), [
            Choice(say("label.ask_change"), f"ask_change:{assignment.mark}")
        ]

    async def ask(self, turn: Turn, assignment: Assignment, text: str) -> None:
        """Hands it to the office, with what stands there now and the unit's own words."""
        figures, say = await self._changes(assignment, text), turn.wording.say
        if not figures:
            turn.say_key("problem.stale")
            return
        round_, role = assignment.round, assignment.role
        changes = figure_lines.changes(turn.wording, self.catalogue, figures)
        waiting = await corrections.waiting(self.db, assignment.unit_id)
        if any(one.period_id == round_.id and _same(one.figures, figures) for one in waiting):
            turn.say_key("amend.waits", changes=changes)
            return
        words = masked(" ".join(text.split()))[:MOST_WORDS]
        one = Correction(
            fresh_id(), round_.id, round_.code, assignment.unit_id, role.unit_name, tuple(figures), words,
            turn.standing.person_id,
        )  # fmt: skip
        turn.rows += corrections.ask(one, turn.now)
        state = why_closed(turn.wording, round_)
        named = {"unit": role.unit_name, "period": round_.period.name, "state": state}
        request = say("amend.request", **named, changes=changes, words=words)
        choices = [[say("label.agree_change"), f"amend:{one.id}:1"], [say("label.keep_old"), f"amend:{one.id}:0"]]
        for account in {a.person_id: a for a in await people.office(self.db, turn.today)}.values():
            await tell(self.db, turn, f"late:{one.id}:{account.person_id}", account, request, choices=choices)
        turn.say_key("amend.asked", changes=changes)

    async def _changes(self, assignment: Assignment, text: str) -> Sequence[Corrected]:
        command = spoken(text)
        said = command.rest if command is not None and command.command == "correct" else text
        before, after = await self.read(assignment, said)
        return [
            Corrected(code, before.get(code), value)
            for code, value in after.items()
            if code not in before or (before[code].amount, before[code].approx) != (value.amount, value.approx)
        ]


def why_closed(wording: Wording, round_: Round) -> str:
    """Why a unit cannot correct its report itself: the period is locked, or else its report accepted."""
    return wording.say("state.locked" if round_.state == "locked" else "amend.reviewed")


def _same(some: Sequence[Corrected], others: Sequence[Corrected]) -> bool:
    return {(one.indicator, one.new.amount) for one in some} == {(one.indicator, one.new.amount) for one in others}
