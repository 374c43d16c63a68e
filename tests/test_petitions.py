"""What becomes of a petition: passed on, answered, closed; who sees it, and who is told."""

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pytest
from province import CATALOGUE
from two_clusters import WORDING, at, digests_job, load, one, packs_job, reminders_job, unit_id

from bot.resources import load_forms
from handlers.conversation import Conversation
from handlers.intake.arrivals import Arrival
from handlers.intake.handling import Handling
from handlers.intake.inbound import Inbound
from handlers.messages import Incoming
from handlers.petition_words import names_petition, step_in
from scheduler.sending.sender import Sender
from storage.database import Conflict, Database
from storage.people import people
from storage.reports import petitions

NOW = at("2026-04-07", "09:00")


@dataclass
class Talks:
    """Chats with the bot, the sender left out."""

    db: Database
    inbound: Inbound
    clock: list[datetime]
    count: int = 5000

    async def hears(self, chat: str, text: str = "", choice: str = "") -> str:
        """What the bot answers."""
        self.count += 1
        name, kind = f"m{self.count}", "choice" if choice else "text"
        incoming = Incoming(
            "local",
            "local",
            name,
            chat,
            "private",
            chat,
            chat,
            kind,
            self.clock[0],
            text=text,
            choice=choice,  # type: ignore[arg-type]
        )
        await self.inbound.receive([Arrival("local", "local", name, incoming)])
        await self.inbound.drain()
        assert await self.db.read("select error from inbox where error is not null") == []
        body = json.loads(await one(self.db, "select body from outbox where dedupe_key like ?", f"%:{name}"))
        self.choices: list[list[str]] = body.get("choices", [])
        return str(body["text"])

    async def told(self, chat: str) -> list[str]:
        """Notices that wait for the chat."""
        rows = await self.db.read("select body from outbox where kind = 'notice' and chat_id = ? order by id", (chat,))
        return [json.loads(row[0])["text"] for row in rows]


@pytest.fixture
async def talks(database: Database) -> Talks:
    await load(database)
    clock = [NOW]
    conversation = Conversation(database, CATALOGUE, load_forms(CATALOGUE), WORDING)
    handling = Handling(database, conversation, WORDING, lambda: clock[0], Sender(database, {}, lambda: clock[0]))
    await database.write(
        [
            people.add_person(900, "Văn phòng", NOW),
            people.add_account("local", "vp", 900, "2026-2", NOW),
            people.add_role(900, 900, "office", "", await unit_id(database, "TD"), None, date(2026, 1, 1)),
        ]
    )
    return Talks(database, Inbound(database, handling, lambda: clock[0]), clock)


async def test_a_petition_is_passed_on_answered_and_the_unit_hears_it_once(talks: Talks) -> None:
    assert "KN-26Q1-01" in await talks.hears("dong", "kiến nghị Tập huấn phần mềm quản lý đoàn viên")
    listed = await talks.hears("vp", "kiến nghị")
    assert "chưa trả lời (1)" in listed
    assert "KN-26Q1-01, Chi đoàn thôn Đông: Tập huấn" in listed
    title = "Trưởng Ban Tổ chức - Kiểm tra"
    home = await unit_id(talks.db, "TD")
    await talks.db.write([people.add_role(901, 900, "department", title, home, None, date(2026, 1, 1))])
    passed = await talks.hears("vp", "chuyển KN01 cho ban to chuc kiem tra, lĩnh vực tập huấn, hạn 20/4")
    assert passed == "Đã chuyển KN-26Q1-01 cho Ban Tổ chức - Kiểm tra. Dự kiến trả lời trước 20/4."
    assert await talks.told("dong") == []
    own = await talks.hears("dong", "KN-26Q1-01")
    assert "đã chuyển Ban Tổ chức - Kiểm tra" in own
    assert "Lĩnh vực: tập huấn." in own
    assert "20/4" in own
    answered = await talks.hears("vp", "KN01 trả lời: Lớp mở ngày 25/4, đăng ký tại Văn phòng.")
    assert answered == "Đã ghi trả lời KN-26Q1-01. Tôi đã nhắn Chi đoàn thôn Đông."
    [notice] = await talks.told("dong")
    assert "KN-26Q1-01" in notice
    assert "Lớp mở ngày 25/4" in notice
    assert await talks.told("dong2") == []
    assert "chưa trả lời" in await talks.hears("vp", "kiến nghị")
    await talks.hears("vp", "KN01 trả lời: Lớp mở ngày 25/4, đăng ký tại Văn phòng.")
    assert len(await talks.told("dong")) == 1
    assert await talks.hears("vp", "đóng KN01") == "Đã đóng KN-26Q1-01."
    assert await talks.hears("vp", "mo lai kien nghi so 1") == "Đã mở lại KN-26Q1-01."
    assert await talks.hears("vp", "đóng kn 1") == "Đã đóng KN-26Q1-01."
    assert "không còn ở bước đó" in await talks.hears("vp", "trả lời KN01: muộn")


async def test_buttons_take_it_up_and_an_old_button_changes_nothing(talks: Talks) -> None:
    await talks.hears("dong", "kiến nghị Thêm sách")
    await talks.hears("vp", "KN01")
    [received, closed] = [data for _, data in talks.choices]
    assert await talks.hears("vp", choice=received) == "Đã tiếp nhận KN-26Q1-01."
    assert await one(talks.db, "select state from petition") == "received"
    await talks.hears("vp", choice=closed)
    assert await one(talks.db, "select state from petition") == "received"


async def test_who_is_not_concerned_sees_nothing_and_only_the_office_takes_steps(talks: Talks) -> None:
    await talks.hears("dong", "kiến nghị Thêm sách")
    assert "Không có kiến nghị" in await talks.hears("to1", "KN-26Q1-01")
    assert "Không có kiến nghị" in await talks.hears("chutri2", "KN-26Q1-01")
    assert "mới gửi" in await talks.hears("chutri1", "KN-26Q1-01")
    assert talks.choices == []
    for chat in ("dong", "chutri1", "lanhdao"):
        await talks.hears(chat, "trả lời KN01: xong")
    assert await one(talks.db, "select state from petition") == "new"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("chuyển KN01", "chuyển cho ai"),
        ("chuyển KN01 cho Ban Phong trào, hạn 45/13", "chưa hiểu ngày"),
        ("chuyển KN01 cho Ban Phong trào, hạn 1/4", "đã qua"),
        ("trả lời KN01", "sau dấu hai chấm"),
        ("trả lời KN01: " + "a" * 1501, "dài quá 1.500"),
        ("trả lời KN77: có", "Không có kiến nghị KN77"),
        ("trả lời KN-26Q2-01: có", "Không có kiến nghị KN-26Q2-01"),
    ],
)
async def test_a_step_that_cannot_be_taken_is_told_and_changes_nothing(talks: Talks, text: str, says: str) -> None:
    await talks.hears("dong", "kiến nghị Thêm sách")
    assert says in await talks.hears("vp", text)
    assert await one(talks.db, "select state from petition") == "new"


async def test_after_thirty_days_it_is_late_and_stays_in_the_list_when_the_period_is_over(talks: Talks) -> None:
    await talks.hears("dong", "kiến nghị Thêm sách")
    await talks.db.write([("update period set state = 'closed' where code = '2026-Q1'", ())])
    talks.clock[0] = NOW + timedelta(days=31)
    assert "đã 31 ngày" in await talks.hears("vp", "kiến nghị")
    late = await petitions.still_open(talks.db, None, (), "2026-05-08", NOW + timedelta(days=1))
    assert [found.known_as for found in late] == ["KN-26Q1-01"]
    assert await petitions.still_open(talks.db, None, (), "2026-05-08", NOW) == []


async def test_the_chair_s_list_before_the_meeting_and_the_leaders_week_name_what_waits(talks: Talks) -> None:
    await talks.hears("dong", "kiến nghị Thêm sách")
    await talks.db.write([("update petition set created_at = 0", ())])
    for hour in ("07:05", "08:00", "09:30"):
        await reminders_job(talks.db).tick(at("2026-04-13", hour))
        await packs_job(talks.db).tick(at("2026-04-13", hour))
    rows = await talks.db.read("select body from outbox where kind = 'reminder' and chat_id = 'chutri1' order by id")
    assert "Kiến nghị chưa trả lời (1): KN-26Q1-01" in json.loads(rows[-1][0])["text"]
    others = await talks.db.read("select body from outbox where kind = 'reminder' and chat_id = 'chutri2'")
    assert not any("KN-26Q1-01" in json.loads(row[0])["text"] for row in others)
    await digests_job(talks.db).tick(at("2026-04-13", "08:00"))
    [week] = await talks.db.read("select body from outbox where kind = 'digest'")
    assert "1 kiến nghị quá 30 ngày chưa trả lời: KN-26Q1-01." in json.loads(week[0])["text"]


async def test_of_two_who_answer_at_once_one_wins(talks: Talks) -> None:
    await talks.hears("dong", "kiến nghị Thêm sách")
    [found] = await petitions.still_open(talks.db, None, (), "2026-04-07")
    received = petitions.move(found, petitions.Petition(**{**_fields(found), "state": "received"}), NOW)
    await talks.db.write([received])
    with pytest.raises(Conflict):
        await talks.db.write([received])


def _fields(one_: petitions.Petition) -> dict[str, object]:
    return {name: getattr(one_, name) for name in petitions.Petition.__slots__}


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("KN07", "follow"), ("kn-26q1-12", "follow"), ("xem KN-26Q1-12", "follow"), ("kiến nghị số KN12", "follow"),
        ("trả lời KN12: có", "settle"), ("KN12 chuyển Ban Phong trào", "settle"), ("đóng KN 7", "settle"),
        ("KN 3", ""), ("KN12", ""), ("KN 12 đoàn viên mới", ""), ("KN 3 đv, cây 120", ""),
        ("sinh hoạt 3 buổi, KN07", ""), ("kiến nghị thêm sách", ""),
    ],
)  # fmt: skip
def test_a_number_of_a_petition_is_no_admission_of_members(text: str, act: str) -> None:
    assert names_petition(text) == act


def test_a_step_keeps_its_words_as_written() -> None:
    assert step_in("KN07 Trả lời: Có, ngày 25/4.") == ("answered", "Có, ngày 25/4.")
    assert step_in("tiếp nhận KN07") == ("received", "")
    assert step_in("KN07 đoàn viên mới") == (None, "")
