"""Files that are hostile, broken or something else: one clear line each, and nothing of them is read."""

import struct
import tracemalloc
import zipfile
from pathlib import Path

import pytest
import spreadsheets
from openpyxl import load_workbook

from bot.failures import Failed
from bot.spreadsheet import intake
from bot.spreadsheet.rows import read_book
from handlers.wording.speech import Wording

WORDING = Wording.vietnamese()
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@pytest.fixture
def good(tmp_path: Path) -> Path:
    return spreadsheets.write(tmp_path / "don-vi.xlsx", {"units": [{"code": "T", "name": "Tỉnh đoàn"}]})


def refused(path: Path) -> str:
    """The one line with which a file is refused."""
    with pytest.raises(Failed) as failed, intake.opened(path, WORDING):
        pass
    line = str(failed.value)
    assert line.startswith(f"{path.name}: ")
    assert "\n" not in line
    return line.removeprefix(f"{path.name}: ")


def with_parts(path: Path, **parts: bytes) -> Path:
    """The same workbook with further parts, or others in their place; __ stands for /, _dot_ for a dot."""
    named = {name.replace("__", "/").replace("_dot_", "."): content for name, content in parts.items()}
    with zipfile.ZipFile(path) as old:
        kept = {name: old.read(name) for name in old.namelist()}
    target = path.with_name("khac.xlsx")
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in (kept | named).items():
            new.writestr(name, content)
    return target


def test_a_good_file_is_opened(good: Path) -> None:
    with intake.opened(good, WORDING) as book:
        assert book.sheetnames == ["Đơn vị"]


def test_a_file_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    assert refused(tmp_path / "khong-co.xlsx") == "không có tệp này."


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    assert refused(tmp_path).startswith("không mở được tệp")


@pytest.mark.parametrize("content", [b"", b"PK", b"code;name\r\n", b"%PDF-1.7", b"PK\x03\x04" + b"\0" * 200])
def test_what_is_no_spreadsheet_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(content)
    assert refused(path).startswith("không phải bảng tính .xlsx")


def test_an_old_spreadsheet_with_a_new_name_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(OLE + b"\0" * 3000 + "Workbook".encode("utf-16-le"))
    assert refused(path).startswith("là bảng tính dạng cũ .xls")


def test_an_encrypted_spreadsheet_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(OLE + b"\0" * 3000 + "EncryptedPackage".encode("utf-16-le"))
    assert refused(path).startswith("tệp có mật khẩu")


def test_entries_encrypted_one_by_one_are_refused(good: Path) -> None:
    content = bytearray(good.read_bytes())
    place = -1
    while (place := content.find(b"PK\x01\x02", place + 1)) >= 0:  # the directory's flags
        content[place + 8 : place + 10] = struct.pack("<H", 1)
    good.write_bytes(content)
    assert refused(good).startswith("tệp có mật khẩu")


@pytest.mark.parametrize("cut", [0.3, 0.6, 0.95])
def test_a_file_cut_short_is_refused(good: Path, cut: float) -> None:
    content = good.read_bytes()
    good.write_bytes(content[: int(len(content) * cut)])
    assert refused(good)


def test_a_file_with_damaged_parts_is_refused(good: Path) -> None:
    assert refused(with_parts(good, xl__workbook_dot_xml=b"<workbook")).startswith("tệp hỏng")


def test_macros_are_refused_by_their_part_and_by_their_type(good: Path) -> None:
    assert refused(with_parts(good, xl__vbaProject_dot_bin=b"x")).startswith("tệp có macro")
    with zipfile.ZipFile(good) as archive:
        types = archive.read("[Content_Types].xml")
    macro = types.replace(b"spreadsheetml.sheet.main+xml", b"x").replace(
        b"application/vnd.openxmlformats-officedocument.x", b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"
    )
    path = good.with_name("x.xlsx")
    with zipfile.ZipFile(good) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            new.writestr(name, macro if name == "[Content_Types].xml" else old.read(name))
    assert refused(path).startswith("tệp có macro")


@pytest.mark.parametrize(
    "part", ["xl__externalLinks__externalLink1_dot_xml", "xl__connections_dot_xml", "xl__embeddings__a_dot_bin"]
)
def test_links_to_elsewhere_are_refused(good: Path, part: str) -> None:
    assert refused(with_parts(good, **{part: b"<x/>"})).startswith("tệp có liên kết")


def test_a_small_file_that_grows_enormous_is_refused_before_it_is_unpacked(good: Path) -> None:
    path = with_parts(good, xl__media__a_dot_xml=b"\0" * 50_000_000)
    assert path.stat().st_size < 200_000
    tracemalloc.start()
    assert refused(path).startswith("tệp nén bất thường")
    assert tracemalloc.get_traced_memory()[1] < 5_000_000
    tracemalloc.stop()


def test_many_entries_that_grow_enormous_together_are_refused(good: Path) -> None:
    chunk = bytes(range(256)) * 40  # packs too little for the ratio of one entry
    parts = {f"xl__media__{n}_dot_xml": chunk * 190 for n in range(140)}
    assert refused(with_parts(good, **parts)).startswith("tệp quá lớn")
    many = {f"xl__media__{n}_dot_xml": b"<x/>" for n in range(1_001)}
    assert refused(with_parts(good, **many)).startswith("tệp quá lớn")


def test_a_part_of_very_many_elements_is_refused_before_they_are_made(good: Path) -> None:
    head, rest = b"<styleSheet>", b'<xf numFmtId="%d"/>'
    path = with_parts(good, xl__styles_dot_xml=head + b"".join(rest % n for n in range(600_000)) + b"</styleSheet>")
    tracemalloc.start()
    assert refused(path).startswith("tệp quá lớn")
    assert tracemalloc.get_traced_memory()[1] < 5_000_000
    tracemalloc.stop()


def test_entities_that_multiply_are_refused(good: Path) -> None:
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;">]><workbook>&b;</workbook>'
    assert refused(with_parts(good, xl__workbook_dot_xml=bomb)).startswith("tệp hỏng")
    assert refused(with_parts(good, xl__workbook_dot_xml=bomb.decode().encode("utf-16"))).startswith("tệp hỏng")


def test_a_file_too_big_for_a_list_of_units_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = spreadsheets.write(tmp_path / "x.xlsx", {"units": [{"code": "T"}]})
    monkeypatch.setattr(intake, "MOST_FILE_BYTES", 100)
    assert refused(path).startswith("tệp quá lớn")


def test_a_cell_at_the_far_end_of_a_sheet_does_not_make_it_long(good: Path) -> None:
    book = load_workbook(good)
    book["Đơn vị"]["XFD1048576"] = "xa"
    book.save(good)
    steps: list[None] = []
    with intake.opened(good, WORDING) as opened:
        read = read_book(opened, WORDING, {}, lambda: steps.append(None))
    assert len(steps) == 1
    assert [str(fault) for fault in read.faults] == ["Đơn vị!C2: ô Cấp đang trống"]


@pytest.mark.parametrize("part", ["[Content_Types].xml", "xl/workbook.xml", "xl/worksheets/sheet1.xml"])
def test_a_part_whose_packed_bytes_are_damaged_is_a_broken_file(good: Path, part: str) -> None:
    with zipfile.ZipFile(good) as archive:
        entry = archive.getinfo(part)
    content = bytearray(good.read_bytes())
    name_length, extra_length = struct.unpack_from("<HH", content, entry.header_offset + 26)
    begins = entry.header_offset + 30 + name_length + extra_length
    content[begins : begins + entry.compress_size] = b"\xff" * entry.compress_size
    good.write_bytes(content)
    with pytest.raises(Failed) as failed, intake.opened(good, WORDING) as book:
        read_book(book, WORDING, {}, lambda: None)
    assert "hỏng" in str(failed.value)


@pytest.mark.parametrize(
    ("part", "old", "new"),
    [
        ("xl/styles.xml", b'<fill><patternFill patternType="none"/></fill>', b"<fill/>"),
        ("xl/styles.xml", b"<fonts count=", b'<fonts><font><family val="99"/></font></fonts><fonts count='),
        (
            "docProps/core.xml",
            b"</cp:coreProperties>",
            b"<dcterms:modified>hom qua</dcterms:modified></cp:coreProperties>",
        ),
    ],
)
def test_what_is_only_seen_cannot_make_a_file_broken(good: Path, part: str, old: bytes, new: bytes) -> None:
    with zipfile.ZipFile(good) as archive:
        content = archive.read(part)
    assert old in content
    changed = with_parts(good, **{part.replace("/", "__").replace(".", "_dot_"): content.replace(old, new, 1)})
    with intake.opened(changed, WORDING) as book:
        read = read_book(book, WORDING, {}, lambda: None)
    assert [row["name"] for row in read.rows["units"]] == ["Tỉnh đoàn"]
