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
from reporting.text.lexicon import in_plain_letters
from reporting.text.word_lists import written
from reporting.text.words import Token, WordForm, agrees, source_of, tokens_of

_AND = written("reader.joins")
_COURTESIES = in_plain_letters("reader.courtesies")
_NOT_WHOLE = in_plain_letters("changes.not_whole")
_LISTED = re.compile(r" *\d+(?: ?, ?\d+)+ *")
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
    tokens, names, by_code = tokens_of(text), _names(counted), {one.code: one for one in counted}
    first = next((at for at in range(len(tokens)) if numeral_at(tokens, at) is not None), 0)
    before = any(_name_at(names, tokens, at)[0] > at for at in range(first))  # "xe 5 người 3"
    values: dict[str, Value] = {}
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


def told_apart(text: str, counted: Sequence[Indicator]) -> dict[str, Value]:
    """As many numbers as things are counted, each with a unit or word of just one of them: "2 căn nhà, 5tr, 1 người".

    Bare whole numbers are in order also with nothing but commas between them: "2,1,5". Empty where it is not as clear.
    """
    if _LISTED.fullmatch(text):
        bare = dict(zip((one.code for one in counted), text.replace(" ", "").split(","), strict=False))
        apart = len(bare) == text.count(",") + 1 == len(counted) and all(len(part) < _GROUP for part in bare.values())
        found = {one.code: _value(Decimal(bare[one.code]), one, bare[one.code]) for one in counted if apart}
        return {code: value for code, value in found.items() if value is not None}
    numbers = quantities(text)
    if len(numbers) != len(counted) or _NOT_WHOLE & {token.fold for token in tokens_of(text)}:
        return {}
    values: dict[str, Value] = {}
    for at, one in enumerate(numbers):
        end = numbers[at + 1].start if at + 1 < len(numbers) else len(text)
        before = _PARTED.split(text[numbers[at - 1].end if at else 0 : one.start])[-1]
        meant = _beside(one, counted, _PARTED.split(text[one.start : end])[0]) or _beside(one, counted, before)
        value = _value(one.number, meant, one.source) if meant and one.problem in (None, "ambiguous") else None
        if meant is None or value is None or meant.code in values or one.of is not None:
            return {}
        values[meant.code] = replace(value, approx=one.approx)
    return values


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
