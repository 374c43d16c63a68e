"""A text in; the items it asks to take out of the report ("bỏ cây xanh") and the rest of the text out."""

import re

from reporting.figures.catalogue import Catalogue
from reporting.reading.found.mentions import labels_of
from reporting.reading.found.names import mentions_of
from reporting.text.cleaning import cleaned
from reporting.text.word_lists import one_of, written
from reporting.text.words import tokens_of

_TAKES_OUT = written("changes.takes_out")
_TAKES_OUT_AT_ALL = re.compile(one_of(_TAKES_OUT))
_CLAUSE = re.compile(r"[,;\n]")
_MOST_WORDS = 10


def taken_out(text: str, catalogue: Catalogue) -> tuple[tuple[tuple[str, tuple[str, ...]], ...], str]:
    """(words, codes they may mean) of each clause that takes an item out, and the text without those clauses.

    A clause with a number takes nothing out: what is to become of that number is not known.
    """
    if _TAKES_OUT_AT_ALL.search(cleaned(text)[0]) is None:  # nearly always
        return (), text
    found: list[tuple[str, tuple[str, ...]]] = []
    left: list[str] = []
    for clause in _CLAUSE.split(text):
        tokens = tokens_of(clause)
        said = [token.text.casefold() for token in tokens if token.kind == "word"]
        short = len(said) <= _MOST_WORDS and all(token.kind != "number" for token in tokens)
        codes = tuple(code for mention in mentions_of(labels_of(catalogue), tokens) for code in mention.codes)
        if short and codes and not _TAKES_OUT.isdisjoint(said) and "?" not in clause:
            found.append((" ".join(clause.split()), tuple(dict.fromkeys(codes))))
        else:
            left.append(clause)
    return tuple(found), ", ".join(clause.strip() for clause in left if clause.strip())
