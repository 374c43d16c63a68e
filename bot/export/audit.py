"""Stored events in, the audit out as JSON and as an Excel list: who did what to what, when, old and new."""

from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from xlsxwriter import Workbook

from reporting.figures.catalogue import Catalogue
from reporting.figures.values import plain
from reporting.time.calendar import VIETNAM
from storage.database import Database
from storage.periods import rounds
from storage.reports import audit
from storage.reports.audit import AuditEntry

# The heads of the list, with the width of each column in characters.
_COLUMNS = (
    ("Lúc", 19), ("Người (số)", 18), ("Vai trò", 12), ("Của", 12), ("Việc", 22), ("Kỳ", 12), ("Đơn vị", 12),
    ("Mục", 24), ("Cũ", 16), ("Mới", 16), ("Lý do", 40),
)  # fmt: skip

_EVER = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One event as it is written: figures in the catalogue's unit, "~" before an approximate one."""

    entry: AuditEntry
    old: str | None
    new: str | None

    def to_json(self) -> dict[str, Any]:
        """{"at", "actor", "role", "of", "action", "period", "unit", "subject", "old", "new", "reason"}, at in ISO."""
        entry = self.entry
        return {
            "at": entry.at.isoformat(), "actor": entry.actor, "role": entry.role, "of": entry.area,
            "action": entry.action, "period": entry.period, "unit": entry.unit, "subject": entry.subject,
            "old": self.old, "new": self.new, "reason": entry.reason,
        }  # fmt: skip


async def lines(db: Database, catalogue: Catalogue, period_id: int | None) -> list[AuditLine]:
    """Every event in order, or those of one period. An actor is a number and a role, never a name."""
    quick = {one.code: catalogue.of(one.period.own) for one in await rounds.quick_rounds(db, _EVER)}
    return [
        AuditLine(entry, _figure(named, entry, entry.old), _figure(named, entry, entry.new))
        for entry in await audit.entries(db, period_id)
        for named in [quick.get(entry.period, catalogue)]
    ]


def _figure(catalogue: Catalogue, entry: AuditEntry, written: str | None) -> str | None:
    amount = (written or "").removeprefix("~")
    if written is None or not entry.action.startswith("value.") or entry.subject not in catalogue:
        return written
    if not amount.isdecimal():
        return written
    approx = "~" if written.startswith("~") else ""
    return f"{approx}{plain(int(amount), catalogue[entry.subject].kind)}"


def audit_workbook(found: list[AuditLine]) -> bytes:
    """The same as a sheet; every cell is text or a date, whatever it begins with."""
    content = BytesIO()
    book = Workbook(content, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet("Nhật ký")
    bold = book.add_format({"bold": True})
    moment = book.add_format({"num_format": "dd/mm/yyyy hh:mm:ss"})
    for column, (head, width) in enumerate(_COLUMNS):
        sheet.write_string(0, column, head, bold)
        sheet.set_column(column, column, width)
    for row, line in enumerate(found, 1):
        entry = line.entry
        sheet.write_datetime(row, 0, entry.at.astimezone(VIETNAM).replace(tzinfo=None), moment)
        cells = (
            "" if entry.actor is None else str(entry.actor), entry.role, entry.area, entry.action, entry.period,
            entry.unit, entry.subject, line.old or "", line.new or "", entry.reason or "",
        )  # fmt: skip
        for column, cell in enumerate(cells, 1):
            sheet.write_string(row, column, cell)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(len(found), 1), len(_COLUMNS) - 1)
    book.close()
    return content.getvalue()
