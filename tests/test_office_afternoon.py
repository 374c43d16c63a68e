"""An office's afternoon: a whole province from one spreadsheet, codes, reports, a move between clusters, an erasure."""

import json
from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import spreadsheets
from province import CATALOGUE
from two_clusters import WORDING, at, one, unit_id

from bot.channels.telegram.updates import UpdateReader
from bot.commands.organisation import take_in
from bot.resources import load_forms
from handlers.access.issuing import for_role
from handlers.conversation import Conversation
from handlers.intake.arrivals import Arrival
from handlers.intake.handling import Handling
from handlers.intake.inbound import Inbound
from handlers.messages import Incoming
from reporting.organisation.part import WHOLE, Part
from scheduler.sending.sender import Sender
from storage.database import Database
from storage.people import seats
from storage.periods import rounds
from storage.reports import counted, submissions

NOW = at("2026-04-06", "14:00")
TODAY = date(2026, 4, 6)
RECORDED = Path(__file__).parent / "payloads" / "telegram" / "start_with_code.json"


@pytest.fixture
def engine() -> str:
    """SQLite alone: what is set up here is set up on both engines by the tests of each step."""
    return "sqlite"


class Chats:
    """People writing on the local channel and, as Telegram's own JSON, on Telegram."""

    def __init__(self, db: Database) -> None:
        self.db = db
        conversation = Conversation(db, CATALOGUE, load_forms(CATALOGUE), WORDING)
        handling = Handling(db, conversation, WORDING, lambda: NOW, Sender(db, {}, lambda: NOW))
        self.inbound = Inbound(db, handling, lambda: NOW)
        self.updates = 810_000_200
        self.reader = UpdateReader("7000001", lambda: NOW, "giaoban_bot")

    async def local(self, chat: str, text: str) -> str:
        self.updates += 1
        number = f"m{self.updates}"
        incoming = Incoming("local", "local", number, chat, "private", chat, "Lan", "text", NOW, text=text)
        return await self._answer(Arrival("local", "local", number, incoming), chat)

    async def telegram(self, chat: int, text: str) -> str:
        self.updates += 1
        update: dict[str, Any] = json.loads(RECORDED.read_text("utf-8"))
        update["update_id"] = self.updates
        message = update["message"]
        message |= {"message_id": self.updates, "text": text, "entities": []}
        message["chat"]["id"] = message["from"]["id"] = chat
        return await self._answer(self.reader.webhook(json.dumps(update).encode()), str(chat))

    async def _answer(self, arrival: Arrival, chat: str) -> str:
        await self.inbound.receive([arrival])
        await self.inbound.drain()
        rows = await self.db.read("select body from outbox where chat_id = ? order by id desc limit 1", (chat,))
        return str(json.loads(rows[0][0])["text"]) if rows else ""


async def report(send: Callable[[str], Awaitable[str]], members: int) -> None:
    """Files a report with so many new members and, but for what stands, nothing else."""
    said = await send(f"hội viên mới {members}")
    for _ in range(30):  # more than a form has questions
        if "Câu " in said:
            said = await send("không phát sinh")
    for text in ("tổng số đoàn viên 30", "em nuôi 2", "gửi"):
        await send(text)


async def code_for(db: Database, unit: str) -> str:
    """A code for the secretary whom the spreadsheet names."""
    seat = next(s for s in await seats.seats(db, "secretary", NOW) if s.code == unit)
    assert seat.post_id is not None
    issued = for_role("secretary", seat.unit_id, None, NOW, post_id=seat.post_id)
    await db.write(issued.rows)
    return issued.code


async def members_of(db: Database, period_id: int, part: Part, day: date) -> int:
    sums = (await counted.sums(db, CATALOGUE, [period_id], part, day))[period_id].every.counts
    return sums["hoi_vien_moi"].amount if "hoi_vien_moi" in sums else 0


async def members(db: Database, period_id: int) -> dict[str | None, int]:
    """New federation members reported, of the first two clusters and of the province."""
    found = {}
    for code in ("C1", "C2", None):
        part = WHOLE if code is None else Part(await one(db, "select id from cluster where code = ?", code))
        found[code] = await members_of(db, period_id, part, TODAY)
    return found


async def test_an_office_sets_up_a_province_in_an_afternoon(
    database: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sheets = spreadsheets.province(communes=124, branches=2_000, clusters=6)
    path = spreadsheets.write(tmp_path / "tinh.xlsx", sheets)
    await take_in(database, CATALOGUE, path, TODAY, NOW, False)
    assert "Đơn vị: 2125 mới, 0 đổi, 0 kết thúc" in capsys.readouterr().out
    (round_,) = await rounds.open_rounds(database)
    covered = await submissions.coverage(database, round_.id, TODAY.isoformat())
    assert sum(c.owing for c in covered.values()) == 2_124  # every commune and branch, the province does not owe
    assert len(await seats.seats(database, "secretary", NOW)) >= 2_124

    # Two secretaries enrol, each with the code for their own post, one on each channel; a code serves once.
    chats = Chats(database)
    lan_code, other_code = await code_for(database, "CD00000"), await code_for(database, "CD00001")
    assert "Chi đoàn 0" in await chats.local("lan", lan_code)
    assert "Chi đoàn 0" in await chats.local("lan", "1")
    assert "Chi đoàn 1" in await chats.telegram(1001, f"/start {other_code}")
    assert "Chi đoàn 1" in await chats.telegram(1001, "1")
    assert await chats.local("stranger", lan_code) == WORDING.say("enrol.bad_code")
    titles = await database.read(
        "select r.title from role r join account a on a.person_id = r.person_id order by a.channel"
    )
    assert [row[0] for row in titles] == ["Bí thư Chi đoàn", "Bí thư Chi đoàn"]  # as the spreadsheet says

    # Both report; the first branch is in cluster 1, the second in cluster 2.
    await report(lambda text: chats.local("lan", text), 5)
    await report(lambda text: chats.telegram(1001, text), 40)
    assert await members(database, round_.id) == {"C1": 5, "C2": 40, None: 45}

    # In the middle of the period the first branch's commune moves to cluster 2, by the same spreadsheet.
    commune = next(row for row in sheets["units"] if row["code"] == "DX000")
    commune["cluster"] = "C2"
    spreadsheets.write(path, sheets)
    await take_in(database, CATALOGUE, path, TODAY, NOW, False)
    assert "đổi: DX000: Cụm: C1 → C2 từ 06/04/2026" in capsys.readouterr().out
    assert await members(database, round_.id) == {"C1": 0, "C2": 45, None: 45}
    cluster_1 = await one(database, "select id from cluster where code = 'C1'")
    assert await members_of(database, round_.id, Part(cluster_1), TODAY - timedelta(days=1)) == 5
    after = await submissions.coverage(database, round_.id, TODAY.isoformat())
    assert sum(c.owing for c in after.values()) == 2_124
    assert sum(c.filed for c in after.values()) == 2

    # One of them has everything about them erased; the unit's figures stay, nothing names the person any more.
    await chats.local("lan", "xóa")
    await chats.local("lan", "1")
    assert await one(database, "select count(*) from account where chat_id = 'lan'") == 0
    lan_unit = await unit_id(database, "CD00000")
    assert await database.read("select 1 from post where unit_id = ? and name <> ''", (lan_unit,)) == []
    assert await database.read("select 1 from role where unit_id = ? and title <> ''", (lan_unit,)) == []
    assert await members(database, round_.id) == {"C1": 0, "C2": 45, None: 45}
    assert await one(database, "select count(*) from person where erased_at is null") == 1
