"""By which day a unit owes its report."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.time.calendar import VietnamCalendar
from reporting.time.deadlines import MeetingDays, Terms, cluster_opens_on, customary, cutoff_on, due_on, settled
from reporting.time.periods import campaign, parse_period
from storage.periods.rounds import Round

CALENDAR = VietnamCalendar()
BRIEFING = date(2026, 4, 13)  # a Monday
TODAY = date(2023, 1, 2)  # before every period here


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


@pytest.mark.parametrize("code", ["2026-Q1", "2026-H1", "2026-9M", "2026-Y", "2026-03", "2025-2026-S"])
def test_every_kind_of_period_is_due_five_working_days_before_the_clusters_own_briefing(code: str) -> None:
    assert due_on(parse_period(code), Terms(), CALENDAR, BRIEFING) == date(2026, 4, 6)


def test_a_campaign_is_due_before_its_briefing_too() -> None:
    youth = campaign("2026-D-THANG-THANH-NIEN", "Tháng Thanh niên", "thang", date(2026, 2, 26), date(2026, 3, 31))
    assert due_on(youth, Terms(), CALENDAR, date(2026, 3, 30)) == date(2026, 3, 23)


def test_a_report_is_due_neither_after_the_meeting_nor_before_its_cutoff() -> None:
    half = parse_period("2023-H1")
    met_on = date(2023, 5, 25)
    assert due_on(half, Terms(), CALENDAR, met_on) == date(2023, 5, 18)
    assert due_on(half, Terms(deadline_on=date(2023, 6, 10)), CALENDAR, met_on) == met_on
    # The 20th is a Saturday: what counts to that day is due on the next worked one.
    assert due_on(half, Terms(cutoff_on=date(2023, 5, 20)), CALENDAR, met_on) == date(2023, 5, 22)
    late = Terms(cutoff_on=date(2023, 5, 31))
    assert due_on(half, late, CALENDAR, met_on) == cutoff_on(half, late, met_on) == met_on


def test_the_figures_of_a_cluster_that_meets_early_end_the_day_before_they_are_due() -> None:
    for code, met_on, day in (
        ("2023-H1", date(2023, 5, 25), date(2023, 5, 17)),
        ("2023-H1", date(2023, 7, 12), None),
        ("2023-H1", None, date(2023, 6, 9)),
        ("2026-Q1", None, None),
        ("2026-Q3", None, date(2026, 9, 19)),
        ("2026-9M", None, date(2026, 9, 19)),
        ("2026-03", None, date(2026, 3, 19)),
        ("2026-03", date(2026, 4, 10), None),
    ):
        period = parse_period(code)
        assert cutoff_on(period, Terms(), due_on(period, Terms(), CALENDAR, met_on)) == day, (code, met_on)


KINDS = ["2027-Q1", "2027-Q2", "2027-Q3", "2027-Q4", "2027-H1", "2027-9M", "2027-Y", "2027-03", "2026-2027-S"]
IN_2027 = st.dates(date(2027, 1, 1), date(2027, 12, 31))


@given(
    st.sampled_from(KINDS),
    st.builds(Terms, cutoff_on=st.none() | IN_2027, deadline_lead=st.none() | st.integers(0, 9)),
    st.none() | st.integers(-60, 40),
    st.none() | st.integers(-60, 40),
    st.none() | st.integers(-30, 60),
)  # fmt: skip
def test_the_cutoff_the_deadline_and_whether_figures_are_estimates_are_one_rule(
    code: str, terms: Terms, met: int | None, opened: int | None, told: int | None
) -> None:
    """Of any kind of period with or without a briefing, opened when it may be, and whatever units had been told."""
    period = parse_period(code)

    def after_the_end(days: int | None) -> date | None:
        return None if days is None else period.end_on + timedelta(days=days)

    met_on, opened_on, told_on = after_the_end(met), after_the_end(opened), after_the_end(told)
    round_ = Round(1, period, "open", terms, opened_on)
    due = round_.due_on(CALENDAR, met_on, None, told_on)
    cutoff = round_.cutoff_on(CALENDAR, met_on, told_on)
    assert (cutoff or period.end_on) <= due
    if met_on is not None and (opened_on is None or opened_on <= met_on):
        assert due <= met_on
    known = {} if told_on is None else {"C1": told_on}
    terms = replace(terms, estimates_follow=True)
    after = settled(period, terms, CALENDAR, MeetingDays({"C1": met_on}, known), date(2027, 1, 1), opened_on)
    if terms.cutoff_on is None and period.frequency != "thang":
        assert after.estimated == (cutoff is not None)


@pytest.mark.parametrize(
    ("code", "met_on", "estimated"),
    [
        ("2026-H1", {"C1": date(2026, 5, 25), "C2": date(2026, 7, 10)}, ",#C1,"),
        ("2026-H1", {"C1": date(2026, 7, 10)}, ""),
        ("2026-H1", {"C1": date(2026, 7, 10), "C2": None}, ",#C2,"),  # by custom it is reported weeks before its end
        ("2026-H1", {"C1": None, "C2": None}, "all"),
        ("2026-H1", {"C1": date(2026, 6, 21), "C2": date(2026, 5, 25)}, "all"),
        ("2026-Q1", {"C1": date(2026, 4, 13), "C2": None}, ""),
        ("2026-Q1", {}, ""),
        ("2026-Q3", {}, "all"),  # due on the 20th, ten days before its end
        ("2026-9M", {"C1": date(2026, 10, 1), "C2": date(2026, 10, 12)}, ",#C1,"),  # met after the end, due before it
        ("2026-03", {}, ""),  # a month's figures end on the 19th
        ("2026-03", {"C1": date(2026, 3, 27), "C2": None}, ""),
        ("2026-03", {"C1": date(2026, 3, 12), "C2": None}, "all"),  # who does not meet does not owe it
        ("2026-Y", {"C1": date(2026, 12, 24)}, "all"),
    ],
)
def test_a_meeting_before_the_end_makes_its_clusters_figures_estimates_that_are_confirmed_after_it(
    code: str, met_on: dict[str, date | None], estimated: str
) -> None:
    period = parse_period(code)
    terms = settled(period, customary(period, CALENDAR, TODAY), CALENDAR, MeetingDays(met_on), TODAY)
    after = period.end_on + timedelta(days=1)
    days = (after, after + timedelta(days=9)) if estimated else (None, None)
    assert (terms.estimated, (terms.confirm_from_on, terms.confirm_by_on)) == (bool(estimated), days)
    assert not estimated or terms.estimates_of == estimated
    decided = settled(
        period, replace(terms, estimates_follow=False), CALENDAR, MeetingDays({"C1": date(2030, 1, 1)}), TODAY
    )  # fmt: skip
    assert (decided.estimated, decided.estimates_of) == (bool(estimated), "all")


def test_the_opening_counts_back_from_the_first_meeting_or_the_day_it_is_due() -> None:
    quarter = parse_period("2026-Q1")
    terms = replace(customary(quarter, CALENDAR, TODAY), opens_follow=True)
    met: dict[str, date | None]
    for met, opens_on in (
        ({"C1": date(2026, 4, 15), "C2": BRIEFING}, date(2026, 3, 23)),
        ({"C1": None}, date(2026, 3, 10)),
        ({"C1": date(2026, 1, 15)}, date(2026, 1, 1)),  # never before it begins
    ):
        assert settled(quarter, terms, CALENDAR, MeetingDays(met), TODAY).opens_on == opens_on


def test_each_cluster_is_told_so_long_ahead_of_its_own_meeting() -> None:
    quarter, opened = parse_period("2026-Q1"), date(2026, 3, 23)
    follows = Terms(opens_follow=True)
    assert cluster_opens_on(quarter, follows, opened, date(2026, 4, 13)) == opened
    assert cluster_opens_on(quarter, follows, opened, date(2026, 4, 27)) == date(2026, 4, 6)
    assert cluster_opens_on(quarter, follows, opened, None) == opened
    assert cluster_opens_on(quarter, Terms(), opened, date(2026, 4, 27)) == opened  # the office has opened it for all
    half = parse_period("2026-H1")  # custom asks for it by the tenth of June
    assert cluster_opens_on(half, follows, date(2026, 5, 4), None) == date(2026, 5, 20)
    fixed = replace(follows, deadline_on=date(2026, 4, 15))
    assert cluster_opens_on(quarter, fixed, opened, date(2026, 4, 27)) == date(2026, 3, 25)


def test_without_a_briefing_the_custom_of_the_period_holds() -> None:
    quarter = parse_period("2026-Q1")
    assert due_on(quarter, Terms(), CALENDAR) == date(2026, 3, 31)
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
