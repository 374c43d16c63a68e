"""A machine that was off sends nothing of what is past, tells the office once, and takes a jumping clock calmly."""

import asyncio
import json
from datetime import date, datetime, timedelta

import pytest
from province import CATALOGUE
from two_clusters import (
    WORDING,
    at,
    digests_job,
    load,
    one,
    open_period,
    packs_job,
    posts_job,
    queued,
    reminders_job,
    unit_id,
)  # fmt: skip

from handlers.turn import body
from reporting.plan.entries import Entry
from reporting.plan.planner import as_told
from reporting.time.deadlines import Terms
from reporting.time.periods import parse_period
from scheduler.planned.catch_up import CatchUp
from scheduler.planned.confirmations import Confirmations
from scheduler.planned.notices import Notices
from scheduler.planned.outlook import Outlooks, planner_of
from scheduler.ticker import Job, Ticker
from scheduler.upkeep.set_back import SetBack
from storage.database import Database
from storage.messages import conversations, outbox
from storage.people import groups, invites, people
from storage.periods import briefings, extensions, planning, rounds
from storage.reports import submissions
from storage.reports.events import happened

# Minutes of a day around every hour at which something may happen, and some between.
MINUTES = (0, 389, 390, 419, 420, 421, 449, 450, 451, 720, 1019, 1020, 1139, 1140, 1141, 1200, 1260, 1439)


async def beats(db: Database, *moments: tuple[str, str]) -> None:
    """What the bot does by time, at each of these minutes; each beat is that of a process just started."""
    for moment in moments:
        for job in (SetBack(db), reminders_job(db), posts_job(db), CatchUp(db, WORDING, Outlooks(db, ("local",)))):
            await job.tick(at(*moment))


async def told(db: Database) -> list[str]:
    rows = await db.read("select body from outbox where dedupe_key like 'caught_up:%' order by id")
    return [json.loads(row[0])["text"] for row in rows]


@pytest.fixture
async def office(database: Database) -> Database:
    await load(database)
    unit = await one(database, "select id from unit where code = 'TD'")
    await database.write(
        [
            people.add_person(5000, "Văn phòng", at("2026-04-01")),
            people.add_account("local", "vanphong", 5000, "2026-1", at("2026-04-01")),
            people.add_role(5001, 5000, "office", "", unit, None, date(2020, 1, 1)),
        ]
    )
    return database


async def test_after_a_month_off_nothing_old_is_sent_and_the_office_hears_once_what_was_left_out(
    office: Database,
) -> None:
    await beats(office, ("2026-04-06", "12:00"))
    await beats(office, ("2026-05-06", "07:00"), ("2026-05-06", "07:01"), ("2026-05-07", "07:00"))
    assert [chat for chat in await queued(office, "reminder") if chat != "vanphong"] == []
    assert await queued(office, "group_post") == []
    (text,) = await told(office)
    assert text.startswith("Máy nghỉ từ 12:00 ngày 06/4 đến 07:00 ngày 06/5. Tôi không gửi lại ")
    assert text.endswith("giaoban plan --from 2026-04-06 --to 2026-05-05.")
    assert " bài đăng nhóm" in text


async def test_at_night_it_waits_for_the_morning(office: Database) -> None:
    await beats(office, ("2026-04-06", "12:00"), ("2026-04-20", "23:30"), ("2026-04-21", "02:00"))
    assert await told(office) == []
    await beats(office, ("2026-04-21", "07:00"))
    assert len(await told(office)) == 1


async def test_who_missed_nothing_says_nothing(office: Database) -> None:
    await beats(office, ("2026-04-01", "20:00"), ("2026-04-03", "07:00"), ("2026-04-06", "12:00"))
    assert await told(office) == []


async def test_a_restart_over_a_due_time_sends_it_late_on_the_same_day_and_tells_nobody(office: Database) -> None:
    await beats(office, ("2026-04-07", "06:50"), ("2026-04-07", "07:20"))
    assert await queued(office, "reminder") == ["doai", "dong"]
    await beats(office, ("2026-04-09", "12:00"), ("2026-04-09", "18:59"))
    assert await queued(office, "reminder") == ["doai", "dong"]
    await beats(office, ("2026-04-09", "19:00"))
    # The morning of the 9th was missed, its evening was not.
    assert await queued(office, "reminder") == ["doai", "dong", "to1"]
    assert await told(office) == []


async def test_a_clock_set_back_an_hour_sends_nothing_twice(office: Database) -> None:
    for time in ("07:00", "07:10", "06:10", "06:59", "07:00", "07:10"):
        await beats(office, ("2026-04-07", time))
    assert await queued(office, "reminder") == ["doai", "dong"]
    assert await told(office) == []


@pytest.mark.parametrize("moved", [timedelta(hours=-1), timedelta(days=-30), timedelta(days=400)], ids=str)
async def test_wherever_the_clock_is_moved_to_the_next_beat_comes_within_a_minute(
    moved: timedelta, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock, beats = at("2026-04-10", "06:45") + timedelta(seconds=20), list[datetime]()

    class Heart:
        async def tick(self, now: datetime) -> int:
            beats.append(now)
            return 0

    async def pause(seconds: float) -> None:
        nonlocal clock
        assert 0 < seconds <= 60
        clock += timedelta(seconds=seconds) + (moved if len(beats) == 2 else timedelta())
        if len(beats) == 4:
            raise asyncio.CancelledError

    monkeypatch.setattr(asyncio, "sleep", pause)
    with pytest.raises(asyncio.CancelledError):
        await Ticker([Heart()], lambda: clock, lambda: None).run()
    full = at("2026-04-10", "06:46")
    assert beats[1:] == [full, full + timedelta(minutes=1) + moved, full + timedelta(minutes=2) + moved]


async def test_a_clock_set_back_over_a_notice_and_a_question_tells_nobody_twice(office: Database) -> None:
    await changed_at_night(office)
    jobs: list[Job] = [
        Notices(office, WORDING, Outlooks(office, ("local",))),
        Confirmations(office, CATALOGUE, WORDING, Outlooks(office, ("local",))),
    ]
    counts = []
    for day, time in (("06", "06:59"), ("06", "07:00"), ("06", "06:10"), ("06", "07:05"), ("10", "07:00"),
                      ("10", "06:10"), ("10", "07:01"), ("10", "08:02")):  # fmt: skip
        counts.append(sum([await job.tick(at(f"2026-04-{day}", time)) for job in jobs]))
    assert counts[0] == 0
    assert counts[1] > 0
    assert counts[2:4] == [0, 0]
    assert counts[4] > 0
    assert counts[5:] == [0, 0, 0]


async def test_at_a_clock_set_back_a_month_people_keep_their_roles(office: Database) -> None:
    now, back, unit = at("2026-04-10"), at("2026-03-11"), await unit_id(office, "CD01")
    await beats(office, ("2026-04-10", "07:00"))
    for person, since in ((6001, date(2026, 4, 10)), (6002, date(2026, 7, 1))):
        await office.write(
            [
                people.add_person(person, "Mới", now),
                people.add_role(person, person, "deputy", "", unit, None, since),
                *([happened("role.given", "deputy", person, now, unit_id=unit)] if person == 6001 else []),
            ]
        )
    assert await people.roles_of(office, 6001, back.date()) == []
    await office.write(
        [
            people.end_role(5000, "office", await unit_id(office, "TD"), None, date(2026, 4, 9)),  # handed over
            happened("role.ended", "office", None, now, new="5000"),
            invites.tried("local", "mới", now),
            conversations.keep("local", "dong", {"mode": "asking"}, 0, now),
            outbox.say("late", "reply", "local", "mới", body("Đã lưu."), now),
            outbox.lease(office, "late", now + timedelta(minutes=2)),
            outbox.mark_later("late", now + timedelta(seconds=30), "no network"),
        ]
    )
    await SetBack(office).tick(back)
    assert [role.role for role in await people.roles_of(office, 6001, back.date())] == ["deputy"]
    assert await people.roles_of(office, 5000, back.date()) == []
    soon = back + timedelta(minutes=20)
    assert await invites.tries_since(office, "local", "mới", soon) == 0
    assert await conversations.busy(office, soon) == set()
    assert "late" in [row.key for row in await outbox.due(office, ("local",), back, 9)]
    assert await people.roles_of(office, 6002, back.date()) == []  # prepared for July
    assert await people.roles_of(office, 6002, date(2026, 7, 1)) != []


async def test_whoever_is_writing_is_not_interrupted(office: Database) -> None:
    await office.write([conversations.keep("local", "dong", {"mode": "asking"}, 0, at("2026-04-07", "06:57"))])
    await beats(office, ("2026-04-07", "07:00"), ("2026-04-07", "07:06"))
    assert await queued(office, "reminder") == ["doai"]
    await beats(office, ("2026-04-07", "07:07"))
    assert await queued(office, "reminder") == ["doai", "dong"]


async def changed_at_night(db: Database) -> None:
    """A briefing moved and a deadline given after nine; two units' estimates of a locked half year to be confirmed."""
    night = at("2026-04-05", "23:00")
    first = await open_period(db)
    briefing = next(b for b in await rounds.briefings(db, first) if b.cluster_code == "C1")
    half = Terms(estimated=True, confirm_from_on=date(2026, 4, 10), confirm_by_on=date(2026, 4, 22))
    dong, doai = await unit_id(db, "CD01"), await unit_id(db, "CD02")
    await db.write(
        [
            briefings.change(briefing, at("2026-04-15", "08:00"), "in_person", briefing.place, briefing.chair_id, None),
            extensions.grant(first, dong, date(2026, 4, 20), "bão", None, night),
            rounds.add_period(900, parse_period("2025-H2"), "locked", night, half),
            submissions.touch(900, dong, 0, "submitted", 0, night),
            submissions.touch(900, doai, 0, "accepted", 0, night),
        ]
    )


# What comes behind belongs to its first, and what went with another message to that.
_OWN = "select kind, chat_id from outbox where dedupe_key not like 'papers:%' and coalesce(error, '') <> 'joined'"


def _outbox_kind(entry: Entry) -> str:
    if entry.kind == "notice" and entry.person_id is None:
        return "group_post"
    return "notice" if entry.kind == "question" else entry.kind


@pytest.mark.parametrize("engine", ["sqlite"])
async def test_minute_by_minute_the_scheduler_sends_exactly_what_the_plan_says(office: Database) -> None:
    first, last = date(2026, 4, 6), date(2026, 4, 24)
    second = await one(office, "select id from cluster where code = 'C2'")
    await office.write([groups.unlink("local", "group:C2", at("2026-04-01"))])
    await office.write([groups.link("local", "group:new", second, at("2026-04-01"))])
    await changed_at_night(office)
    planner = await planner_of(office)
    facts = await planning.whole(office, at(first.isoformat(), "00:00"), planner.calendar)
    chats = {row[0]: row[1] for row in await office.read("select person_id, chat_id from account")}
    posted = {row[0]: row[1] for row in await office.read("select cluster_id, chat_id from group_chat"
                                                          " where unlinked_at is null")}  # fmt: skip
    wanted = sorted(
        (entry.at, _outbox_kind(entry), chats[entry.person_id] if entry.person_id else posted[entry.cluster_id])
        for entry in as_told(planner.between(facts, first, last))
        if not entry.why
    )
    seen = Outlooks(office, ("local",))
    jobs: list[Job] = [
        packs_job(office), posts_job(office), digests_job(office), Notices(office, WORDING, seen),
        reminders_job(office), Confirmations(office, CATALOGUE, WORDING, seen),
    ]  # fmt: skip
    sent: list[tuple[datetime, str, str]] = []
    for day in range((last - first).days + 1):
        for minute in MINUTES:
            now = at(first.isoformat(), "00:00") + timedelta(days=day, minutes=minute)
            for job in jobs:
                await job.tick(now)
            rows = await office.read(f"{_OWN} order by id")
            sent += [(now, kind, chat) for kind, chat in rows[len(sent) :]]
    # On a post's day a group hears something only where there is something new.
    assert [one for one in sorted(sent) if one[1] != "group_post"] == [one for one in wanted if one[1] != "group_post"]
    assert {one for one in sent if one[1] == "group_post"} <= set(wanted)
    assert len(wanted) > 30
    assert {kind for _, kind, _ in wanted} == {"reminder", "group_post", "digest", "notice"}
