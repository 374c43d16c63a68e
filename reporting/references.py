"""Numbers that name something and are never values: dates, phones, years, laws, villages, list marks."""

import re
from collections.abc import Sequence
from typing import Literal

from reporting.numerals import SCALES
from reporting.phrases import (
    DATE_WORDS,
    FIXED_NAMES,
    NAMED_AFTER,
    NAMED_BEFORE,
    NAMED_EITHER_WAY,
    NAMED_WEAKLY,
    NO_NAMES,
)
from reporting.units import UNITS, Family, family_of
from reporting.words import Token

# "" is an ordinary number, "name" part of a name, "doubt" either: "quý 3 buổi".
Naming = Literal["", "name", "doubt"]


_DATE_NUMBER = re.compile(r"(?:0?[1-9]|[12][0-9]|3[01])")
_MONTH_NUMBER = re.compile(r"(?:0?[1-9]|1[0-2])")
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_DOTTED_DATE = re.compile(r"(?:0?[1-9]|[12][0-9]|3[01])\.(?:0?[1-9]|1[0-2])(?:\.(?:19|20)?[0-9]{2})?")
_QUOTE_LONGEST = 16
_INDEX_LARGEST = 60


def naming_numbers(tokens: Sequence[Token]) -> list[Naming]:
    """For every token whether it belongs to a name, a date, a document number … and so is no value."""
    named: list[Naming] = [""] * len(tokens)
    _list_indexes(tokens, named)
    _quoted(tokens, named)
    for place, token in enumerate(tokens):
        if named[place]:
            continue
        if token.fold in _FIXED_STARTS:
            fixed = FIXED_NAMES.at(tokens, place)
            if fixed is not None:
                _mark(named, place, fixed[0])
                continue
        if token.kind == "number":
            _number(tokens, place, named)
        elif token.kind == "word" and place + 1 < len(tokens):
            _spelled_name(tokens, place, named)
    return named


_FIXED_STARTS = frozenset(
    {"24", "1", "mot", "4.0", "5", "4", "3", "ba", "nhom", "von", "quy", "hai", "2", "chinh", "mo"}
)


def _mark(named: list[Naming], first: int, last: int) -> None:
    for place in range(first, min(last, len(named))):
        named[place] = "name"


def _text(tokens: Sequence[Token], place: int) -> str:
    return tokens[place].text if 0 <= place < len(tokens) else ""


def _number(tokens: Sequence[Token], place: int, named: list[Naming]) -> None:
    text = tokens[place].text
    if len(text) > 15:
        return
    end = _phone(tokens, place) or _clock(tokens, place) or _date(tokens, place) or _document(tokens, place)
    if end:
        _mark(named, place, end)
        return
    if _before_name(tokens, place) or _year(tokens, place):
        named[place] = "name"
    else:
        named[place] = _after_name(tokens, place)


def _phone(tokens: Sequence[Token], place: int) -> int | None:
    """0900 000 123 · 0912.345.678 · +84 912… · a twelve-digit citizen number: never stored."""
    text = tokens[place].text
    plus = _text(tokens, place - 1) == "+" and text.startswith("84")
    if not (plus or text.startswith("0")):
        return place + 1 if text.isdigit() and 9 <= len(text) <= 12 and not _unit_after(tokens, place + 1) else None
    digits = sum(c.isdigit() for c in text)
    end = place + 1
    while end < len(tokens) and end - place < 9:
        step = end + 1 if tokens[end].text in ("-", ".") and end + 1 < len(tokens) else end
        if tokens[step].kind != "number" or not tokens[step].text.replace(".", "").isdigit():
            break
        digits += sum(c.isdigit() for c in tokens[step].text)
        end = step + 1
    return end if digits >= 8 else None


def _clock(tokens: Sequence[Token], place: int) -> int | None:
    """7h30 · 7 giờ 30 · 07:30 · 14g."""
    text = tokens[place].text
    if not text.isdigit() or len(text) > 2 or int(text) > 24 or place + 1 >= len(tokens):
        return None
    follows = tokens[place + 1]
    if follows.text == ":" and follows.glued and place + 2 < len(tokens):
        minutes = tokens[place + 2]
        if minutes.glued and re.fullmatch(r"[0-5][0-9]", minutes.text):
            return place + 3
        return None
    if (follows.text in ("h", "g") and follows.glued) or follows.text == "giờ":
        end = place + 2
        if end < len(tokens) and tokens[end].kind == "number" and len(tokens[end].text) <= 2:
            if follows.text == "giờ" and UNITS.at(tokens, end + 1):
                return end
            return end + 1
        return end
    return None


def _date(tokens: Sequence[Token], place: int) -> int | None:
    """26/3 · 26/3/2026 · 12 – 14/4 · 26-3-2026 · ngày 26.3 · quý I/2023, but not 10/12 đoàn viên."""
    text = tokens[place].text
    if _text(tokens, place + 1) == "/" and _MONTH_NUMBER.fullmatch(_text(tokens, place + 2)):
        if not _DATE_NUMBER.fullmatch(text):
            return None
        end = place + 3
        if _text(tokens, end) == "/" and _YEAR.fullmatch(_text(tokens, end + 1)):
            return end + 2
        if _text(tokens, end) == "/" and re.fullmatch(r"[0-9]{2}", _text(tokens, end + 1)):
            return end + 2
        if _unit_after(tokens, end) or (
            _text(tokens, place - 1) in (":", "=", "được", "đạt") and not _dated(tokens, place)
        ):
            return None
        if _text(tokens, end) in ("-", "đến", "tới") and _DATE_NUMBER.fullmatch(_text(tokens, end + 1)):
            return _date(tokens, end + 1) or end
        if int(text) == int(_text(tokens, place + 2)) and not _dated(tokens, place) and int(text) not in (1, 2, 3):
            return None  # "xếp loại 9/9"
        return end
    if _text(tokens, place + 1) == "/" and _YEAR.fullmatch(_text(tokens, place + 2)):
        return place + 3
    if _text(tokens, place + 1) in ("-", "đến", "và", "hay") and _DATE_NUMBER.fullmatch(text):
        following = place + 2
        if following < len(tokens) and _DATE_NUMBER.fullmatch(_text(tokens, following)):
            if _text(tokens, following + 1) == "/" and not _unit_after(tokens, following + 1):
                ends = _date(tokens, following)
                if ends is not None:
                    return ends
            if (
                _text(tokens, following + 1) == "-"
                and _YEAR.fullmatch(_text(tokens, following + 2))
                and _text(tokens, place + 1) == "-"
            ):
                return following + 3
    if _YEAR.fullmatch(text) and _text(tokens, place + 1) == "-" and _YEAR.fullmatch(_text(tokens, place + 2)):
        return place + 3
    if _DOTTED_DATE.fullmatch(text) and (
        text.count(".") == 2 or (_dated(tokens, place) and not _unit_after(tokens, place + 1))
    ):
        return place + 1
    return None


def _dated(tokens: Sequence[Token], place: int) -> bool:
    return DATE_WORDS.ending(tokens, place, 2) is not None


def _document(tokens: Sequence[Token], place: int) -> int | None:
    """25-NQ/TW · 12-BC/ĐTN · 35-NQ."""
    if (
        tokens[place].text.isdigit()
        and _text(tokens, place + 1) in ("-", "/")
        and place + 2 < len(tokens)
        and tokens[place + 2].kind == "word"
        and tokens[place + 2].fold in ("nq", "bc", "kh", "hd", "tb", "qd", "ct", "ctr", "kl", "tt", "nd", "cv", "qdtw")
    ):
        end = place + 3
        while end + 1 < len(tokens) and tokens[end].text in ("/", "-") and tokens[end].glued:
            end += 2
        return end
    return None


def _unit_after(tokens: Sequence[Token], place: int) -> bool:
    return place < len(tokens) and UNITS.at(tokens, place) is not None


def _year(tokens: Sequence[Token], place: int) -> bool:
    """2023 without a unit behind it and without a colon before it is a year."""
    if not _YEAR.fullmatch(tokens[place].text):
        return False
    if _text(tokens, place - 1) == "/" and tokens[place].glued and place > 1 and tokens[place - 2].kind == "word":
        return True  # quý II/2026
    if _unit_after(tokens, place + 1) and not _time_after(tokens, place + 1):
        return False
    if place + 1 < len(tokens) and SCALES.at(tokens, place + 1) is not None:
        return False
    return _text(tokens, place - 1) not in (":", "=")


def _time_after(tokens: Sequence[Token], place: int) -> bool:
    return NAMED_AFTER.at(tokens, place) is not None


def _after_name(tokens: Sequence[Token], place: int) -> Naming:
    if place == 0 or tokens[place - 1].kind != "word":
        return ""
    if NO_NAMES.ending(tokens, place, 4) is not None:
        return ""
    if tokens[place - 1].glued and tokens[place - 2].kind == "number":
        return ""
    if NAMED_BEFORE.ending(tokens, place, 4) is not None:
        return "doubt" if _counted(tokens, place) and not _counted(tokens, place, ("people",)) else "name"
    if NAMED_EITHER_WAY.ending(tokens, place, 2) is not None and _counted(tokens, place):
        return "doubt"
    if NAMED_WEAKLY.ending(tokens, place, 2) is not None and not _counted(tokens, place):
        if _text(tokens, place + 1) in ("-", "đến", "tới", "den", "toi", "hoặc") and _counted(tokens, place + 2):
            return ""
        return "name"
    return ""


def _counted(tokens: Sequence[Token], place: int, families: tuple[Family, ...] = ()) -> bool:
    unit = UNITS.at(tokens, place + 1) if place + 1 < len(tokens) else None
    if unit is None:
        return False
    family = family_of(unit[1])
    return family in families if families else family != "other"


def _before_name(tokens: Sequence[Token], place: int) -> bool:
    if place + 1 >= len(tokens):
        return False
    found = NAMED_AFTER.at(tokens, place + 1)
    if found is None:
        return False
    # "5 có 2 lớp", "2 không": verbs name a slogan only when the slogan's noun follows directly.
    if tokens[place + 1].fold in (
        "khong",
        "co",
        "an",
        "biet",
        "nhat",
        "tot",
        "cung",
        "ren",
        "buoc",
        "g",
        "h",
    ):
        return tokens[place + 1].fold in ("cung",) or (tokens[place + 1].glued and tokens[place + 1].fold in ("h", "g"))
    return not (tokens[place].text.startswith(("0",)) and tokens[place + 1].fold == "nam")


def _spelled_name(tokens: Sequence[Token], place: int, named: list[Naming]) -> None:
    """thứ hai · tháng ba · quý hai: the number word after a naming word; ba lực lượng: before one."""
    following = tokens[place + 1]
    if following.kind != "word" or following.form.fold not in _ONE_FOLDS:
        return
    token = tokens[place]
    if token.form.fold in (
        "thu",
        "thang",
        "quy",
        "thon",
        "lop",
        "khu",
        "ap",
        "xom",
        "to",
        "nam",
        "la",
        "moi",
        "tung",
    ):
        if token.form.fold in ("la", "moi", "tung") and following.form.fold != "mot":
            return
        if token.form.fold in ("nam", "lop", "to", "quy") and _unit_after(tokens, place + 2):
            return
        named[place + 1] = "name"


_ONE_FOLDS = frozenset({"mot", "hai", "ba", "bon", "tu", "nam", "sau", "bay", "tam", "chin", "muoi"})


def _quoted(tokens: Sequence[Token], named: list[Naming]) -> None:
    """Numbers inside a short quotation belong to the name of a campaign."""
    opened: int | None = None
    for place, token in enumerate(tokens):
        if token.kind == "line":
            opened = None
        elif token.text == '"':
            if opened is not None and place - opened <= _QUOTE_LONGEST:
                _mark(named, opened, place + 1)
                opened = None
            else:
                opened = place


def _list_indexes(tokens: Sequence[Token], named: list[Naming]) -> None:
    """1. · 2) · 3/ · 1.1. at the start of a line, and "2." inside a line that began with "1."."""
    expected = 0
    first = True
    for place, token in enumerate(tokens):
        if token.kind == "line":
            first, expected = True, 0
            continue
        if first and token.kind == "mark" and token.text in '-+*•#>"(':
            continue
        if first and token.kind == "word" and token.fold in ("cau", "muc", "y") and place + 1 < len(tokens):
            continue
        if token.kind == "number" and not first and not expected and _list_opens(tokens, place):
            first = True
        if token.kind == "number" and (first or (expected and token.text.lstrip("0") == str(expected))):
            end = _index_end(tokens, place, first)
            if end and (first or _text(tokens, place - 1) not in (":", "=")):
                _mark(named, place, end)
                number = token.text.split(".")[0].lstrip("0")
                expected = int(number) + 1 if number.isdigit() else 0
        first = False


def _list_opens(tokens: Sequence[Token], place: int) -> bool:
    """ "Trường chuyên: 1) Kết nạp …; 2) …": a list that begins inside a line, at a bracket nobody opened."""
    if tokens[place].text not in ("1", "01") or _text(tokens, place - 1) not in (":", ";", ",", ".", "-"):
        return False
    if _text(tokens, place + 1) not in (")", ".") or not tokens[place + 1].glued:
        return False
    for later in range(place + 2, min(place + _LIST_REACH, len(tokens) - 1)):
        if tokens[later].kind == "line":
            return False
        if tokens[later].text in ("2", "02") and tokens[later + 1].text == tokens[place + 1].text:
            return True
    return False


_LIST_REACH = 60


def _index_end(tokens: Sequence[Token], place: int, first: bool) -> int | None:
    text = tokens[place].text
    if len(text) > 8 or place + 1 >= len(tokens):
        return None
    parts = text.split(".")
    if "," in text or not all(p.isdigit() and int(p) <= _INDEX_LARGEST for p in parts) or len(parts) > 3:
        return None
    follows = tokens[place + 1]
    if len(parts) > 1:  # "1.2. Trồng cây" or "1.2 Trồng cây" but never "1.2 km"
        worded = follows.kind == "word" and not _unit_after(tokens, place + 1)
        if follows.text in (".", ")") or (first and worded and SCALES.at(tokens, place + 1) is None):
            return place + 1 + (follows.text in (".", ")"))
        return None
    if follows.text in (".", ")") and follows.glued:
        after = place + 2
        if after < len(tokens) and tokens[after].kind == "line":
            return None
        return place + 2
    if not first:
        return None
    if follows.text in ("/", "-", ":", ",") and place + 2 < len(tokens) and tokens[place + 2].kind in ("word", "mark"):
        if follows.text in ("/", ":") and not follows.glued:
            return None
        if _unit_after(tokens, place + 2) and follows.text == ",":
            return None
        return place + 2
    if follows.kind == "cell":  # the number column of a table
        cells = 0
        for later in range(place + 1, min(place + 60, len(tokens))):
            if tokens[later].kind == "line":
                break
            cells += tokens[later].kind == "cell"
        return place + 1 if cells >= 2 else None
    return None
