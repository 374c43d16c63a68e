"""The office is told what it is to do: somebody stands in, nobody is an error; past days show what was sent."""

from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from province import load_province
from two_clusters import WORDING, at, load, one, reminders_job

from bot.clock import SystemClock
from bot.commands.calendar import show_plan
from bot.commands.office import check_all
from bot.failures import Failed
from bot.settings import Settings
from handlers import permissions
from handlers.reminders.plan_words import month
from reporting.plan.planner import Planner
from reporting.time.rules import DEFAULTS
from storage.database import Database, Statement
from storage.messages import outbox
from storage.messages.sent import sent_by_day
from storage.people import people
from storage.periods import holidays, planning

PROVINCE = Path(__file__).parent / "journeys" / "provinces" / "hoaan.yaml"


async def facts(db: Database) -> planning.Facts:
    return await planning.whole(db, at("2026-04-02"), await holidays.calendar(db))


async def person(db: Database, role: str, unit: str = "TD") -> list[Statement]:
    """Somebody new in that role of the unit, whom a message reaches."""
    number = await one(db, "select coalesce(max(id), 0) + 5000 from person")
    place = await one(db, "select id from unit where code = ?", unit)
    return [
        people.add_person(number, "Hoa", at("2026-04-01")),
        people.add_account("local", f"chat{number}", number, "1", at("2026-04-01")),
        people.add_role(number, number, role, "", place, None, date(2026, 1, 1)),
    ]


async def test_every_person_of_the_office_hears_and_a_deputy_of_the_province_stands_in(database: Database) -> None:
    await load(database)
    await database.write([("delete from role where role = 'office'", ())])
    assert (await facts(database)).nobody_in_office
    await database.write(await person(database, "deputy"))
    found = await facts(database)
    assert not found.nobody_in_office
    assert len(found.holders["office", 0]) == 1
    assert [a.chat_id for a in await people.office(database, date(2026, 4, 2))] == [
        f"chat{found.holders['office', 0][0]}"
    ]
    for _ in range(2):
        await database.write(await person(database, "office"))
    found = await facts(database)
    assert len(found.reachable("office", 0)) == 2
    assert len(await people.office(database, date(2026, 4, 2))) == 2
    # One of the two is away: the other hears, and no deputy is asked.
    away = found.holders["office", 0][0]
    await database.write([("update account set unreachable_at = 1 where person_id = ?", (away,), 1)])
    assert [a.person_id for a in await people.office(database, date(2026, 4, 2))] == [found.holders["office", 0][1]]


async def test_who_stands_in_for_the_office_has_its_rights_until_somebody_of_it_is_back(database: Database) -> None:
    await load(database)
    today = date(2026, 4, 2)
    await database.write(await person(database, "office"))
    await database.write(await person(database, "deputy"))
    deputy = await one(database, "select max(id) from person")
    assert [role.role for role in await people.roles_of(database, deputy, today)] == ["deputy"]
    await database.write(
        [("update account set unreachable_at = 1 where person_id in (select person_id from role where role = 'office')",
          ())]
    )  # fmt: skip
    roles = await people.roles_of(database, deputy, today)
    assert [role.role for role in roles] == ["deputy", "office"]
    assert permissions.over_all("open", roles)
    await database.write([("update account set unreachable_at = null", ())])
    assert [role.role for role in await people.roles_of(database, deputy, today)] == ["deputy"]


async def test_a_branchs_deputy_is_not_the_office(database: Database) -> None:
    await load(database)
    await database.write([("delete from role where role = 'office'", ())])
    assert await people.with_role(database, "deputy", date(2026, 4, 2)) != []
    assert await people.office(database, date(2026, 4, 2)) == []


async def test_plan_and_check_name_an_office_without_anybody(
    migrated_url: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from storage.engine.open import open_database

    monkeypatch.setattr(SystemClock, "now", lambda self: at("2026-04-02", "09:00"))
    await load_province(migrated_url, PROVINCE, datetime(2026, 4, 2, tzinfo=UTC))
    settings = Settings(giaoban_database_url=migrated_url, _env_file=None)
    await show_plan(settings, date(2026, 4, 6), date(2026, 4, 6), False, None)
    assert capsys.readouterr().err == ""
    db = await open_database(migrated_url)
    try:
        await db.write([("delete from role where role = 'office'", ())])
    finally:
        await db.close()
    await show_plan(settings, date(2026, 4, 6), date(2026, 4, 6), False, None)
    said = capsys.readouterr()
    assert said.err.startswith("giaoban: chưa nhắn được ai của Văn phòng")
    assert said.out
    with pytest.raises(Failed):
        await check_all(settings)
    assert "LỖI văn phòng: chưa nhắn được ai" in capsys.readouterr().out


async def test_check_compares_the_totals_with_a_recount_and_mends_them_when_told(
    migrated_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    from storage.engine.open import open_database

    await load_province(migrated_url, PROVINCE.with_name("haicum.yaml"), datetime(2026, 4, 2, tzinfo=UTC))
    db = await open_database(migrated_url)
    try:
        await db.write([("update running_total set amount = amount + 1 where indicator = 'cay_xanh'", (), 1)])
    finally:
        await db.close()
    settings = Settings(giaoban_database_url=migrated_url, _env_file=None)
    with pytest.raises(Failed):
        await check_all(settings)
    assert "LỖI tổng số: 2026-Q1 cay_xanh: 151 kept, 150 counted; chạy" in capsys.readouterr().out
    with suppress(Failed):
        await check_all(settings, recount=True)
    assert "totals" not in capsys.readouterr().out


async def test_past_days_of_the_month_show_what_was_sent_and_coming_ones_the_plan(database: Database) -> None:
    await load(database)
    now = at("2026-04-07", "07:05")
    assert await reminders_job(database).tick(now) > 0
    count = await one(database, "select count(*) from outbox where kind = 'reminder'")
    await database.write(
        [
            ("update outbox set state = 'sent', sent_at = ? where kind = 'reminder'", (int(now.timestamp() * 1000),)),
            outbox.say("confirm:x", "notice", "local", "dong", {"text": "?"}, now),
            outbox.say("reply:x", "reply", "local", "dong", {"text": "!"}, now),
            ("update outbox set state = 'sent', sent_at = ? where dedupe_key in ('confirm:x', 'reply:x')",
             (int(at("2026-04-07", "00:00").timestamp() * 1000),), 2),
            outbox.say("late:x", "notice", "local", "dong", {"text": "."}, now),
            ("update outbox set state = 'sent', sent_at = ? where dedupe_key = 'late:x'",
             (int(at("2026-04-06", "23:59").timestamp() * 1000),), 1),
        ]
    )  # fmt: skip
    sent = await sent_by_day(database, date(2026, 4, 1), date(2026, 4, 30))
    assert sent == {date(2026, 4, 6): {"notice": 1}, date(2026, 4, 7): {"reminder": count, "question": 1}}
    planner = Planner(DEFAULTS, await holidays.calendar(database))
    later = await planning.whole(database, at("2026-04-09", "12:00"), planner.calendar)
    first, last = date(2026, 4, 1), date(2026, 4, 30)
    text = month(WORDING, later, list(planner.between(later, first, last)), planner.calendar, first, sent)
    assert f"- thứ Ba 07/4: đã gửi {count} tin nhắc, 1 câu hỏi số ước" in text
    assert "- thứ Hai 06/4: đã gửi 1 tin báo" in text
    assert "- thứ Ba 14/4: " in text
    assert "thứ Tư 08/4: " not in text  # nothing went out that day, whatever a plan would say now
