"""Messages with a file leave for Telegram as one where they can, and no failure loses or doubles the words."""

import struct
import zlib
from collections.abc import AsyncIterator
from datetime import timedelta
from itertools import count

import pytest
from bot_api.bell import PATIENCE
from bot_api.faults import AFTER
from bot_api.running import NOW, not_delivered, running
from bot_api.server import BotApi
from test_telegram_delivery import FAULTS

from bot.pictures.drawer import Drawer
from handlers.messages import Choice, File, Outgoing
from handlers.turn import body
from scheduler.sending.files import Files
from scheduler.sending.sender import Sender
from storage.database import Database
from storage.messages import outbox


def png(width: int, height: int, rest: bytes = b"") -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + rest


MEETING = File("giao-ban-CUM01-2026-04-13.ics", "BEGIN:VCALENDAR\r\nSUMMARY:Cụm 1\r\n".encode())
MONTH = File("lịch-2026-04.png", png(1100, 870), picture=True)
YES, NO = Choice("Đúng", "order:yes:1"), Choice("Để sau", "order:no:1")
METHODS = {"sendDocument": MEETING, "sendPhoto": MONTH}


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with BotApi() as server:
        server.user(1001).says("/start")
        yield server


async def test_a_file_arrives_as_one_message_with_its_text_and_buttons(api: BotApi) -> None:
    async with running(api, polls=False) as run:
        external_id = await run.deliver(Outgoing("1001", "Giao ban dời.", (YES, NO), file=MEETING))
    [sent] = api.sent
    assert (sent.text, sent.labels, external_id) == ("Giao ban dời.", ["Đúng", "Để sau"], str(sent.message_id))
    assert (sent.document, sent.content) == (MEETING.name, MEETING.content)


async def test_a_picture_arrives_as_a_picture_under_its_own_name(api: BotApi) -> None:
    async with running(api, polls=False) as run:
        await run.deliver(Outgoing("1001", "Lịch tháng 4", file=MONTH))
    [sent] = api.sent
    assert (sent.photo, sent.document, sent.content, sent.text) == (MONTH.name, "", MONTH.content, "Lịch tháng 4")


@pytest.mark.parametrize(("length", "messages"), [(1024, 1), (1025, 2), (9000, 4)])
async def test_a_text_too_long_for_a_caption_comes_first_and_keeps_the_buttons(
    api: BotApi, length: int, messages: int
) -> None:
    async with running(api, polls=False) as run:
        await run.deliver(Outgoing("1001", "x" * length, (YES,), file=MONTH))
    assert len(api.sent) == messages
    assert "".join(sent.text for sent in api.sent) == "x" * length
    assert [bool(sent.photo) for sent in api.sent] == [False] * (messages - 1) + [True]
    assert [sent.labels for sent in api.sent if sent.text][-1] == ["Đúng"]
    assert sum(map(len, (sent.labels for sent in api.sent))) == 1


async def test_the_caption_is_counted_as_telegram_counts(api: BotApi) -> None:
    async with running(api, polls=False) as run:
        await run.deliver(Outgoing("1001", "🌳" * 512, file=MONTH))
        await run.deliver(Outgoing("1001", "🌳" * 513, file=MONTH))
    assert [sent.text for sent in api.sent] == ["🌳" * 512, "🌳" * 513, ""]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(("fault", "kind"), [(f, k) for f, k in FAULTS.items() if k != "refused"])
async def test_a_fault_means_for_a_file_what_it_means_for_a_text(
    api: BotApi, method: str, fault: str, kind: str
) -> None:
    api.faults.add(method, fault, chat=1001, retry_after=7, moved_to=-1002003004005)
    async with running(api, polls=False) as run:
        patience, run.channel._read_timeout = run.channel._read_timeout, 0.05 if "hang" in fault else PATIENCE
        failed = await not_delivered(run, Outgoing("1001", "chào", file=METHODS[method]))
        assert (failed.kind, api.faults.left()) == (kind, 0)
        assert api.token not in failed.reason
        if kind == "wait" and fault == "flood":
            assert failed.retry_after == 7
        assert [sent.text for sent in api.sent] == (["chào"] if fault in AFTER else [])
        run.channel._read_timeout = patience
        await run.deliver(Outgoing("1001", "sau sự cố", file=METHODS[method]))


@pytest.mark.parametrize("fault", ["400", "413"])
async def test_a_picture_that_is_refused_goes_as_a_file(api: BotApi, fault: str) -> None:
    api.faults.add("sendPhoto", fault)
    async with running(api, polls=False) as run:
        await run.deliver(Outgoing("1001", "Lịch tháng 4", (YES,), file=MONTH))
    [sent] = api.sent
    assert (sent.document, sent.photo, sent.text, sent.labels) == (MONTH.name, "", "Lịch tháng 4", ["Đúng"])


@pytest.mark.parametrize("text", ["ngắn", "x" * 1500])
async def test_a_file_that_is_refused_altogether_leaves_the_words_once(api: BotApi, text: str) -> None:
    api.faults.add("sendPhoto", "400")
    api.faults.add("sendDocument", "413")
    async with running(api, polls=False) as run:
        external_id = await run.deliver(Outgoing("1001", text, (YES,), file=MONTH))
    [sent] = api.sent
    assert (sent.text, sent.labels, external_id) == (text, ["Đúng"], str(sent.message_id))


async def test_what_is_no_picture_or_too_large_for_one_goes_as_a_file(api: BotApi) -> None:
    async with running(api, polls=False) as run:
        for content in (b"no picture", png(9000, 2000), png(10, 10, bytes(10_000_001))):
            await run.deliver(Outgoing("1001", "Lịch", file=File("lich.png", content, picture=True)))
            assert api.sent[-1].document == "lich.png"
        assert api.calls["sendphoto"] == 2  # the largest was not even tried
        await run.deliver(Outgoing("1001", "Tài liệu", file=File("x.docx", bytes(50_000_001))))
    assert (api.sent[-1].text, api.sent[-1].document) == ("Tài liệu", "")
    assert api.calls["senddocument"] == 3


async def test_a_file_after_a_long_text_waits_out_a_short_flood(api: BotApi) -> None:
    api.faults.add("sendPhoto", "flood", retry_after=3)
    async with running(api, polls=False) as run:
        await run.deliver(Outgoing("1001", "x" * 1500, file=MONTH))
    assert ([bool(sent.photo) for sent in api.sent], run.pauses) == ([False, True], [3])


@pytest.mark.parametrize(("fault", "kind"), [("502", "unknown"), ("flood", "unknown"), ("blocked", "unreachable")])
async def test_a_text_whose_file_did_not_follow_is_never_called_unsent(api: BotApi, fault: str, kind: str) -> None:
    api.faults.add("sendPhoto", fault, retry_after=3600)
    async with running(api, polls=False) as run:
        failed = await not_delivered(run, Outgoing("1001", "x" * 1500, file=MONTH))
    assert failed.kind == kind
    assert "part 2 of 2" in failed.reason


async def test_from_the_outbox_to_the_phone_a_picture_is_the_same_at_each_try(api: BotApi, database: Database) -> None:
    day = {"look": "met", "lines": ["Giao ban C1, quý I"]}
    sheet = {"title": "Lịch tháng 4/2026", "week": list("2345678"), "first": "2026-04-01", "days": {"14": day}}
    file = {"kind": "month", "name": "lich-2026-04.png", "picture": True, **sheet}
    await database.write(
        [outbox.say("reply:1", "reply", "telegram", "1001", body("Lịch tháng 4/2026", file=file), NOW)]
    )
    api.faults.add("sendPhoto", "502_after")
    async with running(api, polls=False) as run:
        later = count()
        now = lambda: NOW + timedelta(minutes=next(later))  # noqa: E731
        sender = Sender(database, {"telegram": run.channel}, now, files=Files({"month": Drawer()}))
        await sender.drain()
        await sender.drain()
    first, second = api.sent
    assert (first.photo, first.text) == ("lich-2026-04.png", "Lịch tháng 4/2026")
    assert first.content == second.content
    rows = await database.read("select state, file from outbox")
    assert [(row[0], row[1]) for row in rows] == [("sent", None)]


async def test_flood_control_of_files_counts_for_the_whole_bot_like_that_of_texts(api: BotApi) -> None:
    api.faults.add("sendDocument", "flood", times=3)
    async with running(api, polls=False) as run:
        whole = [(await not_delivered(run, Outgoing(str(chat), "chào", file=MEETING))).whole_bot for chat in (1, 2, 3)]
    assert whole == [False, False, True]
