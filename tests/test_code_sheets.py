"""Sheets of codes: every card whole, a page's picture leads to the bot, no text becomes markup or a formula."""

from dataclasses import replace
from datetime import date
from io import BytesIO

import pytest
from docx import Document
from openpyxl import load_workbook

from bot.export.code_sheets import Card, Way, as_docx, as_xlsx
from storage.people.seats import Seat

LAST = date(2026, 5, 1)


def card(
    number: int, cluster: str = "C1", name: str = "Chi đoàn thôn Đông", link: str = "", expected: str = ""
) -> Card:
    seat = Seat(number, f"CD{number}", name, "chi_doan", 1, "Đoàn xã Tân Lập", cluster, f"Cụm {cluster}", False, None,
                expected)  # fmt: skip
    ways = (Way("Telegram", f"{link}{number}", typed=False),) if link else ()
    return Card(seat, f"K7M2Q-9XD{number:02}", LAST, ways)


def test_each_cluster_has_its_own_sheet_and_each_unit_its_card() -> None:
    cards = [card(1), card(2), card(3), card(4, "C2")]
    document = Document(BytesIO(as_docx(cards)))
    assert [p.text.split(":")[0].strip() for p in document.paragraphs if p.text.strip()] == ["Cụm C1", "Cụm C2"]
    assert [len(table.rows) for table in document.tables] == [2, 1]
    texts = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    assert [sum(card.code in text for text in texts) for card in cards] == [1, 1, 1, 1]
    assert all("01/05/2026" in text for text in texts if "K7M2Q" in text)
    assert round(document.sections[0].page_width.cm, 1) == 21.0


def test_with_a_bot_each_card_has_the_picture_of_its_own_link() -> None:
    document = Document(BytesIO(as_docx([card(n, link="https://t.me/x?start=") for n in range(1, 4)])))
    assert len(document.inline_shapes) == 3
    related = [shape._inline.graphic.graphicData.pic.blipFill.blip.embed for shape in document.inline_shapes]
    pictures = [document.part.related_parts[name].blob for name in related]
    assert len(set(pictures)) == 3
    assert all(picture.startswith(b"\x89PNG") for picture in pictures)


def test_a_card_says_for_each_channel_how_it_is_entered() -> None:
    both = (Way("Telegram", "https://t.me/x?start=1", typed=False), Way("Zalo", "https://zalo.me/12", typed=True))
    document = Document(BytesIO(as_docx([replace(card(1), ways=both)])))
    text, squares = (cell.text for cell in document.tables[0].rows[0].cells[:2])
    assert "Telegram: quét mã vuông, bấm Bắt đầu" in text
    assert "Zalo: quét mã vuông hoặc mở zalo.me/12, nhắn mã trên" in text
    assert squares.split() == ["Telegram", "Zalo"]
    assert len(document.inline_shapes) == 2
    sheet = load_workbook(BytesIO(as_xlsx([replace(card(1), ways=both)]))).active
    assert sheet is not None
    assert sheet["I2"].value == "https://t.me/x?start=1 https://zalo.me/12"


def test_a_name_with_signs_of_markup_stays_a_name() -> None:
    document = Document(BytesIO(as_docx([card(1, name="Chi đoàn A & B < C", expected="Trần & Lê")])))
    lines = document.tables[0].rows[0].cells[0].text.splitlines()
    assert lines[:2] == ["Chi đoàn A & B < C", "Đoàn xã Tân Lập, Bí thư Trần & Lê"]


@pytest.mark.parametrize("name", ["=1+1", "+84", "@SUM(A1)", "https://example.org"])
def test_in_the_list_every_text_stays_a_text(name: str) -> None:
    sheet = load_workbook(BytesIO(as_xlsx([card(1, name=name)]))).active
    assert sheet is not None
    assert (sheet["D2"].value, sheet["D2"].data_type, sheet["D2"].hyperlink) == (name, "s", None)
    assert (sheet["G2"].value, sheet["H2"].value) == ("K7M2Q-9XD01", "01/05/2026")
