"""The built-in Word template of the report out: the Union's form with tags an office may move and edit in Word."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any, ClassVar, Final

from docx import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from handlers.wording.speech import Wording

FONT: Final = "Times New Roman"
BODY_PT, TITLE_PT, SMALL_PT = 14, 15, 11
# A4 and its margins in millimetres: top, bottom, left, right (HD 29-HD/TWĐTN-VP, 2013).
MARGINS_MM: Final = (20, 20, 30, 20)
MACHINE: Final = "May lap"  # the style of sentences that the machine wrote, as Word lists it
_HALVES_MM: Final = (72, 88)
_ANNEX_MM: Final = (10, 82, 24, 20, 22, 20, 22, 14, 33)  # on a page that lies across
ANNEX_FIELDS: Final = ("tt", "noi_dung", "dvt", "chi_tieu", "ket_qua", "cung_ky", "luy_ke", "ty_le", "ghi_chu")
_NUMBERS: Final = frozenset(ANNEX_FIELDS[3:8])


def builtin_template(wording: Wording) -> bytes:
    """The template as a .docx; `giaoban template FILE.docx` writes it for an office to edit."""
    return laid_out(FormPaper, wording)


def laid_out(paper: "type[FormPaper]", wording: Wording) -> bytes:
    """The template of that paper as a .docx."""
    document = Document()
    _page(document)
    paper(document, wording).write()
    buffer = BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _page(document: Any) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin, section.left_margin, section.right_margin = map(Mm, MARGINS_MM)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = FONT, Pt(BODY_PT)
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
    normal.paragraph_format.space_after = Pt(3)
    machine = document.styles.add_style(MACHINE, WD_STYLE_TYPE.CHARACTER)
    machine.font.italic = True
    shade = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", "EDEDED")):
        shade.set(qn(f"w:{name}"), value)
    machine.element.get_or_add_rPr().append(shade)


class FormPaper:
    """A paper in the Union's form, its texts as tags: the report; a paper with another body begins from it."""

    # Its fixed words: of the note that a machine made it, of its number, of what it is.
    WORDS: ClassVar[tuple[str, str, str]] = ("report.machine_note", "report.number", "report.kind")

    def __init__(self, document: Any, wording: Wording) -> None:
        self._document = document
        self._say = wording.say

    def write(self) -> None:
        """Eight parts of a Union paper, then the pictures and the annex."""
        self._machine_note()
        self._head()
        self._title()
        self._body()
        self._signature()
        self._where_any("thu_tu", self._say("report.speaking"), "{{ cau }}")
        self._pictures()
        self._annex()

    def _line(self, text: str, **look: Any) -> Any:
        paragraph = self._document.add_paragraph()
        return self._run(paragraph, text, **look)

    @staticmethod
    def _run(paragraph: Any, text: str, **look: Any) -> Any:
        run = paragraph.add_run(text, style=look.get("style"))
        run.bold, run.italic = look.get("bold"), look.get("italic")
        if "size" in look:
            run.font.size = Pt(look["size"])
        if "side" in look:
            paragraph.alignment = look["side"]
        if "after" in look:
            paragraph.paragraph_format.space_after = Pt(look["after"])
        return paragraph

    def _machine_note(self) -> None:
        header = self._document.sections[0].header.paragraphs[0]
        self._run(header, self._say(self.WORDS[0]), italic=True, size=10, side=WD_ALIGN_PARAGRAPH.RIGHT)
        footer = self._document.sections[0].footer.paragraphs[0]
        self._run(footer, self._say("report.version"), size=10, side=WD_ALIGN_PARAGRAPH.RIGHT)

    def _cell(self, cell: Any, lines: Any) -> None:
        for number, (text, look) in enumerate(lines):
            paragraph = cell.paragraphs[0] if not number else cell.add_paragraph()
            self._run(paragraph, text, **{"side": WD_ALIGN_PARAGRAPH.CENTER, "after": 0, **look})

    def _head(self) -> None:
        table = self._document.add_table(rows=1, cols=2)
        table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
        _widths(table, _HALVES_MM)
        left, right = table.rows[0].cells
        self._cell(left, [
            ("{%p if cap_tren %}", {}), ("{{ cap_tren }}", {}), ("{%p endif %}", {}),
            ("{{ co_quan }}", {"bold": True}), ("***", {"bold": True}),
            (self._say(self.WORDS[1], blank=" " * 8), {"size": BODY_PT}),
        ])  # fmt: skip
        self._cell(right, [
            (self._say("report.union"), {"bold": True, "size": TITLE_PT}),
            (self._say("report.day", blank=" " * 6), {"italic": True}),
        ])  # fmt: skip
        _rule_below(right.paragraphs[0])

    def _title(self) -> None:
        centre = WD_ALIGN_PARAGRAPH.CENTER
        self._document.add_paragraph()
        self._line(self._say(self.WORDS[2]), bold=True, size=TITLE_PT + 1, side=centre, after=0)
        self._line("{{ trich_yeu }}", bold=True, side=centre, after=0)
        self._line("-----", side=centre, after=12)

    def _machine(self, tag: str) -> None:
        self._line(tag, style=MACHINE, side=WD_ALIGN_PARAGRAPH.JUSTIFY)

    def _listed(self, heading: str, tag: str, item: str = "- {{ cau }}") -> None:
        """A heading and a paragraph for each sentence of that list."""
        self._line(heading, bold=True).paragraph_format.keep_with_next = True
        self._line(f"{{%p for cau in {tag} %}}")
        self._machine(item)
        self._line("{%p endfor %}")

    def _where_any(self, tag: str, heading: str, item: str = "- {{ cau }}") -> None:
        """The same, left out as a whole where there is nothing."""
        self._line(f"{{%p if {tag} %}}")
        self._listed(heading, tag, item)
        self._line("{%p endif %}")

    def _said(self, tag: str) -> None:
        """What units wrote, each line as it is, in the look of the paper itself."""
        self._line(f"{{%p for loi in {tag} %}}")
        self._line("- {{ loi }}", side=WD_ALIGN_PARAGRAPH.JUSTIFY)
        self._line("{%p endfor %}")

    def _body(self) -> None:
        say = self._say
        self._machine("{{ tien_do }}")
        self._machine("{{ so_sanh }}")
        self._listed(say("report.situation"), "tinh_hinh", "{{ cau }}")
        self._said("loi_tinh_hinh")
        self._line(say("report.results"), bold=True)
        self._line("{%p for muc in cac_muc %}")
        self._line("{{ muc.ten }}", bold=True).paragraph_format.keep_with_next = True
        self._line("{%p for cau in muc.cac_cau %}")
        self._machine("- {{ cau }}")
        self._line("{%p endfor %}")
        self._line("{%p endfor %}")
        self._line(say("report.judged"), bold=True)
        self._listed(say("report.strengths"), "uu_diem")
        self._said("loi_ket_qua")
        self._listed(say("report.limits"), "han_che")
        self._line(say("report.causes"), bold=True)
        self._said("loi_han_che")
        self._line("{%p if not loi_han_che %}")
        self._line("………………………………")
        self._line("{%p endif %}")
        self._where_any("ket_luan", say("report.tasks"))
        self._listed(say("report.directions"), "phuong_huong")
        self._said("loi_phuong_huong")
        self._line(say("report.petitions"), bold=True)
        self._line("{%p for kn in kien_nghi %}")
        self._line("- {{ kn.so }}, {{ kn.don_vi }}: {{ kn.noi_dung }}", side=WD_ALIGN_PARAGRAPH.JUSTIFY)
        self._line("{%p else %}")
        self._line(f"- {say('pack.no_petition')}")
        self._line("{%p endfor %}")
        self._listed(say("report.changes"), "thay_doi")

    def _signature(self) -> None:
        self._document.add_paragraph()
        table = self._document.add_table(rows=1, cols=2)
        table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
        _widths(table, _HALVES_MM)
        left, right = table.rows[0].cells
        side = {"side": WD_ALIGN_PARAGRAPH.LEFT, "size": SMALL_PT}
        self._cell(left, [
            (self._say("report.sent_to"), {**side, "bold": True, "italic": True}),
            ("{%p for noi in noi_nhan %}", side), ("- {{ noi }}", side), ("{%p endfor %}", side),
        ])  # fmt: skip
        table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        blank: list[tuple[str, dict[str, Any]]] = [("", {})] * 4
        self._cell(right, [("{{ ky_thay }}", {"bold": True}), ("{{ chuc_danh }}", {"bold": True}), *blank])

    def _pictures(self) -> None:
        centre = WD_ALIGN_PARAGRAPH.CENTER
        self._line("{%p for hinh in cac_hinh %}")
        self._line("{{ hinh.anh }}", side=centre)
        self._line("{{ hinh.cau }}", style=MACHINE, side=centre)
        self._line("{%p endfor %}")

    def _annex(self) -> None:
        section = self._document.add_section(WD_SECTION.NEW_PAGE)
        section.orientation = WD_ORIENT.LANDSCAPE
        section.page_width, section.page_height = section.page_height, section.page_width
        self._line(self._say("report.annex"), bold=True, side=WD_ALIGN_PARAGRAPH.CENTER)
        self._machine("{{ so_sanh }}")
        self._grid("phu_luc", self._say("pack.columns").split("|"), ANNEX_FIELDS, _ANNEX_MM, divided=True)

    def _grid(
        self, tag: str, heads: Sequence[str], fields: Sequence[str], widths: Sequence[int], *, divided: bool = False
    ) -> None:
        """A table with a row for each line of that list; its head stands on every page, and no row is cut by one.

        divided: a line without its first field is a heading, across the whole table.
        """
        table = self._document.add_table(rows=4 + 4 * divided, cols=len(fields))
        table.style, table.autofit = "Table Grid", False
        _widths(table, widths)
        small = {"size": SMALL_PT, "side": WD_ALIGN_PARAGRAPH.LEFT}
        for column, (head, name) in enumerate(zip(heads, fields, strict=True)):
            self._cell(table.cell(0, column), [(head, {"bold": True, "size": SMALL_PT})])
            side = {"side": WD_ALIGN_PARAGRAPH.RIGHT} if divided and name in _NUMBERS else {}
            self._cell(table.cell(2 + divided, column), [(f"{{{{ dong.{name} }}}}", small | side)])
        marks = [f"{{%tr for dong in {tag} %}}", "{%tr endfor %}"]
        if divided:
            across = table.cell(5, 0).merge(table.cell(5, len(fields) - 1))
            self._cell(across, [(f"{{{{ dong.{fields[1]} }}}}", {**small, "bold": True})])
            marks[1:1] = [f"{{%tr if dong.{fields[0]} %}}", "{%tr else %}", "{%tr endif %}"]
        marked = (1, 2, 4, 6, 7) if divided else (1, 3)
        for row, mark in zip(marked, marks, strict=True):
            self._cell(table.cell(row, 0), [(mark, small)])
        for one in table.rows:
            one._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        repeated = OxmlElement("w:tblHeader")
        repeated.set(qn("w:val"), "true")
        table.rows[0]._tr.get_or_add_trPr().append(repeated)


def _widths(table: Any, millimetres: Sequence[int]) -> None:
    """Word looks at the cells, others at the grid."""
    for column, width in zip(table.columns, millimetres, strict=True):
        column.width = Mm(width)
        for cell in column.cells:
            cell.width = Mm(width)


def _rule_below(paragraph: Any) -> None:
    """The line under the Union's name."""
    borders, bottom = OxmlElement("w:pBdr"), OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", "auto")):
        bottom.set(qn(f"w:{name}"), value)
    borders.append(bottom)
    paragraph._p.get_or_add_pPr().append(borders)
