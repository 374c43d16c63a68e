"""Reports of units in, their sums and totals with rates out; "trên" where a part was rounded."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

from reporting.figures.catalogue import Catalogue, Indicator, Section
from reporting.figures.values import Value, scaled, unscaled


@dataclass(frozen=True, slots=True)
class Total:
    """A sum over units. amount: scaled as the indicator's values; units: how many units reported it."""

    amount: int
    approx: bool
    units: int


Pair = tuple[str, str]
"""The numerator and the denominator of a rate."""


@dataclass(frozen=True, slots=True)
class Sums:
    """What several reports add up to. counts: by indicator.

    parts: of each rate the sums of both its counts, over the units that gave both; a unit that gave only one of them
    would bend the rate.
    """

    counts: dict[str, Total]
    parts: dict[Pair, tuple[Total, Total]]


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many units have sent in their report, of those that owe one.

    returned: how many more have, and are at figures that came back to them; their other figures count.
    """

    filed: int
    owing: int
    returned: int = 0

    @property
    def counted(self) -> int:
        """How many units' figures are in the sums."""
        return self.filed + self.returned

    @property
    def share(self) -> Decimal:
        """Whose figures count, of 1; of nobody who owes, nothing."""
        return Decimal(self.counted) / self.owing if self.owing else Decimal(0)


def together(parts: Iterable[Coverage]) -> Coverage:
    """The coverage of several parts of the province, none of which holds another."""
    every = list(parts)
    return Coverage(sum(c.filed for c in every), sum(c.owing for c in every), sum(c.returned for c in every))


def rate_parts(catalogue: Catalogue) -> list[Pair]:
    """(numerator, denominator) of every rate."""
    return [
        (indicator.numerator, indicator.denominator)
        for indicator in catalogue.indicators.values()
        if indicator.is_rate and indicator.numerator and indicator.denominator
    ]


def summed(catalogue: Catalogue, reports: Iterable[Mapping[str, Value]]) -> Sums:
    """The sums of these reports, each the values of one unit by indicator: what SQL has to give, too."""
    counts: dict[str, Total] = {}
    parts: dict[Pair, tuple[Total, Total]] = {}
    pairs = rate_parts(catalogue)
    for values in reports:
        for code, value in values.items():
            if code in catalogue and not catalogue[code].is_rate:
                counts[code] = _plus(counts.get(code), Total(value.amount, value.approx, 1))
        for part, whole in pairs:
            if part in values and whole in values:
                rounded = values[part].approx or values[whole].approx
                before = parts.get((part, whole), (None, None))
                parts[part, whole] = (
                    _plus(before[0], Total(values[part].amount, rounded, 1)),
                    _plus(before[1], Total(values[whole].amount, rounded, 1)),
                )
    return Sums(counts, parts)


def added_up(several: Iterable[Sums]) -> Sums:
    """Sums over different reports as one."""
    counts: dict[str, Total] = {}
    parts: dict[Pair, tuple[Total, Total]] = {}
    for sums in several:
        for code, total in sums.counts.items():
            counts[code] = _plus(counts.get(code), total)
        for pair, (part, whole) in sums.parts.items():
            before = parts.get(pair, (None, None))
            parts[pair] = (_plus(before[0], part), _plus(before[1], whole))
    return Sums(counts, parts)


def _plus(one: Total | None, other: Total) -> Total:
    if one is None:
        return other
    return Total(one.amount + other.amount, one.approx or other.approx, one.units + other.units)


def totals(catalogue: Catalogue, sums: Sums) -> dict[str, Total]:
    """The sums by indicator, with every rate to two decimals of a percent.

    A rate is the quotient of the sums, never a mean of rates (domain rule: ratios are recomputed from summed parts);
    rates typed by hand are not used.
    """
    result = {code: total for code, total in sums.counts.items() if code in catalogue and not catalogue[code].is_rate}
    for indicator in catalogue.indicators.values():
        if not indicator.is_rate or indicator.numerator is None or indicator.denominator is None:
            continue
        part, whole = sums.parts.get((indicator.numerator, indicator.denominator), (None, None))
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
