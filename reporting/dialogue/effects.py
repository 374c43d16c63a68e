"""The effects a step of the dialogue can have, as data without wording: values to store, things to say."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from reporting.dialogue.doubts import Doubt
from reporting.dialogue.draft import Draft, Position, UnclearWords
from reporting.figures.forms import Question
from reporting.figures.values import Value
from reporting.reading.outcome import Left

# What a yes to a table that was read may send: all of a report, or that and nothing for what it does not name.
Sends = Literal["", "whole", "rest"]


@dataclass(frozen=True, slots=True)
class Put:
    """Store this value; `old` is what stood there, which is shown and never overwritten in silence.

    confirmed: it was far from the usual and the person said it is right; the reviewer is told so.
    """

    code: str
    value: Value
    old: Value | None = None
    confirmed: bool = False

    def noted(self, note: str) -> "Put":
        """The same with this note, where the value was confirmed without a reason."""
        if not self.confirmed or self.value.note:
            return self
        return replace(self, value=replace(self.value, note=note))

    def because(self, reason: str) -> "Put":
        """The same with the reason of a correction: "sửa cây 30 vì đếm thiếu"."""
        if self.old is None or self.value.note or not reason:
            return self
        return replace(self, value=replace(self.value, note=reason))


@dataclass(frozen=True, slots=True)
class Removed:
    """Take this value out again; `old` is what stood there. stored: in the draft, not only in a table that waits."""

    code: str
    old: Value
    stored: bool = True


@dataclass(frozen=True, slots=True)
class Ask:
    """Ask a question: its number, what is asked of it, and what the unit reported of that before.

    recorded: what stands in the draft of what is asked, where the person has gone back to the question.
    returned: why a reviewer gave it back, where that is asked about.
    """

    question: Question
    number: int
    total: int
    missing: tuple[str, ...]
    before: Mapping[str, Value] = field(default_factory=dict)
    picked: bool = False
    year_ago: Mapping[str, Value] = field(default_factory=dict)
    recorded: Mapping[str, Value] = field(default_factory=dict)
    returned: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StillOpen:
    """Remind of what the open question still lacks; `given` of `total` figures are there."""

    missing: tuple[str, ...]
    given: int
    total: int


@dataclass(frozen=True, slots=True)
class Explain:
    """Say how the question is answered, and what exactly it asks."""

    ask: Ask


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """The person asked something nobody here can answer; nothing of the question was taken for a figure."""

    figures: bool


@dataclass(frozen=True, slots=True)
class AwaitYes:
    """The table that was shown still waits for a yes. leaving: it is dropped if the person leaves it once more."""

    leaving: bool = False


@dataclass(frozen=True, slots=True)
class Outdated:
    """The draft has other values than were shown with the table, which follows once more; nothing was stored."""


@dataclass(frozen=True, slots=True)
class Summed:
    """ "Thêm 5 suất quà": `more` was added to what was known; the sum is in the table that follows."""

    code: str
    known: Value
    more: Value
    total: Value


@dataclass(frozen=True, slots=True)
class Dropped:
    """The table that was shown is forgotten, nothing of it stored."""


@dataclass(frozen=True, slots=True)
class Unread:
    """The message, or a part of it, could not be read; `proposal` is what it probably meant."""

    reason: str
    source: str
    proposal: str = ""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What was read and is not stored, each with the rule of the reading that left it out."""

    parts: tuple[Left, ...]


@dataclass(frozen=True, slots=True)
class NotReplaced:
    """Words under a photo name figures of what has one already: these stand, and the words change none of them.

    right: the same of words that say that a figure is right.
    """

    standing: tuple[tuple[str, Value], ...]
    right: bool = False


@dataclass(frozen=True, slots=True)
class Kept:
    """The person gave a value that stands already: said again, so that nobody thinks it went unheard."""

    code: str
    value: Value


@dataclass(frozen=True, slots=True)
class Confirm:
    """Ask whether these values are right, each with why it is doubted (see reporting/dialogue/doubts.py).

    old: the values in the draft that they would replace.
    """

    values: tuple[tuple[str, Value, Doubt], ...]
    old: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ConfirmTable:
    """What was read from a pasted report: recorded, unclear, and how much of the form it leaves open.

    old: the values in the draft that the pasted ones would replace. doubts: why some are doubted, by code.
    foreign: what the text also gives and this unit does not report in this period. known: as in Clarify.
    sends, kept: whether one yes sends the report, and what goes with it as it was last period.
    """

    values: tuple[tuple[str, Value], ...]
    unclear: tuple[UnclearWords, ...]
    missing: tuple[str, ...]
    old: Mapping[str, Value] = field(default_factory=dict)
    doubts: Mapping[str, Doubt] = field(default_factory=dict)
    foreign: tuple[tuple[str, Value], ...] = ()
    proposed: Mapping[str, Value] = field(default_factory=dict)
    sends: Sends = ""
    kept: tuple[tuple[str, Value], ...] = ()
    known: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Clarify:
    """Ask what unclear pieces of a message mean, those of one card at once; `left` more follow.

    proposed: what is filled in of them, to be stored with one yes. known: what stands of the items they may be.
    """

    points: tuple[UnclearWords, ...]
    left: int
    proposed: Mapping[str, Value] = field(default_factory=dict)
    known: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ways:
    """The reply to a doubt was not understood: what can be typed, in a line. points: () where values are doubted."""

    said: str
    points: tuple[UnclearWords, ...] = ()
    proposed: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StillDoubted:
    """Remind of what waits for a word, after something else was answered."""

    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StillUnread:
    """Before zeros are put or the report is sent: these numbers were told and are written down nowhere.

    again: the same once more goes on without them; else what follows is asked.
    """

    sources: tuple[str, ...]
    again: bool = False


@dataclass(frozen=True, slots=True)
class SetAside:
    """These pieces are not written down: two replies to the question about them were not understood."""

    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Review:
    """Show the whole draft and offer to send it; `kept` is sent with it as it was last period."""

    kept: tuple[tuple[str, Value], ...] = ()


@dataclass(frozen=True, slots=True)
class Show:
    """Show the draft as it stands; `given` of `total` figures are there."""

    given: int
    total: int


@dataclass(frozen=True, slots=True)
class HowToCorrect:
    """Say how a value is corrected."""


@dataclass(frozen=True, slots=True)
class Submit:
    """The report is sent in; a receipt follows. again: by the answer to the last figure that was given back."""

    again: bool = False


@dataclass(frozen=True, slots=True)
class WhyRight:
    """A figure that was given back is said to be right: ask why. other: beside another number, which of them is."""

    code: str
    value: Value
    other: str = ""


@dataclass(frozen=True, slots=True)
class Stands:
    """A figure that was given back stays as it is; the value's note says why."""

    code: str
    value: Value


@dataclass(frozen=True, slots=True)
class AskedBack:
    """A question to who gave a figure back: it is handed on, and the figure waits."""

    code: str
    question: str


@dataclass(frozen=True, slots=True)
class Paused:
    """The person leaves; everything answered stays. `given` of `total` figures are there."""

    given: int
    total: int


@dataclass(frozen=True, slots=True)
class Already:
    """The report has been sent in already and may still be corrected (or, when `closed`, no more)."""

    closed: bool


@dataclass(frozen=True, slots=True)
class Stale:
    """A button of another question or period was tapped: nothing was changed."""


Effect = (
    Put | Kept | Ask | Unread | Confirm | ConfirmTable | Clarify | Review | Show | HowToCorrect | Submit | Paused
    | Already | Stale | StillOpen | Explain | AwaitYes | Dropped | Outdated | Summed | Removed
    | NoAnswer | LeftOut | NotReplaced | WhyRight | Stands | AskedBack | Ways | StillDoubted | StillUnread | SetAside
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Step:
    """Where the chat stands afterwards, the draft with what was put in, and what is to be stored and said."""

    position: Position
    draft: Draft
    effects: tuple[Effect, ...]
