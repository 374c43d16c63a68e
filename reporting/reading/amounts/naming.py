"""Numbers that only name something, found by where they stand: "Nội dung 1: …", "… ở ngõ 3", "40 đoàn viên khối 8-9".

A bare number behind a noun names that noun, whatever the noun, when a colon follows; and at the end of its clause when
a word of place stands before the noun, or when the clause has its own number already.
"""

from collections.abc import Sequence

from reporting.numbers.quantity import Placed
from reporting.numbers.units import ATTENDANCE, UNITS
from reporting.reading.found.mentions import Mention
from reporting.text.lexicon import NOT_THIS_BUT, POLITE, spelt
from reporting.text.word_lists import written
from reporting.text.words import Token

_WHERE, _COUNTING = spelt("reader.where"), spelt("reader.counting")
_ENDS = (",", ";", ".", ")", "•", "!", "/", "+")
_PLACES = spelt("reader.kinds_of_place")
_PLACE_LONGEST = 4  # its kind and a name of up to three words
_AND = written("reader.joins")
_CLASSIFIER = written("units.classifier")
_NOUN_LONGEST = 3
_LARGEST = 999
_CLAUSE = 24


def naming_what(tokens: Sequence[Token], placed: Sequence[Placed], mentions: Sequence[Mention]) -> list[Placed]:
    """Those of the quantities that name something; `mentions` are the names of indicators in the text."""
    ends = {mention.last for mention in mentions} | {m.first for m in mentions if m.around is not None}
    inside = {place for mention in mentions for place in range(mention.first, mention.last)}
    around = {mention.around for mention in mentions if mention.around is not None}
    found: list[Placed] = []
    parallel = _behind_places(tokens, placed)
    counted = -1  # where the last number with a unit or a name of its own ends
    for number, one in enumerate(placed):
        named = number in around or one.first in ends
        if _bare(one) and not named and _behind_a_noun(tokens, one, inside):
            after = tokens[one.last] if one.last < len(tokens) else None
            if after is not None and after.text == ":":
                found.append(one)
                continue
            if (
                _ends(tokens, one.last)
                and one.first not in parallel
                and (_at_a_place(tokens, one.first, inside) or _same_clause(tokens, counted, one.first))
            ):
                found.append(one)
                continue
        if one.quantity.unit is not None or named:
            counted = one.last
    return found


def _behind_places(tokens: Sequence[Token], placed: Sequence[Placed]) -> set[int]:
    """ "thôn Bắc 40, bên thôn Nam 25": several bare numbers, each behind the name of a place, count something."""
    found = [
        one.first
        for one in placed
        if _bare(one) and _ends(tokens, one.last) and one.first > 1 and tokens[one.first - 1].kind == "word"
        and any(_PLACES.has(tokens[at].form) for at in range(max(0, one.first - _PLACE_LONGEST), one.first - 1))
    ]  # fmt: skip
    return set(found) if len(found) > 1 else set()


def _bare(one: Placed) -> bool:
    quantity = one.quantity
    whole = quantity.number == quantity.number.to_integral_value() and quantity.number <= _LARGEST
    return (
        quantity.unit is None
        and one.tail >= one.last - (quantity.problem == "range") * 2
        and quantity.problem in (None, "range", "ambiguous")
        and not quantity.approx
        and quantity.scale is None
        and quantity.of is None
        and whole
    )


def _behind_a_noun(tokens: Sequence[Token], one: Placed, inside: set[int]) -> bool:
    if one.first == 0 or one.first - 1 in inside:
        return False
    before = tokens[one.first - 1]
    if before.kind != "word" or before.glued or _COUNTING.has(before.form):
        return False
    if tokens[one.last - 1].text in _CLASSIFIER or NOT_THIS_BUT.ending(tokens, one.first, 4) is not None:
        return False  # "ở nhà văn hóa 1 cái", "3 buổi chứ không phải 4"
    return UNITS.at(tokens, one.first - 1) != (one.first, ATTENDANCE)  # "Vs 1 buổi lượt 20"


def _ends(tokens: Sequence[Token], place: int) -> bool:
    if place >= len(tokens) or tokens[place].kind in ("line", "cell") or tokens[place].text in _ENDS:
        return True
    polite = POLITE.at(tokens, place)
    return polite is not None and _ends(tokens, polite[0])


def _at_a_place(tokens: Sequence[Token], last: int, inside: set[int]) -> bool:
    """A noun of a few words and a word of place straight before it."""
    for place in range(last - 1, max(-1, last - 2 - _NOUN_LONGEST), -1):
        if tokens[place].kind != "word" or place in inside:
            return False
        if place < last - 1 and _WHERE.has(tokens[place].form):
            return True
    return False


def _same_clause(tokens: Sequence[Token], counted: int, first: int) -> bool:
    """Whether the number counted before stands in this clause, and another word than its unit between."""
    if counted < 0 or not 0 < first - counted <= _CLAUSE:
        return False
    return all(token.kind == "word" and token.text not in _AND for token in tokens[counted:first])
