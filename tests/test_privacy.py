"""What is kept about a person: masked, shown whole, given up at a word, and gone after erasing."""

import io
import json
import logging
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

import pytest
import structlog
from province import CATALOGUE
from two_clusters import WORDING, at, load, one, open_period, posts_job, unit_id

from bot.export.reports import submissions_json
from bot.logs import configure_logs
from bot.resources import load_forms
from handlers.access.enrolment import CONSENT_VERSION
from handlers.conversation import Conversation
from handlers.intake.arrivals import Arrival
from handlers.intake.handling import Handling
from handlers.intake.inbound import Inbound
from handlers.messages import Incoming
from scheduler.sending.sender import Sender
from scheduler.upkeep.clean_up import Upkeep
from storage.database import Database
from storage.messages import inbox, outbox
from storage.people import invites, people, preferences
from storage.periods import rounds
from storage.reports import submissions

NAME, CHAT, PERSON = "Phan Quỳnh Hương Giang", "777000111", 5001
PASTE = (
    "Báo cáo của đ/c Nguyễn Văn Bình, 0912 345 678:\n1. Sinh hoạt chi đoàn: 3 buổi, 62 lượt\n"
    "2. Trồng cây: 120 cây\n3. Hiến máu: 4 đơn vị"
)
HOT = "điểm nóng có người lôi kéo thanh niên ở đầu thôn"


class Desk:
    """One secretary on Telegram, a deputy, leaders and the office of two clusters, and a clock that is moved."""

    def __init__(self, db: Database) -> None:
        self.db, self.now, self.numbers = db, at("2026-04-07", "19:30"), count(1)
        conversation = Conversation(db, CATALOGUE, load_forms(CATALOGUE), WORDING)
        self.conversation = conversation
        self.inbound = Inbound(
            db, Handling(db, conversation, WORDING, self.clock, Sender(db, {}, self.clock)), self.clock
        )

    def clock(self) -> datetime:
        return self.now

    async def hears(
        self, text: str = "", chat: str = CHAT, channel: str = "telegram", kind: Any = "text", **more: Any
    ) -> str | None:
        key = f"k{next(self.numbers)}"
        incoming = Incoming(
            channel, channel, key, chat, more.pop("chat_kind", "private"), more.pop("sender", chat), NAME, kind,
            self.now, text=text, **more,
        )  # fmt: skip
        await self.inbound.receive([Arrival(channel, channel, key, incoming)])
        await self.inbound.drain()
        rows = await self.db.read("select body from outbox where dedupe_key like ?", (f"reply:%:{key}",))
        return str(json.loads(rows[0][0])["text"]) if rows else None

    async def deliver(self) -> None:
        """Everything that waits is sent."""
        for key, body in await self.db.read("select dedupe_key, body from outbox where state = 'ready'"):
            content = json.loads(body)
            flags = bool(content.get("once")), bool(content.get("farewell"))
            await self.db.write([outbox.mark_sent(key, "x", self.now, *flags)])

    async def everything(self) -> dict[str, str]:
        """Every cell of every table as text, by "table.column"."""
        found: dict[str, str] = {}
        for table in await self.tables():
            rows = await self.db.read(f"select * from {table}")
            for row in rows:
                for place, cell in enumerate(tuple(row)):
                    key = f"{table}.{place}"
                    found[key] = f"{found.get(key, '')}\n{cell}"
        return found

    async def tables(self) -> list[str]:
        if self.db.engine == "sqlite":
            rows = await self.db.read("select name from sqlite_master where type = 'table'")
        else:
            rows = await self.db.read("select tablename from pg_tables where schemaname = 'public'")
        names = [row[0] for row in rows if not row[0].startswith("sqlite_")]
        assert {"person", "outbox", "pasted", "event"} <= set(names)
        return names

    async def holds(self, *words: str) -> dict[str, list[str]]:
        """In which columns any of the words stands."""
        cells = await self.everything()
        return {word: where for word in words if (where := [key for key, text in cells.items() if word in text])}


@pytest.fixture
async def desk(database: Database) -> Desk:
    await load(database, "haicum")
    made = Desk(database)
    unit = await unit_id(database, "CD01")
    await database.write(
        [
            ("insert into post (id, role, unit_id, name, title, valid_from_on) values (9, 'secretary', ?, ?, ?, ?)",
             (unit, "Giang Phan Quỳnh", "Bí thư", "2020-01-01")),
            people.add_person(PERSON, NAME, made.now),
            people.add_account("telegram", CHAT, PERSON, CONSENT_VERSION, made.now),
            people.add_role(PERSON, PERSON, "secretary", f"Bí thư {NAME}", unit, None, date(2026, 1, 1), 9),
            preferences.choose(PERSON, "reminders", "last"),
        ]
    )  # fmt: skip
    return made


# --- masked before it is stored -------------------------------------------------------------------------------


async def test_nothing_personal_in_a_message_is_ever_stored(desk: Desk) -> None:
    await desk.inbound.receive([])  # nothing waits
    seen = []
    answer = desk.conversation.answer

    async def watch(turn: Any) -> None:
        seen.append(await desk.holds("Nguyễn Văn Bình", "0912 345 678", "0912345678"))  # before it has its effect
        await answer(turn)

    desk.conversation.answer = watch  # type: ignore[method-assign]
    for text in (
        PASTE,
        "1",
        "kiến nghị đ/c Nguyễn Văn Bình xin máy chiếu, gọi 0912345678",
        "bc",
        "0912 345 678 cây xanh",
    ):
        await desk.hears(text)
    assert seen == [{}] * 5
    assert await desk.holds("Nguyễn Văn Bình", "0912 345 678", "0912345678") == {}
    assert "***" in await one(desk.db, "select text from petition")
    assert await one(desk.db, "select amount from value where indicator = 'cay_xanh' and set_by = ?", PERSON) == 120


async def test_a_message_the_bot_cannot_read_is_masked_too(desk: Desk) -> None:
    await desk.inbound.receive([Arrival("telegram", "telegram", "x", None, '{"text": "gọi 0912 345 678"}', "odd")])
    assert await one(desk.db, "select payload from inbox where message_id = 'x'") == '{"text": "gọi ***"}'


# --- shown whole ----------------------------------------------------------------------------------------------


async def test_dulieu_shows_everything_held(desk: Desk) -> None:
    for text in (PASTE, "1", "kiến nghị Xin thêm sách", HOT, "yêu cầu sửa dữ liệu: sai chức danh"):
        await desk.hears(text)
    assert (await desk.hears("dữ liệu") or "").splitlines() == [
        "Tôi đang lưu về đồng chí:",
        f"- Tên hiển thị: {NAME}; Giang Phan Quỳnh",
        "- Vai trò: Bí thư Chi đoàn thôn Đông, từ 01/01/2026",
        f"- Tài khoản: telegram {CHAT}; đồng ý lưu thông tin lúc 19:30 ngày 07/4/2026, bản {CONSENT_VERSION}",
        "- Số lần ghi số liệu: 4",
        "- Kiến nghị KN-26Q1-01: “Xin thêm sách”",
        "- Báo cáo dán lúc 19:30 ngày 07/4/2026, giữ đến 06/07/2026: “Báo cáo của đ/c ***, ***: 1. Sinh hoạt chi đoàn:"
        " 3 buổi, 62…”",
        "- Tin điểm nóng đã chuyển lãnh đạo: 1, giữ đến 06/07/2026",
        "- Mức nhắc: chỉ nhắc một lần trước hạn",
        "- Yêu cầu số 1001: sửa dữ liệu, nhận 07/04/2026; làm xong trước hết 22/04/2026",
        WORDING.say("mydata.end"),
    ]


# --- given up at a word ---------------------------------------------------------------------------------------


async def test_ngung_takes_the_consent_back_at_once_and_writing_asks_again(desk: Desk) -> None:
    period, unit = await open_period(desk.db), await unit_id(desk.db, "CD01")
    await desk.db.write([("update role set valid_to_on = '2026-04-01' where unit_id = ? and person_id <> ?",
                          (unit, PERSON))])  # fmt: skip
    waiting = outbox.say("later", "reminder", "telegram", CHAT, {"text": "Còn 7 ngày"}, desk.now)
    await desk.db.write([waiting])
    assert await submissions.out_of_reach(desk.db, period, "2026-04-07") == []
    assert (await desk.hears("ngừng") or "").startswith("Tôi đã ghi nhận đồng chí rút đồng ý")
    assert await one(desk.db, "select consent from account where chat_id = ?", CHAT) == "withdrawn"
    assert await one(desk.db, "select state from outbox where dedupe_key = 'later'") == "cancelled"
    assert await people.with_role(desk.db, "secretary", date(2026, 4, 7)) != []
    assert PERSON not in [a.person_id for a in await people.with_role(desk.db, "secretary", date(2026, 4, 7))]
    [lost] = await submissions.out_of_reach(desk.db, period, "2026-04-07")
    assert lost.name == "Chi đoàn thôn Đông"
    for text in ("bc", "cây xanh 150", "tiến độ", "2", "hội viên mới 5"):
        assert "Đồng chí có đồng ý" in (await desk.hears(text) or "") or text == "2"
    assert await one(desk.db, "select count(*) from value where set_by = ?", PERSON) == 0
    assert (await desk.hears("dữ liệu") or "").splitlines()[3].startswith(f"- Tài khoản: telegram {CHAT}; rút đồng ý")
    await desk.hears("bc")
    assert (await desk.hears("1") or "").startswith("Cảm ơn đồng chí")
    assert await one(desk.db, "select consent from account where chat_id = ?", CHAT) == "given"
    assert (await desk.hears("bc") or "").startswith("Câu 1/")
    actions = [row[0] for row in await desk.db.read("select action from event where actor = ? order by id", (PERSON,))]
    assert actions == ["consent.withdrawn", "consent.given"]


async def test_who_has_taken_the_consent_back_can_still_erase(desk: Desk) -> None:
    await desk.hears("ngung")
    await desk.hears("xóa")
    assert await desk.hears("1") == WORDING.say("erase.done")
    assert await desk.hears("bc") == WORDING.say("enrol.how")


# --- gone -----------------------------------------------------------------------------------------------------


async def test_after_erasing_nothing_personal_stays_in_any_column(desk: Desk) -> None:
    for text in (PASTE, "1", "kiến nghị Xin thêm sách", HOT, "bàn giao"):
        await desk.hears(text)
    assert await preferences.chosen(desk.db, PERSON) == {"reminders": "last"}
    # The deputy is told by name of what the secretary changed; one notice has gone out, one waits.
    await desk.hears("hội viên mới 9", "dong2", "local")
    await desk.hears("sửa hội viên mới 12")
    assert "outbox.5" in (await desk.holds(NAME)).get(NAME, []) or await desk.holds(NAME)
    await desk.deliver()
    await desk.hears("sửa cây xanh 130")
    await desk.hears("xóa")
    await desk.hears("1")
    await desk.deliver()
    assert await preferences.chosen(desk.db, PERSON) == {}
    gone = (NAME, "Giang Phan Quỳnh", CHAT, "lôi kéo thanh niên", "Báo cáo của đ/c")
    assert await desk.holds(*gone) == {}
    assert await one(desk.db, "select amount from value where indicator = 'cay_xanh' and set_by = ?", PERSON) == 130
    assert await one(desk.db, "select text from petition") == "Xin thêm sách"
    assert await one(desk.db, "select count(*) from event where action = 'person.erased' and actor = ?", PERSON) == 1


async def test_pasted_texts_and_notes_go_after_ninety_days(desk: Desk) -> None:
    await desk.hears(PASTE)
    await desk.hears(HOT)
    await desk.deliver()
    start = desk.now
    for days, left in ((89, True), (91, False)):
        await Upkeep(desk.db).tick(start + timedelta(days=days))
        assert bool(await desk.db.read("select 1 from pasted")) is left
        assert bool(await desk.db.read("select 1 from restricted_note")) is left
        assert bool(await desk.holds("lôi kéo thanh niên", "Sinh hoạt chi đoàn: 3 buổi")) is left


async def test_a_clock_that_is_off_makes_nothing_old(desk: Desk) -> None:
    await desk.hears(PASTE)
    years_ahead, off = desk.now + timedelta(days=2000), [True]
    upkeep = Upkeep(desk.db, lambda: off[0])
    await upkeep.tick(years_ahead)
    assert await desk.db.read("select 1 from pasted")
    off[0] = False
    await upkeep.tick(years_ahead)
    assert await desk.db.read("select 1 from pasted") == []


async def test_nobody_s_words_stand_in_messages_after_ninety_days(desk: Desk) -> None:
    await desk.hears(PASTE)
    await desk.hears("kiến nghị xin máy chiếu quả cam")
    await desk.deliver()
    aside = inbox.arrive_unreadable("local", "bot", "bad", "quả cam nói hỏng", "no chat", desk.now)
    await desk.db.write([aside, invites.tried("local", "stranger", desk.now)])
    start = desk.now
    await Upkeep(desk.db).tick(start + timedelta(days=89))
    assert len((await desk.holds("quả cam"))["quả cam"]) > 1
    sent = await desk.db.read("select dedupe_key, state from outbox order by id")
    await Upkeep(desk.db).tick(start + timedelta(days=91))
    left = await desk.holds("quả cam", "Sinh hoạt chi đoàn: 3 buổi")
    assert [place.partition(".")[0] for place in left.pop("quả cam")] == ["petition"]
    assert left == {}
    assert await one(desk.db, "select count(*) from outbox where body <> '{}'") == 0
    assert [tuple(row) for row in await desk.db.read("select dedupe_key, state from outbox order by id")] == [
        tuple(row) for row in sent
    ]
    for table in ("inbox", "code_try", "conversation"):
        assert await one(desk.db, f"select count(*) from {table}") == 0


# --- sensitive notes ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", [(HOT,), ("kiến nghị " + HOT,), ("diem nong", "có người lôi kéo thanh niên")])
async def test_a_sensitive_note_reaches_leaders_and_nothing_else(desk: Desk, words: tuple[str, ...]) -> None:
    for text in words:
        await desk.hears(text)
    secret = "lôi kéo thanh niên"
    carrying = await desk.db.read(
        "select channel, chat_id, kind from outbox where body like ? order by id", (f"%{secret}%",)
    )
    assert [tuple(row) for row in carrying] == [("local", "lanhdao", "digest")]
    assert await one(desk.db, "select count(*) from petition") == 0
    assert set((await desk.holds(secret))[secret]) <= {
        f"{table}.{place}" for table in ("outbox", "restricted_note") for place in range(20)
    }
    for chat, text in (
        ("chutri1", "kiến nghị"),
        ("chutri1", "tổng hợp"),
        ("lanhdao", "kiến nghị"),
        ("lanhdao", "tổng hợp"),
    ):
        assert secret not in (await desk.hears(text, chat, "local") or "")
    desk.now = at("2026-04-13", "07:30")
    await posts_job(desk.db).tick(desk.now)
    rows = await desk.db.read("select body from outbox where kind = 'group_post'")
    assert rows
    assert not [row for row in rows if secret in row[0]]
    round_ = (await rounds.open_rounds(desk.db))[0]
    exported = await submissions_json(desk.db, CATALOGUE, round_, None, date(2026, 4, 13))
    assert secret not in json.dumps(exported, ensure_ascii=False)


async def test_a_sensitive_note_in_a_group_is_met_with_silence(desk: Desk) -> None:
    assert await desk.hears(HOT, "group:C1", "local", chat_kind="group", sender="dong") is None
    assert await one(desk.db, "select count(*) from restricted_note") == 0


async def test_without_a_leader_to_hear_it_a_note_is_not_kept(desk: Desk) -> None:
    await desk.db.write([("update role set valid_to_on = '2026-04-01' where role = 'leader'", ())])
    assert await desk.hears(HOT) == WORDING.say("hot.nobody")
    assert await desk.holds("lôi kéo thanh niên") == {}


# --- logs -----------------------------------------------------------------------------------------------------


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    yield io.StringIO()
    root.handlers, root.level = handlers, level
    structlog.reset_defaults()


async def test_logs_carry_no_content_even_where_something_breaks(
    desk: Desk, stream: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure_logs("json", "debug", [], stream)
    answer = desk.conversation.answer

    async def breaks(turn: Any) -> None:
        if "vỡ" in turn.incoming.text:
            raise ValueError(f"cannot take {turn.incoming.text!r} of {turn.incoming.sender_name}")
        await answer(turn)

    monkeypatch.setattr(desk.conversation, "answer", breaks)
    for text in (
        PASTE,
        "1",
        "kiến nghị xin máy chiếu quả cam",
        HOT,
        "dữ liệu",
        "quả mận vỡ tan",
        "sửa cây xanh 151",
        "xóa",
        "1",
    ):
        await desk.hears(text)
    await Upkeep(desk.db).tick(desk.now)
    written = stream.getvalue()
    assert "message set aside" in written
    assert "ValueError" in written
    for telling in (NAME, CHAT, "quả cam", "quả mận", "lôi kéo", "Sinh hoạt", "Bình", "0912", "151"):
        assert telling not in written, telling
