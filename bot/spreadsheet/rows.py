"""Reads the sheets into rows of checked cells; what is wrong becomes a fault with its sheet, cell and reason."""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook

from bot.spreadsheet.sheets import EXAMPLE, GUIDE, LISTS, NO_CLUSTER, SHEETS, Column, Sheet
from handlers.commands import folded
from handlers.wording.speech import Wording

MOST_ROWS: Final = 20_000  # of one sheet
MOST_EMPTY: Final = 1_000  # empty rows in a row: what follows is formatting
MOST_COLUMNS: Final = 60

_CODE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_DAY: Final = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})|(\d{4})-(\d{1,2})-(\d{1,2})")
_TIME: Final = re.compile(r"(\d{1,2})\s*(?:[:hg]\s*(\d{1,2})?)(?::00)?", re.IGNORECASE)
_FORMULA: Final = "=+-@"  # with these a spreadsheet begins to reckon
_INVISIBLE: Final = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad]")


@dataclass(frozen=True, slots=True)
class CellFault:
    """One fault of the file. cell: "C7", or '' for the sheet as a whole."""

    sheet: str
    cell: str
    reason: str

    @property
    def place(self) -> tuple[int, int]:
        """Where it stands in the order of the file: sheet and row."""
        names = [sheet.name for sheet in SHEETS]
        number = re.sub(r"\D", "", self.cell)
        return names.index(self.sheet) if self.sheet in names else -1, int(number or 0)

    def __str__(self) -> str:
        return f"{self.sheet}{'!' + self.cell if self.cell else ''}: {self.reason}"


@dataclass(slots=True)
class SheetRow:
    """One row: checked values by column key, None where a cell is empty. faulty: the columns of cells at fault."""

    sheet: Sheet
    number: int
    values: dict[str, Any]
    letters: dict[str, str]
    faulty: set[str] = field(default_factory=set)

    @property
    def wrong(self) -> bool:
        """Whether one of its cells is at fault."""
        return bool(self.faulty)

    def __getitem__(self, key: str) -> Any:
        return self.values.get(key)


@dataclass(slots=True)
class Book:
    """All that was read, and what is wrong with it. whole: no sheet was left half read."""

    wording: Wording
    rows: dict[str, list[SheetRow]] = field(default_factory=dict)
    faults: list[CellFault] = field(default_factory=list)
    whole: bool = True

    def fault(self, row: SheetRow, key: str, reason: str, /, **parts: str) -> None:
        """Notes a fault of a row's cell; the first of a cell is told."""
        if key in row.faulty:
            return
        row.faulty.add(key)
        cell = f"{row.letters.get(key, '')}{row.number}"
        self.faults.append(CellFault(row.sheet.name, cell, self.wording.say(f"import.{reason}", **parts)))

    def check_days(self, row: SheetRow) -> None:
        """A fault where the row's own days run backwards."""
        first, last = row["from_on"], row["last_on"]
        if first is not None and last is not None and last < first:
            self.fault(row, "last_on", "backwards", since=f"{first:%d/%m/%Y}", last=f"{last:%d/%m/%Y}")

    def sheet_fault(self, sheet: str, reason: str, /, **parts: str) -> None:
        """Notes a fault of a sheet as a whole, which is not read on."""
        self.whole = False
        self.faults.append(CellFault(sheet, "", self.wording.say(f"import.{reason}", **parts)))


def read_book(book: Workbook, wording: Wording, known: dict[str, dict[str, str]], step: Callable[[], None]) -> Book:
    """Every row of every sheet of the template.

    known: by kind (level, role, mode, indicator), what a cell may say, folded, and the code it means. step: called
    for each row. After too many rows nothing more is read.
    """
    result = Book(wording)
    sheets = {folded(sheet.name): sheet for sheet in SHEETS}
    for name in book.sheetnames:
        if (title := folded(_clean(name))) in (folded(GUIDE), folded(LISTS)):
            continue
        if (sheet := sheets.get(title)) is None:
            result.sheet_fault(_clean(name)[:31], "no_sheet", sheets=", ".join(one.name for one in SHEETS))
        elif sheet.key in result.rows:
            result.sheet_fault(sheet.name, "sheet_twice")
        else:
            result.rows[sheet.key] = list(_rows(book[name], sheet, result, known, step))
    if not result.rows and not result.faults:
        result.sheet_fault(", ".join(one.name for one in SHEETS), "nothing")
    return result


def _rows(
    content: Any, sheet: Sheet, book: Book, known: dict[str, dict[str, str]], step: Callable[[], None]
) -> Iterator[SheetRow]:
    if not hasattr(content, "iter_rows"):  # a chart sheet
        book.sheet_fault(sheet.name, "nothing")
        return
    content.reset_dimensions()  # what a file claims of its size is not believed
    lines = content.iter_rows(max_col=MOST_COLUMNS)
    places = _places(next(lines, ()), sheet, book)
    if places is None:
        return
    letters = {column.key: get_column_letter(place + 1) for column, place in places}
    seen: dict[tuple[str, ...], int] = {}
    count = empty = 0
    for number, cells in enumerate(lines, 2):
        texts = [(column, cells[place] if place < len(cells) else None) for column, place in places]
        if all(cell is None or cell.value is None or cell.value == "" for _, cell in texts):
            if (empty := empty + 1) > MOST_EMPTY:
                return
            continue
        empty = 0
        if _clean(str(texts[0][1].value if texts[0][1] is not None else "")).upper().startswith(EXAMPLE):
            continue
        if (count := count + 1) > MOST_ROWS:
            book.sheet_fault(sheet.name, "too_many", most=str(MOST_ROWS))
            return
        step()
        row = SheetRow(sheet, number, {}, letters)
        for column, cell in texts:
            row.values[column.key] = _cell(row, column, cell, book, known)
        by = tuple(str(row[key] or "").casefold() for key in sheet.by)
        if by[0] and (first := seen.setdefault(by, number)) != number:
            book.fault(row, sheet.by[0], "twice", text=" · ".join(str(row[key]) for key in sheet.by if row[key]),
                       first=str(first))  # fmt: skip
        yield row


def _places(head: tuple[Any, ...], sheet: Sheet, book: Book) -> list[tuple[Column, int]] | None:
    """Which column stands where, by the headings; None where one that is needed is missing."""
    columns = {folded(column.heading): column for column in sheet.columns}
    found: dict[str, int] = {}
    for place, cell in enumerate(head):
        if cell.value is None or not (text := _clean(str(cell.value))):
            continue
        if (column := columns.get(folded(text))) is None or column.key in found:
            cell_name = f"{get_column_letter(place + 1)}1"
            words = book.wording.say("import.no_column" if column is None else "import.column_twice", text=text[:40])
            book.faults.append(CellFault(sheet.name, cell_name, words))
        else:
            found[column.key] = place
    missing = [column.heading for column in sheet.columns if column.required and column.key not in found]
    if missing:
        book.sheet_fault(sheet.name, "columns_missing", columns=", ".join(missing))
        return None
    return [(column, found[column.key]) for column in sheet.columns if column.key in found]


def _clean(text: str) -> str:
    """As people meant it: composed letters, no invisible ones, single spaces."""
    return " ".join(_INVISIBLE.sub("", unicodedata.normalize("NFC", text)).split())


def _cell(row: SheetRow, column: Column, cell: Any, book: Book, known: dict[str, dict[str, str]]) -> Any:
    """The checked value of a cell, None where it is empty or wrong."""
    value = None if cell is None else cell.value
    hidden = _hidden(value) if column.kind == "text" and isinstance(value, str) else ""
    if isinstance(value, str):
        value = _clean(value)
    if value is None or value == "":
        if column.required:
            book.fault(row, column.key, "missing", column=column.heading)
        return None
    if cell.data_type in ("f", "e") or not isinstance(value, str | int | float | date | time):
        book.fault(row, column.key, "error" if cell.data_type == "e" else "formula")
        return None
    if hidden:  # it would make a name look like another one on cards and in chats
        book.fault(row, column.key, "hidden", text=hidden)
        return None
    if column.kind == "text" and str(value)[0] in _FORMULA:
        book.fault(row, column.key, "starts", text=str(value)[0])
        return None
    if isinstance(value, str) and value.startswith("="):
        book.fault(row, column.key, "formula")
        return None
    try:
        return _meant(column, value, known)
    except _Wrong as wrong:
        reason = wrong.args[0]
        book.fault(row, column.key, reason, text=str(value)[:40], most=str(column.longest))
        return None


def _hidden(text: str) -> str:
    """The first character of a text that cannot be seen, as "U+202E"; '' for none. Line breaks are spaces."""
    found = next((c for c in text if c not in "\t\n\r" and unicodedata.category(c) in ("Cc", "Cf", "Co")), "")
    return f"U+{ord(found):04X}" if found else ""


class _Wrong(Exception):
    """The reason why a cell's value cannot be taken."""


def _meant(column: Column, value: Any, known: dict[str, dict[str, str]]) -> Any:
    match column.kind:
        case "day":
            return _day(value)
        case "time":
            return _time(value)
        case "number":
            return _number(value)
    if isinstance(value, datetime | date | time | bool):
        raise _Wrong("not_a_text")
    text = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
    if len(text) > column.longest:
        raise _Wrong("too_long")
    match column.kind:
        case "code":
            return text if text == NO_CLUSTER and column.key == "cluster" else _code(text)
        case "codes":
            return tuple(_code(part.strip()) for part in re.split(r"[,;]", text) if part.strip())
        case "level" | "role" | "mode" | "indicator":
            code = known[column.kind].get(folded(text.partition(" — ")[0]))
            if code is None:
                raise _Wrong(f"no_{column.kind}")
            return code
    return text


def _code(text: str) -> str:
    if not _CODE.fullmatch(text):
        raise _Wrong("not_a_code")
    return text


def _day(value: Any) -> date:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, str) and (match := _DAY.fullmatch(value)):
        day, month, year, iso_year, iso_month, iso_day = match.groups()
        try:
            return date(int(year or iso_year), int(month or iso_month), int(day or iso_day))
        except ValueError:
            pass
    raise _Wrong("not_a_day")


def _time(value: Any) -> time:
    if isinstance(value, datetime):
        value = value.time()
    if isinstance(value, time):
        return value.replace(second=0, microsecond=0)
    if isinstance(value, str) and (match := _TIME.fullmatch(value)):
        hour, minute = int(match[1]), int(match[2] or 0)
        if hour < 24 and minute < 60:
            return time(hour, minute)
    raise _Wrong("not_a_time")


def _number(value: Any) -> Decimal:
    """A number typed as one, or as text in the Vietnamese way: "1.500", "3,5"."""
    if isinstance(value, bool | date | time):
        raise _Wrong("not_a_number")
    text = str(value)
    if isinstance(value, str):
        if re.fullmatch(r"\d{1,3}(\.\d{3})+(,\d+)?", text):
            text = text.replace(".", "")
        text = text.replace(",", ".")
    try:
        number = Decimal(text)
    except InvalidOperation as error:
        raise _Wrong("not_a_number") from error
    if not number.is_finite() or number < 0:
        raise _Wrong("not_a_number")
    return number
