"""Words of a text in, its dates, hours, years, phones and document numbers out: numbers that are no values."""

import re
from collections.abc import Sequence

from reporting.numbers.number_words import SCALES
from reporting.numbers.units import UNITS
from reporting.text.lexicon import DATE_WORDS, NAMED_AFTER, in_plain_letters
from reporting.text.word_lists import written
from reporting.text.words import Token

# Digits of a telephone number without its zero, and of a citizen number (domain rule: minimum data).
_PHONE_SHORTEST, _CITIZEN = 9, 12
_PHONE_DIGITS, _PHONE_TOKENS = 8, 9  # the fewest digits of one written in groups, and how far the groups may reach

_DATE_NUMBER = re.compile(r"(?:0?[1-9]|[12][0-9]|3[01])")
_MONTH_NUMBER = re.compile(r"(?:0?[1-9]|1[0-2])")
_HOUR = written("dates.hour")
_REACHED = written("dates.reached") | {":", "="}
_NO_UNIT_BEHIND = in_plain_letters("dates.no_unit_behind_a_date")
_BETWEEN_DAYS = written("dates.between_days")
_DOCUMENT_CODES = written("dates.document_codes")
UNTIL = written("numerals.until")
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_MORNING = written("dates.morning")
_LIT = written("dates.lit")  # "thắp sáng 1/2 km" is no morning
_DOTTED_DATE = re.compile(r"(?:0?[1-9]|[12][0-9]|3[01])\.(?:0?[1-9]|1[0-2])(?:\.(?:19|20)?[0-9]{2})?")


def phone(tokens: Sequence[Token], index: int) -> int | None:
    """0900 000 123 · 0912.345.678 · +84 912… · a twelve-digit citizen number: never stored."""
    text = tokens[index].text
    plus = text_at(tokens, index - 1) == "+" and text.startswith("84")
    if not (plus or text.startswith("0")):
        return (
            index + 1
            if text.isdigit() and _PHONE_SHORTEST <= len(text) <= _CITIZEN and not unit_after(tokens, index + 1)
            else None
        )
    digits = sum(c.isdigit() for c in text)
    end = index + 1
    while end < len(tokens) and end - index < _PHONE_TOKENS:
        step = end + 1 if tokens[end].text in ("-", ".") and end + 1 < len(tokens) else end
        if tokens[step].kind != "number" or not tokens[step].text.replace(".", "").isdigit():
            break
        digits += sum(c.isdigit() for c in tokens[step].text)
        end = step + 1
    return end if digits >= _PHONE_DIGITS else None


def clock(tokens: Sequence[Token], index: int) -> int | None:
    """7h30 · 7 giờ 30 · 07:30 · 14g."""
    text = tokens[index].text
    if not text.isdigit() or len(text) > 2 or int(text) > 24 or index + 1 >= len(tokens):
        return None
    follows = tokens[index + 1]
    if follows.text == ":" and follows.glued and index + 2 < len(tokens):
        minutes = tokens[index + 2]
        if minutes.glued and re.fullmatch(r"[0-5][0-9]", minutes.text):
            return index + 3
        return None
    if (follows.text in ("h", "g") and follows.glued) or follows.text in _HOUR:
        end = index + 2
        if end < len(tokens) and tokens[end].kind == "number" and len(tokens[end].text) <= 2:
            if follows.text in _HOUR and UNITS.at(tokens, end + 1):
                return end
            return end + 1
        return end
    return None


def date(tokens: Sequence[Token], index: int) -> int | None:
    """26/3 · 26/3/2026 · 12 – 14/4 · 26-3-2026 · ngày 26.3 · quý I/2023, but not 10/12 đoàn viên."""
    text = tokens[index].text
    if text_at(tokens, index + 1) == "/" and _MONTH_NUMBER.fullmatch(text_at(tokens, index + 2)):
        if not _DATE_NUMBER.fullmatch(text):
            return None
        end = index + 3
        if text_at(tokens, end) == "/" and _YEAR.fullmatch(text_at(tokens, end + 1)):
            return end + 2
        if text_at(tokens, end) == "/" and re.fullmatch(r"[0-9]{2}", text_at(tokens, end + 1)):
            return end + 2
        if (unit_after(tokens, end) and not _dated(tokens, index) and tokens[end].fold not in _NO_UNIT_BEHIND) or (
            text_at(tokens, index - 1) in _REACHED and not _dated(tokens, index)
        ):
            return None
        if text_at(tokens, end) in UNTIL and _DATE_NUMBER.fullmatch(text_at(tokens, end + 1)):
            return date(tokens, end + 1) or end
        if int(text) == int(text_at(tokens, index + 2)) and not _dated(tokens, index) and int(text) not in (1, 2, 3):
            return None  # "xếp loại 9/9"
        return end
    if text_at(tokens, index + 1) == "/" and _YEAR.fullmatch(text_at(tokens, index + 2)):
        return index + 3
    if text_at(tokens, index + 1) in _BETWEEN_DAYS and _DATE_NUMBER.fullmatch(text):
        following = index + 2
        if following < len(tokens) and _DATE_NUMBER.fullmatch(text_at(tokens, following)):
            if text_at(tokens, following + 1) == "/" and not unit_after(tokens, following + 1):
                ends = date(tokens, following)
                if ends is not None:
                    return ends
            if (
                text_at(tokens, following + 1) == "-"
                and _YEAR.fullmatch(text_at(tokens, following + 2))
                and text_at(tokens, index + 1) == "-"
            ):
                return following + 3
    if _YEAR.fullmatch(text) and text_at(tokens, index + 1) == "-" and _YEAR.fullmatch(text_at(tokens, index + 2)):
        return index + 3
    if _DOTTED_DATE.fullmatch(text) and (
        text.count(".") == 2 or (_dated(tokens, index) and not unit_after(tokens, index + 1))
    ):
        return index + 1
    return None


def _dated(tokens: Sequence[Token], index: int) -> bool:
    lit = text_at(tokens, index - 1) in _MORNING and text_at(tokens, index - 2) in _LIT
    return not lit and DATE_WORDS.ending(tokens, index, 2) is not None


def document(tokens: Sequence[Token], index: int) -> int | None:
    """25-NQ/TW · 12-BC/ĐTN · 35-NQ."""
    if (
        tokens[index].text.isdigit()
        and text_at(tokens, index + 1) in ("-", "/")
        and index + 2 < len(tokens)
        and tokens[index + 2].kind == "word"
        and tokens[index + 2].fold in _DOCUMENT_CODES
    ):
        end = index + 3
        while end + 1 < len(tokens) and tokens[end].text in ("/", "-") and tokens[end].glued:
            end += 2
        return end
    return None


def is_year(tokens: Sequence[Token], index: int) -> bool:
    """2023 without a unit behind it and without a colon before it is a year."""
    if not _YEAR.fullmatch(tokens[index].text):
        return False
    if text_at(tokens, index - 1) == "/" and tokens[index].glued and index > 1 and tokens[index - 2].kind == "word":
        return True  # quý II/2026
    if unit_after(tokens, index + 1) and not _time_after(tokens, index + 1):
        return False
    if index + 1 < len(tokens) and SCALES.at(tokens, index + 1) is not None:
        return False
    return text_at(tokens, index - 1) not in (":", "=")


def _time_after(tokens: Sequence[Token], index: int) -> bool:
    return NAMED_AFTER.at(tokens, index) is not None


def unit_after(tokens: Sequence[Token], index: int) -> bool:
    """Whether a unit begins there."""
    return index < len(tokens) and UNITS.at(tokens, index) is not None


def text_at(tokens: Sequence[Token], index: int) -> str:
    """The token there, "" beyond the ends."""
    return tokens[index].text if 0 <= index < len(tokens) else ""
