"""What waits for a word of the person: the points of one card, what is filled in of them, and which are left."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from reporting.dialogue.draft import Draft, Position, UnclearWords
from reporting.dialogue.reply import Reply, Trouble
from reporting.figures.catalogue import Catalogue
from reporting.figures.values import Value
from reporting.numbers.quantities import quantities
from reporting.numbers.units import counts
from reporting.reading.found.measures import measured

MOST_CANDIDATES = 4  # of one number; where it can be more, its name is asked for
MOST_POINTS = 3  # asked about in one message; more are not read
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


def on_table(points: Sequence[UnclearWords], taken: Collection[str] = ()) -> tuple[UnclearWords, ...]:
    """The points under a table that are not filled in, in the order of their marks."""
    filled = proposals(points, taken)
    return tuple(p for p in points if p.value is None or len(p.codes) != 1 or filled.get(p.codes[0]) != p.value)


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


def open_after(points: Sequence[UnclearWords], settled: Mapping[str, Value]) -> tuple[UnclearWords, ...]:
    """The points that are left once these values are known: what is settled is neither asked nor offered again."""
    left = []
    for point in points:
        said = point.value is not None and any(
            code in settled and settled[code].amount == point.value.amount for code in point.codes
        )
        codes = tuple(code for code in point.codes if code not in settled)
        if codes and not said:
            # The only item that is left is not the likely one: it is asked, and not filled in.
            left.append(point if codes == point.codes else replace(point, codes=codes, reason="one_of"))
        elif not point.codes:
            left.append(point)
    return tuple(left)


def told_otherwise(points: Sequence[UnclearWords], settled: Mapping[str, Value]) -> tuple[UnclearWords, ...]:
    """The points with a number of which an item has been given another one."""
    return tuple(
        point
        for point in points
        if point.value is not None
        and any(code in settled for code in point.codes)
        and all(settled[code].amount != point.value.amount for code in point.codes if code in settled)
    )


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
