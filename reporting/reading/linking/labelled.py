"""The words straight beside a number in; the indicators whose short name has them, and whether they are new, out."""

from collections.abc import Sequence

from reporting.numbers.quantity import Placed
from reporting.numbers.units import family_of
from reporting.reading.found.mentions import Labels
from reporting.text.lexicon import JOINING, in_plain_letters
from reporting.text.word_lists import written
from reporting.text.words import Token

_LABEL_LONGEST = 4
_CHOSEN_OF = 4  # the most that somebody chooses one of
_NEWLY, _TAKING_PART = written("numerals.newly"), in_plain_letters("reader.begins_taking_part")


def labelled_alike(labels: Labels, tokens: Sequence[Token], one: Placed, codes: tuple[str, ...]) -> tuple[str, ...]:
    """ "Đoàn viên: 19 đ/c": of many indicators those that have the words before the number in their short name.

    How many there are stands before how many are new: who says nothing more speaks of all.
    """
    meant = [code for code in codes if _has(labels, code, label_of(tokens, one))]
    if not 0 < len(meant) < len(codes):
        return codes
    likely = sorted(meant, key=lambda code: (not labels.catalogue[code].stands, len(labels.short_names[code])))
    return tuple(likely[:_CHOSEN_OF])


def labels_other(labels: Labels, tokens: Sequence[Token], one: Placed, asked: Sequence[str]) -> bool:
    """ "Đoàn viên: 19 đ/c" under a question about sessions: the label is of indicators that are not asked."""
    label = label_of(tokens, one)
    named = [code for code in labels.counted_in(one.quantity.unit) if _has(labels, code, label)]
    return bool(named) and not set(named) & set(asked)


def are_new(tokens: Sequence[Token], one: Placed) -> bool:
    """ "2 em mới": people who were admitted to something came to no session."""
    people = family_of(one.quantity.unit) == "people"
    return people and one.last < len(tokens) and tokens[one.last].text in _NEWLY


def admitted(tokens: Sequence[Token], one: Placed) -> bool:
    """ "4 đồng chí được kết nạp": straight behind them it says that they joined."""
    word = one.last < len(tokens) and tokens[one.last].kind == "word"
    return word and JOINING.anywhere(tokens, one.last, one.last + 2)


def attended(tokens: Sequence[Token], one: Placed) -> bool:
    """ "có 40 đoàn viên tham dự": they took part, and were admitted to nothing."""
    people = family_of(one.quantity.unit) == "people"
    return people and one.last < len(tokens) and tokens[one.last].fold in _TAKING_PART


def label_of(tokens: Sequence[Token], one: Placed) -> str:
    """The words straight before a number in plain letters between spaces; "" for less than two, or where more stand."""
    last = one.digits
    last -= last > 0 and tokens[last - 1].text == ":"
    first = last
    while first > 0 and last - first <= _LABEL_LONGEST and tokens[first - 1].kind == "word":
        first -= 1
    return f" {' '.join(token.fold for token in tokens[first:last])} " if 1 < last - first <= _LABEL_LONGEST else ""


def _has(labels: Labels, code: str, label: str) -> bool:
    return bool(label) and label in labels.short_names.get(code, "")
