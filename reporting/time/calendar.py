"""Days in Việt Nam: which are worked, off or silent, which a reminder falls on, and how dates are written."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from types import MappingProxyType
from zoneinfo import ZoneInfo

from lunar_vn import LunarDate, lunar_to_solar

from reporting.text.word_lists import listed, texts

_CULTURE_SINCE = 2026  # the first 24 November that is a day off by law

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")

_DAY = timedelta(days=1)
_SATURDAY, _SUNDAY = 5, 6
_WEEKDAYS = listed("calendar.weekdays")
_NAMES = texts("calendar.holidays")
_WRITTEN = texts("calendar.written")

# The law gives 2/9 and one day beside it, which the Prime Minister names each year. From 2021 to 2026 it was
# always the one that makes the longer break; by weekday of 2/9, Monday first.
_BESIDE_NATIONAL_DAY = (1, -1, -1, 1, -1, -1, 1)


@lru_cache(maxsize=1024)
def lunar_day(year: int, month: int, day: int) -> date:
    """The date of a day of the Vietnamese lunar calendar; of a month that comes twice, the first.

    It is reckoned at UTC+7: Tết of 2007 and of 2030 is a day ahead of the Chinese new year. The library
    follows the rules Hồ Ngọc Đức published. Raises ValueError outside 1900 to 2100.
    """
    return lunar_to_solar(LunarDate(day, month, year))


@lru_cache(maxsize=256)
def _legal(year: int) -> Mapping[date, str]:
    """The 11 days of Labour Code 2019, article 112, and those in lieu of a weekend (article 111)."""
    tet = lunar_day(year, 1, 1)
    days = {tet - _DAY: _NAMES["tet_eve"]}
    days |= {tet + n * _DAY: _NAMES["tet"].format(number=n + 1) for n in range(4)}
    # In lieu of the weekend inside Tết, each year since 2014 but two: Saturday before it, Sunday after it.
    for day in sorted(days):
        step = {_SATURDAY: -_DAY, _SUNDAY: _DAY}.get(day.weekday())
        if step:
            days[_free(day, step, days)] = _NAMES["in_lieu_of_tet"]

    national = date(year, 9, 2)
    single = [
        (date(year, 1, 1), _NAMES["new_year"]),
        (lunar_day(year, 3, 10), _NAMES["kings"]),
        (date(year, 4, 30), _NAMES["victory"]),
        (date(year, 5, 1), _NAMES["labour"]),
        (national, _NAMES["national"]),
    ]
    for day, name in single:
        days[day] = f"{days[day]}, {name}" if day in days else name
    days[national + _BESIDE_NATIONAL_DAY[national.weekday()] * _DAY] = _NAMES["beside_national"]
    for day, name in sorted(single):
        if day.weekday() >= _SATURDAY:
            days[_free(day, _DAY, days)] = _NAMES["in_lieu"].format(name=name)
    return MappingProxyType(dict(sorted(days.items())))


def _free(day: date, step: timedelta, taken: Collection[date]) -> date:
    """The nearest day in the direction of `step` that is neither a weekend nor taken."""
    while day.weekday() >= _SATURDAY or day in taken:
        day += step
    return day


@dataclass(frozen=True, slots=True)
class VietnamCalendar:
    """The working days of one office: the law, corrected by the office's own rows.

    holidays: further days off, with their name (a swapped day such as 02/01/2026, a province's own day).
    working: days that are worked whatever the law, the week and `holidays` say (the Saturday of a swap).
    quiet: days on which nobody is reminded (a national mourning, a storm); they may be working days.
    culture_day: 24/11, Ngày Văn hóa Việt Nam, is a day off. Off by default: resolution 80 of the Politburo
    (January 2026) asks for it, but no amended Labour Code that grants it was found; the office turns it on.
    """

    holidays: Mapping[date, str] = field(default_factory=dict)
    working: Collection[date] = frozenset()
    quiet: Collection[date] = frozenset()
    culture_day: bool = False

    def legal_holidays(self, year: int) -> dict[date, str]:
        """The days off by law in a year, in order, with days in lieu; without the office's own rows.

        Raises ValueError outside 1900 to 2100.
        """
        days = dict(_legal(year))
        culture = date(year, 11, 24)
        if self.culture_day and year >= _CULTURE_SINCE:
            days[culture] = _NAMES["culture"]
            if culture.weekday() >= _SATURDAY:
                days[_free(culture, _DAY, days)] = _NAMES["in_lieu"].format(name=_NAMES["culture"])
        return days

    def holiday_on(self, day: date) -> str | None:
        """The name of the holiday on that day, by the law or by the office's rows; None on any other day."""
        if day in self.working:
            return None
        own = self.holidays.get(day)
        if own is not None:
            return own
        return self.legal_holidays(day.year).get(day)

    def is_working_day(self, day: date) -> bool:
        """Monday to Friday and no holiday, or a day the office has marked as worked."""
        return day in self.working or (day.weekday() < _SATURDAY and self.holiday_on(day) is None)

    def previous_working_day(self, day: date) -> date:
        """The day itself if it is worked, else the last worked day before it."""
        while not self.is_working_day(day):
            day -= _DAY
        return day

    def next_working_day(self, day: date) -> date:
        """The day itself if it is worked, else the first worked day after it."""
        while not self.is_working_day(day):
            day += _DAY
        return day

    def working_days_back(self, day: date, count: int) -> date:
        """The worked day that lies `count` worked days before `day`, not counting `day`; 0 gives `day` back.

        Five back from a briefing on Monday 13/4/2026 is Monday 06/4. The days around Tết on which nobody is reminded
        are none of them: what was due then would come due unsaid. Raises ValueError for a negative count.
        """
        if count < 0:
            raise ValueError(f"cannot go back {count} working days")
        for _ in range(count):
            day = self.previous_working_day(day - _DAY)
            while self.in_tet(day):
                day = self.previous_working_day(day - _DAY)
        return day

    def working_days_ahead(self, day: date, count: int) -> date:
        """The worked day that lies `count` worked days after `day`, not counting `day`; 0 gives `day` back."""
        for _ in range(count):
            day = self.next_working_day(day + _DAY)
        return day

    def tet_silence(self, year: int) -> tuple[date, date]:
        """First and last day without reminders around Tết of `year`: 27 tháng Chạp and mùng 6."""
        return lunar_day(year - 1, 12, 27), lunar_day(year, 1, 6)

    def is_silent(self, day: date) -> bool:
        """Nobody is reminded on that day: Tết, or a day the office has marked as quiet."""
        return day in self.quiet or self.in_tet(day)

    def in_tet(self, day: date) -> bool:
        """Whether the day lies in the silence around Tết."""
        if day.month > 2:  # 27 tháng Chạp and mùng 6 always lie in January and February
            return False
        first, last = self.tet_silence(day.year)
        return first <= day <= last

    def rung_day(self, due_on: date, days_before: int) -> date | None:
        """The day to remind of a deadline, `days_before` calendar days ahead of it; negative once overdue.

        A deadline on a day off stays where it is, only the reminder moves: up to the deadline back to a
        worked day, so that the office is there to help; overdue on to the next one. None if it falls in a
        silence or would be moved into or across one. Words such as "còn 3 ngày" count from the day returned.
        """
        day = due_on - days_before * _DAY
        step = -_DAY if days_before >= 0 else _DAY
        while not self.is_silent(day):
            if self.is_working_day(day):
                return day
            day += step
        return None

    def rung_days(self, due_on: date, rungs: Iterable[int]) -> dict[date, int]:
        """Each day of reminder with its rung, in order; where rungs meet, the one nearest the deadline.

        Rungs 7, 3, 1 of Monday 06/4/2026 give {30/3: 7, 03/4: 1}: 3 is that Friday and 1 moves back to it.
        """
        days: dict[date, int] = {}
        for rung in sorted(rungs, key=abs, reverse=True):
            day = self.rung_day(due_on, rung)
            if day is not None:
                days[day] = rung
        return dict(sorted(days.items()))


def at(day: date, hour: int, minute: int = 0, zone: ZoneInfo = VIETNAM) -> datetime:
    """The instant, in UTC, of a local time of day."""
    return datetime.combine(day, time(hour, minute), zone).astimezone(UTC)


def local_day(instant: datetime, zone: ZoneInfo = VIETNAM) -> date:
    """The local day of an aware instant; ValueError for a naive one."""
    return _local(instant, zone).date()


def week_of(day: date) -> tuple[int, int]:
    """ISO year and week, which begins on Monday: 30/3/2026 gives (2026, 14)."""
    year, week, _ = day.isocalendar()
    return year, week


def short_day(day: date, today: date | None = None) -> str:
    """06/4, 30/3, 12/01: a zero before days under 10 and before months 1 and 2, as Decree 30/2020 writes.

    today: with it, a day of another year is written with that year, 06/4/2027.
    """
    year = f"/{day.year}" if today is not None and day.year != today.year else ""
    return f"{day.day:02}/{day.month:02}{year}" if day.month < 3 else f"{day.day:02}/{day.month}{year}"


def day_name(day: date, today: date | None = None) -> str:
    """The day with its weekday, for the middle of a sentence: "thứ Hai 06/4", "Chủ nhật 05/4"; today as above."""
    return f"{_WEEKDAYS[day.weekday()]} {short_day(day, today)}"


def day_range(first: date, last: date, today: date | None = None) -> str:
    """30/3–05/4, with an en dash; today as above, and with the year of both where these differ."""
    if today is None or first.year == last.year:
        return f"{short_day(first)}–{short_day(last, today)}"
    return f"{short_day(first, last)}–{short_day(last, first)}"


def moment(instant: datetime, zone: ZoneInfo = VIETNAM) -> str:
    """An aware instant as local time and day: "09:15 ngày 07/4"."""
    local = _local(instant, zone)
    return _WRITTEN["moment"].format(time=f"{local:%H:%M}", day=short_day(local))


def dated_moment(instant: datetime) -> str:
    """The same with its year, for papers that are kept: "09:15 ngày 07/4/2026"."""
    return f"{moment(instant)}/{local_day(instant).year}"


def hour_of_day(instant: datetime, today: date | None = None) -> str:
    """An aware instant for the middle of a sentence: "17:00 thứ Sáu 25/9"; today as above."""
    return f"{_local(instant, VIETNAM):%H:%M} {day_name(local_day(instant), today)}"


def _local(instant: datetime, zone: ZoneInfo) -> datetime:
    if instant.tzinfo is None:
        raise ValueError("an instant needs its zone")
    return instant.astimezone(zone)
