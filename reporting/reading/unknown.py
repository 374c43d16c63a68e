"""A message in; the words that nothing here knows, each with the number beside it, out: what may be taught as names."""

from collections.abc import Sequence
from dataclasses import dataclass

from reporting.figures.catalogue import Catalogue, Level
from reporting.numbers.quantities import quantities
from reporting.reading.reader import read
from reporting.reading.taught import as_taught, in_plain, refusal
from reporting.text.lexicon import AROUND_A_NAME
from reporting.text.words import Token, tokens_of

_DIVIDING = frozenset({",", ";", ".", "•", "+", "*", "(", ")", ":", "/", "=", "?", "!"})
_MOST_LOOKED_AT = 12  # words of a clause beside its number


@dataclass(frozen=True, slots=True)
class UnknownWords:
    """Words beside a number that nothing names. number: as a plain decimal, so that it is found again in an answer."""

    phrase: str
    number: str


def unknown_words(text: str, catalogue: Catalogue, level: Level) -> tuple[UnknownWords, ...]:
    """The unknown words of the message; none where a number stands twice, for then nobody could say which was meant."""
    tokens = tokens_of(text)
    decisions = read(text, catalogue, level).decisions
    numbers = [number_in(decision.source) for decision in decisions]
    found: dict[str, UnknownWords] = {}
    for decision, number in zip(decisions, numbers, strict=True):
        if decision.fate == "stored" or decision.rule not in ("unnamed", "unit") or not number:
            continue
        phrase = next((one for one in _beside(tokens, decision.start) if refusal(one, catalogue) is None), "")
        if phrase and numbers.count(number) == 1:
            found.setdefault(in_plain(phrase), UnknownWords(phrase, number))
    return tuple(found.values())


def number_in(source: str) -> str:
    """The one number of these words as a plain decimal; "" where there are none or several."""
    found = quantities(source)
    return f"{found[0].number.normalize():f}" if len(found) == 1 and found[0].problem is None else ""


def _beside(tokens: Sequence[Token], place: int) -> list[str]:
    """What the clause says before its number, and what behind it; plain words at the edges are no part of it."""
    first = place
    colon = False
    while (
        first > 0
        and place - first < _MOST_LOOKED_AT
        and (tokens[first - 1].kind == "word" or _passed(tokens[first - 1], colon))
    ):
        colon = colon or tokens[first - 1].text == ":"
        first -= 1
    last = place
    while last < len(tokens) and tokens[last].kind == "number":
        last += 1
    end = last
    while end < len(tokens) and end - last < _MOST_LOOKED_AT and tokens[end].kind == "word":
        end += 1
    return [_phrase(tokens[first:place]), _phrase(tokens[last:end])]


def _passed(token: Token, colon: bool) -> bool:
    return token.text == ":" and not colon


def _phrase(tokens: Sequence[Token]) -> str:
    words = [token for token in tokens if token.kind == "word"]
    while words and AROUND_A_NAME.has(words[0].form):
        words = words[1:]
    while words and AROUND_A_NAME.has(words[-1].form):
        words = words[:-1]
    return as_taught(" ".join(token.text for token in words))
