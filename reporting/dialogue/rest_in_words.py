"""A text in; whether it says the rest of what was asked is nothing ("còn lại không"), and the text without it, out."""

from collections.abc import Collection, Mapping, Sequence

from reporting.dialogue.doubts import happened
from reporting.figures.catalogue import Catalogue, Indicator
from reporting.figures.forms import Form
from reporting.figures.values import SOURCE_LONGEST, Value
from reporting.numbers.number_words import ONES
from reporting.text.lexicon import NO_NUMBER, POLITE, phrases
from reporting.text.words import Token, source_of, tokens_of

_REST = phrases("no_more.rest")
_OF_ALL = phrases("no_more.of_all")
_NOTHING_ELSE = phrases("no_more.nothing_else")
_NO_MORE = phrases("no_more.whole_message")
_NO_MORE_LONGEST = 60  # characters
_BETWEEN = phrases("no_more.between")
_NONE = phrases("no_more.none")
_BEHIND = phrases("no_more.behind")
_BESIDE = phrases("no_more.beside")
_ENDS = (".", ";", "!")


def without_rest(text: str) -> tuple[str, str]:
    """The message without the words that the rest is nothing, and those words ("" where it says no such thing).

    They have to be a statement of their own: "còn lại không tham gia" and "còn lại 5 cây" say something else.
    """
    tokens = tokens_of(text)
    for index, token in enumerate(tokens):
        if not (_REST.begins(token.form.fold) or _NOTHING_ELSE.begins(token.form.fold)):
            continue
        if index and (tokens[index - 1].kind == "number" or tokens[index - 1].text.casefold() in ONES):
            continue  # "5 hoạt động khác không …", "một hoạt động còn lại không có": a count of something
        end = _statement(tokens, index)
        if end is not None:
            source = source_of(text, tokens, index, end - 1)
            return text[: tokens[index].start].rstrip(" ,;-–\t") + text[tokens[end - 1].end :], source
    return text, ""


def without_end(text: str) -> tuple[str, str]:
    """The same where the last line of several only says that there is nothing more: "hết ạ"."""
    before, _, last = text.rstrip().rpartition("\n")
    return (before, last.strip()) if before.strip() and says_no_more(last) else (text, "")


def says_no_more(text: str) -> bool:
    """Whether the message only says that there is nothing more: "hết rồi ạ", "còn lại không", "chỉ vậy thôi"."""
    if len(text) > _NO_MORE_LONGEST:
        return False
    left, rest = without_rest(text)
    if rest and _over(tokens_of(left), 0):
        return True
    tokens = [token for token in tokens_of(text) if token.kind in ("word", "number")]
    index, said = 0, False
    while index < len(tokens):
        more = _NO_MORE.at(tokens, index)
        beside = POLITE.at(tokens, index), _BESIDE.at(tokens, index)
        if more is None and not any(beside):
            return False
        index = max(found[0] for found in (more, *beside) if found is not None)
        said = said or more is not None
    return said and "?" not in text


def speaks_of_all(text: str) -> bool:
    """Whether what is said to be nothing are the other items, not only the rest of a question: "các mục khác không"."""
    return any(_OF_ALL.at(tokens_of(without_rest(text)[1]), 0) or ())


def none_of(asked: Sequence[Indicator], before: Mapping[str, Value], source: str) -> tuple[tuple[str, Value], ...]:
    """What follows from "không phát sinh": no happenings; of stocks only that what was none last period is still none.

    Where only stocks are asked they are said to be none, which is doubted before it is stored.
    """
    none = [i.code for i in asked if not i.stands or (i.code in before and not before[i.code].amount)]
    return tuple((code, Value(0, source=source)) for code in none or [i.code for i in asked])


def rest_of(
    form: Form, known: Collection[str], rest: str, values: Mapping[str, Value], catalogue: Catalogue
) -> dict[str, Value]:
    """Zero for all happenings of the form that are not known, where a report says so in the words `rest`.

    values: what the unit has given so far; what cannot be zero beside it stays open.
    """
    asked = [i for q in form.questions for i in q.indicators if rest and not i.stands and i.code not in known]
    return {
        i.code: Value(0, source=rest[:SOURCE_LONGEST])
        for i in asked
        if not (happened(i, values, catalogue) or _paid_for(i, values, catalogue))
    }


def _paid_for(indicator: Indicator, values: Mapping[str, Value], catalogue: Catalogue) -> bool:
    """Whether it is the money of what was given: gifts were worth something, however much."""
    given = [i.code for i in catalogue.indicators.values() if i.pair == indicator.code and indicator.kind == "money"]
    return any(code in values and values[code].amount for code in given)


def _statement(tokens: Sequence[Token], index: int) -> int | None:
    whole = _NOTHING_ELSE.at(tokens, index)
    if whole is not None and _over(tokens, whole[0]):
        return whole[0]
    rest = _REST.at(tokens, index)
    if rest is None:
        return None
    at = rest[0]
    while at < len(tokens):
        between = _BETWEEN.at(tokens, at)
        if between is not None:
            at = between[0]
        elif tokens[at].text in (":", "-", "=", ","):
            at += 1
        else:
            break
    found = [none[0] for none in (NO_NUMBER.at(tokens, at), _NONE.at(tokens, at)) if none is not None]
    if not found:
        return None
    behind = _BEHIND.at(tokens, max(found))
    end = behind[0] if behind is not None else max(found)
    return end if _over(tokens, end) else None


def _over(tokens: Sequence[Token], index: int) -> bool:
    """Whether the statement ends here, courtesies apart."""
    while index < len(tokens):
        if tokens[index].kind == "line" or tokens[index].text in _ENDS:
            return True
        polite = POLITE.at(tokens, index)
        if polite is not None:
            index = polite[0]
        elif tokens[index].kind in ("mark", "cell") and tokens[index].text != "?":
            index += 1
        else:
            return False
    return True
