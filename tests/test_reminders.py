"""Reminders reach only who still owes, once, at the hour, and never after the unit has filed."""

import json
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from two_clusters import at, load, one, open_period, packs_job, queued, reminders_job, unit_id

from reporting.figures.values import Value
from storage.database import Database, Statement
from storage.engine.instants import stamp
from storage.messages import outbox, reminders
from storage.people import people, privacy
from storage.reports import submissions


async def file(db: Database, code: str, now: datetime) -> list[Statement]:
    """What filing writes, as rows of one unit of work."""
    period, unit = await open_period(db), await unit_id(db, code)
    return [
        submissions.touch(period, unit, 0, "submitted", 0, now),
        reminders.cancel(period, unit, now),
        outbox.cancel_reminders("2026-Q1", unit),
        *reminders.withdrawn(period, unit),
    ]


async def states(db: Database) -> dict[str, int]:
    rows = await db.read("select state, count(*) from reminder group by state order by state")
    return {row[0]: row[1] for row in rows}


async def test_a_reminder_goes_to_secretaries_and_to_deputies_only_where_there_is_no_secretary(
    database: Database,
) -> None:
    await load(database)
    assert await reminders_job(database).tick(at("2026-04-07")) == 2
    assert await queued(database, "reminder") == ["doai", "dong"]


async def test_the_deputy_is_reminded_where_the_secretary_cannot_be_reached(database: Database) -> None:
    await load(database)
    await database.write([people.mark_unreachable("local", "dong", "blocked", at("2026-04-05"))])
    await reminders_job(database).tick(at("2026-04-07"))
    assert await queued(database, "reminder") == ["doai", "dong2"]


async def test_a_reminder_says_to_which_day_the_figures_count(database: Database) -> None:
    await load(database)
    await database.write([("update period set cutoff_on = '2026-03-25' where state = 'open'", (), 1)])
    await reminders_job(database).tick(at("2026-04-07"))
    body = await one(database, "select body from outbox where chat_id = 'dong'")
    assert "(thứ Ba 14/4). Số liệu tính đến 25/3. Đơn vị chưa có số liệu." in body


async def test_each_cluster_counts_back_from_its_own_day(database: Database) -> None:
    await load(database)
    days: dict[str, list[str]] = {}
    for day in range(5, 31):
        before = await queued(database, "reminder")
        await reminders_job(database).tick(at(f"2026-04-{day:02}"))
        for chat in {"dong", "to1"}:
            after = await queued(database, "reminder")
            days.setdefault(chat, []).extend([str(day)] * (after.count(chat) - before.count(chat)))
    # The 14th less three days is a Saturday; the 17th is the third day after it. The 16th plus seven is the 23rd.
    assert days["dong"] == ["7", "10", "13", "14", "15", "17", "21"]
    assert days["to1"] == ["9", "13", "15", "16", "17", "20", "23"]


async def test_a_unit_that_has_filed_is_never_reminded(database: Database) -> None:
    await load(database)
    for day in range(5, 31):
        await reminders_job(database).tick(at(f"2026-04-{day:02}"))
    assert "to2" not in await queued(database, "reminder")


async def test_a_returned_report_is_owed_again(database: Database) -> None:
    await load(database)
    unit = await unit_id(database, "CD12")
    await database.write([("update submission set state = 'returned' where unit_id = ?", (unit,), 1)])
    await reminders_job(database).tick(at("2026-04-09"))
    assert await queued(database, "reminder") == ["to1", "to2"]


async def test_a_reminder_is_queued_once_however_often_and_by_whomever_it_is_asked(database: Database) -> None:
    await load(database)
    first, second = reminders_job(database), reminders_job(database)
    counts = [await job.tick(at("2026-04-07", time)) for time in ("07:00", "07:01", "12:00") for job in (first, second)]
    assert counts == [2, 0, 0, 0, 0, 0]


async def test_reminders_are_planned_the_day_before_and_cancelled_by_filing(database: Database) -> None:
    await load(database)
    job = reminders_job(database)
    await job.tick(at("2026-04-06", "12:00"))
    assert await states(database) == {"planned": 2}
    assert await queued(database, "reminder") == []
    await database.write(await file(database, "CD01", at("2026-04-06", "20:00")))
    assert await states(database) == {"cancelled": 1, "planned": 1}
    await job.tick(at("2026-04-07"))
    assert await queued(database, "reminder") == ["doai"]


async def test_a_reminder_that_waits_to_be_sent_is_withdrawn_by_filing(database: Database) -> None:
    await load(database)
    await reminders_job(database).tick(at("2026-04-07"))
    await database.write(await file(database, "CD01", at("2026-04-07", "07:05")))
    rows = await database.read("select chat_id, state from outbox where kind = 'reminder' order by chat_id")
    assert [tuple(row) for row in rows] == [("doai", "ready"), ("dong", "cancelled")]


async def test_of_two_units_in_one_message_that_waits_the_other_is_told_of_anew_when_one_files(
    database: Database,
) -> None:
    await load(database)
    person = await one(database, "select person_id from account where chat_id = 'dong'")
    second = await unit_id(database, "CD02")
    await database.write([people.add_role(7000, person, "secretary", "Bí thư", second, None, date(2020, 1, 1))])
    assert await reminders_job(database).tick(at("2026-04-07")) == 1
    await database.write(await file(database, "CD01", at("2026-04-07", "07:01")))
    assert await reminders_job(database).tick(at("2026-04-07", "07:02")) == 1
    rows = await database.read("select state, body from outbox where chat_id = 'dong' order by id")
    assert [row[0] for row in rows] == ["cancelled", "ready"]
    assert "Đông" in rows[0][1]
    assert "Đoài" in rows[0][1]
    assert "Đông" not in rows[1][1]
    assert await reminders_job(database).tick(at("2026-04-07", "07:03")) == 0


class FilesInBetween:
    """A database on which CD01 files just before the first reminder is queued."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._filed = False
        self.engine, self.units_taken = db.engine, db.units_taken

    async def read(self, sql: str, params: Any = ()) -> list[Any]:
        return await self._db.read(sql, params)

    async def write(self, unit: Any) -> list[int]:
        if not self._filed and any("into outbox" in statement[0] for statement in unit):
            self._filed = True
            await self._db.write(await file(self._db, "CD01", at("2026-04-07")))
        return await self._db.write(unit)

    async def close(self) -> None:
        pass


async def test_filing_between_reading_and_queueing_wins(database: Database) -> None:
    await load(database)
    await reminders_job(FilesInBetween(database)).tick(at("2026-04-07"))
    assert await queued(database, "reminder") == ["doai"]


@pytest.mark.parametrize(("time", "state"), [("06:59", "planned"), ("19:59", "sent"), ("20:00", "dropped")])
async def test_a_reminder_goes_out_between_seven_and_eight_in_the_evening_or_not_at_all(
    database: Database, time: str, state: str
) -> None:
    await load(database)
    await reminders_job(database).tick(at("2026-04-06", "12:00"))
    await reminders_job(database).tick(at("2026-04-07", time))
    assert await states(database) == {state: 2}
    assert len(await queued(database, "reminder")) == (2 if state == "sent" else 0)


async def test_a_reminder_missed_while_the_machine_was_off_is_not_sent_the_next_day(database: Database) -> None:
    await load(database)
    await reminders_job(database).tick(at("2026-04-06", "12:00"))
    assert await reminders_job(database).tick(at("2026-04-08", "07:00")) == 0
    assert (await states(database))["dropped"] == 2


async def test_a_moved_briefing_moves_what_is_planned_and_not_yet_sent(database: Database) -> None:
    await load(database)
    await reminders_job(database).tick(at("2026-04-06", "12:00"))
    later = at("2026-04-15", "08:00")
    moved = (stamp(later), stamp(later - timedelta(days=1)))
    await database.write([("update briefing set starts_at = ? where starts_at = ?", moved, 1)])
    await reminders_job(database).tick(at("2026-04-07", "06:00"))
    rows = await database.read("select due_at from reminder where rung = 'T-7' and state = 'planned'")
    assert {row[0] for row in rows} == {stamp(at("2026-04-08"))}
    assert await reminders_job(database).tick(at("2026-04-07")) == 0
    assert await reminders_job(database).tick(at("2026-04-08")) == 2


async def told_on(db: Database, chat: str, first: int, last: int) -> list[int]:
    """Days of April on which the chat was reminded, as often as it was."""
    found: list[int] = []
    for day in range(first, last + 1):
        before = (await queued(db, "reminder")).count(chat)
        for time in ("07:00", "07:01", "09:00", "19:00"):
            await reminders_job(db).tick(at(f"2026-04-{day:02}", time))
        found += [day] * ((await queued(db, "reminder")).count(chat) - before)
    return found


async def test_after_a_move_of_two_weeks_the_rung_that_had_gone_out_goes_out_once_more(database: Database) -> None:
    await load(database)
    assert await told_on(database, "dong", 5, 8) == [7]
    moved = (stamp(at("2026-04-28", "08:00")), stamp(at("2026-04-14", "08:00")))
    await database.write([("update briefing set starts_at = ?, sequence = 1 where starts_at = ?", moved, 1)])
    # Seven, three and one days ahead: the 25th is a Saturday, the 26th and 27th are the Hung Kings' days.
    assert await told_on(database, "dong", 8, 28) == [21, 24, 28]
    rows = await database.read("select day_on from reminder where rung = 'T-7' and state = 'sent' order by day_on")
    assert sorted({row[0] for row in rows}) == ["2026-04-07", "2026-04-09", "2026-04-21"]


async def test_who_was_reminded_this_morning_is_not_again_when_a_move_makes_the_day_another_rung(
    database: Database,
) -> None:
    await load(database)
    assert await told_on(database, "dong", 7, 7) == [7]
    moved = (stamp(at("2026-04-10", "08:00")), stamp(at("2026-04-14", "08:00")))
    await database.write([("update briefing set starts_at = ?, sequence = 1 where starts_at = ?", moved, 1)])
    assert await told_on(database, "dong", 7, 10) == [9, 10]


async def test_nobody_is_reminded_of_a_period_that_is_closed(database: Database) -> None:
    await load(database)
    await database.write([("update period set state = 'closed' where state = 'open'", (), 1)])
    assert await reminders_job(database).tick(at("2026-04-07")) == 0


async def test_who_has_been_erased_is_not_reminded_any_more(database: Database) -> None:
    await load(database)
    await reminders_job(database).tick(at("2026-04-06", "12:00"))
    person = await one(database, "select person_id from account where chat_id = 'dong'")
    held = await privacy.held_about(database, person)
    await database.write(privacy.erase(person, held, "2026-04-06", at("2026-04-06", "13:00")))
    await reminders_job(database).tick(at("2026-04-07"))
    assert "dong" not in await queued(database, "reminder")


# --- chairs and the office ahead of the day ------------------------------------------------------------------------


async def texts(db: Database, chat: str) -> list[str]:
    rows = await db.read("select body from outbox where chat_id = ? and kind = 'reminder' order by id", (chat,))
    return [json.loads(row[0])["text"] for row in rows]


async def test_a_chair_hears_before_the_meeting_who_owes_and_which_figures_stand_out(database: Database) -> None:
    await load(database)
    period, unit = await open_period(database), await unit_id(database, "CD01")
    # The deadline is days before the meeting, from which the chair's days count.
    await database.write([("update period set deadline_lead = 4 where id = ?", (period,), 1)])
    await database.write([submissions.touch(period, unit, 0, "draft", 0, at("2026-04-07"))])
    value = Value(5000, False, "5.000", "trồng cả đồi")
    await database.write(submissions.put(period, unit, "cay_xanh", value, None, None, at("2026-04-07")))
    for day in ("08", "09", "10", "13"):
        await reminders_job(database).tick(at(f"2026-04-{day}"))
        await packs_job(database).tick(at(f"2026-04-{day}"))
    first, second = await texts(database, "chutri1")
    assert first.startswith("Cụm thi đua số 1 giao ban 08:00 thứ Ba 14/4: còn 2/2 đơn vị chưa gửi")
    assert "xác nhận (1): Chi đoàn thôn Đông, 5.000 cây xanh: trồng cả đồi." in first
    assert second.startswith(first)  # and the papers


async def test_who_is_named_to_chair_hears_it_in_the_chair_s_place(database: Database) -> None:
    await load(database)
    leader = await person(database, "lanhdao")
    await database.write(
        [("update briefing set chair_id = ? where cluster_id = (select id from cluster where code = 'C1')", (leader,))]
    )
    await reminders_job(database).tick(at("2026-04-10"))
    assert await texts(database, "chutri1") == []
    [told] = await texts(database, "lanhdao")
    assert told.startswith("Cụm thi đua số 1 giao ban")
    body = await one(database, "select body from outbox where chat_id = 'lanhdao'")
    # To remind is the chair's by role, and the office's; what leads on is of the week that stands below.
    assert not [data for _, data in json.loads(body)["choices"] if data.startswith("remind")]


async def person(db: Database, chat: str) -> int:
    found: int = await one(db, "select person_id from account where chat_id = ?", chat)
    return found


async def wrote(db: Database, chat: str, *moments: str) -> None:
    for moment in moments:
        day, time = moment.split()
        await db.write(
            [
                (
                    "insert into inbox (channel, bot, message_id, chat_id, received_at, done_at)"
                    " values ('local', 'b', ?, ?, ?, 0)",
                    (f"{chat} {moment}", chat, stamp(at(day, time))),
                )
            ]
        )


async def test_who_never_answers_before_noon_is_reminded_in_the_evening_but_not_on_the_day(database: Database) -> None:
    await load(database)
    await wrote(database, "dong", "2026-03-02 19:30", "2026-03-09 12:05")
    await wrote(database, "doai", "2026-03-02 19:30", "2026-03-09 11:55")
    await wrote(database, "to1", "2026-03-02 19:30", "2026-03-02 20:30")  # one evening says nothing
    job = reminders_job(database)
    await job.tick(at("2026-04-10"))
    assert await queued(database, "reminder") == ["chutri1", "doai"]
    await job.tick(at("2026-04-10", "19:00"))
    assert await queued(database, "reminder") == ["chutri1", "doai", "dong"]
    await job.tick(at("2026-04-13"))
    assert "to1" in await queued(database, "reminder")
    await job.tick(at("2026-04-14"))
    assert len(await texts(database, "dong")) == 2  # the meeting is at eight
