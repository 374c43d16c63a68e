"""A period, the office's days and a briefing in; the day a unit owes its report, and the days it is open, out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from typing import Literal

from reporting.figures.catalogue import Frequency
from reporting.time.calendar import VietnamCalendar
from reporting.time.periods import Period

# What a period is to the province; of a submission see reporting/dialogue/life.py.
PeriodState = Literal["planned", "open", "locked", "closed"]

# (month, day) in the period's last year by which such a report is due where the office has decided nothing and no
# briefing is set. A quarter goes by its last month; a month has the 20th of itself.
_CUSTOM: Mapping[tuple[Frequency, int], tuple[int, int]] = MappingProxyType(
    {
        ("quy", 3): (3, 31),
        ("quy", 6): (6, 10),
        ("quy", 9): (9, 20),
        ("quy", 12): (11, 15),
        ("6_thang", 6): (6, 10),
        ("6_thang", 12): (11, 15),
        ("9_thang", 9): (9, 20),
        ("nam", 12): (11, 15),
        ("nam_hoc", 5): (5, 31),
    }
)
_DAY_OF_MONTH = 20
# A report due so long before its period ends holds figures that are not there yet.
ESTIMATED_DAYS = timedelta(days=14)
CONFIRMED_WITHIN = timedelta(days=9)
# Working days after the opening that units have where a period is opened when its deadline is over: time for the
# reminders ahead of a day.
LATE_OPENED = 4


@dataclass(frozen=True, slots=True)
class Terms:
    """What the office has decided on a period's days; None where it has not.

    opens_on: the day on which it opens by itself. cutoff_on: the last day the figures count.
    deadline_on: one day for all. deadline_lead: working days before each cluster's briefing, 0 its own day.
    estimated: the figures to the cut-off are "số ước"; the units confirm them from confirm_from_on to confirm_by_on.
    lock_after: days after the last unit's deadline on which the period locks by itself.
    """

    opens_on: date | None = None
    cutoff_on: date | None = None
    deadline_on: date | None = None
    deadline_lead: int | None = None
    estimated: bool = False
    confirm_from_on: date | None = None
    confirm_by_on: date | None = None
    lock_after: int | None = None


UNDECIDED = Terms()


def customary(period: Period) -> Terms:
    """The days such a period has where the office names none; every one of them is the office's to change.

    Quarter I is due five working days before each cluster's briefing. What is reported weeks before its period ends
    is estimated, and confirmed in the ten days after it. A month's figures end on the 19th.
    """
    day = custom_day(period)
    if period.title:
        return UNDECIDED
    if period.frequency == "thang":
        return Terms(cutoff_on=day - timedelta(days=1))
    if period.frequency == "quy" and period.end_on.month == 3:
        return Terms(deadline_lead=5)
    if period.end_on - day < ESTIMATED_DAYS:
        return Terms(cutoff_on=day) if period.frequency == "nam_hoc" else UNDECIDED
    first = period.end_on + timedelta(days=1)
    return Terms(estimated=True, confirm_from_on=first, confirm_by_on=first + CONFIRMED_WITHIN)


def due_on(
    period: Period,
    terms: Terms,
    calendar: VietnamCalendar,
    briefing_on: date | None = None,
    extended_to: date | None = None,
    opened_on: date | None = None,
) -> date:
    """The day by which a unit owes its report of the period.

    briefing_on: the day of its cluster's briefing, None where none is set. extended_to: the unit's own deadline,
    which never makes the day an earlier one. opened_on: the day on which the period opens; nobody owes before it, so
    after a day that was over by then come some working days, at most up to the briefing.
    """
    if terms.deadline_on is not None:
        due = terms.deadline_on
    elif briefing_on is not None and terms.deadline_lead is not None:
        due = calendar.working_days_back(briefing_on, terms.deadline_lead)
    else:
        due = custom_day(period)
    if opened_on is not None and due < opened_on:
        due = calendar.next_working_day(opened_on)
        for _ in range(LATE_OPENED):
            due = calendar.next_working_day(due + timedelta(days=1))
        if briefing_on is not None and briefing_on > opened_on:
            due = min(due, briefing_on)
    return due if extended_to is None else max(due, extended_to)


@dataclass(frozen=True, slots=True)
class OpenDays:
    """The days on which a period is open without anybody's doing.

    first: None until the office opens it. last: None where it does not lock by itself.
    """

    first: date | None
    last: date | None

    def state(self, day: date) -> PeriodState:
        """What the period is on that day."""
        if self.first is None or day < self.first:
            return "planned"
        return "open" if self.last is None or day <= self.last else "locked"


def open_days(
    period: Period,
    terms: Terms,
    calendar: VietnamCalendar,
    met_on: Iterable[date | None],
    extended_to: Iterable[date],
    opened_on: date | None = None,
) -> OpenDays:
    """From the day on which it opens to so many days after the last unit's deadline.

    met_on: for every cluster the day of its briefing, None where it has none. extended_to: deadlines of single units.
    opened_on: the day on which the office has opened it, whatever its terms say.
    """
    last, first = None, opened_on or terms.opens_on
    if terms.lock_after is not None:
        days = [due_on(period, terms, calendar, met, None, first) for met in [*met_on] or [None]]
        last = max([*days, *extended_to]) + timedelta(days=terms.lock_after)
    return OpenDays(first, last)


def custom_day(period: Period) -> date:
    """The day by which such a report is due by custom; of a campaign its last day."""
    if period.title:
        return period.end_on
    if period.frequency == "thang":
        return period.end_on.replace(day=_DAY_OF_MONTH)
    month, day = _CUSTOM[period.frequency, period.end_on.month]
    return date(period.end_on.year, month, day)
