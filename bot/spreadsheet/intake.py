"""Bytes of a file in, an opened workbook out; refused where it is hostile, broken or no spreadsheet."""

import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final
from xml.etree.ElementTree import ParseError, SubElement, fromstring, tostring

from openpyxl.reader.excel import ExcelReader
from openpyxl.workbook import Workbook
from openpyxl.xml.constants import ARC_STYLE

from bot.failures import Failed
from handlers.wording.speech import Wording

_PROLOGUE = 2_000  # bytes of an XML part in which a document type would stand

MOST_FILE_BYTES: Final = 30_000_000
MOST_ENTRIES: Final = 1_000
MOST_BYTES: Final = 250_000_000  # of all entries unpacked; sheets are read row by row
MOST_TEXT_BYTES: Final = 40_000_000  # of the table of texts, which is held whole
MOST_TAGS: Final = (
    500_000  # of any other part, styles above all, which are held whole; Excel has at most 64,000 of them
)
MOST_RATIO: Final = 200  # unpacked to packed, of an entry above RATIO_FROM bytes
RATIO_FROM: Final = 2_000_000
TOGETHER: Final = 1_000_000

# Sheets and their texts, in which elements are many and are let go one by one.
_ROW_BY_ROW: Final = re.compile(r"worksheets[/\\]|sharedstrings\.xml$", re.IGNORECASE)
_KEPT: Final = ("numFmtId", "formatCode")  # of a format, and of the style of a cell

# The one style of everything, which the library wants to see.
_PLAIN_STYLES: Final = (
    '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><numFmts/><fonts><font/></fonts>'
    "<fills><fill><patternFill/></fill></fills><borders><border/></borders><cellStyleXfs><xf/></cellStyleXfs>"
    '<cellXfs/><cellStyles><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)

_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
# Parts that do something, or fetch something, when the file is opened.
_ACTIVE: Final = ("vbaproject.bin", "vbadata.xml", "macrosheets/", "activex/")
_OUTSIDE: Final = ("externallinks/", "connections.xml", "querytables/", "embeddings/")


@contextmanager
def opened(path: Path, wording: Wording) -> Iterator[Workbook]:
    """The workbook, read row by row. Raises Failed with the one line that says why it is not taken."""

    def refuse(reason: str) -> Failed:
        return Failed(f"{path.name}: {wording.say(f'import_file.{reason}')}")

    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(len(_OLE))
            if head == _OLE:
                file.seek(0)
                raise refuse("encrypted" if _ENCRYPTED in file.read(MOST_FILE_BYTES) else "old_format")
    except FileNotFoundError as error:
        raise refuse("missing") from error
    except OSError as error:
        raise refuse("unreadable") from error
    if size > MOST_FILE_BYTES:
        raise refuse("too_big")
    try:
        reason = _why_not(path)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, OSError, EOFError, ValueError) as error:
        raise refuse("broken") from error
    if reason:
        raise refuse(reason)
    try:
        book = _load(path)
    except Exception as error:  # a file of a stranger breaks the library in many ways, and none is this program's
        raise refuse("broken") from error
    try:
        yield book
    except (zlib.error, zipfile.BadZipFile, ParseError) as error:  # a sheet is unpacked only when its rows are read
        raise refuse("broken") from error
    finally:
        book.close()


def _load(path: Path) -> Workbook:
    reader = _Reader(str(path), read_only=True, keep_vba=False, data_only=False, keep_links=False)
    try:
        reader.read()
    except BaseException:
        reader.archive.close()
        raise
    return reader.wb


class _Reader(ExcelReader):
    """Reads what cells hold, and of how it looks only the formats of numbers: other programs write fonts, fills,
    properties and themes that the library does not take.
    """

    def __init__(self, path: str, **how: bool) -> None:
        super().__init__(path, **how)
        self.archive.close()
        self.archive = _Unadorned(path)

    def read_properties(self) -> None:
        """Who wrote the file and when is not asked."""

    def read_custom(self) -> None:
        """Nor what else is said of it."""

    def read_theme(self) -> None:
        """Nor what it looks like."""


class _Unadorned(zipfile.ZipFile):
    """The parts of a workbook as they are, but its styles without all that is only seen."""

    def read(self, name: str | zipfile.ZipInfo, pwd: bytes | None = None) -> bytes:
        content = super().read(name, pwd)
        return _number_formats(content) if name == ARC_STYLE else content


def _number_formats(styles: bytes) -> bytes:
    """The styles of a workbook, reduced to the number format of each style of a cell."""
    old = fromstring(styles)
    space = old.tag.partition("}")[0] + "}" if old.tag.startswith("{") else ""
    new = fromstring(_PLAIN_STYLES)
    main = new.tag.removesuffix("styleSheet")
    for group, name in (("numFmts", "numFmt"), ("cellXfs", "xf")):
        kept = new.find(f"{main}{group}")
        assert kept is not None
        for one in old.iterfind(f"{space}{group}/{space}{name}"):
            SubElement(kept, f"{main}{name}", {key: one.attrib[key] for key in _KEPT if key in one.attrib})
    return tostring(new)


def _tags(part: IO[bytes]) -> int:
    """About as many as are left in the part; it is read in pieces, and no further than it takes to know."""
    found = 0
    while found <= MOST_TAGS and (piece := part.read(TOGETHER)):
        found += piece.count(b"<")
    return found


def _why_not_part(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> str:
    if not entry.filename.lower().endswith((".xml", ".rels")):
        return ""
    with archive.open(entry) as part:
        # No spreadsheet program writes one; with it a few bytes can grow into gigabytes.
        if b"<!doctype" in part.read(_PROLOGUE).replace(b"\0", b"").lower():
            return "broken"
        return "too_big" if not _ROW_BY_ROW.search(entry.filename) and _tags(part) > MOST_TAGS else ""


def _why_not(path: Path) -> str:
    """The reason to refuse the file; '' for none. Nothing is unpacked but the first bytes of each part."""
    if not zipfile.is_zipfile(path):
        return "not_xlsx"
    with zipfile.ZipFile(path) as archive:
        entries = archive.infolist()
        names = [entry.filename.lower().replace("\\", "/") for entry in entries]
        if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > MOST_BYTES:
            return "too_big"
        if any(e.file_size > MOST_TEXT_BYTES for e in entries if e.filename.lower().endswith("sharedstrings.xml")):
            return "too_big"
        if any(e.file_size > RATIO_FROM and e.file_size > MOST_RATIO * max(e.compress_size, 1) for e in entries):
            return "bomb"
        if any(entry.flag_bits & 1 for entry in entries):
            return "encrypted"
        if "[content_types].xml" not in names or not any(name.startswith("xl/") for name in names):
            return "not_xlsx"
        if any(part in name for name in names for part in _ACTIVE):
            return "macros"
        if any(part in name for name in names for part in _OUTSIDE):
            return "links"
        with archive.open(entries[names.index("[content_types].xml")]) as part:
            if b"macroenabled" in part.read(TOGETHER).lower():
                return "macros"
        return next(filter(None, (_why_not_part(archive, entry) for entry in entries)), "")
