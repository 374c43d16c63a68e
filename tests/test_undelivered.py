"""What nobody knows the outcome of: the office hears once a day of which units it was, and why."""

from datetime import date, timedelta

import pytest
from two_clusters import WORDING, at, load, one, open_period, queued, unit_id

from reporting.plan.planner import Planner
from reporting.time.rules import DEFAULTS
from scheduler.sending.undelivered import MOST_LINES, Undelivered
from storage.database import Database
from storage.messages import outbox, reminders, undelivered
from storage.messages.reminders import ReminderRow
from storage.organisation import snapshot
from storage.periods import holidays, planning

START = at("2026-04-10", "08:00")


@pytest.fixture
async def job(database: Database) -> Undelivered:
    await load(database)
    await database.write(
        [
            (
                "insert into role (id, person_id, role, title, unit_id, valid_from_on) select 900, person_id, 'office',"
                " 'Văn phòng', (select id from unit where code = 'TD'), '2026-01-01' from account where chat_id = ?",
                ("to2",),
            )
        ]
    )
    return Undelivered(database, WORDING, ("local",))


async def unsure(db: Database, key: str, kind: outbox.Kind, chat: str, error: str = "TimedOut: Timed out") -> None:
    await db.write(
        [outbox.say(key, kind, "local", chat, {"text": "x"}, START), outbox.mark_ended(key, "unsure", error)]
    )


async def said(db: Database) -> list[str]:
    rows = await db.read("select body from outbox where dedupe_key like 'unsure:%' order by id")
    return [str(row[0]) for row in rows]


async def test_the_office_is_told_once_with_unit_and_reason(database: Database, job: Undelivered) -> None:
    person = await one(database, "select person_id from account where chat_id = 'dong'")
    row = ReminderRow(await open_period(database), await unit_id(database, "CD01"), person, "T-7", date(2026, 4, 10))
    await database.write([*reminders.plan([(row, START)]), reminders.send(person, row.day_on, 1, "r", START)])
    await unsure(database, "r", "reminder", "dong")
    await unsure(database, "p", "group_post", "group:C2", outbox.STOPPED)
    await unsure(database, "a", "reply", "doai", "NetworkError: Bad Gateway")
    await unsure(database, "b", "reply", "doai", "NetworkError: Bad Gateway")
    assert await job.tick(START + timedelta(minutes=29)) == 0
    assert await job.tick(START + timedelta(minutes=31)) == 1
    (text,) = await said(database)
    assert "4 tin chưa rõ đã tới nơi hay chưa" in text
    assert "- Nhắc báo cáo: Chi đoàn thôn Đông (Đoàn xã Tân Lập) (máy chủ tin nhắn không trả lời)" in text
    assert "- Bài đăng nhóm: Cụm thi đua số 2 (máy dừng giữa lúc gửi)" in text
    assert "- Trả lời: Chi đoàn thôn Đoài (Đoàn xã Tân Lập) (đường truyền hoặc máy chủ tin nhắn báo lỗi), 2 tin" in text
    assert await job.tick(START + timedelta(days=1)) == 0
    assert len(await undelivered.unsure(database)) == 4  # still counted


async def test_it_waits_for_the_morning_and_is_one_list_a_day(database: Database, job: Undelivered) -> None:
    await unsure(database, "p", "group_post", "group:C1")
    assert await job.tick(at("2026-04-10", "22:00")) == 0
    assert await job.tick(at("2026-04-11", "06:59")) == 0
    assert await job.tick(at("2026-04-11", "07:00")) == 1
    await unsure(database, "q", "group_post", "group:C2")
    assert await job.tick(at("2026-04-11", "12:00")) == 0
    assert await job.tick(at("2026-04-12", "07:00")) == 1
    assert len(await said(database)) == 2


async def test_a_long_list_is_cut_and_an_old_one_is_not_told(database: Database, job: Undelivered) -> None:
    cluster = await one(database, "select id from cluster where code = 'C1'")
    for number in range(MOST_LINES + 3):
        await database.write(
            [
                ("insert into cluster select ?, ?, ?, 3, organiser_id, valid_from_on, null from cluster where id = ?",
                 (900 + number, f"X{number}", f"Cụm mới {number}", cluster)),
                ("insert into group_chat (channel, chat_id, cluster_id, linked_at) values ('local', ?, ?, 0)",
                 (f"-{number}", 900 + number)),
            ]
        )  # fmt: skip
        await unsure(database, f"p{number}", "group_post", f"-{number}")
    assert await job.tick(START + timedelta(hours=1)) == 1
    (text,) = await said(database)
    assert text.count("- Bài đăng nhóm") == MOST_LINES
    assert "và 3 dòng khác" in text
    await unsure(database, "late", "group_post", "-1")
    assert await job.tick(at("2026-04-20", "08:00")) == 0
    assert await undelivered.untold(database) == []


async def test_without_an_office_it_waits_until_there_is_one(database: Database, job: Undelivered) -> None:
    await database.write([("update role set valid_to_on = '2026-04-01' where role = 'office'", ())])
    await unsure(database, "p", "group_post", "group:C1")
    assert await job.tick(START + timedelta(hours=1)) == 0
    assert len(await undelivered.untold(database)) == 1
    assert await queued(database, "notice") == []


async def test_whoever_looks_ahead_sees_the_list_what_waits_for_the_morning_and_who_follows_a_commune(
    database: Database, job: Undelivered
) -> None:
    night = at("2026-04-06", "22:00")
    organisation = await snapshot.load(database)
    ids = {unit.code: unit.id for unit in organisation.units.values()}
    organisation.end(ids["DX01"], date(2026, 4, 9), [ids["DX02"]])
    await database.write(snapshot.statements(organisation, None, night))
    await unsure(database, "late:x", "reply", "dong")
    await database.write(
        [outbox.say("units:x", "notice", "local", "to1", {"text": "x"}, night, at("2026-04-07", "07:00"))]
    )
    calendar = await holidays.calendar(database)
    facts = await planning.whole(database, night, calendar)
    entries = Planner(DEFAULTS, calendar).between(facts, date(2026, 4, 6), date(2026, 4, 10))
    told = [(e.at, i.part, i.unit_id and facts.units[i.unit_id].code) for e in entries for i in e.items]
    assert sorted(one for one in told if one[1] in ("unsure", "waiting", "follow")) == [
        (at("2026-04-07", "07:00"), "unsure", 0), (at("2026-04-07", "07:00"), "waiting", 0),
        (at("2026-04-10", "07:00"), "follow", "CD01"), (at("2026-04-10", "07:00"), "follow", "CD02"),
    ]  # fmt: skip
