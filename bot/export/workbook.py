"""A period's reports and totals in, an .xlsx file out: a row for each unit, the totals, the words as written."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from io import BytesIO
from typing import Any, Final

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from reporting.figures.catalogue import Catalogue, Indicator, Section
from reporting.figures.targets import Progress
from reporting.figures.totals import Coverage, Total
from reporting.figures.values import Value, plain
from reporting.time.calendar import VIETNAM
from reporting.time.periods import Period

_MET: Final = {
    "met": "đạt", "exceeded": "vượt", "unmet": "chưa đạt", "overdue": "chưa đạt, quá hạn",
    "unknown": "chưa có số liệu",
}  # fmt: skip
_FROZEN_COLUMNS: Final = 3
_SECTIONS, _LABELS, _UNITS, _FIRST = 3, 4, 5, 6  # rows of the heading and the first row of data


@dataclass(frozen=True, slots=True)
class UnitLine:
    """One unit. state: the words for where its report stands."""

    code: str
    name: str
    cluster: str
    state: str
    submitted_at: datetime | None
    values: Mapping[str, Value]
    confirmed_at: datetime | None = None
    photos: int = 0


@dataclass(frozen=True, slots=True)
class UnitColumn:
    """A column before the figures: its heading, its width in characters and what it says of a unit.

    estimated: only in a period whose figures are estimates at first.
    """

    heading: str
    width: int
    cell: Callable[[UnitLine], str | int | datetime | None]
    estimated: bool = False


_COUNT: Final = ("TT", 5)
_UNIT_COLUMNS: Final = (
    UnitColumn("Mã", 11, lambda line: line.code),
    UnitColumn("Đơn vị", 36, lambda line: line.name),
    UnitColumn("Cụm", 20, lambda line: line.cluster),
    UnitColumn("Tình trạng", 17, lambda line: line.state),
    UnitColumn("Gửi lúc", 17, lambda line: line.submitted_at),
    UnitColumn("Xác nhận số chính thức lúc", 17, lambda line: line.confirmed_at, estimated=True),
    UnitColumn("Ảnh", 7, lambda line: line.photos or None),
)


@dataclass(frozen=True, slots=True)
class TotalsColumn:
    """The totals of a cluster or of the whole province, of the reports that were sent."""

    name: str
    coverage: Coverage
    totals: Mapping[str, Total]


@dataclass(frozen=True, slots=True)
class PeriodBook:
    """What the workbook shows. area: the province or the one cluster; board: targets by indicator.

    estimated: the figures are "số ước" until the unit has called them final; when it has stands in a column then.
    """

    catalogue: Catalogue
    period: Period
    area: str
    today: date
    lines: Sequence[UnitLine]
    columns: Sequence[TotalsColumn]
    board: Mapping[str, Progress]
    estimated: bool = False


def workbook(book: PeriodBook) -> bytes:
    """The workbook as the bytes of an .xlsx file, the same for the same content.

    Every text goes in as a text: what a person wrote never becomes a formula or a link, whatever it begins with.
    Rows go to a file as soon as the next one begins, so each sheet is written from its top to its end.
    """
    buffer = BytesIO()
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    file = Workbook(buffer, options)
    created = datetime.combine(book.today, time(), UTC).replace(tzinfo=None)
    file.set_properties({"title": _title(book), "created": created})
    styles = _BookStyles(file)
    _units_sheet(file.add_worksheet("Số liệu"), book, styles)
    _totals_sheet(file.add_worksheet("Tổng hợp"), book, styles)
    _words_sheet(file.add_worksheet("Nguyên văn"), book, styles)
    file.close()
    return buffer.getvalue()


class _BookStyles:
    def __init__(self, file: Workbook) -> None:
        self._file = file
        self.title = file.add_format({"bold": True, "font_size": 14})
        self.note = file.add_format({"italic": True})
        heading = {"bold": True, "border": 1, "align": "center", "valign": "vcenter", "text_wrap": True}
        self.heading = file.add_format({**heading, "bg_color": "#DCE6F1"})
        self.unit = file.add_format({**heading, "bold": False, "italic": True, "bg_color": "#F2F2F2"})
        self.text = file.add_format({"border": 1, "valign": "top"})
        self.wrapped = file.add_format({"border": 1, "valign": "top", "text_wrap": True})
        self.section = file.add_format({"bold": True, "border": 1, "bg_color": "#F2F2F2"})
        self.moment = file.add_format({"border": 1, "valign": "top", "num_format": "dd/mm/yyyy hh:mm"})
        self._numbers: dict[str, Any] = {}

    def number(self, amount: float, approx: bool) -> Any:
        """The cell stays a number that can be summed; "trên" is only how it is shown."""
        form = ('"trên "' if approx else "") + ("#,##0" if float(amount).is_integer() else "#,##0.0##")
        if form not in self._numbers:
            self._numbers[form] = self._file.add_format({"border": 1, "valign": "top", "num_format": form})
        return self._numbers[form]


def _title(book: PeriodBook) -> str:
    return f"Số liệu công tác Đoàn và phong trào thanh thiếu nhi {book.period.name}"


def _heading(sheet: Worksheet, book: PeriodBook, styles: _BookStyles, note: str) -> None:
    sheet.write_string(0, 0, _title(book), styles.title)
    covered = book.columns[-1].coverage if book.columns else Coverage(0, 0)
    back = f", {covered.returned} đơn vị đang trả lại" if covered.returned else ""
    as_of = f"Số liệu đến ngày {book.today:%d/%m/%Y}: {covered.filed}/{covered.owing} đơn vị đã gửi{back}."
    sheet.write_string(1, 0, f"{book.area}. {as_of} {note}", styles.note)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)


def _write(sheet: Worksheet, at: tuple[int, int], cell: str | int | datetime | None, styles: _BookStyles) -> None:
    if isinstance(cell, str):
        sheet.write_string(*at, cell, styles.text)
    elif cell is None:
        sheet.write_blank(*at, None, styles.text)
    elif isinstance(cell, int):
        sheet.write_number(*at, cell, styles.text)
    else:  # a spreadsheet knows no zones
        sheet.write_datetime(*at, cell.astimezone(VIETNAM).replace(tzinfo=None), styles.moment)


def _units_sheet(sheet: Worksheet, book: PeriodBook, styles: _BookStyles) -> None:
    _heading(sheet, book, styles, "“trên” đứng trước số ước.")
    columns = [column for column in _UNIT_COLUMNS if book.estimated or not column.estimated]
    asked = _asked(book)
    indicators = [indicator for _, of_section in asked for indicator in of_section]
    first = len(columns) + 1
    _units_heading(sheet, columns, asked, styles)
    for row, line in enumerate(book.lines, _FIRST):
        sheet.write_number(row, 0, row - _FIRST + 1, styles.text)
        for number, column in enumerate(columns, 1):
            _write(sheet, (row, number), column.cell(line), styles)
        for index, indicator in enumerate(indicators, first):
            _amount(sheet, row, index, line.values.get(indicator.code), indicator, styles)
    sheet.freeze_panes(_FIRST, _FROZEN_COLUMNS)
    sheet.repeat_rows(_SECTIONS, _UNITS)
    sheet.repeat_columns(0, _FROZEN_COLUMNS - 1)
    if book.lines:
        sheet.autofilter(_UNITS, 0, _UNITS + len(book.lines), first + len(indicators) - 1)


def _units_heading(
    sheet: Worksheet,
    columns: Sequence[UnitColumn],
    asked: Sequence[tuple[Section, Sequence[Indicator]]],
    styles: _BookStyles,
) -> None:
    """Three rows: sections over the labels and units of their indicators; columns of the unit go through all three."""
    sheet.set_row(_SECTIONS, 64)
    sheet.set_row(_LABELS, 92)
    first, indicators = len(columns) + 1, [indicator for _, of_section in asked for indicator in of_section]
    for index, (name, width) in enumerate([_COUNT, *((column.heading, column.width) for column in columns)]):
        sheet.write_string(_SECTIONS, index, name, styles.heading)
        sheet.set_column(index, index, width)
        sheet.merge.append([_SECTIONS, index, _UNITS, index])  # merge_range would write the rows below at once
    index = first
    for section, of_section in asked:
        last = index + len(of_section) - 1
        if last > index:
            sheet.merge_range(_SECTIONS, index, _SECTIONS, last, section.title, styles.heading)
        else:
            sheet.write_string(_SECTIONS, index, section.title, styles.heading)
        sheet.set_column(index, last, 15)
        index = last + 1
    for row, style in ((_LABELS, styles.heading), (_UNITS, styles.unit)):
        for index in range(first):
            sheet.write_blank(row, index, None, styles.heading)
        for index, indicator in enumerate(indicators, first):
            sheet.write_string(row, index, indicator.label if row == _LABELS else indicator.unit, style)


def _asked(book: PeriodBook) -> list[tuple[Section, list[Indicator]]]:
    """Per section, the indicators of the period's kind; rates are computed and stand among the totals."""
    reported = {code for line in book.lines for code in line.values}
    result = []
    for section in sorted(book.catalogue.sections, key=lambda s: s.order):
        chosen = [
            i
            for i in book.catalogue.indicators.values()
            if i.section == section.code
            and (i.code in reported or (book.period.frequency in i.frequencies and not i.is_rate))
        ]
        if chosen:
            result.append((section, chosen))
    return result


def _amount(
    sheet: Worksheet, row: int, column: int, value: Value | Total | None, indicator: Indicator, styles: _BookStyles
) -> None:
    if value is None:
        sheet.write_blank(row, column, None, styles.text)
        return
    number = plain(value.amount, indicator.kind)
    sheet.write_number(row, column, number, styles.number(number, value.approx))


def _totals_sheet(sheet: Worksheet, book: PeriodBook, styles: _BookStyles) -> None:
    _heading(sheet, book, styles, "Chỉ cộng đơn vị đã gửi; tỷ lệ tính lại từ tổng.")
    names = ["TT", "Nội dung", "ĐVT", *(c.name for c in book.columns), "Số đơn vị có số liệu"]
    names += ["Chỉ tiêu", "Đánh giá"] if book.board else []
    for index, name in enumerate(names):
        sheet.write_string(_SECTIONS, index, name, styles.heading)
    sheet.set_column(0, 0, 5)
    sheet.set_column(1, 1, 62)
    sheet.set_column(2, len(names) - 1, 16)
    sheet.write_blank(_LABELS, 0, None, styles.section)
    sheet.write_string(_LABELS, 1, "Đơn vị đã gửi", styles.section)
    sheet.write_string(_LABELS, 2, "đơn vị", styles.section)
    for index, column in enumerate(book.columns, 3):
        sheet.write_string(_LABELS, index, f"{column.coverage.filed}/{column.coverage.owing}", styles.section)
    row, number = _LABELS + 1, 0
    whole = book.columns[-1].totals if book.columns else {}
    for section in sorted(book.catalogue.sections, key=lambda s: s.order):
        indicators = [i for i in book.catalogue.indicators.values() if i.section == section.code and i.code in whole]
        if not indicators:
            continue
        for index in range(len(names)):
            sheet.write_string(row, index, section.title if index == 1 else "", styles.section)
        row += 1
        for indicator in indicators:
            number += 1
            sheet.write_number(row, 0, number, styles.text)
            sheet.write_string(row, 1, indicator.label, styles.wrapped)
            sheet.write_string(row, 2, indicator.unit, styles.text)
            for index, column in enumerate(book.columns, 3):
                _amount(sheet, row, index, column.totals.get(indicator.code), indicator, styles)
            index = 3 + len(book.columns)
            sheet.write_number(row, index, whole[indicator.code].units, styles.text)
            if (item := book.board.get(indicator.code)) is not None:
                _amount(sheet, row, index + 1, Value(item.target.amount), indicator, styles)
                sheet.write_string(row, index + 2, _MET[item.state], styles.text)
            row += 1
    sheet.freeze_panes(_LABELS + 1, 2)
    sheet.repeat_rows(_SECTIONS)


def _words_sheet(sheet: Worksheet, book: PeriodBook, styles: _BookStyles) -> None:
    _heading(sheet, book, styles, "Mỗi số liệu và lời báo cáo của đơn vị.")
    columns = (
        ("Mã", 11),
        ("Đơn vị", 36),
        ("Nội dung", 62),
        ("Số", 12),
        ("ĐVT", 20),
        ("Nguyên văn", 48),
        ("Ghi chú", 40),
    )
    for index, (name, width) in enumerate(columns):
        sheet.write_string(_SECTIONS, index, name, styles.heading)
        sheet.set_column(index, index, width)
    row = _SECTIONS + 1
    order = [indicator for _, indicators in _asked(book) for indicator in indicators]
    for line in book.lines:
        for indicator in order:
            if (value := line.values.get(indicator.code)) is None:
                continue
            sheet.write_string(row, 0, line.code, styles.text)
            sheet.write_string(row, 1, line.name, styles.text)
            sheet.write_string(row, 2, indicator.label, styles.wrapped)
            _amount(sheet, row, 3, value, indicator, styles)
            sheet.write_string(row, 4, indicator.unit, styles.text)
            sheet.write_string(row, 5, value.source, styles.wrapped)
            sheet.write_string(row, 6, value.note, styles.wrapped)
            row += 1
    sheet.freeze_panes(_SECTIONS + 1, 2)
    if row > _SECTIONS + 1:
        sheet.autofilter(_SECTIONS, 0, row - 1, len(columns) - 1)
