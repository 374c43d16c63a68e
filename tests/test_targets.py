"""Targets: met, exceeded, unmet or overdue, with what is left and the pace that it takes."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.figures.targets import Target, progress
from reporting.figures.totals import Total

DUE = date(2026, 12, 31)


@pytest.mark.parametrize(
    ("set_", "reached", "state", "left"),
    [
        (200, 200, "met", 0),
        (200, 201, "exceeded", 0),
        (200, 199, "unmet", 1),
        (200, None, "unmet", 200),
        (0, 0, "met", 0),
        (0, 5, "met", 0),  # a plan of nothing is not exceeded
        (0, None, "unmet", 0),  # that nothing was reported is no report of nothing
    ],
)
def test_a_target_is_met_exceeded_or_not_yet(set_: int, reached: int | None, state: str, left: int) -> None:
    total = None if reached is None else Total(reached, False, 1)
    found = progress(Target("cay_xanh", set_, DUE), total, date(2026, 12, 31))
    assert (found.state, found.left) == (state, left)


def test_a_target_is_overdue_from_the_day_after_unless_it_was_met() -> None:
    target = Target("cay_xanh", 200, date(2024, 3, 31))
    assert progress(target, None, date(2024, 4, 1)).state == "overdue"
    assert progress(target, None, date(2024, 4, 1)).a_month is None
    assert progress(target, Total(200, False, 1), date(2024, 4, 1)).state == "met"
    assert progress(Target("cay_xanh", 200, None), None, date(2030, 1, 1)).state == "unmet"
    assert progress(Target("cay_xanh", 200, None), None, date(2030, 1, 1), date(2029, 12, 31)).state == "overdue"


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
