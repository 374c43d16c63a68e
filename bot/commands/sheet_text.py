"""The text of a spreadsheet for `giaoban read`: each row of its first sheets is a line, with tabs between cells."""

import io
import zipfile
from datetime import date, datetime

from openpyxl import load_workbook

from bot.failures import Failed, failed

MOST_BYTES = 2 * 1024 * 1024
MOST_UNPACKED = 20 * 1024 * 1024
MOST_SHEETS, MOST_ROWS, MOST_COLUMNS = 3, 2_000, 40


def sheet_text(name: str, content: bytes) -> str:
    """The rows of the first sheets that people see. Raises Failed for what is no sound spreadsheet, or too large."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
        if len(content) > MOST_BYTES or unpacked > MOST_UNPACKED:
            raise failed("sheet_large", file=name)
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        shown = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        lines = []
        for sheet in shown[:MOST_SHEETS]:
            for row in sheet.iter_rows(max_row=MOST_ROWS, max_col=MOST_COLUMNS, values_only=True):
                line = "\t".join(_written(cell) for cell in row).rstrip("\t")
                if line.strip():
                    lines.append(line)
            lines.append("")
        return "\n".join(lines)
    except Failed:
        raise
    except Exception as error:  # openpyxl raises what its parsers raise
        raise failed("sheet_unsound", file=name) from error


def _written(cell: object) -> str:
    """A cell as a person would type it: 1,5 and not 1.5, no line breaks."""
    if cell is None:
        return ""
    if isinstance(cell, (datetime, date)):
        return f"{cell.day}/{cell.month}/{cell.year}"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell).replace(".", ",")
    return " ".join(str(cell).split())
