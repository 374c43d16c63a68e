"""Numbers of a text in, those that count for one of many out: mỗi suất 500 nghìn, 2 buổi/tháng."""

from collections.abc import Sequence

from reporting.numbers.quantity import Quantity
from reporting.numbers.units import GIFT, MILLIONS, UNITS, family_of
from reporting.text.lexicon import RATE_AFTER, RATE_BEFORE, in_plain_letters, spelt
from reporting.text.word_lists import written
from reporting.text.words import Token

_RATE_REACH = 7
_CAME = ("people", "attendance")
_MEMBER_END = in_plain_letters("rates.behind_members")
_EVERY_OR_SENT = in_plain_letters("rates.every_or_sent")
_ONE = in_plain_letters("numerals.one")
_EACH_OR_NEW = in_plain_letters("rates.each_or_new")
_MULTIPLIES_OR_PERSON = in_plain_letters("rates.multiplies_or_person")
_PEOPLE_BEFORE = in_plain_letters("rates.people_before")
_EACH_WRITTEN, _ONLY_BEFORE = written("rates.each_or_new"), written("rates.only_before")
_EACH_ON_THE_WAY = in_plain_letters("rates.each_on_the_way")
_GOING_BEFORE = in_plain_letters("rates.going_before")
_BEFORE_A_PRICE = in_plain_letters("rates.before_a_price")
_TAKING_PART, _SPANS = spelt("reader.taking_part"), spelt("reader.spans")


def is_rate(tokens: Sequence[Token], first: int, last: int, quantity: Quantity) -> bool:
    """mỗi suất 500 nghìn · 500k/suất · 20 bạn mỗi buổi · 2 buổi/tháng · x 300k."""
    if first > 1 and tokens[first - 1].text == "/" and _SPANS.has(tokens[first - 2].form):
        return True  # "1 tháng/1 lần"
    if last < len(tokens):
        token = tokens[last]
        if token.text == "/" and last + 1 < len(tokens):
            after = tokens[last + 1]
            if after.kind == "word" and after.glued and UNITS.at(tokens, last + 1) is not None:
                return True
            if after.text in ("1", "01") and last + 2 < len(tokens) and tokens[last + 2].kind == "word":
                return not _begins_anew(tokens, last)
        while token.kind == "word" and _TAKING_PART.has(token.form) and last + 1 < len(tokens):
            last, token = last + 1, tokens[last + 1]  # "20 bạn dự mỗi buổi"
        found = RATE_AFTER.at(tokens, last) if token.kind in ("word", "number") else None
        if found is not None and quantity.unit is not None and found[0] < len(tokens):
            unit = UNITS.at(tokens, found[0])
            numbered = token.kind == "number" or token.fold in _ONE
            priced = unit is not None and unit[0] < len(tokens) and _another_starts(tokens, unit[0])
            if unit is not None and not priced and (not numbered or quantity.unit == MILLIONS):
                return True
    for index in range(first - 1, max(-1, first - 1 - _RATE_REACH), -1):
        token = tokens[index]
        if token.kind in ("line", "cell", "number") or token.text in (",", ";", ".", "=", "(", ")", "•"):
            return _one_unit_priced(tokens, index, first, quantity)
        if not RATE_BEFORE.begins(token.form.fold) or _no_rate(tokens, index):
            continue
        rate = RATE_BEFORE.at(tokens, index)
        if rate is not None and rate[0] <= first:
            if token.fold in _EACH_OR_NEW and token.form.plain and index and tokens[index - 1].fold in _MEMBER_END:
                continue  # "hoi vien moi dc 78"
            if token.fold in _EACH_OR_NEW and token.form.plain:  # mỗi or mới: only before a unit
                unit = UNITS.at(tokens, rate[0]) if rate[0] < first else None
                return unit is not None and unit[0] <= first and family_of(unit[1]) != "other"
            return True
    return False


def _begins_anew(tokens: Sequence[Token], slash: int) -> bool:
    """ "45 bạn / 1 buổi dâng hương": behind a slash between spaces something else is told."""
    unit = UNITS.at(tokens, slash + 2)
    end = unit[0] if unit is not None else slash + 3
    return not tokens[slash].glued and end < len(tokens) and tokens[end].kind == "word"


def one_session_behind(tokens: Sequence[Token], last: int, quantity: Quantity) -> int | None:
    """Where "một buổi" ends in "20 bạn một buổi", spelled out straight behind people; None where it does not stand."""
    if family_of(quantity.unit) not in _CAME or last + 1 >= len(tokens) or tokens[last].kind != "word":
        return None
    unit = UNITS.at(tokens, last + 1) if tokens[last].fold in _ONE else None
    return unit[0] if unit is not None and family_of(unit[1]) == "event" else None


def _no_rate(tokens: Sequence[Token], index: int) -> bool:
    """ "* 2 lớp" in a list, "công nhân với 132 lượt", "đi từng ngõ chỉ cho 260 bà con"."""
    before = tokens[index - 1] if index else None
    fold = tokens[index].form.fold
    if fold == "*":
        return before is None or before.kind == "line"
    if fold in _EVERY_OR_SENT:
        return tokens[index].form.plain  # cứ or cử: somebody was sent
    if tokens[index].text in _EACH_WRITTEN and index + 1 < len(tokens) and tokens[index + 1].kind == "number":
        return before is not None and before.text in _ONLY_BEFORE  # "có mỗi 1 buổi"
    if fold in _MULTIPLIES_OR_PERSON:
        return before is not None and before.fold in _PEOPLE_BEFORE
    return fold in _EACH_ON_THE_WAY and before is not None and before.fold in _GOING_BEFORE


def _another_starts(tokens: Sequence[Token], index: int) -> bool:
    """ "3 suất quà mỗi suất 500 nghìn": what follows speaks of the 500, not of the 3."""
    while index < len(tokens) and tokens[index].fold in _BEFORE_A_PRICE:
        index += 1
    return index < len(tokens) and tokens[index].kind == "number"


def _one_unit_priced(tokens: Sequence[Token], index: int, first: int, quantity: Quantity) -> bool:
    """ "1 suất 500 nghìn": the price of one, not the total."""
    if tokens[index].text not in ("1", "01") or quantity.unit != MILLIONS:
        return False
    unit = UNITS.at(tokens, index + 1)
    return unit is not None and unit[0] == first and unit[1] == GIFT
