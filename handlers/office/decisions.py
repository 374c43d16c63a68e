"""A decision of the office as data: rows to write, what to ask and to say, or why it is refused."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from handlers.wording.speech import Wording
from storage.database import Statement
from storage.periods.rounds import Round


@dataclass(frozen=True, slots=True)
class Remark:
    """One line, in chats and on the command line: the text of that key with its parts."""

    key: str
    parts: Mapping[str, Any] = field(default_factory=dict)

    def vietnamese(self, wording: Wording) -> str:
        """The line as people read it."""
        return wording.say(self.key, **self.parts)


class DecisionRefused(Exception):
    """It cannot be decided so; nothing was changed. `remark` says why and what would be possible."""

    def __init__(self, key: str, **parts: Any) -> None:
        super().__init__(key)
        self.remark = Remark(key, parts)


class Counting(Protocol):
    """What decides on quick counts (handlers/quick_counts/)."""

    async def decide(self, text: str, actor: int | None, now: datetime) -> "Decision":
        """What the office's message asks for. Raises DecisionRefused."""
        ...


@dataclass(frozen=True, slots=True)
class Decision:
    """Rows that carry it out as one unit of work, what is asked before and said after, and what to think of.

    round: of a period that is opened: as it will be.
    """

    rows: Sequence[Statement]
    ask: Remark
    done: Remark
    warnings: Sequence[Remark] = ()
    round: Round | None = None
