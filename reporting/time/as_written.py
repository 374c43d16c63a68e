"""An office's message in, the period, day or hour it names out: "quý II", "20/4", "8h15 thứ Tư 15/4"."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Literal

from reporting.figures.catalogue import Frequency
from reporting.text.lexicon import in_plain_letters, sense
from reporting.text.word_lists import listed, one_of, table
from reporting.text.words import form_of, tokens_of
from reporting.time.periods import Period, PeriodError, is_campaign, parse_period

# A day without a year lies between so many days ago and a year after that: in December "10/1" is next January's.
DAYS_BACK = 120

_CODE = re.compile(r"(?<![\w-])\d{4}-(?:q\d|h\d|9m|y|\d\d|\d{4}-s|d(?:-[a-z0-9]+)+)(?![\w-])")
_NAM = sense("periods.year")
_OF_YEAR = rf"(?:(?: {_NAM}| |/)+(\d{{4}}))?"
_QUARTER = re.compile(rf"{sense('periods.quarter')} (iv|iii|ii|i|[1-4])(?![a-z0-9]){_OF_YEAR}")
_HALF = re.compile(
    rf"{sense('periods.six_months')} (?:({sense('periods.first_half')})|{sense('periods.second_half')}) {_NAM}"
    r"(?: (\d{4}))?"
)
_NINE = re.compile(rf"{sense('periods.nine_months')}(?: {sense('periods.first_half')})?(?: {_NAM}(?: (\d{{4}}))?)?")
_MONTH = re.compile(rf"{sense('periods.month')} (\d{{1,2}})(?!\d){_OF_YEAR}")
_SCHOOL = re.compile(rf"{sense('periods.school_year')} (\d{{4}}) ?- ?(\d{{4}})")
_YEAR = re.compile(rf"{_NAM} (\d{{4}})")
# "cụm 4 tháng 9" is a cluster, then a month.
_NO_CLUSTER = "".join(f"(?<!{word} )" for word in sorted(in_plain_letters("periods.cluster")))
_SPOKEN_DAY = re.compile(
    rf"(?<!\d){_NO_CLUSTER}(\d{{1,2}}) {sense('periods.month')} (\d{{1,2}})(?!\d)(?: {_NAM} (\d{{4}}))?"
)
_LONG: tuple[tuple[str, Frequency], ...] = (
    ("six_months", "6_thang"), ("nine_months", "9_thang"), ("quarter", "quy"), ("month", "thang"), ("year", "nam"),
)  # fmt: skip
_THIS = [
    (re.compile(rf"(?<![a-z0-9]){sense(f'periods.{word}')} {sense('periods.this')}(?![a-z0-9])"), frequency)
    for word, frequency in _LONG
]
_DATED = re.compile(r"(?<!\d)\d{4}(?!\d)")
# Raw words of which one stands in every text that names a period: most texts are read no further.
_HINTS = tuple(
    {word.lower() for name in ("quarter", "month", "year") for word in listed(f"periods.{name}")}
    | {word for name in ("quarter", "month", "year") for word in in_plain_letters(f"periods.{name}")}
)
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
# A year of two figures is of this century.
_DAY = re.compile(
    r"(?<![\d/.:h-])(?:(\d{4})-(\d{1,2})-(\d{1,2})|(\d{1,2})[/.-](\d{1,2})(?:[/.-](\d{4}|\d{2}))?)(?![\dh/]|[.:-]\d)"
)
# Behind an hour "24" is no minutes where a month follows it: "8h 24-4".
_TIME = re.compile(
    rf"(?<![\d/.])(\d{{1,2}}) ?(?:{sense('periods.hour')}|:) ?"
    r"(?:(\d{2})(?![./-]\d{1,2}(?![\dh:]))"
    rf"(?: ?{sense('periods.minutes')}(?![a-z]))?|({sense('periods.half_past')}))?"
    rf"(?: ({sense('periods.after_noon')})(?![a-z]))?(?![\d/]|[a-z])"
)
# "8h đến 11h", "8h15-9h30": when it begins, and when it ends.
_SPAN = re.compile(rf"({_TIME.pattern})(?: ?[-–] ?| {sense('periods.to_hour')} ){_TIME.pattern}")
_WEEKDAYS = {
    " ".join(form_of(word).fold for word in phrase.split()): number
    for number, phrases in enumerate(table("until.weekdays").values())
    for phrase in phrases
}
_WEEKDAY = rf"(?<![a-z0-9])({one_of(_WEEKDAYS)})[ ,]+(?:{sense('until.day')} )*"
_BEFORE_DAY = re.compile(rf"{_WEEKDAY}$")
_WHEN = re.compile(rf"(?:{_WEEKDAY})?(?:{_DAY.pattern})|{_TIME.pattern}")


class NotADay(ValueError):
    """What stands there is no day of the calendar; the text is what was written."""


class OtherWeekday(NotADay):
    """The day that stands there is another one of the week. day: as it is in the calendar; near: the nearest that is
    that day of the week.
    """

    def __init__(self, source: str, day: date, weekday: int) -> None:
        super().__init__(source)
        self.day = day
        self.near = day + timedelta(days=(weekday - day.weekday() + 3) % 7 - 3)


@dataclass(frozen=True, slots=True)
class Named:
    """A period's code as found in a text, and where it stands there.

    this: of "quý này", whose code is '', how long it is. dated: whether its year stands with it.
    """

    code: str
    start: int
    end: int
    this: Frequency | Literal[""] = ""
    dated: bool = False


def plain(text: str) -> str:
    """The text in plain small letters with single spaces, its marks kept and its days in figures.

    "Dời giao ban sang 15 tháng 4" gives "doi giao ban sang 15/4".
    """
    letters: list[str] = []
    last = 0
    for token in tokens_of(text):
        if token.start > last and letters:
            letters.append(" ")
        letters.append(token.fold)
        last = token.end
    return _SPOKEN_DAY.sub(lambda day: "/".join(part for part in day.groups() if part), "".join(letters))


def period_in(folded: str, today: date, campaigns: Sequence[Period] = ()) -> Named | None:
    """The period a plain text names by its code or its name; without a year, that of today. None if there is none.

    campaigns: those that may be meant by their titles; of several of one title the first, where no year is named.
    Raises PeriodError for one that cannot be.
    """
    if found := _CODE.search(folded):
        code = found[0].upper()
        return Named(code if is_campaign(code) else parse_period(code).code, *found.span(), dated=True)
    if named := _titled(folded, campaigns):
        return named
    if found := _QUARTER.search(folded):
        number = _ROMAN.get(found[1]) or int(found[1])
        return _named(f"{found[2] or today.year}-Q{number}", found)
    if found := _HALF.search(folded):
        return _named(f"{found[2] or today.year}-H{1 if found[1] else 2}", found)
    if found := _NINE.search(folded):
        return _named(f"{found[1] or today.year}-9M", found)
    if found := _SCHOOL.search(folded):
        return _named(f"{found[1]}-{found[2]}-S", found)
    if found := _MONTH.search(folded):
        return _named(f"{found[2] or today.year}-{int(found[1]):02}", found)
    if found := _YEAR.search(folded):
        return _named(f"{found[1]}-Y", found)
    return None


def may_name_period(text: str) -> bool:
    """Whether a text as written has a word that a period is named by."""
    lower = text.lower()
    return any(hint in lower for hint in _HINTS)


def period_asked(folded: str, today: date) -> Named | None:
    """The period a question names, also as "quý này"; None where there is none, or it cannot be."""
    for pattern, frequency in _THIS:
        if found := pattern.search(folded):
            return Named("", *found.span(), this=frequency)
    try:
        return period_in(folded, today)
    except PeriodError:
        return None


def _titled(folded: str, campaigns: Sequence[Period]) -> Named | None:
    """The campaign of the longest title in the text; with a year behind it, that year's."""
    for campaign in sorted(campaigns, key=lambda one: -len(one.title)):
        words = re.escape(plain(campaign.title))
        found = re.search(rf"(?<![a-z0-9]){words}(?![a-z0-9]){_OF_YEAR}(?!\d)", folded)
        if found and found[1] in (None, campaign.code[:4]):
            return Named(campaign.code, *found.span(), dated=found[1] is not None)
    return None


def _named(code: str, found: re.Match[str]) -> Named:
    dated = _DATED.search(found[0]) is not None
    return Named(parse_period(code).code, *found.span(), dated=dated)


def day_in(folded: str, today: date) -> date | None:
    """The first day of a plain text, 20/4 or 20/4/2026 or 20.4.26 or 2026-04-20; None if there is none. Raises NotADay,
    OtherWeekday where the weekday before it is another one.
    """
    found = _DAY.search(folded)
    if found is None:
        return None
    try:
        day = _day(found, today)
    except ValueError as error:
        raise NotADay(found[0]) from error
    said = _BEFORE_DAY.search(folded[: found.start()])
    if said is not None and _WEEKDAYS[said[1]] != day.weekday():
        raise OtherWeekday(f"{said[1]} {found[0]}", day, _WEEKDAYS[said[1]])
    return day


def is_day(folded: str) -> bool:
    """Whether a plain text is a day with its year and nothing else but the weekday before it."""
    rest = re.sub(rf"^{_WEEKDAY}", "", folded)
    found = _DAY.fullmatch(rest)
    return found is not None and bool(found[1] or found[6])


def _day(found: re.Match[str], today: date) -> date:
    if found[1]:
        return date(int(found[1]), int(found[2]), int(found[3]))
    day, month = int(found[4]), int(found[5])
    if found[6]:
        return date(int(found[6]) + (2000 if len(found[6]) == 2 else 0), month, day)
    return _nearest(day, month, today)


def days_written(folded: str) -> list[str]:
    """All days of a plain text as they are written, without looking whether they can be."""
    return [found[0] for found in _DAY.finditer(folded)]


def hours_written(folded: str) -> list[str]:
    """All hours of a plain text as they are written."""
    return [found[0] for found in _TIME.finditer(folded)]


def without_end(folded: str) -> str:
    """A plain text without the hour at which something ends: "8h đến 11h 13/4" gives "8h 13/4"."""
    return _SPAN.sub(r"\1", folded)


def before_when(folded: str) -> str:
    """What of a plain text stands before its first day or hour."""
    found = _WHEN.search(folded)
    return folded if found is None else folded[: found.start()]


def _nearest(day: int, month: int, today: date) -> date:
    years = (today.year - 1, today.year, today.year + 1)
    # 29/2 is no day in most years, and still may be meant for the one that has it.
    for year in years:
        try:
            found = date(year, month, day)
        except ValueError:
            continue
        if (today - found).days <= DAYS_BACK:
            return found
    return date(today.year, month, day)


def time_in(folded: str) -> time | None:
    """The first hour of a plain text: 8h, 8h15, 08:15, 14 giờ 30, 2 giờ chiều; None if there is none.

    Raises NotADay.
    """
    found = _TIME.search(folded)
    return None if found is None else _hour(found)


def whole_time(folded: str) -> time | None:
    """The hour that a plain text is and nothing else; None for any other. Raises NotADay."""
    found = _TIME.fullmatch(folded)
    return None if found is None else _hour(found)


def _hour(found: re.Match[str]) -> time:
    hour, minute = int(found[1]), 30 if found[3] else int(found[2] or 0)
    try:
        return time(hour + 12 if found[4] and hour < 12 else hour, minute)
    except ValueError as error:
        raise NotADay(found[0]) from error
