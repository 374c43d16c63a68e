"""A month's messages of a bot that may send only so many: counted, foreseen, told of in time, and saved for answers."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from test_sender import Scripted
from two_clusters import WORDING, at, load, one

from handlers.channel import Limits
from handlers.messages import NotDelivered
from reporting.plan.planner import Planner
from reporting.time.rules import Rules
from scheduler.planned.forecast import last_of_month, needs
from scheduler.planned.outlook import planner_of
from scheduler.sending.allowance_watch import AllowanceWatch
from scheduler.sending.sender import Sender
from storage.database import Database
from storage.messages import allowances, outbox
from storage.messages.outbox import Kind
from storage.people import people, preferences
from storage.periods import holidays, planning

MONDAY = at("2026-04-06", "08:00")
MONTH = "2026-04"
OFFICE = 9009
METERED = Limits(text=40, bot_messages=100, bot_people=50)


@pytest.fixture
async def metered(database: Database) -> Database:
    """The province of two clusters, everybody written to by bot 12 of the channel "local"."""
    await load(database)
    province = await one(database, "select id from unit where level = 'tinh_doan'")
    await database.write(
        [
            people.add_person(OFFICE, "Thu", MONDAY),
            people.add_account("local", "vanphong", OFFICE, "1", MONDAY),
            people.add_role(OFFICE, OFFICE, "office", "", province, None, date(2020, 1, 1)),
            ("update account set chat_id = '12/' || chat_id where channel = 'local'", ()),
        ]
    )
    return database


class Office:
    """A bot with so many messages a month, and its office."""

    def __init__(self, db: Database, limits: Limits = METERED) -> None:
        self.db, self.at = db, MONDAY
        self.channel, self.other = Scripted(limits), Scripted()
        self.channel.title = "Zalo"  # type: ignore[attr-defined]
        channels = {"local": self.channel, "other": self.other}
        self.sender = Sender(db, channels, lambda: self.at)  # type: ignore[arg-type]
        self.watch = AllowanceWatch(db, WORDING, channels)  # type: ignore[arg-type]

    async def queue(self, chat: str, kind: Kind = "reply", text: str = "chào") -> None:
        number = await one(self.db, "select count(*) from outbox")
        await self.db.write([outbox.say(f"{kind}:{number}", kind, "local", f"12/{chat}", {"text": text}, self.at)])
        await self.sender.drain()

    async def used(self) -> int:
        return sum(month.used for month in await allowances.of_month(self.db, MONTH))

    async def left(self) -> int:
        [month] = await allowances.of_month(self.db, MONTH)
        return month.left(METERED.bot_messages)

    async def told(self) -> list[str]:
        """What the office has been told since the last time."""
        await self.watch.tick(self.at)
        rows = await self.db.read("select body from outbox where dedupe_key like 'allowance%' and state = 'ready'")
        await self.db.write([("update outbox set state = 'sent' where dedupe_key like 'allowance%'", ())])
        return [str(row[0]) for row in rows]


async def test_every_part_of_a_message_is_counted_and_what_may_have_arrived_too(metered: Database) -> None:
    office = Office(metered)
    await office.queue("lan")
    await office.queue("lan", text="một câu dài hơn bốn mươi ký tự nên phải đi làm hai tin")
    assert await office.used() == 3
    office.channel.failures["12/lan"] = [NotDelivered("unknown", "timeout"), NotDelivered("wait", "no connection")]
    await office.queue("lan")
    assert await office.used() == 4
    months = await allowances.of_month(metered, MONTH)
    assert [(month.channel, month.bot) for month in months] == [("local", "12")]


async def test_the_office_hears_at_eighty_and_ninety_five_percent_once(metered: Database) -> None:
    office = Office(metered)
    await metered.write([preferences.remember("rule.saving", "31")])
    heard = []
    for used in (79, 1, 5, 10, 5):
        await metered.write([allowances.spend("local", "12", MONTH, used)])
        heard.append([said for said in await office.told() if "đã dùng" in said])
    assert [len(said) for said in heard] == [0, 1, 0, 1, 0]
    assert "đã dùng 80/100 tin của tháng, còn 20 tin" in heard[1][0]
    assert "đã dùng 95/100" in heard[3][0]


async def test_a_refusal_for_want_of_messages_is_final_for_what_was_not_asked(metered: Database) -> None:
    office = Office(metered)
    office.channel.failures["12/lan"] = [NotDelivered("spent", "429: Quota exceeded")]
    await office.queue("lan", kind="notice")
    assert (await office.left(), office.channel.tries) == (0, 1)
    office.at += timedelta(hours=1)
    await office.sender.drain()
    assert office.channel.tries == 1
    assert await one(metered, "select state from outbox where kind = 'notice'") == "failed"


async def test_a_reply_refused_for_want_of_messages_is_tried_again_five_times_and_no_more(metered: Database) -> None:
    office = Office(metered)
    office.channel.failures["12/lan"] = [NotDelivered("spent", "429: Quota exceeded")] * 9
    await office.queue("lan")
    for _ in range(9):
        office.at += timedelta(minutes=1)
        await office.sender.drain()
    assert (await office.left(), office.channel.tries) == (0, 6)
    assert await one(metered, "select state from outbox where kind = 'reply'") == "failed"


async def test_one_refusal_is_over_with_the_next_message_that_is_taken(metered: Database) -> None:
    office = Office(metered)
    await metered.write([allowances.spend("local", "12", MONTH, 17)])
    office.channel.failures["12/lan"] = [NotDelivered("spent", "429: Too many requests")]
    await office.queue("lan")
    assert (await office.used(), await office.left()) == (17, 0)
    assert any("đã dùng 100/100 tin của tháng, còn 0 tin" in said for said in await office.told())
    office.at += timedelta(minutes=1)
    await office.sender.drain()
    assert office.channel.took == [("12/lan", "chào")]  # the reply itself, tried again
    assert (await office.used(), await office.left()) == (18, 82)
    office.at += timedelta(minutes=1)
    await office.queue("lan", kind="reminder")
    assert len(office.channel.took) == 2
    await metered.write([allowances.spend("local", "12", MONTH, 62)])
    assert any("đã dùng 81/100" in said for said in await office.told())


async def test_less_than_none_is_never_left(metered: Database) -> None:
    office = Office(metered)
    await metered.write([allowances.spend("local", "12", MONTH, 117)])
    assert await office.left() == 0


async def test_the_forecast_counts_what_the_plan_will_send(metered: Database) -> None:
    last = last_of_month(date(2026, 4, 6))
    planner = await planner_of(metered)
    facts = (await planning.situation(metered, MONDAY, None, planner.calendar, planned=True)).facts
    entries = [e for e in planner.between(facts, date(2026, 4, 6), last) if not e.why and e.at > MONDAY]
    wanted = len([e for e in entries if e.person_id is not None])
    need = (await needs(metered, MONDAY, last, ("local",)))["local", "12"]
    assert wanted > 10
    assert need.planned == wanted
    assert need.replies == 3 * len(facts.owed)


async def test_on_mondays_the_office_reads_what_is_left_and_what_the_calendar_needs(metered: Database) -> None:
    office = Office(metered, replace(METERED, bot_messages=3000))
    [said] = await office.told()
    need = (await needs(metered, MONDAY, date(2026, 4, 30), ("local",)))["local", "12"]
    assert f"Zalo 12: đến 30/4 còn 3.000 tin, lịch cần {need.all}" in said
    office.at += timedelta(days=1)
    assert await office.told() == []


async def test_in_need_reminders_are_gathered_before_any_is_dropped_and_summaries_go_first(metered: Database) -> None:
    office = Office(metered, replace(METERED, bot_messages=20))
    [said] = await office.told()
    assert "gộp còn nhiều nhất 2 ngày" in said
    planner = Planner(Rules(), await holidays.calendar(metered))
    facts = (await planning.situation(metered, MONDAY, ("local",), planner.calendar)).facts
    usual = replace(facts, short=frozenset())
    days = [date(2026, 4, 6) + timedelta(days=n) for n in range(24)]

    def reminded(of: planning.Facts) -> dict[int, int]:
        found: dict[int, int] = {}
        for day in days:
            for entry in planner.reminders.day(of, day):
                if not entry.why and entry.person_id:
                    found[entry.person_id] = found.get(entry.person_id, 0) + 1
        return found

    many, few = reminded(usual), reminded(facts)
    assert max(many.values()) > 2
    assert set(few) == set(many)  # nobody goes without
    assert sum(few.values()) < sum(many.values())
    for kind in ("digest", "group_post", "reminder", "reply"):
        await office.queue("lan", kind=kind)
    assert len(office.channel.took) == 2


async def test_at_the_end_only_answers_and_notices_are_sent(metered: Database) -> None:
    office = Office(metered)
    await metered.write([allowances.spend("local", "12", MONTH, 96)])
    await office.told()
    kinds: list[Kind] = ["digest", "group_post", "reminder", "notice", "reply"]
    for kind in kinds:
        await office.queue("lan", kind=kind)
    states = await metered.read("select kind from outbox where state = 'sent' and dedupe_key not like 'allow%'")
    assert sorted(row[0] for row in states) == ["notice", "reply"]


async def test_an_office_that_wants_everything_sent_saves_nothing(metered: Database) -> None:
    office = Office(metered, replace(METERED, bot_messages=20))
    await metered.write([preferences.remember("rule.saving", "31")])
    await office.told()
    assert [month.saving for month in await allowances.of_month(metered, MONTH)] == []


async def test_what_cannot_go_to_one_account_goes_to_the_other_the_same_day_once(metered: Database) -> None:
    office = Office(metered)
    person = await one(metered, "select person_id from account where chat_id = '12/dong'")
    await metered.write([people.add_account("other", "dong", person, "1", MONDAY)])
    await metered.write([people.mark_used("local", "12/dong", MONDAY + timedelta(minutes=1))])
    office.channel.failures["12/dong"] = [NotDelivered("spent", "429")]
    await office.queue("dong", kind="reminder", text="nhắc")
    assert office.other.took == [("dong", "nhắc")]
    best = await people.best_accounts(metered, [person], ("local", "other"))
    assert best[person].channel == "other"  # whose last message arrived
    await office.queue("dong")  # an answer goes where it was asked, and arrives
    best = await people.best_accounts(metered, [person], ("local", "other"))
    assert best[person].channel == "local"


async def test_a_channel_that_is_away_for_half_an_hour_is_given_up_for_the_other(metered: Database) -> None:
    office = Office(metered)
    person = await one(metered, "select person_id from account where chat_id = '12/dong'")
    await metered.write([people.add_account("other", "dong", person, "1", MONDAY - timedelta(days=1))])
    away = NotDelivered("wait", "no connection", retry_after=60)
    office.channel.failures["12/dong"] = [away] * 3
    await office.queue("dong", kind="reminder", text="nhắc")
    office.at += timedelta(minutes=20)
    await office.sender.drain()
    assert office.other.took == []
    office.at += timedelta(minutes=15)
    await office.sender.drain()
    assert office.other.took == [("dong", "nhắc")]
    office.at += timedelta(hours=2)
    await office.sender.drain()
    assert office.channel.took == []


def test_the_last_day_of_a_month() -> None:
    days = [date(2026, 2, 1), date(2028, 2, 28), date(2026, 12, 31), date(2026, 4, 30)]
    assert [last_of_month(day).day for day in days] == [28, 29, 31, 30]
