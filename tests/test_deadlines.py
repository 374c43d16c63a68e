"""By which day a unit owes its report."""

from datetime import date

import pytest

from reporting.time.calendar import VietnamCalendar
from reporting.time.deadlines import Terms, due_on
from reporting.time.periods import campaign, parse_period

CALENDAR = VietnamCalendar()
BRIEFING = date(2026, 4, 13)  # a Monday


def test_the_briefing_leads_and_the_lead_counts_working_days_back_from_it() -> None:
    quarter = parse_period("2026-Q1")
    assert due_on(quarter, Terms(deadline_lead=0), CALENDAR, BRIEFING) == BRIEFING
    assert due_on(quarter, Terms(deadline_lead=5), CALENDAR, BRIEFING) == date(2026, 4, 6)
    # Giỗ Tổ is on Sunday 26/4/2026 and is made up for on Monday 27/4.
    assert due_on(quarter, Terms(deadline_lead=1), CALENDAR, date(2026, 4, 28)) == date(2026, 4, 24)


def test_one_day_for_all_goes_before_the_briefing_and_a_later_extension_before_everything() -> None:
    quarter = parse_period("2026-Q1")
    terms = Terms(deadline_on=date(2026, 4, 3), deadline_lead=5)
    assert due_on(quarter, terms, CALENDAR, BRIEFING) == date(2026, 4, 3)
    assert due_on(quarter, terms, CALENDAR, BRIEFING, date(2026, 4, 20)) == date(2026, 4, 20)


def test_without_a_lead_or_a_briefing_the_custom_of_the_period_holds() -> None:
    quarter = parse_period("2026-Q1")
    assert due_on(quarter, Terms(), CALENDAR, BRIEFING) == date(2026, 3, 31)
    assert due_on(quarter, Terms(deadline_lead=5), CALENDAR) == date(2026, 3, 31)


@pytest.mark.parametrize(
    ("code", "day"),
    [
        ("2026-03", date(2026, 3, 20)),
        ("2026-12", date(2026, 12, 20)),
        ("2026-Q1", date(2026, 3, 31)),
        ("2026-Q2", date(2026, 6, 10)),
        ("2026-H1", date(2026, 6, 10)),
        ("2026-Q3", date(2026, 9, 20)),
        ("2026-9M", date(2026, 9, 20)),
        ("2026-Q4", date(2026, 11, 15)),
        ("2026-H2", date(2026, 11, 15)),
        ("2026-Y", date(2026, 11, 15)),
        ("2025-2026-S", date(2026, 5, 31)),
    ],
)
def test_each_kind_of_period_has_its_customary_day(code: str, day: date) -> None:
    assert due_on(parse_period(code), Terms(), CALENDAR) == day


def test_a_campaign_is_due_on_its_last_day() -> None:
    month = campaign("2026-D-THANG-THANH-NIEN", "Tháng Thanh niên", "thang", date(2026, 2, 26), date(2026, 3, 31))
    assert due_on(month, Terms(), CALENDAR) == date(2026, 3, 31)


def test_an_extension_never_makes_the_day_earlier() -> None:
    quarter = parse_period("2026-Q1")
    assert due_on(quarter, Terms(deadline_lead=5), CALENDAR, BRIEFING, date(2026, 4, 3)) == date(2026, 4, 6)


def test_a_period_opened_when_its_day_is_over_is_due_some_working_days_later_and_not_after_the_briefing() -> None:
    quarter, opened_on = parse_period("2026-Q1"), date(2026, 4, 7)
    assert due_on(quarter, Terms(), CALENDAR, None, None, opened_on) == date(2026, 4, 13)
    lead = Terms(deadline_lead=5)
    assert due_on(quarter, lead, CALENDAR, date(2026, 4, 10), None, opened_on) == date(2026, 4, 10)
    assert due_on(quarter, lead, CALENDAR, date(2026, 4, 3), None, opened_on) == date(2026, 4, 13)
    assert due_on(quarter, lead, CALENDAR, BRIEFING, None, date(2026, 4, 6)) == date(2026, 4, 6)
