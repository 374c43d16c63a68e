"""Files of strangers are read in a process with limits, which holds up and ends nobody else."""

import asyncio
import io
import zipfile
from pathlib import Path

import pytest
from bot_api.bell import PATIENCE

from bot.limited_process import Apart, ReadLimits
from handlers.messages import FileNotRead
from handlers.report.files import text_of

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def docx(body: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", f"<w:document {_W}><w:body>{body}</w:body></w:document>")
    return packed.getvalue()


def endless(name: str, content: bytes) -> str:
    while True:
        pass


def greedy(name: str, content: bytes) -> str:
    return "x" * 2_000_000_000


def broken(name: str, content: bytes) -> str:
    raise ZeroDivisionError("its words: hội viên")


def echo(name: str, content: bytes) -> str:
    return f"{name} {content.decode()}"


@pytest.fixture(autouse=True)
def _readers_of_this_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """The process finds the readers above; that it does, the first test shows."""
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent))


async def test_any_reader_at_the_top_of_a_module_will_do() -> None:
    assert await Apart(echo)("a.docx", b"x") == "a.docx x"


async def test_a_file_is_read_as_it_would_be_here() -> None:
    plain = docx("<w:p><w:r><w:t>Trồng 150 cây xanh ạ</w:t></w:r></w:p>")
    assert await Apart(text_of)("bao cao.docx", plain) == text_of("bao cao.docx", plain) == "Trồng 150 cây xanh ạ"


async def test_a_reader_s_refusal_comes_through() -> None:
    with pytest.raises(FileNotRead, match=r"file\.unreadable"):
        await Apart(text_of)("a.docx", b"no archive")


@pytest.mark.parametrize(
    ("reader", "limits"),
    [
        (endless, ReadLimits(patience=0.5)),
        (endless, ReadLimits(processor=1)),
        (greedy, ReadLimits()),
        (broken, ReadLimits()),
    ],
    ids=["the clock", "the processor", "memory", "an error of its own"],
)
async def test_what_takes_too_much_ends_by_itself_while_others_go_on(reader: object, limits: ReadLimits) -> None:
    turns = 0

    async def others() -> None:
        nonlocal turns
        while True:
            await asyncio.sleep(0)
            turns += 1

    going = asyncio.create_task(others())
    async with asyncio.timeout(PATIENCE):
        with pytest.raises(FileNotRead, match=r"file\.too_heavy"):
            await Apart(reader, limits)("a.docx", b"x")  # type: ignore[arg-type]
    going.cancel()
    assert turns > 10


async def test_two_hundred_thousand_nested_cells_end_within_the_limits() -> None:
    nested = "<w:tbl><w:tr><w:tc>" * 200_000 + "<w:p/>" + "</w:tc></w:tr></w:tbl>" * 200_000
    async with asyncio.timeout(PATIENCE):
        with pytest.raises(FileNotRead):
            await Apart(text_of, ReadLimits(processor=2, patience=6.0))("a.docx", docx(nested))
