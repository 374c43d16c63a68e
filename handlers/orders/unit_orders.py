"""A sentence on units in, its parts out: "sáp nhập DX01 vào DX02 từ 1/7", "đổi tên CD01 thành …"."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Literal

from reporting.text.word_lists import listed, loosely, table
from reporting.time.as_written import day_in, plain

UnitVerb = Literal["merge", "split", "rename", "transfer", "add", "withdraw"]

_SINCE = re.compile(
    rf"[\s,]+{loosely(listed('unit_orders.since'))}\s+"
    rf"(?P<day>\d[\d/.-]*\d|\d{{1,2}}\s+{loosely(listed('unit_orders.month'))}\s+\d{{1,2}})\W*$",
    re.IGNORECASE,
)
# What stands between the units and what becomes of them.
_BETWEEN = {verb: loosely(said) for verb, said in table("unit_orders.between").items()}
_AND = re.compile(rf"\s*[,;]\s*|\s+{loosely(listed('unit_orders.and_unit'))}\s+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class UnitOrder:
    """What becomes of which units. units, into: as written; since: the first day of it, None for today.

    withdraw: what was prepared for them is called off. of: only that kind of change.
    """

    verb: UnitVerb
    units: tuple[str, ...]
    into: tuple[str, ...]
    since: date | None
    of: UnitVerb | None = None


def unit_order_in(verb: UnitVerb, lead: str, text: str, today: date, of: UnitVerb | None = None) -> UnitOrder | None:
    """The parts of such a sentence, None where it is something else. of: see UnitOrder. Raises NotADay."""
    text = unicodedata.normalize("NFC", " ".join(text.split())).strip(" /.")
    since = None
    if (found := _SINCE.search(text)) is not None:
        since, text = day_in(plain(found["day"]), today), text[: found.start()]
    rest = text.split(" ", len(lead.split()))[-1] if text.count(" ") >= len(lead.split()) else ""
    if verb == "withdraw":
        between = "|".join(_BETWEEN.values())
        named = re.split(rf"\s+(?:{between})\s+", rest, maxsplit=1, flags=re.IGNORECASE)[0]
        return UnitOrder(verb, tuple(filter(None, _AND.split(named))), (), since, of) if named else None
    parts = re.split(rf"\s+{_BETWEEN[verb]}\s+", rest, maxsplit=1, flags=re.IGNORECASE)
    if len(parts) != 2 or not all(part.strip() for part in parts):
        return None
    what, into = (part.strip(' "“”') for part in parts)
    several = _AND.split(what) if verb == "merge" else [what]
    heirs = _AND.split(into) if verb == "split" else [into]
    return UnitOrder(verb, tuple(filter(None, several)), tuple(filter(None, heirs)), since)
