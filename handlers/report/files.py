"""The text of a report sent as a file: .txt and .docx, with sizes checked before anything is opened."""

import io
import zipfile
from collections.abc import Awaitable, Callable
from xml.etree import ElementTree

from handlers.messages import Incoming
from reporting.text.masking import masked

# (file id, most bytes) -> the file's bytes, as a channel gives them. Raises FileNotRead.
Fetch = Callable[[str, int], Awaitable[bytes]]

MOST_BYTES = 2 * 1024 * 1024
MOST_UNPACKED = 20 * 1024 * 1024
MOST_ENTRIES = 500
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


class FileNotRead(Exception):
    """The file gives no text; `key` is the wording key of what the person is told."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


def readable(name: str, size: int) -> None:
    """Raises FileNotRead for a file that is not worth fetching, by its name and announced size."""
    if not name.lower().endswith((".txt", ".docx")):
        raise FileNotRead("file.kind")
    if size > MOST_BYTES:
        raise FileNotRead("file.too_large")


def text_of(name: str, content: bytes) -> str:
    """The text of the file; a table's row becomes one line with tabs. Raises FileNotRead."""
    if len(content) > MOST_BYTES:
        raise FileNotRead("file.too_large")
    if name.lower().endswith(".txt"):
        for encoding in ("utf-8-sig", "utf-16") if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig",):
            try:
                return content.decode(encoding)
            except UnicodeDecodeError:
                continue
        raise FileNotRead("file.unreadable")
    return _docx_text(content)


async def masked_text(message: Incoming, fetch: Fetch, most_chars: int) -> str:
    """The text of the file a message carries, without personal data. Raises FileNotRead."""
    readable(message.file_name, message.file_size)
    text = masked(text_of(message.file_name, await fetch(message.file_id, MOST_BYTES)))
    if not text.strip():
        raise FileNotRead("file.unreadable")
    if len(text) > most_chars:
        raise FileNotRead("file.too_large")
    return text


def _docx_text(content: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            # The directory's sizes are what a reader would unpack to; a lie in it fails the read below.
            if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > MOST_UNPACKED:
                raise FileNotRead("file.too_large")
            with archive.open("word/document.xml") as document:
                raw = document.read(MOST_UNPACKED + 1)
    except (zipfile.BadZipFile, KeyError, RuntimeError, OSError, EOFError, NotImplementedError) as error:
        raise FileNotRead("file.unreadable") from error
    if len(raw) > MOST_UNPACKED or b"<!DOCTYPE" in raw[:4096] or b"<!ENTITY" in raw[:4096]:
        raise FileNotRead("file.unreadable")  # Word writes no document type; entities could unfold without end
    try:
        body = ElementTree.fromstring(raw).find(f"{_WORD}body")
    except ElementTree.ParseError as error:
        raise FileNotRead("file.unreadable") from error
    if body is None:
        raise FileNotRead("file.unreadable")
    lines: list[str] = []
    for block in body:
        if block.tag == f"{_WORD}tbl":
            lines += [
                "\t".join(" ".join(_paragraphs(cell)) for cell in row.findall(f"{_WORD}tc"))
                for row in block.iter(f"{_WORD}tr")
            ]
        else:
            lines += _paragraphs(block)
    return "\n".join(lines)


def _paragraphs(block: ElementTree.Element) -> list[str]:
    """The texts of a block's paragraphs; tabs and line breaks as they stand, deleted text left out."""
    found = [block] if block.tag == f"{_WORD}p" else list(block.iter(f"{_WORD}p"))
    texts = []
    for paragraph in found:
        parts = []
        for piece in paragraph.iter():
            if piece.tag == f"{_WORD}t":
                parts.append(piece.text or "")
            elif piece.tag == f"{_WORD}tab":
                parts.append("\t")
            elif piece.tag in (f"{_WORD}br", f"{_WORD}cr"):
                parts.append("\n")
        texts.append("".join(parts))
    return texts
