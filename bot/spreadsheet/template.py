"""Sheets, lists to choose from and perhaps rows in, the office's spreadsheet as an .xlsx file out."""

from collections.abc import Mapping, Sequence
from datetime import date, time
from io import BytesIO
from typing import Any, Final

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from bot.spreadsheet.rows import MOST_ROWS
from bot.spreadsheet.sheets import CLUSTERS, GUIDE, LISTS, MODES, ROLES, SHEETS, Column, Sheet
from reporting.figures.catalogue import Catalogue
from reporting.organisation.units import UnitLevel

INPUT_TITLE, INPUT_MESSAGE = 32, 255  # characters Excel shows beside a cell, at most

Line = Mapping[str, Any]  # what stands in one row, by column key: str, date, time, number or None

_STEPS: Final = (
    "Điền các trang theo thứ tự từ trái sang phải. Chỉ trang Đơn vị là cần; trang nào chưa dùng thì để trống.",
    "Dòng bắt đầu bằng “VÍ DỤ” không được nhập; để lại hay xóa đều được. Không sửa dòng tiêu đề.",
    "Xem trước: giaoban import TỆP.xlsx --dry-run. Lệnh nêu từng lỗi với trang, ô, lý do, hoặc những gì sẽ mới, đổi, "
    "kết thúc; không ghi gì.",
    "Nhập: giaoban import TỆP.xlsx. Ghi tất cả hoặc không ghi gì. Nhập lại cùng tệp không thay đổi gì.",
    "Đơn vị không có trong tệp được giữ nguyên. Muốn kết thúc một đơn vị, ghi Đến ngày và Đơn vị kế thừa.",
    "Đổi tên: sửa ô Tên. Chuyển cụm, chuyển đơn vị cấp trên: sửa ô tương ứng; có hiệu lực từ ngày nhập tệp, hoặc ngày "
    "ghi ở --on. Mã thì không sửa.",
    "Sáp nhập A vào B: dòng A ghi Đến ngày và kế thừa B. Chia A: thêm các đơn vị mới, dòng A ghi Đến ngày và kế thừa "
    "các mã đó. Số liệu A đã gửi được tính một lần, ở cụm của đơn vị kế thừa đứng đầu.",
    "Lấy tệp đang có để sửa: giaoban template TỆP.xlsx --filled.",
)


def template(
    levels: Sequence[UnitLevel],
    catalogue: Catalogue,
    today: date,
    filled: Mapping[str, Sequence[Line]] | None = None,
) -> bytes:
    """The spreadsheet as the bytes of an .xlsx file. filled: by sheet key, the rows below the example."""
    buffer = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    file = Workbook(buffer, options)
    styles = _TemplateStyles(file)
    _guide(file.add_worksheet(GUIDE), styles)
    sheets = [(sheet, file.add_worksheet(sheet.name)) for sheet in SHEETS]
    lists = _lists(file.add_worksheet(LISTS), levels, catalogue, today, styles)
    for sheet, content in sheets:
        _sheet(content, sheet, lists, styles, (filled or {}).get(sheet.key, ()))
    sheets[0][1].activate()
    file.close()
    return buffer.getvalue()


class _TemplateStyles:
    def __init__(self, file: Workbook) -> None:
        edge = {"border": 1, "border_color": "#BFBFBF"}
        self.title = file.add_format({"bold": True, "font_size": 14})
        self.bold = file.add_format({"bold": True, "valign": "top"})
        self.wrapped = file.add_format({"text_wrap": True, "valign": "top"})
        heading = {"bold": True, "text_wrap": True, "valign": "vcenter", "border": 1}
        self.heading = file.add_format({**heading, "bg_color": "#DCE6F1"})
        self.required = file.add_format({**heading, "bg_color": "#FCE4D6"})
        self.example = file.add_format({"italic": True, "font_color": "#7F7F7F", "bg_color": "#F2F2F2", **edge})
        # As text, so that a spreadsheet program turns neither "0101" nor "1-2" into something else.
        self.text = file.add_format({"num_format": "@"})
        self.day = file.add_format({"num_format": "dd/mm/yyyy"})
        self.time = file.add_format({"num_format": "hh:mm"})
        self.number = file.add_format({"num_format": "#,##0.###"})

    def of(self, column: Column) -> Any:
        return {"day": self.day, "time": self.time, "number": self.number}.get(column.kind, self.text)


def _guide(sheet: Worksheet, styles: _TemplateStyles) -> None:
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 110)
    sheet.write_string(0, 0, "Dựng đơn vị từ một bảng tính", styles.title)
    row = 2
    for number, step in enumerate(_STEPS, 1):
        sheet.write_number(row, 0, number, styles.bold)
        sheet.write_string(row, 1, step, styles.wrapped)
        row += 1
    for one in SHEETS:
        row += 1
        sheet.write_string(row, 0, f"Trang {one.name}", styles.title)
        sheet.write_string(row, 1, one.note, styles.wrapped)
        for column in one.columns:
            row += 1
            sheet.write_string(row, 0, column.heading, styles.bold)
            needed = "Bắt buộc. " if column.required else ""
            sheet.write_string(row, 1, f"{needed}{column.note}", styles.wrapped)
        row += 1


def _lists(
    sheet: Worksheet, levels: Sequence[UnitLevel], catalogue: Catalogue, today: date, styles: _TemplateStyles
) -> dict[str, str]:
    """Writes what may be chosen, a column for each kind; gives the range of each as a formula."""
    chosen = {
        "level": ("Cấp", [level.name for level in levels if level.last_on is None or level.last_on >= today]
                  + [level.name for level in levels if level.last_on is not None and level.last_on < today]),
        "role": ("Vai trò", list(ROLES.values())),
        "mode": ("Hình thức", list(MODES.values())),
        "indicator": ("Chỉ tiêu", [
            f"{i.code} — {i.short} ({i.unit})" for i in catalogue.indicators.values() if i.targetable
        ]),
    }  # fmt: skip
    ranges = {}
    for index, (kind, (heading, entries)) in enumerate(chosen.items()):
        sheet.write_string(0, index, heading, styles.heading)
        sheet.set_column(index, index, 60 if kind == "indicator" else 26)
        for row, entry in enumerate(entries, 1):
            sheet.write_string(row, index, entry)
        letter = "ABCD"[index]
        ranges[kind] = f"='{LISTS}'!${letter}$2:${letter}${len(entries) + 1}"
    sheet.freeze_panes(1, 0)
    return ranges


def _sheet(
    sheet: Worksheet, form: Sheet, lists: Mapping[str, str], styles: _TemplateStyles, lines: Sequence[Line]
) -> None:
    for index, column in enumerate(form.columns):
        sheet.set_column(index, index, column.width, styles.of(column))
        sheet.write_string(0, index, column.heading, styles.required if column.required else styles.heading)
        sheet.write_string(1, index, column.example, styles.example)
        rule: dict[str, Any] = {
            "validate": "any",
            "input_title": column.heading[:INPUT_TITLE],
            "input_message": column.note[:INPUT_MESSAGE],
        }
        source = lists.get(column.kind)
        if column.key == "cluster" and form is not CLUSTERS:
            source = f"='{CLUSTERS.name}'!$A$3:$A${MOST_ROWS}"
        if source is not None:
            # A warning only: what is pasted or typed otherwise is judged on import, which says what is wrong.
            rule |= {"validate": "list", "source": source, "error_type": "warning"}
        sheet.data_validation(2, index, MOST_ROWS, index, rule)
        for row, line in enumerate(lines, 2):
            _write(sheet, row, index, line.get(column.key), styles.of(column))
    sheet.set_row(0, 32)
    sheet.freeze_panes(1, 1)


def _write(sheet: Worksheet, row: int, column: int, value: Any, style: Any) -> None:
    if value is None or value == "":
        return
    if isinstance(value, date | time):
        sheet.write_datetime(row, column, value, style)
    elif isinstance(value, str):
        sheet.write_string(row, column, value, style)
    else:
        sheet.write_number(row, column, value, style)
