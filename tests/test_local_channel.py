"""The local channel: lines kept once, readers woken, nobody waiting in vain."""

import asyncio
from datetime import date

import pytest

from bot.channels.local.channel import Local, chat_kind
from bot.clock import MovableClock
from handlers.messages import Choice, Outgoing
from reporting.time.calendar import at
from storage.database import Database
from storage.engine.instants import instant
from storage.messages import local_chat

PATIENCE = 30.0
START = at(date(2026, 4, 2), 8)


@pytest.fixture
def engine() -> str:
    """SQLite alone: the demo runs on it."""
    return "sqlite"


@pytest.fixture
def db(database: Database) -> Database:
    return database


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock(START, held=True)


@pytest.fixture
def local(db: Database, clock: MovableClock) -> Local:
    return Local(db, clock.now)


async def test_a_delivered_message_stands_in_its_chat_with_its_buttons_and_the_time(local: Local, db: Database) -> None:
    message = Outgoing(
        "lan", "Câu 1/12.\nVí dụ: 3 buổi", (Choice("Để sau", "later:1"), Choice("Sửa", "edit:1")), key="7"
    )
    assert await local.deliver(message) == "7"
    [line] = await local_chat.since(db, "lan", 0)
    assert (line.sender, line.text) == ("bot", "Câu 1/12.\nVí dụ: 3 buổi")
    assert line.choices == [("Để sau", "later:1"), ("Sửa", "edit:1")]
    assert instant(line.at) == START
    assert await local_chat.since(db, "hung", 0) == []


async def test_the_same_outbox_row_delivered_twice_is_one_line(local: Local, db: Database) -> None:
    await local.deliver(Outgoing("lan", "Còn 3 ngày.", key="7"))
    await local.deliver(Outgoing("lan", "Còn 3 ngày.", key="7"))
    assert len(await local_chat.since(db, "lan", 0)) == 1


async def test_messages_without_a_key_are_all_kept_and_have_ids_of_their_own(local: Local, db: Database) -> None:
    ids = {await local.deliver(Outgoing("lan", "Chào đồng chí.")) for _ in range(3)}
    assert len(ids) == 3
    assert len(await local_chat.since(db, "lan", 0)) == 3


async def test_what_a_person_says_twice_under_one_id_is_one_line(local: Local, db: Database) -> None:
    await local.say("lan", "Nguyễn Thị Lan", "bc", message_id="a1b2c3d4")
    await local.say("lan", "Nguyễn Thị Lan", "bc", message_id="a1b2c3d4")
    await local.say("lan", "Nguyễn Thị Lan", "bc", message_id="e5f6a7b8")
    assert [line.text for line in await local_chat.since(db, "lan", 0)] == ["bc", "bc"]


async def test_a_persons_line_never_takes_the_place_of_an_outbox_row(local: Local, db: Database) -> None:
    for number in range(20):
        await local.say("lan", "Lan", str(number), message_id=f"message-{number}")
    rows = await db.read("select count(*) from local_message where outbox_key like 'said:%'")
    assert rows[0][0] == 20


async def test_a_person_who_is_called_bot_is_not_taken_for_the_bot(local: Local, db: Database) -> None:
    await local.say("lan", "bot", "Đã duyệt.")
    assert await local_chat.newest(db) == {}


async def test_a_reader_is_woken_by_a_message_that_comes_while_it_waits(local: Local) -> None:
    waiting = asyncio.create_task(local.wait_for_news("lan", 0, PATIENCE))
    await asyncio.sleep(0)
    await local.deliver(Outgoing("hung", "Cho người khác."))
    await local.deliver(Outgoing("lan", "Cho đồng chí."))
    assert [line.text for line in await waiting] == ["Cho đồng chí."]


async def test_every_reader_of_a_chat_is_woken(local: Local) -> None:
    waiting = [asyncio.create_task(local.wait_for_news("lan", 0, PATIENCE)) for _ in range(3)]
    await asyncio.sleep(0)
    await local.deliver(Outgoing("lan", "Chào."))
    assert [[line.text for line in lines] for lines in await asyncio.gather(*waiting)] == [["Chào."]] * 3


async def test_a_message_written_while_the_reader_reads_is_not_missed(
    local: Local, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = local_chat.since
    between = [local.deliver(Outgoing("lan", "Ngay giữa lúc đọc."))]

    async def since(*args: object) -> list[local_chat.LocalMessage]:
        lines = await read(*args)  # type: ignore[arg-type]
        if between:
            await between.pop()
        return lines

    monkeypatch.setattr(local_chat, "since", since)
    async with asyncio.timeout(PATIENCE):
        lines = await local.wait_for_news("lan", 0, 2 * PATIENCE)
    assert [line.text for line in lines] == ["Ngay giữa lúc đọc."]


async def test_a_reader_gets_only_what_it_has_not_seen(local: Local) -> None:
    await local.deliver(Outgoing("lan", "một"))
    [first] = await local.wait_for_news("lan", 0, PATIENCE)
    await local.deliver(Outgoing("lan", "hai"))
    assert [line.text for line in await local.wait_for_news("lan", first.id, PATIENCE)] == ["hai"]


async def test_a_reader_of_a_silent_chat_goes_away_empty_handed(local: Local) -> None:
    assert await local.wait_for_news("lan", 0, 0) == []
    assert await local.wait_for_news("lan", 0, 0.01) == []


async def test_closing_lets_go_of_everybody_who_waits(local: Local) -> None:
    chat = asyncio.create_task(local.wait_for_news("lan", 0, 1000))
    all_chats = asyncio.create_task(local.wait_for_change(local.revision, 1000))
    await asyncio.sleep(0)
    await local.stop()
    async with asyncio.timeout(PATIENCE):
        assert await chat == []
        await all_chats
        assert await local.wait_for_news("lan", 0, 1000) == []


async def test_the_revision_tells_of_news_in_any_chat(local: Local) -> None:
    before = local.revision
    waiting = asyncio.create_task(local.wait_for_change(before, 1000))
    await asyncio.sleep(0)
    assert not waiting.done()
    await local.say("hung", "Trần Văn Hùng", "bc")
    async with asyncio.timeout(PATIENCE):
        await waiting
        await local.wait_for_change(before, 1000)  # already another one: nothing to wait for
    assert local.revision != before


def test_a_chat_is_a_group_by_its_id() -> None:
    assert chat_kind("group:cum-2") == "group"
    assert chat_kind("lan") == "private"
