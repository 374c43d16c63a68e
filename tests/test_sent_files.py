"""Files that go with messages: made from the row, the same at each try, kept no longer than the row waits."""

import asyncio
import json
import sys
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from test_sender import START, Scripted
from two_clusters import WORDING, load, one

from bot.channels.local.channel import Local
from bot.pictures import drawer as pictures
from bot.pictures import drawing
from handlers.messages import File, NotDelivered, Outgoing
from handlers.reminders.month_sheet import month_sheet
from handlers.turn import body
from reporting.plan.planner import Planner
from scheduler.sending.files import Files
from scheduler.sending.second_tries import REPEATABLE
from scheduler.sending.sender import LEASE, Sender
from scheduler.upkeep.clean_up import Upkeep
from storage.database import Database
from storage.messages import local_chat, outbox
from storage.people import preferences
from storage.periods import holidays, planning

MEETING = {"kind": "text", "name": "giao-ban-C1.ics", "text": "SUMMARY:Cụm 1"}
MONTH = {"kind": "month", "name": "lich-2026-04.png", "picture": True, "title": "Lịch tháng 4/2026"}


class Camera(Scripted):
    """A channel that keeps the files it is given, and a drawer whose pictures tell them apart."""

    def __init__(self) -> None:
        super().__init__()
        self.files: list[File | None] = []
        self.drawn = 0

    async def deliver(self, message: Outgoing) -> str:
        self.files.append(message.file)
        return await super().deliver(message)

    async def draw(self, sheet: Mapping[str, Any]) -> bytes:
        self.drawn += 1
        return f"picture of {sheet['title']}".encode()


class Post:
    """An outbox whose sender can make files."""

    def __init__(self, db: Database) -> None:
        self.db, self.at, self.channel = db, START, Camera()
        files = Files({"month": self.channel.draw})
        self.sender = Sender(db, {"local": self.channel}, lambda: self.at, files=files)

    async def queue(self, file: Mapping[str, Any], text: str = "chào") -> None:
        await self.db.write([outbox.say("reply:1", "reply", "local", "dong", body(text, file=file), self.at)])

    async def run(self, later: timedelta = timedelta()) -> None:
        self.at += later
        await self.sender.drain()

    async def row(self) -> tuple[str, str | None]:
        """State and what the row keeps of the file."""
        found = (await self.db.read("select state, file from outbox"))[0]
        return found[0], found[1]


@pytest.fixture
async def post(database: Database) -> Post:
    await load(database)
    return Post(database)


async def test_a_file_is_handed_over_with_its_text_and_then_forgotten(post: Post) -> None:
    await post.queue(MEETING)
    assert json.loads((await post.row())[1] or "") == MEETING
    await post.run()
    assert post.channel.files == [File("giao-ban-C1.ics", "SUMMARY:Cụm 1".encode())]
    assert post.channel.took == [("dong", "chào")]
    assert await post.row() == ("sent", None)
    assert json.loads(await one(post.db, "select body from outbox")) == {"text": "chào"}


async def test_a_message_sent_again_carries_the_same_file(post: Post) -> None:
    await post.queue(MONTH)
    post.channel.failures["dong"] = [NotDelivered("unknown", "timeout"), NotDelivered("wait", "flood", retry_after=3)]
    for _ in range(3):
        await post.run(timedelta(minutes=1))
    assert post.channel.files == [File("lich-2026-04.png", "picture of Lịch tháng 4/2026".encode(), True)] * 3
    assert await post.row() == ("sent", None)


async def test_a_sender_that_died_while_drawing_leaves_the_file_to_the_next(post: Post) -> None:
    await post.queue(MONTH)
    await post.db.write([outbox.lease(post.db, "reply:1", post.at + LEASE)])
    post.at += LEASE + timedelta(minutes=1)
    await Upkeep(post.db).tick(post.at)
    await post.run()
    assert [file.name for file in post.channel.files if file] == ["lich-2026-04.png"]


@pytest.mark.parametrize("kept", [{"kind": "month", "name": "x.png"}, {"kind": "unknown", "name": "x"}, {}])
async def test_a_file_that_cannot_be_made_does_not_hold_up_its_text(post: Post, kept: dict[str, Any]) -> None:
    await post.queue(kept)
    await post.run()
    assert (post.channel.took, post.channel.files) == ([("dong", "chào")], [None])
    assert await post.row() == ("sent", None)


@pytest.mark.parametrize("kind", ["refused", "unreachable", "unknown"])
async def test_a_file_goes_when_its_message_is_given_up(post: Post, kind: Any) -> None:
    await post.queue(MEETING)
    post.channel.failures["dong"] = [NotDelivered(kind, "no")] * 50
    for _ in range(40):
        await post.run(timedelta(hours=1))
    assert (await post.row())[0] in ("failed", "unsure")
    assert (await post.row())[1] is None


async def test_no_way_of_ending_a_message_keeps_its_file(post: Post) -> None:
    await post.queue(MEETING)
    await post.db.write([outbox.cancel_for_chat("local", "dong", "blocked")])
    assert await post.row() == ("cancelled", None)
    for key, kind in (("post", "group_post"), ("late", "group_post"), ("told", "notice")):
        await post.db.write([outbox.say(key, kind, "local", f"chat {key}", body("x", file=MEETING), post.at)])  # type: ignore[arg-type]
    await post.db.write([outbox.lease(post.db, "post", post.at + LEASE)])
    rows = await post.db.read("select id from outbox where dedupe_key = 'told'")
    await post.db.write([outbox.withdraw(rows[0][0])])
    await post.db.write(outbox.expire(post.at + timedelta(days=2), REPEATABLE))
    found = await post.db.read("select state, file from outbox where dedupe_key <> 'reply:1' order by dedupe_key")
    assert [(row[0], row[1]) for row in found] == [("cancelled", None), ("unsure", None), ("cancelled", None)]


# --- on the chat page -----------------------------------------------------------------------------------------


async def test_a_file_is_kept_once_and_given_out_only_in_its_chat(database: Database) -> None:
    local = Local(database, lambda: START)
    for content in (b"\x89PNG one", b"\x89PNG two"):
        await local.deliver(Outgoing("lan", "Lịch", key="reply:1", file=File("lich.png", content, True)))
    [line] = await local_chat.since(database, "lan", 0)
    assert line.file is not None
    assert (line.file.name, line.file.picture, len(line.file.mark)) == ("lich.png", True, 32)
    assert await local_chat.file(database, "lan", line.file.mark) == (line.file, b"\x89PNG one")
    assert await local_chat.file(database, "hung", line.file.mark) is None
    assert await local_chat.file(database, "lan", "guessed") is None
    await database.write(local_chat.forget("lan"))
    assert await one(database, "select count(*) from local_file") == 0


# --- the month's picture --------------------------------------------------------------------------------------


async def sheet(db: Database) -> dict[str, Any]:
    calendar = await holidays.calendar(db)
    facts = (await planning.situation(db, START, None, calendar, planned=True)).facts
    entries = Planner(await preferences.rules(db), calendar).between(facts, date(2026, 4, 1), date(2026, 4, 30))
    return month_sheet(WORDING, facts, entries, calendar, date(2026, 4, 1))


async def test_the_sheet_of_a_month_says_what_is_on_each_day_and_survives_the_outbox(post: Post) -> None:
    found = await sheet(post.db)
    assert json.loads(json.dumps(found)) == found
    assert (found["name"], found["title"], len(found["week"])) == ("lich-2026-04.png", "Lịch tháng 4/2026", 7)
    assert found["days"]["14"]["look"] == "met"
    assert found["days"]["14"]["lines"][:2] == ["Hạn nộp C1, quý I", "Giao ban C1, quý I"]
    assert found["days"]["16"]["look"] == "met"
    assert any("tin nhắc" in line for line in found["days"]["14"]["lines"])
    assert found["days"]["30"] == {"look": "off", "lines": ["Ngày Chiến thắng"]}
    assert found["days"]["5"] == {"look": "off", "lines": []}
    assert len(json.dumps(found)) < 8_000


async def test_a_picture_is_drawn_in_another_process_and_the_same_each_time(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drawing, "draw", None)  # what stands in this process is not asked
    drawer = pictures.Drawer()
    known = await sheet(post.db)
    known["days"]["30"]["lines"] = ["$một$ tên rất dài của một ngày nghỉ " * 5]
    first, second = await asyncio.gather(drawer(known), pictures.Drawer()(known))
    assert first == second
    monkeypatch.setattr(sys, "executable", "nothing that could draw")
    assert await drawer(known) == first  # who asks for the same gets it at once
    with pytest.raises(OSError, match="nothing that could draw"):
        await drawer({**known, "title": "another month"})
    assert first.startswith(b"\x89PNG")
    assert int.from_bytes(first[16:20]) + int.from_bytes(first[20:24]) < 10_000
    assert 15_000 < len(first) < 1_000_000


async def test_what_cannot_be_drawn_says_why() -> None:
    with pytest.raises(RuntimeError, match="KeyError"):
        await pictures.Drawer()({"kind": "month", "title": "no days"})


async def test_a_picture_that_cannot_be_made_is_called_so_in_its_message(post: Post) -> None:
    await post.queue({"kind": "bars", "name": "x.png", "picture": True, "missing": "Hình đang lỗi."})
    await post.run()
    assert (post.channel.took, post.channel.files) == ([("dong", "chào\nHình đang lỗi.")], [None])


async def test_who_waits_too_long_for_a_turn_goes_without(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "PATIENCE", 0.01)
    drawer = pictures.Drawer()
    async with drawer._turn:
        with pytest.raises(TimeoutError):
            await drawer({"title": "Lịch tháng 4/2026"})


async def test_a_stop_does_not_wait_for_a_picture() -> None:
    drawer = pictures.Drawer()
    drawing = asyncio.create_task(drawer({"title": "no days"}))
    await asyncio.sleep(0)
    drawing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await drawing
    with pytest.raises(RuntimeError):
        await drawer({"title": "the next one is not held up"})
