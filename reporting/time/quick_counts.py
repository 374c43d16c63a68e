"""What the office counts within hours in, a period of its own with its few indicators out, and as its row keeps them.

A quick count is a period like any other, asked, read and summed by the same code; only its indicators are its own.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from reporting.figures.catalogue import LEVELS, QUICK, Indicator
from reporting.figures.values import Kind
from reporting.text.word_lists import texts
from reporting.time.calendar import VIETNAM, local_day
from reporting.time.periods import Period

SECTION = "quick"  # of what is counted; also begins the codes, in which no other period's figures are
_HEADED = texts("periods.names")["quick"]
_CODE = re.compile(r"[0-9]{4}-N-[0-9]{4}-[0-9]{4}(?:-[0-9]+)?")


@dataclass(frozen=True, slots=True)
class Counted:
    """One thing that is counted, as the office wrote it.

    label: in full. short: without what says that it is a number. unit: what one of them is called. names: what else
    a unit may call it.
    """

    label: str
    short: str
    unit: str
    kind: Kind = "int"
    names: tuple[str, ...] = ()


def kept(counted: Sequence[Counted]) -> str:
    """As the period's row keeps it."""
    return json.dumps([asdict(one) for one in counted], ensure_ascii=False)


def counted_in(written: str) -> tuple[Counted, ...]:
    """The inverse of `kept`."""
    return tuple(Counted(**{**one, "names": tuple(one["names"])}) for one in json.loads(written))


def is_quick_code(code: str) -> bool:
    """Whether this is how a quick count's code looks: 2026-N-0925-1700, by the day and hour until which it runs."""
    return _CODE.fullmatch(code) is not None


def quick_code(due_at: datetime, number: int = 1) -> str:
    """The code of the quick count until that instant; number: of several until the same one."""
    code = f"{due_at.astimezone(VIETNAM):%Y-N-%m%d-%H%M}"
    return code if number == 1 else f"{code}-{number}"


def quick_count(code: str, title: str, opened_at: datetime, due_at: datetime, counted: Sequence[Counted]) -> Period:
    """The period of a quick count. title: what people call it behind "báo cáo", as they do with "quý I"."""
    first, last = local_day(opened_at), local_day(due_at)
    heading = _HEADED.format(title=title)
    names = [
        Indicator(
            code=f"{SECTION}_{code.lower()}_{number}", section=SECTION, label=one.label, short=one.short,
            question=f"{one.label}?", unit=one.unit, kind=one.kind, aggregation="sum", across_units="sum",
            levels=LEVELS, frequencies=(QUICK,), pair=None, numerator=None, denominator=None, soft_max={},
            targetable=False, synonyms=tuple(dict.fromkeys((one.label, one.short, *one.names))), definition=heading,
        )
        for number, one in enumerate(counted, 1)
    ]  # fmt: skip
    return Period(code, QUICK, first, last, title, own=tuple(names), due_at=due_at)
