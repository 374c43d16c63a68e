"""A period's code in, its days and the name people call it out; and the other way round."""

import re
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Literal

from reporting.figures.catalogue import Frequency, Indicator
from reporting.text.word_lists import texts
from reporting.text.words import tokens_of

_QUOTED = 40  # characters of a wrong code in an error
# Days up to which a campaign asks the form of such a period; a longer one asks that of a year.
_LONGEST: tuple[tuple[int, Frequency], ...] = ((45, "thang"), (135, "quy"), (225, "6_thang"), (318, "9_thang"))

# Outside these years a code is a slip of the keyboard; the lunar dates of reporting/time/calendar.py end in 2100.
FIRST_YEAR, LAST_YEAR = 2000, 2099

EXAMPLES = "2026-Q1, 2026-H1, 2026-9M, 2026-Y, 2026-03 or 2025-2026-S"

_QUARTERS = ("I", "II", "III", "IV")
_NAMES = texts("periods.names")
_CODE = re.compile(r"([0-9]{4})-(?:(Q[1-4]|H[12]|9M|Y|0[1-9]|1[0-2])|([0-9]{4})-S)")
# Longer ones would be cut off in lists on a phone.
_CAMPAIGN = re.compile(r"([0-9]{4})-D-[A-Z0-9]+(?:-[A-Z0-9]+)*")
MOST_CAMPAIGN_CODE = 28


class PeriodError(ValueError):
    """The text is not the code of a period; the message is one line that shows what a code looks like."""


@dataclass(frozen=True, slots=True)
class Period:
    """One reporting period; `parse_period`, `quarter_of` and, for a campaign, `campaign` make them.

    code: as stored and exported, such as 2026-Q1; never changes once used.
    frequency: how often such a period comes (both halves of a year are 6_thang); of a campaign, whose form it asks.
    start_on, end_on: first and last local day, both inside. Cut-off, deadline and briefing are the office's
    decisions: reporting/time/deadlines.py.
    title: a campaign's own name ("Tháng Thanh niên"); '' for a period of the calendar.
    own: the indicators of a quick count, until the instant due_at (reporting/time/quick_counts.py); none of any other.
    """

    code: str
    frequency: Frequency
    start_on: date
    end_on: date
    title: str = ""
    own: tuple[Indicator, ...] = field(default=(), compare=False)
    due_at: datetime | None = None

    @property
    def is_quick(self) -> bool:
        """Whether it is counted within hours, with indicators of its own."""
        return self.due_at is not None

    @property
    def short_name(self) -> str:
        """What people say while the year is clear: "quý I", "6 tháng đầu năm", "tháng 3", "năm 2026"."""
        if self.title:
            return self.title
        match self.frequency:
            case "thang":
                return _NAMES["month"].format(month=self.start_on.month)
            case "quy":
                return _NAMES["quarter"].format(quarter=_QUARTERS[self.start_on.month // 3])
            case "6_thang":
                return _NAMES["first_half" if self.start_on.month == 1 else "second_half"]
            case "9_thang":
                return _NAMES["nine_months"]
            case "nam":
                return _NAMES["year"].format(year=self.start_on.year)
            case "nam_hoc":
                return _NAMES["school_year"].format(year=self.start_on.year, next_year=self.end_on.year)
            case "quick":
                return self.code

    @property
    def name(self) -> str:
        """The full name: "quý I/2026", "6 tháng đầu năm 2026", "9 tháng năm 2026", "Tháng Thanh niên 2026"."""
        if self.title:
            return self.title if self.is_quick else f"{self.title} {self.code[:4]}"
        match self.frequency:
            case "thang" | "quy":
                return f"{self.short_name}/{self.start_on.year}"
            case "6_thang":
                return f"{self.short_name} {self.start_on.year}"
            case "9_thang":
                return _NAMES["nine_months_of"].format(year=self.start_on.year)
            case "nam" | "nam_hoc" | "quick":
                return self.short_name

    def previous(self) -> "Period":
        """The period of the same kind just before: 2026-Q1 gives 2025-Q4, 2026-9M gives 2025-9M.

        Raises PeriodError before the first year that has codes.
        """
        if self.title:
            return self.same_last_year()
        before = self.start_on - timedelta(days=1)
        match self.frequency:
            case "thang":
                return _month(before.year, before.month)
            case "quy":
                return quarter_of(before)
            case "6_thang":
                return _half(before.year, 1 if before.month == 6 else 2)
            case "9_thang" | "nam" | "nam_hoc" | "quick":
                return self.same_last_year()

    def same_last_year(self) -> "Period":
        """The period to compare with, "cùng kỳ": 2026-Q1 gives 2025-Q1. PeriodError as in `previous`."""
        if self.is_quick:
            return replace(self, code=f"{int(self.code[:4]) - 1}{self.code[4:]}")
        if self.title:
            code = f"{int(self.code[:4]) - 1}{self.code[4:]}"
            return campaign(code, self.title, self.frequency, _year_before(self.start_on), _year_before(self.end_on))
        year = self.start_on.year - 1
        match self.frequency:
            case "thang":
                return _month(year, self.start_on.month)
            case "quy":
                return _quarter(year, self.start_on.month // 3 + 1)
            case "6_thang":
                return _half(year, 1 if self.start_on.month == 1 else 2)
            case "9_thang":
                return _nine_months(year)
            case "nam":
                return _year(year)
            case "nam_hoc":
                return _school_year(year)
            case "quick":
                return self


@lru_cache(maxsize=64)
def parse_period(code: str) -> Period:
    """The period of a code: 2026-Q1 to -Q4, 2026-H1, 2026-H2, 2026-9M, 2026-Y, 2026-03, 2025-2026-S.

    Small letters and spaces around it are accepted; the code of the result is the one to store.
    Raises PeriodError.
    """
    match = _CODE.fullmatch(code.strip().upper())
    if match is None:
        raise PeriodError(f"{code[:_QUOTED]!r} is not a period: write one like {EXAMPLES}")
    year = int(match[1])
    if match[3] is not None:
        if int(match[3]) != year + 1:
            raise PeriodError(f"{code[:_QUOTED]!r} is not a school year: write it like {year}-{year + 1}-S")
        return _school_year(year)
    kind = match[2]
    if kind == "Y":
        return _year(year)
    if kind == "9M":
        return _nine_months(year)
    if kind[0] == "H":
        return _half(year, 1 if kind == "H1" else 2)
    if kind[0] == "Q":
        return _quarter(year, int(kind[1]))
    return _month(year, int(kind))


def is_campaign(code: str) -> bool:
    """Whether this is how a campaign's code looks: 2026-D-THANG-THANH-NIEN. Its days stand only in its row."""
    return _CAMPAIGN.fullmatch(code) is not None


def campaign_code(year: int, title: str) -> str:
    """A code for a campaign of that name: (2026, "Tháng Thanh niên") gives 2026-D-THANG-THANH-NIEN."""
    words = [token.fold.upper() for token in tokens_of(title) if token.kind in ("word", "number")]
    code = f"{year}-D"
    for word in words:
        if len(code) + 1 + len(word) > MOST_CAMPAIGN_CODE:
            break
        code = f"{code}-{word}"
    return code


def campaign_form(start_on: date, end_on: date) -> Frequency:
    """Whose form a campaign of these days asks where the office names none: that of the period about as long."""
    days = (end_on - start_on).days + 1
    return next((form for longest, form in _LONGEST if days <= longest), "nam")


def campaign(code: str, title: str, frequency: Frequency, start_on: date, end_on: date) -> Period:
    """A named campaign (đợt thi đua, phong trào) that is reported by itself. Raises PeriodError."""
    if not is_campaign(code) or len(code) > MOST_CAMPAIGN_CODE:
        raise PeriodError(
            f"{code[:_QUOTED]!r} is not a campaign's code: write one like 2026-D-THANG-THANH-NIEN,"
            f" at most {MOST_CAMPAIGN_CODE} characters"
        )
    if not FIRST_YEAR <= int(code[:4]) <= LAST_YEAR:
        raise PeriodError(f"{code} lies outside the years {FIRST_YEAR} to {LAST_YEAR}")
    if not title.strip():
        raise PeriodError(f"{code} needs a title, the name people know it by")
    if end_on < start_on:
        raise PeriodError(f"{code} ends on {end_on}, before it starts on {start_on}")
    return Period(code, frequency, start_on, end_on, " ".join(title.split()))


def _year_before(day: date) -> date:
    return day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)


def quarter_of(day: date) -> Period:
    """The quarter in which `day` lies."""
    return _quarter(day.year, (day.month - 1) // 3 + 1)


def _month(year: int, month: int) -> Period:
    return _period(f"{year}-{month:02}", "thang", year, month, 1)


def _quarter(year: int, number: int) -> Period:
    return _period(f"{year}-Q{number}", "quy", year, 3 * number - 2, 3)


def _half(year: int, number: Literal[1, 2]) -> Period:
    return _period(f"{year}-H{number}", "6_thang", year, 6 * number - 5, 6)


def _nine_months(year: int) -> Period:
    return _period(f"{year}-9M", "9_thang", year, 1, 9)


def _year(year: int) -> Period:
    return _period(f"{year}-Y", "nam", year, 1, 12)


def _school_year(year: int) -> Period:
    """September to 31 May: the cut of the domain rules for Đội and for Đoàn in schools."""
    return _period(f"{year}-{year + 1}-S", "nam_hoc", year, 9, 9)


def _period(code: str, frequency: Frequency, year: int, month: int, months: int) -> Period:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise PeriodError(f"{code} lies outside the years {FIRST_YEAR} to {LAST_YEAR}")
    years, after = divmod(month - 1 + months, 12)
    return Period(code, frequency, date(year, month, 1), date(year + years, after + 1, 1) - timedelta(days=1))
