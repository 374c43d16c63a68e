"""The papers of a meeting go by themselves the working day before, once, to those who may see them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pytest
from test_posts import move
from test_sent_files import Camera
from two_clusters import WORDING, at, load, one, packs_job, reminders_job

from handlers.leaders.pack_desk import REPORT
from handlers.messages import File
from scheduler.sending.files import Files
from scheduler.sending.sender import Sender
from storage.database import Database

EVE = at("2026-04-13", "07:00")  # a Monday; the first cluster meets on Tuesday the 14th, the second on the 16th


async def office(db: Database) -> None:
    """An office that hears, and a week in which no report is late."""
    await db.write([
        ("insert into person (id, name, created_at) values (900, 'Văn', 0)", ()),
        ("insert into account (channel, chat_id, person_id, consent) values ('local', 'van', 900, 'given')", ()),
        ("insert into role (id, person_id, role, unit_id, title, valid_from_on)"
         " select 900, 900, 'office', id, '', '2026-01-01' from unit where code = 'TD'", ()),
    ])  # fmt: skip


class Day:
    """Jobs, a sender and a maker of packs that works or does not."""

    def __init__(self, db: Database) -> None:
        self.db, self.channel, self.asked, self.works = db, Camera(), set[int](), True
        self.names: list[str] = []

    async def made(self, kept: Mapping[str, Any]) -> File:
        self.asked.add(kept["pack"])
        self.names.append(kept["name"])
        if not self.works:
            raise RuntimeError("no memory left")
        return File(kept["name"], b"PK", words="" if kept["name"] == REPORT else "kèm theo")

    async def at(self, now: datetime) -> None:
        """What the jobs of another process do at that instant, sent."""
        await reminders_job(self.db).tick(now)
        await packs_job(self.db).tick(now)
        await Sender(self.db, {"local": self.channel}, lambda: now, files=Files({"pack": self.made})).drain()

    def heard(self, chat: str) -> list[str]:
        return [text for to, text in self.channel.took if to == chat]


@pytest.mark.parametrize("engine", ["sqlite"])
async def test_one_message_has_the_list_and_the_report_and_the_rest_follows_once(database: Database) -> None:
    await load(database)
    day = Day(database)
    for _ in range(2):
        await day.at(EVE)
    first, *rest = day.heard("chutri1")
    assert "còn 2/2 đơn vị chưa gửi" in first
    assert "Tài liệu giao ban quý I/2026" in first
    assert set(rest) == {"kèm theo"}
    assert len(rest) == len(day.names) - 1 == len(set(day.names)) - 1
    assert day.heard("chutri2") == day.heard("chutri2")[:1]  # three days ahead it is the list alone
    assert "Tài liệu" not in "".join(day.heard("chutri2") + day.heard("lanhdao"))
    assert await one(database, "select count(*) from reminder where rung = 'T-1' and state = 'sent' and message"
                               " like 'pack:%'") == 2  # fmt: skip


@pytest.mark.parametrize("engine", ["sqlite"])
async def test_the_papers_follow_a_meeting_that_is_moved_or_called_off(database: Database) -> None:
    await load(database)
    day = Day(database)
    await move(database, "2026-04-24")
    await day.at(EVE)
    assert not day.asked
    await database.write([("delete from briefing where cluster_id in (select id from cluster where code = 'C2')", ())])
    await day.at(at("2026-04-15"))
    assert not day.asked
    await day.at(at("2026-04-23"))
    assert len(day.asked) == 1


async def test_a_pack_that_fails_leaves_the_list_and_is_told_to_the_office_once(database: Database) -> None:
    await load(database)
    await office(database)
    day = Day(database)
    day.works = False
    await day.at(EVE)
    [text] = day.heard("chutri1")
    assert text.endswith(WORDING.say("pack.missing"))
    for _ in range(2):
        await day.at(at("2026-04-13", "07:01"))
    assert [text for text in day.heard("van") if "không lập được" in text] == [
        WORDING.say("pack.failed", period="quý I/2026", area="C1")
    ]


@pytest.mark.parametrize("engine", ["sqlite"])
async def test_who_is_named_for_a_meeting_without_the_right_to_its_papers_hears_who_is_late_and_no_more(
    database: Database,
) -> None:
    await load(database)
    await database.write([(
        "update briefing set chair_id = (select person_id from account where chat_id = 'chutri2')"
        " where cluster_id = (select id from cluster where code = 'C1')", (), 1,
    )])  # fmt: skip
    day = Day(database)
    await day.at(EVE)
    told = day.heard("chutri2")
    assert any("Cụm thi đua số 1 giao ban" in text for text in told)
    assert not day.asked
