"""A .txt or .docx file in, its text out; sizes are checked before anything is opened."""

from collections.abc import Awaitable, Callable

from handlers.messages import FileNotRead, Incoming
from handlers.report.word_file import WordFileRefused, word_lines
from reporting.text.masking import masked

# (file id, most bytes) -> the file's bytes, as a channel gives them. Raises FileNotRead.
Fetch = Callable[[str, int], Awaitable[bytes]]
# (name, content) -> the text, as `text_of` reads it, somewhere with limits. Raises FileNotRead.
Read = Callable[[str, bytes], Awaitable[str]]

MOST_BYTES = 2 * 1024 * 1024


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
    try:
        return "\n".join(word_lines(content))
    except WordFileRefused as error:
        raise FileNotRead("file.too_large" if error.too_large else "file.unreadable") from error


async def read_here(name: str, content: bytes) -> str:
    """`text_of`, with no limits but its own."""
    return text_of(name, content)


async def masked_text(message: Incoming, fetch: Fetch, most_chars: int, read: Read = read_here) -> str:
    """The text of the file a message carries, without personal data. Raises FileNotRead."""
    readable(message.file_name, message.file_size)
    text = masked(await read(message.file_name, await fetch(message.file_id, MOST_BYTES)))
    if not text.strip():
        raise FileNotRead("file.unreadable")
    if len(text) > most_chars:
        raise FileNotRead("file.too_large")
    return text
