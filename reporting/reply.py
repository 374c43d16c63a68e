"""What one message means to the dialogue: an answer to the open question, named values, or a pasted report."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from reporting.answers import read_answer
from reporting.catalogue import Catalogue, Indicator, Level
from reporting.draft import Unclear
from reporting.extraction import read_report
from reporting.forms import Form
from reporting.numbers import quantities
from reporting.phrases import CORRECTION_WORDS, NOT_THIS_BUT
from reporting.scopes import scopes_of
from reporting.values import PLACES, Value
from reporting.words import tokens_of

# A message this long, or with this many lines, is read as a report first and as an answer only after that.
PASTE_CHARS = 120
PASTE_LINES = 3
JUMP = 8


# "150 thành 160", "từ 7 cây sang 9": the number before is the one that was wrong.
_AMENDED = re.compile(
    r"(?i)(?:\btừ\s+|\btu\s+)?\d[\d.,]*(?:\s+[^\W\d]+){0,3}?\s*(?:\bthành|\bthanh|\bsang|->|→|=>)\s*(?=\d)"
)
# Half a kilometre, two thirds of a million: the words around may make a date of it, or leave half of it out.
_FRACTION = re.compile(r"(?i)\b\d+\s*/\s*\d+\s*(?:km|m|cây số|cay so|triệu|trieu|tr|tỷ|ty)\b")
_ADDS = re.compile(r"(?i)\b(?:cộng|cong|thêm|them)\b|(?<!\w)\+\s*\d")


def amended(text: str) -> str:
    """The message without the numbers that it says are to be replaced."""
    return _AMENDED.sub(" ", text)


def adds(text: str) -> bool:
    """Whether the message speaks of more on top: whether its number is the new total has to be asked."""
    return _ADDS.search(text) is not None


@dataclass(frozen=True, slots=True)
class Reply:
    """Values read from one message, and what in it could not be read (with its words and a likely meaning)."""

    values: tuple[tuple[str, Value], ...] = ()
    problem: str | None = None
    source: str = ""
    proposal: str = ""


@dataclass(frozen=True, slots=True)
class Paste:
    """A message read as a report: what is clear, and what has to be asked about."""

    values: tuple[tuple[str, Value], ...]
    unclear: tuple[Unclear, ...]


def read_reply(text: str, asked: Sequence[Indicator], form: Form, catalogue: Catalogue, level: Level) -> Reply:
    """The message as an answer to the indicators asked (in order), or as values named in it."""
    if (fraction := _FRACTION.search(text)) is not None:
        return Reply(problem="indefinite", source=fraction.group())
    if _speaks_of_more(text):
        return _from_report(text, form, catalogue, level)
    answer = read_answer(text, asked, catalogue, level)
    if answer.problem == "ambiguous":
        whole = _from_report(text, form, catalogue, level)
        if whole.problem is None and len(whole.values) == len(quantities(text)):
            return whole  # "2.500 ĐVTN tham gia 200 buổi dọn vệ sinh": the sentence says what the question does not
    kept = tuple((code, value) for code, value in answer.values.items() if form.accepts(code))
    problem = answer.problem
    if problem is None and answer.values and not kept:
        problem = "not_in_form"
    return Reply(kept, problem, answer.source, answer.proposal)


def says_no(text: str) -> bool:
    """Whether the message only denies what was asked; while a number is doubted "không" is not a zero."""
    return len(text) <= 40 and " ".join(token.fold for token in tokens_of(text) if token.kind == "word") in _NO


_NO = {"khong", "khong a", "da khong", "khong dung", "chua dung", "khong phai", "sai", "sai roi", "chua"}


def _speaks_of_more(text: str) -> bool:
    """Whether it also speaks of plans, targets, comparisons, running totals, or takes a number back."""
    tokens = tokens_of(text)
    if any(scope.mode != "done" for scope in scopes_of(tokens, [False] * len(tokens))):
        return True
    places = range(len(tokens))
    # "sửa" alone mends roads and bridges; a correction of that word has been taken for a command before.
    return any(
        NOT_THIS_BUT.at(tokens, place)
        or ((found := CORRECTION_WORDS.at(tokens, place)) and (found[0] > place + 1 or tokens[place].fold != "sua"))
        for place in places
    )


def _from_report(text: str, form: Form, catalogue: Catalogue, level: Level) -> Reply:
    """Only what is named: a number without a name may be the planned or the withdrawn one."""
    report = read_report(text, catalogue, level)
    kept = tuple((read.code, read.value) for read in report.values if form.accepts(read.code))
    return Reply(kept, None if kept and not report.asks else "ambiguous", " ".join(text.split())[:120])


def read_paste(
    text: str, reply: Reply, asked: Sequence[Indicator], form: Form, catalogue: Catalogue, level: Level
) -> Paste | None:
    """The message as a pasted report, or None where it is better taken as `reply`.

    A short message that answers the question is an answer, even if it names a thing or two beside it; so is a
    long one in which the report's reading finds nothing but values of what was asked.
    """
    long = len(text) >= PASTE_CHARS or text.strip().count("\n") + 1 >= PASTE_LINES
    if not long and (reply.values or reply.problem not in (None, "not_a_number", "ambiguous")):
        return None
    report = read_report(_FRACTION.sub(" ", text), catalogue, level)
    values = tuple((read.code, read.value) for read in report.values if form.accepts(read.code))
    unclear = tuple(
        Unclear(ask.source, codes, ask.reason, ask.value)
        for ask in report.asks
        if (codes := tuple(code for code in ask.codes if form.accepts(code)))
    )
    if long:
        answered = dict(reply.values)
        if reply.problem is None and answered and answered.keys() <= {indicator.code for indicator in asked}:
            return None if all(code in answered for code, _ in values) else Paste(values, unclear)
        return Paste(values, unclear) if len(values) + len(unclear) >= 2 or (values and not reply.values) else None
    return Paste(values, unclear) if values or unclear else None


def implausible(indicator: Indicator, value: Value, level: Level, before: Value | None = None) -> bool:
    """Whether one confirmation is due: above the catalogue's soft maximum for the level, or a jump.

    A jump is more than JUMP times last period's amount, where that is not itself a small number: from 1 tree to
    12 nothing is odd, from 120 to 1.200 a dot may have slipped.
    """
    limit = indicator.soft_max.get(level)
    scale = 10 ** PLACES[indicator.kind]
    if limit is not None and value.amount > limit * scale:
        return True
    if before is None or not before.amount:
        return False
    return value.amount > JUMP * before.amount and value.amount > (limit or 0) * scale // 5
