"""Words of a text in, the one number that begins at a word out, in digits or in words, with its scale."""

import re
from collections.abc import Sequence
from decimal import Decimal

from reporting.numbers.number_words import HALF, ONES, SCALE_NAMES, scale_at, word_in
from reporting.numbers.spelled import Numeral, spelled_at
from reporting.numbers.units import DONG, UNITS
from reporting.text.word_lists import written
from reporting.text.words import Token, agrees, form_of

_FOUR = written("numerals.four")

_DIGITS_KEPT = 15
_SPENT_ON = written("numerals.spent_on")
_TENTHS = written("numerals.tenths")
_THOUSANDS_DOT = re.compile(r"[1-9][0-9]{0,2}(?:\.[0-9]{3})+")
_THOUSANDS_COMMA = re.compile(r"[1-9][0-9]{0,2}(?:,[0-9]{3}){2,}")
_ONE_COMMA_THREE = re.compile(r"[1-9][0-9]{0,2},[0-9]{3}")
_DECIMAL = re.compile(r"[0-9]+(?:,[0-9]+|\.[0-9]{1,2}|(?<=0)\.[0-9]+)")
_MIXED = re.compile(r"[1-9][0-9]{0,2}(?:\.[0-9]{3})+,[0-9]+")


def numeral_at(tokens: Sequence[Token], index: int) -> Numeral | None:
    """The number that starts at `index`, or None if there is none."""
    token = tokens[index]
    if token.kind == "number":
        return _digits(tokens, index)
    if token.kind == "word":
        return spelled_at(tokens, index)
    return None


def _digits(tokens: Sequence[Token], index: int) -> Numeral:
    text = tokens[index].text
    plain, problem, proposed, grouped = _read_digits(text)
    end = index + 1
    if (
        plain is not None
        and problem is None
        and text.isdigit()
        and len(text) <= 3
        and not text.startswith("0")
        and end < len(tokens)
        and tokens[end].kind == "number"
        and re.fullmatch(r"[0-9]{3}", tokens[end].text)
        and not (end + 1 < len(tokens) and tokens[end + 1].kind == "number")
    ):  # "1 028 đơn vị": a space may divide thousands or two numbers
        return Numeral(index, end + 1, None, problem="separator", proposed=Decimal(text + tokens[end].text))
    spaced = _spaced_thousands(tokens, index) if plain is not None and problem is None else None
    if spaced is not None:
        return spaced
    if plain is None or problem not in (None, "separator"):
        return Numeral(index, end, None, problem=problem, proposed=proposed)
    scaled = _with_scale(tokens, end, plain)
    if scaled is None:
        return Numeral(index, end, plain if problem is None else None, None, False, grouped, problem, proposed)
    end, number, scale = scaled
    if problem is None and end < len(tokens) and _one_more_digit(tokens, end):
        return Numeral(index, end + 1, None, scale, problem="ambiguous", proposed=number)  # "5 triệu hai"
    if problem == "separator":
        return Numeral(index, end, None, scale, False, False, problem, number)
    if number.adjusted() >= _DIGITS_KEPT:
        return Numeral(index, end, None, scale, problem="out_of_range")
    return Numeral(index, end, number, scale)


def _spaced_thousands(tokens: Sequence[Token], index: int) -> Numeral | None:
    """ "20. 000": phone keyboards put a space behind the separator; or a sentence ended there."""
    if index + 2 >= len(tokens) or not re.fullmatch(r"[1-9][0-9]{0,2}", tokens[index].text):
        return None
    mark, rest = tokens[index + 1], tokens[index + 2]
    if mark.text != "." or not mark.glued or rest.glued or not re.fullmatch(r"[0-9]{3}", rest.text):
        return None
    return Numeral(index, index + 3, None, problem="separator", proposed=Decimal(tokens[index].text + rest.text))


def _one_more_digit(tokens: Sequence[Token], index: int) -> bool:
    """A spoken digit after a scale that counts nothing of its own."""
    if tokens[index].kind == "number":  # "3 triệu 2 mua quà"
        counted = index + 1 < len(tokens) and UNITS.at(tokens, index + 1) is not None
        alone = index + 1 < len(tokens) and tokens[index + 1].kind == "word"
        return alone and not counted and tokens[index].text.isdigit() and len(tokens[index].text) <= 3
    word = word_in(tokens[index], ONES) if tokens[index].kind == "word" else None
    if word is None or (tokens[index].form.plain and not (word.isascii() or word in _FOUR)):
        return False
    return index + 1 >= len(tokens) or UNITS.at(tokens, index + 1) is None


def _read_digits(text: str) -> tuple[Decimal | None, str | None, Decimal | None, bool]:
    if text == "?":
        return None, "not_a_number", None, False
    if sum(c.isdigit() for c in text) > _DIGITS_KEPT:
        return None, "out_of_range", None, False
    if text.isdigit():
        return Decimal(text), None, None, False
    if _THOUSANDS_DOT.fullmatch(text):
        return Decimal(text.replace(".", "")), None, None, text.count(".") == 1
    if _THOUSANDS_COMMA.fullmatch(text):
        return Decimal(text.replace(",", "")), None, None, False
    if _MIXED.fullmatch(text):
        return Decimal(text.replace(".", "").replace(",", ".")), None, None, False
    if _ONE_COMMA_THREE.fullmatch(text):
        return Decimal(text.replace(",", ".")), "separator", Decimal(text.replace(",", "")), False
    if _DECIMAL.fullmatch(text):
        return Decimal(text.replace(",", ".")), None, None, False
    return None, "not_a_number", None, False


def _with_scale(tokens: Sequence[Token], index: int, number: Decimal) -> tuple[int, Decimal, str] | None:
    """The scale words after a number in digits: k, nghìn, 2tr5, 3 nghìn rưỡi, 1 tỷ 350 triệu."""
    if index >= len(tokens):
        return None
    found = scale_at(tokens, index)
    if found is None:
        return None
    end, name, factor = found
    total = number * factor
    while end < len(tokens):
        token = tokens[end]
        again = scale_at(tokens, end) if token.kind == "word" else None
        if again is not None and again[2] >= 1000 > factor:
            total, (end, name, factor) = total * again[2], again
            continue
        if token.kind == "word" and any(agrees(token.form, form_of(half)) for half in HALF):
            return end + 1, total + Decimal(factor) / 2, name
        if token.text in _TENTHS and factor >= 100:  # "5 triệu tư" is 5,4 triệu
            return end + 1, total + Decimal(ONES[token.text]) * factor / 10, name
        if token.kind != "number" or not token.text.isdigit() or factor < 100:
            break
        smaller = scale_at(tokens, end + 1) if end + 1 < len(tokens) else None
        if smaller is not None and smaller[2] < factor and len(token.text) <= 3:
            total, (end, name, factor) = total + Decimal(token.text) * smaller[2], smaller
            continue
        if len(token.text) <= 3 and (token.glued or _stands_alone(tokens, end)):
            return end + 1, total + Decimal(f"0.{token.text}") * factor, _larger(name, factor)
        break
    return end, total, name


def _larger(name: str, factor: int) -> str:
    return name if factor >= 1000 else SCALE_NAMES[100]


def _stands_alone(tokens: Sequence[Token], index: int) -> bool:
    """ "1 tỷ 2" ends there or says đồng; "3 triệu 5 suất" starts another number."""
    after = index + 1
    if after >= len(tokens) or tokens[after].kind in ("mark", "line", "cell"):
        return after >= len(tokens) or tokens[after].text not in ("/", "-", "%")
    unit = UNITS.at(tokens, after)
    return tokens[after].text in _SPENT_ON if unit is None else unit[1] == DONG
