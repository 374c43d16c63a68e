"""Targets: met, exceeded, unmet or overdue, what is left and the pace that takes, and who is told of it each month."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from province import CATALOGUE
from two_clusters import WORDING, at, load, one

from handlers.reminders.plan_words import plan_lines
from reporting.figures.targets import Target, progress
from reporting.figures.totals import Total
from reporting.organisation.part import Part
from reporting.plan.planner import Planner
from reporting.time.rules import DEFAULTS
from scheduler.planned.outlook import Outlooks
from scheduler.planned.target_nudges import TargetNudges
from storage.database import Database
from storage.organisation import targets
from storage.periods import holidays, planning

DUE = date(2026, 12, 31)


@pytest.mark.parametrize(
    ("set_", "reached", "state", "left"),
    [
        (200, 200, "met", 0),
        (200, 201, "exceeded", 0),
        (200, 199, "unmet", 1),
        (200, None, "unknown", 0),
        (0, 0, "met", 0),
        (0, 5, "met", 0),  # a plan of nothing is not exceeded
        (0, None, "unknown", 0),  # that nothing was reported is no report of nothing
    ],
)
def test_a_target_is_met_exceeded_or_not_yet(set_: int, reached: int | None, state: str, left: int) -> None:
    total = None if reached is None else Total(reached, False, 1)
    found = progress(Target("cay_xanh", set_, DUE), total, date(2026, 12, 31))
    assert (found.state, found.left) == (state, left)


def test_a_target_is_overdue_from_the_day_after_unless_it_was_met() -> None:
    target, some = Target("cay_xanh", 200, date(2024, 3, 31)), Total(5, False, 1)
    assert progress(target, some, date(2024, 4, 1)).state == "overdue"
    assert progress(target, some, date(2024, 4, 1)).a_month is None
    assert progress(target, Total(200, False, 1), date(2024, 4, 1)).state == "met"
    assert progress(Target("cay_xanh", 200, None), some, date(2030, 1, 1)).state == "unmet"
    assert progress(Target("cay_xanh", 200, None), some, date(2030, 1, 1), date(2029, 12, 31)).state == "overdue"


def test_what_is_left_is_told_with_what_each_month_has_to_bring() -> None:
    found = progress(Target("don_vi_mau", 150, DUE), Total(96, False, 12), date(2026, 10, 12))
    assert (found.left, found.months, found.a_month) == (54, 3, 18)
    assert found.percent == 64


def test_a_target_of_nothing_has_no_percentage() -> None:
    assert progress(Target("cay_xanh", 0, DUE), Total(5, False, 1), DUE).percent is None


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.dates(date(2026, 1, 1), DUE))
def test_who_keeps_the_pace_meets_the_target(set_: int, reached: int, today: date) -> None:
    found = progress(Target("cay_xanh", set_, DUE), Total(reached, False, 1), today)
    if not found.met:
        assert found.a_month is not None
        assert reached + found.months * found.a_month >= set_
        assert reached + found.months * (found.a_month - 1) < set_


@pytest.mark.parametrize("engine", ["sqlite"])
async def test_who_answers_for_an_unmet_target_is_told_once_on_the_first_worked_day_of_the_month(
    database: Database,
) -> None:
    await load(database, "sosanh")
    year = await one(database, "select id from period where code = '2026-Y'")
    cluster = await one(database, "select id from cluster where code = 'C1'")
    leader = await one(database, "select person_id from role where role = 'leader'")
    await database.write(
        [
            targets.set_target(year, Part(cluster_id=cluster), Target("don_vi_mau", 150, date(2026, 11, 30))),
            targets.set_target(year, Part(cluster_id=cluster), Target("cay_xanh", 900, None, leader)),
            targets.set_target(year, Part(cluster_id=cluster), Target("sinh_hoat_chi_doan", 1, None)),
        ]
    )
    job = TargetNudges(database, CATALOGUE, WORDING, Outlooks(database, ("local",)))
    assert await job.tick(at("2026-05-01", "08:00")) == 0  # a day off
    assert await job.tick(at("2026-05-04", "07:00")) == 0
    assert await job.tick(at("2026-05-04", "07:30")) == 3
    assert await job.tick(at("2026-05-04", "08:30")) == 0
    again = TargetNudges(database, CATALOGUE, WORDING, Outlooks(database, ("local",)))
    assert await again.tick(at("2026-05-04", "08:31")) == 0
    told = {row[0]: row[1] for row in await database.read("select chat_id, body from outbox where kind = 'notice'")}
    assert told.keys() == {"chutri1", "lanhdao", "vanphong"}
    assert (
        "Cụm thi đua số 1: hiến máu 32 đơn vị máu; 21% chỉ tiêu 150 đơn vị máu, còn 118, cần 17/tháng"
        in told["chutri1"]
    )
    assert "cây xanh" not in told["chutri1"]
    assert "cây xanh" in told["lanhdao"]
    facts = await planning.whole(database, at("2026-05-03", "08:00"), await holidays.calendar(database))
    entries = Planner(DEFAULTS, await holidays.calendar(database)).aims.day(facts, date(2026, 5, 4))
    assert [line.strip() for line in plan_lines(WORDING, facts, entries)][1:] == [
        "07:30 chỉ tiêu còn thiếu, nhắc người phụ trách chỉ tiêu: 3 người"
    ]
