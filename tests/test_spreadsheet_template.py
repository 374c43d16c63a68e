"""The template an office opens in a spreadsheet program: explained, with lists, a frozen head and one example row."""

from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.workbook import Workbook
from province import CATALOGUE

from bot.spreadsheet.sheets import EXAMPLE, GUIDE, LISTS, SHEETS
from bot.spreadsheet.template import template
from reporting.organisation.units import UnitLevel

LEVELS = [
    UnitLevel("tinh_doan", "Tỉnh, thành phố", 1, None),
    UnitLevel("huyen_doan", "Huyện (đến 30/6/2025)", 2, date(2025, 6, 30)),
    UnitLevel("chi_doan", "Chi đoàn", 4, None),
]
DAY = date(2026, 4, 6)


@pytest.fixture(scope="module")
def book() -> Workbook:
    return opened(template(LEVELS, CATALOGUE, DAY))


def opened(content: bytes) -> Workbook:
    return load_workbook(BytesIO(content))


def test_the_sheets_stand_in_the_order_in_which_they_are_filled(book: Workbook) -> None:
    assert book.sheetnames == [
        GUIDE,
        "Đơn vị",
        "Cụm",
        "Người",
        "Kỳ",
        "Giao ban",
        "Chỉ tiêu",
        "Số liệu cũ",
        "Từ riêng",
        LISTS,
    ]


def test_every_column_is_explained_in_the_guide(book: Workbook) -> None:
    said = {(row[0].value, row[1].value) for row in book[GUIDE].iter_rows(max_col=2)}
    for sheet in SHEETS:
        for column in sheet.columns:
            assert (column.heading, f"{'Bắt buộc. ' if column.required else ''}{column.note}") in said


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.key)
def test_a_sheet_has_a_frozen_head_and_one_example_that_says_so(book: Workbook, sheet: Any) -> None:
    content = book[sheet.name]
    assert [cell.value for cell in content[1]] == [column.heading for column in sheet.columns]
    assert content.freeze_panes == "B2"
    assert str(content["A2"].value).startswith(EXAMPLE)
    assert content.max_row == 2


def test_what_can_be_chosen_has_a_list(book: Workbook) -> None:
    lists = {
        (sheet.key, column.key): rule.formula1
        for sheet in SHEETS
        for rule in book[sheet.name].data_validations.dataValidation
        if rule.type == "list"
        for column in [sheet.columns[next(iter(rule.sqref.ranges)).min_col - 1]]
    }
    assert lists == {
        ("units", "level"): f"'{LISTS}'!$A$2:$A$4",
        ("units", "cluster"): "'Cụm'!$A$3:$A$20000",
        ("people", "role"): f"'{LISTS}'!$B$2:$B$9",
        ("people", "cluster"): "'Cụm'!$A$3:$A$20000",
        ("briefings", "cluster"): "'Cụm'!$A$3:$A$20000",
        ("briefings", "mode"): f"'{LISTS}'!$C$2:$C$4",
        ("targets", "indicator"): f"'{LISTS}'!$D$2:$D${1 + sum(i.targetable for i in CATALOGUE.indicators.values())}",
        ("targets", "cluster"): "'Cụm'!$A$3:$A$20000",
        ("history", "indicator"): f"'{LISTS}'!$D$2:$D${1 + sum(i.targetable for i in CATALOGUE.indicators.values())}",
        ("words", "indicator"): f"'{LISTS}'!$D$2:$D${1 + sum(i.targetable for i in CATALOGUE.indicators.values())}",
    }
    assert [book[LISTS].cell(row, 1).value for row in (2, 3, 4)] == [
        "Tỉnh, thành phố", "Chi đoàn", "Huyện (đến 30/6/2025)",
    ]  # fmt: skip


def test_nobody_is_asked_for_a_telephone_number() -> None:
    headings = " ".join(column.heading for sheet in SHEETS for column in sheet.columns).lower()
    assert not any(word in headings for word in ("điện thoại", "sđt", "căn cước", "email"))


def test_what_begins_like_a_formula_goes_out_as_text(tmp_path: Path) -> None:
    lines = {"units": [{"code": "T", "name": text} for text in ("+1", "-1", "@x", "=1+1", "http://x")]}
    sheet = opened(template(LEVELS, CATALOGUE, DAY, lines))["Đơn vị"]
    cells = [sheet.cell(row, 2) for row in range(3, 8)]
    assert [cell.data_type for cell in cells] == ["s"] * 5
    assert [cell.hyperlink for cell in cells] == [None] * 5
