"""Figures told by the month in, what they make for the period out, only to be confirmed: "1 tháng/1 lần", "T1: 22"."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from reporting.numbers.quantity import Placed
from reporting.numbers.units import PERSON, family_of
from reporting.reading.found.breaks import is_break
from reporting.text.lexicon import TOTAL_WORDS, in_plain_letters, phrases
from reporting.text.word_lists import written
from reporting.text.words import Token, source_of

_EACH_MONTH_BEFORE, _EACH_MONTH_BEHIND = phrases("reader.each_month_before"), phrases("reader.each_month_behind")
_MONTH, _SHORT_MONTH = in_plain_letters("reader.month"), in_plain_letters("reader.short_month")
_SESSIONS, _WHICH = in_plain_letters("references.sessions"), in_plain_letters("reader.which_session")
_REACHED = in_plain_letters("reader.reached_words")
_REACH = 5
_MONTHS = frozenset(str(month) for month in range(1, 13)) | {f"0{month}" for month in range(1, 10)}
_LISTS = (",", ";", "+", "-", *written("reader.joins"))
_LABEL_ENDS = (":", "-", "=")


def by_the_month(text: str, tokens: Sequence[Token], placed: Sequence[Placed], months: int) -> list[Placed]:
    """The quantities with a proposal where they are told by the month; `months` of the period, 0 where not known."""
    rates = [_rate(tokens, one, months) for one in placed]
    return _joined(text, tokens, rates)


def _rate(tokens: Sequence[Token], one: Placed, months: int) -> Placed:
    if one.quantity.problem not in (None, "unit_rate", "ambiguous") or not _each_month(tokens, one):
        return one
    number = one.quantity.proposed if one.quantity.problem == "ambiguous" else one.quantity.number
    told = number is None or number == months > 1  # "họp hằng tháng 3 buổi" may be all of the quarter
    proposed = None if told or number is None or not months else number * months
    return replace(one, quantity=replace(one.quantity, problem="unit_rate", proposed=proposed))


def _each_month(tokens: Sequence[Token], one: Placed) -> bool:
    behind = _EACH_MONTH_BEHIND.at(tokens, one.last)
    if behind is not None and not (behind[0] < len(tokens) and tokens[behind[0]].kind == "number"):
        return True  # but of "họp 3 buổi mỗi tháng 1 buổi" the 1
    for place in range(one.first - 1, max(-1, one.first - 1 - _REACH), -1):
        token = tokens[place]
        if token.kind in ("word", "number"):
            begins = _EACH_MONTH_BEFORE.begins(token.form.fold)
            before = _EACH_MONTH_BEFORE.at(tokens, place) if begins else None
            if before is not None and before[0] <= one.first:
                return True
        elif is_break(token) or token.text == "," or token.kind == "cell":
            return False
    return False


def _joined(text: str, tokens: Sequence[Token], placed: Sequence[Placed]) -> list[Placed]:
    """ "SHCĐ 3 buổi (T1: 22, T2: 19, T3: 25 bạn)": parts of one figure, whose sum is proposed."""
    found: list[Placed] = []
    at = 0
    while at < len(placed):
        before = found[-1] if found else None
        end = max(_months_end(tokens, placed, at), _list_end(tokens, placed, at, before))
        parts = placed[at:end]
        total = sum((one.quantity.number for one in parts), Decimal(0))
        beside = (*found[-1:], *placed[end : end + 1])
        if len(parts) > 1 and _summed_behind(tokens, placed, end, total):
            found.append(_came(placed[end], before))  # "buổi đầu 20, buổi hai 22, tổng 42"
            end += 1
        elif len(parts) < 2 or any(one.quantity.number == total for one in beside):  # "60 cây (T1: 20, T2: 40)"
            found.extend(parts or placed[at : at + 1])
        else:
            found.append(_whole(text, tokens, parts, total, before))
        at = max(end, at + 1)
    return found


def _summed_behind(tokens: Sequence[Token], placed: Sequence[Placed], end: int, total: Decimal) -> bool:
    """Whether the number behind the parts is said to be their total, and is."""
    if end >= len(placed) or placed[end].quantity.number != total:
        return False
    between = range(placed[end - 1].last, placed[end].first)
    return len(between) <= _REACH and any(TOTAL_WORDS.at(tokens, at) is not None for at in between)


def _came(one: Placed, before: Placed | None) -> Placed:
    """A bare total of those who came to the sessions before it."""
    if one.quantity.unit is not None or before is None or family_of(before.quantity.unit) != "event":
        return one
    return replace(one, quantity=replace(one.quantity, unit=PERSON))


def _months_end(tokens: Sequence[Token], placed: Sequence[Placed], at: int) -> int:
    """Behind the last of the quantities from `at` on that bear the name of a month each."""
    end = at
    while (
        end < len(placed) and _label(tokens, placed[end]) is not None and _goes_on(tokens, placed[at:end], placed[end])
    ):
        end += 1
    return end


def _list_end(tokens: Sequence[Token], placed: Sequence[Placed], at: int, before: Placed | None) -> int:
    """The same for a bare list in the bracket behind sessions: "3 buổi (22, 19, 25 bạn)"."""
    if before is None or family_of(before.quantity.unit) != "event" or placed[at].first != before.last + 1:
        return at
    if tokens[before.last].text != "(":
        return at
    end = at
    while end < len(placed) and placed[end].quantity.problem is None and placed[end].quantity.of is None:
        end += 1
        after = tokens[placed[end - 1].last].text if placed[end - 1].last < len(tokens) else ")"
        if after == ")":
            units = {one.quantity.unit for one in placed[at:end]} - {None}
            return end if all(family_of(unit) in ("people", "attendance") for unit in units) else at
        if after not in _LISTS or end >= len(placed) or placed[end].first != placed[end - 1].last + 1:
            return at
    return at


def _whole(
    text: str, tokens: Sequence[Token], parts: Sequence[Placed], total: Decimal, before: Placed | None
) -> Placed:
    first, last = parts[0], parts[-1]
    unit = next((one.quantity.unit for one in parts if one.quantity.unit is not None), None)
    counted = before is not None and before.quantity.unit is None and before.quantity.number == len(parts)
    if unit is None and before is not None and (counted or family_of(before.quantity.unit) == "event"):
        unit = PERSON  # behind sessions, or as many as there are months: those who came
    label = _label(tokens, first)
    source = source_of(text, tokens, first.first if label is None else label, last.last - 1)[:120]
    quantity = replace(
        first.quantity, unit=unit, number=Decimal(0), proposed=total, problem="parts", end=last.quantity.end,
        source=source,
    )  # fmt: skip
    return Placed(quantity, first.first, first.digits, last.tail, last.last)


def _label(tokens: Sequence[Token], one: Placed) -> int | None:
    """Where the month begins that stands before the number as its label: "T1: 22", "tháng 2 19 bạn"."""
    place = one.digits - 1
    if place > 0 and tokens[place].text in _LABEL_ENDS:
        place -= 1
    if place < 0 or one.quantity.problem not in (None, "ambiguous") or one.quantity.of is not None:
        return None
    if tokens[place].form.fold in _REACHED:  # "lần 1 được 20 bạn"
        place -= 1
    token = tokens[place]
    if (
        place
        and tokens[place - 1].form.fold in _SESSIONS
        and _which(token)
        and family_of(one.quantity.unit) in ("people", "attendance", None, "event")
    ):
        return place - 1
    if token.kind == "word":
        return place if token.fold[:1] in _SHORT_MONTH and token.fold[1:] in _MONTHS else None
    written = place > 0 and token.text in _MONTHS and tokens[place - 1].fold in (_MONTH | _SHORT_MONTH)
    return place - 1 if written else None


def _which(token: Token) -> bool:
    """ "buổi đầu 20", "lần 2: 18": which of several sessions it was."""
    return token.form.fold in _WHICH or (token.kind == "number" and token.text in _MONTHS)


def is_month(tokens: Sequence[Token], first: int, last: int) -> bool:
    """Whether the tokens [first, last) are the name of a month: "Tháng 1", "T1"."""
    if last - first == 1:
        return tokens[first].fold[:1] in _SHORT_MONTH and tokens[first].fold[1:] in _MONTHS
    return last - first == 2 and tokens[first].fold in (_MONTH | _SHORT_MONTH) and tokens[first + 1].text in _MONTHS


def _goes_on(tokens: Sequence[Token], parts: Sequence[Placed], one: Placed) -> bool:
    """Whether a number counts the same as the parts before it, in the same sentence."""
    if not parts:
        return True
    units = {part.quantity.unit for part in (*parts, one)} - {None}
    between = tokens[parts[-1].last : one.first]
    near = len(units) <= 1 and len(between) <= _REACH
    return near and not any(is_break(token) and token.text != ";" for token in between)
