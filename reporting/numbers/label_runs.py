"""Words and numbers in turn in ("cây 45 máu 3 quà 12"); the numbers without the units that name the next one out."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from reporting.numbers.quantity import Placed, place_of
from reporting.numbers.units import MILLIONS, family_of
from reporting.text.words import Token

_LEAST = 3  # numbers that make a run
_LABEL_LONGEST = 3


def without_next_labels(text: str, tokens: Sequence[Token], found: list[Placed]) -> list[Placed]:
    """The quantities; in a run that begins with a label and ends with a number, each unit before a number names that.

    A run has a word or a few before each number, no mark, and counts nothing in sessions or people.
    """
    if not [one for one, after in pairwise(found) if one.tail < one.last == after.first]:
        return found
    result = list(found)
    first = 0
    while first < len(found):
        last = first
        while last + 1 < len(found) and _goes_on(tokens, found[last], found[last + 1]):
            last += 1
        run = found[first : last + 1]
        if len(run) >= _LEAST and _begins(tokens, run[0]) and _ends(tokens, run[-1]):
            for at in range(first, last):
                after = found[at + 1]  # "8 suất quà 2,4 triệu": what they cost
                if found[at].last == after.first and after.quantity.unit != MILLIONS:
                    result[at] = _bare(text, tokens, result[at])
        first = last + 1
    return result


def _goes_on(tokens: Sequence[Token], one: Placed, two: Placed) -> bool:
    between = tokens[one.digits + 1 : two.digits]
    counted = family_of(one.quantity.unit) in (None, "thing") and one.quantity.problem is None
    return counted and 0 < len(between) <= _LABEL_LONGEST and all(token.kind == "word" for token in between)


def _begins(tokens: Sequence[Token], one: Placed) -> bool:
    label = tokens[one.first - 1] if one.first else None
    return label is not None and label.kind == "word" and (one.first < 2 or tokens[one.first - 2].kind != "number")


def _ends(tokens: Sequence[Token], one: Placed) -> bool:
    return one.tail >= one.last and (one.last >= len(tokens) or tokens[one.last].kind != "word")


def _bare(text: str, tokens: Sequence[Token], one: Placed) -> Placed:
    if one.tail >= one.last:
        return one
    return place_of(text, tokens, replace(one.quantity, unit=None), one.first, one.digits, one.tail, one.tail)
