"""Words in; out, whether a mark ends the sentence, and whether "tang" in it means growing and not giving."""

from collections.abc import Sequence

from reporting.text.lexicon import phrases
from reporting.text.words import Token

_COMPARED = phrases("reader.earlier_times")
_GROWN_REACH = 9


def is_break(token: Token) -> bool:
    """A mark that ends a sentence: nothing named before it names a number behind it."""
    return token.kind == "line" or token.text in (".", ";", "•", "!", "?")


def grew(tokens: Sequence[Token], place: int) -> bool:
    """Whether "tang" there is tăng and not tặng, because a comparison follows: "tang 4 suat so voi cung ky"."""
    for at in range(place + 1, min(place + _GROWN_REACH, len(tokens))):
        if is_break(tokens[at]) or tokens[at].text == ",":
            return False
        if _COMPARED.at(tokens, at) is not None:
            return True
    return False
