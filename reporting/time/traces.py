"""A text and where a figure stands in it in; the week and the names beside the figure, and impossible days, out.

By a shared week or name the same event is known in two reports. A trace is one text: "week:2026-11", "name:hon che",
"none:31/4" for a day the calendar does not have, "beyond:2/5" for one outside the period or still to come.
"""

import re
import unicodedata
from datetime import date

from reporting.text.lexicon import in_plain_letters, sense
from reporting.text.masking import masked
from reporting.text.words import form_of
from reporting.time.as_written import plain
from reporting.time.periods import Period

WEEK, NAME, NO_DAY, BEYOND = "week:", "name:", "none:", "beyond:"
ODD = (NO_DAY, BEYOND)
MOST_NAMES = 4

_SENTENCE = re.compile(r"[\n;!?]+|\.(?=\s|$)")
_CLAUSE = re.compile(r",(?=\s)")
# With a year, in brackets, or behind a word that says so: "10/12 đoàn viên" is no day.
_NO_LIGHT = "".join(f"(?<!{word} )" for word in sorted(in_plain_letters("dates.lit")))  # "thắp sáng 1/2 km"
_DAYS, _MONTHS = r"(0?[1-9]|[12]\d|3[01])", r"(0?[1-9]|1[0-2])"
_DAY = re.compile(
    rf"(?<![\d/.,-])(?:{_DAYS}[/.-]{_MONTHS}[/.-](\d{{4}})"
    rf"|(?:^(?=\d+/\d+ {sense('traces.done')}\b)|(?<=\()|{_NO_LIGHT}{sense('traces.day_before')} )"
    rf"{_DAYS}[/.-]{_MONTHS})(?![\d/%a-z]|[.,-]\d)"
)
_DIGIT = re.compile(r"\d")
_TWO_JOINED = re.compile(r"\d\W{1,2}\d")
_TWO_NUMBERS = re.compile(r"\d\D+\d")
_NAME = re.compile(r"(?<!\w)[^\W\d_]+(?:[ \xa0][^\W\d_]+)+(?!\w)")
_BORNE_BY_MANY = in_plain_letters("traces.borne_by_many")
_FEWEST = 2  # words of a name


def may_stand_beside(text: str) -> bool:
    """Whether a day or a name can stand in the text at all; most answers have none."""
    return _TWO_JOINED.search(text) is not None or _capitals(text)


def traces(text: str, source: str, period: Period, until: date) -> frozenset[str]:
    """What stands beside the figure. until: the last day on which it can have happened.

    The figure's own clause is looked at first, then its sentence; a day beside another number there is of that one. A
    text without the words says nothing.
    """
    sentence = _around(_SENTENCE, unicodedata.normalize("NFC", text), source)
    clause = _around(_CLAUSE, sentence, source) or sentence
    days = _days(clause, period, until) or _days(_unnumbered(sentence), period, until)
    return frozenset(days | (_names(clause) or _names(sentence)))


def _around(border: re.Pattern[str], text: str, source: str) -> str:
    """The piece between two borders in which the words of the figure stand; '' where they do not."""
    words = unicodedata.normalize("NFC", source).split(" + ")[0].strip()
    if not words:
        return ""
    start = text.find(words)  # nearly always as written; to search for it in any other way takes much longer
    end = start + len(words)
    if start < 0:
        found = re.search(r"\s+".join(map(re.escape, words.split())), text, re.IGNORECASE)
        if found is None:
            return ""
        start, end = found.span()
    borders = [(0, 0), *(border_.span() for border_ in border.finditer(text)), (len(text), len(text))]
    first = max(end_ for _, end_ in borders if end_ <= start)
    last = min((start_ for start_, _ in borders if start_ >= end), default=len(text))
    return text[first:last]


def _unnumbered(sentence: str) -> str:
    """The clauses that tell no number but days."""
    return ", ".join(one for one in _CLAUSE.split(sentence) if not _DIGIT.search(_DAY.sub("", plain(one).strip())))


def _days(words: str, period: Period, until: date) -> set[str]:
    found = set[str]()
    if _TWO_NUMBERS.search(words) is None:
        return found
    for one in _DAY.finditer(plain(words).strip()):
        day, month = int(one[1] or one[4]), int(one[2] or one[5])
        years = {int(one[3])} if one[3] else {period.start_on.year, period.end_on.year}
        days = [known for year in sorted(years) if (known := _day(year, month, day)) is not None]
        inside = [known for known in days if period.start_on <= known <= min(until, period.end_on)]
        if inside:
            year, week, _ = inside[0].isocalendar()
            found.add(f"{WEEK}{year}-{week:02}")
        else:
            found.add(f"{BEYOND if days else NO_DAY}{day}/{month}" + (f"/{one[3]}" if one[3] else ""))
    return found


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _capitals(words: str) -> bool:
    return sum(map(str.isupper, words)) >= _FEWEST


def _names(words: str) -> set[str]:
    """Words in a row that begin with a capital, as names of places and partners do; no person's name."""
    found = dict[str, None]()
    if not _capitals(words):
        return set()
    for run in _NAME.findall(masked(words)):
        name: list[str] = []
        for word in [*run.split(), ""]:
            if word[:1].isupper() and not word.isupper():
                name.append(form_of(word.lower()).fold)
                continue
            if len(name) >= _FEWEST and not _BORNE_BY_MANY.issuperset(name):
                found[f"{NAME}{' '.join(name)}"] = None
            name = []
    return set(list(found)[:MOST_NAMES])
