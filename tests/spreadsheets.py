"""Spreadsheets for the tests, written with the program's own headings: a whole province, or a few rows."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from xlsxwriter import Workbook

from bot.spreadsheet.sheets import BRIEFINGS, CLUSTERS, PEOPLE, SHEETS, TARGETS, UNITS, Sheet

Rows = Sequence[Mapping[str, Any]]


def write(path: Path, sheets: Mapping[Sheet, Rows] | Mapping[str, Rows]) -> Path:
    """Writes rows (by column key) under the headings of their sheets; a formula stays one."""
    by_key = {sheet.key: sheet for sheet in SHEETS}
    with Workbook(path, {"in_memory": True, "strings_to_urls": False}) as book:
        for key, rows in sheets.items():
            sheet = key if isinstance(key, Sheet) else by_key[key]
            content = book.add_worksheet(sheet.name)
            for place, column in enumerate(sheet.columns):
                content.write_string(0, place, column.heading)
            for number, row in enumerate(rows, 1):
                for place, column in enumerate(sheet.columns):
                    if (value := row.get(column.key)) is not None:
                        content.write(number, place, value)
    return path


def province(communes: int = 124, branches: int = 2_000, clusters: int = 6) -> dict[str, list[dict[str, Any]]]:
    """The rows of a province: communes in clusters, branches under them, their people, briefings, targets."""
    names = [f"C{number}" for number in range(1, clusters + 1)]
    units: list[dict[str, Any]] = [
        {"code": "TD", "name": "Tỉnh đoàn Hòa An", "level": "tinh_doan", "from_on": "01/07/2025"}
    ]
    people: list[dict[str, Any]] = []
    for number in range(communes):
        code = f"DX{number:03}"
        units.append(
            {"code": code, "name": f"Đoàn xã {number}", "level": "doan_co_so", "parent": "TD",
             "cluster": names[number % clusters], "from_on": "01/07/2025"}
        )  # fmt: skip
        people.append({"name": f"Bí thư xã {number}", "role": "Bí thư", "unit": code, "title": "Bí thư Đoàn xã"})
    for number in range(branches):
        code = f"CD{number:05}"
        units.append(
            {"code": code, "name": f"Chi đoàn {number}", "level": "chi_doan", "parent": f"DX{number % communes:03}",
             "from_on": "01/07/2025"}
        )  # fmt: skip
        people.append({"name": f"Bí thư {number}", "role": "Bí thư", "unit": code, "title": "Bí thư Chi đoàn"})
    people += [
        {"name": f"Chủ trì {name}", "role": "Chủ trì cụm", "cluster": name, "title": "Phó Bí thư Tỉnh đoàn"}
        for name in names
    ]
    people += [
        {"name": "Hà", "role": "Lãnh đạo", "unit": "TD", "title": "Bí thư Tỉnh đoàn"},
        {"name": "Vân", "role": "Văn phòng", "unit": "TD", "title": "Chánh Văn phòng"},
    ]
    return {
        UNITS.key: units,
        CLUSTERS.key: [
            {"code": name, "name": f"Cụm thi đua số {number}", "from_on": "01/07/2025"}
            for number, name in enumerate(names, 1)
        ],
        PEOPLE.key: people,
        BRIEFINGS.key: [
            {"period": "2026-Q1", "cluster": name, "on": f"{14 + number}/04/2026", "time": "08:00",
             "place": "Hội trường Tỉnh đoàn", "mode": "trực tiếp", "chair": f"Chủ trì {name}",
             "host": f"DX{number:03}"}
            for number, name in enumerate(names)
        ],
        TARGETS.key: [
            {"period": "2026-Q1", "unit": "TD", "indicator": "don_vi_mau", "amount": 1500, "due_on": "31/12/2026"}
        ],
    }  # fmt: skip
