"""Words that an office may teach as a name of an indicator in; why one may not be taught, or which were learned, out.

A name of its own would count whatever stands beside it. So none may hold a word that denies, plans, compares or loses
something, a number, a name of the catalogue, the name of a place, or nothing but plain words.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from reporting.figures.catalogue import Catalogue
from reporting.numbers.quantities import placed_quantities
from reporting.numbers.units import UNITS, family_of
from reporting.reading.found.mentions import labels_of
from reporting.reading.found.names import mentions_of
from reporting.text.lexicon import (
    ASKING_WORDS,
    BESIDE_BARE_NUMBERS,
    COMPARED_WITH,
    COMPARISON_WORDS,
    CORRECTION_WORDS,
    CUMULATIVE_WORDS,
    FROM_ABOVE,
    INDEFINITE,
    LOST_WORDS,
    NAMED_BEFORE,
    NO_NUMBER,
    NOBODY_REPORTS,
    NONE_AFTER_NAME,
    NONE_WORDS,
    NOT_THIS_BUT,
    OLDER_WORDS,
    OTHER_BODIES,
    PART_WORDS,
    PLAN_HEADINGS,
    PLAN_WORDS,
    RECEIVED,
    STOCK_WORDS,
    TARGET_WORDS,
    TOTAL_WORDS,
    UNDONE_WORDS,
    in_plain_letters,
)
from reporting.text.words import Token, tokens_of

Refusal = Literal["empty", "too_many", "short", "number", "turns", "named", "place", "plain"]

MOST_WORDS = 6
MOST_LETTERS = 40
LEAST_LETTERS = 3  # of a word that stands alone
PEOPLE_WHO_AGREE = 3

_TURNING = (
    NONE_WORDS, NONE_AFTER_NAME, NO_NUMBER, INDEFINITE, UNDONE_WORDS, RECEIVED, FROM_ABOVE, OTHER_BODIES, PLAN_WORDS,
    PLAN_HEADINGS, TARGET_WORDS, COMPARISON_WORDS, COMPARED_WITH, CUMULATIVE_WORDS, STOCK_WORDS, TOTAL_WORDS,
    PART_WORDS, OLDER_WORDS, ASKING_WORDS, CORRECTION_WORDS, NOT_THIS_BUT, NOBODY_REPORTS,
)  # fmt: skip


_LOST_IN_PLAIN = in_plain_letters("scopes.lost_words")


@dataclass(frozen=True, slots=True)
class Vote:
    """What one person has called an indicator."""

    phrase: str
    code: str
    person: int


def as_taught(phrase: str) -> str:
    """The phrase as it is kept: its words in small letters, single spaces between; no marks around them."""
    return " ".join(token.text for token in tokens_of(phrase) if token.kind in ("word", "number"))


def in_plain(phrase: str) -> str:
    """The same in plain letters: under this, what people write with and without marks is one phrase."""
    return " ".join(token.fold for token in tokens_of(phrase))


def refusal(phrase: str, catalogue: Catalogue) -> Refusal | None:
    """Why the phrase (as `as_taught` gives it) may not name an indicator, or None."""
    tokens = tokens_of(phrase)
    if not tokens or len(tokens) > MOST_WORDS or len(phrase) > MOST_LETTERS:
        return "too_many" if tokens else "empty"
    faults: dict[Refusal, bool] = {
        "number": any(token.kind != "word" for token in tokens) or bool(placed_quantities(phrase, tokens)),
        "turns": any(_turns(tokens, at) for at in range(len(tokens))),
        "named": bool(mentions_of(labels_of(catalogue), tokens))
        or any(_counted(tokens, n) for n in range(len(tokens))),
        "place": tokens[0].fold in catalogue.plain_words.places or NAMED_BEFORE.at(tokens, 0) is not None,
        "plain": not _says_something(tokens, catalogue),
        "short": len(phrase) < LEAST_LETTERS,
    }
    return next((why for why, holds in faults.items() if holds), None)


def _turns(tokens: Sequence[Token], place: int) -> bool:
    return _loses(tokens[place]) or any(words.at(tokens, place) is not None for words in _TURNING)


def _loses(token: Token) -> bool:
    """Whether the word says that something came to nothing; without marks also one that may be such a word."""
    return token.text in LOST_WORDS or (token.form.plain and token.fold in _LOST_IN_PLAIN)


def _counted(tokens: Sequence[Token], place: int) -> bool:
    """A thing that is counted: with a word that nobody knows beside it, it may as well be felled or given back."""
    unit = UNITS.at(tokens, place)
    return unit is not None and family_of(unit[1]) in ("thing", "event", "attendance", "money")


def _says_something(tokens: Sequence[Token], catalogue: Catalogue) -> bool:
    """One word that means nothing elsewhere, or several that together say more than what stands beside any number."""
    plain = catalogue.plain_words
    own = [token for token in tokens if UNITS.at((token,), 0) is None and token.fold not in BESIDE_BARE_NUMBERS]
    if any(not plain.explains(token.form) for token in own):
        return True
    return len(tokens) > 2 and sum(token.fold not in plain.between for token in own) > 1  # "thăm mẹ già neo đơn"


def learned(votes: Iterable[Vote]) -> tuple[str, str] | None:
    """The phrase and code of votes for one phrase, if enough people called it alike and nobody otherwise.

    Of its spellings the one with marks is learned; where people put different marks, none is.
    """
    given = list(votes)
    if len({vote.code for vote in given}) != 1 or len({vote.person for vote in given}) < PEOPLE_WHO_AGREE:
        return None
    spelt = sorted({vote.phrase for vote in given})
    marked = [phrase for phrase in spelt if phrase != in_plain(phrase)]
    if len(marked) > 1:
        return None
    return (marked or spelt)[0], given[0].code


def with_words(catalogue: Catalogue, words: Mapping[str, str]) -> Catalogue:
    """The catalogue with these names beside its own: phrase -> code. Codes it does not have are passed over."""
    if not words:
        return catalogue
    more: dict[str, list[str]] = {}
    for phrase, code in words.items():
        more.setdefault(code, []).append(phrase)
    indicators = {
        code: replace(one, synonyms=(*one.synonyms, *more[code])) if code in more else one
        for code, one in catalogue.indicators.items()
    }
    return replace(catalogue, indicators=indicators)


def indicator_named(words: str, catalogue: Catalogue) -> str | None:
    """The code of the indicator that the words are: its code, label or one of its names; None for none or several."""
    if words.strip() in catalogue:
        return words.strip()
    said = in_plain(words)
    called = [one.code for one in catalogue.indicators.values() if said in (in_plain(one.label), in_plain(one.short))]
    if len(called) == 1:
        return called[0]
    tokens = tokens_of(words)
    whole = [m.codes for m in mentions_of(labels_of(catalogue), tokens) if (m.first, m.last) == (0, len(tokens))]
    return whole[0][0] if len(whole) == 1 and len(whole[0]) == 1 else None
