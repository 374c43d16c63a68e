"""A message in, the period it names beside a word of the report out: "xem quý I", "sửa cây xanh quý 1 160"."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from handlers.routes import ROUTES
from reporting.text.words import tokens_of
from reporting.time.as_written import period_in
from reporting.time.periods import Period, PeriodError, parse_period
from storage.periods.rounds import Round

MOST_TITLE = 160  # of a report's first lines; what stands below may speak of other periods
MOST_HEAD = 400  # of a text; a period further down is part of what is told, not of what is asked for

# Each leading word with its act.
_LEADS = {word: route.act for route in ROUTES.values() for word in route.words.of_period}
_LEADING_WORDS = {word.split()[0] for word in _LEADS}
_LEAD = re.compile(rf"/?({'|'.join(sorted(_LEADS, key=len, reverse=True))})(?: (?:bao cao|so lieu|so|cua|ky|trong))* ")
# Halves and nine months are said without the words that tell them apart where only one of them runs.
_MONTHS_LONG = re.compile(r"(?<!\d)([69]) thang(?: dau| cuoi)?(?: nam)?(?: (\d{4}))?(?! ?[a-z]*\d{1,2}/)")
# "sửa quỹ 2 triệu" is about money; also where it is written without its mark.
_MONEY = re.compile(r" ?(?:trieu|tr|nghin|ngan|ty|dong|k)\b")
_COMPARED = re.compile(r"\b(?:so voi|cung ky|phuong huong|ke hoach)\b")
_YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)")


@dataclass(frozen=True, slots=True)
class Naming:
    """A report's word with a period. act: show, correct, report or submit; rest: what else was written.

    round: the running one; None where the period named does not run. name: what people call the period.
    """

    act: str
    round: Round | None
    name: str
    rest: str


def may_name(text: str) -> bool:
    """Whether a text begins like one that names a period: most do not, and are read no further for it."""
    return any(token.fold in _LEADING_WORDS for token in tokens_of(text[:MOST_HEAD])[:2])  # "/" may stand before it


def naming(text: str, running: Sequence[Round], today: date) -> Naming | None:
    """The period a message names right after a word of the report, or anywhere in a correction; None if none."""
    folded, begins, ends = _folded(text[:MOST_HEAD])
    lead = _LEAD.match(f"{folded} ")
    if lead is None:
        return None
    act, after = _LEADS[lead[1]], lead.end()
    found = _running_in(folded, after, running, today)
    if found is None:
        return None
    round_, name, start, end = found
    if act != "correct" and start > after:
        return None
    # What stands before the period of a correction is part of it, the leading word is not.
    rest = f"{text[ends[lead.end(1) - 1] : begins[start]].strip()} {text[ends[end - 1] :].strip(' .,:-–')}".strip()
    if act == "show" and not any(letter.isdecimal() for letter in rest):
        rest = ""  # "xem quý I nhé"
    if round_ is None and (rest and (act != "correct" or not name.startswith(("quý", "6 tháng", "9 tháng")))):
        return None  # "sửa sinh hoạt tháng 3 5 buổi" tells when it was
    return Naming(act, round_, name, rest)


def titled_otherwise(text: str, period: Period, today: date) -> str:
    """The name of another period that a report's title names: last year's text, pasted by mistake. '' if none."""
    head = " ".join(line for line in text[:MOST_HEAD].splitlines() if line.strip())[:MOST_TITLE]
    folded = _COMPARED.split(_folded(head)[0])[0]
    try:
        named = period_in(folded, today)
        other = None if named is None else parse_period(named.code)
    except PeriodError:
        return ""
    if named is None or other is None or other.code == period.code:
        return ""
    dated = _YEAR.search(folded[named.start : named.end]) is not None
    if other.frequency == period.frequency:
        return other.name if dated or other.code[4:] != period.code[4:] else ""
    return other.name if dated and other.end_on.year != period.end_on.year else ""


def _running_in(
    folded: str, after: int, running: Sequence[Round], today: date
) -> tuple[Round | None, str, int, int] | None:
    for round_ in running:
        title = _folded(round_.period.title)[0]
        if title and (start := f"{folded} ".find(f"{title} ", after)) >= 0:
            return round_, round_.period.name, start, start + len(title)
    if long := _MONTHS_LONG.search(folded, after):
        kind = "6_thang" if long[1] == "6" else "9_thang"
        fitting = [r for r in running if r.period.frequency == kind and long[2] in (None, str(r.period.start_on.year))]
        if len(fitting) == 1 and (" cuoi" in long[0]) <= (fitting[0].period.start_on.month > 1):
            return fitting[0], fitting[0].period.name, *long.span()
    try:
        named = period_in(f"{' ' * after}{folded[after:]}", today)
        if named is None:
            return None
        period = parse_period(named.code)
    except PeriodError:
        return None
    words, before = folded[named.start : named.end], folded[: named.start].rstrip()
    if _MONEY.match(folded, named.end) or (period.frequency == "thang" and before[-1:].isdecimal()):
        return None  # "15 tháng 4" is a day
    dated = _YEAR.search(words) is not None
    meant = next((r for r in running if r.code == period.code), None)
    if meant is None and not dated:  # in January "quý IV" is last year's
        meant = next((r for r in running if r.code[4:] == period.code[4:]), None)
    return meant, (meant.period if meant else period).name, named.start, named.end


def _folded(text: str) -> tuple[str, list[int], list[int]]:
    """Small letters without marks, single spaces between; for each letter where its word begins and ends in the text.

    A word that only looks like "quý" without its mark ("quỹ") is left as something else.
    """
    letters: list[str] = []
    begins: list[int] = []
    ends: list[int] = []
    last = 0
    for token in tokens_of(text):
        fold = token.fold if token.kind != "line" else " "
        if fold == "quy" and unicodedata.normalize("NFC", text[token.start : token.end]).lower() == "quỹ":
            fold = "quy~"
        if token.start > last and letters:
            letters.append(" ")
            begins.append(last)
            ends.append(token.start)
        letters.extend(fold)
        begins += [token.start] * len(fold)
        ends += [token.end] * len(fold)
        last = token.end
    return "".join(letters), begins, ends
