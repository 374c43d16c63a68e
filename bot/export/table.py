"""A table of texts as an outbox row keeps it in, an Excel workbook with one sheet out."""

import asyncio
from collections.abc import Mapping
from io import BytesIO
from typing import Any

_WIDEST = 60  # characters of a column


async def table_file(kept: Mapping[str, Any]) -> bytes:
    """kept: {"sheet", "columns", "rows"}; beside the messages, for a province it has two thousand rows."""
    return await asyncio.to_thread(_written, kept)


def _written(kept: Mapping[str, Any]) -> bytes:
    from xlsxwriter import Workbook  # with the first table and not with the start, which it makes longer

    buffer = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with Workbook(buffer, options) as book:
        sheet = book.add_worksheet(kept["sheet"])
        bold = book.add_format({"bold": True})
        for column, title in enumerate(kept["columns"]):
            texts = [title, *(row[column] for row in kept["rows"])]
            sheet.set_column(column, column, min(max(len(text) for text in texts) + 2, _WIDEST))
            sheet.write_string(0, column, title, bold)
            for number, row in enumerate(kept["rows"], 1):
                sheet.write_string(number, column, row[column])
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, len(kept["rows"]), len(kept["columns"]) - 1)
    return buffer.getvalue()
