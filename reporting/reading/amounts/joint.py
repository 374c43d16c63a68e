"""What was done together with others and this unit's part of it in, that part as the one figure out.

"Phối hợp với Hội Phụ nữ trồng 300 cây, phần của chi đoàn 80" is 80.
"""

from collections.abc import Sequence
from dataclasses import replace

from reporting.figures.catalogue import Level
from reporting.numbers.quantity import Placed
from reporting.reading.found.breaks import is_break
from reporting.text.lexicon import OWN_PART, PARTNER_WORDS, in_plain_letters, phrases
from reporting.text.plain_words import PlainWords
from reporting.text.words import Token, source_of

_THIS_SIDE = phrases("reader.this_side")
_TOGETHER, _BRANCHES = phrases("reader.done_together"), phrases("reader.parts_of_a_commune")
_WE = in_plain_letters("reader.we")
_BEFORE_LONGEST, _BETWEEN_LONGEST, _OWN_LONGEST = 24, 24, 7


def with_own_parts(
    text: str, tokens: Sequence[Token], placed: Sequence[Placed], plain: PlainWords, level: Level
) -> tuple[list[Placed], frozenset[int]]:
    """The quantities with each whole that others had a part in replaced by this unit's part; where those begin.

    Where nothing says that it was done together, the part is only proposed.
    """
    kept: list[Placed] = []
    own: set[int] = set()
    for one in placed:
        whole = kept[-1] if kept else None
        behind = _own_part(tokens, whole.last, one.first, level) if whole is not None and _fits(whole, one) else None
        if whole is None or behind is None:
            kept.append(one)
            continue
        ours = all(plain.explains(token.form) or token.text == ":" for token in behind)  # not "riêng chi đoàn Yên Hòa"
        together = ours and _done_together(tokens, whole, one.first)
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


def _own_part(tokens: Sequence[Token], first: int, last: int, level: Level) -> Sequence[Token] | None:
    """What stands behind "riêng chi đoàn", "phần của bên em" there; None without such words.

    A branch's part is a commune's own in nothing.
    """
    if last - first > _BETWEEN_LONGEST or any(is_break(token) for token in tokens[first:last]):
        return None
    for place in range(first, last):
        found = OWN_PART.at(tokens, place) if OWN_PART.begins(tokens[place].form.fold) else None
        if found is None and _THIS_SIDE.at(tokens, place) is not None and _TOGETHER.anywhere(tokens, first, place):
            found = _THIS_SIDE.at(tokens, place)
        if found is None:
            continue
        a_branch = level != "chi_doan" and any(_BRANCHES.at(tokens, at) for at in range(place, found[0]))
        behind = tokens[found[0] : last]
        a_branch = a_branch and not (behind and behind[0].fold in _WE)  # "riêng chi đoàn em", whatever the level
        return None if a_branch or len(behind) > _OWN_LONGEST else behind
    return None


def _done_together(tokens: Sequence[Token], whole: Placed, own: int) -> bool:
    first = whole.first
    while first > 0 and whole.first - first < _BEFORE_LONGEST and not is_break(tokens[first - 1]):
        first -= 1
    behind = any(_TOGETHER.at(tokens, place) for place in range(whole.last, own))  # "trồng 100 cây cùng Hội Phụ nữ"
    return (
        behind or PARTNER_WORDS.anywhere(tokens, first, whole.first) or _TOGETHER.anywhere(tokens, first, whole.first)
    )
