"""A message in; out, where it is the form that the bot sent, filled in: the words beside each figure, and the rest.

A line of the form names its indicator exactly, so what stands beside it answers that one alone.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reporting.figures.catalogue import Catalogue, Indicator
from reporting.figures.forms import Form
from reporting.text.words import Token, tokens_of

FEWEST_LINES = 3  # with name and unit as the form has them; fewer may be anybody's list
HINT = "»"  # begins the lines of the form that only tell how it is filled in
_BARE = re.compile(r"\d[\d.,]*(?:\s*[^\W\d_]+){0,3}[.;]?")  # a number, with its unit at most
_BRACKETS = re.compile(r"\(([^()]*)\)")
_LIST_MARK = 6  # characters that may have come before it: "12. ", "- "
_BLANK = ".…_-–—=:,;*| "  # marks that fill an empty line


@dataclass(frozen=True, slots=True)
class CopiedForm:
    """answers: the words beside each figure that has any, in order. left: the text without the lines of the form."""

    answers: tuple[tuple[Indicator, str], ...]
    left: str


@dataclass(frozen=True, slots=True)
class _Line:
    indicator: Indicator
    answer: str
    whole: bool  # with its unit in brackets


def form_name(indicator: Indicator) -> str:
    """A line of the form, without what is filled in: "Sinh hoạt chi đoàn (buổi)"."""
    return f"{indicator.short[:1].upper()}{indicator.short[1:]} ({indicator.unit})"


def copied_form(text: str, form: Form, catalogue: Catalogue) -> CopiedForm | None:
    """The form that was filled in, whatever was added or taken out; None for any other message."""
    if text.count("\n") + 1 < FEWEST_LINES and len(text.splitlines()) < FEWEST_LINES:
        return None
    names = _names(form)
    lines = [(line, _line(line, names)) for line in text.splitlines()]
    if sum(found.whole for _, found in lines if found is not None) < FEWEST_LINES:
        return None
    titles = [_folds(section.title) for section in catalogue.sections]
    answers: list[tuple[Indicator, str]] = []
    left: list[str] = []
    waiting: Indicator | None = None
    for line, found in lines:
        if found is not None:
            waiting = None if found.answer else found.indicator
            if found.answer:
                answers.append((found.indicator, found.answer))
        elif not line.strip(_BLANK) or HINT in line[:_LIST_MARK] or _is_heading(_folds(line), titles):
            continue
        elif waiting is not None and _BARE.fullmatch(line.strip()):  # the number on the line below its name
            answers.append((waiting, line.strip()))
            waiting = None
        else:
            left.append(line)
            waiting = None
    return CopiedForm(tuple(answers), "\n".join(left))


def _is_heading(words: tuple[str, ...], titles: Sequence[tuple[str, ...]]) -> bool:
    """Whether it is a section's title, or as much of one as the form has; also behind the number of a list."""
    words = words[1:] if words and words[0].isdecimal() else words
    return len(words) > 1 and any(title[: len(words)] == words for title in titles)


def _names(form: Form) -> dict[tuple[str, ...], Indicator]:
    """The indicators of the form by the words of their names."""
    found: dict[tuple[str, ...], Indicator] = {}
    for question in form.questions:
        for indicator in question.indicators:
            found[_folds(indicator.short)] = indicator
            found[_folds(indicator.label)] = indicator
    return found


def _folds(text: str) -> tuple[str, ...]:
    return tuple(token.fold for token in tokens_of(text) if token.kind in ("word", "number"))


def _line(line: str, names: dict[tuple[str, ...], Indicator]) -> _Line | None:
    """The indicator that the line begins with, and what stands behind its name."""
    tokens = [token for token in tokens_of(line) if token.kind in ("word", "number")]
    for begin in (0, 1):  # behind the number of a list, too
        if begin and not (len(tokens) > 1 and tokens[0].kind == "number"):
            break
        for end in _ends(tokens, begin, names):
            indicator = names[tuple(token.fold for token in tokens[begin:end])]
            behind = line[tokens[end - 1].end :].lstrip(' \t”“"*_')
            unit = _BRACKETS.match(behind)
            whole = unit is not None and _folds(unit[1]) == _folds(indicator.unit)
            answer = behind[unit.end() :] if unit is not None and whole else behind
            if whole or answer[:1] in (":", "="):
                return _Line(indicator, answer.strip(_BLANK), whole)
    return None


def _ends(tokens: Sequence[Token], begin: int, names: dict[tuple[str, ...], Indicator]) -> Iterator[int]:
    """Where names that begin there end, the longest first."""
    longest = min(len(tokens), begin + max(map(len, names)))
    return (end for end in range(longest, begin, -1) if tuple(t.fold for t in tokens[begin:end]) in names)
