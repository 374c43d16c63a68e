"""Sums over units in, totals with rates and targets met or not out; "trên" where a part was rounded."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Literal

from reporting.figures.catalogue import Catalogue, Indicator, Section
from reporting.figures.values import scaled, unscaled


@dataclass(frozen=True, slots=True)
class Total:
    """A sum over units. amount: scaled as the indicator's values; units: how many units reported it."""

    amount: int
    approx: bool
    units: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many units have sent in their report, of those that owe one."""

    filed: int
    owing: int


@dataclass(frozen=True, slots=True)
class Target:
    """What was set for an indicator: scaled amount, and the day by which it is due, if one was set."""

    indicator: str
    amount: int
    due_on: date | None


@dataclass(frozen=True, slots=True)
class Progress:
    """A target beside what has been reached. state: met · unmet (not yet due) · overdue."""

    target: Target
    reached: Total | None
    state: Literal["met", "unmet", "overdue"]


def rate_parts(catalogue: Catalogue) -> list[tuple[str, str]]:
    """(numerator, denominator) of every rate, for reading the sums that `with_rates` needs."""
    return [
        (indicator.numerator, indicator.denominator)
        for indicator in catalogue.indicators.values()
        if indicator.is_rate and indicator.numerator and indicator.denominator
    ]


def with_rates(
    catalogue: Catalogue, sums: Mapping[str, Total], parts: Mapping[tuple[str, str], tuple[Total, Total]]
) -> dict[str, Total]:
    """The sums, with every rate to two decimals of a percent.

    parts: the two sums of each rate over the units that reported both counts; a unit that gave only one of
    them would bend the rate. It is the quotient of the sums, never a mean of rates (domain rule: ratios are
    recomputed from summed parts); rates typed by hand are not used.
    """
    result = {code: total for code, total in sums.items() if code in catalogue and not catalogue[code].is_rate}
    for indicator in catalogue.indicators.values():
        if not indicator.is_rate or indicator.numerator is None or indicator.denominator is None:
            continue
        part, whole = parts.get((indicator.numerator, indicator.denominator), (None, None))
        if part is None or whole is None or not whole.amount or part.amount > whole.amount:
            continue
        numerator = unscaled(part.amount, catalogue[indicator.numerator].kind)
        denominator = unscaled(whole.amount, catalogue[indicator.denominator].kind)
        percent = (100 * numerator / denominator).quantize(Decimal("0.01"), ROUND_HALF_EVEN)
        result[indicator.code] = Total(scaled(percent, indicator.kind), part.approx or whole.approx, whole.units)
    return result


def by_section(
    catalogue: Catalogue, totals: Mapping[str, Total]
) -> list[tuple[Section, list[tuple[Indicator, Total]]]]:
    """The totals in the order of the form. Sections with nothing but zeros are left out, and so are zeros."""
    result = []
    for section in sorted(catalogue.sections, key=lambda s: s.order):
        rows = [
            (indicator, totals[indicator.code])
            for indicator in catalogue.indicators.values()
            if indicator.section == section.code and indicator.code in totals and totals[indicator.code].amount
        ]
        if rows:
            result.append((section, rows))
    return result


def progress(targets: Sequence[Target], totals: Mapping[str, Total], today: date) -> list[Progress]:
    """Each target beside the total; a target with nothing reported counts as not met."""
    result = []
    for target in targets:
        reached = totals.get(target.indicator)
        if reached is not None and reached.amount >= target.amount:
            result.append(Progress(target, reached, "met"))
        elif target.due_on is not None and today > target.due_on:
            result.append(Progress(target, reached, "overdue"))
        else:
            result.append(Progress(target, reached, "unmet"))
    return result
