"""A whole and the numbers behind it in, those that are its parts out: "12 buổi (cấp phường 4, các chi đoàn 8)"."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from reporting.figures.catalogue import Level
from reporting.numbers.quantity import Placed
from reporting.numbers.units import family_of
from reporting.reading.found.breaks import is_break
from reporting.reading.found.mentions import Mention
from reporting.text.lexicon import OTHER_BODIES, PART_WORDS, in_plain_letters, phrases
from reporting.text.words import Lexicon, Token

_OPENS_SOON = 6
_PARTS_MOST = 12
_STRETCH_LONGEST = 80
_OWNER_LONGEST = 6
# What a commune did itself, and what its branches did: its form asks only for the first.
_COMMUNE_ITSELF: Lexicon[bool] = phrases("reader.commune_itself")
_BRANCHES: Lexicon[bool] = phrases("reader.its_branches")
_GROUPS, _BESIDE_GROUPS = in_plain_letters("reader.groups"), in_plain_letters("reader.beside_groups")
_TIMES = in_plain_letters("reader.times")


def without_breakdowns(
    tokens: Sequence[Token], placed: Sequence[Placed], mentions: Sequence[Mention], level: Level
) -> list[Placed]:
    """The quantities without those that only repeat others: parts without names, or a whole without one.

    Only where the parts add up to the whole. A whole that is divided into what the commune did itself and what its
    branches did is kept in doubt for a commune: its form asks only for its own.
    """
    kept: list[Placed] = []
    at = 0
    placed = _without_groups(tokens, placed)
    while at < len(placed):
        whole = placed[at]
        divided = _divided_by_level(tokens, placed, at)
        if divided:
            adds_up = _sum(tokens, whole.last, divided) == whole.quantity.number
            kept.append(_in_doubt(whole) if level == "doan_co_so" or not adds_up else whole)
            at += 1
            while at < len(placed) and placed[at].first < divided:
                at += 1
            continue
        last = _parts_of(tokens, placed, at)
        if last == at:
            kept.append(whole)
            at += 1
            continue
        if _names(mentions, placed[at + 1].first - 1, placed[last].last) >= 2:
            if not _named(mentions, whole):
                at += 1  # "tổng 5 buổi, trong đó 3 SHCĐ, 2 học nghị quyết": the parts say it all
                continue
            kept.append(whole)
            at += 1
            continue
        kept.append(_ours(tokens, placed[at : last + 1]))
        at = last + 1
    return kept


def _ours(tokens: Sequence[Token], whole_and_parts: Sequence[Placed]) -> Placed:
    """ "200 (trong đó 120 của chi đoàn, 80 của Hội Nông dân)": the parts that are nobody else's are proposed."""
    whole, *parts = whole_and_parts
    ends = [*(part.first for part in parts[1:]), parts[-1].last + _OWNER_LONGEST]
    theirs = [OTHER_BODIES.anywhere(tokens, part.last, end) for part, end in zip(parts, ends, strict=True)]
    if not any(theirs) or whole.quantity.problem is not None:
        return whole
    own = sum((p.quantity.number for p, other in zip(parts, theirs, strict=True) if not other), Decimal(0))
    return replace(whole, quantity=replace(whole.quantity, problem="ambiguous", proposed=own or None))


def _without_groups(tokens: Sequence[Token], placed: Sequence[Placed]) -> Sequence[Placed]:
    """ "27 đoàn viên (nữ 12)", "7 đơn vị (5 nam, 2 nữ)": who some of them were counts nothing more."""
    if not any(token.text == "(" for token in tokens):
        return placed
    said: set[int] = set()
    for one in placed:
        if one.last < len(tokens) and tokens[one.last].text == "(":
            end = one.last + 1
            while end < len(tokens) and end - one.last < _STRETCH_LONGEST and _of_a_group(tokens[end]):
                end += 1
            if end < len(tokens) and tokens[end].text == ")" and any(t.fold in _GROUPS for t in tokens[one.last : end]):
                said.update(range(one.last, end))
    return [one for one in placed if one.first not in said] if said else placed


def _of_a_group(token: Token) -> bool:
    return (
        token.kind == "number" or token.fold in _GROUPS or token.fold in _BESIDE_GROUPS or token.text in (",", ":", ";")
    )


def _in_doubt(whole: Placed) -> Placed:
    if whole.quantity.problem is not None:
        return whole
    return replace(whole, quantity=replace(whole.quantity, problem="ambiguous", proposed=whole.quantity.number))


def _divided_by_level(tokens: Sequence[Token], placed: Sequence[Placed], at: int) -> int:
    """Where the stretch ends that divides a quantity into the commune's own and its branches'; 0 without one."""
    following = placed[at + 1].first if at + 1 < len(placed) else len(tokens)
    opened = _opened(tokens, placed[at].last, following)
    if opened is None:
        return 0
    end = opened + 1
    bracket = tokens[opened].text == "("
    while end < len(tokens) and end - opened < _STRETCH_LONGEST and tokens[end].kind != "line":
        if tokens[end].text == ")" if bracket else is_break(tokens[end]):
            break
        end += 1
    numbers = sum(token.kind == "number" for token in tokens[opened:end])
    if numbers != 2 or not _BRANCHES.anywhere(tokens, opened, end) or not _COMMUNE_ITSELF.anywhere(tokens, opened, end):
        return 0
    return end


def _sum(tokens: Sequence[Token], first: int, last: int) -> Decimal:
    return sum((Decimal(t.text) for t in tokens[first:last] if t.kind == "number" and t.text.isdigit()), Decimal(0))


def _parts_of(tokens: Sequence[Token], placed: Sequence[Placed], at: int) -> int:
    """The last of the quantities behind a bracket or "trong đó" that add up to this one; itself without any."""
    whole = placed[at].quantity
    if whole.problem is not None or whole.of is not None or at + 2 >= len(placed):
        return at
    money = family_of(whole.unit) == "money"  # parts of a sum may be of another indicator: asked elsewhere
    opened = None if money else _opened(tokens, placed[at].last, placed[at + 1].first)
    if opened is None:
        return at
    total, later = Decimal(0), at
    while total < whole.number and later - at < _PARTS_MOST and later + 1 < len(placed):
        if not _is_part(tokens, placed[later], placed[later + 1], opened, whole.unit):
            return at
        later += 1
        total += placed[later].quantity.number
    return later if total == whole.number and later > at + 1 else at


def _is_part(tokens: Sequence[Token], before: Placed, part: Placed, opened: int, unit: str | None) -> bool:
    """Whether a quantity goes on dividing a whole of this unit that was opened there."""
    if part.first - opened > _STRETCH_LONGEST or _ends(tokens, before.last, part.first, opened):
        return False
    if any(token.fold in _TIMES for token in tokens[before.last : part.first]):
        return False  # the whole of two quarters is not this period's
    one = part.quantity
    return one.problem is None and one.of is None and one.unit in (None, unit)


def _opened(tokens: Sequence[Token], first: int, last: int) -> int | None:
    """Where the parts begin: at a bracket, a colon or "trong đó" soon behind the whole."""
    for place in range(first, min(last, first + _OPENS_SOON)):
        if place == first and tokens[place].text == ":":
            return place
        token = tokens[place]
        if token.text == "(" or (PART_WORDS.begins(token.form.fold) and PART_WORDS.at(tokens, place) is not None):
            return place
        if is_break(token):
            return None
    return None


def _ends(tokens: Sequence[Token], first: int, last: int, opened: int) -> bool:
    bracket = tokens[opened].text == "("
    return any(is_break(tokens[p]) or (bracket and p > opened and tokens[p].text == ")") for p in range(first, last))


def _names(mentions: Sequence[Mention], first: int, last: int) -> int:
    """How many indicators are named in the stretch, and straight behind it."""
    return len({m.codes for m in mentions if first < m.last and m.first < last + 2})


def _named(mentions: Sequence[Mention], whole: Placed) -> bool:
    return any(m.last <= whole.first and whole.first - m.last < 3 for m in mentions)
