"""What somebody is to do in, the last day for it out: "trước 15/4", "trong tháng 5", "đến hết quý II", "cuối năm"."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from reporting.text.lexicon import sense
from reporting.text.word_lists import one_of, table
from reporting.text.words import form_of
from reporting.time.as_written import DAYS_BACK, NotADay, day_in, period_in, plain
from reporting.time.periods import Period, PeriodError, parse_period, quarter_of

_ANY = rf"(?:{sense('until.leads')}|{sense('until.day_leads')})"
_LEADS = rf"(?<![a-z0-9]){_ANY}(?: {_ANY})*"
# By its name in plain letters the number of a day of the week, Monday's is 0.
_WEEKDAYS = {
    " ".join(form_of(word).fold for word in phrase.split()): number
    for number, phrases in enumerate(table("until.weekdays").values())
    for phrase in phrases
}
_WEEKDAY = one_of(_WEEKDAYS)
_DAY = re.compile(
    rf"{_LEADS} (?:{_WEEKDAY},? )?(?:{sense('until.day')} )?"
    r"(?P<day>(?:\d{4}-\d{2}-\d{2}|\d{1,2}[/.-]\d{1,2}(?:[/.-]\d{4})?)(?![\d/]|[.:-]\d))"
)
_MONTH, _QUARTER, _YEAR = sense("periods.month"), sense("periods.quarter"), sense("periods.year")
_NEXT_YEAR = sense("until.of_next_year")
_PERIOD = re.compile(
    rf"(?<![a-z0-9])(?:{_ANY} )*(?:(?P<before>{sense('until.before')})|{sense('until.leads')}) (?P<period>"
    rf"{_QUARTER} (?:iv|iii|ii|i|[1-4])(?![a-z0-9])(?:(?: {_YEAR}| |/)+\d{{4}})?"
    rf"|{sense('periods.six_months')} (?:{sense('periods.first_half')}|{sense('periods.second_half')}) {_YEAR}"
    rf"(?: \d{{4}})?"
    rf"|{_MONTH} \d{{1,2}}(?!\d)(?:(?: {_YEAR}| |/)+\d{{4}})?|{_YEAR} \d{{4}})(?P<next> {_NEXT_YEAR})?"
)
_UNIT = rf"(?:{sense('until.day')}|{sense('until.week')}|{_MONTH})"
_SPAN = rf"(?P<span>{sense('until.week')}|{_MONTH}|{_QUARTER}|{_YEAR})"
_NEAR = re.compile(
    rf"(?<![a-z0-9])(?:{_ANY} )*{sense('until.leads')} {_SPAN}"
    rf"(?: {sense('until.this')}(?![a-z])| (?P<following>{sense('until.following')})(?![a-z])|(?= ?(?:$|[,.;:)])))"
)
_FROM_TODAY = re.compile(
    rf"{_LEADS} (?:(?P<today>{sense('until.today')})|(?P<tomorrow>{sense('until.tomorrow')})"
    rf"|(?P<weekday>{_WEEKDAY})(?P<next> {sense('until.week')} {sense('until.following')})?)(?![a-z0-9])"
)
_COUNTED = re.compile(
    rf"(?<![a-z0-9])(?:{sense('until.counted_leads')} (?P<count>\d{{1,3}}) (?P<unit>{_UNIT})"
    rf"|{sense('until.counted_in')} (?P<many>\d{{1,3}}) (?P<of>{_UNIT}) {sense('until.counted_ends')})(?![a-z])"
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
    found = [one for way in (_DAY, _PERIOD, _NEAR, _FROM_TODAY, _COUNTED) for one in way.finditer(folded)]
    if not found:
        return None
    last = max(found, key=lambda one: (one.end(), one.end() - one.start()))
    return Until(_last_day(last, today), *last.span())


def _last_day(met: re.Match[str], today: date) -> date:
    named = {name: said for name, said in met.groupdict().items() if said is not None}
    if "day" in named:
        day = day_in(named["day"], today)
        assert day is not None
        return day
    if "period" in named:
        try:
            period = _meant(named["period"], "next" in named, today)
        except PeriodError as error:
            raise NotADay(named["period"]) from error
        return period.start_on - timedelta(days=1) if "before" in named else period.end_on
    if "span" in named:
        return _near(named["span"], "following" in named, today)
    if "weekday" in named:
        ahead = (_WEEKDAYS[named["weekday"]] - today.weekday()) % 7 or 7
        this_week = ahead <= 6 - today.weekday()
        return today + timedelta(days=ahead + 7 * ("next" in named and this_week))
    if met.re is _COUNTED:
        return _later(today, int(named.get("count") or named["many"]), named.get("unit") or named["of"])
    return today + timedelta(days="tomorrow" in named)


def _later(today: date, count: int, unit: str) -> date:
    """So many days, weeks or months from today on."""
    if not _IS["month"].fullmatch(unit):
        return today + timedelta(days=count * (7 if re.fullmatch(sense("until.week"), unit) else 1))
    months = today.month - 1 + count
    end = _period("month", date(today.year + months // 12, months % 12 + 1, 1)).end_on
    return end.replace(day=min(today.day, end.day))


def _meant(words: str, next_year: bool, today: date) -> Period:
    found = period_in(words, today)
    if found is None:
        raise NotADay(words)
    period = parse_period(found.code)
    dated = re.search(r"\d{4}", words) is not None
    long_over = (today - period.end_on).days > DAYS_BACK
    if not dated and (next_year or long_over):
        period = parse_period(f"{period.start_on.year + 1}{period.code[4:]}")
    return period


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
