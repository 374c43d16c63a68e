"""That a period is open is told to everybody who owes it: once, with all there is to say, and with a button."""

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import pytest
from two_clusters import at, load, queued, reminders_job

from reporting.plan.entries import Entry
from reporting.plan.facts import Debt, Facts, Person, PlanCluster, PlanRound, PlanUnit
from reporting.plan.planner import Planner
from reporting.time.calendar import VietnamCalendar, local_day
from reporting.time.rules import DEFAULTS
from storage.database import Database

LAN, BINH, OFFICE = 1, 2, 900
OPENS = date(2026, 3, 16)


def facts(**changes: Any) -> Facts:
    """One unit that owes by 10/4/2026, its secretary and deputy."""
    fields: dict[str, Any] = {
        "today": date(2026, 3, 1),
        "rounds": {1: PlanRound(1, "2026-Q1", OPENS)},
        "units": {1: PlanUnit(1, "CD01", "Chi đoàn thôn Đông", None, 1)},
        "clusters": {1: PlanCluster(1, "C1", "Cụm 1", 1)},
        "people": {n: Person(n) for n in (LAN, BINH, OFFICE)},
        "holders": {("secretary", 1): [LAN], ("deputy", 1): [BINH], ("office", 0): [OFFICE]},
        "debts": [Debt(1, 1, date(2026, 4, 10))],
        **changes,
    }
    return Facts(**fields)


def openings(found: Facts, calendar: VietnamCalendar | None = None) -> list[tuple[date, int | None]]:
    """The day and the person of every message in which somebody hears of an opening."""
    told = Planner(DEFAULTS, calendar or VietnamCalendar()).between(found, found.today, date(2026, 6, 30))
    return [
        (local_day(e.at), e.person_id)
        for e in told
        if e.kind == "reminder" and not e.why and any(item.rung == "open" for item in e.items)
    ]


def reasons(found: Facts, day: date) -> list[str]:
    told: Sequence[Entry] = Planner(DEFAULTS, VietnamCalendar()).day(found, day)
    return [e.why for e in told if any(item.rung == "open" and item.part == "own" for item in e.items)]


def test_the_secretary_hears_it_on_the_day_and_nobody_else() -> None:
    assert openings(facts()) == [(OPENS, LAN)]


def test_the_deputy_hears_it_where_no_secretary_can_be_reached() -> None:
    people = {LAN: Person(LAN, "blocked"), BINH: Person(BINH), OFFICE: Person(OFFICE)}
    assert openings(facts(people=people)) == [(OPENS, BINH)]


def test_who_has_filed_already_or_owes_nothing_hears_nothing() -> None:
    assert openings(facts(debts=[Debt(1, 1, date(2026, 4, 10), filed=True)])) == []
    assert openings(facts(debts=[])) == []


def test_a_unit_without_anybody_enrolled_is_named_in_the_plan() -> None:
    assert reasons(facts(holders={("office", 0): [OFFICE]}), OPENS) == ["nobody"]


def test_periods_that_open_on_one_day_are_one_message() -> None:
    two = {n: PlanRound(n, f"2026-Q{n}", OPENS) for n in (1, 2)}
    found = facts(rounds=two, debts=[Debt(n, 1, date(2026, 4, 10 * n)) for n in (1, 2)])
    (entry,) = [e for e in Planner(DEFAULTS, VietnamCalendar()).day(found, OPENS) if e.kind == "reminder" and not e.why]
    assert {item.round_id for item in entry.items} == {1, 2}


@pytest.mark.parametrize(
    ("opens_on", "told_on"),
    [
        (date(2026, 3, 14), date(2026, 3, 16)),  # a Saturday
        (date(2026, 2, 16), date(2026, 2, 24)),  # the eve of Tết; the silence ends on mùng 6, Sunday 22/2, in lieu 23/2
    ],
)
def test_it_waits_for_a_worked_day_out_of_any_silence(opens_on: date, told_on: date) -> None:
    found = facts(today=date(2026, 2, 1), rounds={1: PlanRound(1, "2026-Q1", opens_on)})
    calendar = VietnamCalendar(holidays={date(2026, 2, 23): "nghỉ bù Tết"})
    assert openings(found, calendar) == [(told_on, LAN)]


def test_what_the_office_opens_at_night_is_told_the_next_worked_day() -> None:
    late = PlanRound(1, "2026-Q1", date(2026, 3, 20), opened_at=at("2026-03-20", "20:30"))
    assert openings(facts(rounds={1: late})) == [(date(2026, 3, 23), LAN)]
    early = PlanRound(1, "2026-Q1", date(2026, 3, 20), opened_at=at("2026-03-20", "10:00"))
    assert openings(facts(rounds={1: early})) == [(date(2026, 3, 20), LAN)]


def test_a_clock_that_was_set_back_tells_no_opening_day_after_day() -> None:
    ahead = PlanRound(1, "2026-Q1", date(2026, 3, 2), opened_at=at("2026-03-30"))
    assert openings(facts(today=date(2026, 3, 2), rounds={1: ahead})) == [(date(2026, 3, 30), LAN)]


def test_who_wants_one_reminder_a_report_is_not_told_of_the_opening() -> None:
    assert (
        openings(facts(people={LAN: Person(LAN, reminders="last"), BINH: Person(BINH), OFFICE: Person(OFFICE)})) == []
    )


async def told(db: Database, now: datetime) -> list[tuple[str, str, list[list[str]]]]:
    """(chat, text, buttons) of what the job queues then."""
    await reminders_job(db).tick(now)
    rows = await db.read("select chat_id, body from outbox where kind = 'reminder' order by chat_id, id")
    bodies = [(row[0], json.loads(row[1])) for row in rows]
    return [(chat, body["text"], body["choices"]) for chat, body in bodies]


async def test_the_message_says_what_is_asked_and_until_when_and_a_tap_begins(database: Database) -> None:
    await load(database)  # its quarter was opened on 01/4 at 07:00
    said = await told(database, at("2026-04-01", "07:05"))
    assert [chat for chat, _, _ in said] == ["doai", "dong", "to1"]
    _, text, buttons = said[1]
    assert text == (
        "Kỳ báo cáo quý I/2026 đã mở. Chi đoàn thôn Đông: 6 câu, gửi trước giao ban Cụm thi đua số 1 lúc 08:00"
        " thứ Ba 14/4. Bấm Báo cáo để bắt đầu, hoặc dán cả báo cáo vào đây."
    )
    assert [(label, data.partition("@")[0]) for label, data in buttons] == [("Báo cáo", "begin:2026-Q1")]


async def test_it_is_told_once_whatever_number_of_times_the_clock_beats(database: Database) -> None:
    await load(database)
    for hour in ("07:05", "07:20", "19:10"):
        await told(database, at("2026-04-01", hour))
    await told(database, at("2026-04-02", "07:05"))
    assert await queued(database, "reminder") == ["doai", "dong", "to1"]
