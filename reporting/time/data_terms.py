"""The day a person asked about data held goes in, the days by which the office has to answer and to be done come out.

Two working days to acknowledge, fifteen days to fulfil (Nghị định 356/2025/NĐ-CP; decision 0084).
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from reporting.time.calendar import VietnamCalendar

ACKNOWLEDGE_DAYS: Final = 2  # working days
FULFIL_DAYS: Final = 15


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
