"""Targets of a spreadsheet beside those that stand: rows of "Chỉ tiêu" in, statements, events and remarks out."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from bot.spreadsheet.difference import Difference
from bot.spreadsheet.rounds import Rounds
from bot.spreadsheet.rows import Book, SheetRow
from bot.spreadsheet.sheets import TARGETS
from bot.spreadsheet.units import Units
from handlers.office.decisions import Remark
from handlers.office.round_notes import rate_note
from reporting.figures.catalogue import Catalogue
from reporting.figures.targets import Target
from reporting.figures.values import OutOfRange, scaled, vietnamese
from reporting.organisation.part import Part
from reporting.organisation.units import OrgCluster, OrgUnit
from storage.database import Statement
from storage.organisation import targets
from storage.reports.events import happened


class Targets:
    """Makes the changes of the sheet "Chỉ tiêu", and notes faults, differences and what may be a slip."""

    def __init__(
        self, book: Book, units: Units, rounds: Rounds, catalogue: Catalogue, now: datetime, difference: Difference
    ) -> None:
        self._book = book
        self._units = units
        self._rounds = rounds
        self._catalogue = catalogue
        self._now = now
        self._difference = difference
        self.rows: list[Statement] = []
        self.events: list[Statement] = []
        self.notes: list[Remark] = []
        self._zeros = 0  # targets of nothing, which may be cells left as they were

    def plan(self, set_targets: Mapping[Any, Target]) -> None:
        """All changes, beside the targets that stand, by period, unit and indicator."""
        for row in self._book.rows.get(TARGETS.key, ()):
            self._target(row, set_targets)
        if self._zeros:
            self.notes.append(Remark("office.zero_targets", {"count": self._zeros}))

    def _target(self, row: SheetRow, known: Mapping[Any, Target]) -> None:
        round_, unit, cluster = (
            self._rounds.round(row),
            self._units.unit(row, "unit"),
            self._units.cluster(row, "cluster"),
        )
        if (row["unit"] is None) == (row["cluster"] is None):
            self._book.fault(row, "unit", "unit_or_cluster")
        if row["indicator"] is None:
            return
        indicator = self._catalogue[row["indicator"]]
        if not indicator.targetable:
            self._book.fault(row, "indicator", "no_target", text=indicator.short)
        try:
            amount = scaled(row["amount"] if row["amount"] is not None else Decimal(0), indicator.kind)
        except OutOfRange:
            self._book.fault(row, "amount", "out_of_range", text=str(row["amount"])[:40], unit=indicator.unit)
            return
        if row.wrong or round_ is None or (part := _part(unit, cluster)) is None:
            return
        wanted = Target(indicator.code, amount, row["due_on"])
        old = known.get((round_.id, part, indicator.code))
        if wanted == old:
            return
        code = f"{round_.code} {unit.code if unit is not None else row['cluster']} {indicator.code}"
        after = self._amount(wanted, indicator)
        self._zeros += not amount
        self.notes += rate_note(self._book.wording, indicator, amount)
        self.rows.append(targets.set_target(round_.id, part, wanted))
        before = self._amount(old, indicator) if old else None
        self.events.append(happened("target.set", code, None, self._now, unit_id=part.unit_id, old=before, new=after))
        if before is None:
            self._difference.note(TARGETS.key, "new", code, after)
        else:
            words = self._book.wording.say("difference.edited", column=TARGETS.column("amount").heading,
                                           old=before, new=after)  # fmt: skip
            self._difference.note(TARGETS.key, "changed", code, words)

    @staticmethod
    def _amount(target: Target, indicator: Any) -> str:
        due = f" ({target.due_on:%d/%m/%Y})" if target.due_on else ""
        return f"{vietnamese(target.amount, indicator.kind)} {indicator.unit}{due}"


def _part(unit: OrgUnit | None, cluster: OrgCluster | None) -> Part | None:
    """The unit or the cluster a target is set for."""
    if unit is not None:
        return Part(unit_id=unit.id)
    return Part(cluster.id) if cluster is not None else None
