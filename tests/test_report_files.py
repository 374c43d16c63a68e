"""Reports sent as files: their text, and the files that are refused before they are opened."""

import io
import zipfile

import pytest

from handlers.report.files import MOST_BYTES, MOST_ENTRIES, MOST_UNPACKED, FileNotRead, readable, text_of

HEAD = '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
TAIL = "</w:body></w:document>"


def docx(body: str, head: str = HEAD) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", head + body + TAIL)
    return packed.getvalue()


def paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def test_the_paragraphs_of_a_word_file_are_lines() -> None:
    content = docx(paragraph("Sinh hoạt chi đoàn: 3 buổi") + paragraph("Cây xanh: 120 cây"))
    assert text_of("bc.docx", content) == "Sinh hoạt chi đoàn: 3 buổi\nCây xanh: 120 cây"


def test_a_row_of_a_table_is_one_line_with_tabs() -> None:
    cells = "".join(f"<w:tc>{paragraph(text)}</w:tc>" for text in ("1", "Cây xanh", "120"))
    assert text_of("bc.docx", docx(f"<w:tbl><w:tr>{cells}</w:tr></w:tbl>")) == "1\tCây xanh\t120"


def test_a_word_split_over_runs_is_whole_again() -> None:
    body = "<w:p><w:r><w:t>1</w:t></w:r><w:r><w:t>20 cây</w:t></w:r><w:r><w:tab/><w:t>x</w:t></w:r></w:p>"
    assert text_of("BC.DOCX", docx(body)) == "120 cây\tx"


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
    [b"", b"not a zip", docx(paragraph("x"))[:-40], docx("<w:p>"), docx(paragraph("&b;"), ENTITIES)],
    ids=["empty", "no zip", "cut off", "broken XML", "entities"],
)
def test_a_broken_or_hostile_word_file_is_one_clear_refusal(content: bytes) -> None:
    with pytest.raises(FileNotRead) as refused:
        text_of("bc.docx", content)
    assert refused.value.key == "file.unreadable"


def test_a_text_file_that_is_no_text_is_refused() -> None:
    with pytest.raises(FileNotRead) as refused:
        text_of("bc.txt", b"\xff\x00\xfe\x9f")
    assert refused.value.key == "file.unreadable"
