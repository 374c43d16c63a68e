"""What somebody is to do in, the last day for it out: "trước 15/4", "trong tháng 5", "đến hết quý II", "cuối năm"."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from reporting.text.lexicon import sense
from reporting.time.as_written import DAYS_BACK, NotADay, day_in, period_in, plain
from reporting.time.periods import Period, PeriodError, parse_period, quarter_of

_LEADS = rf"(?<![a-z0-9])(?P<lead>{sense('until.leads')}|{sense('until.day_leads')})"
_DAY = re.compile(
    rf"{_LEADS} (?P<day>(?:\d{{4}}-\d{{2}}-\d{{2}}|\d{{1,2}}[/.-]\d{{1,2}}(?:[/.-]\d{{4}})?)(?![\d/]|[.:-]\d))"
)
_MONTH, _QUARTER, _YEAR = sense("periods.month"), sense("periods.quarter"), sense("periods.year")
_NEXT_YEAR = sense("until.of_next_year")
_PERIOD = re.compile(
    rf"(?<![a-z0-9]){sense('until.leads')} (?P<period>"
    rf"{_QUARTER} (?:iv|iii|ii|i|[1-4])(?![a-z0-9])(?:(?: {_YEAR}| |/)+\d{{4}})?"
    rf"|{sense('periods.six_months')} (?:{sense('periods.first_half')}|{sense('periods.second_half')}) {_YEAR}"
    rf"(?: \d{{4}})?"
    rf"|{_MONTH} \d{{1,2}}(?!\d)(?:(?: {_YEAR}| |/)+\d{{4}})?|{_YEAR} \d{{4}})(?P<next> {_NEXT_YEAR})?"
)
_SPAN = rf"(?P<span>{sense('until.week')}|{_MONTH}|{_QUARTER}|{_YEAR})"
_NEAR = re.compile(
    rf"(?<![a-z0-9]){sense('until.leads')} {_SPAN}"
    rf"(?: {sense('until.this')}(?![a-z])| (?P<following>{sense('until.following')})(?![a-z])|(?= ?(?:$|[,.;:)])))"
)
_IS = {name: re.compile(words) for name, words in (("month", _MONTH), ("quarter", _QUARTER), ("year", _YEAR))}


@dataclass(frozen=True, slots=True)
class Until:
    """The last day, and where what names it stands in the text in plain letters."""

    day: date
    start: int
    end: int


def until_in(text: str, today: date) -> Until | None:
    """The last day that the text names behind a word that says so; None for none. Raises NotADay.

    A day or month without its year is the one as_written reads; a period that has been over for long is the next one.
    """
    folded = plain(text)
    found = [*_DAY.finditer(folded), *_PERIOD.finditer(folded), *_NEAR.finditer(folded)]
    if not found:
        return None
    last = max(found, key=lambda one: (one.end(), one.end() - one.start()))
    named = last.groupdict()
    if named.get("day"):
        day = day_in(named["day"], today)
        assert day is not None
        return Until(day, *last.span())
    if named.get("period"):
        try:
            return Until(_end_of(named["period"], bool(named["next"]), today), *last.span())
        except PeriodError as error:
            raise NotADay(named["period"]) from error
    return Until(_near(named["span"], bool(named["following"]), today), *last.span())


def _end_of(words: str, next_year: bool, today: date) -> date:
    found = period_in(words, today)
    if found is None:
        raise NotADay(words)
    period = parse_period(found.code)
    dated = re.search(r"\d{4}", words) is not None
    long_over = (today - period.end_on).days > DAYS_BACK
    if not dated and (next_year or long_over):
        period = parse_period(f"{period.start_on.year + 1}{period.code[4:]}")
    return period.end_on


def _near(span: str, following: bool, today: date) -> date:
    """The end of this week, month, quarter or year, or of the one that follows."""
    kind = next((name for name, words in _IS.items() if words.fullmatch(span)), "week")
    if kind == "week":
        return today + timedelta(days=6 - today.weekday() + 7 * following)
    end = _period(kind, today).end_on
    return _period(kind, end + timedelta(days=1)).end_on if following else end


def _period(kind: str, day: date) -> Period:
    if kind == "quarter":
        return quarter_of(day)
    return parse_period(f"{day.year}-Y" if kind == "year" else f"{day:%Y-%m}")
