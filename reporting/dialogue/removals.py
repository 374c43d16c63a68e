"""A text in; what it takes back out: items of the report ("bỏ cây xanh"), figures ("không phải 30 cây mà là 13").

Also what in it is no figure, as it only says why: "200 vì trùng 5 suất với xã".
"""

import re
from collections.abc import Mapping

from reporting.dialogue.small_talk import may_be_whose, without_reason
from reporting.figures.catalogue import Catalogue, Indicator, Level
from reporting.figures.values import SOURCE_LONGEST, Value
from reporting.numbers.quantities import quantities
from reporting.numbers.quantity import Quantity
from reporting.numbers.units import counts
from reporting.reading.found.measures import measured
from reporting.reading.found.mentions import labels_of
from reporting.reading.found.names import mentions_of
from reporting.reading.reader import read
from reporting.text.cleaning import cleaned
from reporting.text.lexicon import sense
from reporting.text.word_lists import one_of, written
from reporting.text.words import tokens_of

_TAKES_OUT = written("changes.takes_out")
_TAKES_OUT_AT_ALL = re.compile(one_of(_TAKES_OUT))
_CLAUSE = re.compile(r"[,;\n]")
_MOST_WORDS = 10
_DENIES = re.compile(rf"\b(?:{sense('replies.not_this_but')}|{sense('reader.wrong_behind')})\b")
_SENTENCE = re.compile(r"(?<=[.;!])\s+|\n")


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


def unexplained(text: str, catalogue: Catalogue) -> tuple[str, str]:
    """The text without a reason that has numbers, and that reason; ('…', '') where none has, or it may tell of figures.

    What stands behind the reason and names an item with its number stays: "200 vì gõ nhầm 2 số 0, hiến máu 9".
    """
    ahead, reason = without_reason(text)
    numbers = quantities(reason)
    if not numbers and all(token.kind != "number" for token in tokens_of(reason)):
        return text, ""
    if quantities(ahead) and may_be_whose(reason):  # "30 cây tại thôn 3, 20 cây tại thôn 5"
        units = _units(ahead, catalogue)
        if not units or any(number.unit is None or number.unit in units for number in numbers):
            return text, ""
    _, *clauses = _CLAUSE.split(reason)
    told = [clause.strip() for clause in clauses if _names_figure(clause, catalogue)]
    return ", ".join(filter(None, [ahead, *told])), reason


def _units(text: str, catalogue: Catalogue) -> set[str]:
    """What is counted in it, by its words or by the items it names."""
    named = {code for mention in mentions_of(labels_of(catalogue), tokens_of(text)) for code in mention.codes}
    counted = {number.unit for number in quantities(text) if number.unit is not None}
    return counted | {catalogue[code].unit for code in named}


def _names_figure(clause: str, catalogue: Catalogue) -> bool:
    tokens = tokens_of(clause)
    named = any(mention.first == 0 for mention in mentions_of(labels_of(catalogue), tokens))
    return named and any(token.kind == "number" for token in tokens)


def turned_round(
    text: str, known: Mapping[str, Value], catalogue: Catalogue, level: Level
) -> tuple[tuple[tuple[tuple[str, ...], Value], ...], str]:
    """(codes it may be of, new figure) of each sentence that says a known figure is another, and the other sentences.

    Its item is the one that has the old figure: "chứ không phải 30 cây mà là 13" is about the item with 30 trees.
    """
    if not known or _DENIES.search(" ".join(token.fold for token in tokens_of(text))) is None:  # nearly always
        return (), text
    found: list[tuple[tuple[str, ...], Value]] = []
    left: list[str] = []
    for sentence in _SENTENCE.split(text):
        new = _instead(sentence, known, catalogue, level)
        if new is None:
            left.append(sentence)
        else:
            found.append(new)
    return tuple(found), " ".join(left)


def _instead(
    text: str, known: Mapping[str, Value], catalogue: Catalogue, level: Level
) -> tuple[tuple[str, ...], Value] | None:
    reading = read(text, catalogue, level)
    old = [one for one in reading.decisions if one.rule == "old_figure"]
    numbers = quantities(text)
    denied = quantities(old[0].source) if len(old) == 1 else []
    if len(numbers) != 2 or len(denied) != 1 or len(reading.values) > 1:
        return None
    [was] = denied
    others = [number for number in numbers if number.source != was.source]
    if len(others) != 1 or others[0].problem:
        return None
    [now] = others
    named = old[0].codes or tuple(one.code for one in reading.values)
    fitting = [c for c in named or known if c in known and _amount(was, catalogue[c]) == known[c].amount]
    if not fitting:  # said once more
        fitting = [c for c in named if c in known and _amount(now, catalogue[c]) == known[c].amount]
    values = [measured(now, catalogue[c]).value for c in fitting if counts(now.unit, catalogue[c].unit)]
    if not values or len(values) < len(fitting) or len({value and value.amount for value in values}) != 1:
        return None
    value = values[0]
    return None if value is None else (tuple(fitting), Value(value.amount, value.approx, text.strip()[:SOURCE_LONGEST]))


def _amount(number: Quantity, indicator: Indicator) -> int | None:
    return measured(number, indicator).value_amount if counts(number.unit, indicator.unit) else None
