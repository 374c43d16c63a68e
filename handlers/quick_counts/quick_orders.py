"""The office's message that asks for a quick count in, what is counted, until when and of whom out.

"Báo cáo nhanh bão số 5: số đội hình, số người trực, đến 17 giờ hôm nay, Cụm 3 và 4".
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from reporting.figures.values import Kind
from reporting.numbers.units import MILLIONS, UNITS
from reporting.text.words import tokens_of
from reporting.time.as_written import NotADay, day_in, plain
from reporting.time.calendar import VIETNAM
from reporting.time.quick_counts import Counted

MOST_COUNTED = 5
MOST_LABEL = 70  # characters of what is counted, so that it fits a line of a phone
MOST_TITLE = 40

_HEAD = re.compile(
    r"^\W*(?:báo cáo|bao cao|bc)\s+(?:nhanh|đột xuất|dot xuat)"
    r"(?:(?P<title>[^:\n]{0,80})[:\n](?P<rest>.+)|\s(?P<whole>.+))$",
    re.IGNORECASE | re.DOTALL,
)
# "đến 17 giờ hôm nay", "trước 9h30 ngày mai", "hạn 5 giờ chiều 26/9".
_UNTIL = re.compile(
    r"(?:^|[\s,;.(])(?:đến|den|tới|toi|trước|truoc|hạn(?: nộp| gửi)?|han(?: nop| gui)?|chậm nhất(?: là)?"
    r"|cham nhat(?: la)?)"
    r"\s+(?:lúc\s+|luc\s+)?(?P<hour>\d{1,2})\s*(?:giờ|gio|h|g|:)(?:\s*(?P<minute>\d{2})(?![\d/]))?"
    r"(?P<day>(?:\s+(?:sáng|sang|trưa|trua|chiều|chieu|tối|toi|đêm|dem))?"
    r"(?:\s+(?:hôm nay|hom nay|nay|ngày mai|ngay mai|mai|ngày kia|ngay kia|kia)"
    r"|\s+(?:ngày\s+|ngay\s+)?\d{1,2}[/-]\d{1,2}"
    r"(?:[/-]\d{4})?)?)",
    re.IGNORECASE,
)
_LATER = re.compile(r"\b(?:chieu|toi|dem)\b")
_WHOM = re.compile(
    r"(?:gui |hoi |cho |cua )?(?:cac |ca |toan |tat ca |moi )?"
    r"(?:cum|tinh|don vi|doan xa|doan co so|cap xa|chi doan|c\d)\b|tat ca$"
)
_NUMBER = re.compile(r"(?:so luong|tong so|so)\s+(?=\S)")
_UNIT = re.compile(r"\(\s*(?:đơn vị(?: tính)?:?\s*|đvt:?\s*)?([^()]{1,20})\s*\)\s*$", re.IGNORECASE)
_BULLET = re.compile(r"^(?:[-–•+*]|\d{1,2}[.)])\s*")
_MONEY = re.compile(r"(?:tien|kinh phi|tri gia|gia tri)\b")
_IN_PARTS = frozenset(["km", "ha", "m2", "m3", "tan", "ta", "kg", "lit", "%"])


class NoQuickCount(ValueError):
    """It asks for a quick count that cannot be; the text is a key of the table `quick`."""


@dataclass(frozen=True, slots=True)
class QuickOrder:
    """A quick count as it was asked for. title: '' for none; whom: as written, '' for everybody."""

    title: str
    counted: tuple[Counted, ...]
    due_at: datetime
    whom: str


def quick_order_in(text: str, now: datetime) -> QuickOrder | None:
    """The quick count that a message asks for, None where it is something else. Raises NoQuickCount, NotADay."""
    text = unicodedata.normalize("NFC", text).strip()
    head = _HEAD.match(text)
    if head is None:
        return None
    title, rest = (head["title"] or "").strip(' "“”.-–'), head["rest"] or head["whole"]
    until = _UNTIL.search(rest)
    if until is None:
        raise NoQuickCount("no_hour")
    parts = [part.strip() for part in re.split(r"[,;\n]+", rest[: until.start()]) if part.strip()]
    behind = re.sub(r"^(?:gửi|hỏi|cho|của|do)\s+", "", rest[until.end() :].strip(" ,;:.)\n"), flags=re.IGNORECASE)
    whom = [behind] if behind else []
    while parts and not whom and (own := _whom_from(parts)):
        whom = parts[own - 1 :]
        del parts[own - 1 :]
    labels = [label for part in parts for label in re.split(r"\s+(?:và|va)\s+(?=(?:số|tổng|so|tong)\s)", part)]
    counted = _counted(labels)
    return QuickOrder(title[:MOST_TITLE], counted, _due_at(until, now), ", ".join(whom))


def _whom_from(parts: Sequence[str]) -> int:
    """The number, from 1, of the part from which on it is told who is asked; 0 for none: "Cụm 3", "4"."""
    for number in range(len(parts), 0, -1):
        words = plain(parts[number - 1])
        if _WHOM.match(words):
            return number
        if not words.isdecimal():
            return 0
    return 0


def _due_at(until: re.Match[str], now: datetime) -> datetime:
    words, today = plain(until["day"] or ""), now.astimezone(VIETNAM).date()
    hour = int(until["hour"])
    if _LATER.search(words) and hour < 12:
        hour += 12
    try:
        clock = time(hour, int(until["minute"] or 0))
    except ValueError as error:
        raise NotADay(until[0].strip()) from error
    return datetime.combine(_day(words, today), clock, VIETNAM)


def _day(words: str, today: date) -> date:
    named = day_in(words, today)
    if named is not None:
        return named
    last = words.split()[-1] if words else ""
    return today + timedelta(days={"mai": 1, "kia": 2}.get(last, 0))


def _counted(labels: Sequence[str]) -> tuple[Counted, ...]:
    found = [_one(label) for label in labels]
    if not found:
        raise NoQuickCount("nothing")
    if len(found) > MOST_COUNTED:
        raise NoQuickCount("too_many")
    if len({plain(one.short) for one in found}) < len(found):
        raise NoQuickCount("twice")
    begun = [{plain(name) for name in _beginnings(one.short)} for one in found]
    more = []
    for number, one in enumerate(found):
        others = set().union(*(names for other, names in enumerate(begun) if other != number))
        names = tuple(name for name in _beginnings(one.short) if plain(name) not in others)
        more.append(Counted(one.label, one.short, one.unit, one.kind, names))
    return tuple(more)


def _one(written: str) -> Counted:
    """ "số tiền ủng hộ (triệu đồng)" with its unit; without one it is the first word that is counted."""
    text = _BULLET.sub("", " ".join(written.split())).strip(" .")
    if len(text) > MOST_LABEL:
        raise NoQuickCount("too_long")
    given = _UNIT.search(text)
    label = text[: given.start()].strip() if given else text
    short = _without_number(label)
    if not any(letter.isalpha() for letter in short):
        raise NoQuickCount("nothing")
    unit, kind = _unit_of(short, given[1].strip() if given else "")
    if plain(short).startswith(plain(unit)):
        short = unit + short[len(unit) :]
    return Counted(label[:1].upper() + label[1:], short, unit, kind)


def _without_number(label: str) -> str:
    """The label without "số", "tổng số": what is counted."""
    tokens = [token for token in tokens_of(label) if token.kind == "word"]
    folds = " ".join(token.fold for token in tokens)
    dropped = _NUMBER.match(folds)
    first = len(dropped[0].split()) if dropped else 0
    short = label[tokens[first].start :] if len(tokens) > first else label
    return short[:1].lower() + short[1:]


def _unit_of(short: str, given: str) -> tuple[str, Kind]:
    said = plain(given)
    if said in ("trieu dong", "trieu", "dong", "vnd", "tr") or (not said and _MONEY.match(plain(short))):
        return MILLIONS, "money"
    if given:
        return given, "decimal" if said in _IN_PARTS else "int"
    tokens = tokens_of(short)
    known = UNITS.at(tokens, 0)
    unit = short[: tokens[known[0] - 1].end] if known else tokens[0].text
    # "doi hinh" is shown and read with its marks.
    return (known[1] if known and plain(known[1]) == plain(unit) else unit), "int"


def _beginnings(short: str) -> list[str]:
    """Shorter names by which it is called as long as nothing else is: "người trực" for "người trực bão số 5"."""
    words = short.split()
    return [" ".join(words[:length]) for length in range(len(words) - 1, 1, -1) if words[length - 1].isalpha()]
