"""The day a person asked about data held goes in, the days by which the office has to answer and to be done come out.

Two working days to acknowledge, fifteen days to fulfil (Nghị định 356/2025/NĐ-CP; decision 0084).
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from reporting.time.calendar import VietnamCalendar

ACKNOWLEDGE_DAYS: Final = 2  # working days
FULFIL_DAYS: Final = 15
_TOLD: Final = (3, 1, 0)  # days left


@dataclass(frozen=True, slots=True)
class DataTerms:
    """The last day of each."""

    acknowledge_by: date
    fulfil_by: date


def data_terms(asked_on: date, calendar: VietnamCalendar) -> DataTerms:
    """Counted from the day after it was asked."""
    by = asked_on
    for _ in range(ACKNOWLEDGE_DAYS):
        by = calendar.next_working_day(by + timedelta(days=1))
    return DataTerms(by, asked_on + timedelta(days=FULFIL_DAYS))


def next_term(asked_on: date, acknowledged_on: date | None, calendar: VietnamCalendar) -> date:
    """The last day of what comes next: to acknowledge it, or, once that is done, to fulfil it."""
    terms = data_terms(asked_on, calendar)
    return terms.acknowledge_by if acknowledged_on is None else terms.fulfil_by


def is_told(left: int) -> bool:
    """Whether the office hears today of one with so many days left: three times before its day, each day after it."""
    return left in _TOLD or left < 0
