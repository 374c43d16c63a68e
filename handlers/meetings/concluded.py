"""What a chair says when a meeting ends in, its conclusions out: each with who has it to do and the last day for it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from handlers.meetings.called_units import CalledUnits, UnitNamed
from handlers.routes import CONCLUDED
from reporting.text.words import Lexicon, Token, tokens_of
from reporting.time.as_written import NotADay, plain
from reporting.time.until import until_in

MOST_AHEAD = 6  # words ahead of "đề nghị": "Thời gian tới, đề nghị các đơn vị …"
MOST_OF_DAY = 14  # words that name one
FEWEST_WORDS = 2  # of a conclusion; less is a leftover
_GIVING, _DOING, _PARTNERS, _ANNOUNCING, _PRAISE = (
    Lexicon((phrase, True) for phrase in CONCLUDED[name])
    for name in ("giving", "doing", "partners", "announcing", "praise")
)
_SHORTENED = Lexicon((phrase, True) for phrase in CONCLUDED["shortened"])
_ORDINALS = {phrase: number for number, phrase in enumerate(CONCLUDED["ordinals"], 1)}
_ORDINAL = Lexicon(_ORDINALS.items())
_MARK = re.compile(r"^\s*(?:[-–•+*]|\(?(?:\d{1,2}|[a-zđ])[.)/])\s+", re.IGNORECASE)
_NUMBERED = re.compile(r"(?<![\w/.,-])\(?(\d{1,2})[.)](?=\s)")
_SENTENCE = re.compile(r"(?<=\w)[.!?]+\s+(?=\w)")
_DAY = re.compile(r"(?<![\w/.,-])(\d{1,2})/(\d{1,2})(?:/(\d{4}))?(?![\w/]|[.,]\d)")
_LEAP_YEAR = 2000
_MOST_DAYS = 31
_AROUND = " ,;.:-–•()\t\n"
_JOINED = frozenset([",", "va", "&"])


@dataclass(frozen=True, slots=True)
class Conclusion:
    """One conclusion as understood. unit_ids: who has it to do, () where that is not clear; due_on: None for no day.

    no_day: what was written as a day and is none. unclear: names that more than one unit has.
    """

    text: str
    unit_ids: tuple[int, ...] = ()
    due_on: date | None = None
    no_day: str = ""
    unclear: tuple[str, ...] = ()


def concluded(text: str, called: CalledUnits, today: date) -> tuple[list[Conclusion], list[str]]:
    """The conclusions in order, and what was said and asks for nothing ("ghi nhận kết quả …"), as written."""
    found: list[Conclusion] = []
    praise: list[str] = []
    carried: tuple[int, ...] = ()  # of a line that announces the list below it
    for line in _lines(text):
        marked = _MARK.match(line) is not None
        line = _MARK.sub("", line, count=1)
        announced = _announces(line.rstrip(), called)
        if announced is not None and not announced[1]:
            carried = announced[0]
            continue
        owners = carried if marked else ()
        carried = carried if marked else ()
        for sentence in _sentences(line):
            head = _announces(sentence, called)
            if head is not None:
                owners, sentence = head[0] or owners, head[1]
            for piece in _pieces(sentence, called, today):
                if len([one for one in tokens_of(piece) if one.kind == "word"]) < FEWEST_WORDS:
                    continue
                one = read_one(piece, called, today)
                if _PRAISE.at(tokens_of(piece), 0) and not _GIVING.anywhere(tokens_of(piece), 0, len(piece)):
                    praise.append(piece)
                    continue
                if one.unit_ids:  # "đề nghị các đơn vị A; B": what follows is asked of the same ones
                    owners = one.unit_ids if _GIVING.anywhere(tokens_of(piece), 0, MOST_AHEAD) else ()
                found.append(one if one.unit_ids or one.unclear else replace(one, unit_ids=owners))
    return found, praise


def read_one(piece: str, called: CalledUnits, today: date) -> Conclusion:
    """One conclusion: its words as written, whose it is and until when."""
    tokens = tokens_of(piece)
    mentions = _owners(tokens, list(called.in_text(tokens)))
    several = tuple(piece[tokens[one.start].start : tokens[one.end - 1].end] for one in mentions if one.several)
    ids = () if several else tuple(dict.fromkeys(unit for one in mentions for unit in one.ids))
    try:
        until, no_day = until_in(piece, today), _no_day_in(piece)
    except NotADay as refused:
        until, no_day = None, str(refused)
    day = until.day if until else None
    return Conclusion(_words_of(piece, tokens, mentions, day), ids, day, no_day, several)


def _no_day_in(piece: str) -> str:
    """What stands there as a day that its month has not, "30/2", also where no word says that it is the last one."""
    for named in _DAY.finditer(piece):
        day, month, year = int(named[1]), int(named[2]), int(named[3] or _LEAP_YEAR)
        if day <= _MOST_DAYS and month in range(1, 13):  # "45/60 đơn vị" is none
            try:
                date(year, month, day)
            except ValueError:
                return named[0]
    return ""


def _words_of(piece: str, tokens: Sequence[Token], mentions: Sequence[UnitNamed], day: date | None) -> str:
    """The words, without whose it is in front and until when at the end: both are shown beside them."""
    spoken = _ORDINAL.at(tokens, 0)
    begin = spoken[0] if spoken else 0
    lead = _GIVING.at(tokens, begin)
    at = lead[0] if lead else begin
    for one in mentions:
        if one.start == at or (one.start == at + 1 and tokens[at].fold in _JOINED):
            begin = at = one.end
    end = len(tokens)
    for index in range(end - 1, max(begin, end - MOST_OF_DAY), -1):
        if day is not None and _is_day(piece[tokens[index].start :], day):
            end = index
    inner = piece[tokens[begin].start : tokens[end - 1].end] if begin < end else ""
    whole = inner if len(inner.split()) >= FEWEST_WORDS else piece
    return " ".join(whole.split()).strip(_AROUND)


def _is_day(words: str, day: date) -> bool:
    """Whether these words say that day and nothing else."""
    folded = plain(words).rstrip(_AROUND)
    try:
        found = until_in(folded, day)
    except NotADay:
        return False
    return found is not None and (found.start, found.end) == (0, len(folded))


def _lines(text: str) -> Iterator[str]:
    """Lines, and what is numbered within one: "1. … 2. …", "một là … hai là …"."""
    for line in text.splitlines():
        cuts, expected = [0], 1
        marks = [(one.start(), int(one[1])) for one in _NUMBERED.finditer(line)] or _spoken_marks(line)
        for at, number in marks:
            if number == expected:
                cuts.append(at)
                expected += 1
        if expected == 2:
            cuts = [0]  # a single number is none of a list
        for begin, end in zip(cuts, [*cuts[1:], len(line)], strict=True):
            if line[begin:end].strip(_AROUND):
                yield line[begin:end].strip()


def _sentences(line: str) -> Iterator[str]:
    """Its sentences; "TP. Hòa An" is in one."""
    begin = 0
    for end in _SENTENCE.finditer(line):
        tokens = tokens_of(line[begin : end.start()])
        if _SHORTENED.ending(tokens, len(tokens)) is None:
            yield line[begin : end.start()]
            begin = end.end()
    yield line[begin:]


def _spoken_marks(line: str) -> list[tuple[int, int]]:
    tokens = tokens_of(line)
    met = ((index, _ORDINAL.at(tokens, index)) for index in range(len(tokens)))
    return [(tokens[index].start, found[1]) for index, found in met if found is not None]


def _announces(sentence: str, called: CalledUnits) -> tuple[tuple[int, ...], str] | None:
    """Whose the list behind a colon is and what stands behind it; None where no list is announced.

    A colon right behind a single unit's name announces nothing: "Đoàn xã Tân Lập: rà soát …" is one conclusion.
    """
    before, colon, after = sentence.partition(":")
    if not colon or re.match(r"\d", after):
        return None
    tokens = tokens_of(before)
    mentions = _owners(tokens, list(called.in_text(tokens)))
    ids = tuple(dict.fromkeys(unit for one in mentions for unit in one.ids if not one.several))
    if (ids and ";" in after) or not after.strip() or _ANNOUNCING.ending(tokens, len(tokens)) is not None:
        return ids, after.strip()
    return None


def _pieces(sentence: str, called: CalledUnits, today: date) -> Iterator[str]:
    """The conclusions of one sentence: divided by semicolons, and where somebody else is given something to do."""
    for part in sentence.split(";"):
        tokens = tokens_of(part)
        begin, owned = 0, False
        for one in called.in_text(tokens):
            lead = _GIVING.ending(tokens, one.start)
            at = lead[0] if lead else one.start
            new = owned and (lead is not None or _ends_in_day(part[begin : tokens[at].start], today))
            if new and not _joined(tokens, at, begin_of(tokens, begin)):
                yield part[begin : tokens[at].start].strip(_AROUND)
                begin = tokens[at].start
            owned = True
        yield part[begin:].strip(_AROUND)


def begin_of(tokens: Sequence[Token], start: int) -> int:
    """The first token at or behind that place of the text."""
    return next((index for index, token in enumerate(tokens) if token.start >= start), len(tokens))


def _joined(tokens: Sequence[Token], at: int, first: int) -> bool:
    """Whether it is said with what stands before it: "giao DX01 và giao DX02 rà soát"."""
    return at - 1 > first and tokens[at - 1].fold in ("va", "&")


def _ends_in_day(text: str, today: date) -> bool:
    folded = plain(text).rstrip(_AROUND)
    try:
        found = until_in(folded, today)
    except NotADay:
        return False
    return found is not None and found.end == len(folded)


def _owners(tokens: Sequence[Token], mentions: Sequence[UnitNamed]) -> list[UnitNamed]:
    """Those who have it to do: named first, or behind a word that gives it; else the only one that is no partner."""
    led: list[UnitNamed] = []
    for one in mentions:
        gives = _GIVING.ending(tokens, one.start) or _DOING.ending(tokens, one.start)
        joins = bool(led) and led[-1].end + 1 == one.start and tokens[one.start - 1].fold in _JOINED
        if one.start == 0 or gives is not None or joins:
            led.append(one)
    others = [one for one in mentions if _PARTNERS.ending(tokens, one.start) is None]
    return led or (others if len(others) == 1 else [])
