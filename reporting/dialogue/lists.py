"""A bare list of numbers in, values of a question's items in its order out, to be confirmed before they count."""

import re
from collections.abc import Sequence
from dataclasses import replace

from reporting.dialogue.reply import LINE_CHARS, read_reply
from reporting.figures.catalogue import Catalogue, Indicator
from reporting.figures.forms import Form, Question
from reporting.figures.values import Value

# "3, 62, 1", "3 62 1 15", a number a line: never "3,62", which is one number.
_LIST_MARK = r"(?:\s*[;\n]\s*|,\s+|\s+-\s+|\s+)"
_BARE_LIST = re.compile(rf"\s*\d[\d.]*(?:,\d+)?(?:{_LIST_MARK}\d[\d.]*(?:,\d+)?)+[.\s]*")


def bare_list(text: str) -> tuple[str, ...]:
    """The numbers of a message that is nothing but a list of them; () for any other."""
    if _BARE_LIST.fullmatch(text) is None:
        return ()
    return tuple(number for number in re.split(_LIST_MARK, text.strip(" .\n")) if number)


def listed_otherwise(
    text: str, asked: Sequence[Indicator], question: Question, form: Form, catalogue: Catalogue
) -> tuple[tuple[str, Value], ...]:
    """The values of a bare list that has another count than what is open; () where it has the same, or says nothing.

    As many as happenings are open are of those, as many as the whole question asks are of all of it; fewer are of the
    first that are open.
    """
    numbers = bare_list(text)
    if len(numbers) < 2 or len(numbers) == len(asked):
        return ()
    if len(numbers) > len(asked):
        asked = question.indicators if len(numbers) == len(question.indicators) else ()
    happenings = [indicator for indicator in asked if not indicator.stands]
    if len(numbers) == len(happenings):
        asked = happenings
    pairs = zip(numbers, asked, strict=False)
    replies = [read_reply(number, (indicator,), form, catalogue, form.level) for number, indicator in pairs]
    words = " ".join(text.split())[:LINE_CHARS]
    values = tuple((code, replace(value, source=words)) for reply in replies for code, value in reply.values)
    return values if len(values) == len(numbers) else ()
