"""A text's numbers in; those that a correction names in order put in the place of the old ones, and the old ones, out.

"vệ sinh 2 buổi, 60 bạn, à nhầm 3 buổi 65": the 3 stands for the 2, the 65 for the 60.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import replace

from reporting.numbers.quantity import Placed
from reporting.numbers.units import family_of
from reporting.reading.corrections import MISTAKEN, repairs
from reporting.text.lexicon import CORRECTION_WORDS, POLITE
from reporting.text.word_lists import written
from reporting.text.words import Token

_BETWEEN = written("numerals.plus") | written("reader.then") | {",", ":", "-"}
_OLD_MOST = 8
_FEWEST, _CORRECTIONS_MOST = 2, 20
_REACH = 40  # tokens of one correction
_MEASURED = ("money", "length")


def with_corrections(
    tokens: Sequence[Token], placed: Sequence[Placed]
) -> tuple[list[Placed], list[Placed], frozenset[int]]:
    """The numbers with new figures where old ones stood; the old ones, each where its new one stood; where those begin.

    The first old one of a correction covers all words of it. Of one turned round ("hồi nãy ghi nhầm 2 buổi 60 bạn")
    they are those behind it. What cannot be paired stays as it is.
    """
    kept, old, amended = list(placed), list[Placed](), set[int]()
    if len(placed) < _FEWEST:
        return kept, old, frozenset()
    for place in sorted({*CORRECTION_WORDS.starts(tokens), *MISTAKEN.starts(tokens)})[:_CORRECTIONS_MOST]:
        if (old and place < old[-1].last) or repairs(tokens, place):
            continue
        behind = list(_told(tokens, kept, place))
        before = [one for one in kept if one.last <= place][-_OLD_MOST:]
        found = _paired(before, behind) if behind else []
        turned = bool(found) and MISTAKEN.ending(tokens, behind[0].first, 3) is not None
        if not found or (len(behind) == 1 and (turned or len(found) > 1)):
            continue
        first = place - (place > 0 and tokens[place - 1].text == ",")
        for was, now in zip(found[-1], behind, strict=True):
            kept.remove(now)
            if turned:  # "3 buổi 65 bạn, hồi nãy ghi nhầm 2 buổi 60 bạn"
                old.append(replace(now, first=first, last=behind[-1].last))
            else:
                amended.add(was.first)
                kept[kept.index(was)] = _in_place_of(was, now, len(found) == 1)
                old.append(replace(was, first=first, digits=now.digits, tail=now.tail, last=behind[-1].last))
            first = now.last
    return kept, old, frozenset(amended)


def _told(tokens: Sequence[Token], placed: Sequence[Placed], place: int) -> Iterator[Placed]:
    """The numbers straight behind words of a correction, with nothing but their units and small words between."""
    at = bisect_left(placed, place, key=lambda one: one.first)
    starts = {one.first: one for one in placed[at : at + _OLD_MOST]}
    found = CORRECTION_WORDS.at(tokens, place) or MISTAKEN.at(tokens, place)
    at = found[0] if found is not None else len(tokens)
    while at < min(len(tokens), place + _REACH):
        if (one := starts.get(at)) is not None:
            yield one
            at = one.last
            continue
        said = CORRECTION_WORDS.at(tokens, at) or POLITE.at(tokens, at)
        if said is None and tokens[at].text not in _BETWEEN:
            return
        at = said[0] if said is not None else at + 1


def _paired(before: Sequence[Placed], new: Sequence[Placed]) -> list[Sequence[Placed]]:
    """The rows of old figures that the new ones may stand for: in order, one of them in its very unit."""
    rows = [before[at : at + len(new)] for at in range(len(before) - len(new) + 1)]
    return [row for row in rows if all(map(_alike, row, new)) and any(map(_same, row, new))]


def _alike(was: Placed, now: Placed) -> bool:
    sure = was.quantity.of is None and now.quantity.of is None and now.quantity.problem is None
    return sure and now.quantity.unit in (None, was.quantity.unit)


def _same(was: Placed, now: Placed) -> bool:
    return now.quantity.unit is not None and now.quantity.unit == was.quantity.unit


def _in_place_of(was: Placed, now: Placed, sure: bool) -> Placed:
    measured = now.quantity.unit is None and family_of(was.quantity.unit) in _MEASURED
    quantity = replace(now.quantity, unit=was.quantity.unit, scale=now.quantity.scale or was.quantity.scale)
    if measured or not sure:  # "3 triệu, à nhầm 4", "500 nghìn, à nhầm 400"
        quantity = replace(quantity, problem="ambiguous", proposed=quantity.number)
    return replace(was, quantity=quantity)
