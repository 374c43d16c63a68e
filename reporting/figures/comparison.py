"""Figures of a period and of earlier ones in, the rows that papers and chats show out: beside last year and the target.

The one set of rows for everything that is handed out. They are read by `storage/periods/comparing.py:compared`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Final

from reporting.figures.catalogue import Catalogue, Indicator
from reporting.figures.targets import Progress
from reporting.figures.totals import Coverage, Sums, Total, added_up, totals

# Of the units that owe a report this share has to have sent it, in both periods; with fewer a rise may only mean that
# more have written (domain rule: figures that cannot be compared say so).
COMPARABLE_FROM: Final = Decimal("0.7")
MOST_TELLING: Final = 5  # figures of a head that is read on a phone


@dataclass(frozen=True, slots=True)
class Side:
    """What one period gave. name: as people call it; until: its last day that counts; final: of confirmed reports.

    enough: the share of its units that has to have sent them to be compared.
    doubled: what its totals perhaps hold twice, reported by two units and not settled; units: by how many reports.
    returned: how many figures are in no total, as they were given back and wait for their unit's answer.
    """

    code: str
    name: str
    until: date
    totals: Mapping[str, Total]
    coverage: Coverage
    final: Mapping[str, Total]
    doubled: Mapping[str, Total] = field(default_factory=dict)
    returned: Mapping[str, int] = field(default_factory=dict)
    enough: Decimal = COMPARABLE_FROM

    @property
    def covered(self) -> bool:
        """Whether enough units have sent their figures to compare them."""
        return self.coverage.share >= self.enough


@dataclass(frozen=True, slots=True)
class ComparedRow:
    """One indicator. Scaled amounts, each None where nobody gave it.

    final: what the reports add up to that were called final, where the period's figures are estimates. previous,
    year_ago: of the period before and of the same one last year, whether they can be compared or not. cumulative: of
    the year up to and with this period; of what stands, as it stands now. doubled, returned: as of its side.
    """

    indicator: Indicator
    value: Total | None
    final: Total | None
    previous: Total | None
    year_ago: Total | None
    cumulative: Total | None
    target: Progress | None
    doubled: Total | None = None
    returned: int = 0

    @property
    def once(self) -> Total | None:
        """The value without what is perhaps counted twice; None where nothing is."""
        if self.value is None or self.doubled is None:
            return None
        return Total(self.value.amount - self.doubled.amount, self.value.approx, self.value.units)


@dataclass(frozen=True, slots=True)
class Comparison:
    """All rows in the order of the form, with the sides they come from; a side is None where there is no such period.

    year_periods: those the cumulative figures are of; from_start: whether they reach back to the first of January.
    version: what it was read at, for `storage/reports/versions.py`.
    """

    rows: tuple[ComparedRow, ...]
    now: Side
    previous: Side | None
    year_ago: Side | None
    year_periods: tuple[str, ...]
    from_start: bool
    estimated: bool
    version: int

    def comparable(self, other: Side | None) -> bool:
        """Whether this period and the other one are both covered enough."""
        return other is not None and self.now.covered and other.covered

    def tells(self, row: ComparedRow, then: Total | None, other: Side | None) -> bool:
        """Whether it can be said how the row moved from there: what fell while fewer units sent, or rose while more
        did, may have moved for that alone. A rate is of those who sent.
        """
        if row.value is None or then is None or other is None or not self.comparable(other):
            return False
        more = row.value.amount - then.amount
        sent = self.now.coverage.share - other.coverage.share
        return row.indicator.is_rate or not more or not sent or (more > 0) != (sent > 0)

    def row(self, code: str) -> ComparedRow | None:
        """The row of an indicator; None where nothing at all is known of it."""
        return next((row for row in self.rows if row.indicator.code == code), None)


def rows(
    catalogue: Catalogue,
    now: Side,
    before: tuple[Side | None, Side | None],
    cumulative: Mapping[str, Total],
    standing: Mapping[str, Progress],
    estimated: bool,
) -> tuple[ComparedRow, ...]:
    """A row for each indicator of which something is known. before: the last period, and the same one last year."""
    previous, year_ago = (side.totals if side else {} for side in before)
    order = {section.code: section.order for section in catalogue.sections}
    found = []
    for indicator in sorted(catalogue.indicators.values(), key=lambda one: order[one.section]):
        code = indicator.code
        row = ComparedRow(
            indicator,
            now.totals.get(code),
            now.final.get(code) if estimated else None,
            previous.get(code),
            year_ago.get(code),
            cumulative.get(code),
            standing.get(code),
            now.doubled.get(code),
            now.returned.get(code, 0),
        )
        if any((row.value, row.previous, row.year_ago, row.cumulative, row.target, row.returned)):
            found.append(row)
    return tuple(found)


def cumulated(catalogue: Catalogue, chain: Sequence[Sums]) -> dict[str, Total]:
    """What several periods of a year add up to, the newest last. What stands is as it stands in the newest, and so is a
    rate of two such counts; other rates are taken of the sums.
    """
    stands = {code for code, one in catalogue.indicators.items() if one.stands}
    earlier = [
        Sums(
            {code: total for code, total in sums.counts.items() if code not in stands},
            {pair: parts for pair, parts in sums.parts.items() if not stands.intersection(pair)},
        )
        for sums in chain[:-1]
    ]
    return totals(catalogue, added_up([*earlier, *chain[-1:]]))


def telling(rows: Sequence[ComparedRow], most: int = MOST_TELLING) -> list[ComparedRow]:
    """The few figures that say most, in the order of the form: those with a target, what is missed first, and then of
    each section the first that can have one.
    """
    known = [row for row in rows if (row.value is not None and row.value.amount) or row.target is not None]
    aimed = sorted((row for row in known if row.target), key=lambda row: row.target is not None and row.target.met)
    chosen = aimed[:most]
    sections = {row.indicator.section for row in chosen}
    for row in known:
        if len(chosen) < most and row.indicator.targetable and row.indicator.section not in sections:
            chosen.append(row)
            sections.add(row.indicator.section)
    for row in known:
        if len(chosen) < most and row not in chosen and row.indicator.targetable:
            chosen.append(row)
    return [row for row in rows if row in chosen]


def change(now: Total, then: Total) -> tuple[int, Decimal | None]:
    """(how much more, scaled; by how many percent, to one decimal, None where there was nothing)."""
    more = now.amount - then.amount
    if not then.amount:
        return more, None
    return more, (Decimal(100 * more) / then.amount).quantize(Decimal("0.1"), ROUND_HALF_EVEN)
