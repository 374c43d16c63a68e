"""Sheets of a workbook in, rows of checked cells out; what is wrong becomes a fault with sheet, cell and reason."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from pydantic import ValidationError

from bot.spreadsheet.cells import clean, row_model
from bot.spreadsheet.merged import Areas, merged_areas
from bot.spreadsheet.sheets import EXAMPLE, GUIDE, LISTS, SHEETS, Column, Sheet
from handlers.commands import folded
from handlers.wording.speech import Wording

QUOTED = 40  # characters of a cell in a fault
SHEET_NAME = 31  # characters, the most Excel allows

MOST_ROWS: Final = 20_000  # of one sheet
MOST_EMPTY: Final = 20_000  # rows in a row that are there and hold nothing: what follows is formatting
LAST_ROW: Final = 1_048_576  # of any spreadsheet; a file may claim others
MOST_COLUMNS: Final = 60


@dataclass(frozen=True, slots=True)
class CellFault:
    """One fault of the file. cell: "C7", or '' for the sheet as a whole."""

    sheet: str
    cell: str
    reason: str

    @property
    def order(self) -> tuple[int, int]:
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
    """All that was read, and what is wrong with it. whole: no sheet was left half read. notes: what was taken in a way
    that cannot be seen in the file's rows, a line each.
    """

    wording: Wording
    rows: dict[str, list[SheetRow]] = field(default_factory=dict)
    faults: list[CellFault] = field(default_factory=list)
    notes: list[CellFault] = field(default_factory=list)
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
        if (title := folded(clean(name))) in (folded(GUIDE), folded(LISTS)):
            continue
        if (sheet := sheets.get(title)) is None and book[name].sheet_state != "visible":
            # Other programs keep what is theirs in a sheet that nobody sees, let alone can name.
            result.notes.append(CellFault(clean(name)[:SHEET_NAME], "", wording.say("import.hidden_sheet")))
        elif sheet is None:
            result.sheet_fault(clean(name)[:SHEET_NAME], "no_sheet", sheets=", ".join(one.name for one in SHEETS))
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
    columns = _columns(next(lines, ()), sheet, book)
    if columns is None:
        return
    letters = {column.key: get_column_letter(index + 1) for column, index in columns}
    with content.parent._archive.open(content._worksheet_path) as part:
        merged = _Merged(merged_areas(part), sheet, columns, book)
    seen: dict[tuple[str, ...], int] = {}
    count = empty = 0
    nothing: Any = None
    for number, cells in enumerate(lines, 2):
        if number > LAST_ROW or empty >= MOST_EMPTY:
            words = book.wording.say("import.not_read", row=number, count=MOST_EMPTY)
            book.notes.append(CellFault(sheet.name, "", words))
            return
        if cells is nothing:
            continue  # rows that are not in the file are one and the same to the library
        texts = [(column, cells[index] if index < len(cells) else None) for column, index in columns]
        if all(cell is None or cell.value is None or cell.value == "" for _, cell in texts):
            nothing, empty = cells, empty + 1
            continue
        empty = 0
        if clean(str(texts[0][1].value if texts[0][1] is not None else "")).upper().startswith(EXAMPLE):
            continue
        if (count := count + 1) > MOST_ROWS:
            book.sheet_fault(sheet.name, "too_many", most=str(MOST_ROWS))
            return
        step()
        row = SheetRow(sheet, number, {}, letters)
        texts = merged.filled(row, texts)
        _fill(row, {column.key: cell for column, cell in texts}, book, known)
        by = tuple(str(row[key] or "").casefold() for key in sheet.by)
        if by[0] and (first := seen.setdefault(by, number)) != number:
            book.fault(row, sheet.by[0], "twice", text=" · ".join(str(row[key]) for key in sheet.by if row[key]),
                       first=str(first))  # fmt: skip
        yield row


class _Merged:
    """The merged cells of one sheet: an area down a column has its value in each of its rows; one across columns could
    mean any of them.
    """

    def __init__(self, areas: Areas, sheet: Sheet, columns: Sequence[tuple[Column, int]], book: Book) -> None:
        self._areas = {first: last for first, last in areas.items() if first[0] > 1}
        self._columns = {column.key: index + 1 for column, index in columns}
        self._sheet, self._book = sheet, book
        self._down: dict[str, tuple[int, Any]] = {}  # by column: the last row of the area, and its cell

    def filled(self, row: SheetRow, cells: list[tuple[Column, Any]]) -> list[tuple[Column, Any]]:
        """The cells of a row, those of an area begun further up with its value; every row that is read passes here."""
        if not self._areas:
            return cells
        found = []
        for column, cell in cells:
            at = self._columns[column.key]
            empty = cell is None or cell.value is None or cell.value == ""
            last = self._areas.get((row.number, at))
            if last is not None and not empty:
                self._begun(row, column, cell, last)
            until, above = self._down.get(column.key, (0, None))
            found.append((column, above if empty and row.number <= until else cell))
        return found

    def _begun(self, row: SheetRow, column: Column, cell: Any, last: tuple[int, int]) -> None:
        """An area whose first cell stands in that row."""
        last_row, last_column = last
        at = self._columns[column.key]
        area = f"{row.letters[column.key]}{row.number}:{get_column_letter(last_column)}{last_row}"
        if any(at < other <= last_column for other in self._columns.values()):
            self._book.fault(row, column.key, "merged_across", area=area)
        elif last_row > row.number:
            self._down[column.key] = (last_row, cell)
            words = self._book.wording.say("import.merged", text=clean(str(cell.value))[:QUOTED])
            self._book.notes.append(CellFault(self._sheet.name, area, words))


def _columns(head: tuple[Any, ...], sheet: Sheet, book: Book) -> list[tuple[Column, int]] | None:
    """Which column stands where, by the headings; None where one that is needed is missing."""
    columns = {folded(column.heading): column for column in sheet.columns}
    found: dict[str, int] = {}
    for index, cell in enumerate(head):
        if cell.value is None or not (text := clean(str(cell.value))):
            continue
        if (column := columns.get(folded(text))) is None or column.key in found:
            cell_name = f"{get_column_letter(index + 1)}1"
            words = book.wording.say(
                "import.no_column" if column is None else "import.column_twice", text=text[:QUOTED]
            )
            book.faults.append(CellFault(sheet.name, cell_name, words))
        else:
            found[column.key] = index
    missing = [column.heading for column in sheet.columns if column.required and column.key not in found]
    if missing:
        book.sheet_fault(sheet.name, "columns_missing", columns=", ".join(missing))
        return None
    return [(column, found[column.key]) for column in sheet.columns if column.key in found]


def _fill(row: SheetRow, cells: dict[str, Any], book: Book, known: dict[str, dict[str, str]]) -> None:
    """Checks the row's cells all at once; each one that is wrong is a fault and stays empty."""
    model = row_model(row.sheet)
    try:
        checked = model.model_validate(cells, context=known)
    except ValidationError as error:
        for one in error.errors(include_url=False):
            book.fault(row, str(one["loc"][0]), one["type"], **one.get("ctx", {}))
        checked = model.model_validate(
            {key: cell for key, cell in cells.items() if key not in row.faulty}, context=known
        )
    row.values.update({key: getattr(checked, key) for key in cells})
