"""The words numbers are made of: một, mươi, rưỡi, and the scales nghìn, triệu, tỷ."""

from collections.abc import Iterable, Sequence

from reporting.numbers.units import UNITS
from reporting.text.lexicon import in_plain_letters
from reporting.text.word_lists import listed, table, written
from reporting.text.words import Lexicon, Token, agrees, form_of

SCALES: Lexicon[tuple[str, int]] = Lexicon(
    (word, (words[0], int(factor))) for factor, words in table("numerals.scales").items() for word in words
)
# What each scale is called in a reading: 1000 is nghìn, however it was written.
SCALE_NAMES = {int(factor): words[0] for factor, words in table("numerals.scales").items()}
_RISKY_SCALES = written("numerals.risky_scales")
_NO_SCALES_BEFORE_WORDS = written("numerals.no_scales_before_words")

ONES = {word: int(number) for number, words in table("numerals.ones").items() for word in words}
TENS = listed("numerals.tens")
BIG = {word: int(factor) for factor, words in table("numerals.spelled_scales").items() for word in words}
HALF = listed("numerals.half_more")
ONLY_AFTER = listed("numerals.only_after_tens")
RISKY_ONES = written("numerals.risky_ones")
FIVE = in_plain_letters("numerals.five")


def scale_at(tokens: Sequence[Token], index: int) -> tuple[int, str, int] | None:
    """The scale word at `index`: the index after it, its name, how many it stands for."""
    found = SCALES.at(tokens, index)
    if found is None:
        return None
    end, (name, factor) = found
    token = tokens[index]
    if token.fold in _RISKY_SCALES and token.form.plain and not token.glued:
        follows = UNITS.at(tokens, end) if end < len(tokens) else None
        if token.fold == "k" and end < len(tokens) and tokens[end].kind == "word" and follows is None:
            return None  # "3 k có": k is không
        if token.fold in _NO_SCALES_BEFORE_WORDS and (end < len(tokens) and tokens[end].kind == "word"):
            return None
    return end, name, factor


def word_in(token: Token, choices: Iterable[str]) -> str | None:
    """The word of the choices that the token may stand for."""
    for word in choices:
        form = form_of(word)
        if token.form.fold == form.fold and agrees(token.form, form):
            return word
    return None
