"""What waits for a word of the person: the points of one card, and which of them a reply in words settles."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from reporting.dialogue.draft import Draft, Position, UnclearWords
from reporting.dialogue.reply import Reply, Trouble
from reporting.dialogue.small_talk import leaves_out, says_both
from reporting.figures.catalogue import Catalogue
from reporting.figures.values import Value
from reporting.numbers.quantities import quantities
from reporting.numbers.units import counts
from reporting.reading.found.measures import measured
from reporting.reading.found.mentions import labels_of
from reporting.reading.found.names import mentions_of
from reporting.text.words import tokens_of

MOST_CANDIDATES = 4  # of one number; where it can be more, its name is asked for
MOST_POINTS = 3  # asked about in one message; more are not read
_MOST_WORDS = 8  # of a reply that only names an item
# Why something is asked though only one item and one number can be meant: then these are filled in, for one tap.
_LACKING = ("range", "indefinite", "unit_rate", "separator", "parts")  # what is asked for is the number
_LIKELY = ("ambiguous", "separator", "unit", "unnamed", "likely")


def proposal(point: UnclearWords, taken: Collection[str] = ()) -> tuple[str, Value] | None:
    """The one value a point probably is, to be stored with a yes; None where it has to be told.

    taken: codes that have a value, which no guess replaces.
    """
    if point.value is None or len(point.codes) != 1 or point.reason not in _LIKELY or point.codes[0] in taken:
        return None
    return point.codes[0], point.value


def proposals(points: Sequence[UnclearWords], taken: Collection[str] = ()) -> dict[str, Value]:
    """The proposals among the points, by code; of two for one item neither is one."""
    found = [pair for point in points if (pair := proposal(point, taken)) is not None]
    codes = [code for code, _ in found]
    return {code: value for code, value in found if codes.count(code) == 1}


def held(position: Position) -> tuple[UnclearWords, ...]:
    """All that waits as points, also figures that were doubted: where the chat goes elsewhere, they come again."""
    doubted = [UnclearWords(value.source, (code,), "likely", value) for code, value in position.doubted]
    return (*doubted, *position.unclear)


def merged(points: Sequence[UnclearWords]) -> tuple[UnclearWords, ...]:
    """The points, several numbers for one item as one that asks for the number: none of them is offered as it."""
    groups: dict[tuple[str, ...], list[UnclearWords]] = {}
    for point in points:
        groups.setdefault(point.codes, []).append(point)
    found: list[UnclearWords] = []
    for point in points:
        group = groups[point.codes]
        if len(point.codes) != 1 or len({one.value and one.value.amount for one in group}) < 2:
            found.append(point)
        elif point is group[0]:
            lines = {one.line for one in group if one.line}
            line = lines.pop() if len(lines) == 1 else ""
            found.append(UnclearWords("”, “".join(one.source for one in group), point.codes, "several", line=line))
    return tuple(found)


def open_after(points: Sequence[UnclearWords], settled: dict[str, Value]) -> tuple[UnclearWords, ...]:
    """The points that are left once these values are known: what is settled is never asked again."""

    def known(point: UnclearWords) -> bool:
        alone = len(point.codes) == 1 and point.codes[0] in settled
        said = point.value is not None and any(
            code in settled and settled[code].amount == point.value.amount for code in point.codes
        )
        return alone or said

    return tuple(point for point in points if not known(point))


def points_of(text: str, reply: Reply, draft: Draft, catalogue: Catalogue) -> tuple[UnclearWords, ...]:
    """The numbers of an answer of which only the item is unclear, each with the few items it can be of.

    Not where the message holds a word that nobody has read: beside it a number may be of something else, and an
    item that is offered is easily taken.
    """
    sources = [*(value.source for _, value in reply.values), *(trouble.source for trouble in reply.troubles)]
    for source in sorted(sources, key=len, reverse=True):
        text = text.replace(source, " ")
    if not text or any(char.isalnum() for char in text):
        return ()
    points = (_point(trouble, draft, catalogue) for trouble in reply.troubles)
    return tuple(point for point in points if point is not None)


def numberless_of(troubles: Sequence[Trouble]) -> tuple[UnclearWords, ...]:
    """The parts of an answer that lack only their number, as points that ask for it."""
    lacking = [trouble for trouble in troubles if len(trouble.codes) == 1 and trouble.reason in _LACKING]
    return tuple(UnclearWords(trouble.source, trouble.codes, trouble.reason) for trouble in lacking)


def _point(trouble: Trouble, draft: Draft, catalogue: Catalogue) -> UnclearWords | None:
    numbers = quantities(trouble.source)
    if trouble.reason != "ambiguous" or len(numbers) != 1:
        return None
    fitting: dict[str, Value] = {}
    for code in trouble.codes:
        value = measured(numbers[0], catalogue[code]).value
        if code not in draft.values and value and counts(numbers[0].unit, catalogue[code].unit):
            fitting[code] = value
    amounts = {value.amount for value in fitting.values()}
    if not 1 < len(fitting) <= MOST_CANDIDATES or len(amounts) != 1:
        return None
    return UnclearWords(trouble.source, tuple(fitting), trouble.reason, next(iter(fitting.values())))


@dataclass(frozen=True, slots=True)
class PointsReply:
    """What a reply without a number does to the points: this one is that item, is left out, is asked of each item."""

    act: Literal["is", "leave", "leave_all", "each"]
    point: int = 0
    code: str = ""


def settled_by(text: str, points: Sequence[UnclearWords], catalogue: Catalogue) -> PointsReply | None:
    """What the reply says of the points; None where it says something else. A number makes it an entry."""
    tokens = [token for token in tokens_of(text) if token.kind != "line"]
    if any(token.kind == "number" for token in tokens) and not says_both(text):
        return None
    named = _named(text, points, catalogue)
    if leaves_out(text) or (named is not None and leaves_out(" ".join(text.split()[:1]))):
        return PointsReply("leave", named[0]) if named is not None else PointsReply("leave_all")
    if says_both(text):
        return PointsReply("each")
    if named is None or len(tokens) > _MOST_WORDS or "?" in text:
        return None
    return PointsReply("is", *named)


def _named(text: str, points: Sequence[UnclearWords], catalogue: Catalogue) -> tuple[int, str] | None:
    """The one point and item that the words name: by the catalogue's names, else by words of one candidate alone."""
    tokens = tokens_of(text)
    codes = {code for mention in mentions_of(labels_of(catalogue), tokens) for code in mention.codes}
    named = [(number, code) for number, point in enumerate(points) for code in point.codes if code in codes]
    if not named:
        said = {token.fold for token in tokens if token.kind == "word"}
        named = [
            (number, code)
            for number, point in enumerate(points)
            for code in point.codes
            if said and said <= _words_of(catalogue, code)
        ]
    if len({code for _, code in named}) != 1:
        return None
    return named[0]


def _words_of(catalogue: Catalogue, code: str) -> set[str]:
    indicator = catalogue[code]
    return {token.fold for token in tokens_of(f"{indicator.short} {indicator.label}") if token.kind == "word"}
