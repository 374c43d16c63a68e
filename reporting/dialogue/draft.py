"""A unit's draft and where a chat stands in its dialogue, as plain data with what can be asked of them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal
from zlib import crc32

from reporting.dialogue import life
from reporting.dialogue.life import SubmissionState
from reporting.figures.forms import Form, Question
from reporting.figures.values import Value
from reporting.text.word_lists import texts

_SOURCES = texts("changes.sources")
SAID_NONE = _SOURCES["none"]  # the source of a zero that came by a button
AS_BEFORE = _SOURCES["before"]  # the source of a value taken over from last period
Mode = Literal["idle", "asking", "confirming", "clarifying", "reviewing"]


def taken_over(before: Value) -> Value:
    """Last period's value for this one; where it was rounded, with the words that said so ("khoảng 100")."""
    words = before.source.removeprefix(f"{AS_BEFORE}: ")
    return replace(before, source=f"{AS_BEFORE}: {words}" if before.approx and words else AS_BEFORE, note="")


def is_taken_over(value: Value) -> bool:
    """Whether the value is last period's."""
    return value.source.startswith(AS_BEFORE)


@dataclass(frozen=True, slots=True)
class UnclearWords:
    """Something in a message that was not stored: the words, what they may mean, and why they are asked about.

    value: the amount, where only the indicator is in doubt; None where the number itself is.
    line: the line of the message the words stand in, "" where they are all of it.
    """

    source: str
    codes: tuple[str, ...]
    reason: str
    value: Value | None = None
    line: str = ""

    @property
    def known_by(self) -> str:
        """What tells the piece from others, also in the same report sent once more."""
        return f"{crc32(f'{self.source} {self.line}'.encode()):08x}"


@dataclass(frozen=True, slots=True)
class Draft:
    """What a unit has reported so far in a period, with last period's and last year's values for help.

    The draft belongs to the unit: several people may add to it, on several channels.
    returned: the figures a reviewer has given back and the unit has not answered, with his reason. past: the unit's
    amounts of its last periods of this kind. last: what it last reported of each figure, before or, of a stock that is
    not asked about in this period, at all.
    """

    period: str
    values: Mapping[str, Value]
    state: SubmissionState = life.NOT_BEGUN
    before: Mapping[str, Value] = field(default_factory=dict)
    year_ago: Mapping[str, Value] = field(default_factory=dict)
    returned: Mapping[str, str] = field(default_factory=dict)
    past: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    last: Mapping[str, int] = field(default_factory=dict)

    @property
    def sent(self) -> bool:
        """Whether the unit no longer owes this report."""
        return self.state in life.FILED

    def missing(self, question: Question) -> tuple[str, ...]:
        """Codes of the question's indicators that have no value yet, or one that was given back, in order."""
        return tuple(i.code for i in question.indicators if i.code not in self.values or i.code in self.returned)

    def stands_at(self, code: str, value: Value) -> bool:
        """Whether that very amount is stored for the indicator already."""
        old = self.values.get(code)
        return old is not None and (old.amount, old.approx) == (value.amount, value.approx)

    def answered(self, form: Form) -> int:
        """How many of the form's questions have all their values; what is kept as last period counts as given."""
        return sum(not self._open(question) and not self._unknown(question) for question in form.questions)

    def given(self, form: Form) -> tuple[int, int]:
        """(how many of the form's figures there are, of how many)."""
        asked = [i.code for question in form.questions for i in question.indicators]
        return sum(code in self.values for code in asked), len(asked)

    def next_question(self, form: Form, waiting: Collection[str] = ()) -> Question | None:
        """The first question with something missing; None when the form is complete.

        What only lacks standing numbers is passed over. Those of which last period's are known are kept (`kept`);
        where one is not, all that are open are asked together at the end.
        What a reviewer gave back comes before all else, each figure alone.
        waiting: what is asked about in another way.
        """
        for code in self.returned:
            if code not in waiting and (alone := form.alone(code)) is not None:
                return alone
        for question in form.questions:
            if self._open(question, waiting):
                return question
        return form.standing if self._unknown(form.standing) else None

    def kept(self, form: Form) -> tuple[tuple[str, Value], ...]:
        """Standing numbers not given so far, as they were last period: sent so unless the person says otherwise."""
        return tuple(
            (code, taken_over(self.before[code]))
            for code in self.missing(form.standing)
            if code in self.before and code not in self.returned
        )

    def _open(self, question: Question, waiting: Collection[str] = ()) -> bool:
        if any(i.code in self.returned and i.code not in waiting for i in question.indicators):
            return True
        missing = [i for i in question.indicators if i.code not in self.values and i.code not in waiting]
        wholly = all(i.stands for i in question.indicators)
        return any(wholly or not i.stands for i in missing)

    def _unknown(self, question: Question) -> bool:
        return any(i.stands and i.code not in self.values and i.code not in self.before for i in question.indicators)

    def having(self, values: Mapping[str, Value]) -> "Draft":
        """The same draft with these values put in."""
        entered = life.made(self.state, "enter").to
        returned = {code: reason for code, reason in self.returned.items() if code not in values}
        return replace(self, values={**self.values, **values}, state=entered, returned=returned)

    def without(self, code: str) -> "Draft":
        """The same draft without this value: its question is open again."""
        return replace(self, values={known: value for known, value in self.values.items() if known != code})


@dataclass(frozen=True, slots=True)
class Position:
    """Where one chat stands. The question asked next follows from the draft's values, not from a counter.

    mode: idle · asking (`question` was asked; `picked` when the person chose it, so that it is asked though it
      has values) · confirming (`pending` waits for a yes) · clarifying (`unclear[0]` was asked) · reviewing
      (`pending` was shown as what is kept from last period when the report is sent).
    doubt: `pending` are values of an answer that were doubted, not the table of a pasted report.
    latest: what this chat entered last, which "nhầm, 150" is about.
    over: what stood in the draft for the pending when they were shown; what stands there now may be another's.
    left: the table was left with one word; with the same once more it is forgotten.
    why: a figure given back was said to be right, and its reason is asked for.
    tries: replies to the doubt that were not understood. settled: doubts about a pasted report that have had their
      answer (`UnclearWords.known_by`): the same report pasted once more asks none of them again.
    unread: words with a number that were told to be unread; they are named once more before zeros or the report.
    """

    mode: Mode = "idle"
    question: str = ""
    picked: bool = False
    pending: tuple[tuple[str, Value], ...] = ()
    unclear: tuple[UnclearWords, ...] = ()
    doubt: bool = False
    latest: tuple[str, ...] = ()
    over: tuple[tuple[str, Value], ...] = ()
    left: bool = False
    why: bool = False
    tries: int = 0
    settled: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()

    @property
    def doubts(self) -> bool:
        """Whether a doubt is asked about: a card of unclear pieces, or figures of an answer."""
        return self.mode == "clarifying" or (self.mode == "confirming" and self.doubt)

    @property
    def has_table(self) -> bool:
        """Whether what was read from a pasted report waits for its yes; no message but an answer ends that."""
        return self.mode == "confirming" and not self.doubt

    @property
    def doubted(self) -> tuple[tuple[str, Value], ...]:
        """The figures of an answer that wait for a yes; a zero that does is no figure."""
        waits = self.mode == "confirming" and self.doubt
        return tuple(pair for pair in self.pending if waits and pair[1].amount)

    @property
    def waiting(self) -> frozenset[str]:
        """What a number that waits for a word may be of: no "the rest is nothing" speaks of these."""
        return frozenset([code for code, _ in self.doubted] + [code for u in self.unclear for code in u.codes])

    @property
    def waits(self) -> bool:
        """Whether something that was read has still to be settled: no message but a word about it ends that."""
        return self.mode == "confirming" or bool(self.unclear)

    @property
    def mark(self) -> str:
        """A short mark of what a confirmation is about, so that an older button does not confirm something else."""
        shown = [(code, value.amount, value.approx) for code, value in (*self.pending, *self.over)]
        return f"{crc32(repr((shown, [u.source for u in self.unclear])).encode()):08x}"

    def to_json(self) -> dict[str, Any]:
        """A JSON-ready dict of the fields that are set; `from_json` is its inverse."""
        data: dict[str, Any] = {"mode": self.mode}
        if self.question:
            data["question"] = self.question
        if self.picked:
            data["picked"] = True
        if self.doubt:
            data["doubt"] = True
        if self.latest:
            data["latest"] = list(self.latest)
        if self.left:
            data["left"] = True
        if self.why:
            data["why"] = True
        if self.tries:
            data["tries"] = self.tries
        if self.settled:
            data["settled"] = list(self.settled)
        if self.unread:
            data["unread"] = list(self.unread)
        if self.pending:
            data["pending"] = [[code, *_listed(value)] for code, value in self.pending]
        if self.over:
            data["over"] = [[code, *_listed(value)] for code, value in self.over]
        if self.unclear:
            data["unclear"] = [
                [
                    u.source,
                    list(u.codes),
                    u.reason,
                    _listed(u.value) if u.value else None,
                    *([u.line] if u.line else []),
                ]
                for u in self.unclear
            ]
        return data

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Position":
        """The inverse of `to_json`."""
        return cls(
            mode=data.get("mode", "idle"),
            question=data.get("question", ""),
            picked=data.get("picked", False),
            doubt=data.get("doubt", False),
            latest=tuple(data.get("latest", ())),
            left=data.get("left", False),
            why=data.get("why", False),
            tries=data.get("tries", 0),
            settled=tuple(data.get("settled", ())),
            unread=tuple(data.get("unread", ())),
            pending=tuple((code, Value(*parts)) for code, *parts in data.get("pending", ())),
            over=tuple((code, Value(*parts)) for code, *parts in data.get("over", ())),
            unclear=tuple(
                UnclearWords(source, tuple(codes), reason, Value(*parts) if parts else None, "".join(line))
                for source, codes, reason, parts, *line in data.get("unclear", ())
            ),
        )


def _listed(value: Value) -> list[Any]:
    return [value.amount, value.approx, value.source, *([value.note] if value.note else [])]
