"""A message that replies to an earlier one of the bot in; the question that one asked, open again, out."""

import re

from handlers.commands import spoken
from handlers.report.assignment import keep_position, position_in
from handlers.report.step import Reports
from handlers.turn import Turn
from reporting.dialogue.draft import Position
from storage.database import Database
from storage.messages import outbox

# A number with a word behind it at most: it means what was asked, whatever that was.
_BARE = re.compile(r"[\d\s.,/:+-]+(?:[^\W\d_]+\W*)?")


class RepliedTo:
    """The question that was replied to is the one that is answered, not the one asked last."""

    def __init__(self, db: Database, reports: Reports) -> None:
        self._db = db
        self._reports = reports

    async def answered(self, turn: Turn) -> bool:
        """Turns the chat to the question replied to, so that what follows reads the words as an answer to it.

        Where that cannot be, a bare number is asked about, and True returned: the message has its answer.
        """
        message = turn.incoming
        content = await outbox.taken(self._db, message.channel, message.chat_id, message.replies_to) or {}
        mark, mode, code, about, *missing = content.get("asks") or [""] * 4
        if not mark or [mark, mode, code, about] == self._present(turn):
            return False
        shown = (turn.state.offered, turn.state.numbered)
        # A choice that is typed is one of those under the message replied to.
        turn.state.offered = tuple((label, data) for label, data in content.get("choices", ()))
        turn.state.numbered = content.get("numbered", True)
        if turn.chosen() is not None:
            return False
        turn.state.offered, turn.state.numbered = shown
        if spoken(message.text) is not None:
            return False
        if mode == "asking" and self._turned(turn, mark, code):
            turn.state.offered, turn.state.expects, turn.state.waits = (), "", ""
            turn.replied = tuple(missing)
        elif _BARE.fullmatch(message.text.strip()):
            turn.say_key("problem.other_question")
            turn.state.offered, turn.state.numbered = shown
            return True
        return False

    def _present(self, turn: Turn) -> list[str] | None:
        """What the question open now is known by, as `Turn.asks`."""
        assignment = self._reports.assignment(turn)
        return None if assignment is None else assignment.asks(position_in(turn, assignment))

    def _turned(self, turn: Turn, mark: str, code: str) -> bool:
        """Whether the chat is now at that question; not where something read waits for its yes or its meaning."""
        before = turn.state.unit, turn.state.period
        self._reports.turn_to(turn, "begin", mark)
        assignment = self._reports.assignment(turn)
        if (
            assignment is None
            or assignment.mark != mark
            or assignment.form.question(code) is None
            or position_in(turn, assignment).mode in ("confirming", "clarifying")
        ):
            turn.state.unit, turn.state.period = before
            return False
        keep_position(turn, assignment, Position("asking", code, picked=True))
        return True
