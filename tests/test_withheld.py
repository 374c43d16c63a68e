"""Messages that Zalo keeps from the bot are counted for the office by unit, and told once."""

from datetime import date, timedelta

from two_clusters import WORDING, at, load, one

from scheduler.sending.withheld_watch import WithheldWatch
from storage.database import Database
from storage.messages import inbox
from storage.people import people, withheld

NOW = at("2026-04-06", "08:00")
OFFICE = 9009


async def told(db: Database, when: int = 0) -> list[str]:
    watch = WithheldWatch(db, WORDING, ("local",))
    await watch.tick(NOW + timedelta(hours=when))
    rows = await db.read("select body from outbox where dedupe_key like 'withheld:%' order by id")
    return [str(row[0]) for row in rows]


async def with_office(db: Database) -> None:
    await load(db)
    province = await one(db, "select id from unit where level = 'tinh_doan'")
    await db.write(
        [
            people.add_person(OFFICE, "Thu", NOW),
            people.add_account("local", "vanphong", OFFICE, "1", NOW),
            people.add_role(OFFICE, OFFICE, "office", "", province, None, date(2020, 1, 1)),
        ]
    )


async def test_the_office_hears_by_unit_and_of_strangers_and_only_of_what_is_new(database: Database) -> None:
    await with_office(database)
    unit = await one(
        database,
        "select u.name from account a join role r on r.person_id = a.person_id join unit u on u.id = r.unit_id"
        " where a.chat_id = 'dong'",
    )
    await database.write([withheld.note("local", chat, NOW) for chat in ("dong", "dong", "đứa trẻ")])
    nobody = inbox.arrive_unreadable("zalo", "12", "m1", "", "withheld: Zalo names nobody", NOW)
    await database.write([nobody])
    [text] = await told(database)
    assert f"- {unit}: 2 tin" in text
    assert "- người chưa đăng ký: 1 tin" in text
    assert "- không rõ người gửi: 1 tin" in text
    assert len(await told(database, 1)) == 1
    await database.write([withheld.note("local", "dong", NOW + timedelta(hours=20))])
    assert len(await told(database, 2)) == 1  # one list a day
    [_, next_day] = await told(database, 24)
    assert f"- {unit}: 1 tin" in next_day


async def test_nothing_is_told_at_night_and_nothing_is_lost_by_that(database: Database) -> None:
    await with_office(database)
    await database.write([withheld.note("local", "dong", NOW)])
    assert await told(database, 15) == []
    assert len(await told(database, 24)) == 1
