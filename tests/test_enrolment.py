"""Codes and accounts: what a code is good for, who follows whom, and two channels of one person."""

import json
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from province import CATALOGUE
from two_clusters import WORDING, at, load, one, unit_id

from bot.resources import load_forms
from handlers.access.codes import code_hash, new_link_code
from handlers.access.enrolment import CONSENT_VERSION, MOST_TRIES, MOST_TRIES_OF_ALL
from handlers.access.issuing import for_group, for_role
from handlers.channel import Limits
from handlers.conversation import Conversation
from handlers.intake.arrivals import Arrival
from handlers.intake.handling import Handling
from handlers.intake.inbound import Inbound
from handlers.messages import Incoming
from handlers.telling import waking
from scheduler.sending.sender import Sender
from storage.database import Database
from storage.messages import outbox, reminders
from storage.messages.reminders import ReminderRow
from storage.people import expected, invites, people, preferences, seats
from storage.people.expected import Post
from storage.periods import briefings

START = at("2026-04-07", "09:00")
CODE = "K7M2Q-9XD4R"


class Linked:
    """A channel of which only its name and its links matter."""

    limits = Limits()

    def __init__(self, title: str, link: str = "") -> None:
        self.title, self._link = title, link

    def invite_link(self, code: str) -> str:
        return self._link and self._link + code


class Chats:
    """Chats with the bot on any channel, the sender left out, the clock in the test's hand."""

    def __init__(self, db: Database) -> None:
        self.db = db
        self.now = START
        self.channels = {"local": Linked("trang thử", "https://t.me/x?start="), "zalo": Linked("Zalo")}
        conversation = Conversation(db, CATALOGUE, load_forms(CATALOGUE), WORDING, self.channels)  # type: ignore[arg-type]
        handling = Handling(db, conversation, WORDING, lambda: self.now, Sender(db, {}, lambda: self.now))
        self.inbound = Inbound(db, handling, lambda: self.now)
        self.count = 0

    async def say(self, chat: str, text: str, channel: str = "local") -> str:
        """What the bot answers there."""
        self.count += 1
        name = f"m{self.count}"
        incoming = Incoming(channel, "bot", name, chat, "private", chat, chat, "text", self.now, text=text)
        await self.inbound.receive([Arrival(channel, "bot", name, incoming)])
        await self.inbound.drain()
        rows = await self.db.read("select body from outbox where dedupe_key = ?", (f"reply:{channel}:bot:{name}",))
        return str(json.loads(rows[0][0])["text"]) if rows else ""

    async def notices(self, chat: str) -> list[dict[str, Any]]:
        rows = await self.db.read("select body from outbox where kind = 'notice' and chat_id = ? order by id", (chat,))
        return [json.loads(row[0]) for row in rows]

    async def issue(self, unit: str, code: str = CODE, role: str = "secretary", **more: Any) -> None:
        unit_ = await unit_id(self.db, unit)
        invite = invites.issue(
            700 + self.count,
            code_hash(code),
            "person",
            role,
            unit_,
            None,
            self.now,
            self.now + timedelta(days=14),
            **more,
        )
        self.count += 1
        await self.db.write([invite])


@pytest.fixture
async def chats(database: Database) -> Chats:
    await load(database)
    return Chats(database)


# --- what a code is good for ----------------------------------------------------------------------------------------


async def test_a_link_and_its_short_code_are_one_invite(chats: Chats) -> None:
    link = new_link_code()
    await chats.issue("CD01", link_hash=code_hash(link))
    assert (await chats.say("new", f"/start {link.lower()}")).startswith("Chào đồng chí new.")
    assert "Bí thư" in await chats.say("new", "1")
    assert (await chats.say("other", CODE)).startswith("Mã này không dùng được")


async def test_one_stranger_s_guesses_shut_enrolment_for_nobody(chats: Chats) -> None:
    await chats.issue("CD01")
    for _ in range(40):
        await chats.say("guesser", f"A{chats.count:04}-BCDEF")
    assert await one(chats.db, "select count(*) from code_try") == MOST_TRIES
    assert (await chats.say("guesser", CODE)).startswith("Mã này không dùng được")
    assert (await chats.say("new", CODE)).startswith("Chào đồng chí new.")


async def test_guessing_from_many_chats_slows_and_shuts_nobody_out(chats: Chats) -> None:
    link = new_link_code()
    await chats.issue("CD01", link_hash=code_hash(link))
    tries = [invites.tried("local", f"guesser{n}", START - timedelta(minutes=5)) for n in range(MOST_TRIES_OF_ALL)]
    await chats.db.write(tries)
    assert (await chats.say("right at once", CODE)).startswith("Chào đồng chí right at once.")
    assert (await chats.say("new", "A1111-BCDEF")).startswith("Mã này không dùng được")
    assert (await chats.say("new", CODE)).startswith("Mã này không dùng được")
    assert (await chats.say("new", f"/start {link}")).startswith("Chào đồng chí new.")
    chats.now += timedelta(hours=1)
    assert (await chats.say("late", CODE)).startswith("Chào đồng chí late.")


@pytest.mark.parametrize(
    "text", [CODE, f"/start {CODE}", f"Mã của bạn là {CODE.lower()}, nhắn cho bot nhé", "https://t.me/x?start=LINK"]
)
async def test_a_personal_code_shown_in_a_group_ends_and_who_issued_it_is_told(chats: Chats, text: str) -> None:
    link = new_link_code()
    issuer = await one(chats.db, "select person_id from account where chat_id = 'to1'")
    await chats.issue("CD01", link_hash=code_hash(link), issued_by=issuer)
    group = Incoming(
        "local", "bot", "g1", "group:C1", "group", "dong", "dong", "text", chats.now, text=text.replace("LINK", link)
    )
    await chats.inbound.receive([Arrival("local", "bot", "g1", group)])
    await chats.inbound.drain()
    rows = await chats.db.read("select body from outbox where chat_id = 'group:C1'")
    assert ["tôi đã hủy mã" in row[0] for row in rows] == [True]
    (told,) = await chats.notices("to1")
    assert told["text"].startswith("Mã Bí thư của Chi đoàn thôn Đông bị gửi vào một nhóm chat nên tôi đã hủy.")
    assert (await chats.say("new", CODE)).startswith("Mã này không dùng được")
    assert CODE not in str([dict(row) for row in await chats.db.read("select * from event")])


async def test_other_words_in_a_group_end_no_code(chats: Chats) -> None:
    await chats.issue("CD01")
    group = Incoming("local", "bot", "g1", "group:C1", "group", "x", "x", "text", chats.now, text="mã A2222-BCDEF nhé")
    await chats.inbound.receive([Arrival("local", "bot", "g1", group)])
    await chats.inbound.drain()
    assert (await chats.say("new", CODE)).startswith("Chào đồng chí new.")


async def test_a_code_is_good_to_the_end_of_the_day_it_names(chats: Chats) -> None:
    issued = for_role("secretary", await unit_id(chats.db, "CD01"), None, chats.now, timedelta(days=14))
    assert issued.expires_at == at("2026-04-22", "00:00")
    await chats.db.write(issued.rows)
    chats.now = at("2026-04-21", "23:59")
    assert (await chats.say("new", issued.code)).startswith("Chào đồng chí")
    chats.now = at("2026-04-22", "00:00")
    assert (await chats.say("new", "1")).startswith("Mã này không dùng được")


async def test_a_withdrawn_code_is_no_code_even_between_code_and_consent(chats: Chats) -> None:
    await chats.issue("CD01")
    await chats.say("new", CODE)
    await chats.db.write([invites.withdraw("secretary", await unit_id(chats.db, "CD01"), None, chats.now)])
    assert (await chats.say("new", "1")).startswith("Mã này không dùng được")
    assert await one(chats.db, "select count(*) from account where chat_id = 'new'") == 0


async def test_issue_and_use_of_a_code_are_in_the_audit_without_the_code(chats: Chats) -> None:
    issued = for_role("deputy", await unit_id(chats.db, "CD01"), None, chats.now)
    await chats.db.write(issued.rows)
    await chats.say("new", issued.code)
    await chats.say("new", "1")
    rows = await chats.db.read(
        "select action, subject, actor, unit_id from event where action like 'code.%' order by id"
    )
    assert [(row[0], row[1]) for row in rows] == [("code.issued", "deputy"), ("code.used", "deputy")]
    assert rows[0][2] is None
    assert rows[1][2] == await one(chats.db, "select person_id from account where chat_id = 'new'")
    everything = json.dumps([[str(cell) for cell in row] for row in await chats.db.read("select * from event")])
    assert issued.code not in everything
    assert issued.code.replace("-", "") not in everything


async def test_the_text_of_a_code_given_by_chat_goes_once_it_is_sent(chats: Chats) -> None:
    answer = await chats.say("dong", "bàn giao")
    assert "https://t.me/x?start=" in answer
    rows = await chats.db.read("select dedupe_key, body from outbox order by id desc limit 1")
    body = json.loads(rows[0][1])
    assert body["once"] is True
    await chats.db.write([outbox.mark_sent(rows[0][0], "1", chats.now, forget=body["once"])])
    assert await one(chats.db, "select body from outbox where dedupe_key = ?", rows[0][0]) == "{}"


# --- hand-over ------------------------------------------------------------------------------------------------------


async def test_the_old_secretary_is_cut_off_at_once_and_what_she_entered_stays_hers(chats: Chats) -> None:
    unit = await unit_id(chats.db, "CD01")
    await chats.say("dong", "hội viên mới 5")
    await chats.issue("CD01", replaces=True)
    await chats.say("new", CODE)
    await chats.say("new", "1")
    assert (await chats.say("dong", "hội viên mới 6")).startswith("Đồng chí hiện không phụ trách")
    assert await one(chats.db, "select amount from value where unit_id = ?", unit) == 5
    old = await one(chats.db, "select person_id from account where chat_id = 'dong'")
    assert await one(chats.db, "select set_by from value where unit_id = ?", unit) == old
    assert await one(chats.db, "select count(*) from event where action = 'role.ended' and unit_id = ?", unit) == 1
    assert [n["text"].startswith("Đồng chí new đã đăng ký là Bí thư") for n in await chats.notices("dong")] == [True]
    assert await one(chats.db, "select valid_to_on from role where person_id = ?", old) == "2026-04-06"


async def test_without_replacing_both_report(chats: Chats) -> None:
    await chats.issue("CD01", role="deputy")
    await chats.say("new", CODE)
    await chats.say("new", "1")
    assert (await chats.say("dong", "xem")).startswith("Đơn vị chưa có số liệu")
    assert await chats.notices("dong") == []


async def test_what_is_planned_for_the_old_secretary_goes_to_the_new_one(chats: Chats) -> None:
    unit, other = await unit_id(chats.db, "CD01"), await unit_id(chats.db, "CD11")
    period = await one(chats.db, "select id from period where state = 'open'")
    old = await one(chats.db, "select person_id from account where chat_id = 'dong'")
    today, tomorrow = date(2026, 4, 7), date(2026, 4, 8)
    rows = [
        ReminderRow(period, unit, old, "T-3", tomorrow),
        ReminderRow(period, unit, old, "T-7", today),
        ReminderRow(period, other, old, "T-7", today),
    ]
    # Of today's two a message waits to leave; it is withdrawn, and what it said of the other unit is due anew.
    await chats.db.write(
        [
            *reminders.plan([(row, at(row.day_on.isoformat())) for row in rows]),
            outbox.say("message", "reminder", "local", "dong", {"text": "nhắc"}, chats.now),
            reminders.send(old, today, 2, "message", chats.now),
        ]
    )
    await chats.issue("CD01", replaces=True)
    await chats.say("new", CODE)
    await chats.say("new", "1")
    found = await chats.db.read(
        "select a.chat_id, r.unit_id, r.rung, r.state from reminder r join account a on a.person_id = r.person_id"
        " order by r.rung, r.unit_id, r.state"
    )
    assert sorted(tuple(row) for row in found) == sorted(
        [("dong", unit, "T-3", "cancelled"), ("new", unit, "T-3", "planned"), ("dong", unit, "T-7", "cancelled"),
         ("new", unit, "T-7", "planned"), ("dong", other, "T-7", "planned")]
    )  # fmt: skip
    assert await one(chats.db, "select state from outbox where dedupe_key = 'message'") == "cancelled"


async def test_a_deputy_who_becomes_secretary_is_deputy_no_more(chats: Chats) -> None:
    await chats.issue("CD01", role="deputy")
    await chats.say("new", CODE)
    await chats.say("new", "1")
    await chats.issue("CD01", code="A1111-11111", replaces=True)
    await chats.say("new", "A1111-11111")
    person = await one(chats.db, "select person_id from account where chat_id = 'new'")
    held = await people.roles_of(chats.db, person, chats.now.date())
    assert [role.role for role in held] == ["secretary"]


async def test_a_chair_can_be_followed_too(chats: Chats) -> None:
    cluster = await one(chats.db, "select id from cluster where code = 'C1'")
    issued = for_role("chair", None, cluster, chats.now, replaces=True)
    await chats.db.write(issued.rows)
    await chats.say("new", issued.code)
    await chats.say("new", "1")
    assert "Cụm thi đua số 1" in await chats.say("new", "tiến độ")
    assert (await chats.say("chutri1", "tiến độ")).startswith("Đồng chí hiện không phụ trách")
    assert len(await chats.notices("chutri1")) == 1


async def test_a_group_that_is_linked_is_in_the_audit(chats: Chats) -> None:
    cluster = await one(chats.db, "select id from cluster where code = 'C1'")
    issued = for_group(cluster, chats.now)
    await chats.db.write(issued.rows)
    incoming = Incoming(
        "zalo", "bot", "g1", "g9", "group", "dong", "dong", "text", chats.now, text=f"/start {issued.code.lower()}"
    )
    await chats.inbound.receive([Arrival("zalo", "bot", "g1", incoming)])
    await chats.inbound.drain()
    assert await one(chats.db, "select cluster_id from group_chat where chat_id = 'g9'") == cluster
    rows = await chats.db.read("select action, subject from event where subject = 'group' order by id")
    assert [tuple(row) for row in rows] == [("code.issued", "group"), ("group.linked", "group")]


async def test_a_group_where_only_what_names_the_bot_is_seen_is_told_to_name_it(chats: Chats) -> None:
    cluster = await one(chats.db, "select id from cluster where code = 'C1'")
    issued = for_group(cluster, chats.now)
    await chats.db.write(issued.rows)
    channel = chats.channels["zalo"]
    channel.limits = Limits(buttons=False, mentioned=True)
    said = []
    for number, text in enumerate([issued.code, "trợ giúp", "tiến độ", "tổng hợp"]):
        name = f"g{number}"
        incoming = Incoming("zalo", "bot", name, "g9", "group", "chutri1", "x", "text", chats.now, text=text)
        await chats.inbound.receive([Arrival("zalo", "bot", name, incoming)])
        await chats.inbound.drain()
        rows = await chats.db.read("select body from outbox where dedupe_key = ?", (f"reply:zalo:bot:{name}",))
        said += [json.loads(row[0])["text"] for row in rows]
    assert "nhắn “@tên bot tiến độ” hoặc “@tên bot tổng hợp”" in said[0]
    assert not any("/tiendo" in text for text in said)


# --- one person, two accounts ---------------------------------------------------------------------------------------


async def linked(chats: Chats) -> None:
    """dong's account on another channel, linked at nine."""
    answer = await chats.say("dong", "liên kết")
    code = answer.split(": ")[1].split(".")[0]
    assert "gắn thêm tài khoản" in await chats.say("z1", code, "zalo")
    assert (await chats.say("z1", "1", "zalo")).startswith("Đã liên kết")


async def test_a_typed_code_on_a_second_channel_makes_one_person_of_both(chats: Chats) -> None:
    await linked(chats)
    assert await one(chats.db, "select count(distinct person_id) from account where chat_id in ('dong', 'z1')") == 1
    consents = await chats.db.read("select consent, consent_version from account where chat_id in ('dong', 'z1')")
    assert {tuple(row) for row in consents} == {("given", CONSENT_VERSION)}
    await chats.say("z1", "hội viên mới 5", "zalo")
    assert "hội viên mới 5" in await chats.say("dong", "xem")
    assert [n["text"].startswith("Đã có thêm một tài khoản trên Zalo") for n in await chats.notices("dong")] == [True]


async def test_what_nobody_asked_for_goes_to_the_account_used_last(chats: Chats) -> None:
    await linked(chats)
    unit = await unit_id(chats.db, "CD01")

    async def reached() -> list[str]:
        return [a.chat_id for a in await people.reporters(chats.db, unit, chats.now.date(), "secretary")]

    chats.now += timedelta(minutes=1)
    await chats.say("dong", "xem")
    assert await reached() == ["dong"]
    chats.now += timedelta(minutes=1)
    await chats.say("z1", "xem", "zalo")
    await chats.say("z1", "xem", "zalo")
    assert await reached() == ["z1"]
    used = await one(chats.db, "select used_at from account where chat_id = 'z1'")
    chats.now += timedelta(minutes=1)
    await chats.say("z1", "xem", "zalo")
    assert await one(chats.db, "select used_at from account where chat_id = 'z1'") == used  # no row for every message


async def test_a_code_of_somebody_erased_links_nothing(chats: Chats) -> None:
    code = (await chats.say("dong", "liên kết")).split(": ")[1].split(".")[0]
    await chats.say("dong", "xóa")
    await chats.say("dong", "1")
    assert (await chats.say("z1", code, "zalo")).startswith("Mã này không dùng được")


async def test_a_second_code_for_linking_ends_the_first(chats: Chats) -> None:
    first = (await chats.say("dong", "liên kết")).split(": ")[1].split(".")[0]
    await chats.say("dong", "liên kết")
    assert (await chats.say("z1", first, "zalo")).startswith("Mã này không dùng được")


# --- who may be told, and when --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "then"),
    [
        (at("2026-04-07", "06:59"), at("2026-04-07", "07:00")),
        (at("2026-04-07", "07:00"), at("2026-04-07", "07:00")),
        (at("2026-04-07", "20:59"), at("2026-04-07", "20:59")),
        (at("2026-04-07", "21:00"), at("2026-04-08", "07:00")),
    ],
)
async def test_a_notice_waits_for_people_to_be_awake(database: Database, now: datetime, then: datetime) -> None:
    assert await waking(database, now) == then


async def test_the_hours_in_which_nothing_unasked_comes_are_the_offices_to_set(database: Database) -> None:
    await database.write([preferences.remember(f"{preferences.RULE}quiet", "20:00-08:00")])
    assert await waking(database, at("2026-04-07", "20:10")) == at("2026-04-08", "08:00")


async def test_seats_show_who_is_enrolled_and_whom_the_office_expects(chats: Chats) -> None:
    unit = await unit_id(chats.db, "CD11")
    await chats.db.write(
        [
            (
                "insert into post (id, role, unit_id, name, title, valid_from_on)"
                " values (5, 'deputy', ?, 'Trần B', 'Phó', ?)",
                (unit, "2026-01-01"),
            )
        ]
    )
    found = {seat.code: seat for seat in await seats.seats(chats.db, "deputy", chats.now)}
    assert (found["CD11"].post_id, found["CD11"].expected, found["CD11"].enrolled) == (5, "Trần B", False)
    await chats.issue("CD11", role="deputy", post_id=5)
    await chats.say("new", CODE)
    await chats.say("new", "1")
    found = {seat.code: seat for seat in await seats.seats(chats.db, "deputy", chats.now)}
    assert (found["CD11"].post_id, found["CD11"].enrolled) == (None, True)
    assert await one(chats.db, "select title from role where post_id = 5") == "Phó"


# --- whom the office has named ------------------------------------------------------------------------------------


async def name_(db: Database, post_id: int, name: str, title: str, role: str = "leader", unit: str = "TD") -> None:
    since = date(2026, 1, 1)
    await db.write([expected.add(Post(post_id, role, await unit_id(db, unit), None, name, title, since, None))])


async def enrol(chats: Chats, chat: str, role: str = "leader", unit: str = "TD") -> str:
    """By a code that is for nobody by name."""
    issued = for_role(role, await unit_id(chats.db, unit), None, chats.now)
    await chats.db.write(issued.rows)
    await chats.say(chat, issued.code)
    return await chats.say(chat, "1")


async def held(db: Database, chat: str) -> list[tuple[Any, ...]]:
    rows = await db.read(
        "select r.post_id, r.title from role r join account a on a.person_id = r.person_id"
        " where a.chat_id = ? order by r.id",
        (chat,),
    )
    return [tuple(row) for row in rows]


async def test_who_was_named_is_linked_by_any_code_and_told_the_title_the_office_wrote(chats: Chats) -> None:
    await name_(chats.db, 91, "Nguyễn Văn Thái", "Phó Bí thư Tỉnh đoàn")
    period = await one(chats.db, "select id from period where code = '2026-Q1'")
    await chats.db.write([("update briefing set chair_id = null, chair_post_id = 91 where period_id = ?", (period,))])
    assert "Tỉnh đoàn Hòa An (Phó Bí thư Tỉnh đoàn)" in await enrol(chats, "thai")
    assert await held(chats.db, "thai") == [(91, "Phó Bí thư Tỉnh đoàn")]
    person = await one(chats.db, "select person_id from account where chat_id = 'thai'")
    untold = [found.person_id for found in await briefings.chairs_untold(chats.db, chats.now)]
    assert set(untold) == {person}  # who chairs hears of it as soon as he can be reached


async def test_of_several_who_were_named_only_the_name_says_who_it_is(chats: Chats) -> None:
    await name_(chats.db, 91, "Nguyễn Văn Thái", "Phó Bí thư")
    await name_(chats.db, 92, "Trần Thị Hà", "Trưởng ban")
    await enrol(chats, "ai do")
    assert await held(chats.db, "ai do") == [(None, WORDING.say("role.leader"))]
    await enrol(chats, "Ha")
    assert await held(chats.db, "Ha") == [(92, "Trưởng ban")]
    await enrol(chats, "nguyen van thai")
    assert await held(chats.db, "nguyen van thai") == [(91, "Phó Bí thư")]


async def test_a_post_that_may_be_somebody_else_s_is_not_given_away(chats: Chats) -> None:
    await enrol(chats, "truoc")
    await name_(chats.db, 91, "Nguyễn Văn Thái", "Phó Bí thư")
    await enrol(chats, "sau")
    assert [post for post, _ in await held(chats.db, "sau")] == [None]


async def test_a_code_for_the_post_names_a_role_that_was_held_without_one(chats: Chats) -> None:
    await enrol(chats, "thai")
    await name_(chats.db, 91, "Nguyễn Văn Thái", "Phó Bí thư")
    issued = for_role("leader", await unit_id(chats.db, "TD"), None, chats.now, post_id=91)
    await chats.db.write(issued.rows)
    await chats.say("thai", issued.code)
    assert await held(chats.db, "thai") == [(91, "Phó Bí thư")]
