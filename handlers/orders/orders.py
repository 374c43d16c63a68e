"""A sentence of the office on periods or briefings in, its parts out: "dời giao ban cụm 2 sang 8h 15/4"."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, time
from re import Pattern
from typing import Literal, cast

from handlers.orders import order_words as said
from handlers.orders.unit_orders import UnitOrder, UnitVerb, unit_order_in
from handlers.routes import ROUTES
from reporting.figures.catalogue import Frequency
from reporting.time.as_written import (
    Named,
    NotADay,
    before_when,
    day_in,
    days_written,
    hours_written,
    period_asked,
    period_in,
    plain,
    time_in,
    whole_time,
    without_end,
)
from reporting.time.periods import Period, is_campaign, parse_period

MOST_READ = 400  # characters of a message in which an order stands
_LEAD = 40  # characters in which its verb stands

Verb = Literal[
    "open", "lock", "close", "owes", "reopen", "extend", "move", "set", "cancel", "briefings", "periods", "merge",
    "split", "rename", "transfer", "add", "withdraw", "prepared", "count",
]  # fmt: skip
_OF_UNITS = ("merge", "split", "rename", "transfer", "add", "withdraw")

_LEADS = tuple((lead, cast(Verb, route.act)) for route in ROUTES.values() for lead in route.words.order)
_WORDS = {verb: lead for lead, verb in reversed(_LEADS)}  # each verb's first words
_ON_LINES = {*_OF_UNITS, "count", "briefings", "periods", "prepared"}  # divided from other orders by a new line only
_LINE = re.compile(r"[\n;]")
_ANY_DAY = date(2000, 1, 1)
_SHOWN = 40  # characters of what is no day


class TwoMeant(NotADay):
    """Two days, hours or periods stand where one can be meant. first, second: as written."""

    def __init__(self, first: str, second: str) -> None:
        super().__init__(f"{first}, {second}")
        self.first, self.second = first, second


class Unplaced(NotADay):
    """A day stands there of which it is not said what it is of; the text is the day as written."""


@dataclass(frozen=True, slots=True)
class Order:
    """An order as understood; None and '' for what was not said.

    subject: the unit or cluster in plain letters. period: a code; dated: whether its year was said. host: a unit in
    plain letters. chairs: names as written, with commas or "và" between. owes: who is to owe the period, in plain
    letters. opens_itself: ahead of its briefings. title, first, last, form: of a campaign to be opened. written: the
    whole message, of a quick count.
    """

    verb: Verb
    period: str | None = None
    subject: str = ""
    day: date | None = None
    hour: time | None = None
    place: str = ""
    online: bool = False
    reason: str = ""
    title: str = ""
    first: date | None = None
    last: date | None = None
    deadline: date | None = None
    lead: int | None = None
    cutoff: date | None = None
    opens: date | None = None
    opens_itself: bool = False
    estimated: bool = False
    form: Frequency | None = None
    host: str = ""
    chairs: str = ""
    owes: str = ""
    lock_after: int | None = None
    never_locks: bool = False
    of_units: UnitOrder | None = None
    written: str = ""
    dated: bool = field(default=True, compare=False)
    bare: bool = field(default=False, compare=False)  # without the words of an order: "cụm 4 họp 15/4"
    unread_day: bool = field(default=False, compare=False)  # beside the hour stands what may be one: "14h thứ tư tới"

    @property
    def plain(self) -> bool:
        """Whether it cannot be a clause of a report, which might say "mở lại 2 lớp" or "khóa kỹ năng 3 lớp"."""
        match self.verb:
            case "open":
                return self.period is not None or bool(self.title and self.first and self.last)
            case "owes":
                return self.period is not None
            case verb if verb in (*_OF_UNITS, "count") or (verb == "set" and self.bare):
                return False  # "Cụm 1 họp giao ban 15/4" of a report too
            case "extend" if self.day is not None:
                return not any(word.isdecimal() for word in self.subject.split())
            case "move" | "set" | "cancel" | "briefings":
                return self.day is not None or not self.subject or said.CLUSTER.match(f"{self.subject} ") is not None
            case _:
                return not self.subject


def begins_order(text: str) -> bool:
    """Whether the message begins like an order; most do not, and nothing needs to be looked up for them."""
    return _begun(plain(text[:MOST_READ]).strip(" /"))[1] is not None


def _begun(folded: str) -> tuple[str, Verb | None]:
    """(the words it begins with, its verb); no words for "cụm 4 họp 15/4"."""
    behind = f"{folded} ".replace(":", " ", 1)
    for lead, verb in _LEADS:
        if behind.startswith(f"{lead} "):
            return lead, verb
    if said.CLUSTER.match(folded) and said.MEETS.search(before_when(folded)) and days_written(folded):
        return "", "set"
    return "", None


def orders_in(text: str, today: date, campaigns: Sequence[Period] = ()) -> list[tuple[str, Order | None]]:
    """The orders of a message, each with its words; a part that is none with None. Empty where it is something else.

    "hủy giao ban cụm 1 và cụm 2" gives two. Raises as order_in.
    """
    if not begins_order(text):
        return []
    found: list[tuple[str, Order | None]] = []
    for words, lead in _parts(text.strip(" /")):
        order, before = (
            order_in(f"{lead} {words}" if lead else words, today, campaigns),
            found[-1][1] if found else None,
        )
        if lead and order is not None and before is not None and order.period is None:
            order = replace(order, period=before.period, dated=before.dated)
        found.append((words, order))
    return found if len(found) > 1 or found[0][1] is not None else []


def _parts(text: str) -> list[tuple[str, str]]:
    """The message cut where another order begins: (its words, the verb's words where these leave them out)."""
    verb = _begun(plain(text[:MOST_READ]).strip(" /"))[1]
    parts, begin, lead = list[tuple[str, str]](), 0, ""
    for found in said.BETWEEN_WRITTEN.finditer(text):
        here, behind = text[begin : found.start()], text[found.end() :]
        hard = any(mark in found[0] for mark in "\n;")
        own = None if said.SKILL_WRITTEN.match(behind) else _begun(plain(behind[:MOST_READ]).strip(" /"))[1]
        if verb == "count" or (own is None and not _goes_on(verb, here, behind, hard)):
            continue
        if own is not None and not hard and {own, verb} & _ON_LINES:
            continue
        parts.append((here, lead))
        begin, verb = found.end(), own or verb
        lead = "" if own else _WORDS[cast(Verb, verb)]
    parts.append((text[begin:], lead))
    return _shared(parts)


def _goes_on(verb: Verb | None, here: str, behind: str, hard: bool) -> bool:
    """Whether the same is ordered of another cluster, unit or period behind what is said here."""
    folded = plain(behind[:MOST_READ]).strip()
    match verb:
        case "cancel":
            return said.CLUSTER.match(folded) is not None
        case "set" | "move":
            when = plain(_LINE.split(behind)[0])
            return said.CLUSTER.match(folded) is not None and bool(days_written(when) or hours_written(when))
        case "extend" | "reopen":
            return (hard or not said.REASON_WRITTEN.search(here)) and said.UNIT.match(folded) is not None
        case "lock" | "close" | "open":
            found = period_asked(said.PERIOD_WORD.sub("", folded), _ANY_DAY)
            return found is not None and found.code != "" and found.start == 0
        case _:
            return False


def _shared(parts: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """The same, a day, hour and place that stand once for several told of each: "cụm 1 và cụm 2 8h 13/4 tại …"."""
    found = list(parts)
    for number in range(len(found) - 2, -1, -1):
        (words, lead), (behind, inherited) = found[number], found[number + 1]
        when = said.WHEN_WRITTEN.search(behind)
        if inherited and when and not said.WHEN_WRITTEN.search(words):
            found[number] = (words + behind[when.start() :], lead)
    return found


def order_in(text: str, today: date, campaigns: Sequence[Period] = ()) -> Order | None:
    """The order a message gives, None when it is something else. campaigns: see period_in.

    Raises NotADay or PeriodError (reporting/time/as_written.py) where a day or a period in it cannot be.
    """
    folded = plain(text[:MOST_READ]).strip(" /")
    lead, verb = _begun(folded)
    asks_sums = verb == "count" and folded == lead
    if verb is None or asks_sums or said.SKILL_WRITTEN.match(unicodedata.normalize("NFC", text[:_LEAD])):
        return None
    behind, locking = folded.removeprefix(lead), None
    match verb:
        case "merge" | "split" | "rename" | "transfer" | "add" | "withdraw":
            meant = unit_order_in(verb, lead, text[:MOST_READ], today, _called_off(verb, lead))
            return None if meant is None else Order(verb, of_units=meant)
        case "count":
            return Order(verb, written=text)
        case "open":
            return _opening(" ".join(text[:MOST_READ].split()[len(lead.split()) :]), behind, today, campaigns)
        case "owes":
            return _owing(behind, today, campaigns)
        case "lock":
            locking = _locking(behind, today, campaigns)
    return locking or _of_round(verb, lead, text[:MOST_READ], today, campaigns)


def _called_off(verb: Verb, lead: str) -> UnitVerb | None:
    """Which kind of change the words call off: "hủy sáp nhập" mergers; None of "hủy thay đổi"."""
    kind = _begun(lead.partition(" ")[2])[1] if verb == "withdraw" else None
    return cast(UnitVerb, kind) if kind in _OF_UNITS else None


def _of_round(verb: Verb, lead: str, text: str, today: date, campaigns: Sequence[Period]) -> Order:
    """An order on a unit's days, a period's end or a briefing."""
    text, host, chairs = _without_people(text) if verb in ("move", "set") else (text, "", "")
    text, place, online = _without_place(text) if verb in ("move", "set") else (text, "", False)
    reason = ""
    if verb in ("extend", "reopen") and (found := said.REASON_WRITTEN.search(text)):
        text, reason = text[: found.start()], found["reason"].strip()
    folded = plain(text).strip(" /").removeprefix(lead)
    period = _one_period(folded, today, campaigns)
    folded = _without(folded, period)
    if late_period := said.PERIOD_BEHIND_WRITTEN.search(place):
        late = period_in(plain(late_period["period"]), today, campaigns)
        if late and (period is None or period.code == late.code):
            period, place = period or late, place[: late_period.start()].rstrip(" ,.")
    folded = without_end(folded)
    to = said.TO.search(folded)
    subject = before_when(folded[: to.start()] if to else folded)
    when = folded[to.end() :] if to else folded
    _one_of(days_written(when), hours_written(when))
    day, hour = day_in(when, today), time_in(when)
    if day is not None and verb in ("lock", "close"):
        raise Unplaced(days_written(when)[0])
    beside = said.BESIDE_HOUR.sub("", when.strip(" ,.;"))
    return Order(
        verb,
        period.code if period else None,
        _subject(subject),
        day,
        hour,
        place,
        online,
        reason,
        host=host,
        chairs=chairs,
        dated=period is None or period.dated,
        bare=verb == "set" and not lead,
        unread_day=to is not None and day is None and hour is not None and whole_time(beside) is None,
    )


def _opening(text: str, folded: str, today: date, campaigns: Sequence[Period]) -> Order:
    """ "mở kỳ quý II hạn 10/6 số liệu đến 20/5 số ước", "mở kỳ Tháng Thanh niên từ 26/2 đến 31/3"."""
    title, first, last = "", None, None
    found = said.CAMPAIGN_WRITTEN.search(text)
    period = _one_period(folded, today, () if found else campaigns)
    if period is None and found:
        title = found["title"].strip(' ,:"“”')
        days = plain(found["days"])
        first, last = day_in(days, today), _after(said.TO, days, today)
        folded = days
    rest = _without(folded, period)
    owing = said.OWES.search(rest)
    rest = f"{rest[: owing.start()]} {rest[owing.end() :]}" if owing else rest
    _place_days(rest, today, period, first, last)
    lead, form, locks = said.LEAD_DAYS.search(rest), said.FORM.search(rest), said.LOCKS.search(rest)
    return Order(
        "open",
        period.code if period else None,
        title=title, first=first, last=last,
        deadline=_after(said.DEADLINE, rest, today), lead=int(lead[1] or lead[2]) if lead else None,
        cutoff=_after(said.CUTOFF, rest, today), opens=(opens := _after(said.OPENS, rest, today)),
        opens_itself=opens is None and said.OPENS_ITSELF.search(rest) is not None,
        estimated=said.ESTIMATED.search(rest) is not None,
        form=said.FORMS[form[1]] if form else None,
        owes=owing["owes"].strip(" :,") if owing else "",
        lock_after=int(locks[1]) if locks else None, never_locks=said.NEVER_LOCKS.search(rest) is not None,
        dated=period is None or period.dated,
    )  # fmt: skip


def _locking(folded: str, today: date, campaigns: Sequence[Period]) -> Order | None:
    """ "khóa kỳ quý I sau 15 ngày": by itself, so many days after the last deadline and meeting."""
    period = _one_period(folded, today, campaigns)
    rest = _without(folded, period).strip(" :,.")
    found = said.LOCKS.fullmatch(rest)
    if found is None:
        return None
    return Order("lock", period.code if period else None, lock_after=int(found[1]), dated=not period or period.dated)


def _owing(folded: str, today: date, campaigns: Sequence[Period]) -> Order:
    """ "đơn vị nộp tháng 3: cụm 1, cụm 2"; without anybody it asks who owes it."""
    period = _one_period(folded, today, campaigns)
    rest = _without(folded, period).strip(" :,.?")
    owes = said.WHO_FILES.sub("", rest).strip(" :,")
    return Order("owes", period.code if period else None, owes=owes, dated=not period or period.dated)


def _one_period(folded: str, today: date, campaigns: Sequence[Period]) -> Named | None:
    """The period a text names. Raises TwoMeant where it names two."""
    first = period_in(folded, today, campaigns)
    rest = said.FORM.sub(" ", _without(folded, first))
    second = period_in(rest, today, campaigns) if first is not None else None
    if first is not None and second is not None and first.code != second.code:
        raise TwoMeant(folded[first.start : first.end], rest[second.start : second.end])
    return first


def _one_of(*written: Sequence[str]) -> None:
    """Raises TwoMeant where several days, or several hours, are written."""
    for each in written:
        if len(different := list(dict.fromkeys(each))) > 1:
            raise TwoMeant(different[0], different[1])


def _place_days(rest: str, today: date, period: Named | None, *own: date | None) -> None:
    """Raises Unplaced for a day that is none of the deadline, the cut-off, the opening or the period's own."""
    placed = {*own, *(_after(word, rest, today) for word in (said.DEADLINE, said.CUTOFF, said.OPENS))}
    if period is not None and not is_campaign(period.code):
        named = parse_period(period.code)
        placed |= {named.start_on, named.end_on}
    for written in days_written(rest):
        if day_in(written, today) not in placed:
            raise Unplaced(written)


def _after(word: Pattern[str], text: str, today: date) -> date | None:
    """The day that stands right after the word."""
    found = word.search(text)
    if found is None:
        return None
    behind = text[found.end() :]
    rest = said.DAY_LEADS.sub("", behind).lstrip()
    day = day_in(rest.split(" ")[0].rstrip(",.;"), today)
    if day is None and not said.COUNTED_BACK.match(behind):
        raise NotADay(behind[:_SHOWN].strip())  # "hạn thứ hai tới": passed over, another day would hold
    return day


def _without(folded: str, period: Named | None) -> str:
    if period is None:
        return folded
    return f"{said.LAST_PERIOD_WORD.sub(' ', folded[: period.start])} {folded[period.end :]}"


def _without_people(text: str) -> tuple[str, str, str]:
    """The text without the host, in plain letters, and the chairs it names."""
    text = unicodedata.normalize("NFC", text)
    host = chairs = ""
    if (found := said.CHAIRS_WRITTEN.search(text)) is not None:
        text, chairs = f"{text[: found.start()]} {text[found.end() :]}".strip(), found["chairs"].strip(" ,.;")
    if (found := said.HOST_WRITTEN.search(text)) is not None:
        text = f"{text[: found.start()]} {text[found.end() :]}".strip()
        host = plain(found["by"] or found["host"] or found["ahead"])
    return text, host, chairs


def _without_place(text: str) -> tuple[str, str, bool]:
    online = said.ONLINE_WRITTEN.search(text)
    if online:
        return text[: online.start()] + text[online.end() :], (online["place"] or "").strip(" ,."), True
    found = said.PLACE_WRITTEN.search(text)
    if found is None:
        return text, "", False
    return text[: found.start()], " ".join(found["place"].split()).rstrip(" ,."), False


def _subject(text: str) -> str:
    words = re.sub(r"[,:;]", " ", text).split()
    while words and words[-1] in said.BEHIND_SUBJECT:
        words.pop()
    while words and words[0] in said.BEFORE_SUBJECT:
        words.pop(0)
    return " ".join(words)
