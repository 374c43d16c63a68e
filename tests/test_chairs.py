"""Who chairs a briefing is told of it once, with a file for the calendar: as it is set, as it moves, as it is lost."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from two_clusters import WORDING, at, load, one, unit_id

from bot.channels.local.channel import Local
from reporting.time.periods import parse_period
from scheduler.planned.notices import Notices
from scheduler.planned.outlook import Outlooks
from scheduler.sending.files import Files
from scheduler.sending.sender import Sender
from storage.database import Database
from storage.messages import local_chat
from storage.people import people, privacy
from storage.periods import briefings, rounds
from storage.periods.rounds import Briefing

MORNING = at("2026-04-02", "08:00")


class Chairs:
    """Two clusters with their chairs, and a clock."""

    def __init__(self, db: Database) -> None:
        self.db, self.at = db, MORNING
        self.local = Local(db, lambda: self.at)
        self.seen: dict[str, int] = {}

    async def tick(self, later: timedelta = timedelta(minutes=1)) -> None:
        """Some time passes; what is due is told."""
        self.at += later
        await Notices(self.db, WORDING, Outlooks(self.db, ("local",))).tick(self.at)
        await Sender(self.db, {"local": self.local}, lambda: self.at, files=Files()).drain()

    async def hears(self, chat: str) -> list[tuple[str, dict[str, str]]]:
        """What is new in a chat: each text with the fields of its calendar file."""
        found = []
        for line in await local_chat.since(self.db, chat, self.seen.get(chat, 0)):
            self.seen[chat] = line.id
            fields: dict[str, str] = {}
            if line.file is not None:
                kept = await local_chat.file(self.db, chat, line.file.mark)
                assert kept is not None
                text = kept[1].decode().replace("\r\n ", "")
                fields = dict(part.split(":", 1) for part in text.splitlines()) | {"name": line.file.name}
            found.append((line.text, fields))
        return found

    async def briefing(self, cluster: str = "C1") -> Briefing:
        period = await one(self.db, "select id from period where code = '2026-Q1'")
        return next(b for b in await rounds.briefings(self.db, period) if b.cluster_code == cluster)

    async def change(self, starts_at: datetime | None = None, chair: int | None = None, cluster: str = "C1") -> None:
        b = await self.briefing(cluster)
        values: Any = (starts_at or b.starts_at, b.mode, b.place, chair or b.chair_id, b.host_unit_id)
        await self.db.write([briefings.change(b, *values)])

    async def person(self, chat: str) -> int:
        found: int = await one(self.db, "select person_id from account where chat_id = ?", chat)
        return found


@pytest.fixture
async def chairs(database: Database) -> Chairs:
    await load(database)
    return Chairs(database)


async def test_a_briefing_that_is_set_is_sent_to_its_chair_once(chairs: Chairs) -> None:
    for _ in range(3):
        await chairs.tick()
    [(text, file)] = await chairs.hears("chutri1")
    assert text.startswith("Đồng chí chủ trì giao ban của Cụm thi đua số 1: quý I/2026, 08:00 thứ Ba 14/4,")
    assert (file["name"], file["METHOD"], file["SEQUENCE"]) == ("giao-ban-C1-2026-04-14.ics", "PUBLISH", "0")
    assert (file["UID"], file["DTSTART"]) == ("briefing-2026-Q1-C1@giaoban", "20260414T010000Z")
    assert len(await chairs.hears("chutri2")) == 1
    assert [await chairs.hears(chat) for chat in ("dong", "lanhdao")] == [[], []]


async def test_a_move_reaches_the_chair_in_one_message_with_the_same_entry_raised(chairs: Chairs) -> None:
    await chairs.tick()
    [(_, first)] = await chairs.hears("chutri1")
    await chairs.change(at("2026-04-15", "14:00"))
    await chairs.change(at("2026-04-16", "14:00"))
    for _ in range(3):
        await chairs.tick()
    [(text, moved)] = await chairs.hears("chutri1")
    assert "14:00 thứ Năm 16/4" in text
    assert "trước đây 08:00 thứ Ba 14/4" in text
    assert moved["UID"] == first["UID"]
    assert (moved["SEQUENCE"], moved["DTSTART"], moved["METHOD"]) == ("2", "20260416T070000Z", "PUBLISH")
    [(_, nothing)] = await chairs.hears("dong")
    assert nothing == {}


async def test_who_no_longer_chairs_it_takes_it_out_and_the_new_chair_puts_it_in(chairs: Chairs) -> None:
    await chairs.tick()
    [(_, first)] = await chairs.hears("chutri1")
    await chairs.hears("chutri2")
    await chairs.change(chair=await chairs.person("chutri2"))
    for _ in range(3):  # another day: none is told twice on one
        await chairs.tick(timedelta(days=1))
    [(text, gone)] = await chairs.hears("chutri1")
    assert text.startswith("Đồng chí không còn chủ trì giao ban của Cụm thi đua số 1: quý I/2026, 08:00 thứ Ba 14/4,")
    assert (gone["METHOD"], gone["STATUS"], gone["UID"]) == ("CANCEL", "CANCELLED", first["UID"])
    assert int(gone["SEQUENCE"]) > int(first["SEQUENCE"])
    assert gone["name"] == "huy-giao-ban-C1-2026-04-14.ics"
    [(_, got)] = await chairs.hears("chutri2")
    assert (got["METHOD"], got["UID"]) == ("PUBLISH", first["UID"])
    await chairs.change(chair=await chairs.person("chutri1"))
    for _ in range(3):  # another day: a second message of the day to who reports is none
        await chairs.tick(timedelta(days=1))
    [(_, again)] = await chairs.hears("chutri1")
    assert (again["METHOD"], int(again["SEQUENCE"]) >= int(gone["SEQUENCE"])) == ("PUBLISH", True)


async def test_who_chairs_several_is_told_in_one_message_with_one_file(chairs: Chairs) -> None:
    cluster = await one(chairs.db, "select id from cluster where code = 'C1'")
    await chairs.db.write(
        [
            rounds.add_period(77, parse_period("2026-03"), "open", MORNING),
            rounds.add_briefing(78, 77, cluster, at("2026-04-20", "08:00"), "UBND xã", await chairs.person("chutri1")),
        ]
    )
    await chairs.tick()
    [(text, file)] = await chairs.hears("chutri1")
    assert "quý I/2026, 08:00 thứ Ba 14/4" in text
    assert "tháng 3/2026, 08:00 thứ Hai 20/4" in text
    assert file["name"] == "giao-ban-2026-04-14-2026-04-20.ics"


async def test_where_nobody_is_named_the_one_chair_of_the_cluster_is_told_as_soon_as_he_can_be(chairs: Chairs) -> None:
    person = await chairs.person("chutri1")
    await chairs.db.write(
        [("update briefing set chair_id = null", ()), ("delete from account where chat_id = 'chutri1'", ())]
    )
    await chairs.tick()
    assert len(await chairs.hears("chutri2")) == 1
    assert await chairs.hears("chutri1") == []
    await chairs.db.write([people.add_account("local", "chutri1", person, "2026-1", chairs.at)])
    await chairs.tick()
    assert len(await chairs.hears("chutri1")) == 1
    unit = await unit_id(chairs.db, "CD01")
    await chairs.db.write(
        [("update role set role = 'deputy', unit_id = ?, cluster_id = null where person_id = ?", (unit, person))]
    )
    await chairs.tick(timedelta(days=1))
    [(_, gone)] = await chairs.hears("chutri1")
    assert (gone["METHOD"], gone["SEQUENCE"]) == ("CANCEL", "1")


async def test_who_has_no_role_any_more_is_told_nothing_and_not_looked_for(chairs: Chairs) -> None:
    await chairs.tick()
    await chairs.hears("chutri1")
    person = await chairs.person("chutri1")
    await chairs.db.write(
        [
            ("update briefing set chair_id = null", ()),
            ("update role set valid_to_on = '2026-04-01' where person_id = ?", (person,)),
        ]
    )
    assert person not in {found.person_id for found in await briefings.chairs_untold(chairs.db, chairs.at)}
    await chairs.tick()
    assert await chairs.hears("chutri1") == []


async def test_of_two_chairs_of_a_cluster_of_whom_none_is_named_nobody_is_told(chairs: Chairs) -> None:
    second = await chairs.person("chutri2")
    await chairs.db.write(
        [
            ("update briefing set chair_id = null", ()),
            ("update role set cluster_id = (select id from cluster where code = 'C1') where person_id = ?", (second,)),
        ]
    )
    await chairs.tick()
    assert [await chairs.hears(chat) for chat in ("chutri1", "chutri2")] == [[], []]


async def test_who_holds_the_post_named_for_it_chairs_and_whose_role_has_ended_does_not(chairs: Chairs) -> None:
    first, second = [await chairs.person(chat) for chat in ("chutri1", "chutri2")]
    cluster = await one(chairs.db, "select id from cluster where code = 'C1'")
    await chairs.db.write(
        [
            (
                "insert into post (id, role, cluster_id, name, title, valid_from_on) values (91, 'chair', ?, 'Thái',"
                " 'Bí thư', '2026-01-01')",
                (cluster,),
            ),
            ("update briefing set chair_id = null, chair_post_id = 91 where cluster_id = ?", (cluster,)),
            ("update role set post_id = 91 where person_id in (?, ?)", (first, second)),
            ("update role set valid_to_on = '2026-04-01' where person_id = ?", (first,)),
        ]
    )
    await chairs.tick()
    assert await chairs.hears("chutri1") == []
    assert ["Cụm thi đua số 1" in text for text, _ in await chairs.hears("chutri2")] == [True, False]


async def test_nobody_is_told_at_night_of_a_closed_period_or_of_a_briefing_that_was_held(chairs: Chairs) -> None:
    chairs.at = at("2026-04-02", "23:00")
    await chairs.tick()
    assert await chairs.hears("chutri1") == []
    await chairs.tick(timedelta(hours=9))
    assert len(await chairs.hears("chutri1")) == 1
    await chairs.db.write([("delete from chair_told", ())])
    await chairs.db.write([("update period set state = 'closed'", ())])
    await chairs.tick()
    await chairs.db.write([("update period set state = 'open'", ())])
    await chairs.tick(timedelta(days=13))
    assert await chairs.hears("chutri1") == []


async def test_two_workers_tell_a_chair_once(chairs: Chairs) -> None:
    first, second = (Notices(chairs.db, WORDING, Outlooks(chairs.db, ("local",))) for _ in range(2))
    real = briefings.chairs_untold
    found = await real(chairs.db, chairs.at)
    assert await first.tick(chairs.at) == 2
    with pytest.MonkeyPatch.context() as patch:

        async def as_read_before(*_: Any) -> Any:
            return found

        patch.setattr(briefings, "chairs_untold", as_read_before)
        assert await second.tick(chairs.at) == 0
    assert await one(chairs.db, "select count(*) from outbox where kind = 'notice'") == 2


async def test_an_erased_chair_leaves_no_row(chairs: Chairs) -> None:
    await chairs.tick()
    person = await chairs.person("chutri1")
    held = await privacy.held_about(chairs.db, person)
    await chairs.db.write(privacy.erase(person, held, "2026-04-02", chairs.at))
    assert await one(chairs.db, "select count(*) from chair_told where person_id = ?", person) == 0
    assert await one(chairs.db, "select count(*) from local_file") == 1  # the other chair's
