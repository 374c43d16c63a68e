"""Conclusions that wait for a yes and a message that changes one of them in, the new card out."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from zlib import crc32

from handlers.meetings.called_units import CalledUnits
from handlers.meetings.concluded import Conclusion, read_one
from handlers.routes import CONCLUDED, CONCLUDED_CHANGES
from reporting.text.word_lists import listed
from reporting.text.words import Lexicon, Token, tokens_of
from reporting.time.as_written import NotADay
from reporting.time.until import until_in

MOST = 20  # conclusions on a card
MOST_NUMBER = 99  # that is read as a conclusion's, on the card or not
MOST_LEFT_OVER = 3  # words beside a unit or a day; more of them are a new text
_DROP, _UNDATED, _NUMBER = (
    Lexicon((phrase, True) for phrase in CONCLUDED_CHANGES[name]) for name in ("drop", "undated", "number")
)
_GIVING = Lexicon((phrase, True) for name in ("giving", "doing") for phrase in CONCLUDED[name])
_GIVES = Lexicon((phrase, True) for phrase in CONCLUDED["giving"])
_LEADS = (*listed("until.leads"), *listed("until.day_leads"))
_UNTIL = Lexicon((phrase, True) for phrase in _LEADS)
_KNOWN = {
    token.fold
    for phrase in (*_LEADS, *CONCLUDED["giving"], *(one for said in CONCLUDED_CHANGES.values() for one in said))
    for token in tokens_of(phrase)
}
_BETWEEN = frozenset([",", "va", "&", ".", ")"])
_DIVIDING = frozenset([",", ";", ".", "\n", "va", "&", "con"])
_AROUND = " ,;.\t\n"


class NoChange(ValueError):
    """The message changes nothing on the card; the argument is what was not understood."""


class NotOnCard(NoChange):
    """The message names a conclusion that the card has not; the argument is its number."""


@dataclass(frozen=True, slots=True)
class ConclusionCard:
    """The conclusions of one meeting. cluster_id: None for the province's; editing: the number asked about, 0: none."""

    period: str
    cluster_id: int | None
    items: tuple[Conclusion, ...]
    editing: int = 0

    @property
    def mark(self) -> str:
        """By what its buttons know it again."""
        return f"{crc32(repr(replace(self, editing=0)).encode()):08x}"

    def to_json(self) -> dict[str, Any]:
        """A JSON-ready dict; `from_json` is its inverse."""
        items = [
            [one.text, list(one.unit_ids), one.due_on.isoformat() if one.due_on else "", one.no_day, list(one.unclear)]
            for one in self.items
        ]
        return {"period": self.period, "cluster": self.cluster_id, "items": items, "editing": self.editing}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "ConclusionCard":
        """The inverse of `to_json`."""
        items = tuple(
            Conclusion(text, tuple(ids), date.fromisoformat(due) if due else None, no_day, tuple(unclear))
            for text, ids, due, no_day, unclear in data["items"]
        )
        return cls(data["period"], data["cluster"], items, data.get("editing", 0))

    @staticmethod
    def is_meant(text: str) -> bool:
        """Whether a text changes a numbered conclusion by its words alone: "3 giao …", "3 hạn …", "bỏ 3"."""
        tokens = tokens_of(text)
        dropping = _skipped(tokens, 0, _DROP)
        numbers, end = _numbers(tokens, _skipped(tokens, dropping, _NUMBER), MOST_NUMBER)
        return bool(numbers) and (dropping > 0 or _says(tokens, end, ()))

    def changed(self, text: str, called: CalledUnits, today: date) -> "ConclusionCard":
        """The card as the message wants it: "2 giao DX03", "3 hạn 30/6", "bỏ 4", "2: lời mới", or several of these in
        one: "1 hạn 21/4, 2 giao DX03". Raises NoChange or NotOnCard, and then nothing of it is changed.

        Without a number it is about the one that was asked about, else about all that lack what is said.
        """
        items: list[Conclusion | None] = list(self.items)
        for part in _parts(text, called):
            chosen, change = self._meant(part, called, today)
            for index in chosen or range(len(items)):
                old = items[index]
                items[index] = None if change is None or old is None else _with(old, change, every=not chosen)
        if items == list(self.items):
            raise NoChange(text)
        return replace(self, items=tuple(one for one in items if one is not None), editing=0)

    def _meant(self, text: str, called: CalledUnits, today: date) -> tuple[list[int], Conclusion | None]:
        """(which ones one change is about, none for all; what it says of them, None to drop them)."""
        tokens = tokens_of(text)
        at = _skipped(tokens, 0, _DROP)
        drops = at > 0
        at = _skipped(tokens, at, _NUMBER)
        named, end = _numbers(tokens, at, MOST_NUMBER)
        beyond = next((number for number in named if number > len(self.items)), None)
        if beyond is not None and (drops or _says(tokens, end, {one.start for one in called.in_text(tokens)})):
            raise NotOnCard(str(beyond))
        numbers, at = _numbers(tokens, at, len(self.items))
        at = at if drops else _skipped(tokens, at, _DROP)
        drops = drops or (bool(numbers) and at == len(tokens) and at > 0 and _DROP.ending(tokens, at) is not None)
        rest = text[tokens[at].start :].strip() if at < len(tokens) else ""
        chosen = [number - 1 for number in numbers] or ([self.editing - 1] if self.editing else [])
        if drops and not rest:
            if not chosen:
                raise NoChange(text)
            return chosen, None
        if not rest or (not numbers and not self.editing and _is_number(tokens, at)):
            raise NoChange(text)  # nothing is said, or of one that is not on the card
        return chosen, _change(rest, called, today, named=bool(chosen))


def _parts(text: str, called: CalledUnits) -> list[str]:
    """The changes of one message: the next one begins where numbers stand ahead of what is said of them."""
    tokens = tokens_of(text)
    units = {one.start: one.end for one in called.in_text(tokens)}
    named = {index for start, end in units.items() for index in range(start, end)}
    cuts, at = [0], _head(tokens, 0)
    since = at
    while at < len(tokens):
        dropping = _skipped(tokens, at, _DROP)
        numbers, end = _numbers(tokens, _skipped(tokens, dropping, _NUMBER), MOST_NUMBER)
        if numbers and at not in named and not _in_a_day(tokens, at):
            # Within new words a number may be a count: "lớp 1 trước 15/5".
            words = any(tokens[i].kind == "word" and i not in named and tokens[i].fold not in _KNOWN
                        for i in range(since, at))  # fmt: skip
            divided = tokens[at - 1].fold in _DIVIDING
            said = _drops(tokens, at, dropping) or (end < len(tokens) and _says(tokens, end, units if divided else ()))
            if said and (divided or not words):
                cuts.append(tokens[at].start)
                at = since = _head(tokens, at)
                continue
        at += 1
    found = (text[begin:end].strip(_AROUND) for begin, end in zip(cuts, [*cuts[1:], len(text)], strict=True))
    return [part for part in found if part]


def _head(tokens: Sequence[Token], at: int) -> int:
    """The token behind the numbers that a change begins with; of "bỏ 3, 1 giao DX03" only one is its own."""
    dropping = _skipped(tokens, at, _DROP)
    begin = _skipped(tokens, dropping, _NUMBER)
    return max(begin + 1 if dropping > at else _numbers(tokens, begin, MOST_NUMBER)[1], at + 1)


def _drops(tokens: Sequence[Token], at: int, dropping: int) -> bool:
    """Whether "bỏ 3" stands there and nothing that is counted: "bỏ 3 lớp" is of new words."""
    behind = _skipped(tokens, dropping, _NUMBER) + 1
    return dropping > at and (
        behind >= len(tokens) or tokens[behind].fold in _DIVIDING or tokens[behind].kind != "word"
    )


def _in_a_day(tokens: Sequence[Token], at: int) -> bool:
    return tokens[at - 1].text in ("/", "-", ".") and tokens[at - 1].end == tokens[at].start


def _says(tokens: Sequence[Token], at: int, units: Container[int]) -> bool:
    """Whether something is said there of the numbers in front: whose, until when, dropped, or new words."""
    if at >= len(tokens):
        return False
    if tokens[at].fold == ":" or tokens[at - 1].fold == ":" or at in units:
        return True
    if tokens[at].text.isdigit() and at + 1 < len(tokens) and tokens[at + 1].text == "/":
        return True
    return any(words.at(tokens, at) for words in (_GIVES, _DROP, _UNDATED, _UNTIL))


def _is_number(tokens: Sequence[Token], at: int) -> bool:
    return tokens[at].text.isdigit() and (at + 1 == len(tokens) or tokens[at + 1].text != "/")


def _skipped(tokens: Sequence[Token], at: int, words: Lexicon[bool]) -> int:
    found = words.at(tokens, at)
    return found[0] if found else at


def _numbers(tokens: Sequence[Token], at: int, most: int) -> tuple[list[int], int]:
    """The numbers of conclusions that stand there, and the index behind them."""
    found: list[int] = []
    while at < len(tokens) and tokens[at].text.isdigit() and 1 <= int(tokens[at].text[:3]) <= most:
        if at + 1 < len(tokens) and tokens[at + 1].text == "/":
            break  # a day
        found.append(int(tokens[at].text))
        at += 1
        ahead = at
        while ahead < len(tokens) and tokens[ahead].fold in _BETWEEN:
            ahead += 1
        if ahead < len(tokens) and tokens[ahead].text.isdigit():
            at = ahead
    while found and at < len(tokens) and tokens[at].fold in (*_BETWEEN, ":", "-"):
        at += 1
    return found, at


def _change(rest: str, called: CalledUnits, today: date, named: bool) -> Conclusion:
    """What is said: units, a day, a new text; what is not said stays empty."""
    tokens = tokens_of(rest)
    if _UNDATED.at(tokens, 0) == (len(tokens), True):
        return Conclusion("", (), None, "-")
    mentions = list(called.in_text(tokens))
    try:
        until = until_in(rest, today) or until_in(f"{CONCLUDED_CHANGES['due'][0]} {rest}", today)
    except NotADay as refused:
        raise NoChange(str(refused)) from refused
    of_units = {index for one in mentions for index in range(one.start, one.end)}
    left = [t for index, t in enumerate(tokens) if t.kind == "word" and index not in of_units]
    several = tuple(rest[tokens[one.start].start : tokens[one.end - 1].end] for one in mentions if one.several)
    ids = () if several else tuple(dict.fromkeys(unit for one in mentions for unit in one.ids))
    if len(left) <= MOST_LEFT_OVER + (3 if until else 0) and (mentions or until):
        return Conclusion("", ids, until.day if until else None, "", several)
    gives = _GIVING.at(tokens, 0)
    if not named or (gives is not None and not mentions) or len(left) < MOST_LEFT_OVER:
        raise NoChange(rest[tokens[gives[0]].start :] if gives and gives[0] < len(tokens) else rest)
    return read_one(rest, called, today)


def _with(old: Conclusion, new: Conclusion, every: bool) -> Conclusion:
    """The conclusion with what is said; every: only where it lacks that."""
    if new.no_day == "-":
        return replace(old, due_on=None, no_day="")
    kept = old
    if new.text:
        kept = replace(kept, text=new.text)
    if (new.unit_ids or new.unclear) and not (every and old.unit_ids):
        kept = replace(kept, unit_ids=new.unit_ids, unclear=new.unclear)
    if new.due_on and not (every and old.due_on):
        kept = replace(kept, due_on=new.due_on, no_day="")
    return kept if not new.no_day else replace(kept, no_day=new.no_day, due_on=None)
