"""What was done together with others and this unit's part of it in, that part as the one figure out.

"Phối hợp với Hội Phụ nữ trồng 300 cây, phần của chi đoàn 80" is 80.
"""

from collections.abc import Sequence
from dataclasses import replace

from reporting.numbers.quantity import Placed
from reporting.reading.found.breaks import is_break
from reporting.text.lexicon import OWN_PART, PARTNER_WORDS, phrases
from reporting.text.plain_words import PlainWords
from reporting.text.words import Token, source_of

_TOGETHER = phrases("reader.done_together")
_BEFORE_LONGEST, _BETWEEN_LONGEST, _OWN_LONGEST = 24, 24, 7


def with_own_parts(
    text: str, tokens: Sequence[Token], placed: Sequence[Placed], plain: PlainWords
) -> tuple[list[Placed], frozenset[int]]:
    """The quantities with each whole that others had a part in replaced by this unit's part; where those begin.

    Where nothing says that it was done together, the part is only proposed.
    """
    kept: list[Placed] = []
    own: set[int] = set()
    for one in placed:
        whole = kept[-1] if kept else None
        if whole is None or not _fits(whole, one) or not _own_part(tokens, whole.last, one.first, plain):
            kept.append(one)
            continue
        together = _done_together(tokens, whole)
        quantity = replace(
            one.quantity,
            unit=whole.quantity.unit,
            start=whole.quantity.start,
            source=source_of(text, tokens, whole.first, one.last - 1)[:120],
            problem=None if together else "ambiguous",
            proposed=None if together else one.quantity.number,
        )
        kept[-1] = Placed(quantity, whole.first, whole.digits, whole.tail, one.last)
        own.add(whole.first)
    return kept, frozenset(own)


def _fits(whole: Placed, one: Placed) -> bool:
    unit = one.quantity.unit
    sure = whole.quantity.problem is None and one.quantity.problem in (None, "ambiguous") and whole.quantity.of is None
    return sure and unit in (None, whole.quantity.unit) and 0 < one.quantity.number < whole.quantity.number


def _own_part(tokens: Sequence[Token], first: int, last: int, plain: PlainWords) -> bool:
    """Whether "riêng chi đoàn", "phần của bên em" stands there, and behind it nobody else's name."""
    if last - first > _BETWEEN_LONGEST or any(is_break(token) for token in tokens[first:last]):
        return False
    for place in range(first, last):
        begins = OWN_PART.begins(tokens[place].form.fold)
        found = OWN_PART.at(tokens, place) if begins else None
        if found is not None:
            behind = tokens[found[0] : last]
            return len(behind) <= _OWN_LONGEST and all(
                (token.kind == "word" and token.fold not in plain.places) or token.text == ":" for token in behind
            )
    return False


def _done_together(tokens: Sequence[Token], whole: Placed) -> bool:
    first = whole.first
    while first > 0 and whole.first - first < _BEFORE_LONGEST and not is_break(tokens[first - 1]):
        first -= 1
    return PARTNER_WORDS.anywhere(tokens, first, whole.first) or _TOGETHER.anywhere(tokens, first, whole.first)
