"""Neighbouring numbers in, the range, sum or product they make out: 40-50, 2 + 3, 120 x 300k = 36 triệu."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import zip_longest

from reporting.numbers.number_words import ONES, SCALE_NAMES, word_in
from reporting.numbers.quantity import Placed, place_of
from reporting.numbers.units import ATTENDANCE, MILLIONS, UNITS
from reporting.text.lexicon import CAME_LABEL, RANGE_BETWEEN, in_plain_letters, phrases
from reporting.text.word_lists import written
from reporting.text.words import Token

_TOTAL_SOON = 6
_BETWEEN_LONGEST = 4
_DIGITS_APART = 2
_SUM_NAMED = in_plain_letters("numerals.sum_named")
_PAIRS_OF = in_plain_letters("numerals.pairs_of")
_PLUS = written("numerals.plus")
_MAKES = phrases("numerals.makes")
_ADDENDS_LEAST = 2
_UP_TO = in_plain_letters("numerals.up_to")


def joined_numbers(text: str, tokens: Sequence[Token], found: list[Placed]) -> list[Placed]:
    """Ranges (40-50), sums (2 + 3) and products (120 x 300k = 36 triệu) made of neighbouring numbers."""
    result: list[Placed] = []
    for placed in _written_out(text, tokens, found):
        if _two_tens(tokens, placed):
            placed = _in_doubt(placed)
        previous = result[-1] if result else None
        if previous is not None:
            between = tokens[previous.last : placed.first]
            joined = _range(text, tokens, previous, placed, between) if len(between) <= _BETWEEN_LONGEST else None
            if joined is not None:
                result[-1] = joined
                continue
            # "cây 120 150"; a reply that is nothing but numbers gives them in the order of the question.
            named = previous.first > 0 and tokens[previous.first - 1].kind == "word" and _bare(previous)
            if named and not between and _bare(placed) and not placed.quantity.problem:
                result[-1], placed = _in_doubt(previous), _in_doubt(placed)
            sign = between[0].text if len(between) == 1 else ""
            if sign in ("=", ":") and _in_sum(tokens, previous):  # behind a word "=" is read as ":"
                result.pop()  # the parts stand in front of their total
                while result and tokens[result[-1].last].text in ("+", "x", "×", "*") and _bare(result[-1]):
                    result.pop()
                if previous.quantity.proposed == placed.quantity.number and _bare(previous):
                    placed = replace(placed, first=previous.first)  # "Số dự: 19 + 22 = 41": the label stands before all
            elif sign in ("x", "×", "*") and _bare(previous):
                result[-1] = replace(previous, quantity=replace(previous.quantity, problem="unit_rate"))
            elif (sign == "+" or (sign == "," and _bare(placed) and _who_came(tokens, previous))) and _addend(previous):
                placed = _sum(text, tokens, previous, placed)
                result.pop()
        result.append(placed)
    return _without_prices(tokens, result)


def _written_out(text: str, tokens: Sequence[Token], found: Sequence[Placed]) -> list[Placed]:
    """The numbers, of a sum that is written out ("2 buổi + 3 buổi = 5 buổi", "12 và 13 là 25") only what it makes.

    Where it is no true sum what stands behind "=" is only proposed.
    """
    result: list[Placed] = []
    for total in found:
        beside = not result or result[-1].last == total.first  # nothing stands between that makes anything
        addends = [] if beside else _addends(text, tokens, result, total)
        if addends:
            units = {one.quantity.unit for one in (*addends, total)} - {None}
            quantity = replace(total.quantity, unit=next(iter(units), None))
            if sum(one.quantity.number for one in addends) != quantity.number:
                quantity = replace(quantity, problem="ambiguous", proposed=quantity.number)
            total = place_of(text, tokens, quantity, addends[0].first, total.digits, total.tail, total.last)
            del result[-len(addends) :]
        result.append(total)
    return result


def _addends(text: str, tokens: Sequence[Token], before: Sequence[Placed], total: Placed) -> list[Placed]:
    """The numbers that stand before what they make; fewer than two make nothing."""
    if not _makes(tokens, before[-1].last, total.first):
        return []
    addends: list[Placed] = []
    plus, equals = True, text[tokens[total.first - 1].start] == "="  # behind a word "=" is read as ":"
    for one in reversed(before):
        if addends:
            joint = tokens[one.last : addends[0].first]
            if len(joint) != 1 or joint[0].text not in _PLUS:
                break
            plus = plus and joint[0].text == "+"
        if one.quantity.problem is not None or one.quantity.of is not None:
            break
        addends.insert(0, one)
    if len(addends) < _ADDENDS_LEAST or len({one.quantity.unit for one in (*addends, total)} - {None}) > 1:
        return []
    true = sum(one.quantity.number for one in addends) == total.quantity.number
    return addends if total.quantity.problem is None and (true or (plus and equals)) else []


def _makes(tokens: Sequence[Token], first: int, last: int) -> bool:
    """Whether nothing but "=" or words for it stand between two numbers."""
    if last - first == 1 and tokens[first].text in ("=", ":"):
        return True
    first += first < last and tokens[first].text == ","
    makes = _MAKES.at(tokens, first) if first < last else None
    return makes is not None and makes[0] + (tokens[makes[0]].text in (":", "=")) == last


def _without_prices(tokens: Sequence[Token], found: list[Placed]) -> list[Placed]:
    """ "mỗi suất 300k, tổng 13tr5": the price is nobody's figure beside the sum that follows it."""
    return [
        replace(one, quantity=replace(one.quantity, unit="other")) if after and _price_of(tokens, one, after) else one
        for one, after in zip_longest(found, found[1:])
    ]


def _price_of(tokens: Sequence[Token], one: Placed, total: Placed) -> bool:
    return (
        one.quantity.problem == "unit_rate"
        and total.quantity.unit == MILLIONS
        and total.quantity.problem is None
        and 0 < total.first - one.last <= _TOTAL_SOON
        and any(token.fold in _SUM_NAMED for token in tokens[one.last : total.first])
        and (one.quantity.unit == MILLIONS or one.quantity.scale == SCALE_NAMES[1000])
    )


def _next_digit(tokens: Sequence[Token], one: Placed, two: Placed) -> bool:
    """ "5, 6 chục cây": fifty or sixty."""
    digits = tokens[two.digits].text
    return (
        len(digits) == 1
        and digits.isdigit()
        and two.tail - two.digits > 1  # a word of scale stands between
        and int(digits) == one.quantity.number + 1
    )


def _two_tens(tokens: Sequence[Token], placed: Placed) -> bool:
    """ "5,6 chục cây", "năm, sáu chục cây": fifty-six, or between fifty and sixty."""
    at = placed.digits
    scaled = at + 1 < len(tokens) and tokens[at + 1].fold in _PAIRS_OF
    if not scaled:
        return False
    pair = tokens[at].text.split(",")
    if len(pair) == 2 and all(len(digit) == 1 and digit.isdigit() for digit in pair):
        return int(pair[1]) == int(pair[0]) + 1
    if at < 2 or tokens[at - 1].text != "," or tokens[at].kind != "word":
        return False
    one, two = word_in(tokens[at - 2], ONES), word_in(tokens[at], ONES)
    return one is not None and two is not None and ONES.get(two, 0) == ONES.get(one, 0) + 1


def _in_doubt(placed: Placed) -> Placed:
    quantity = placed.quantity
    if quantity.problem is not None:
        return placed
    return replace(placed, quantity=replace(quantity, problem="ambiguous", proposed=quantity.number))


def _bare(placed: Placed) -> bool:
    return placed.quantity.unit is None


def _addend(placed: Placed) -> bool:
    return _bare(placed) and placed.quantity.scale is None and placed.quantity.of is None


def _who_came(tokens: Sequence[Token], placed: Placed) -> bool:
    """ "Số dự: 19, 22, 20", "người đi: 15, 12": the label of an attendance stands before the number."""
    label = placed.first - (placed.first > 0 and tokens[placed.first - 1].text == ":")
    if label < 1:
        return False
    unit = any(UNITS.at(tokens, at) == (label, ATTENDANCE) for at in range(max(0, label - 3), label))
    return unit or CAME_LABEL.ending(tokens, label) is not None


def _in_sum(tokens: Sequence[Token], placed: Placed) -> bool:
    return placed.quantity.problem in ("unit_rate", "ambiguous") or (
        placed.first > 0 and tokens[placed.first - 1].text in ("+", "x", "×", "*")
    )


def _sum(text: str, tokens: Sequence[Token], one: Placed, two: Placed) -> Placed:
    first = one.quantity.proposed if one.quantity.problem == "ambiguous" else one.quantity.number
    total = (first or Decimal(0)) + two.quantity.number
    quantity = replace(two.quantity, problem="ambiguous", proposed=total)
    return place_of(text, tokens, quantity, one.first, one.digits, two.tail, two.last)


def _range(text: str, tokens: Sequence[Token], one: Placed, two: Placed, between: Sequence[Token]) -> Placed | None:
    if not between or one.quantity.unit not in (None, two.quantity.unit) or one.quantity.of or two.quantity.of:
        return None
    if tokens[two.first].text == ">":
        return None  # "150 -> 160": the one figure in the place of the other
    connector = RANGE_BETWEEN.at(between, 0)
    small = (
        len(between) <= _DIGITS_APART
        and between[0].text == ","
        and one.quantity.unit is None
        and two.quantity.unit is not None
        and (two.quantity.number == one.quantity.number + 1 or _next_digit(tokens, one, two))
        and tokens[one.digits].text.isdigit()
    )
    if (connector is None or connector[0] != len(between)) and not small:
        return None
    if between[0].fold in _UP_TO and one.quantity.unit is not None and two.quantity.unit is None:
        return None
    if two.quantity.scale and not one.quantity.scale and one.quantity.problem not in (None, "unit_rate"):
        return None
    quantity = replace(two.quantity, problem="range", number=Decimal(0), proposed=None)
    return place_of(text, tokens, quantity, one.first, one.digits, two.tail, two.last)
