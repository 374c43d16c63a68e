"""Rows of "Số liệu cũ" beside what stands in, the figures an office brings of earlier periods as statements out."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from bot.spreadsheet.difference import Difference
from bot.spreadsheet.rounds import Rounds
from bot.spreadsheet.rows import QUOTED, Book, SheetRow
from bot.spreadsheet.sheets import HISTORY
from bot.spreadsheet.units import Units
from reporting.figures.catalogue import Catalogue
from reporting.figures.values import OutOfRange, Value, scaled, vietnamese
from reporting.organisation.units import OrgUnit
from storage.database import Statement
from storage.periods import history
from storage.periods.history import OldReport
from storage.periods.rounds import Round

MOST_TOLD = 3  # figures of a unit in what an import changes


class History:
    """Makes the rows of the sheet "Số liệu cũ". Nothing that somebody reported is changed by it, and nothing counted
    twice: of a unit whose figures are brought with those of the units below it, none of these may have its own.
    """

    def __init__(
        self, book: Book, units: Units, rounds: Rounds, catalogue: Catalogue, now: datetime, difference: Difference
    ) -> None:
        self._book, self._units, self._rounds, self._catalogue = book, units, rounds, catalogue
        self._now, self._difference = now, difference
        self.rows: list[Statement] = []

    def plan(self, standing: Mapping[tuple[int, int], OldReport], day: date) -> None:
        """All figures of the sheet, beside the reports of closed periods that stand."""
        given: dict[tuple[int, int], dict[str, Value]] = defaultdict(dict)
        names: dict[tuple[int, int], str] = {}
        have = {period_id: {unit for period, unit in standing if period == period_id} for period_id, _ in standing}
        lines = [line for row in self._book.rows.get(HISTORY.key, ()) if (line := self._line(row, day)) is not None]
        for _, round_, unit, _ in lines:
            have.setdefault(round_.id, set()).add(unit.id)
        for row, round_, unit, value in lines:
            key = round_.id, unit.id
            if key in standing and not standing[key].imported:
                self._book.fault(row, "unit", "reported", unit=unit.code, period=round_.period.name)
            elif (other := self._counted_with(unit, have[round_.id])) is not None:
                self._book.fault(row, "unit", "counted_above", unit=unit.code, above=other.code)
            else:
                given[key][row["indicator"]] = value
                names[key] = f"{round_.code} {unit.code}"
        for key, values in given.items():
            self._take(key, names[key], values, standing.get(key))

    def _line(self, row: SheetRow, day: date) -> tuple[SheetRow, Round, OrgUnit, Value] | None:
        unit = self._units.unit(row, "unit")
        round_ = self._rounds.past(row, day)
        if row["indicator"] is None or row["amount"] is None:
            return None
        indicator = self._catalogue[row["indicator"]]
        if indicator.is_rate:
            self._book.fault(row, "indicator", "rate_computed", text=indicator.short)
        amount: Decimal = row["amount"]
        try:
            value = Value(scaled(amount, indicator.kind), False, f"{amount}"[:QUOTED])
        except OutOfRange:
            self._book.fault(row, "amount", "out_of_range", text=str(amount)[:QUOTED], unit=indicator.unit)
            return None
        if row.wrong or round_ is None or unit is None:
            return None
        return row, round_, unit, value

    def _counted_with(self, unit: OrgUnit, have: set[int]) -> OrgUnit | None:
        """A unit above this one that has figures of the same period, which hold this one's already."""
        units = self._units.organisation.units
        at = unit.parent_id
        while at is not None:
            if at in have:
                return units[at]
            at = units[at].parent_id
        return None

    def _take(self, key: tuple[int, int], name: str, values: Mapping[str, Value], old: OldReport | None) -> None:
        stood = old.values if old is not None else {}
        new = [
            (code, value) for code, value in values.items() if code not in stood or stood[code].amount != value.amount
        ]
        if not new:
            return
        self.rows += history.bring(*key, old, new, self._now)
        told = [(self._catalogue[code], value) for code, value in new[:MOST_TOLD]]
        shown = "; ".join(f"{one.short} {vietnamese(value.amount, one.kind)}" for one, value in told)
        more = f"; +{len(new) - MOST_TOLD}" if len(new) > MOST_TOLD else ""
        self._difference.note(HISTORY.key, "new" if old is None else "changed", name, f"{shown}{more}")
