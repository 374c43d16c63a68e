"""Words of a text in, the numbers that only name something out: dates, phones, laws, villages, list marks."""

from collections.abc import Sequence

from reporting.numbers.dates import clock, date, document, is_year, phone, text_at, unit_after
from reporting.numbers.list_marks import Naming, mark_lists
from reporting.numbers.number_words import FIVE, SCALES
from reporting.numbers.units import UNITS, Family, family_of
from reporting.text.lexicon import (
    FIXED_NAMES,
    NAMED_AFTER,
    NAMED_BEFORE,
    NAMED_EITHER_WAY,
    NAMED_WEAKLY,
    NO_NAMES,
    in_plain_letters,
)
from reporting.text.word_lists import written
from reporting.text.words import Token

_QUOTE_LONGEST = 16
_PLACES = in_plain_letters("references.places")
_PLACE_NAME = 4
_SPEECH_LONGEST = 120
_SPEECH_REACH = 6
_OUT_OF_BEHIND = in_plain_letters("references.out_of_behind")
_SESSIONS = in_plain_letters("references.sessions")
_BEFORE_PAPERS = in_plain_letters("references.before_papers")
_SHOWN = in_plain_letters("references.shown")
_RANGES = written("references.ranges")
_WEEKDAY_OR_COLLECT = written("references.weekday_or_collect")
_YEAR_OR_SOUTH = written("references.year_or_south")
_SLOGAN_WORDS = in_plain_letters("references.slogan_words")
_BEFORE_SPELLED = in_plain_letters("references.before_spelled")
_BEFORE_ONE = in_plain_letters("references.before_one")
_OR_COUNTED = in_plain_letters("references.or_counted")
_NEWLY = written("numerals.newly")
_ONE = in_plain_letters("numerals.one")
_ONE_TO_TEN = in_plain_letters("numerals.one_to_ten")
_LIST_ENDS = ("", ",", ";", "\n", ".")
_LIST_REACH = 24
_SAYING = in_plain_letters("references.saying")


def naming_numbers(tokens: Sequence[Token]) -> list[Naming]:
    """For every token whether it belongs to a name, a date, a document number … and so is no value."""
    named: list[Naming] = [""] * len(tokens)
    mark_lists(tokens, named)
    _quoted(tokens, named)
    for place, token in enumerate(tokens):
        if named[place]:
            continue
        if FIXED_NAMES.begins(token.form.fold):
            fixed = FIXED_NAMES.at(tokens, place)
            if fixed is not None:
                _mark(named, place, fixed[0])
                continue
        if token.kind == "number":
            _number(tokens, place, named)
        elif token.kind == "word" and place + 1 < len(tokens) and tokens[place + 1].form.fold in _ONE_TO_TEN:
            _spelled_name(tokens, place, named)
    return named


def _mark(named: list[Naming], first: int, last: int) -> None:
    for place in range(first, min(last, len(named))):
        named[place] = "name"


def _number(tokens: Sequence[Token], place: int, named: list[Naming]) -> None:
    text = tokens[place].text
    if len(text) > 15:
        return
    end = phone(tokens, place) or clock(tokens, place) or date(tokens, place) or document(tokens, place)
    if end:
        _mark(named, place, end)
        return
    if _before_name(tokens, place) or is_year(tokens, place):
        named[place] = "name"
    else:
        named[place] = _after_name(tokens, place)
    if named[place] and _out_of(tokens, place):
        _fraction(tokens, place, named)


def _out_of(tokens: Sequence[Token], place: int) -> bool:
    """40/46: two numbers glued to a slash."""
    return (
        text_at(tokens, place + 1) == "/"
        and place + 2 < len(tokens)
        and tokens[place + 1].glued
        and tokens[place + 2].glued
        and tokens[place + 2].kind == "number"
        and not is_year(tokens, place + 2)
    )


def _fraction(tokens: Sequence[Token], place: int, named: list[Naming]) -> None:
    """ "thi nghị quyết 40/46": forty of forty-six. "Cụm số 3/15 buổi": the 15 may belong to the name as well.

    Never is one half a name and the other a value.
    """
    if NAMED_BEFORE.ending(tokens, place, 4) is None and tokens[place - 1].fold in _OUT_OF_BEHIND:
        named[place] = ""
        return
    _mark(named, place, place + 2)
    named[place + 2] = "doubt" if _counted(tokens, place + 2) else "name"


def _after_name(tokens: Sequence[Token], place: int) -> Naming:
    if place == 0 or tokens[place - 1].kind != "word":
        return ""
    if NO_NAMES.ending(tokens, place, 4) is not None:
        return ""
    if tokens[place - 1].glued and tokens[place - 2].kind == "number":
        return ""
    if tokens[place - 1].fold in _SESSIONS and tokens[place - 2].kind == "number" and tokens[place - 2].text != "1":
        return ""  # "3 buổi 62": the word is the unit of the number before it
    if _stands_for_itself(tokens, place):
        return ""
    if text_at(tokens, place + 1) == ":" and any(
        t.fold in _PLACES for t in tokens[max(0, place - _PLACE_NAME) : place - 1]
    ):
        return "name"  # "Chi đoàn khóm Tây Khánh 2: …"
    if NAMED_BEFORE.ending(tokens, place, 4) is not None:
        return "doubt" if _counted(tokens, place) and not _counted(tokens, place, ("people",)) else "name"
    if NAMED_EITHER_WAY.ending(tokens, place, 2) is not None and _counted(tokens, place):
        return "doubt"
    if NAMED_WEAKLY.ending(tokens, place, 2) is not None and not _counted(tokens, place):
        if text_at(tokens, place + 1) in _RANGES and _counted(tokens, place + 2):
            return ""
        shown = tokens[place - 1].fold in _SHOWN and not unit_after(tokens, place + 1)
        if shown and not _names_a_paper(tokens, place):
            return ""  # "hướng dẫn 120": so many people were shown
        return "doubt" if _in_bare_list(tokens, place) else "name"
    return ""


def _names_a_paper(tokens: Sequence[Token], place: int) -> bool:
    return any(token.fold in _BEFORE_PAPERS for token in tokens[max(0, place - 4) : place - 1])


def _in_bare_list(tokens: Sequence[Token], place: int) -> bool:
    """ "học bác 2, học nq 1": a number at the end of its clause, beside a clause that ends in a bare number too."""
    if text_at(tokens, place + 1) not in _LIST_ENDS:
        return False
    line = place
    while line > 0 and tokens[line - 1].kind != "line" and place - line < _LIST_REACH:
        line -= 1
    end = place
    while end < len(tokens) and tokens[end].kind != "line" and end - place < _LIST_REACH:
        end += 1
    return any(
        at != place
        and tokens[at].kind == "number"
        and at > line
        and tokens[at - 1].kind == "word"
        and text_at(tokens, at + 1) in _LIST_ENDS
        and NAMED_WEAKLY.ending(tokens, at, 2) is None
        and NAMED_BEFORE.ending(tokens, at, 4) is None
        for at in range(line, end)
    )


def _stands_for_itself(tokens: Sequence[Token], place: int) -> bool:
    """ "thu 215 đơn vị" is no thứ, and "ấp Nam 150 cây" no year."""
    word, digits = tokens[place - 1].text, tokens[place].text
    if word in _WEEKDAY_OR_COLLECT:
        return digits.lstrip("0") not in ("2", "3", "4", "5", "6", "7")
    return word in _YEAR_OR_SOUTH and len(digits) < 4 and _counted(tokens, place)


def _counted(tokens: Sequence[Token], place: int, families: tuple[Family, ...] = ()) -> bool:
    unit = UNITS.at(tokens, place + 1) if place + 1 < len(tokens) else None
    if unit is None:
        scale = SCALES.at(tokens, place + 1) if place + 1 < len(tokens) and not families else None
        return scale is not None
    family = family_of(unit[1])
    return family in families if families else family != "other"


def _before_name(tokens: Sequence[Token], place: int) -> bool:
    if place + 1 >= len(tokens):
        return False
    found = NAMED_AFTER.at(tokens, place + 1)
    if found is None:
        return False
    fold = tokens[place + 1].fold
    if fold in ("g", "h"):
        return tokens[place + 1].glued
    if fold in _SLOGAN_WORDS:  # "5 có 2 lớp", "2 không": verbs name a slogan only when its noun follows directly
        return False
    return not (tokens[place].text.startswith("0") and fold in FIVE)


def _spelled_name(tokens: Sequence[Token], place: int, named: list[Naming]) -> None:
    """thứ hai · tháng ba · quý hai: the number word after a naming word; ba lực lượng: before one."""
    following = tokens[place + 1]
    if following.kind != "word":
        return
    token = tokens[place]
    if token.text in _NEWLY:  # "trồng mới một nghìn cây"; mỗi một names nothing either
        return
    if token.form.fold in _BEFORE_SPELLED:
        if token.form.fold in _BEFORE_ONE and following.form.fold not in _ONE:
            return
        if token.form.fold in _OR_COUNTED and unit_after(tokens, place + 2):
            return
        named[place + 1] = "name"


def _spoken(tokens: Sequence[Token], opened: int) -> bool:
    """ "Chị Hà bên xã bạn nhắn: …": what somebody else said."""
    if text_at(tokens, opened - 1) not in (":", ","):
        return False
    return any(token.fold in _SAYING for token in tokens[max(0, opened - 1 - _SPEECH_REACH) : opened - 1])


def _quoted(tokens: Sequence[Token], named: list[Naming]) -> None:
    """Numbers inside a short quotation belong to the name of a campaign."""
    opened: int | None = None
    for place, token in enumerate(tokens):
        if token.kind == "line":
            opened = None
        elif token.text == '"':
            if opened is not None and place - opened <= (
                _SPEECH_LONGEST if _spoken(tokens, opened) else _QUOTE_LONGEST
            ):
                _mark(named, opened, place + 1)
                opened = None
            else:
                opened = place
