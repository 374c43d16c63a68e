"""The words of a text in, its numbers that only name something (laws, villages, classes, days) out."""

from collections.abc import Sequence

from reporting.numbers.dates import clock, date, document, is_year, phone, text_at, unit_after
from reporting.numbers.list_marks import Naming, mark_lists
from reporting.numbers.number_words import FIVE, SCALES
from reporting.numbers.units import BODY, UNITS, Family, family_of
from reporting.text.lexicon import (
    FIXED_NAMES,
    NAMED_AFTER,
    NAMED_BEFORE,
    NAMED_EITHER_WAY,
    NAMED_WEAKLY,
    NO_NAMES,
    OWN_PART,
    in_plain_letters,
    phrases,
)
from reporting.text.word_lists import written
from reporting.text.words import Token, typed_with_marks

_NUMBER_LONGEST = 15  # characters; a longer one is nothing that is known here
_NAME_TOKENS = 4  # the most words of a naming phrase before its number

_NO_NAMES = phrases("reader.no_names")
_INTO_OR_MORNING, _FROM = written("references.into_or_morning"), in_plain_letters("references.from_figure")
_WHOLE_PERIOD = phrases("references.whole_period")
_OLD_FIGURE_REACH = 6
_QUOTE_LONGEST = 16
_VILLAGES = in_plain_letters("references.places")
_VILLAGE_NAME = 4
_SPEECH_LONGEST = 120
_SPEECH_REACH = 6
_DIGIT = phrases("references.digit")
_DIGIT_MISTAKEN = in_plain_letters("references.digit_mistaken")
_OUT_OF_BEHIND = in_plain_letters("references.out_of_behind")
_TIMES_OR_TERM = in_plain_letters("references.times_or_term")
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
    _digits(tokens, named)
    for index, token in enumerate(tokens):
        if named[index]:
            continue
        if FIXED_NAMES.begins(token.form.fold):
            fixed = FIXED_NAMES.at(tokens, index)
            if fixed is not None:
                _mark(named, index, fixed[0])
                continue
        if token.kind == "number":
            _number(tokens, index, named)
        elif token.kind == "word" and index + 1 < len(tokens) and tokens[index + 1].form.fold in _ONE_TO_TEN:
            _spelled_name(tokens, index, named)
    return named


def _digits(tokens: Sequence[Token], named: list[Naming]) -> None:
    """ "gõ nhầm hai số 0": a digit that was mistaken, and how many there were of it."""
    for index, token in enumerate(tokens):
        if token.kind != "word" or (found := _DIGIT.at(tokens, index)) is None:
            continue
        end = found[0]
        if len(text_at(tokens, end)) != 1 or not text_at(tokens, end).isdigit() or unit_after(tokens, end + 1):
            continue
        counted = index > 0 and (tokens[index - 1].kind == "number" or tokens[index - 1].form.fold in _ONE_TO_TEN)
        before = tokens[index - 1 - counted] if index > counted else None
        if before is not None and before.form.fold in _DIGIT_MISTAKEN:
            _mark(named, index - counted, end + 1)


def _mark(named: list[Naming], first: int, last: int) -> None:
    for index in range(first, min(last, len(named))):
        named[index] = "name"


def _number(tokens: Sequence[Token], index: int, named: list[Naming]) -> None:
    text = tokens[index].text
    if len(text) > _NUMBER_LONGEST:
        return
    end = phone(tokens, index) or clock(tokens, index) or date(tokens, index) or document(tokens, index)
    if end:
        _mark(named, index, end)
        return
    if _before_name(tokens, index) or is_year(tokens, index):
        named[index] = "name"
    else:
        named[index] = _after_name(tokens, index)
    if named[index] and _out_of(tokens, index):
        _fraction(tokens, index, named)


def _out_of(tokens: Sequence[Token], index: int) -> bool:
    """40/46: two numbers glued to a slash."""
    return (
        text_at(tokens, index + 1) == "/"
        and index + 2 < len(tokens)
        and tokens[index + 1].glued
        and tokens[index + 2].glued
        and tokens[index + 2].kind == "number"
        and not is_year(tokens, index + 2)
    )


def _fraction(tokens: Sequence[Token], index: int, named: list[Naming]) -> None:
    """ "thi nghị quyết 40/46": forty of forty-six. "Cụm số 3/15 buổi": the 15 may belong to the name as well.

    Never is one half a name and the other a value.
    """
    if NAMED_BEFORE.ending(tokens, index, _NAME_TOKENS) is None and tokens[index - 1].fold in _OUT_OF_BEHIND:
        named[index] = ""
        return
    _mark(named, index, index + 2)
    named[index + 2] = "doubt" if _counted(tokens, index + 2) else "name"


def _after_name(tokens: Sequence[Token], index: int) -> Naming:
    if index == 0 or tokens[index - 1].kind != "word" or not tokens[index].text.strip("0"):
        return ""
    if _behind_no_name(tokens, index) or _stands_for_itself(tokens, index) or _counted_by_its_label(tokens, index):
        return ""
    if text_at(tokens, index + 1) == ":" and any(
        t.fold in _VILLAGES for t in tokens[max(0, index - _VILLAGE_NAME) : index - 1]
    ):
        return "name"  # "Chi đoàn khóm Tây Khánh 2: …"
    if NAMED_BEFORE.ending(tokens, index, _NAME_TOKENS) is not None:
        counted = _counted(tokens, index) and not _counted(tokens, index, ("people",)) and not _of_whom(tokens, index)
        return "doubt" if counted else "name"
    if NAMED_EITHER_WAY.ending(tokens, index, 2) is not None and _counted(tokens, index):
        return "doubt"
    if tokens[index - 1].text in _INTO_OR_MORNING and _in_place_of(tokens, index):
        return ""
    if NAMED_WEAKLY.ending(tokens, index, 2) is not None and not _counted(tokens, index):
        if text_at(tokens, index + 1) in _RANGES and _counted(tokens, index + 2):
            return ""
        shown = tokens[index - 1].fold in _SHOWN and not unit_after(tokens, index + 1)
        if shown and not _names_a_paper(tokens, index):
            return ""  # "hướng dẫn 120": so many people were shown
        return "doubt" if _in_bare_list(tokens, index) else "name"
    return ""


def _behind_no_name(tokens: Sequence[Token], index: int) -> bool:
    """Whether the word before the number names nothing there."""
    if any(lists.ending(tokens, index, _NAME_TOKENS) is not None for lists in (NO_NAMES, _NO_NAMES)):
        return True
    numbered = tokens[index - 2].kind == "number"
    if numbered and (
        tokens[index - 1].glued or (tokens[index - 1].fold in _SESSIONS and tokens[index - 2].text != "1")
    ):
        return True  # "3 buổi 62": the word is the unit of the number before it
    return _of_all_or_ours(tokens, index)


def _of_all_or_ours(tokens: Sequence[Token], index: int) -> bool:
    """ "cả quý 3 buổi", "phần của chi đoàn 80": so many in all of the quarter, and of our own."""
    if _WHOLE_PERIOD.ending(tokens, index, 2) is not None:
        return _counted(tokens, index, ("event", "attendance", "thing"))
    if OWN_PART.ending(tokens, index, _NAME_TOKENS) is None or tokens[index - 1].fold in _VILLAGES:
        return False
    return _counted(tokens, index) or text_at(tokens, index + 1) in _LIST_ENDS


def _in_place_of(tokens: Sequence[Token], index: int) -> bool:
    """ "từ 7 cây sang 9", "tu 7 sang 9": the 9 in the place of the 7, no date of a morning."""
    before = tokens[max(0, index - _OLD_FIGURE_REACH) : index - 1]
    return typed_with_marks(tokens, index - 1) or (
        any(token.fold in _FROM for token in before) and any(token.kind == "number" for token in before)
    )


def _names_a_paper(tokens: Sequence[Token], index: int) -> bool:
    return any(token.fold in _BEFORE_PAPERS for token in tokens[max(0, index - 4) : index - 1])


def _in_bare_list(tokens: Sequence[Token], index: int) -> bool:
    """ "học bác 2, học nq 1": a number at the end of its clause, beside a clause that ends in a bare number too."""
    if text_at(tokens, index + 1) not in _LIST_ENDS:
        return False
    line = index
    while line > 0 and tokens[line - 1].kind != "line" and index - line < _LIST_REACH:
        line -= 1
    end = index
    while end < len(tokens) and tokens[end].kind != "line" and end - index < _LIST_REACH:
        end += 1
    return any(
        at != index
        and tokens[at].kind == "number"
        and at > line
        and tokens[at - 1].kind == "word"
        and text_at(tokens, at + 1) in _LIST_ENDS
        and NAMED_WEAKLY.ending(tokens, at, 2) is None
        and NAMED_BEFORE.ending(tokens, at, _NAME_TOKENS) is None
        for at in range(line, end)
    )


def _stands_for_itself(tokens: Sequence[Token], index: int) -> bool:
    """ "thu 215 đơn vị" is no thứ, and "ấp Nam 150 cây" no year."""
    word, digits = tokens[index - 1].text, tokens[index].text
    if word in _WEEKDAY_OR_COLLECT:
        if index > 1 and tokens[index - 2].fold in _TIMES_OR_TERM and tokens[index - 3].kind != "number":
            return False  # "lan thu 12"
        return digits.lstrip("0") not in ("2", "3", "4", "5", "6", "7")
    of_a_village = index > 1 and tokens[index - 2].fold in _VILLAGES  # "thôn Nam 25"
    return word in _YEAR_OR_SOUTH and len(digits) < 4 and (_counted(tokens, index) or of_a_village)


def _of_whom(tokens: Sequence[Token], index: int) -> bool:
    """ "quý 1 chi đoàn em làm …": who did it, behind the name of a time or place."""
    unit = UNITS.at(tokens, index + 1)
    return unit is not None and unit[1] == BODY


def _counted_by_its_label(tokens: Sequence[Token], index: int) -> bool:
    """ "tin bài 15": things of two words or more, which no number names; "bài 15" alone is one of a row."""
    for first in range(max(0, index - _NAME_TOKENS), index - 1):
        unit = UNITS.at(tokens, first)
        if unit is not None and unit[0] == index and family_of(unit[1]) == "thing" and unit[1] != BODY:
            return True
    return False


def _counted(tokens: Sequence[Token], index: int, families: tuple[Family, ...] = ()) -> bool:
    unit = UNITS.at(tokens, index + 1) if index + 1 < len(tokens) else None
    if unit is None:
        scale = SCALES.at(tokens, index + 1) if index + 1 < len(tokens) and not families else None
        return scale is not None
    family = family_of(unit[1])
    return family in families if families else family != "other"


def _before_name(tokens: Sequence[Token], index: int) -> bool:
    if index + 1 >= len(tokens):
        return False
    found = NAMED_AFTER.at(tokens, index + 1)
    if found is None:
        return False
    fold = tokens[index + 1].fold
    if fold in ("g", "h"):
        return tokens[index + 1].glued
    if fold in _SLOGAN_WORDS:  # "5 có 2 lớp", "2 không": verbs name a slogan only when its noun follows directly
        return False
    return not (tokens[index].text.startswith("0") and fold in FIVE)


def _spelled_name(tokens: Sequence[Token], index: int, named: list[Naming]) -> None:
    """thứ hai · tháng ba · quý hai: the number word after a naming word; ba lực lượng: before one."""
    following = tokens[index + 1]
    if following.kind != "word":
        return
    token = tokens[index]
    if token.text in _NEWLY:  # "trồng mới một nghìn cây"; mỗi một names nothing either
        return
    if token.form.fold in _BEFORE_SPELLED:
        if token.form.fold in _BEFORE_ONE and following.form.fold not in _ONE:
            return
        if (token.form.fold in _OR_COUNTED or _of_a_span(tokens, index)) and unit_after(tokens, index + 2):
            return
        named[index + 1] = "name"


def _of_a_span(tokens: Sequence[Token], index: int) -> bool:
    """ "ba tháng ba buổi": a number stands before the word already."""
    before = tokens[index - 1] if index else None
    return before is not None and (before.kind == "number" or before.fold in _ONE_TO_TEN)


def _spoken(tokens: Sequence[Token], opened: int) -> bool:
    """ "Chị Hà bên xã bạn nhắn: …": what somebody else said."""
    if text_at(tokens, opened - 1) not in (":", ","):
        return False
    return any(token.fold in _SAYING for token in tokens[max(0, opened - 1 - _SPEECH_REACH) : opened - 1])


def _quoted(tokens: Sequence[Token], named: list[Naming]) -> None:
    """Numbers inside a short quotation belong to the name of a campaign."""
    opened: int | None = None
    for index, token in enumerate(tokens):
        if token.kind == "line":
            opened = None
        elif token.text == '"':
            if opened is not None and index - opened <= (
                _SPEECH_LONGEST if _spoken(tokens, opened) else _QUOTE_LONGEST
            ):
                _mark(named, opened, index + 1)
                opened = None
            else:
                opened = index
