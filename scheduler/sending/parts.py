"""Gives a message the form its channel takes: numbered lines for missing buttons, several parts for a long text."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace

from handlers.channel import Limits, TextUnits
from handlers.messages import OWN_MARK, Choice, Outgoing, typed_marks

LONGEST_LETTER = 16  # code points
LONGEST_FIGURE = 32  # characters of digits and marks between them; a longer run is cut through
# Where a text is cut, the best place first: at the end of a line, of a statement, between two words, before a number,
# behind one. "12 | cây" is read wrong by who sees one part only, "1 | 250" is another number.
_ENDS = (r"\n", r"(?<=[.;:!?]) ", r"(?<=[^\d\s]) (?=[^\d\s])", r"(?<!\d) (?=\d)", r"(?<=\d) (?!\d)")
_CUTS = tuple(re.compile(end) for end in _ENDS)
_IN_FIGURE = re.compile(r"(?<=\d)(?=[.,/:]?\d)|(?<=\d[.,/:])(?=\d)")


def parts(message: Outgoing, limits: Limits) -> list[Outgoing]:
    """The messages that leave for it, in order, at least one. Choices stand under the last text; a file goes with it,
    or alone after a text too long to be its caption, or not at all where the channel takes none.
    """
    text, choices = message.text, message.choices
    if choices and not limits.buttons:
        text, choices = f"{text}\n{_listed(choices, message.numbered, message.worded)}", ()
    file = message.file if limits.files or (message.file is not None and message.file.there) else None
    alone = file is not None and not _fits(text, limits.caption, limits.units)
    whole = replace(message, text=text, choices=choices, file=None if alone else file)
    if (file is None or alone) and not _fits(text, limits.text, limits.units):
        *before, last = split_text(text, limits.text, limits.units)
        found = [replace(message, text=part, choices=(), file=None) for part in before]
        found.append(replace(whole, text=last))
    else:
        found = [whole]
    if alone:
        found.append(replace(message, text="", choices=(), file=file))
    # A channel that knows repetitions by their key must not take the second part for one.
    return found[:1] + [replace(part, key=part.key and f"{part.key}/{n}") for n, part in enumerate(found[1:], 2)]


def split_text(text: str, limit: int, units: TextUnits) -> list[str]:
    """The text in parts of at most `limit` units, cut at a line's end where there is one, else at a statement's, else
    at a space; between two letters only where there is none. Never within a number, nor between a letter and its
    diacritic. No part is blank, unless the whole text is.
    """
    found = []
    rest = text
    while (fitting := _fitting(rest, limit, units)) < len(rest):
        cut = _cut(rest, fitting)
        found.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip("\n") if rest[cut] == "\n" else rest[cut:].lstrip(" ")
    return [part for part in (*found, rest) if part.strip()] or [text]


def _cut(text: str, fitting: int) -> int:
    """Where the first part of the text ends: at most at `fitting`."""
    for cut in _CUTS:
        # A blank behind what just fits is a place to cut, too.
        cuts = [met.start() for met in cut.finditer(text, 1, min(len(text), fitting + 2)) if met.start() <= fitting]
        if cuts and text[: cuts[-1]].strip():
            return cuts[-1]
    return _between_letters(text, fitting)


def _listed(choices: Sequence[Choice], numbered: bool, worded: bool) -> str:
    """A line for each choice, with what is typed for it; no mark where its words are, or the label has its own."""
    labels = [choice.label for choice in choices]
    lines = []
    marks = typed_marks(labels, numbered) if numbered or not worded else [""] * len(labels)
    for label, mark in zip(labels, marks, strict=True):
        own = OWN_MARK.match(label) if not mark else label.startswith(f"{mark}. ")
        lines.append(label if own else f"{mark}. {label}" if mark else f"– {label}")
    return "\n".join(lines)


def _fits(text: str, limit: int, units: TextUnits) -> bool:
    return _fitting(text, limit, units) == len(text)


def _fitting(text: str, limit: int, units: TextUnits) -> int:
    """How many characters of the text fit into the limit."""
    if units == "characters" or len(text) * 2 <= limit:
        return min(len(text), limit)
    taken = 0
    for index, letter in enumerate(text):
        taken += 2 if letter > "\uffff" else 1
        if taken > limit:
            return index
    return len(text)


def _between_letters(text: str, cut: int) -> int:
    """The nearest index at or before `cut` that parts neither a number nor a letter from what clings to it.

    A letter with more marks than any language gives it is cut through, as is a number longer than any: they would
    make a part of every sign.
    """
    for longest, inside in ((LONGEST_FIGURE, _in_number), (LONGEST_LETTER, _in_letter)):
        for index in range(cut, max(0, cut - longest), -1):
            if not inside(text, index) and not _in_letter(text, index):
                return index
    return cut


def _in_number(text: str, index: int) -> bool:
    return _IN_FIGURE.match(text, index) is not None


def _in_letter(text: str, index: int) -> bool:
    return bool(unicodedata.combining(text[index])) or text[index] in "\u200d\ufe0f"
