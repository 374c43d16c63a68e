"""A text and what a quick count counts in; the numbers that bear its own names behind them out: "5 xe, 12 người"."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from reporting.figures.catalogue import Indicator
from reporting.figures.values import SOURCE_LONGEST, OutOfRange, Value, scaled
from reporting.numbers.numerals import numeral_at
from reporting.numbers.quantities import quantities
from reporting.numbers.quantity import Quantity
from reporting.numbers.units import counts, family_of
from reporting.text.lexicon import in_plain_letters, in_plain_phrases
from reporting.text.word_lists import listed, one_of, written
from reporting.text.words import Token, WordForm, agrees, source_of, tokens_of

_AND = written("reader.joins")
_COURTESIES = in_plain_letters("reader.courtesies")
_NOT_WHOLE = in_plain_letters("changes.not_whole")
_POLITE = re.compile(rf"(?i)\b{one_of(listed('reader.courtesies'))}\b|[.!]")
_LISTED = re.compile(r"\d+(?:(,)\d+(?:,\d+)*|([/-])\d+(?:\2\d+)*)")
_AROUND_THE_CLOCK = written("reader.around_the_clock")
_COUNTERS = in_plain_letters("reader.counters")
_DENIALS = in_plain_phrases("nothing.none_after_name")
_BEHIND_DENIED = in_plain_letters("reader.behind_denied_name")
_ENDS = frozenset(",;.")
_PARTED = re.compile(r"[,;.\n]")
_GROUP = 3  # so many digits behind a comma may be thousands
_BETWEEN = in_plain_letters("reader.between_name_and_count") | {":", "="}

Name = tuple[WordForm, ...]


@dataclass(frozen=True, slots=True)
class Counts:
    """The values of a text by code. whole: nothing else is said in it."""

    values: dict[str, Value]
    whole: bool


def counted_in(text: str, counted: Sequence[Indicator]) -> Counts:
    """The numbers that what is counted is named beside: straight behind each, or in all of the text before each.

    A name of several things is of none. The office and the unit may each write with or without marks. Money has units
    of its own and is left to the reader.
    """
    names, by_code = _names(counted), {one.code: one for one in counted}
    tokens, values = _without_denied(text, names)
    first = next((at for at in range(len(tokens)) if numeral_at(tokens, at) is not None), 0)
    before = any(_name_at(names, tokens, at)[0] > at for at in range(first))  # "xe 5 người 3"
    whole, place = True, 0
    while place < len(tokens):
        begun, named = place, ""
        if before:
            place, named = _name_at(names, tokens, place)
            while named and place < len(tokens) and tokens[place].fold in _BETWEEN:
                place += 1
        numeral = numeral_at(tokens, place) if place < len(tokens) else None
        if numeral is None or numeral.problem is not None:
            whole = whole and not named and _says_nothing(tokens[begun])
            place = begun + 1
            continue
        place, behind = _name_at(names, tokens, numeral.end)
        code = named if before else behind
        place = max(place if code == behind else numeral.end, begun + 1)
        source = source_of(text, tokens, begun, place - 1)
        value = _value(numeral.number, by_code[code], source) if code and code not in values else None
        if value is None:
            whole = False
        else:
            values[code] = value
    return Counts({} if before and not whole else values, whole and bool(values))


def _without_denied(text: str, names: dict[Name, set[str]]) -> tuple[list[Token], dict[str, Value]]:
    """The tokens without the clauses that only deny one thing that is counted, "xuồng không có"; and its zero."""
    left, zeros = list[Token](), dict[str, Value]()
    for clause in _clauses(tokens_of(text)):
        said = [token for token in clause if token.kind == "word" and token.fold not in _COURTESIES]
        codes = set[str]()
        if said and not any(token.kind == "number" for token in clause):
            for at in range(len(said)):
                end, code = _name_at(names, said, at)
                behind = {token.fold for token in said[end:]} <= _BEHIND_DENIED and said[:at]
                if (
                    code
                    and " ".join(token.fold for token in (said[:at] if behind else [*said[:at], *said[end:]]))
                    in _DENIALS
                ):
                    codes.add(code)
        if len(codes) == 1 and not codes & zeros.keys():
            [code] = codes
            zeros[code] = Value(0, source=source_of(text, clause, 0, len(clause) - 1)[:SOURCE_LONGEST])
        else:
            left += clause
    return left, zeros


def _clauses(tokens: Sequence[Token]) -> list[list[Token]]:
    found: list[list[Token]] = [[]]
    for token in tokens:
        found[-1].append(token)
        if token.kind == "line" or token.text in _ENDS:
            found.append([])
    return [clause for clause in found if clause]


def told_apart(text: str, counted: Sequence[Indicator], asked: Sequence[Indicator]) -> dict[str, Value]:
    """As many numbers as things are counted, each with a unit or word of just one of them: "2 căn nhà, 5tr, 1 người".

    Bare whole numbers are in order also with nothing but commas between them, "2,1,5", and where all that is counted
    is asked, with a stroke: "3/25". Empty where it is not as clear.
    """
    bare = _POLITE.sub("", text).replace(" ", "")
    if (listed_ := _LISTED.fullmatch(bare)) is not None:
        return _in_order(bare, listed_[1] or listed_[2], counted, asked)
    numbers = quantities(text)
    if len(numbers) != len(counted) or _NOT_WHOLE & {token.fold for token in tokens_of(text)}:
        return {}
    values: dict[str, Value] = {}
    things = list[Quantity]()
    for at, one in enumerate(numbers):
        end = numbers[at + 1].start if at + 1 < len(numbers) else len(text)
        before = _PARTED.split(text[numbers[at - 1].end if at else 0 : one.start])[-1]
        behind = _PARTED.split(text[one.start : end])[0]
        meant = _beside(one, counted, behind) or _beside(one, counted, before)
        if meant is None and _is_of_things(one, behind):
            things.append(one)
            continue
        value = _value(one.number, meant, one.source) if meant and one.problem in (None, "ambiguous") else None
        if meant is None or value is None or meant.code in values or one.of is not None:
            return {}
        values[meant.code] = replace(value, approx=one.approx)
    left = [one for one in counted if one.code not in values and family_of(one.unit) not in ("people", "money")]
    for one, meant in zip(things, left, strict=False):
        value = _value(one.number, meant, one.source) if len(things) == len(left) == 1 else None
        values |= {meant.code: replace(value, approx=one.approx)} if value else {}
    return values if len(values) == len(counted) else {}


def _is_of_things(one: Quantity, words: str) -> bool:
    """Whether its unit is said of things of any kind, and of nothing else: "2 căn"."""
    said = [token.fold for token in tokens_of(words) if token.kind == "word" and token.fold not in _COURTESIES]
    return one.problem in (None, "ambiguous") and one.of is None and len(said) == 1 and said[0] in _COUNTERS


def _in_order(bare: str, mark: str, counted: Sequence[Indicator], asked: Sequence[Indicator]) -> dict[str, Value]:
    """Numbers with this mark between them. A stroke may also be of a date or a range, and a comma of thousands."""
    parts = bare.split(mark)
    few = all(len(part) < _GROUP for part in parts) if mark == "," else len(asked) == len(counted)
    if not few or len(parts) != len(counted) or max(map(len, parts)) > _GROUP or bare in _AROUND_THE_CLOCK:
        return {}
    found = {one.code: _value(Decimal(part), one, part) for one, part in zip(counted, parts, strict=True)}
    return {code: value for code, value in found.items() if value is not None}


def _beside(one: Quantity, counted: Sequence[Indicator], words: str) -> Indicator | None:
    """The only one that the number's unit, or else a word beside it, can be of."""
    if family_of(one.unit) not in (None, "other"):
        of_unit = [indicator for indicator in counted if counts(one.unit, indicator.unit)]
        if len(of_unit) <= 1:
            return of_unit[0] if of_unit else None
    said = {token.form for token in tokens_of(words) if token.kind == "word"}
    shared = [indicator for indicator in counted if any(_same(form, own) for own in _words(indicator) for form in said)]
    return shared[0] if len(shared) == 1 else None


def _words(indicator: Indicator) -> list[WordForm]:
    return [token.form for token in tokens_of(indicator.short.lower()) if token.kind == "word"]


def _value(number: Decimal | None, counted: Indicator, source: str) -> Value | None:
    try:
        return None if number is None else Value(scaled(number, counted.kind), source=source[:SOURCE_LONGEST])
    except OutOfRange:
        return None


def _says_nothing(token: Token) -> bool:
    return token.kind in ("mark", "line") or token.text in _AND or token.fold in _COURTESIES


def _names(counted: Iterable[Indicator]) -> dict[Name, set[str]]:
    """What each is called, also by its unit and its first word."""
    found: dict[Name, set[str]] = {}
    for one in counted:
        if one.kind != "money":
            first = next((token.text for token in tokens_of(one.short) if token.kind == "word"), one.short)
            for name in (one.short, one.unit, first, *one.synonyms):
                forms = tuple(token.form for token in tokens_of(name.lower()) if token.kind == "word")
                if forms:
                    found.setdefault(forms, set()).add(one.code)
    return found


def _name_at(names: dict[Name, set[str]], tokens: Sequence[Token], place: int) -> tuple[int, str]:
    """Where the longest name that starts there ends, and of what it is; '' for none or several."""
    best, codes = 0, set[str]()
    for name, of in names.items():
        said = tokens[place : place + len(name)]
        if len(said) == len(name) >= best and all(
            _same(token.form, meant) for token, meant in zip(said, name, strict=True)
        ):
            codes = of if len(name) > best else codes | of
            best = len(name)
    return place + best, next(iter(codes)) if len(codes) == 1 else ""


def _same(said: WordForm, meant: WordForm) -> bool:
    return said.fold == meant.fold and (meant.plain or agrees(said, meant))
