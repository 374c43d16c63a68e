"""The office's words on a target in, its parts out: "hiến máu 150 cho Cụm 2, hạn 30/11, phụ trách Thái"."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from reporting.time.as_written import day_in, period_in, plain

_OWNER = re.compile(
    r"(?:^|[\s,;]+)(?:người\s+|nguoi\s+)?(?:phụ trách|phu trach)\s*:?\s+(?P<owner>[^,;]+)", re.IGNORECASE
)
_DUE = re.compile(
    r"(?:^|[\s,;]+)(?:hạn|han|đến|den|trước|truoc)\s+(?:ngày\s+|ngay\s+)?(?P<day>\d{1,2}[/-]\d{1,2}(?:[/-]\d{4})?)",
    re.IGNORECASE,
)
_PERIOD = re.compile(
    r"(?:^|[\s,;]+)(?:kỳ\s+|ky\s+)?(?P<period>(?:năm|nam)\s+\d{4}|(?:quý|quy)\s+(?:iv|iii|ii|i|[1-4])\b(?:/\d{4})?"
    r"|(?:6|sáu|sau)\s+(?:tháng|thang)\s+(?:đầu|dau|cuối|cuoi)\s+(?:năm|nam)(?:\s+\d{4})?)",
    re.IGNORECASE,
)
_WHOM = re.compile(r"^(?P<items>.*?)[\s,;]+(?:cho|của|cua)\s+(?P<whom>[^,;]+)\s*$", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class TargetOrder:
    """What was said. items: of indicators and amounts, as written; whom, owner: '' for none; period: a code, '' for the
    year."""

    items: str
    whom: str = ""
    due_on: date | None = None
    owner: str = ""
    period: str = ""


def target_order_in(text: str, today: date) -> TargetOrder:
    """The parts of a message behind its verb. Raises NotADay or PeriodError where a day or a period cannot be."""
    text = unicodedata.normalize("NFC", text).strip(" .")
    text, owner = _taken(_OWNER, text, "owner")
    text, day = _taken(_DUE, text, "day")
    text, named = _taken(_PERIOD, text, "period")
    period = period_in(plain(named), today) if named else None
    found = _WHOM.match(text)
    items, whom = (found["items"], found["whom"]) if found else (text, "")
    due_on = day_in(plain(day), today) if day else None
    return TargetOrder(items.strip(" ,;:"), whom.strip(" ."), due_on, owner.strip(), period.code if period else "")


def _taken(part: re.Pattern[str], text: str, name: str) -> tuple[str, str]:
    found = part.search(text)
    return (text, "") if found is None else (f"{text[: found.start()]}{text[found.end() :]}", found[name])
