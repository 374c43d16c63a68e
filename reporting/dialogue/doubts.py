"""A draft and new values in, those to be asked about before they are stored out, each with why."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Literal

from reporting.dialogue.draft import Draft
from reporting.figures.catalogue import Catalogue, Indicator, Level
from reporting.figures.forms import Form
from reporting.figures.values import DECIMALS, Value
from reporting.numbers.units import ATTENDANCE

# high: above the catalogue's soft maximum, or a jump · far: a stock far from what it was · zero: a stock said to be
# none · unmatched: sessions without anybody, or people without a session · likely: written so that
# two numbers could be meant, of which this is the likely one.
Doubt = Literal["high", "far", "zero", "unmatched", "likely"]

JUMP = 5
FALL = 10
# Amounts that both stay below this change by a multiple without anything being odd.
LARGE = 20
STOCK_JUMP = 3
# A stock this small changes by a multiple without anything being odd.
SMALL_STOCK = 10


def doubt_of(indicator: Indicator, value: Value, level: Level, before: Value | None = None) -> Doubt | None:
    """Why one confirmation is due, or None; `before` is the unit's own amount of last period or last year.

    A jump is JUMP times the amount before or more, a fall to one of FALL parts or less, where the larger of the
    two is no small number: from 1 tree to 12 nothing is odd, from 120 to 1.200 a dot may have slipped.
    That nothing happened is no fall. A stock is doubted at smaller changes.
    """
    if indicator.stands and not value.amount:
        return None if before is not None and not before.amount else "zero"
    limit = indicator.soft_max.get(level)
    scale = 10 ** DECIMALS[indicator.kind]
    if limit is not None and value.amount > limit * scale:
        return "high"
    if before is None or not before.amount:
        return None
    if indicator.stands:
        large = max(value.amount, before.amount)
        return "far" if large > SMALL_STOCK * scale and large > STOCK_JUMP * min(value.amount, before.amount) else None
    if not value.amount or max(value.amount, before.amount) < LARGE * scale:
        return None
    if value.amount * FALL <= before.amount:
        return "far"
    return "high" if value.amount >= JUMP * before.amount else None


def doubted(
    catalogue: Catalogue, level: Level, draft: Draft, values: Sequence[tuple[str, Value]]
) -> tuple[tuple[str, Value, Doubt], ...]:
    """These values of a unit of that level, each with why it is doubted; "likely" where its amount is no reason."""
    given = {**draft.values, **dict(values)}

    def why(code: str, value: Value) -> Doubt:
        if not value.amount and happened(catalogue[code], given, catalogue):
            return "unmatched"
        before = draft.before.get(code, draft.year_ago.get(code))
        return doubt_of(catalogue[code], value, level, before) or "likely"

    return tuple((code, value, why(code, value)) for code, value in values)


def standing_out(catalogue: Catalogue, level: Level, draft: Draft) -> list[tuple[str, Doubt]]:
    """What a reviewer is to look at first in a report: each figure that is doubted, with why."""
    every = [(code, value) for code, value in draft.values.items() if code in catalogue]
    return [(code, why) for code, _, why in doubted(catalogue, level, draft, every) if why != "likely"]


def happened(indicator: Indicator, values: Mapping[str, Value], catalogue: Catalogue) -> bool:
    """Whether it cannot be zero: sessions were held, so somebody came; people came, so there was a session."""

    def some(code: str) -> bool:
        return code in values and values[code].amount > 0

    sessions = [i for i in catalogue.indicators.values() if i.pair == indicator.code and indicator.unit == ATTENDANCE]
    if any(some(session.code) for session in sessions):
        return True
    pair = indicator.pair
    if pair is None or catalogue[pair].unit != ATTENDANCE or not some(pair):
        return False
    return not any(some(i.code) for i in catalogue.indicators.values() if i.pair == pair)


def without_attendance(
    form: Form, catalogue: Catalogue, draft: Draft, values: Sequence[tuple[str, Value]]
) -> tuple[tuple[str, Value], ...]:
    """What follows from zeros: nobody came to sessions that all were none. Told in the words of the zero."""
    given = {**draft.values, **dict(values)}
    found: dict[str, Value] = {}
    for code, value in values:
        attendance = catalogue[code].pair
        if value.amount or attendance is None or attendance in given or catalogue[attendance].unit != ATTENDANCE:
            continue
        sessions = [i.code for i in catalogue.indicators.values() if i.pair == attendance and form.holding(i.code)]
        if form.holding(attendance) and all(s in given and not given[s].amount for s in sessions):
            found[attendance] = replace(value, note="")
    return tuple(found.items())
