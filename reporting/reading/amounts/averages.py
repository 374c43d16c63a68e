"""Rates and the figures beside them in; the rates whose whole stands there out, and what the others make.

"mỗi tháng 1 buổi, cả quý 3 buổi, bình quân 22 bạn/buổi, tổng 66 lượt": the 1 and the 22 are rates of the 3 and the 66.
"3 buổi, mỗi buổi 20 bạn" makes an attendance of 60, which is only proposed.
"""

from collections.abc import Sequence
from dataclasses import replace

from reporting.numbers.number_words import SCALE_NAMES
from reporting.numbers.quantity import Placed
from reporting.numbers.units import MILLIONS, family_of
from reporting.reading.found.breaks import is_break
from reporting.reading.found.mentions import Mention
from reporting.text.words import Token

_KINDS = {"event": "event", "people": "came", "attendance": "came", "money": "money", "thing": "thing"}
_MILLION = 1_000_000
_LEAST_DONG = 1000
_REACH = 24  # tokens between a rate and its whole


def without_averages(
    tokens: Sequence[Token], placed: Sequence[Placed], mentions: Sequence[Mention]
) -> tuple[list[Placed], list[Placed]]:
    """The quantities without the rates whose whole is told, an attendance made of a rate as its proposal; the rates."""
    rates: list[Placed] = []
    kept: list[Placed] = []
    for number, one in enumerate(placed):
        kind = _kind(one)
        if kind is None or kind == "thing" or one.quantity.problem != "unit_rate":
            kept.append(one)
            continue
        near = [other for other in placed[max(0, number - 2) : number + 3] if _beside(tokens, one, other, mentions)]
        alike = [other for other in near if _kind(other) == kind]
        sessions = [other for other in near if _kind(other) == "event" and other.first < one.first]
        if kind == "money":
            near = [other for other in placed[max(0, number - 2) : number + 3] if _in_sentence(tokens, one, other)]
        whole = any(other.quantity.number >= one.quantity.number for other in alike)
        if whole if kind != "money" else _multiplied(one, near):
            rates.append(_with_its_clause(tokens, one, placed))
        elif kind == "came" and sessions and not alike and one.quantity.number > 0:
            made = one.quantity.number * sessions[-1].quantity.number
            kept.append(replace(one, quantity=replace(one.quantity, proposed=made)))
        else:
            kept.append(one)
    return kept, rates


def _multiplied(price: Placed, near: Sequence[Placed]) -> bool:
    """ "30 suất, mỗi suất 300 nghìn, tổng 9 triệu": so many times the price make the sum."""
    millions = (
        price.quantity.unit == MILLIONS or price.quantity.number < _LEAST_DONG
    )  # "200k" is 200.000 without "đồng"
    each = price.quantity.number / (1 if millions else _MILLION)
    sums = {other.quantity.number for other in near if _kind(other) == "money"}
    return any(other.quantity.number * each in sums for other in near if _kind(other) == "thing")


def _with_its_clause(tokens: Sequence[Token], rate: Placed, placed: Sequence[Placed]) -> Placed:
    """The rate with the words around it up to commas and other numbers, and one comma beside them."""
    others = {place for one in placed if one is not rate for place in range(one.first, one.last)}
    first, last = rate.first, rate.last
    while first > 0 and first - 1 not in others and not _ends(tokens[first - 1]):
        first -= 1
    while last < len(tokens) and last not in others and not _ends(tokens[last]):
        last += 1
    if first > 0 and tokens[first - 1].text == ",":
        first -= 1
    elif last < len(tokens) and tokens[last].text == ",":
        last += 1
    return replace(rate, first=first, last=last)


def _ends(token: Token) -> bool:
    return is_break(token) or token.text in (",", "(", ")", ":")


def _kind(one: Placed) -> str | None:
    if one.quantity.problem == "unit_rate" and one.quantity.scale in (SCALE_NAMES[1000], SCALE_NAMES[_MILLION]):
        return "money"  # "mỗi suất 300 nghìn", "mỗi suất 1 triệu"
    return _KINDS.get(str(family_of(one.quantity.unit)))


def _in_sentence(tokens: Sequence[Token], rate: Placed, other: Placed) -> bool:
    """Whether a sure figure stands near by in the same sentence."""
    if other is rate or other.quantity.problem is not None or other.quantity.of is not None:
        return False
    first, last = (rate.last, other.first) if rate.first < other.first else (other.last, rate.first)
    return last - first <= _REACH and not any(is_break(token) for token in tokens[first:last])


def _beside(tokens: Sequence[Token], rate: Placed, other: Placed, mentions: Sequence[Mention]) -> bool:
    """Whether a sure figure stands in the same sentence, and no activity is named between the two or behind it."""
    if not _in_sentence(tokens, rate, other):
        return False
    first = rate.last if rate.first < other.first else other.last
    end = max(rate.last, other.last)
    while end < len(tokens) and not is_break(tokens[end]) and tokens[end].text not in (",", ")", "("):
        end += 1
    return not any(first <= mention.first < end for mention in mentions)
