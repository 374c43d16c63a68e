"""Words of a text in, its numbers with their units out, as secretaries write them: 1k5, 2 cây số rưỡi, 118/120."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Literal

from reporting.numbers.dates import UNTIL
from reporting.numbers.label_runs import without_next_labels
from reporting.numbers.lengths import dimension
from reporting.numbers.list_marks import Naming
from reporting.numbers.number_words import FIVE, HALF, SCALE_NAMES
from reporting.numbers.numerals import numeral_at
from reporting.numbers.quantity import Placed, Quantity, place_of
from reporting.numbers.rates import is_rate, one_session_behind
from reporting.numbers.references import naming_numbers
from reporting.numbers.spelled import SPELLED_FOLDS, Numeral
from reporting.numbers.sums import joined_numbers
from reporting.numbers.units import ACTIVITY, CHILD, DONG, DOSSIER, GIFT, MILLIONS, PERSON, TIMES, UNITS, family_of
from reporting.text.lexicon import APPROX_AFTER, APPROX_BEFORE, BOUND_BEFORE, INDEFINITE, POLITE, in_plain_letters
from reporting.text.word_lists import written
from reporting.text.words import Token, form_of, tokens_of, typed_with_marks

_BRACKET_REACH = 7  # tokens in which the bracket behind a number closes
_LEAST_MONEY = 1000  # đồng: the smallest sum anybody names in full
_MONEY_SCALES = (SCALE_NAMES[10**6], SCALE_NAMES[10**9])
_MILLION = Decimal(10**6)
_LETTER_UNITS = written("units.letters")
_LETTERS_BEFORE_WORDS = written("units.letters_before_words")
_CLASSIFIER = written("units.classifier")
_SETS, _PAPERS = written("units.sets"), in_plain_letters("units.papers")
_FRIENDS_OR_BUSY, _WE_OR_FOUR = written("units.friends_or_busy"), written("units.we_or_four")
_SPEAKING = written("units.speaking_of_oneself")
_OTHER_WORDS = written("units.other_words")
_COUNTED_PEOPLE = written("units.called_we")
_HALF_MORE = frozenset(form_of(word).fold for word in HALF)
_ONLY_WITH_MARKS = written("numerals.only_with_marks")
_SOME_MORE = in_plain_letters("numerals.some_more")
_AND_MORE = written("numerals.and_more")
_APPROX_OR_ELSE = written("numerals.approx_or_else")
_APPROX_BEFORE_DIGITS = written("numerals.approx_before_digits")
_KIN = in_plain_letters("numerals.kin")
_ONE_TO_TEN = in_plain_letters("numerals.one_to_ten")
_NO_NUMBER_BEHIND = in_plain_letters("numerals.no_number_behind")
_NEWLY = written("numerals.newly")
_YEAR_BEHIND = in_plain_letters("numerals.year_behind")
_FIVE_OF = in_plain_letters("numerals.five_of")
_PERHAPS = ""  # a unit that is perhaps a polite word
_POLITE_BEHIND = in_plain_letters("numerals.polite_behind")
_NEVER_ALONE = in_plain_letters("numerals.never_alone")
_ALONE_AT_ENDS = written("numerals.alone_at_ends")
# A dash glued behind one of these divides, as behind a word.
_ENDS_OF_WORDS = frozenset({")", '"', "%", "/"})


def quantities(text: str) -> list[Quantity]:
    """The quantities of a text in order; dates, phones and other naming numbers are left out. Never fails."""
    return [placed.quantity for placed in placed_quantities(text, tokens_of(text))]


def placed_quantities(text: str, tokens: Sequence[Token]) -> list[Placed]:
    """The same with the tokens they cover."""
    named = naming_numbers(tokens)
    for index in range(2, len(tokens)):  # "thôn 2 - 3 buổi": a name or the start of a range
        numbers = tokens[index - 2].kind == "number" == tokens[index].kind
        if numbers and named[index] == "name" and tokens[index - 1].text in UNTIL:
            named[index - 2] = "name"  # "từ 16 đến 30 tuổi"
        if numbers and named[index - 2] and not named[index] and tokens[index - 1].text in UNTIL:
            counted = index + 1 < len(tokens) and UNITS.at(tokens, index + 1) is not None
            named[index] = "doubt" if counted else "name"
    found: list[Placed] = []
    index = 0
    while index < len(tokens):
        after = found[-1].last if found else -1
        if named[index] == "name" or not _may_begin(tokens[index]):
            index += 1
            continue
        read = _quantity_at(text, tokens, index, named, after)
        if read is None:
            index += 1
            continue
        found.append(read)
        index = read.last
    return joined_numbers(text, tokens, without_next_labels(text, tokens, found))


def _may_begin(token: Token) -> bool:
    """Whether a number can start with this token: most words cannot, and need no closer look."""
    return token.kind == "number" or (
        token.kind == "word" and (token.form.fold in SPELLED_FOLDS or INDEFINITE.begins(token.form.fold))
    )


def _quantity_at(text: str, tokens: Sequence[Token], index: int, named: Sequence[Naming], after: int) -> Placed | None:
    """The quantity whose number stands at `index`; the one before it ends at `after`."""
    vague = INDEFINITE.at(tokens, index) if tokens[index].kind == "word" else None
    numeral = None
    if vague is not None:
        unit = UNITS.at(tokens, vague[0]) if vague[0] < len(tokens) else None
        numeral = numeral_at(tokens, index)
        if numeral is None:
            if unit is None or not _vague_enough(tokens, index):
                return None
            name = _canonical(unit[1])
            quantity = Quantity(Decimal(0), name, True, 0, 0, "", "indefinite")
            return place_of(text, tokens, quantity, index, index, vague[0], unit[0])
    numeral = numeral or numeral_at(tokens, index)
    if numeral is None or _inside_a_name(tokens, index):
        return None
    code = _glued_code(tokens, numeral)
    if code is not None:
        return place_of(text, tokens, _REFUSED, index, index, code, code)
    tail, last, unit_word = _unit(tokens, numeral)
    perhaps, unit_word = unit_word == _PERHAPS, unit_word or None
    if numeral.spelled and not _spelled_is_meant(tokens, numeral, unit_word):
        return None
    quantity = _measured(numeral, unit_word)
    if numeral.end < tail and tokens[numeral.end].text == "+":
        quantity = replace(quantity, approx=True)
    if (named[index] == "doubt" or perhaps) and quantity.problem is None:
        quantity = replace(quantity, problem="ambiguous", proposed=quantity.number)
    quantity, last = dimension(tokens, quantity, unit_word, last)
    quantity, last = _qualified(tokens, quantity, last)
    first, approx, bound = _before(tokens, index)
    if index and tokens[index - 1].text == "-" and index - 1 != after and _negative(tokens, index):
        quantity = replace(quantity, problem="negative")
        first = index - 1
    if bound and quantity.problem is None:
        quantity = replace(quantity, problem="indefinite", proposed=quantity.number)
    if approx and not quantity.approx:
        quantity = replace(quantity, approx=True)
    each = one_session_behind(tokens, last, quantity) if quantity.unit is not None else None
    if quantity.problem is None and (each is not None or is_rate(tokens, first, last, quantity)):
        quantity = replace(quantity, problem="unit_rate")
        last = each or last
    return place_of(text, tokens, quantity, first, index, tail, last)


_REFUSED = Quantity(Decimal(0), None, False, 0, 0, "", "not_a_number")


def _inside_a_name(tokens: Sequence[Token], index: int) -> bool:
    """The 1 of "12a1": digits glued to letters before them, unless those letters are a times sign."""
    token = tokens[index]
    return token.kind == "number" and token.glued and tokens[index - 1].kind == "word" and tokens[index - 1].text != "x"


def _glued_code(tokens: Sequence[Token], numeral: Numeral) -> int | None:
    """ "1e999", "12a1": the end of a number that letters of no known meaning are glued to."""
    index = numeral.end
    if numeral.spelled or index >= len(tokens) or not tokens[index].glued or tokens[index].kind != "word":
        return None
    if tokens[index].fold in ("x", "h", "g") or UNITS.at(tokens, index) is not None:
        return None
    while index < len(tokens) and tokens[index].glued and tokens[index].kind in ("word", "number"):
        index += 1
    return index


def _vague_enough(tokens: Sequence[Token], index: int) -> bool:
    """ "mấy buổi?" asks and "trăm năm" is a word: only a vague word of its own counts."""
    return not (tokens[index].form.plain and tokens[index].fold in _ONLY_WITH_MARKS)


def _polite_end(tokens: Sequence[Token], index: int, end: int) -> Literal["", "perhaps", "polite"]:
    """ "cây xanh 160 nha": among words with marks these are no houses; without marks they hardly are where the clause
    ends. "2 chi hội" is more than a polite word."""
    polite = POLITE.at(tokens, index) if tokens[index].form.plain else None
    if polite is None or polite[0] < end:
        return ""
    if typed_with_marks(tokens, index):
        return "polite"
    behind = index
    while behind < len(tokens) and (polite := POLITE.at(tokens, behind)) is not None:
        behind = polite[0]
    return "perhaps" if behind >= len(tokens) or tokens[behind].kind != "word" else ""


def _canonical(unit: str) -> str:
    return {DONG: MILLIONS, "m": "km"}.get(unit, unit)


def _unit(tokens: Sequence[Token], numeral: Numeral) -> tuple[int, int, str | None]:
    """Where the unit begins and ends after the number, and its canonical name before conversion."""
    index = numeral.end
    if index + 1 < len(tokens) and tokens[index].text == "+" and tokens[index].glued:  # "50+ lượt"
        index += tokens[index + 1].kind == "word"
    if index < len(tokens) and tokens[index].text == "(":  # "03 (ba) buổi", "3 (buổi)"
        closing = next(
            (p for p in range(index, min(index + _BRACKET_REACH, len(tokens))) if tokens[p].text == ")"), None
        )
        if closing is not None:
            inside = UNITS.at(tokens, index + 1)
            if inside is not None and inside[0] == closing:
                return index + 1, closing + 1, inside[1]
            spelled = numeral_at(tokens, index + 1)
            if spelled is not None and spelled.end == closing and spelled.number == numeral.number:
                index = closing + 1
    if index >= len(tokens):
        return numeral.end, numeral.end, None
    found = UNITS.at(tokens, index)
    if found is None or _is_other_word(tokens, index, found[0]):
        return numeral.end, numeral.end, None
    end, unit = found
    token = tokens[index]
    if family_of(unit) == "other" and (polite := _polite_end(tokens, index, end)):
        return numeral.end, numeral.end, _PERHAPS if polite == "perhaps" else None
    if token.text in _SETS and any(t.fold in _PAPERS for t in tokens[max(0, numeral.start - 6) : numeral.start]):
        return index, index + 1, DOSSIER  # "nộp hồ sơ 128 bộ"
    if unit == CHILD and end == index + 1 and end < len(tokens) and tokens[end].text in _SPEAKING:
        return numeral.end, numeral.end, None  # "SHCĐ: 2 Em cảm ơn anh chị ạ"
    if unit == TIMES and token.text in _FRIENDS_OR_BUSY:  # bạn or bận: friends are counted far more often
        unit = PERSON
    if end == index + 1 and token.text in _CLASSIFIER and (classified := _classified(tokens, end)) is not None:
        return classified
    if end == index + 1 and token.text in _LETTER_UNITS and not token.glued:
        follows = tokens[end] if end < len(tokens) else None
        if follows is not None and follows.kind == "word" and token.text not in _LETTERS_BEFORE_WORDS:
            return numeral.end, numeral.end, None
    return index, end, unit


def _is_other_word(tokens: Sequence[Token], index: int, end: int) -> bool:
    """ "bão số 3 qua": among words with marks no unit of which they were left out."""
    return end == index + 1 and tokens[index].text in _OTHER_WORDS and typed_with_marks(tokens, index)


def _classified(tokens: Sequence[Token], end: int) -> tuple[int, int, str | None] | None:
    """The unit behind a word that only classifies: "2 cái sân chơi"; none where nothing follows: "sáng kiến 2 cái"."""
    counted = UNITS.at(tokens, end)
    if counted is not None and family_of(counted[1]) not in ("other", "people"):
        return end, counted[0], counted[1]
    return (end, end, None) if end >= len(tokens) or tokens[end].kind != "word" else None


def _measured(numeral: Numeral, unit: str | None) -> Quantity:
    """Money to triệu đồng, metres to km; "2 triệu lượt" stays a count."""
    number, proposed, problem, name = numeral.number, numeral.proposed, numeral.problem, unit
    factor = Decimal(1)
    family = family_of(unit)
    if family == "money" or (numeral.scale in _MONEY_SCALES and family in (None, "share")):
        factor, name = 1 / _MILLION, MILLIONS
        if (
            family == "money"
            and numeral.scale is None
            and number is not None
            and number < _LEAST_MONEY
            and not numeral.grouped
        ):
            problem = problem or "ambiguous"  # "5 đồng" is nobody's total
    elif numeral.scale in _MONEY_SCALES and unit in (GIFT, "other", PERSON, CHILD):
        # "20 triệu quà" is money; two million gifts are not given by a commune.
        factor, name = 1 / _MILLION, MILLIONS
    elif unit == "m":
        factor, name = Decimal("0.001"), "km"
    elif unit == "km" and numeral.grouped and number is not None:
        problem, proposed, number = "separator", number / 1000, None
    elif unit == "km" and problem == "separator" and proposed is not None:
        proposed = proposed / 1000
    if problem is None and numeral.grouped and unit == "%" and number is not None:
        problem, proposed, number = "separator", number / 1000, None
    if number is not None:
        number = (number * factor).normalize() + Decimal(0)
    if proposed is not None and name == MILLIONS and factor != 1:
        proposed = (proposed * factor).normalize() + Decimal(0)
    return Quantity(
        number if number is not None else Decimal(0), name, False, 0, 0, "", problem, proposed, numeral.scale
    )


def _qualified(tokens: Sequence[Token], quantity: Quantity, last: int) -> tuple[Quantity, int]:
    """What follows the unit: rưỡi, "50+", "20 mấy"; and the second half of 118/120."""
    if last >= len(tokens):
        return quantity, last
    token = tokens[last]
    if token.kind == "word" and token.fold in _HALF_MORE and quantity.problem is None:
        return replace(quantity, number=quantity.number + Decimal("0.5")), last + 1
    if token.text == "/" and last + 1 < len(tokens) and tokens[last + 1].kind == "number":
        second = numeral_at(tokens, last + 1)
        if second is not None and second.number is not None and second.scale is None and second.problem is None:
            _tail, end, unit = _unit(tokens, second)
            two_things = unit is not None and quantity.unit not in (None, _canonical(unit))
            if not two_things and not (second.number == 1 and unit is not None and quantity.unit is not None):
                problem = quantity.problem or ("ambiguous" if second.number < quantity.number else None)
                if (quantity.unit or _canonical(unit or "")) in ("km", MILLIONS):
                    problem = problem or "indefinite"  # half a kilometre, two thirds of a million
                return (
                    replace(
                        quantity,
                        of=second.number,
                        unit=quantity.unit or (_canonical(unit) if unit else None),
                        problem=problem,
                        proposed=quantity.number if problem == "ambiguous" else quantity.proposed,
                    ),
                    end,
                )
    found = APPROX_AFTER.at(tokens, last) if token.text != "+" or token.glued else None
    if found is not None and not (found[0] < len(tokens) and tokens[found[0]].kind == "number"):
        return replace(quantity, approx=True), found[0]
    if quantity.problem is None and token.fold in _SOME_MORE and last + 1 < len(tokens):
        unit_after = UNITS.at(tokens, last + 1)
        if unit_after is not None:
            return replace(quantity, problem="indefinite", unit=_canonical(unit_after[1])), unit_after[0]
    ends = last + 1 >= len(tokens) or tokens[last + 1].kind != "word"
    if quantity.problem is None and ends and token.text in _AND_MORE:
        return replace(quantity, approx=True), last + 1
    return quantity, last


def _before(tokens: Sequence[Token], index: int) -> tuple[int, bool, bool]:
    """Where the approximation word before the number starts; whether there is one; whether it only bounds."""
    if index and tokens[index - 1].kind in ("word", "mark"):
        found = APPROX_BEFORE.ending(tokens, index, 3)
        if found is not None and _about(tokens, found[0], index):
            return found[0], True, False
        bound = BOUND_BEFORE.ending(tokens, index, 2)
        if bound is not None:
            return bound[0], False, True
    return index, False, False


def _about(tokens: Sequence[Token], first: int, index: int) -> bool:
    word = tokens[first]
    if word.text == "+":  # "+ 3 buổi" is a list mark
        return False
    if word.form.plain and word.fold in _APPROX_OR_ELSE:
        return word.fold in _APPROX_BEFORE_DIGITS and index - first >= 1 and tokens[index].kind == "number"
    return True


def _negative(tokens: Sequence[Token], index: int) -> bool:
    """A minus sign is glued to its number and to no word before it; "xanh - 5" divides, "40 -50" is a range.

    At the start of a line it is a bullet, except at the very start of the text.
    """
    if not tokens[index].glued:
        return False
    sign = index - 1
    while sign and tokens[sign].glued and tokens[sign - 1].text == "-":
        sign -= 1
    if not sign:
        return True
    before = tokens[sign - 1]
    if before.kind in ("line", "number"):
        return False
    return not tokens[sign].glued or (before.kind in ("mark", "cell") and before.text not in _ENDS_OF_WORDS)


def _spelled_is_meant(tokens: Sequence[Token], numeral: Numeral, unit: str | None) -> bool:
    """One number word alone is a number only before a unit or at the end of a phrase: "ba buổi", not "ba mẹ"."""
    if numeral.end - numeral.start > 1:
        return numeral.problem is None or unit is not None
    token = tokens[numeral.start]
    previous = tokens[numeral.start - 1] if numeral.start else None
    if previous is not None and previous.kind == "number" and token.fold in FIVE:
        return False
    if previous is not None and previous.kind == "word":
        if unit is None and previous.fold in _KIN:  # "anh Bảy"
            return False
        span = unit is not None and numeral.start > 1 and tokens[numeral.start - 2].fold in _ONE_TO_TEN
        if previous.fold in _NO_NUMBER_BEHIND and previous.text not in _NEWLY and not span:
            return False  # not "ba tháng ba buổi"
        if token.fold in FIVE and previous.fold in _YEAR_BEHIND:
            return False
    if unit is not None:
        if token.text in _WE_OR_FOUR and unit in _COUNTED_PEOPLE:  # bọn em or bốn em
            return False
        if token.fold in FIVE and unit == PERSON:  # "năm bạn", but "năm thanh niên tình nguyện"
            return tokens[numeral.end].fold in _FIVE_OF and not token.form.plain
        return family_of(unit) != "other" and not (token.fold in FIVE and unit == ACTIVITY)
    following = tokens[numeral.end] if numeral.end < len(tokens) else None
    ends = following is None or following.kind in ("line", "cell") or following.text in (",", ".", ";", ")", "•")
    polite = following is not None and following.fold in _POLITE_BEHIND
    if not (ends or polite) or token.fold in _NEVER_ALONE:
        return False
    return not (token.form.plain and token.fold in _ALONE_AT_ENDS and previous is None and not ends)
