"""The office's yes or no to a correction after the lock in; the figures changed or kept, and the unit told, out."""

import re
from typing import Literal

from handlers.messages import Choice
from handlers.report.late import why_closed
from handlers.review.reach import may_judge
from handlers.routes import Asked
from handlers.telling import tell
from handlers.turn import Turn
from handlers.wording import figure_lines
from reporting.dialogue import life
from reporting.figures.catalogue import Catalogue
from storage.database import Database, Statement
from storage.people import people
from storage.periods import rounds
from storage.periods.rounds import Round
from storage.reports import submissions
from storage.review import corrections, findings, waiting
from storage.review.corrections import Correction

MOST_LISTED = 5
_ID = re.compile(r"\d{1,16}")


class LateDesk:
    """Takes the office's word and buttons about late corrections."""

    def __init__(self, db: Database, catalogue: Catalogue) -> None:
        self._db = db
        self._catalogue = catalogue

    async def listed(self, turn: Turn, asked: Asked) -> None:
        """ "sửa sau khóa": what units ask for, the first one with its buttons."""
        say, found = turn.wording.say, await corrections.waiting(self._db)
        if not found:
            turn.say_key("amend.none")
            return
        by_id = {one.id: one for one in await rounds.all_rounds(self._db)}
        lines = [
            say(
                "amend.request",
                unit=one.unit,
                period=by_id[one.period_id].period.name,
                state=why_closed(turn.wording, by_id[one.period_id]),
                changes=self._changes(turn, one),
                words=one.reason,
            )
            for one in found[:MOST_LISTED]
        ]
        if len(found) > MOST_LISTED:
            lines.append(say("amend.more", more=len(found) - MOST_LISTED))
        turn.say("\n".join(lines), self._choices(turn, found[0]))

    async def decided(self, turn: Turn, asked: Asked) -> None:
        """ "amend:ID:1" carries it out, "amend:ID:0" keeps the old figures."""
        number, _, yes = asked.rest.partition(":")
        one = await corrections.of_id(self._db, int(number)) if _ID.fullmatch(number) else None
        if one is None or yes not in ("0", "1"):
            turn.say_key("problem.stale")
            return
        every = [*turn.quick, *await rounds.all_rounds(self._db)]
        round_ = next((r for r in every if r.id == one.period_id), None)
        if round_ is None:  # a count that is long over
            turn.say_key("problem.stale")
            return
        found = await waiting.reports(self._db, one.period_id, turn.standing.person_id or 0, turn.today, one.unit_id)
        if not found or not may_judge(turn, "amend", found[0]):
            turn.say_key("reviewing.not_yours", unit=one.unit)
            return
        key, rows = await self._outcome(turn, one, round_, yes == "1")
        quick = round_.period.is_quick
        catalogue = self._catalogue.of(round_.period.own) if quick else self._catalogue
        changes = figure_lines.changes(turn.wording, catalogue, one.figures)
        parts = {"unit": one.unit, "period": round_.period.name, "changes": changes}
        told = "joined" if quick and key == "agreed" else key
        turn.say(turn.wording.say(f"amend.{told}", **parts))
        if not rows:
            return
        turn.rows += rows
        text = turn.wording.say(f"amend.{told}_told", **parts)
        for account in {
            a.person_id: a for a in await people.to_tell(self._db, turn.today, unit_id=one.unit_id)
        }.values():
            await tell(self._db, turn, f"late:{one.id}:told:{account.person_id}", account, text)

    async def _outcome(
        self, turn: Turn, one: Correction, round_: Round, agrees: bool
    ) -> tuple[Literal["was_agreed", "was_kept", "kept", "closed", "reopened", "changed", "agreed"], list[Statement]]:
        """What becomes of it, and the rows; without rows nothing does."""
        person = turn.standing.person_id
        if one.approved is not None:
            return "was_agreed" if one.approved else "was_kept", []
        if not agrees:
            return "kept", corrections.refuse(one, person, turn.now)
        held = await submissions.held(self._db, one.period_id, one.period, one.unit_id)
        state, values = held.draft.state, held.draft.values
        if round_.state == "closed":
            return "closed", []
        if isinstance(life.move(state, "amend"), life.MoveRefused):
            return "reopened", []
        stands = {code: value.amount for code, value in values.items()}
        if any(stands.get(figure.indicator) != (figure.old and figure.old.amount) for figure in one.figures):
            return "changed", []
        judged = findings.judged(one.period_id, one.unit_id, [figure.indicator for figure in one.figures])
        return "agreed", [*corrections.approve(one, held.rev, state, person, turn.now), *judged]

    def _changes(self, turn: Turn, one: Correction) -> str:
        return figure_lines.changes(turn.wording, self._catalogue, one.figures)

    @staticmethod
    def _choices(turn: Turn, one: Correction) -> list[Choice]:
        say = turn.wording.say
        return [
            Choice(say("label.agree_change"), f"amend:{one.id}:1"),
            Choice(say("label.keep_old"), f"amend:{one.id}:0"),
        ]
