"""One-time codes in, a Word file of cards to cut or an Excel list out."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import Any, Final
from xml.sax.saxutils import escape

from docx import Document
from docx.enum.text import WD_BREAK
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.oxml import parse_xml
from docx.parts.image import ImagePart
from docx.shared import Cm, Pt
from xlsxwriter import Workbook

from bot.pictures.qr import qr_png
from handlers.wording.speech import Wording
from storage.people.seats import Seat

COLUMNS: Final = 2
TEXT_CM, PICTURE_CM, ROW_CM = 5.7, 3.3, 5.0
QR_CM, QR_OF_TWO_CM, CODE_PT = 2.9, 2.0, 20
_TWIPS, _EMU = 567, 360_000  # in a centimetre
_NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    ' xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'
    ' xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    ' xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"'
)


@dataclass(frozen=True, slots=True)
class Way:
    """How one channel is entered. channel: as people call it. typed: the code is typed there, else the link has it."""

    channel: str
    link: str
    typed: bool

    def said(self, say: Any) -> str:
        """What the card says of it."""
        if self.typed:
            return str(say("sheet.typed", channel=self.channel, link=self.link.removeprefix("https://")))
        return str(say("sheet.link", channel=self.channel))


@dataclass(frozen=True, slots=True)
class Card:
    """One code. last_on: the last day on which it is good. ways: of each channel that can be entered by a link."""

    seat: Seat
    code: str
    last_on: date
    ways: Sequence[Way] = ()


def as_docx(cards: Sequence[Card]) -> bytes:
    """An A4 document with a sheet for each cluster: ten cards a page, dashed lines to cut along.

    Its tables are written as XML: python-docx's own cells and pictures are searched for one after the other, which
    for a province of two thousand branches takes minutes.
    """
    say = Wording.vietnamese().say
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(1.5)
    section.top_margin = section.bottom_margin = Cm(1.2)
    document.styles["Normal"].font.name = "Times New Roman"
    document.styles["Normal"].font.size = Pt(11)
    document.core_properties.title = say("sheet.title", role=_role(cards, say))
    numbers = itertools.count(1)
    clusters = [list(group) for _, group in itertools.groupby(cards, key=lambda card: card.seat.cluster)]
    for index, sheet in enumerate(clusters):
        heading = document.add_paragraph()
        if index:
            heading.add_run().add_break(WD_BREAK.PAGE)
        cluster = sheet[0].seat.cluster_name or say("sheet.all")
        text = say("sheet.heading", cluster=cluster, role=_role(sheet, say), count=len(sheet))
        heading.add_run(text).bold = True
        table = parse_xml(_table([_card(document, card, numbers, say) for card in sheet]))
        document.element.body.insert_element_before(table, "w:sectPr")
    buffer = BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _role(cards: Sequence[Card], say: Any) -> str:
    """What all of them are, after a space; '' for cards of several roles."""
    roles = {card.seat.role for card in cards}
    return f" {say(f'role.{roles.pop()}')}" if len(roles) == 1 else ""


def _table(cards: list[tuple[str, str]]) -> str:
    """Each card is a cell of text and one of its picture, with no line between the two."""
    edge = "".join(
        f'<w:{side} w:val="dashed" w:sz="4" w:space="0" w:color="808080"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    text_width, picture_width = (int(width * _TWIPS) for width in (TEXT_CM, PICTURE_CM))
    grid = f'<w:gridCol w:w="{text_width}"/><w:gridCol w:w="{picture_width}"/>' * COLUMNS
    height = f'<w:trPr><w:cantSplit/><w:trHeight w:val="{int(ROW_CM * _TWIPS)}" w:hRule="atLeast"/></w:trPr>'
    rows = ""
    for first in range(0, len(cards), COLUMNS):
        row = cards[first : first + COLUMNS]
        row += [("<w:p/>", "<w:p/>")] * (COLUMNS - len(row))
        cells = (
            _column(text, text_width, open_side="right") + _column(picture, picture_width, open_side="left")
            for text, picture in row
        )
        rows += f"<w:tr>{height}{''.join(cells)}</w:tr>"
    return (
        f'<w:tbl {_NAMESPACES}><w:tblPr><w:tblW w:w="{(text_width + picture_width) * COLUMNS}" w:type="dxa"/>'
        f'<w:tblBorders>{edge}</w:tblBorders><w:tblLayout w:type="fixed"/></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>"
    )


def _column(content: str, width: int, open_side: str) -> str:
    borders = f'<w:tcBorders><w:{open_side} w:val="nil"/></w:tcBorders>'
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{borders}</w:tcPr>{content}</w:tc>'


def _card(document: Any, card: Card, numbers: "itertools.count[int]", say: Any) -> tuple[str, str]:
    seat = card.seat
    role = say(f"role.{seat.role}")
    title = "" if seat.title.casefold().startswith(role.casefold()) else seat.title
    whose = ", ".join(filter(None, (seat.parent, f"{role} {seat.expected}".strip(), title)))
    lines = [
        _line(seat.name, bold=True, points=13),
        _line(whose),
        _line(card.code, bold=True, points=CODE_PT, font="Courier New"),
        *(_line(way.said(say), points=9) for way in card.ways),
        *([] if card.ways else [_line(say("sheet.no_link"), points=9)]),
        _line(say("sheet.once", day=f"{card.last_on:%d/%m/%Y}"), points=9),
    ]
    several = len(card.ways) > 1
    pictures = [
        (_line(way.channel, points=8) if several else "")
        + _picture(document, way.link, next(numbers), QR_OF_TWO_CM if several else QR_CM)
        for way in card.ways
    ]
    return "".join(lines), "".join(pictures) or "<w:p/>"


def _line(text: str, bold: bool = False, points: int = 11, font: str = "") -> str:
    fonts = f'<w:rFonts w:ascii="{font}" w:hAnsi="{font}" w:cs="{font}"/>' if font else ""
    return (
        '<w:p><w:pPr><w:spacing w:before="0" w:after="0"/></w:pPr><w:r><w:rPr>'
        f'{fonts}{"<w:b/>" if bold else ""}<w:sz w:val="{points * 2}"/></w:rPr>'
        f'<w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p>'
    )


def _picture(document: Any, link: str, number: int, wide: float) -> str:
    """The QR code as a picture of its own, related to the document under an id that is not searched for."""
    part = ImagePart(PackURI(f"/word/media/code{number}.png"), "image/png", qr_png(link, scale=4))
    related = f"rIdCode{number}"
    document.part.rels.add_relationship(RELATIONSHIP_TYPE.IMAGE, part, related)
    size = int(wide * _EMU)
    return (
        '<w:p><w:pPr><w:spacing w:before="0" w:after="0"/></w:pPr><w:r><w:drawing><wp:inline>'
        f'<wp:extent cx="{size}" cy="{size}"/><wp:docPr id="{number}" name="QR {number}"/>'
        '<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic>'
        f'<pic:nvPicPr><pic:cNvPr id="{number}" name="QR {number}"/><pic:cNvPicPr/></pic:nvPicPr>'
        f'<pic:blipFill><a:blip r:embed="{related}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
        f'<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{size}" cy="{size}"/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic>'
        "</wp:inline></w:drawing></w:r></w:p>"
    )


def as_xlsx(cards: Sequence[Card]) -> bytes:
    """The same as a list, a row for each code; every text goes in as a text, never as a formula or a link."""
    say = Wording.vietnamese().say
    buffer = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    file = Workbook(buffer, options)
    sheet = file.add_worksheet(say("sheet.list"))
    bold = file.add_format({"bold": True})
    widths = (20, 26, 12, 34, 16, 24, 16, 14, 60)
    for column, (title, width) in enumerate(zip(say("sheet.columns").split("|"), widths, strict=True)):
        sheet.write_string(0, column, title, bold)
        sheet.set_column(column, column, width)
    sheet.freeze_panes(1, 0)
    for row, card in enumerate(cards, 1):
        seat = card.seat
        whose = (seat.code, seat.name, say(f"role.{seat.role}"), seat.expected)
        links = " ".join(way.link for way in card.ways)
        texts = (seat.cluster_name, seat.parent, *whose, card.code, f"{card.last_on:%d/%m/%Y}", links)
        for column, text in enumerate(texts):
            sheet.write_string(row, column, text)
    file.close()
    return buffer.getvalue()
