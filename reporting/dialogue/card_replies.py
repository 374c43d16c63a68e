"""A reply without names or with marks in ("3, 120", "1a, 2b"), what it says of each item or unclear piece out."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from string import ascii_lowercase
from typing import Literal

from reporting.dialogue.draft import UnclearWords
from reporting.dialogue.points import MOST_CANDIDATES, proposals
from reporting.dialogue.reply import LINE_CHARS, read_reply
from reporting.dialogue.small_talk import leaves_out, says_both
from reporting.figures.catalogue import Catalogue, Indicator
from reporting.figures.forms import Form, Question
from reporting.figures.values import Value
from reporting.reading.found.mentions import labels_of
from reporting.reading.found.names import mentions_of
from reporting.reading.found.negation import denied
from reporting.reading.found.scopes import scopes_of
from reporting.text.lexicon import in_plain_letters
from reporting.text.words import form_of, tokens_of

# "3, 62, 1", "3 62 1 15", a number a line: never "3,62", which is one number.
_LIST_MARK = r"(?:\s*[;\n]\s*|,\s+|\s+-\s+|\s+)"
_BARE_LIST = re.compile(rf"\s*\d[\d.]*(?:,\d+)?(?:{_LIST_MARK}\d[\d.]*(?:,\d+)?)+[.\s]*")
_NUMBER = r"\d[\d.]*(?:,\d+)?"
_BEHIND_MARK = re.compile(rf"\s*([1-9])\s*[).:=]\s*({_NUMBER})\s*")  # "1: 6", a number with its point's
_MOST_WORDS = 8  # of a reply that only names an item
_MOST_MARKED = 60  # characters of a reply that is nothing but marks
_CODE = re.compile(r"(?i)\b[1-9][a-e]\b")  # "1a", the first item of the first point
_SIGNS = re.compile(r"\d+|[^\W\d_]+")
_LEAVING = in_plain_letters("small_talk.leaves_marked")
_BESIDE = in_plain_letters("small_talk.beside_marks")
ALL = "0"  # leaves out all that stands on a card


def bare_list(text: str) -> tuple[str, ...]:
    """The numbers of a message that is nothing but a list of them; () for any other."""
    if _BARE_LIST.fullmatch(text) is None:
        return ()
    return tuple(number for number in re.split(_LIST_MARK, text.strip(" .\n")) if number)


def listed_otherwise(
    text: str, asked: Sequence[Indicator], question: Question, form: Form, catalogue: Catalogue
) -> tuple[tuple[str, Value], ...]:
    """The values of a bare list that has another count than what is open; () where it has the same, or says nothing.

    As many as happenings are open are of those, as many as the whole question asks are of all of it; fewer are of the
    first that are open.
    """
    numbers = bare_list(text)
    if len(numbers) < 2 or len(numbers) == len(asked):
        return ()
    if len(numbers) > len(asked):
        asked = question.indicators if len(numbers) == len(question.indicators) else ()
    happenings = [indicator for indicator in asked if not indicator.stands]
    if len(numbers) == len(happenings):
        asked = happenings
    pairs = zip(numbers, asked, strict=False)
    replies = [read_reply(number, (indicator,), form, catalogue, form.level) for number, indicator in pairs]
    words = " ".join(text.split())[:LINE_CHARS]
    values = tuple((code, replace(value, source=words)) for reply in replies for code, value in reply.values)
    return values if len(values) == len(numbers) else ()


@dataclass(frozen=True, slots=True)
class PointsReply:
    """What a reply does to the points: this one is that item, is left out, is asked of each item."""

    act: Literal["is", "leave", "leave_all", "each"]
    point: int = 0
    code: str = ""


def marked_in(text: str, points: Sequence[UnclearWords]) -> tuple[PointsReply, ...]:
    """What the marks of the card say, in any manner ("1a 2b", "1 a", "a b", "bỏ 2"); () where it is no such reply.

    A number alone is the point that bears it, as it is filled in; nothing is taken of a reply of which a part fits not.
    """
    if len(text) > _MOST_MARKED or "?" in text:
        return ()
    said = [sign for sign in _SIGNS.findall(text.casefold()) if _is_letter(sign) or not _is_beside(sign)]
    if len(said) > 2 and said[0].isdecimal() and _is_letter(said[-1]) and _is_letter(said[-2]):
        said.pop()  # "1b a": a courtesy without its mark
    if said == [ALL]:
        return (PointsReply("leave_all"),) if len(points) > 1 or points[0].value is not None else ()
    if said and all(map(_is_letter, said)):
        return _in_order(said, points)
    found: list[PointsReply | None] = []
    while said:
        first, second = said[0], said[1] if len(said) > 1 else ""
        if form_of(first).fold in _LEAVING and second.isdecimal():
            found.append(_left(second, points))
        elif first.isdecimal() and _is_letter(second):
            found.append(_option(first, second, points))
        elif first.isdecimal() and form_of(second).fold in _LEAVING and not said[2:3]:
            found.append(_left(first, points))
        elif first.isdecimal() and len(points) > 1:
            leaves = bool(found) and found[-1] is not None and found[-1].act == "leave"
            found.append(_left(first, points) if leaves else _option(first, "", points))
            second = ""
        else:
            return ()
        said = said[2 if second else 1 :]
    told = tuple(one for one in found if one is not None)
    once = len({one.point for one in told}) == len(found) == len(told)
    codes = [one.code for one in told if one.act == "is"]
    return told if once and len(codes) == len(set(codes)) else ()


def codes_beside(text: str, points: Sequence[UnclearWords]) -> tuple[str, str]:
    """(the marks of a card, the words beside them) of a reply that has both: "1a, hiến máu 0"; ('', '') for any other.

    Where more numbers have a letter behind them, these are units: "2b 40l 120c".
    """
    codes = " ".join(_CODE.findall(text))
    beside = _CODE.sub(" ", text).strip(" ,;.-\n")
    says_more = any(char.isalpha() for char in beside) and not re.search(r"\d[^\W\d_]", beside)
    if not codes or not says_more or marked_in(text, points) or not marked_in(codes, points):
        return "", ""
    return codes, beside


def _is_letter(sign: str) -> bool:
    return len(sign) == 1 and sign in ascii_lowercase


def _is_beside(sign: str) -> bool:
    return form_of(sign).fold in _BESIDE


def _in_order(letters: Sequence[str], points: Sequence[UnclearWords]) -> tuple[PointsReply, ...]:
    """A letter for each point."""
    if len(letters) != len(points) or (len(points) > 1 and len(proposals(points)) == len(points)):
        return ()
    found = [_option(str(number), letter, points) for number, letter in enumerate(letters, 1)]
    told = tuple(one for one in found if one is not None)
    return told if len(told) == len(found) else ()


def _left(number: str, points: Sequence[UnclearWords]) -> PointsReply | None:
    return PointsReply("leave", int(number) - 1) if 0 < int(number) <= len(points) else None


def _option(number: str, letter: str, points: Sequence[UnclearWords]) -> PointsReply | None:
    """The item of that point by its letter, which without one is what is filled in; the letter behind leaves it out."""
    at = int(number) - 1
    if not 0 <= at < len(points) or points[at].value is None:
        return None
    codes = points[at].codes[:MOST_CANDIDATES]
    if not letter:
        filled = codes[0] in proposals(points) and len(codes) == 1
        return PointsReply("is", at, codes[0]) if filled else None
    which = ascii_lowercase.index(letter)
    if which == len(codes):
        return PointsReply("leave", at)
    return PointsReply("is", at, codes[which]) if which < len(codes) else None


def listed_for(text: str, points: Sequence[UnclearWords]) -> tuple[tuple[tuple[str, str], ...], bool]:
    """(codes with the numbers of a bare list as written, whether there are as many as the points that lack one).

    One number is a list too, unless it is the number of a point: that says nothing of a figure.
    """
    parts = [_BEHIND_MARK.fullmatch(part) for part in re.split(r"[;\n]|, ", text.strip())]
    marked = [(int(part[1]) - 1, part[2]) for part in parts if part is not None]
    if len(marked) == len(parts):
        fits = [at < len(points) and points[at].value is None and len(points[at].codes) == 1 for at, _ in marked]
        return tuple((points[at].codes[0], number) for at, number in marked) if all(fits) else (), True
    alone = text.strip(" .")
    numbers = bare_list(text) or ((alone,) if re.fullmatch(_NUMBER, alone) else ())
    if len(numbers) == 1 and len(points) > 1 and numbers[0].isdecimal() and int(numbers[0]) <= len(points):
        return (), False
    lacking = [point.codes[0] for point in points if point.value is None and len(point.codes) == 1]
    every = [point.codes[0] for point in points if len(point.codes) == 1]
    asked = every if len(numbers) == len(every) == len(points) else lacking
    if not numbers or len(numbers) > len(asked) or (len(numbers) == 1 and len(asked) > 1):
        return (), False
    return tuple(zip(asked, numbers, strict=False)), len(numbers) == len(asked)


def settled_by(text: str, points: Sequence[UnclearWords], catalogue: Catalogue) -> PointsReply | None:
    """What the reply says of the points in words; None where it says something else. A number makes it an entry."""
    tokens = [token for token in tokens_of(text) if token.kind != "line"]
    if any(token.kind == "number" for token in tokens) and not (says_both(text) or leaves_out(text)):
        return None
    named = _named(text, points, catalogue)
    if leaves_out(text) or (named is not None and leaves_out(" ".join(text.split()[:1]))):
        return PointsReply("leave", named[0]) if named is not None else PointsReply("leave_all")
    if says_both(text):
        return PointsReply("each")
    if named is None or len(tokens) > _MOST_WORDS or "?" in text or _denies(text, named[1], catalogue):
        return None
    return PointsReply("is", *named)


def _denies(text: str, code: str, catalogue: Catalogue) -> bool:
    """ "cây xanh không có" names the item, and says that it is none."""
    tokens = tokens_of(text)
    mentions = mentions_of(labels_of(catalogue), tokens)
    scopes = scopes_of(tokens, [False] * len(tokens))
    return any(code in mention.codes for mention in denied(tokens, mentions, scopes))


def _named(text: str, points: Sequence[UnclearWords], catalogue: Catalogue) -> tuple[int, str] | None:
    """The one point and item that the words name: by the catalogue's names, else by words of one candidate alone."""
    tokens = tokens_of(text)
    codes = {code for mention in mentions_of(labels_of(catalogue), tokens) for code in mention.codes}
    named = [(number, code) for number, point in enumerate(points) for code in point.codes if code in codes]
    if not named:
        said = {token.fold for token in tokens if token.kind == "word"}
        named = [
            (number, code)
            for number, point in enumerate(points)
            for code in point.codes
            if said and said <= _words_of(catalogue, code)
        ]
    if len({code for _, code in named}) != 1:
        return None
    return named[0]


def _words_of(catalogue: Catalogue, code: str) -> set[str]:
    indicator = catalogue[code]
    return {token.fold for token in tokens_of(f"{indicator.short} {indicator.label}") if token.kind == "word"}
