"""The most days of a month on which a person is reminded, whatever number of periods run."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from reporting.plan.entries import Entry
from reporting.plan.facts import Debt, Facts, Person, PlanCluster, PlanRound, PlanUnit
from reporting.plan.planner import Planner
from reporting.time.calendar import VietnamCalendar, local_day
from reporting.time.rules import DEFAULTS, RuleError

LAN, OFFICE = 1, 900
PLANNER = Planner(DEFAULTS.having("monthly", "4"), VietnamCalendar())
# Three reports of one unit, due on three Fridays of April 2026.
DUE = {1: date(2026, 4, 10), 2: date(2026, 4, 17), 3: date(2026, 4, 24)}


def facts(**changes: Any) -> Facts:
    fields: dict[str, Any] = {
        "today": date(2026, 4, 1),
        "rounds": {n: PlanRound(n, f"2026-Q{n}", date(2026, 3, 1)) for n in DUE},
        "units": {1: PlanUnit(1, "CD01", "Chi đoàn thôn Đông", None, 1)},
        "clusters": {1: PlanCluster(1, "C1", "Cụm 1", 0)},
        "people": {n: Person(n) for n in (LAN, OFFICE)},
        "holders": {("secretary", 1): [LAN], ("office", 0): [OFFICE]},
        "debts": [Debt(n, 1, due_on) for n, due_on in DUE.items()],
        **changes,
    }
    return Facts(**fields)


def to_lan(found: Facts, first: date = date(2026, 4, 1), last: date = date(2026, 4, 30)) -> Mapping[date, Entry]:
    return {
        local_day(e.at): e for e in PLANNER.between(found, first, last) if e.person_id == LAN and not e.why
    }  # fmt: skip


def test_of_many_days_those_before_each_report_is_due_stay() -> None:
    assert list(to_lan(facts())) == [date(2026, 4, 9), date(2026, 4, 10), date(2026, 4, 16), date(2026, 4, 23)]


def test_what_is_put_off_is_told_with_the_next_message_and_the_plan_says_so() -> None:
    first = to_lan(facts())[date(2026, 4, 9)]
    assert {item.round_id for item in first.items} == {1}  # T-7 and T-3 of the second lie behind it
    second = to_lan(facts())[date(2026, 4, 10)]
    assert {(item.round_id, item.rung) for item in second.items} == {(1, "T-0"), (2, "T-7")}
    third = to_lan(facts())[date(2026, 4, 16)]
    assert {item.round_id for item in third.items} == {1, 2}  # the first is overdue, of which nothing was said
    left = [e for e in PLANNER.between(facts(), date(2026, 4, 1), date(2026, 4, 30)) if e.why == "limit"]
    assert date(2026, 4, 3) in {local_day(entry.at) for entry in left}


@pytest.mark.parametrize("most", ["1", "2", "3", "4"])
def test_an_opening_is_told_or_joined_to_another_message_a_week_ahead_before_anything_overdue_is(most: str) -> None:
    """Three periods that open within April, the month of the first deadlines."""
    opening = {1: date(2026, 4, 2), 2: date(2026, 4, 3), 3: date(2026, 4, 6)}
    due = {1: date(2026, 4, 13), 2: date(2026, 4, 16), 3: date(2026, 4, 20)}
    found = facts(
        rounds={n: PlanRound(n, f"2026-Q{n}", day) for n, day in opening.items()},
        debts=[Debt(n, 1, day) for n, day in due.items()],
    )
    planner = Planner(DEFAULTS.having("monthly", most), VietnamCalendar())
    told = [e for e in planner.between(found, date(2026, 4, 1), date(2026, 4, 30)) if e.person_id == LAN and not e.why]
    assert len(told) == int(most)
    for number, day in due.items():
        heard = [local_day(entry.at) for entry in told for item in entry.items if item.round_id == number]
        assert (day - heard[0]).days >= 7, (number, heard)
    if int(most) > 1:
        assert all(item.rung[1] != "+" or len(entry.items) > 1 for entry in told for item in entry.items)


def test_days_that_have_been_told_count() -> None:
    before = {LAN: {date(2026, 4, 2), date(2026, 4, 3), date(2026, 4, 7)}}
    later = facts(today=date(2026, 4, 8), told_before=before)
    assert list(to_lan(later, date(2026, 4, 8))) == [date(2026, 4, 9)]


def test_what_was_told_earlier_this_month_is_not_told_once_more() -> None:
    """All days of the first report so far were told; the next message is about the second one alone."""
    apart = facts(
        debts=[Debt(1, 1, date(2026, 4, 10)), Debt(2, 1, date(2026, 4, 23))],
        told_before={LAN: {date(2026, 4, day) for day in (3, 7, 9, 10, 13)}}, today=date(2026, 4, 16),
    )  # fmt: skip
    usual = Planner(DEFAULTS.having("monthly", "31"), VietnamCalendar())
    told = [e for e in usual.day(apart, date(2026, 4, 16)) if e.person_id == LAN and not e.why]
    assert {item.round_id for entry in told for item in entry.items} == {2}


def test_the_next_month_begins_anew_and_the_offices_lists_have_no_limit() -> None:
    may = facts(debts=[Debt(n, 1, due_on.replace(month=5)) for n, due_on in DUE.items()])
    assert len(to_lan(may, date(2026, 5, 1), date(2026, 5, 31))) == 4
    lists = [e for e in PLANNER.between(facts(), date(2026, 4, 1), date(2026, 5, 31)) if e.person_id == OFFICE]
    assert len(lists) == len(DUE)
    assert all(not entry.why for entry in lists)


def test_one_period_stays_as_it_is() -> None:
    one = facts(debts=[Debt(1, 1, DUE[1])])
    usual = Planner(DEFAULTS, VietnamCalendar())
    told = [e for e in usual.between(one, date(2026, 4, 1), date(2026, 4, 30)) if e.person_id == LAN]
    assert [entry.why for entry in told] == [""] * 6


@pytest.mark.parametrize("text", ["0", "32", "ít", ""])
def test_a_limit_is_a_number_of_days(text: str) -> None:
    with pytest.raises(RuleError, match="no_days"):
        DEFAULTS.having("monthly", text)
