"""What groups and leaders are told unasked: once, at the hour, and only while there is something to tell."""

import json
from datetime import date

import pytest
from two_clusters import at, digests_job, load, one, open_period, packs_job, posts_job, queued, reminders_job

from reporting.time.deadlines import Terms
from reporting.time.periods import campaign, parse_period
from scheduler.planned.digests import _within
from storage.database import Database
from storage.engine.instants import stamp
from storage.messages import undelivered
from storage.people import groups, people
from storage.periods import rounds
from storage.reports import running, submissions


async def texts(db: Database, kind: str) -> list[str]:
    rows = await db.read("select body from outbox where kind = ? order by id", (kind,))
    return [json.loads(row[0])["text"] for row in rows]


async def test_a_cluster_is_told_before_its_briefing_and_after_it(database: Database) -> None:
    await load(database)
    days = {}
    for day in range(6, 25):
        for time in ("07:30", "17:00"):
            before = len(await queued(database, "group_post"))
            await posts_job(database).tick(at(f"2026-04-{day:02}", time))
            days[f"{day} {time}"] = len(await queued(database, "group_post")) - before
    # The 14th and the 16th: three days before (the 11th is a Saturday) and after the meeting, if there is news.
    told = {moment: count for moment, count in days.items() if count}
    assert told == {"10 07:30": 1, "13 07:30": 1, "14 17:00": 1, "16 17:00": 1}


async def test_a_post_is_made_once_however_often_it_is_asked(database: Database) -> None:
    await load(database)
    counts = [await posts_job(database).tick(at("2026-04-13", time)) for time in ("07:29", "07:30", "07:31", "19:59")]
    assert counts == [0, 2, 0, 0]  # both clusters' first


async def test_every_group_of_a_cluster_gets_the_post_and_an_unlinked_one_none(database: Database) -> None:
    await load(database)
    cluster = await one(database, "select id from cluster where code = 'C1'")
    await database.write([groups.link("local", "group:second", cluster, at("2026-04-09"))])
    await database.write([groups.unlink("local", "group:C1", at("2026-04-09"))])
    await posts_job(database).tick(at("2026-04-10", "07:30"))
    assert await queued(database, "group_post") == ["group:second"]


async def move(db: Database, day: str, code: str = "C1") -> None:
    """Moves that cluster's briefing to that day, eight o'clock."""
    cluster = await one(db, "select id from cluster where code = ?", code)
    change = "update briefing set starts_at = ?, sequence = sequence + 1 where cluster_id = ?"
    await db.write([(change, (stamp(at(day, "08:00")), cluster), 1)])


async def posts_by_day(db: Database, first: int, last: int) -> list[int]:
    """Days of April on which the first cluster's group was posted to, as often as it was."""
    found: list[int] = []
    for day in range(first, last + 1):
        before = (await queued(db, "group_post")).count("group:C1")
        for time in ("07:30", "07:31", "12:00", "17:00"):
            await posts_job(db).tick(at(f"2026-04-{day:02}", time))
        found += [day] * ((await queued(db, "group_post")).count("group:C1") - before)
    return found


async def test_a_move_on_the_day_of_a_post_makes_no_second_one_that_day(database: Database) -> None:
    await load(database)
    assert await posts_by_day(database, 10, 10) == [10]
    await move(database, "2026-04-13")  # the tenth, a Friday, is now the day before
    assert await posts_by_day(database, 10, 10) == []
    await database.write([("update briefing set place = 'nơi khác', sequence = sequence + 1", (), 2)])
    assert await posts_by_day(database, 10, 14) == [13]


async def test_the_office_is_told_the_cluster_and_the_day_of_a_post_whose_fate_nobody_knows(
    database: Database,
) -> None:
    await load(database)
    await posts_job(database).tick(at("2026-04-10", "07:30"))
    await database.write([("update outbox set state = 'unsure' where kind = 'group_post'", (), 1)])
    assert await undelivered.unsure_posts(database, "2026-Q1") == [("Cụm thi đua số 1", date(2026, 4, 10))]


@pytest.mark.parametrize("time", ["07:29", "20:00", "23:00"])
async def test_no_post_comes_at_night(database: Database, time: str) -> None:
    await load(database)
    assert await posts_job(database).tick(at("2026-04-10", time)) == 0


async def test_a_closed_period_is_not_posted_about(database: Database) -> None:
    await load(database)
    await database.write([("update period set state = 'closed' where state = 'open'", (), 1)])
    assert await posts_job(database).tick(at("2026-04-10", "07:30")) == 0
    assert await digests_job(database).tick(at("2026-04-13", "07:30")) == 0


async def test_leaders_get_one_summary_a_week(database: Database) -> None:
    await load(database)
    moments = [("2026-04-13", "07:29"), ("2026-04-13", "07:30"), ("2026-04-13", "15:00"), ("2026-04-14", "07:30"),
               ("2026-04-20", "07:30")]  # fmt: skip
    assert [await digests_job(database).tick(at(*moment)) for moment in moments] == [0, 1, 0, 0, 1]
    assert await queued(database, "digest") == ["lanhdao", "lanhdao"]


async def test_a_leader_who_chairs_reads_the_week_below_the_list_of_that_day_in_one_message(database: Database) -> None:
    await load(database)
    leader = await one(database, "select person_id from account where chat_id = 'lanhdao'")
    await database.write([("update briefing set chair_id = ?", (leader,), 2)])
    for job in (reminders_job(database), packs_job(database)):
        await job.tick(at("2026-04-13", "07:00"))  # the day before the meeting, a Monday
    rows = await database.read("select body from outbox where kind = 'reminder' and chat_id = 'lanhdao'")
    (text,) = [json.loads(row[0])["text"] for row in rows]
    assert text.startswith("Cụm thi đua số 1 giao ban")
    assert "\n\nTuần 15 (06/4–12/4). Quý I/2026:" in text
    moments = [("2026-04-13", "07:30"), ("2026-04-14", "07:30"), ("2026-04-20", "07:30")]
    assert [await digests_job(database).tick(at(*moment)) for moment in moments] == [0, 0, 1]


async def test_a_monday_off_moves_the_summary_to_the_first_worked_day(database: Database) -> None:
    await load(database)
    await move(database, "2026-04-22", "C2")
    assert await digests_job(database).tick(at("2026-04-27", "07:30")) == 0
    assert await digests_job(database).tick(at("2026-04-28", "07:30")) == 1


async def test_the_last_summary_comes_in_the_week_after_the_last_briefing_also_once_it_is_locked(
    database: Database,
) -> None:
    await load(database)  # the second cluster meets on Thursday 16/4
    sent = [await digests_job(database).tick(at("2026-04-13", "07:30"))]
    await database.write([("update period set state = 'locked' where state = 'open'", (), 1)])
    sent += [await digests_job(database).tick(at(day, "07:30")) for day in ("2026-04-20", "2026-04-28", "2026-05-04")]
    assert sent == [1, 1, 0, 0]


async def test_a_week_in_which_nothing_changed_is_one_line_and_further_ones_are_none(database: Database) -> None:
    await load(database)
    await database.write([("delete from briefing", (), 2)])
    await database.write([("update period set deadline_on = '2026-05-08' where state = 'open'", (), 1)])
    found = []
    for day in ("2026-04-06", "2026-04-13", "2026-04-20"):
        await digests_job(database).tick(at(day, "07:30"))
        found = await texts(database, "digest")
        await database.write([("update outbox set state = 'sent' where kind = 'digest'", (), len(found))])
    assert len(found) == 2
    assert found[1].splitlines() == [
        "Tuần 15 (06/4–12/4). Quý I/2026: 1/4 đơn vị đã gửi. Chưa có thay đổi so với thứ Hai 06/4."
    ]


async def test_two_open_periods_make_one_post_a_day_and_one_summary_with_both(database: Database) -> None:
    await load(database)
    terms = Terms(deadline_on=date(2026, 4, 14))
    await database.write([rounds.add_period(901, parse_period("2026-04"), "open", at("2026-04-09"), terms)])
    assert await posts_job(database).tick(at("2026-04-13", "07:30")) == 2
    (text,) = [text for text in await texts(database, "group_post") if text.startswith("Cụm thi đua số 1")]
    assert "tháng 4/2026" in text
    assert await posts_job(database).tick(at("2026-04-13", "08:00")) == 0
    assert await digests_job(database).tick(at("2026-04-13", "07:30")) == 1
    (week,) = await texts(database, "digest")
    assert [part.split(".")[1].partition(":")[0].strip() for part in week.split("\n\n")] == [
        "Tháng 4/2026", "Quý I/2026",
    ]  # fmt: skip


async def test_a_leader_with_two_accounts_gets_one_summary(database: Database) -> None:
    await load(database)
    person = await one(database, "select person_id from account where chat_id = 'lanhdao'")
    await database.write([people.add_account("local", "lanhdao2", person, "2026-1", at("2026-04-02"))])
    assert await digests_job(database).tick(at("2026-04-13", "07:30")) == 1


async def test_a_leader_on_a_channel_that_is_not_running_is_left_out(database: Database) -> None:
    await load(database)
    await database.write([("update account set channel = 'zalo' where chat_id = 'lanhdao'", (), 1)])
    assert await digests_job(database).tick(at("2026-04-13", "07:30")) == 0


@pytest.mark.parametrize(("day", "said"), [("2024-03-25", "chưa đạt"), ("2024-04-01", "quá hạn 31/3")])
async def test_an_unmet_target_is_overdue_from_the_day_after_it_was_due(
    database: Database, day: str, said: str
) -> None:
    await load(database, "sonla_spring")
    await digests_job(database).tick(at(day, "07:30"))
    [text] = await texts(database, "digest")
    assert text.splitlines()[1] == f"Cần quan tâm: tỷ lệ kiểm tra nghị quyết 67,5%, chỉ tiêu 100%, {said}."


async def summaries_of(database: Database, *days: str) -> list[int]:
    """How many summaries each of these days brings; what was sent before is taken as read."""
    found = []
    for day in days:
        found.append(await digests_job(database).tick(at(day, "07:30")))
        await database.write([("update outbox set state = 'sent' where kind = 'digest'", ())])
    return found


async def test_leaders_hear_of_a_period_to_the_week_after_the_last_briefing_though_units_owe_it(
    database: Database,
) -> None:
    await load(database)  # the last briefing is on Thursday 16/4; three of four units have not filed
    assert await summaries_of(database, "2026-04-13", "2026-04-20", "2026-04-28", "2026-05-04") == [1, 1, 0, 0]


async def test_leaders_hear_of_nothing_more_once_every_unit_has_filed(database: Database) -> None:
    await load(database)
    period = await open_period(database)
    begun = "select unit_id from submission"
    units = await database.read(f"select unit_id from cluster_member where unit_id not in ({begun})")
    filed = [submissions.touch(period, row[0], 0, "submitted", 0, at("2026-04-15")) for row in units]
    await database.write([("update submission set state = 'submitted'", ()), *filed])
    assert await summaries_of(database, "2026-04-20", "2026-04-28", "2026-05-04") == [1, 0, 0]


async def test_leaders_hear_of_estimates_from_the_day_they_are_asked_for_until_the_week_after_they_are_confirmed(
    database: Database,
) -> None:
    await load(database)
    await database.write([("delete from briefing", (), 2)])
    terms = "deadline_on = '2026-04-10', estimated = 1, confirm_from_on = '2026-05-18', confirm_by_on = '2026-05-29'"
    await database.write([(f"update period set {terms}, state = 'locked' where state = 'open'", (), 1)])
    days = ("2026-04-13", "2026-04-20", "2026-05-11", "2026-05-18", "2026-05-25")
    assert await summaries_of(database, *days) == [1, 0, 0, 1, 0]  # nothing new is said once
    await database.write([("update value set amount = amount + 1", ()), *running.recount()])
    assert await summaries_of(database, "2026-06-01", "2026-06-08") == [1, 0]


async def test_leaders_hear_nothing_of_a_campaign_that_has_not_begun(database: Database) -> None:
    await load(database)
    summer = campaign("2026-D-HE", "Chiến dịch hè", "thang", date(2026, 6, 1), date(2026, 7, 31))
    await database.write([rounds.add_period(902, summer, "open", at("2026-04-02"))])
    assert await summaries_of(database, "2026-04-13") == [1]
    assert "Chiến dịch hè" not in (await texts(database, "digest"))[0]
    assert await summaries_of(database, "2026-06-01") == [1]
    assert "Chiến dịch hè" in (await texts(database, "digest"))[-1]


def test_a_week_that_is_too_long_keeps_what_comes_first_and_says_that_there_is_more() -> None:
    parts = [f"Đầu {n}\nCần quan tâm: {n}\n" + "\n".join(["- dòng"] * 20) for n in range(3)]
    assert _within(parts, "Còn nữa.", 1000) == "\n\n".join(parts)
    cut = _within(parts, "Còn nữa.", 300)
    assert cut.splitlines()[:3] == ["Đầu 0", "Cần quan tâm: 0", "- dòng"]
    assert cut.endswith("\n\nĐầu 1\nCần quan tâm: 1\n\nĐầu 2\nCần quan tâm: 2\nCòn nữa.")
    assert len(_within(parts, "Còn nữa.", 100)) <= 109


async def test_a_period_locked_ahead_of_the_meeting_is_posted_about_until_that_is_over(database: Database) -> None:
    await load(database)
    (round_,) = await rounds.open_rounds(database)
    await database.write([rounds.set_state(round_, "locked", at("2026-04-08"))])
    assert await posts_by_day(database, 8, 18) == [10, 14]
