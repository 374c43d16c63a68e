"""Words of a text in, the marks of its lists out: 1. · 2) · 3/ · 1.1., at the start of a line or inside one."""

from collections.abc import Sequence
from typing import Literal

from reporting.numbers.dates import text_at, unit_after
from reporting.numbers.number_words import SCALES
from reporting.text.lexicon import in_plain_letters
from reporting.text.words import Token

_MARK_LONGEST, _MARK_PARTS = 8, 3  # characters and numbers of a list's mark: 1.1.1
_ROW_REACH = 60  # tokens in which the next cell of a table's row stands

# "" is an ordinary number, "name" part of a name, "doubt" either: "quý 3 buổi".
Naming = Literal["", "name", "doubt"]

_INDEX_LARGEST = 60
_LIST_REACH = 60
_BARE_MARKS_LEAST = 3
_ITEMS = in_plain_letters("references.items")


def mark_lists(tokens: Sequence[Token], named: list[Naming]) -> None:
    """1. · 2) · 3/ · 1.1. at the start of a line, and "2." inside a line that began with "1."."""
    expected = 0
    first = True
    for index in (*_bare_marks(tokens), *_bracketed_marks(tokens)):
        named[index] = "name"
    for index, token in enumerate(tokens):
        if token.kind == "line":
            first, expected = True, 0
            continue
        if first and token.kind == "mark" and token.text in '-+*•#>"(':
            continue
        if first and token.kind == "word" and token.fold in _ITEMS and index + 1 < len(tokens):
            continue
        if token.kind == "number" and not first and _list_opens(tokens, index):
            first = True
        if token.kind == "number" and (first or (expected and token.text.lstrip("0") == str(expected))):
            end = _index_end(tokens, index, first)
            if end and (first or text_at(tokens, index - 1) not in (":", "=")):
                fate: Naming = "name" if first or _behind_an_item(tokens, index) else "doubt"
                named[index:end] = [fate] * (end - index)
                number = token.text.split(".")[0].lstrip("0")
                expected = int(number) + 1 if number.isdigit() else 0
        first = False


def _behind_an_item(tokens: Sequence[Token], index: int) -> bool:
    """Whether an item of the list can end there: at a mark, or behind a figure; "1. SHCĐ 3. ĐV mới 2. HV mới 5" may
    count two."""
    for before in reversed(tokens[:index]):
        if before.kind != "word":
            return before.kind == "number" or before is tokens[index - 1]
    return True


def _bare_marks(tokens: Sequence[Token]) -> list[int]:
    """ "1 sinh hoat 3 buoi / 2 don ve sinh 2 buoi / 3 trong cay 80": lines that begin with 1, 2, 3 and a word."""
    found: list[int] = []
    for index, token in enumerate(tokens):
        if token.kind != "number" or (index and tokens[index - 1].kind != "line") or index + 1 >= len(tokens):
            continue
        if token.text.lstrip("0") != str(len(found) + 1):
            continue
        if tokens[index + 1].kind != "word" or unit_after(tokens, index + 1) or SCALES.at(tokens, index + 1):
            return []  # a count begins the line
        found.append(index)
    return found if len(found) >= _BARE_MARKS_LEAST else []


def _bracketed_marks(tokens: Sequence[Token]) -> list[int]:
    """ "(1) vệ sinh: 3 buổi; (2) trồng cây: 200": 1, 2, 3 alone in brackets, each before a word."""
    found: list[int] = []
    for index, token in enumerate(tokens):
        if token.text != "(" or index + 3 >= len(tokens) or tokens[index + 2].text != ")":
            continue
        number = tokens[index + 1]
        begins = index == 0 or tokens[index - 1].kind == "line" or tokens[index - 1].text in (":", ";", ",", ".", "-")
        if begins and number.text.lstrip("0") == str(len(found) + 1) and tokens[index + 3].kind == "word":
            found.append(index + 1)
    return found if len(found) > 1 else []


def _list_opens(tokens: Sequence[Token], index: int) -> bool:
    """ "Trường chuyên: 1) Kết nạp …; 2) …": a list that begins inside a line, at a bracket nobody opened."""
    if tokens[index].text not in ("1", "01") or text_at(tokens, index - 1) not in (":", ";", ",", ".", "-"):
        return False
    if text_at(tokens, index + 1) not in (")", ".") or not tokens[index + 1].glued:
        return False
    for later in range(index + 2, min(index + _LIST_REACH, len(tokens) - 1)):
        if tokens[later].kind == "line":
            return False
        if tokens[later].text in ("2", "02") and tokens[later + 1].text == tokens[index + 1].text:
            return True
    return False


def _index_end(tokens: Sequence[Token], index: int, first: bool) -> int | None:
    text = tokens[index].text
    if len(text) > _MARK_LONGEST or index + 1 >= len(tokens):
        return None
    parts = text.split(".")
    if "," in text or not all(p.isdigit() and int(p) <= _INDEX_LARGEST for p in parts) or len(parts) > _MARK_PARTS:
        return None
    follows = tokens[index + 1]
    if len(parts) > 1:  # "1.2. Trồng cây" or "1.2 Trồng cây" but never "1.2 km"
        worded = follows.kind == "word" and not unit_after(tokens, index + 1)
        if follows.text in (".", ")") or (first and worded and SCALES.at(tokens, index + 1) is None):
            return index + 1 + (follows.text in (".", ")"))
        return None
    if follows.text in (".", ")") and follows.glued:
        after = index + 2
        if after < len(tokens) and tokens[after].kind == "line":
            return None
        return index + 2
    if not first:
        return None
    if follows.text in ("/", "-", ":", ",") and index + 2 < len(tokens) and tokens[index + 2].kind in ("word", "mark"):
        if follows.text in ("/", ":") and not follows.glued:
            return None
        if unit_after(tokens, index + 2) and follows.text == ",":
            return None
        return index + 2
    if follows.text == "/" and follows.glued and index + 2 < len(tokens) and not tokens[index + 2].glued:
        return index + 2  # "2/ 45 đoàn viên …"
    if follows.kind == "cell":  # the number column of a table
        cells = 0
        for later in range(index + 1, min(index + _ROW_REACH, len(tokens))):
            if tokens[later].kind == "line":
                break
            cells += tokens[later].kind == "cell"
        return index + 1 if cells >= 2 else None
    return None
