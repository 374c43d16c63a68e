"""Who has not sent and not enrolled: told apart, by commune, the worst first, whole in a file."""

import json
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import spreadsheets
from openpyxl import load_workbook
from province import CATALOGUE
from two_clusters import WORDING, at, load, one, reminders_job, unit_id

from bot.commands.organisation import take_in
from bot.export.table import table_file
from bot.resources import load_forms
from handlers.conversation import Conversation
from handlers.intake.arrivals import Arrival
from handlers.intake.handling import Handling
from handlers.intake.inbound import Inbound
from handlers.messages import Incoming
from reporting.organisation.listed import ListedUnit, by_commune
from scheduler.sending.sender import Sender
from storage.database import Database
from storage.people import people

NOW = at("2026-04-07", "09:00")
TODAY = date(2026, 4, 7)


class Chats:
    """Chats with the bot, the sender left out."""

    def __init__(self, db: Database) -> None:
        self.db, self.now = db, NOW
        conversation = Conversation(db, CATALOGUE, load_forms(CATALOGUE), WORDING)
        handling = Handling(db, conversation, WORDING, lambda: self.now, Sender(db, {}, lambda: self.now))
        self.inbound = Inbound(db, handling, lambda: self.now)
        self.count = 0

    async def enrol(self, chat: str, role: str, unit: str) -> None:
        number = await unit_id(self.db, unit)
        self.count += 1
        await self.db.write(
            [
                people.add_person(self.count, chat, NOW),
                people.add_account("local", chat, self.count, "2026-2", NOW),
                people.add_role(self.count, self.count, role, "", number, None, date(2026, 1, 1)),
            ]
        )

    async def hears(self, chat: str, text: str = "", choice: str = "") -> dict[str, Any]:
        """What the outbox keeps of the answer."""
        self.count += 1
        name, kind = f"m{self.count}", "choice" if choice else "text"
        incoming = Incoming(
            "local", "local", name, chat, "private", chat, chat, kind, self.now, text=text, choice=choice
        )  # type: ignore[arg-type]
        await self.inbound.receive([Arrival("local", "local", name, incoming)])
        await self.inbound.drain()
        rows = await self.db.read("select body, file from outbox where dedupe_key like ?", (f"%:{name}",))
        return json.loads(rows[0][0]) | ({"file": json.loads(rows[0][1])} if rows[0][1] else {})

    async def says(self, chat: str, text: str) -> str:
        return str((await self.hears(chat, text))["text"])


@pytest.fixture
async def province(database: Database, tmp_path: Path) -> Chats:
    """124 communes and 2,000 branches; in every commune the branches have the same sixteen names."""
    sheets = spreadsheets.province(clusters=4)
    for row in sheets["units"]:
        if row["level"] == "chi_doan":
            row["name"] = f"Chi đoàn thôn {int(row['code'][2:]) // 124 + 1}"
        elif row["code"] == "DX000":
            row["name"] = "Đoàn xã An Thượng Lộc"
    await take_in(database, CATALOGUE, spreadsheets.write(tmp_path / "t.xlsx", sheets), TODAY, NOW, False)
    chats = Chats(database)
    for chat, role, unit in (("van", "office", "TD"), ("loc", "secretary", "DX000"), ("mot", "secretary", "CD00001")):
        await chats.enrol(chat, role, unit)
    return chats


def test_communes_are_counted_the_worst_first() -> None:
    units = [ListedUnit("", "", "", number, f"Xã {number}") for number in (1, 2, 2, 3, 3)]
    assert by_commune(units) == [("Xã 2", 2), ("Xã 3", 2), ("Xã 1", 1)]


@pytest.mark.parametrize("engine", ["sqlite"])
async def test_in_a_province_lists_are_short_and_by_commune(province: Chats) -> None:
    answer = await province.hears("van", "ai chưa gửi")
    head, *clusters = answer["text"].splitlines()
    assert head == "quý I/2026: còn 2.124/2.124 đơn vị chưa gửi."
    assert len(clusters) == 4
    assert clusters[0].startswith("- Cụm thi đua số 1, 531/531: Đoàn xã 12 (18), ")
    assert clusters[0].endswith("đơn vị khác.")
    assert len(answer["text"]) < 1_500
    [[label, data]] = answer["choices"]
    assert (label, data) == (WORDING.say("label.whole_list"), "late:2026-Q1:")
    by_tap = await province.hears("van", choice=data)
    by_word = await province.hears("van", "ai chưa gửi excel")
    assert by_tap["file"] == by_word["file"]
    book = load_workbook(BytesIO(await table_file(by_tap["file"])))
    rows = list(book.active.iter_rows(values_only=True))  # type: ignore[union-attr]
    assert rows[0] == ("Cụm", "Xã, phường", "Mã", "Đơn vị", "Báo cáo")
    assert len(rows) == 1 + 2_124
    assert rows[1][4] == "chưa bắt đầu"
    assert len({row[1] for row in rows[1:19]}) == 1  # a commune's units stand together


@pytest.mark.parametrize("engine", ["sqlite"])
async def test_a_part_of_the_province_is_asked_for_by_its_name(province: Chats) -> None:
    said = await province.says("van", "tiến độ cụm 2")
    assert said.startswith("Cụm thi đua số 2, quý I/2026: 0/531 đơn vị đã gửi.\nChưa gửi: Đoàn xã ")
    said = await province.says("van", "Tiến độ xã An Thượng Lộc")
    assert said.startswith("Đoàn xã An Thượng Lộc, quý I/2026: 0/18 đơn vị đã gửi.")
    assert (await province.says("van", "ai chưa gửi xã an thuong loc")).startswith("Đoàn xã An Thượng Lộc, quý I")
    assert "Tôi không rõ cụm hay xã" in await province.says("van", "tiến độ xã Không Có")
    said = await province.says("loc", "tiến độ xã 1")  # of another cluster than hers
    assert said == WORDING.say("help.no_rights")
    assert (await province.says("loc", "tiến độ xã 4")).startswith("Đoàn xã 4, quý I/2026: 0/1")


async def test_a_commune_secretary_sees_hers_first(province: Chats) -> None:
    said = (await province.says("loc", "tiến độ")).splitlines()
    assert said[0].startswith("Đoàn xã An Thượng Lộc: đã lưu 0/54 số")
    assert said[1] == "Chi đoàn của Đoàn xã An Thượng Lộc, quý I/2026: 0/17 đơn vị đã gửi."
    assert said[3].startswith("Cụm thi đua số 1")
    said = (await province.says("loc", "ai chưa gửi")).splitlines()
    assert said[1].startswith("- Đoàn xã An Thượng Lộc, 18/18: Chi đoàn thôn 1, Chi đoàn thôn 2, ")
    assert said[2].startswith("- Cụm thi đua số 1, 531/531: ")
    said = (await province.says("loc", "chưa đăng ký")).splitlines()
    assert said[0] == "Còn 17/18 đơn vị chưa ai đăng ký."
    assert said[1].startswith("Chi đoàn thôn 1, Chi đoàn thôn 2, ")
    assert await province.says("mot", "chưa đăng ký") == WORDING.say("help.no_rights")


@pytest.mark.parametrize("engine", ["sqlite"])
async def test_a_unit_of_a_name_that_others_have_is_shown_with_its_commune(province: Chats) -> None:
    assert "báo cáo cho Chi đoàn thôn 1 (Đoàn xã 1)." in await province.says("mot", "đơn vị")
    await province.enrol("hai", "secretary", "DX002")
    assert "báo cáo cho Đoàn xã 2." in await province.says("hai", "đơn vị")


async def test_in_a_small_office_every_unit_is_named(database: Database) -> None:
    await load(database)
    chats = Chats(database)
    assert "Chi đoàn thôn Đông" in await chats.says("chutri1", "ai chưa gửi")
    assert "(" not in (await chats.says("chutri1", "chi đoàn nào chưa nộp?")).partition(":")[2]
    assert await one(database, "select count(*) from outbox where file is not null") == 0


@pytest.mark.parametrize(
    "text", ["Tiến độ công trình thanh niên 3", "tiến độ 80% kế hoạch năm", "chưa gửi được vì mưa"]
)
async def test_what_only_begins_so_is_no_question_of_a_leader(database: Database, text: str) -> None:
    await load(database)
    said = await Chats(database).says("dong", text)
    assert "đơn vị đã gửi" not in said
    assert "chưa gửi." not in said


async def test_the_office_and_the_chair_remind_a_unit_once_before_the_day_and_never_too_early(
    database: Database,
) -> None:
    await load(database)
    chats = Chats(database)
    await chats.enrol("van", "office", "TD")
    chats.now = at("2026-03-30", "09:00")
    assert (await chats.says("van", "nhắc giúp")).startswith("Không có đơn vị nào quá hạn, hoặc còn 7 ngày")
    chats.now = at("2026-04-08", "09:00")
    assert (await chats.says("chutri1", "nhắc giúp")).startswith("Tôi sẽ nhắn thêm 2 đơn vị từ 19:00 thứ Tư 08/4")
    assert await chats.says("chutri1", "nhắc giúp") == WORDING.say("remind_late.once")
    chats.now = at("2026-04-10", "09:00")
    assert (await chats.says("van", "nhắc giúp")).startswith("Tôi sẽ nhắn thêm 1 đơn vị")  # of the other cluster
    assert await chats.says("van", "nhắc giúp") == WORDING.say("remind_late.once")
    await reminders_job(database).tick(at("2026-04-10", "19:00"))
    rows = await database.read("select body from outbox where chat_id = 'to1' and kind = 'reminder'")
    assert [("Văn phòng nhờ tôi nhắn thêm" in row[0], "chủ trì" in row[0]) for row in rows] == [(True, False)]
    chats.now = at("2026-04-16", "09:00")  # what is late may be reminded once a day
    assert (await chats.says("chutri1", "nhắc giúp")).startswith("Tôi sẽ nhắn thêm 2 đơn vị")
    assert await chats.says("chutri1", "nhắc giúp") == WORDING.say("remind_late.already")
