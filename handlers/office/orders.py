"""A sentence of the office on periods or briefings in, its parts out: "dời giao ban cụm 2 sang 8h 15/4"."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from typing import Literal, cast

from handlers.office.unit_orders import UnitOrder, UnitVerb, unit_order_in
from handlers.routes import ROUTES
from reporting.figures.catalogue import Frequency
from reporting.time.as_written import Named, NotADay, before_when, day_in, period_in, plain, time_in, whole_time
from reporting.time.periods import Period

MOST_READ = 400  # characters of a message in which an order stands
_LEAD = 40  # characters in which its verb stands

Verb = Literal[
    "open", "lock", "close", "owes", "reopen", "extend", "move", "set", "cancel", "briefings", "periods", "merge",
    "split", "rename", "transfer", "add", "count",
]  # fmt: skip
_OF_UNITS = ("merge", "split", "rename", "transfer", "add")

_LEADS = tuple((lead, cast(Verb, route.act)) for route in ROUTES.values() for lead in route.words.order)
_SKILL = re.compile(r"\W*\S+\s+kỹ", re.IGNORECASE)  # "khóa kỹ năng", in plain letters like "khóa kỳ"
_PLACE = re.compile(r"\s(?:tại|tai)\s+(?P<place>\S.*)$", re.IGNORECASE | re.DOTALL)
# "tại huyện Cô Tô, kỳ 6 tháng đầu năm".
_PERIOD_BEHIND = re.compile(r"[\s,]+(?:của\s+|cua\s+)?(?:kỳ|ky)\s+(?P<period>\S.*)$", re.IGNORECASE)
_ONLINE = re.compile(r"\s(?:trực tuyến|truc tuyen|online)(?:\s+(?P<place>\S+))?", re.IGNORECASE)
# "do DX03 đăng cai", "đăng cai DX03", "Đoàn xã Cô Tô đăng cai"; "chủ trì Hạnh và Quân", to the end or the next mark.
_END = r"(?=\s*(?:[,;]|$|\s(?:tại|tai|trực tuyến|truc tuyen|online|chủ trì|chu tri|đơn vị đăng cai|đăng cai|do)\s))"
_HOSTS = r"(?:đăng cai|dang cai)"
_HOST = re.compile(
    rf"[\s,;]+do\s+(?P<by>[^,;]+?)\s+{_HOSTS}|[,;]\s*(?P<ahead>[^,;]+?)(?<!đơn vị)(?<!don vi)\s+{_HOSTS}{_END}"
    rf"|[\s,;]+(?:(?:đơn vị|don vi)\s+)?{_HOSTS}\s*:?\s+(?P<host>[^,;]+?){_END}",
    re.IGNORECASE,
)
_CHAIRS = re.compile(
    r"[\s,;]+(?:chủ trì|chu tri)\s*(?:là|la)?\s*:?\s+(?P<chairs>\S.*?)"
    r"(?=$|[\s,;]+(?:tại|tai|trực tuyến|truc tuyen|online|đăng cai|dang cai|đơn vị|do)\s)",
    re.IGNORECASE | re.DOTALL,
)
_REASON = re.compile(r"[\s,](?:vì|lý do|ly do|do)\s+(?P<reason>\S.*)$", re.IGNORECASE | re.DOTALL)
_CAMPAIGN = re.compile(
    r"^\W*(?:mở kỳ|mo ky)\s+(?P<title>\D.*?)\s+(?:từ|tu)\s+(?P<days>\d.*)$", re.IGNORECASE | re.DOTALL
)
_LEAD_DAYS = re.compile(r"truoc giao ban (\d{1,2}) ngay|(\d{1,2}) ngay(?: lam viec)? truoc giao ban")
_CUTOFF = re.compile(r"(?:so lieu|chot so lieu|tinh) den ")
_FORM = re.compile(r"(?:bieu|mau)(?: mau| bao cao)? (nam hoc|nam|6 thang|9 thang|quy|thang)(?![a-z0-9])")
_FORMS: Mapping[str, Frequency] = {
    "thang": "thang", "quy": "quy", "6 thang": "6_thang", "9 thang": "9_thang", "nam": "nam", "nam hoc": "nam_hoc",
}  # fmt: skip
# "mở kỳ tháng 3 do cụm 1 và cụm 2 nộp", "đơn vị nộp tháng 3: cụm 1".
_OWES = re.compile(r"(?:^| )do (?P<owes>\S.*?) nop(?![a-z])")
# "tự khóa sau 15 ngày", "khóa kỳ quý I sau 15 ngày", "không tự khóa".
_LOCKS = re.compile(r"(?:tu khoa |^)sau (\d{1,3}) ngay(?: sau han| sau giao ban)?")
_NEVER_LOCKS = "khong tu khoa"
_OPENS_ITSELF = re.compile(r"(?<!khong )tu mo(?![a-z])")
_DEADLINE = re.compile(r"(?<!sau )han(?: nop)?(?: la)? ")
_COUNTED_BACK = re.compile(r"truoc giao ban|sau giao ban")
_SHOWN = 40  # characters of what is no day
# Words that may stand beside an hour and tell no day.
_BESIDE_HOUR = re.compile(r"^(?:luc|vao|vao luc|moi) |(?: (?:sang|nhe|nha|a|dc|duoc))+$")
_OPENS = re.compile(r"(?:tu mo|mo ngay|mo vao|bat dau) ")
_TO = re.compile(r"(?<![a-z])(?:den|sang|toi) ")


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
    unread_day: bool = field(default=False, compare=False)  # beside the hour stands what may be one: "14h thứ tư tới"

    @property
    def plain(self) -> bool:
        """Whether it cannot be a clause of a report, which might say "mở lại 2 lớp" or "khóa kỹ năng 3 lớp"."""
        match self.verb:
            case "open":
                return self.period is not None or bool(self.title and self.first and self.last)
            case "owes":
                return self.period is not None
            case "merge" | "split" | "rename" | "transfer" | "add" | "count":
                return False
            case "extend" if self.day is not None:
                return not any(word.isdecimal() for word in self.subject.split())
            case "move" | "set" | "cancel" | "briefings":
                return self.day is not None or not self.subject or self.subject.startswith("cum")
            case _:
                return not self.subject


def begins_order(text: str) -> bool:
    """Whether the message begins like an order; most do not, and nothing needs to be looked up for them."""
    return _begun(plain(text[:MOST_READ]).strip(" /"))[1] is not None


def _begun(folded: str) -> tuple[str, Verb | None]:
    behind = f"{folded} ".replace(":", " ", 1)
    return next(((lead, verb) for lead, verb in _LEADS if behind.startswith(f"{lead} ")), ("", None))


def order_in(text: str, today: date, campaigns: Sequence[Period] = ()) -> Order | None:
    """The order a message gives, None when it is something else. campaigns: see period_in.

    Raises NotADay or PeriodError (reporting/time/as_written.py) where a day or a period in it cannot be.
    """
    folded = plain(text[:MOST_READ]).strip(" /")
    lead, verb = _begun(folded)
    asks_sums = verb == "count" and folded == lead
    if verb is None or asks_sums or _SKILL.match(unicodedata.normalize("NFC", text[:_LEAD])):
        return None
    if verb in _OF_UNITS:
        meant = unit_order_in(cast(UnitVerb, verb), lead, text[:MOST_READ], today)
        return None if meant is None else Order(verb, of_units=meant)
    if verb in ("count", "open"):
        opening = _opening(text[:MOST_READ], folded.removeprefix(lead), today, campaigns) if verb == "open" else None
        return opening or Order(verb, written=text)
    if verb == "lock" and (locking := _locking(folded.removeprefix(lead), today, campaigns)):
        return locking
    if verb == "owes":
        return _owing(folded.removeprefix(lead), today, campaigns)
    text, host, chairs = _without_people(text[:MOST_READ]) if verb in ("move", "set") else (text[:MOST_READ], "", "")
    text, place, online = _without_place(text) if verb in ("move", "set") else (text, "", False)
    reason = ""
    if verb in ("extend", "reopen") and (found := _REASON.search(text)):
        text, reason = text[: found.start()], found["reason"].strip()
    folded = plain(text).strip(" /").removeprefix(lead)
    period = period_in(folded, today, campaigns)
    folded = _without(folded, period)
    if behind := _PERIOD_BEHIND.search(place):
        late = period_in(plain(behind["period"]), today, campaigns)
        if late and (period is None or period.code == late.code):
            period, place = period or late, place[: behind.start()].rstrip(" ,.")
    to = _TO.search(folded)
    subject = before_when(folded[: to.start()] if to else folded)
    when = folded[to.end() :] if to else folded
    day, hour = day_in(when, today), time_in(when)
    beside = _BESIDE_HOUR.sub("", when.strip(" ,.;"))
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
        unread_day=to is not None and day is None and hour is not None and whole_time(beside) is None,
    )


def _opening(text: str, folded: str, today: date, campaigns: Sequence[Period]) -> Order:
    """ "mở kỳ quý II hạn 10/6 số liệu đến 20/5 số ước", "mở kỳ Tháng Thanh niên từ 26/2 đến 31/3"."""
    title, first, last = "", None, None
    found = _CAMPAIGN.search(text)
    period = period_in(folded, today, () if found else campaigns)
    if period is None and found:
        title = found["title"].strip(' ,:"“”')
        days = plain(found["days"])
        first, last = day_in(days, today), _after(_TO, days, today)
        folded = days
    rest = _without(folded, period)
    owing = _OWES.search(rest)
    rest = f"{rest[: owing.start()]} {rest[owing.end() :]}" if owing else rest
    lead, form, locks = _LEAD_DAYS.search(rest), _FORM.search(rest), _LOCKS.search(rest)
    return Order(
        "open",
        period.code if period else None,
        title=title, first=first, last=last,
        deadline=_after(_DEADLINE, rest, today), lead=int(lead[1] or lead[2]) if lead else None,
        cutoff=_after(_CUTOFF, rest, today), opens=(opens := _after(_OPENS, rest, today)),
        opens_itself=opens is None and _OPENS_ITSELF.search(rest) is not None, estimated="so uoc" in rest,
        form=_FORMS[form[1]] if form else None,
        owes=owing["owes"].strip(" :,") if owing else "",
        lock_after=int(locks[1]) if locks else None, never_locks=_NEVER_LOCKS in rest,
        dated=period is None or period.dated,
    )  # fmt: skip


def _locking(folded: str, today: date, campaigns: Sequence[Period]) -> Order | None:
    """ "khóa kỳ quý I sau 15 ngày": by itself, so many days after the last deadline and meeting."""
    period = period_in(folded, today, campaigns)
    rest = _without(folded, period).strip(" :,.")
    found = _LOCKS.fullmatch(rest)
    if found is None:
        return None
    return Order("lock", period.code if period else None, lock_after=int(found[1]), dated=not period or period.dated)


def _owing(folded: str, today: date, campaigns: Sequence[Period]) -> Order:
    """ "đơn vị nộp tháng 3: cụm 1, cụm 2"; without anybody it asks who owes it."""
    period = period_in(folded, today, campaigns)
    rest = _without(folded, period).strip(" :,.?")
    owes = re.sub(r"^(?:la|gom) ", "", rest).strip(" :,")
    return Order("owes", period.code if period else None, owes=owes, dated=not period or period.dated)


def _after(word: re.Pattern[str], text: str, today: date) -> date | None:
    """The day that stands right after the word."""
    found = word.search(text)
    if found is None:
        return None
    behind = text[found.end() :]
    rest = re.sub(r"^(?:ngay|het ngay|thu \w+|chu nhat|,| )+", "", behind)
    day = day_in(rest.split(" ")[0].rstrip(",.;"), today)
    if day is None and not _COUNTED_BACK.match(behind):
        raise NotADay(behind[:_SHOWN].strip())  # "hạn thứ hai tới": passed over, another day would hold
    return day


def _without(folded: str, period: Named | None) -> str:
    if period is None:
        return folded
    return f"{re.sub(r' ky *$', ' ', folded[: period.start])} {folded[period.end :]}"


def _without_people(text: str) -> tuple[str, str, str]:
    """The text without the host, in plain letters, and the chairs it names."""
    text = unicodedata.normalize("NFC", text)
    host = chairs = ""
    if (found := _CHAIRS.search(text)) is not None:
        text, chairs = f"{text[: found.start()]} {text[found.end() :]}".strip(), found["chairs"].strip(" ,.;")
    if (found := _HOST.search(text)) is not None:
        text = f"{text[: found.start()]} {text[found.end() :]}".strip()
        host = plain(found["by"] or found["host"] or found["ahead"])
    return text, host, chairs


def _without_place(text: str) -> tuple[str, str, bool]:
    online = _ONLINE.search(text)
    if online:
        return text[: online.start()] + text[online.end() :], (online["place"] or "").strip(" ,."), True
    found = _PLACE.search(text)
    if found is None:
        return text, "", False
    return text[: found.start()], " ".join(found["place"].split()).rstrip(" ,."), False


def _subject(text: str) -> str:
    words = re.sub(r"[,:;]", " ", text).split()
    while words and words[-1] in ("ky", "ngay", "luc", "vao", "cua", "bao", "cao", "tu"):
        words.pop()
    while words and words[0] in ("cho", "cua", "don", "vi", "bao", "cao"):
        words.pop(0)
    return " ".join(words)
