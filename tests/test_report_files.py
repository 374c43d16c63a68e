"""Reports sent as files: their text, and the files that are refused before they are opened."""

import io
import zipfile

import pytest
from docx import Document
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from province import CATALOGUE

from handlers.messages import FileNotRead
from handlers.report.files import MOST_BYTES, readable, text_of
from handlers.report.word_file import MOST_ENTRIES, MOST_TAGS, MOST_UNPACKED
from reporting.reading.reader import read as read_text

HEAD = '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
TAIL = "</w:body></w:document>"


def docx(body: str, head: str = HEAD, **parts: str) -> bytes:
    """A Word file of this body; parts: further ones by name, with "__" for "/"."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", head + body + TAIL)
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/") + ".xml", content)
    return packed.getvalue()


def run(text: str, about: str = "") -> str:
    return f'<w:r><w:rPr>{about}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


RAISED = '<w:vertAlign w:val="superscript"/>'
SHOWN = '<w:vanish w:val="0"/>'


def styled(name: str) -> str:
    return f'<w:rStyle w:val="{name}"/>'


def paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def table(*rows: list[str]) -> str:
    """Each cell a text, or "N:text" over N columns; a first cell "+N" makes the row begin N columns late."""
    written = ""
    for row in rows:
        late = f'<w:trPr><w:gridBefore w:val="{row[0][1:]}"/></w:trPr>' if row[0].startswith("+") else ""
        cells = ""
        for cell in row[1:] if late else row:
            span, _, text = cell.rpartition(":")
            about = f'<w:tcPr><w:gridSpan w:val="{span}"/></w:tcPr>' if span else ""
            cells += f"<w:tc>{about}{paragraph(text)}</w:tc>"
        written += f"<w:tr>{late}{cells}</w:tr>"
    return f"<w:tbl>{written}</w:tbl>"


def test_the_paragraphs_of_a_word_file_are_lines() -> None:
    content = docx(paragraph("Sinh hoạt chi đoàn: 3 buổi") + paragraph("Cây xanh: 120 cây"))
    assert text_of("bc.docx", content) == "Sinh hoạt chi đoàn: 3 buổi\nCây xanh: 120 cây"


def test_a_row_of_a_table_is_one_line_with_tabs() -> None:
    cells = "".join(f"<w:tc>{paragraph(text)}</w:tc>" for text in ("1", "Cây xanh", "120"))
    assert text_of("bc.docx", docx(f"<w:tbl><w:tr>{cells}</w:tr></w:tbl>")) == "1\tCây xanh\t120"


def test_a_word_split_over_runs_is_whole_again() -> None:
    body = "<w:p><w:r><w:t>1</w:t></w:r><w:r><w:t>20 cây</w:t></w:r><w:r><w:tab/><w:t>x</w:t></w:r></w:p>"
    assert text_of("BC.DOCX", docx(body)) == "120 cây\tx"


def test_a_cell_stands_in_the_column_in_which_word_shows_it() -> None:
    shown = text_of("bc.docx", docx(table(
        ["STT", "2:Nội dung", "Chỉ tiêu", "Kết quả"],
        ["+1", "Trồng cây", "cây xanh", "100", "120"],
        ["5:II. Xây dựng Đoàn"],
        ["2", "2:Kết nạp đoàn viên", "20", "15"],
    )))  # fmt: skip
    assert shown.split("\n") == [
        "STT\tNội dung\t\tChỉ tiêu\tKết quả",
        "\tTrồng cây\tcây xanh\t100\t120",
        "II. Xây dựng Đoàn\t\t\t\t",
        "2\tKết nạp đoàn viên\t\t20\t15",
    ]
    read = read_text(shown, CATALOGUE, "chi_doan")
    assert [(one.code, one.value.amount) for one in read.values] == [("cay_xanh", 120), ("doan_vien_moi", 15)]
    assert read.asks == ()


def test_a_cell_over_several_rows_is_read_once_and_keeps_its_column() -> None:
    cells = [
        f'<w:tc><w:tcPr><w:vMerge w:val="{how}"/></w:tcPr>{paragraph(text)}</w:tc>'
        for how, text in (("restart", "Tình nguyện"), ("continue", "cũ"))
    ]
    rows = "".join(
        f"<w:tr>{cell}<w:tc>{paragraph(text)}</w:tc></w:tr>"
        for cell, text in zip(cells, ("3 buổi", "40 bạn"), strict=True)
    )
    assert text_of("bc.docx", docx(f"<w:tbl>{rows}</w:tbl>")) == "Tình nguyện\t3 buổi\n\t40 bạn"


def test_a_cell_of_several_paragraphs_is_one_line_and_a_table_in_it_has_its_own() -> None:
    inner = table(["Hiến máu", "6"])
    cell = (
        f"<w:tc>{paragraph('Cây')}<w:p><w:r><w:t>xanh</w:t><w:br/><w:t>bóng mát</w:t><w:tab/></w:r></w:p>{inner}</w:tc>"
    )
    shown = text_of("bc.docx", docx(f"<w:tbl><w:tr>{cell}<w:tc>{paragraph('120')}</w:tc></w:tr></w:tbl>"))
    assert shown == "Cây xanh bóng mát\t120\nHiến máu\t6"


def test_content_controls_are_read_where_they_stand_and_their_prompts_are_not() -> None:
    def control(content: str, prompt: str = "") -> str:
        return f"<w:sdt><w:sdtPr>{prompt}</w:sdtPr><w:sdtContent>{content}</w:sdtContent></w:sdt>"

    cell = f"<w:tc>{paragraph('120')}</w:tc>"
    row = f"<w:tr><w:tc>{paragraph('Cây xanh')}</w:tc>{control(cell)}</w:tr>"
    body = (
        control(paragraph("Báo cáo quý I"))
        + f"<w:p>{control(run('3 buổi'))}{run(', ')}{control(run('Bấm để nhập'), '<w:showingPlcHdr/>')}</w:p>"
        + f"<w:tbl>{control(row)}</w:tbl>"
    )
    assert text_of("bc.docx", docx(body)) == "Báo cáo quý I\n3 buổi, \nCây xanh\t120"


def test_a_text_box_is_read_once() -> None:
    head = HEAD.replace("<w:body>", "").replace(
        ">", ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:s="s">', 1
    )
    box = f"<w:txbxContent>{paragraph('Hiến máu: 6 đơn vị')}</w:txbxContent>"
    picture = (
        f"<w:r><mc:AlternateContent><mc:Choice><w:drawing><s:box>{box}</s:box></w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict><s:old>{box}</s:old></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )
    content = docx(f"<w:p>{run('Cây xanh: 120 cây')}{picture}</w:p>", f"{head}<w:body>")
    assert text_of("bc.docx", content) == "Cây xanh: 120 cây\nHiến máu: 6 đơn vị"


@pytest.mark.parametrize(
    ("before", "raised", "shown"),
    [("150", "2", "150*"), ("150", "(1)", "150*"), ("30 m", "2", "30 m²"), ("10", "th", "10th")],
)
def test_what_is_set_higher_is_no_part_of_the_number_before_it(before: str, raised: str, shown: str) -> None:
    body = f"<w:p>{run(before)}{run(raised, RAISED)}{run(' cây')}</w:p>"
    assert text_of("bc.docx", docx(body)) == f"{shown} cây"


def test_what_was_deleted_or_moved_away_is_not_read() -> None:
    body = (
        f"<w:p>{run('Cây xanh: ')}<w:del>{run('100')}</w:del><w:moveFrom>{run('90')}</w:moveFrom>"
        f"<w:ins>{run('120')}</w:ins><w:moveTo>{run(' cây')}</w:moveTo></w:p>"
        f"<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr>{run('Hiến máu: ')}</w:p>" + paragraph("6 đơn vị")
        + f"<w:tbl><w:tr><w:trPr><w:del/></w:trPr><w:tc>{paragraph('7')}</w:tc></w:tr>"
        f"<w:tr><w:tc>{paragraph('8')}</w:tc></w:tr></w:tbl>"
    )  # fmt: skip
    assert text_of("bc.docx", docx(body)) == "Cây xanh: 120 cây\nHiến máu: 6 đơn vị\n8"


def test_hidden_text_is_not_read() -> None:
    styles = (
        f"{HEAD.replace('document', 'styles', 1).replace('<w:body>', '')}"
        '<w:style w:styleId="An"><w:rPr><w:vanish/></w:rPr></w:style>'
        '<w:style w:styleId="AnTheo"><w:basedOn w:val="An"/></w:style>'
        '<w:style w:styleId="Quay"><w:basedOn w:val="Quay"/></w:style></w:styles>'
    )
    body = (
        f"<w:p>{run('3 buổi')}{run(' 4', '<w:vanish/>')}{run(' 5', styled('AnTheo'))}"
        f"{run(', 6 bạn', SHOWN)}{run(' dự', styled('Quay'))}</w:p>"
        f"<w:tbl><w:tr><w:trPr><w:hidden/></w:trPr><w:tc>{paragraph('8')}</w:tc></w:tr></w:tbl>"
        f"<w:p><w:pPr><w:pStyle w:val='An'/></w:pPr>{run('7')}</w:p>"
    )
    assert text_of("bc.docx", docx(body, word__styles=styles)) == "3 buổi, 6 bạn dự\n"


def test_tab_stops_and_field_codes_are_no_text() -> None:
    body = (
        '<w:p><w:pPr><w:tabs><w:tab w:val="left"/></w:tabs></w:pPr><w:r><w:instrText>PAGE 12</w:instrText></w:r>'
        f"<w:fldSimple>{run('3')}</w:fldSimple>{run(' buổi')}</w:p>"
    )
    assert text_of("bc.docx", docx(body)) == "3 buổi"


def test_a_file_of_another_program_with_a_lost_picture_is_read() -> None:
    document = Document()
    document.add_paragraph("Cây xanh: 120 cây")
    grid = document.add_table(2, 3)
    grid.cell(0, 0).merge(grid.cell(0, 1)).text = "Nội dung"
    grid.cell(0, 2).text, grid.cell(1, 1).text, grid.cell(1, 2).text = "Kết quả", "Hiến máu", "6"
    document.part.rels.add_relationship("http://x/image", Part(PackURI("/word/NULL"), "image/png"), "rIdLost")
    packed, without = io.BytesIO(), io.BytesIO()
    document.save(packed)
    with zipfile.ZipFile(packed) as whole, zipfile.ZipFile(without, "w") as torn:
        for name in whole.namelist():
            if name != "word/NULL":
                torn.writestr(name, whole.read(name))
    with pytest.raises(KeyError):  # the library's own way of opening it
        Document(io.BytesIO(without.getvalue()))
    assert text_of("bc.docx", without.getvalue()) == "Cây xanh: 120 cây\nNội dung\t\tKết quả\n\tHiến máu\t6"


def test_the_text_is_found_where_the_package_says() -> None:
    moved = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(docx(paragraph("3 buổi")))) as whole, zipfile.ZipFile(moved, "w") as archive:
        archive.writestr("word/document2.xml", whole.read("word/document.xml"))
        target = '<Relationship Type="http://x/officeDocument" Target="/word/document2.xml"/>'
        archive.writestr("_rels/.rels", f"<Relationships>{target}</Relationships>")
    assert text_of("bc.docx", moved.getvalue()) == "3 buổi"


def test_a_table_claims_no_more_columns_than_word_has() -> None:
    shown = text_of("bc.docx", docx(table(["+999999999", "999999999:a", "b"])))
    assert shown == "\t" * 63 + "a" + "\t" * 63 + "b"


def test_a_file_of_very_many_elements_is_refused() -> None:
    with pytest.raises(FileNotRead) as refused:
        text_of("bc.docx", docx("<w:p/>" * (MOST_TAGS + 1)))
    assert refused.value.key == "file.too_large"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_text_file_is_read_in_the_encodings_phones_and_windows_write(encoding: str) -> None:
    assert text_of("bc.txt", "Cây xanh 120 cây".encode(encoding)) == "Cây xanh 120 cây"


@pytest.mark.parametrize("name", ["bc.pdf", "bc.doc", "bc.xlsx", "bc", ""])
def test_another_kind_of_file_is_not_fetched(name: str) -> None:
    with pytest.raises(FileNotRead) as refused:
        readable(name, 10)
    assert refused.value.key == "file.kind"


def test_a_large_file_is_neither_fetched_nor_read() -> None:
    with pytest.raises(FileNotRead) as refused:
        readable("bc.docx", MOST_BYTES + 1)
    assert refused.value.key == "file.too_large"
    with pytest.raises(FileNotRead) as refused:
        text_of("bc.txt", b"1" * (MOST_BYTES + 1))
    assert refused.value.key == "file.too_large"


def test_a_small_file_that_unpacks_to_a_large_one_is_refused() -> None:
    bomb = docx(paragraph("0" * (MOST_UNPACKED + 1)))
    assert len(bomb) < MOST_BYTES
    with pytest.raises(FileNotRead) as refused:
        text_of("bc.docx", bomb)
    assert refused.value.key == "file.too_large"


def test_a_file_of_very_many_entries_is_refused() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for number in range(MOST_ENTRIES + 1):
            archive.writestr(f"{number}", "")
    with pytest.raises(FileNotRead) as refused:
        text_of("bc.docx", packed.getvalue())
    assert refused.value.key == "file.too_large"


ENTITIES = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>' + HEAD


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not a zip",
        docx(paragraph("x"))[:-40],
        docx("<w:p>"),
        docx(paragraph("&b;"), ENTITIES),
        docx(paragraph("&b;"), " " * 5000 + ENTITIES),
        docx(table(["x:a"])),
        docx("<w:p>" * 300 + "</w:p>" * 300),
        docx("x", word__styles=ENTITIES),
        docx("", f'<!DOCTYPE x SYSTEM "x">{HEAD}'),
    ],
    ids=[
        "empty",
        "no zip",
        "cut off",
        "broken XML",
        "entities",
        "late entities",
        "no number",
        "deep",
        "in the styles",
        "a document type",
    ],
)
def test_a_broken_or_hostile_word_file_is_one_clear_refusal(content: bytes) -> None:
    with pytest.raises(FileNotRead) as refused:
        text_of("bc.docx", content)
    assert refused.value.key == "file.unreadable"


def test_a_text_file_that_is_no_text_is_refused() -> None:
    with pytest.raises(FileNotRead) as refused:
        text_of("bc.txt", b"\xff\x00\xfe\x9f")
    assert refused.value.key == "file.unreadable"
