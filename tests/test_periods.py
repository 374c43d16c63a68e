from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.time.periods import (  # fmt: skip
    Period,
    PeriodError,
    campaign,
    campaign_code,
    campaign_form,
    is_campaign,
    parse_period,
    quarter_of,
)

YEARS = range(2001, 2099)
ENDINGS = ("Q1", "Q2", "Q3", "Q4", "H1", "H2", "9M", "Y", *(f"{month:02}" for month in range(1, 13)))

codes = st.one_of(
    st.builds(lambda year, ending: f"{year}-{ending}", st.sampled_from(YEARS), st.sampled_from(ENDINGS)),
    st.sampled_from(YEARS).map(lambda year: f"{year}-{year + 1}-S"),
)


@pytest.mark.parametrize(
    ("code", "frequency", "start_on", "end_on", "name", "short_name"),
    [
        ("2026-Q1", "quy", date(2026, 1, 1), date(2026, 3, 31), "quý I/2026", "quý I"),
        ("2026-Q2", "quy", date(2026, 4, 1), date(2026, 6, 30), "quý II/2026", "quý II"),
        ("2026-Q3", "quy", date(2026, 7, 1), date(2026, 9, 30), "quý III/2026", "quý III"),
        ("2026-Q4", "quy", date(2026, 10, 1), date(2026, 12, 31), "quý IV/2026", "quý IV"),
        (
            "2026-H1",
            "6_thang",
            date(2026, 1, 1),
            date(2026, 6, 30),
            "6 tháng đầu năm 2026",
            "6 tháng đầu năm",
        ),
        (
            "2026-H2",
            "6_thang",
            date(2026, 7, 1),
            date(2026, 12, 31),
            "6 tháng cuối năm 2026",
            "6 tháng cuối năm",
        ),
        ("2026-9M", "9_thang", date(2026, 1, 1), date(2026, 9, 30), "9 tháng năm 2026", "9 tháng"),
        ("2026-Y", "nam", date(2026, 1, 1), date(2026, 12, 31), "năm 2026", "năm 2026"),
        ("2026-03", "thang", date(2026, 3, 1), date(2026, 3, 31), "tháng 3/2026", "tháng 3"),
        ("2028-02", "thang", date(2028, 2, 1), date(2028, 2, 29), "tháng 2/2028", "tháng 2"),
        ("2026-12", "thang", date(2026, 12, 1), date(2026, 12, 31), "tháng 12/2026", "tháng 12"),
        (
            "2025-2026-S",
            "nam_hoc",
            date(2025, 9, 1),
            date(2026, 5, 31),
            "năm học 2025-2026",
            "năm học 2025-2026",
        ),
    ],
)
def test_every_kind_of_code_has_its_days_and_its_name(
    code: str, frequency: str, start_on: date, end_on: date, name: str, short_name: str
) -> None:
    period = parse_period(code)
    assert period == Period(code, frequency, start_on, end_on)  # type: ignore[arg-type]
    assert (period.name, period.short_name) == (name, short_name)


@pytest.mark.parametrize(
    ("code", "previous", "same_last_year"),
    [
        ("2026-Q1", "2025-Q4", "2025-Q1"),
        ("2026-Q3", "2026-Q2", "2025-Q3"),
        ("2026-H1", "2025-H2", "2025-H1"),
        ("2026-H2", "2026-H1", "2025-H2"),
        ("2026-9M", "2025-9M", "2025-9M"),
        ("2026-Y", "2025-Y", "2025-Y"),
        ("2026-01", "2025-12", "2025-01"),
        ("2026-03", "2026-02", "2025-03"),
        ("2025-2026-S", "2024-2025-S", "2024-2025-S"),
    ],
)
def test_the_period_before_and_the_one_a_year_ago_are_known(code: str, previous: str, same_last_year: str) -> None:
    period = parse_period(code)
    assert (period.previous().code, period.same_last_year().code) == (previous, same_last_year)


@pytest.mark.parametrize("typed", [" 2026-q1 ", "2026-Q1\n", "2026-Q1"])
def test_small_letters_and_spaces_give_the_stored_code(typed: str) -> None:
    assert parse_period(typed).code == "2026-Q1"


@pytest.mark.parametrize(
    "code",
    [
        "",
        "2026",
        "2026-Q5",
        "2026-Q0",
        "2026-H3",
        "2026-6M",
        "2026-00",
        "2026-13",
        "2026-3",
        "26-Q1",
        "2026Q1",
        "2026-Q1-Q2",
        "2026-S",
        "2025-2027-S",
        "2026-2025-S",
        "２０２６-Q1",
        "quý I/2026",
        "1999-Q1",
        "2100-Y",
        "0000-Q1",
        "9999-9998-S",
        "2026-Q1'; drop table",
        "2026-\nQ1",
        "9" * 5000,
    ],
)
def test_what_is_no_code_is_refused_in_one_clear_line(code: str) -> None:
    with pytest.raises(PeriodError) as refused:
        parse_period(code)
    text = str(refused.value)
    assert "\n" not in text
    assert len(text) < 160


def test_the_refusal_shows_what_a_code_looks_like() -> None:
    with pytest.raises(PeriodError) as refused:
        parse_period("Q1/2026")
    assert str(refused.value) == (
        "'Q1/2026' is not a period: write one like 2026-Q1, 2026-H1, 2026-9M, 2026-Y, 2026-03 or 2025-2026-S"
    )


@pytest.mark.parametrize("code", ["2000-Q1", "2000-01", "2000-H1", "2000-9M", "2000-Y", "2000-2001-S"])
def test_no_period_lies_before_the_first(code: str) -> None:
    with pytest.raises(PeriodError):
        parse_period(code).previous()
    with pytest.raises(PeriodError):
        parse_period(code).same_last_year()


@given(codes)
def test_a_code_gives_a_period_of_that_code(code: str) -> None:
    assert parse_period(code).code == code


@given(codes)
def test_the_period_before_ends_before_and_is_of_the_same_kind(code: str) -> None:
    period = parse_period(code)
    for before in (period.previous(), period.same_last_year()):
        assert before.end_on < period.start_on
        assert before.frequency == period.frequency
        assert parse_period(before.code) == before
    assert period.same_last_year().start_on.replace(year=period.start_on.year) == period.start_on


def test_months_quarters_and_halves_follow_each_other_without_a_gap() -> None:
    for endings in (ENDINGS[:4], ENDINGS[4:6], ENDINGS[8:]):
        periods = [parse_period(f"{year}-{ending}") for year in YEARS for ending in endings]
        for earlier, later in pairwise(periods):
            assert later.start_on - earlier.end_on == timedelta(days=1)
            assert later.previous() == earlier


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_each_day_lies_in_its_quarter(day: date) -> None:
    quarter = quarter_of(day)
    assert quarter.start_on <= day <= quarter.end_on
    assert quarter == parse_period(quarter.code)


def test_every_code_has_a_name_of_its_own() -> None:
    names = {parse_period(f"{year}-{ending}").name for year in YEARS for ending in ENDINGS}
    assert len(names) == len(YEARS) * len(ENDINGS)


YOUTH_MONTH = campaign("2026-D-THANG-THANH-NIEN", "Tháng  Thanh niên", "thang", date(2026, 2, 26), date(2026, 3, 31))


def test_a_campaign_is_called_by_its_own_name() -> None:
    assert (YOUTH_MONTH.short_name, YOUTH_MONTH.name) == ("Tháng Thanh niên", "Tháng Thanh niên 2026")


def test_a_campaign_is_compared_with_its_like_a_year_before() -> None:
    before = YOUTH_MONTH.previous()
    assert before == YOUTH_MONTH.same_last_year()
    assert (before.code, before.start_on) == ("2025-D-THANG-THANH-NIEN", date(2025, 2, 26))
    leap = campaign("2028-D-X", "X", "thang", date(2028, 2, 29), date(2028, 3, 31))
    assert leap.previous().start_on == date(2027, 2, 28)


def test_a_campaigns_code_is_made_of_its_name_and_fits_a_button() -> None:
    assert campaign_code(2026, "Tháng Thanh niên") == "2026-D-THANG-THANH-NIEN"
    long = campaign_code(2026, "Chiến dịch Thanh niên tình nguyện hè và đợt thi đua đặc biệt")
    assert long == "2026-D-CHIEN-DICH-THANH-NIEN"
    assert is_campaign(long)
    assert not is_campaign("2026-Q1")


@pytest.mark.parametrize(
    ("code", "title", "start_on", "end_on"),
    [
        ("2026-D", "X", date(2026, 3, 1), date(2026, 3, 31)),
        ("2026-D-" + 30 * "X", "X", date(2026, 3, 1), date(2026, 3, 31)),
        ("1926-D-X", "X", date(2026, 3, 1), date(2026, 3, 31)),
        ("2026-D-X", " ", date(2026, 3, 1), date(2026, 3, 31)),
        ("2026-D-X", "X", date(2026, 4, 1), date(2026, 3, 31)),
    ],
)
def test_a_campaign_that_cannot_be_is_refused_in_one_line(code: str, title: str, start_on: date, end_on: date) -> None:
    with pytest.raises(PeriodError) as refused:
        campaign(code, title, "thang", start_on, end_on)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("days", "form"),
    [(1, "thang"), (34, "thang"), (45, "thang"), (46, "quy"), (92, "quy"), (184, "6_thang"), (273, "9_thang"),
     (365, "nam")],
)  # fmt: skip
def test_a_campaign_asks_the_form_of_the_period_about_as_long(days: int, form: str) -> None:
    first = date(2026, 1, 1)
    assert campaign_form(first, first + timedelta(days=days - 1)) == form
