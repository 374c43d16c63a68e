"""Every update has its effect once, in the order of its chat, whatever fails beside it."""

import asyncio
import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import structlog
from province import CATALOGUE
from two_clusters import WORDING, at, load, one, queued, unit_id

from bot.resources import load_forms
from handlers.access.codes import code_hash
from handlers.conversation import Conversation
from handlers.intake import handling
from handlers.intake.arrivals import Arrival
from handlers.intake.handling import Handling
from handlers.intake.inbound import STORED_FIRST, Inbound
from handlers.messages import Incoming
from storage.database import Database, StorageUnavailable
from storage.engine import sqlite
from storage.engine.open import open_database
from storage.messages import inbox
from storage.messages.outbox import OutboxRow
from storage.people import invites

NOW = at("2026-04-07", "19:30")


def message(number: int | str, chat: str = "dong", text: str = "hội viên mới 5", kind: Any = "text") -> Arrival:
    incoming = Incoming("local", "local", f"m{number}", chat, "private", chat, chat, kind, NOW, text=text)
    return Arrival("local", "local", f"m{number}", incoming)


class Desk:
    """The handling of messages over one database, the sender left out."""

    def __init__(self, db: Database, *, shared: bool = False) -> None:
        self.db = db
        self.woken = 0
        self.conversation = Conversation(db, CATALOGUE, load_forms(CATALOGUE), WORDING)
        self.handling = Handling(db, self.conversation, WORDING, lambda: NOW, self)
        self.inbound = Inbound(db, self.handling, lambda: NOW, shared=shared)

    def wake(self) -> None:
        self.woken += 1

    def reserve(self, channel: str, chat_id: str) -> None:
        """Everything is left in the outbox."""

    def take(self, reply: OutboxRow, leased: bool) -> None:
        raise AssertionError("no place was reserved")

    async def takes(self, *arrivals: Arrival) -> None:
        await self.inbound.receive(arrivals)
        await self.inbound.drain()


@pytest.fixture
async def desk(database: Database, monkeypatch: pytest.MonkeyPatch) -> Desk:
    await load(database)
    monkeypatch.setattr(handling, "RETRY_SECONDS", (0.0,))
    return Desk(database)


async def said(db: Database, chat: str) -> list[str]:
    rows = await db.read("select body from outbox where chat_id = ? order by id", (chat,))
    return [json.loads(row[0])["text"] for row in rows]


async def amount(db: Database, unit: str, indicator: str) -> int:
    number = await unit_id(db, unit)
    found: int = await one(db, "select amount from value where unit_id = ? and indicator = ?", number, indicator)
    return found


# --- once -----------------------------------------------------------------------------------------------------


async def test_a_message_has_its_effect_and_one_reply(desk: Desk) -> None:
    await desk.takes(message(1))
    assert await amount(desk.db, "CD01", "hoi_vien_moi") == 5
    assert len(await said(desk.db, "dong")) == 1
    assert desk.woken == 1


async def test_a_message_delivered_again_has_no_second_effect(desk: Desk) -> None:
    await desk.takes(message(1), message(1))
    await desk.takes(message(1))
    assert len(await said(desk.db, "dong")) == 1
    assert await one(desk.db, "select count(*) from event where action = 'value.put' and actor is not null") == 1


async def test_an_effect_tried_twice_happens_once(desk: Desk) -> None:
    await desk.takes(message(1))
    incoming = message(1).incoming
    assert incoming is not None
    await desk.handling.effect(incoming)
    assert len(await said(desk.db, "dong")) == 1


async def test_what_an_earlier_run_stored_and_did_not_finish_is_taken_up_once(desk: Desk) -> None:
    dying = Desk(desk.db)
    dying.inbound._stopping = True  # stored and acknowledged, and then the process ends
    await dying.takes(message(1), message(2, text="hội viên mới 6"))
    assert await said(desk.db, "dong") == []
    assert await desk.inbound.resume() == 2
    await desk.inbound.drain()
    assert await amount(desk.db, "CD01", "hoi_vien_moi") == 6
    assert await Desk(desk.db).inbound.resume() == 0


async def test_the_words_of_a_message_are_not_kept_after_its_effect(desk: Desk) -> None:
    await desk.takes(message(1))
    assert await one(desk.db, "select payload from inbox") is None


async def test_messages_of_one_chat_are_handled_in_the_order_they_came(desk: Desk) -> None:
    await desk.takes(*[message(number, text=f"hội viên mới {number}") for number in range(1, 16)])
    assert await amount(desk.db, "CD01", "hoi_vien_moi") == 15
    rows = await desk.db.read("select new from event where action = 'value.put' and actor is not null order by id")
    assert [int(row[0]) for row in rows] == list(range(1, 16))


async def test_two_workers_at_one_inbox_handle_every_message_once_and_each_chat_in_order(desk: Desk) -> None:
    first, second = Desk(desk.db, shared=True), Desk(desk.db, shared=True)
    chats = ("dong", "doai", "to1")
    batch = [message(f"{chat}{n}", chat, f"hội viên mới {n}") for n in range(1, 7) for chat in chats]
    await first.inbound.receive(batch)
    await asyncio.gather(first.inbound.drain(), second.inbound.drain())
    assert [await amount(desk.db, unit, "hoi_vien_moi") for unit in ("CD01", "CD02", "CD11")] == [6, 6, 6]
    assert await one(desk.db, "select count(*) from event where action = 'value.put' and actor is not null") == 18


# --- two people ----------------------------------------------------------------------------------------------


async def test_two_people_at_one_draft_are_both_kept(desk: Desk) -> None:
    await desk.takes(message(1, "dong", "hội viên mới 5"), message(2, "dong2", "cây xanh 120"))
    assert await amount(desk.db, "CD01", "hoi_vien_moi") == 5
    assert await amount(desk.db, "CD01", "cay_xanh") == 120


async def test_many_messages_of_two_people_at_once_lose_nothing(desk: Desk) -> None:
    words = ("cây xanh", "hiến máu", "hội viên mới", "hồ sơ trực tuyến")
    arrivals = [
        message(f"{chat}{number}", chat, f"{word} {number + 1}")
        for number, word in enumerate(words)
        for chat in ("dong", "dong2")
    ]
    await desk.takes(*arrivals)
    assert await one(desk.db, "select count(*) from value v join unit u on u.id = v.unit_id where u.code = 'CD01'") == 4
    assert [await amount(desk.db, "CD01", code) for code in ("cay_xanh", "don_vi_mau", "hoi_vien_moi")] == [1, 2, 3]
    assert len(await said(desk.db, "dong")) == len(await said(desk.db, "dong2")) == 4


async def test_petitions_at_once_get_each_number_once_and_nobody_has_to_try_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handling, "MOST_CONFLICTS", 1)
    chats = ("dong", "doai", "to1")
    await desk.takes(*[message(f"{chat}{n}", chat, f"kiến nghị {chat}{n}") for n in range(1, 5) for chat in chats])
    told = [text for chat in chats for text in await said(desk.db, chat)]
    assert sorted(text.split("số ")[1][:10] for text in told) == [f"KN-26Q1-{n:02}" for n in range(1, 13)]
    numbers = await desk.db.read("select number, text from petition order by number")
    assert [row[0] for row in numbers] == list(range(1, 13))
    for chat in chats:
        own = [f"{row[0]:02}" for row in numbers if row[1].startswith(chat)]
        assert [text.split("KN-26Q1-")[1][:2] for text in await said(desk.db, chat)] == own


async def test_a_change_by_somebody_else_tells_the_old_value(desk: Desk) -> None:
    await desk.takes(message(1, "dong", "hội viên mới 5"))
    await desk.takes(message(2, "dong2", "hội viên mới 7"))
    [reply] = await said(desk.db, "dong2")
    assert reply.splitlines()[0] == "Đã sửa hội viên mới: từ 5 người thành 7 người."


async def test_filing_and_withdrawing_reminders_are_one_unit_of_work(desk: Desk) -> None:
    unit = await unit_id(desk.db, "CD01")
    period = await one(desk.db, "select id from period where state = 'open'")
    person = await one(desk.db, "select person_id from account where chat_id = 'dong'")
    planned = (
        "insert into reminder (period_id, unit_id, person_id, rung, day_on, due_at, state)"
        " values (?, ?, ?, ?, '2026-04-10', 9, ?)"
    )
    await desk.db.write([(planned, (period, unit, person, "T-3", "planned"))])
    none = [message(number, text="không phát sinh") for number in range(1, 10)]
    stocks = message("stocks", text="30 người, 2 em")
    await desk.takes(message(0, text="bc"), *none, stocks, message("last", text="gửi"))
    assert await one(desk.db, "select state from submission where unit_id = ?", unit) == "submitted"
    assert await one(desk.db, "select state from reminder") == "cancelled"


# --- what fails -----------------------------------------------------------------------------------------------


async def test_a_message_that_cannot_be_handled_is_set_aside_and_the_next_one_goes_on(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = desk.conversation.answer

    async def breaks(turn: Any) -> None:
        if turn.incoming.text == "poison":
            raise ZeroDivisionError("poison")
        await answer(turn)

    monkeypatch.setattr(desk.conversation, "answer", breaks)
    await desk.takes(message(1, text="poison"), message(2))
    assert await amount(desk.db, "CD01", "hoi_vien_moi") == 5
    replies = await said(desk.db, "dong")
    assert replies[0].startswith("Tin vừa rồi tôi chưa xử lý được")
    assert await one(desk.db, "select count(*) from inbox where error is not null and payload is not null") == 1


async def test_a_group_hears_nothing_of_a_failure(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    async def breaks(turn: Any) -> None:
        raise ZeroDivisionError("poison")

    monkeypatch.setattr(desk.conversation, "answer", breaks)
    incoming = Incoming("local", "local", "g1", "group:C1", "group", "x", "x", "text", NOW, text="tiendo")
    await desk.takes(Arrival("local", "local", "g1", incoming))
    assert await queued(desk.db, "reply") == []
    assert await one(desk.db, "select error from inbox where message_id = 'g1'") == "ZeroDivisionError('poison')"


async def test_a_crowd_of_strangers_holds_up_nobody_who_is_known(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    effect, go, answered = desk.handling.effect, asyncio.Event(), asyncio.Event()

    async def slowly(incoming: Incoming) -> None:
        if incoming.chat_id.startswith("stranger"):
            await go.wait()
        await effect(incoming)
        if incoming.chat_id == "dong":
            answered.set()

    monkeypatch.setattr(desk.handling, "effect", slowly)
    await desk.inbound.receive([message(n, f"stranger{n % 100}", text="xin chào") for n in range(500)])
    await desk.inbound.receive([message("known")])
    async with asyncio.timeout(20):
        await answered.wait()
    assert await amount(desk.db, "CD01", "hoi_vien_moi") == 5
    go.set()
    await desk.inbound.stop(20)
    assert len(await said(desk.db, "dong")) == 1


async def test_workers_claim_the_messages_of_known_people_first(desk: Desk) -> None:
    shared = Desk(desk.db, shared=True)
    await shared.inbound.receive([message(n, f"stranger{n}", text="xin chào") for n in range(20)])
    await shared.inbound.receive([message("known")])
    await desk.db.write([inbox.claim(desk.db, "worker-1", NOW, NOW, 1)])
    assert [entry.message_id for entry in await inbox.claimed(desk.db, "worker-1")] == ["mknown"]


async def test_an_update_seen_before_is_dropped_with_a_line(desk: Desk) -> None:
    with structlog.testing.capture_logs() as logged:
        await desk.takes(message(1))
        assert logged == []
        await desk.takes(message(1), message(2))
    assert [(line["event"], line["count"]) for line in logged] == [("updates came again and are dropped", 1)]
    assert len(await said(desk.db, "dong")) == 2


async def test_an_update_nobody_can_read_is_kept_with_its_error_and_stops_nobody(desk: Desk) -> None:
    await desk.takes(Arrival("local", "local", "m1", None, raw='{"update_id": 1}', error="no chat"), message(2))
    assert await one(desk.db, "select error from inbox where message_id = 'm1'") == "no chat"
    assert len(await said(desk.db, "dong")) == 1


async def test_an_update_the_database_cannot_hold_is_set_aside_without_its_words_and_the_batch_goes_on(
    desk: Desk,
) -> None:
    await desk.takes(message(1), message(2, "doai", text="\ud800"), message(3, text="cây xanh 120"))
    ((error, payload),) = await desk.db.read("select error, payload from inbox where message_id = 'm2'")
    assert (error, payload) == ("StatementFault: cannot be stored", "")
    assert await one(desk.db, "select count(*) from inbox where done_at is null") == 0
    assert len(await said(desk.db, "dong")) == 2


class Away:
    """A database that is away for the first writes of an effect."""

    def __init__(self, db: Database, times: int) -> None:
        self._db = db
        self.left = times
        self.engine, self.runner, self.call, self.on_call = db.engine, db.runner, db.call, db.on_call
        self.in_order = db.in_order

    async def read(self, sql: str, params: Any = ()) -> list[Any]:
        return await self._db.read(sql, params)

    async def write(self, unit: Sequence[Any]) -> list[int]:
        if self.left and "update inbox" in unit[0][0]:
            self.left -= 1
            raise StorageUnavailable("database is away")
        return await self._db.write(unit)

    async def close(self) -> None:
        pass


class Dying:
    """A run of the bot that ends while it handles the poison, as if killed."""

    def __init__(self, desk: Desk, shared: bool) -> None:
        self.desk = Desk(desk.db, shared=shared)
        self.begun: list[str] = []
        self.reached = asyncio.Event()
        self._effect = self.desk.handling.effect
        self.desk.handling.effect = self.effect  # type: ignore[method-assign]
        self._shared = shared

    async def effect(self, incoming: Incoming) -> None:
        self.begun.append(incoming.message_id)
        if incoming.text == "poison":
            self.reached.set()
            await asyncio.Event().wait()
        await self._effect(incoming)

    async def run(self) -> list[str]:
        """Starts, works until the poison is begun or everything is done, and is gone; returns what was begun."""
        await self.desk.inbound.resume()
        work = asyncio.create_task(self.desk.inbound.drain())
        reached = asyncio.create_task(self.reached.wait())
        async with asyncio.timeout(20):
            await asyncio.wait([work, reached], return_when=asyncio.FIRST_COMPLETED)
        for task in (work, reached, *self.desk.inbound._tasks):
            task.cancel()
        await asyncio.gather(work, reached, *self.desk.inbound._tasks, return_exceptions=True)
        if held := await inbox.claimants(self.desk.db):
            await self.desk.db.write([inbox.release(held)])
        return self.begun


@pytest.mark.parametrize("shared", [False, True], ids=["one process", "workers"])
async def test_a_message_under_which_every_start_ends_is_set_aside_and_told(desk: Desk, shared: bool) -> None:
    kept = [message(1), message(2, "doai", text="poison"), message(3, "doai", text="hội viên mới 6")]
    await Desk(desk.db, shared=True).inbound.receive(kept)  # stored by a run that was killed over it
    runs = []
    for _ in range(inbox.MOST_BEGUN + shared):
        runs.append(await Dying(desk, shared).run())
        assert runs[-1][-1] == "m2"
    assert await Dying(desk, shared).run() == ["m3"]
    assert "m1" in [*runs[0], *runs[1]]
    assert await one(desk.db, "select error from inbox where message_id = 'm2'") is not None
    apology, answer = await said(desk.db, "doai")
    assert "chưa xử lý được" in apology
    assert "hội viên mới" in answer.casefold()
    assert await amount(desk.db, "CD01", "hoi_vien_moi") == 5
    assert await one(desk.db, "select count(*) from inbox where done_at is null") == 0


async def test_after_a_start_nothing_is_begun_before_it_is_stored(desk: Desk) -> None:
    """What ended the run before ahead of its commit comes again, and has to be counted."""
    stored: list[int] = []
    effect = desk.handling.effect

    async def looking(incoming: Incoming) -> None:
        stored.append(await one(desk.db, "select count(*) from inbox where message_id = ?", incoming.message_id))
        await effect(incoming)

    desk.handling.effect = looking  # type: ignore[method-assign]
    await desk.inbound.resume()
    await desk.takes(message(1))
    assert stored == [1]
    assert desk.inbound._stored_first == STORED_FIRST - 1


async def test_what_was_begun_beside_the_poison_is_not_set_aside(desk: Desk) -> None:
    """Of many that a killed run had begun, each is alone at the next start."""
    kept = [message(n, f"chat {n}", text="poison" if n == 3 else "xin chào") for n in range(6)]
    await Desk(desk.db, shared=True).inbound.receive(kept)
    await desk.db.write([("update inbox set begun = ?", (inbox.MOST_BEGUN - 1,))])  # by the runs before
    assert (await Dying(desk, False).run())[-1] == "m3"
    assert await Dying(desk, False).run() == ["m4", "m5"]
    assert [row[0] for row in await desk.db.read("select message_id from inbox where error is not null")] == ["m3"]


@pytest.mark.parametrize("shared", [False, True], ids=["one process", "workers"])
async def test_what_was_begun_oftenest_is_taken_up_last(desk: Desk, shared: bool) -> None:
    """A process that is killed soon after every start would else be killed under the same message each time."""
    kept = [message(n, f"chat {n // 2}", text="xin chào") for n in range(6)]
    await Desk(desk.db, shared=True).inbound.receive(kept)
    for number, begun in enumerate((3, 1, 1, 1, 2, 1)):
        await desk.db.write([("update inbox set begun = ? where message_id = ?", (begun, f"m{number}"))])
    run = await Dying(desk, shared).run()
    assert [name for name in run if name in ("m0", "m2", "m4")] == ["m2", "m4", "m0"]
    assert all(run.index(f"m{n}") < run.index(f"m{n + 1}") for n in (0, 2, 4))  # each chat in order


async def test_a_database_that_is_away_is_waited_for_and_nothing_is_lost(desk: Desk) -> None:
    away = Away(desk.db, 3)
    await Desk(away).takes(message(1), message(2, text="cây xanh 120"))
    assert away.left == 0
    assert await amount(desk.db, "CD01", "hoi_vien_moi") == 5
    assert await amount(desk.db, "CD01", "cay_xanh") == 120
    assert len(await said(desk.db, "dong")) == 2
    assert await one(desk.db, "select count(*) from inbox where error is not null") == 0


class Deaf(Away):
    """A database that takes nothing at all."""

    async def write(self, unit: Sequence[Any]) -> list[int]:
        raise StorageUnavailable("database is away")


async def test_what_could_not_be_stored_is_not_acknowledged(desk: Desk) -> None:
    with pytest.raises(StorageUnavailable):
        await Desk(Deaf(desk.db, 0)).inbound.receive([message(1)])
    assert await one(desk.db, "select count(*) from inbox") == 0


class Full(Away):
    """A database that cannot store the first batch of updates."""

    async def write(self, unit: Sequence[Any]) -> list[int]:
        if self.left and "insert into inbox" in unit[0][0]:
            self.left -= 1
            raise StorageUnavailable("disk is full")
        return await self._db.write(unit)


async def test_a_batch_that_could_not_be_stored_is_left_alone_and_handled_in_order_when_it_comes_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = Desk(Full(desk.db, 1))
    handled: list[str] = []
    effect = full.handling.effect

    async def noted(incoming: Incoming) -> None:
        handled.append(incoming.message_id)
        await effect(incoming)

    monkeypatch.setattr(full.handling, "effect", noted)
    batch = [message(1), message(2, text="sửa hội viên mới 7"), message(3, chat="doai")]
    with pytest.raises(StorageUnavailable):
        await full.inbound.receive(batch)
    await full.takes(*batch)
    assert sorted(handled) == ["m1", "m2", "m3"]
    assert handled.index("m1") < handled.index("m2")
    assert await amount(desk.db, "CD01", "hoi_vien_moi") == 7
    assert await one(desk.db, "select count(*) from inbox where done_at is null or error is not null") == 0


async def test_what_could_not_be_stored_does_not_wait_for_the_database_nor_pile_up(desk: Desk) -> None:
    away = Desk(Deaf(desk.db, 0))
    batch = [message(1), message(2, text="sửa hội viên mới 7"), message(3, chat="doai")]
    async with asyncio.timeout(20):  # each try waits for nothing: tried for ever it would hang
        for _ in range(3):
            with pytest.raises(StorageUnavailable):
                await away.inbound.receive(batch)
            assert max((len(line) for line in away.inbound._lines.values()), default=0) <= 1
        await away.inbound.drain()
    assert not away.inbound._lines
    assert await one(desk.db, "select count(*) from inbox") == 0


class NotAside(Away):
    """A database that cannot set aside what it cannot hold, the first time."""

    async def write(self, unit: Sequence[Any]) -> list[int]:
        if self.left and "done_at, error)" in unit[0][0]:
            self.left -= 1
            raise StorageUnavailable("disk is full")
        return await self._db.write(unit)


async def test_what_was_stored_before_its_batch_failed_is_handled_when_the_batch_comes_again(desk: Desk) -> None:
    half = Desk(NotAside(desk.db, 1))
    batch = [message(1), message(2, text="cây xanh 120"), message(3, "doai", text="\ud800")]
    with pytest.raises(StorageUnavailable):
        await half.inbound.receive(batch)
    await half.takes(*batch)
    assert await amount(desk.db, "CD01", "hoi_vien_moi") == 5
    assert await amount(desk.db, "CD01", "cay_xanh") == 120
    assert await one(desk.db, "select count(*) from inbox where done_at is null") == 0


async def test_a_message_and_its_effect_share_a_commit_on_sqlite(
    migrated_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    commits: list[list[str]] = []
    together = sqlite._apply_together

    def noted(connection: Any, units: Sequence[Any]) -> Any:
        commits.append([unit[0][0].split(" (")[0] for unit in units])
        return together(connection, units)

    db = await open_database(f"sqlite:///{shutil.copy(migrated_file, tmp_path / 'giaoban.db')}")
    try:
        await load(db)
        desk = Desk(db)
        await desk.takes(message(1))
        monkeypatch.setattr(sqlite, "_apply_together", noted)
        await desk.takes(message(2, text="cây xanh 120"))
        assert [words[0] for words in commits] == ["insert into inbox"]
        assert commits[0][1].startswith("update inbox set done_at")
    finally:
        await db.close()


async def test_a_stop_waits_for_what_is_being_handled(desk: Desk) -> None:
    await desk.inbound.receive([message(1)])
    await asyncio.sleep(0)
    await desk.inbound.stop(5)
    left = await one(desk.db, "select count(*) from inbox where done_at is null")
    assert left + len(await said(desk.db, "dong")) == 1


@pytest.mark.parametrize(
    "data",
    ["none:2025-Q4:tuyen_truyen_giao_duc.1", "submit:2025-Q4", "yes:2025-Q4:1-0-5", "before:2025-Q4:x", "nonsense", ""],
)
async def test_a_button_of_last_quarter_or_of_nobody_changes_nothing_and_asks_again(desk: Desk, data: str) -> None:
    await desk.takes(message(1, text="bc"))
    tap = Incoming("local", "local", "tap", "dong", "private", "dong", "dong", "choice", NOW, choice=data)
    await desk.takes(Arrival("local", "local", "tap", tap))
    unit = await unit_id(desk.db, "CD01")
    assert await desk.db.read("select 1 from submission where unit_id = ?", (unit,)) == []
    answer = (await said(desk.db, "dong"))[-1].splitlines()
    assert answer[0] == "Nút vừa bấm thuộc câu đã qua, tôi không thay đổi gì."
    assert not data.startswith(("none", "submit", "yes", "before")) or answer[1].startswith("Câu 1/6 ")


async def test_who_refuses_leaves_no_trace_but_the_chat_itself(desk: Desk) -> None:
    before = {name: await one(desk.db, f"select count(*) from {name}") for name in ("person", "account", "role")}
    unit = await unit_id(desk.db, "CD02")
    code = invites.issue(1, code_hash("K7M2Q-9XD4R"), "person", "secretary", unit, None, NOW, at("2026-05-01"))
    await desk.db.write([code])
    await desk.takes(message(1, "stranger", "K7M2Q-9XD4R"), message(2, "stranger", "2"))
    assert (await said(desk.db, "stranger"))[-1].startswith("Tôi không lưu thông tin nào")
    assert await one(desk.db, "select state from conversation where chat_id = 'stranger'") == "{}"
    assert await one(desk.db, "select used_at from invite where id = 1") is None
    assert {name: await one(desk.db, f"select count(*) from {name}") for name in before} == before
    assert await one(desk.db, "select count(*) from inbox where payload is not null") == 0
