from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.time.calendar import (
    VIETNAM,
    VietnamCalendar,
    at,
    day_name,
    day_range,
    local_day,
    lunar_day,
    moment,
    short_day,
    week_of,
)

DAY = timedelta(days=1)
LAW = VietnamCalendar()

days = st.dates(date(2001, 1, 1), date(2098, 12, 31))


@st.composite
def offices(draw: st.DrawFn) -> tuple[VietnamCalendar, date]:
    """A calendar with rows of the office scattered around a day, and that day, often near Tết."""
    year = draw(st.integers(2001, 2098))
    centre = draw(st.just(lunar_day(year, 1, 1)) | st.dates(date(year, 1, 1), date(year, 12, 31)))
    near = st.integers(-25, 25).map(lambda n: centre + n * DAY)
    return (
        VietnamCalendar(
            holidays=draw(st.dictionaries(near, st.just("Nghỉ của tỉnh"), max_size=8)),
            working=draw(st.frozensets(near, max_size=4)),
            quiet=draw(st.frozensets(near, max_size=3)),
            culture_day=draw(st.booleans()),
        ),
        draw(near),
    )


@pytest.mark.parametrize(
    ("year", "month", "day", "expected"),
    [
        (2026, 1, 1, date(2026, 2, 17)),
        (2027, 1, 1, date(2027, 2, 6)),
        (2028, 1, 1, date(2028, 1, 26)),
        (2029, 1, 1, date(2029, 2, 13)),
        (2026, 1, 7, date(2026, 2, 23)),
        (2026, 3, 10, date(2026, 4, 26)),
        (2027, 3, 10, date(2027, 4, 16)),
        (2028, 3, 10, date(2028, 4, 4)),
    ],
)
def test_lunar_days_agree_with_the_published_table(year: int, month: int, day: int, expected: date) -> None:
    assert lunar_day(year, month, day) == expected


@pytest.mark.parametrize(
    ("year", "vietnamese", "chinese"),
    [
        (1985, date(1985, 1, 21), date(1985, 2, 20)),
        (2007, date(2007, 2, 17), date(2007, 2, 18)),
        (2030, date(2030, 2, 2), date(2030, 2, 3)),
        (2053, date(2053, 2, 18), date(2053, 2, 19)),
    ],
)
def test_tet_is_the_vietnamese_one_where_the_chinese_new_year_is_another_day(
    year: int, vietnamese: date, chinese: date
) -> None:
    assert lunar_day(year, 1, 1) == vietnamese != chinese


@pytest.mark.parametrize(("year", "expected"), [(2009, (4, 4)), (2037, (4, 24)), (2038, (4, 13))])
def test_gio_to_is_the_vietnamese_one_where_the_chinese_month_begins_a_day_later(
    year: int, expected: tuple[int, int]
) -> None:
    assert lunar_day(year, 3, 10) == date(year, *expected)


@pytest.mark.parametrize("year", range(2021, 2100))
def test_the_legal_holidays_of_every_year_are_those_of_the_holidays_library(year: int) -> None:
    """Its swapped days are rows of the office here, and 24/11 is a switch."""
    theirs = {
        day
        for day, name in holidays.country_holidays("VN", years=year, language="vi").items()
        if day.year == year and "thay cho" not in name
    }
    assert set(VietnamCalendar(culture_day=True).legal_holidays(year)) == theirs


def test_the_year_2026_has_its_eleven_days_and_one_in_lieu() -> None:
    assert LAW.legal_holidays(2026) == {
        date(2026, 1, 1): "Tết Dương lịch",
        date(2026, 2, 16): "Giao thừa",
        date(2026, 2, 17): "Mùng 1 Tết",
        date(2026, 2, 18): "Mùng 2 Tết",
        date(2026, 2, 19): "Mùng 3 Tết",
        date(2026, 2, 20): "Mùng 4 Tết",
        date(2026, 4, 26): "Giỗ Tổ Hùng Vương",
        date(2026, 4, 27): "Nghỉ bù Giỗ Tổ Hùng Vương",
        date(2026, 4, 30): "Ngày Chiến thắng",
        date(2026, 5, 1): "Quốc tế Lao động",
        date(2026, 9, 1): "Nghỉ Quốc khánh",
        date(2026, 9, 2): "Quốc khánh",
    }


@pytest.mark.parametrize(
    ("first", "length"),
    [
        (date(2026, 1, 1), 4),
        (date(2026, 2, 14), 9),
        (date(2026, 4, 25), 3),
        (date(2026, 4, 30), 4),
        (date(2026, 8, 29), 5),
    ],
)
def test_with_the_two_swaps_of_2026_every_break_is_as_long_as_announced(first: date, length: int) -> None:
    office = VietnamCalendar(
        holidays={date(2026, 1, 2): "Nghỉ hoán đổi", date(2026, 8, 31): "Nghỉ hoán đổi"},
        working={date(2026, 1, 10), date(2026, 8, 22)},
    )
    assert office.is_working_day(first - DAY)
    assert not any(office.is_working_day(first + n * DAY) for n in range(length))
    assert office.is_working_day(first + length * DAY)


def test_a_swapped_saturday_is_worked() -> None:
    swapped = VietnamCalendar(working={date(2026, 8, 22)})
    assert swapped.is_working_day(date(2026, 8, 22))
    assert not LAW.is_working_day(date(2026, 8, 22))


def test_a_row_of_the_office_takes_a_legal_holiday_away_or_moves_it() -> None:
    moved = VietnamCalendar(holidays={date(2026, 9, 3): "Nghỉ Quốc khánh"}, working={date(2026, 9, 1)})
    assert moved.holiday_on(date(2026, 9, 1)) is None
    assert moved.is_working_day(date(2026, 9, 1))
    assert moved.holiday_on(date(2026, 9, 3)) == "Nghỉ Quốc khánh"
    assert not moved.is_working_day(date(2026, 9, 3))


def test_the_culture_day_is_off_only_where_the_office_turned_it_on() -> None:
    day = date(2026, 11, 24)
    assert LAW.is_working_day(day)
    on = VietnamCalendar(culture_day=True)
    assert on.holiday_on(day) == "Ngày Văn hóa Việt Nam"
    assert not on.is_working_day(day)
    assert on.is_working_day(date(2025, 11, 24))
    assert on.holiday_on(date(2029, 11, 26)) == "Nghỉ bù Ngày Văn hóa Việt Nam"


def test_two_holidays_on_a_weekend_in_a_row_give_two_days_in_lieu() -> None:
    assert [LAW.holiday_on(date(2023, 5, n)) for n in (1, 2, 3, 4)] == [
        "Quốc tế Lao động",
        "Nghỉ bù Giỗ Tổ Hùng Vương",
        "Nghỉ bù Ngày Chiến thắng",
        None,
    ]


def test_changing_the_returned_holidays_changes_no_calendar() -> None:
    LAW.legal_holidays(2026).clear()
    assert LAW.holiday_on(date(2026, 1, 1)) == "Tết Dương lịch"


def test_a_year_without_lunar_dates_is_refused() -> None:
    with pytest.raises(ValueError):
        LAW.legal_holidays(2101)
    with pytest.raises(ValueError):
        LAW.legal_holidays(1899)


@pytest.mark.parametrize(
    ("year", "first", "last"),
    [
        (2026, date(2026, 2, 14), date(2026, 2, 22)),
        (2027, date(2027, 2, 3), date(2027, 2, 11)),
        (2030, date(2030, 1, 30), date(2030, 2, 7)),
    ],
)
def test_the_silence_runs_from_27_thang_chap_to_mung_6(year: int, first: date, last: date) -> None:
    assert LAW.tet_silence(year) == (first, last)
    assert [LAW.is_silent(day) for day in (first - DAY, first, last, last + DAY)] == [
        False,
        True,
        True,
        False,
    ]


def test_the_silence_of_every_year_lasts_nine_or_ten_days_and_holds_the_days_off_of_tet() -> None:
    for year in range(2021, 2100):
        first, last = LAW.tet_silence(year)
        assert (last - first).days + 1 in (9, 10)
        assert (first.year, last.year) == (year, year)
        assert last.month <= 2
        tet = [day for day, name in LAW.legal_holidays(year).items() if name.startswith(("Giao thừa", "Mùng"))]
        assert len(tet) == 5
        assert all(LAW.is_silent(day) for day in tet)


def test_a_day_the_office_wants_quiet_is_silent_but_worked() -> None:
    mourning = VietnamCalendar(quiet={date(2026, 5, 20)})
    assert mourning.is_silent(date(2026, 5, 20))
    assert mourning.is_working_day(date(2026, 5, 20))
    assert mourning.rung_day(date(2026, 5, 21), 1) is None
    assert mourning.rung_day(date(2026, 5, 22), 1) == date(2026, 5, 21)


def test_the_deadline_five_working_days_before_a_briefing() -> None:
    assert LAW.working_days_back(date(2026, 4, 13), 5) == date(2026, 4, 6)
    assert LAW.working_days_back(date(2026, 5, 4), 3) == date(2026, 4, 24)  # over 30/4, 1/5 and Giỗ Tổ
    assert LAW.working_days_back(date(2026, 4, 26), 0) == date(2026, 4, 26)
    assert LAW.working_days_back(date(2027, 2, 18), 5) == date(2027, 2, 2)  # the silence of Tết lies between
    with pytest.raises(ValueError):
        LAW.working_days_back(date(2026, 4, 13), -1)


@pytest.mark.parametrize(
    ("due_on", "days_before", "expected"),
    [
        (date(2026, 4, 6), 7, date(2026, 3, 30)),
        (date(2026, 4, 6), 3, date(2026, 4, 3)),
        (date(2026, 4, 6), 1, date(2026, 4, 3)),  # Sunday, so the Friday before
        (date(2026, 4, 6), 0, date(2026, 4, 6)),
        (
            date(2026, 9, 20),
            0,
            date(2026, 9, 18),
        ),  # a deadline on a Sunday stays, its reminder goes out on Friday
        (date(2026, 4, 3), -1, date(2026, 4, 6)),  # Saturday, so the Monday after
        (date(2026, 4, 29), -1, date(2026, 5, 4)),  # over 30/4, 1/5 and the weekend
        (date(2026, 5, 4), 3, date(2026, 4, 29)),
        (date(2026, 2, 20), 7, date(2026, 2, 13)),  # 26 tháng Chạp: the last day before the silence
        (date(2026, 2, 20), 3, None),
        (date(2026, 2, 24), 1, date(2026, 2, 23)),  # mùng 7: the first day after it
        (date(2027, 2, 8), 3, None),  # 28 tháng Chạp
        (date(2027, 2, 5), -3, None),  # mùng 3
        (date(2027, 2, 13), 0, date(2027, 2, 12)),  # a Saturday, moved back to mùng 7
    ],
)
def test_a_reminder_falls_on_a_worked_day_or_on_none(due_on: date, days_before: int, expected: date | None) -> None:
    assert LAW.rung_day(due_on, days_before) == expected


def test_a_reminder_is_not_moved_across_the_silence() -> None:
    office = VietnamCalendar(holidays={date(2026, 2, 23): "Nghỉ thêm"})
    assert office.rung_day(date(2026, 2, 23), 0) is None
    assert office.rung_day(date(2026, 2, 13), -1) is None


def test_of_reminders_that_meet_on_one_day_the_nearest_to_the_deadline_remains() -> None:
    assert LAW.rung_days(date(2026, 4, 6), (7, 3, 1)) == {date(2026, 3, 30): 7, date(2026, 4, 3): 1}
    assert LAW.rung_days(date(2026, 4, 3), (1, 0, -1, -3, -7)) == {
        date(2026, 4, 2): 1,
        date(2026, 4, 3): 0,
        date(2026, 4, 6): -1,
        date(2026, 4, 10): -7,
    }
    assert LAW.rung_days(date(2026, 2, 20), (3, 1)) == {}


@given(offices(), st.integers(-14, 30))
def test_a_reminder_is_always_on_a_worked_day_outside_every_silence(
    office: tuple[VietnamCalendar, date], days_before: int
) -> None:
    calendar, due_on = office
    wanted = due_on - days_before * DAY
    day = calendar.rung_day(due_on, days_before)
    step = -DAY if days_before >= 0 else DAY
    if day is None:
        day = wanted
        while not calendar.is_silent(day):
            assert not calendar.is_working_day(day)
            day += step
        return
    assert calendar.is_working_day(day)
    assert not calendar.is_silent(day)
    assert day <= wanted <= due_on if days_before >= 0 else day >= wanted > due_on
    while wanted != day:  # nothing but days off was passed over
        assert not calendar.is_working_day(wanted)
        assert not calendar.is_silent(wanted)
        wanted += step


@given(offices(), st.lists(st.integers(-14, 30), max_size=7))
def test_no_two_reminders_share_a_day_and_each_is_on_its_own_side_of_the_deadline(
    office: tuple[VietnamCalendar, date], rungs: list[int]
) -> None:
    calendar, due_on = office
    found = calendar.rung_days(due_on, rungs)
    assert list(found) == sorted(found)
    assert set(found.values()) <= set(rungs)
    for day, rung in found.items():
        assert calendar.rung_day(due_on, rung) == day
        assert (day <= due_on) == (rung >= 0)
        assert all(abs(rung) <= abs(other) for other in rungs if calendar.rung_day(due_on, other) == day)


@given(offices())
def test_moving_to_a_worked_day_twice_moves_once(office: tuple[VietnamCalendar, date]) -> None:
    calendar, day = office
    before, after = calendar.previous_working_day(day), calendar.next_working_day(day)
    assert before <= day <= after
    assert calendar.is_working_day(before)
    assert calendar.is_working_day(after)
    assert calendar.previous_working_day(before) == before
    assert calendar.next_working_day(after) == after
    assert (before == day) == (after == day) == calendar.is_working_day(day)


@given(offices(), st.integers(0, 15))
def test_counting_working_days_back_passes_exactly_that_many(office: tuple[VietnamCalendar, date], count: int) -> None:
    calendar, day = office
    back = calendar.working_days_back(day, count)
    passed = [back + n * DAY for n in range((day - back).days)]
    assert sum(calendar.is_working_day(each) and not calendar.in_tet(each) for each in passed) == count
    assert count == 0 or calendar.is_working_day(back)


@given(offices())
def test_a_named_holiday_is_never_worked_and_a_weekday_without_one_always_is(
    office: tuple[VietnamCalendar, date],
) -> None:
    calendar, day = office
    if calendar.holiday_on(day) is not None:
        assert not calendar.is_working_day(day)
    elif day.weekday() < 5:
        assert calendar.is_working_day(day)


def test_an_hour_in_viet_nam_is_seven_hours_ahead_of_utc() -> None:
    assert at(date(2026, 4, 6), 7) == datetime(2026, 4, 6, 0, 0, tzinfo=UTC)
    assert at(date(2026, 4, 6), 6, 30) == datetime(2026, 4, 5, 23, 30, tzinfo=UTC)
    assert at(date(2026, 4, 6), 7).tzinfo is UTC
    assert at(date(2026, 4, 6), 7, zone=ZoneInfo("Asia/Tokyo")) == datetime(2026, 4, 5, 22, 0, tzinfo=UTC)


@given(days, st.integers(0, 23), st.integers(0, 59))
def test_an_instant_of_a_local_day_lies_in_that_day(day: date, hour: int, minute: int) -> None:
    instant = at(day, hour, minute)
    assert local_day(instant) == day
    assert local_day(instant.astimezone(timezone(timedelta(hours=-8)))) == day
    assert instant.astimezone(VIETNAM).strftime("%H:%M") == f"{hour:02}:{minute:02}"


def test_an_instant_without_a_zone_is_refused() -> None:
    naive = datetime(2026, 4, 6, 7, 0)  # noqa: DTZ001
    with pytest.raises(ValueError):
        local_day(naive)
    with pytest.raises(ValueError):
        moment(naive)


def test_weeks_begin_on_monday_and_are_counted_as_in_the_weekly_summary() -> None:
    assert {week_of(date(2026, 3, 30) + n * DAY) for n in range(7)} == {(2026, 14)}
    assert week_of(date(2026, 4, 6)) == (2026, 15)
    assert week_of(date(2027, 1, 1)) == (2026, 53)


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2026, 4, 6), "thứ Hai 06/4"),
        (date(2026, 4, 7), "thứ Ba 07/4"),
        (date(2026, 4, 8), "thứ Tư 08/4"),
        (date(2026, 4, 9), "thứ Năm 09/4"),
        (date(2026, 4, 10), "thứ Sáu 10/4"),
        (date(2026, 4, 11), "thứ Bảy 11/4"),
        (date(2026, 4, 12), "Chủ nhật 12/4"),
    ],
)
def test_days_are_named_as_people_write_them(day: date, name: str) -> None:
    assert day_name(day) == name


def test_short_days_have_a_zero_where_administration_writes_one() -> None:
    written = [short_day(date(2026, month, 5)) for month in (1, 2, 3, 9, 10, 12)]
    assert written == ["05/01", "05/02", "05/3", "05/9", "05/10", "05/12"]
    assert day_range(date(2026, 3, 30), date(2026, 4, 5)) == "30/3–05/4"


def test_a_moment_is_told_in_local_time() -> None:
    assert moment(datetime(2026, 4, 7, 2, 15, tzinfo=UTC)) == "09:15 ngày 07/4"
    assert moment(datetime(2026, 4, 6, 18, 0, tzinfo=UTC)) == "01:00 ngày 07/4"
