"""A period, the office's terms and the briefings in; due days, cut-offs and the days it opens and locks out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from types import MappingProxyType
from typing import Literal

from reporting.figures.catalogue import Frequency
from reporting.time.calendar import VietnamCalendar
from reporting.time.owing import ALL, MEETING, customary_owing, of_clusters
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
CONFIRMED_WITHIN = timedelta(days=9)
LEAD = 5  # working days before each cluster's own briefing
OPENS_BEFORE = timedelta(days=21)  # a briefing, or without one the day it is due
LOCK_AFTER = 10  # days after the last deadline and briefing: what is overdue has been asked for by then
# Working days after the opening that units have where a period is opened when its deadline is over: time for the
# reminders ahead of a day.
LATE_OPENED = 4


@dataclass(frozen=True, slots=True)
class Terms:
    """What the office has decided on a period's days; None where it has not.

    opens_on: the day on which it opens by itself. cutoff_on: the last day the figures count.
    deadline_on: one day for all. deadline_lead: working days before each cluster's briefing, 0 its own day.
    estimated: the figures to the cut-off are "số ước"; the units confirm them from confirm_from_on to confirm_by_on.
    lock_after: days after the last unit's deadline and briefing on which the period locks by itself; None for never.
    owes, owes_on: who owes it (reporting/time/owing.py), and since when that is decided; None from the beginning.
    opens_follow, estimates_follow: the opening, and whether the figures are estimates, are not decided: `settled`
    makes them from the briefings, again with each change of one. estimates_of: whose figures are, where some are: all,
    or named clusters (reporting/time/owing.py).
    """

    opens_on: date | None = None
    cutoff_on: date | None = None
    deadline_on: date | None = None
    deadline_lead: int | None = None
    estimated: bool = False
    confirm_from_on: date | None = None
    confirm_by_on: date | None = None
    lock_after: int | None = None
    owes: str = ALL
    owes_on: date | None = None
    opens_follow: bool = False
    estimates_follow: bool = False
    estimates_of: str = ALL

    @property
    def waits(self) -> bool:
        """Whether it is to open ahead of briefings of which none is set: nobody owes it so far."""
        return self.opens_follow and self.opens_on is None


UNDECIDED = Terms()


@dataclass(frozen=True, slots=True)
class MeetingDays:
    """What of the clusters' briefings the days of a period follow from.

    met: by the code of each cluster the day of its briefing, None where it has none. told: by code, the day by which
    units were told they owe it, where a decision has brought another one since. called_off: whether a briefing was.
    """

    met: Mapping[str, date | None] = field(default_factory=dict)
    told: Mapping[str, date] = field(default_factory=dict)
    called_off: bool = False

    @property
    def days(self) -> list[date]:
        """The days of the briefings, in order."""
        return sorted(day for day in self.met.values() if day is not None)

    def asked(self, terms: Terms) -> dict[str, date | None]:
        """Those clusters of met of which units may owe it; one without a code where all do and none meets."""
        if terms.owes != MEETING:
            return dict(self.met) if self.days or self.told else {"": None}
        return {code: day for code, day in self.met.items() if day} or ({} if self.called_off else {"": None})


def customary(period: Period, calendar: VietnamCalendar, today: date) -> Terms:
    """What holds for such a period where the office names nothing and no cluster meets; all of it is the office's to
    change.
    """
    terms = Terms(lock_after=LOCK_AFTER, owes=customary_owing(period), estimates_follow=True)
    return settled(period, terms, calendar, MeetingDays(), today)


def settled(
    period: Period,
    terms: Terms,
    calendar: VietnamCalendar,
    meetings: MeetingDays,
    today: date,
    opened_on: date | None = None,
) -> Terms:
    """The terms with the bits that follow from the briefings as these stand now.

    The period opens ahead of the first of them; where there is none, and its customary opening is over, not before one
    is set. The figures of a cluster that owes them before the period is over are estimates, and are confirmed in
    the ten days after it. opened_on: the day on which the period was opened, None of one that was not.
    """
    if terms.opens_follow:
        days = meetings.days
        first = min(days[0] if days else custom_day(period), terms.deadline_on or date.max)
        opens_on = max(first - OPENS_BEFORE, period.start_on)
        terms = replace(terms, opens_on=opens_on if days or opened_on or opens_on > today else None)
    if terms.estimates_follow:
        opened = opened_on or terms.opens_on
        asked = {} if terms.waits and opened is None else meetings.asked(terms)
        due = {code: due_on(period, terms, calendar, met, None, opened) for code, met in asked.items()}
        due = {code: not_earlier(day, meetings.told.get(code), asked[code]) for code, day in due.items()}
        early = [code for code, day in due.items() if _early(period, day)]
        first = period.end_on + timedelta(days=1)
        confirmed = (first, first + CONFIRMED_WITHIN) if early else (None, None)
        terms = replace(
            terms, estimated=bool(early), confirm_from_on=confirmed[0], confirm_by_on=confirmed[1],
            estimates_of=ALL if len(early) in (0, len(asked)) else of_clusters(early),
        )  # fmt: skip
    elif terms.estimates_of != ALL:
        terms = replace(terms, estimates_of=ALL)  # the office has decided it for everybody
    return terms


def _early(period: Period, due: date) -> bool:
    """Whether figures that are due then are due before the period is over; a month's own end on the 19th."""
    by_month = period.frequency == "thang" and not period.title
    return due < (custom_day(period) if by_month else period.end_on)


def cluster_opens_on(period: Period, terms: Terms, opened_on: date, met_on: date | None) -> date:
    """The day on which a cluster's units are told of the period and asked for it: so long ahead of their own briefing,
    or without one of the customary day.

    opened_on: the day on which the period opens. Where the office has named that day, or opened it, it is everybody's.
    """
    if not terms.opens_follow:
        return opened_on
    return max(opened_on, min(met_on or custom_day(period), terms.deadline_on or date.max) - OPENS_BEFORE)


def due_on(
    period: Period,
    terms: Terms,
    calendar: VietnamCalendar,
    briefing_on: date | None = None,
    extended_to: date | None = None,
    opened_on: date | None = None,
) -> date:
    """The day by which a unit owes its report of the period.

    briefing_on: the day of its cluster's briefing, None where none is set; the report is never due after it, nor
    before the office's cut-off unless the briefing is. extended_to: the unit's own deadline, which never makes the day
    an earlier one. opened_on: the day on which the period opens; nobody owes before it, so after a day that was over
    by then come some working days, at most up to the briefing.
    """
    if terms.deadline_on is not None:
        due = terms.deadline_on
    elif briefing_on is not None:
        due = calendar.working_days_back(briefing_on, LEAD if terms.deadline_lead is None else terms.deadline_lead)
        due = max(due, min(period.start_on, briefing_on))  # nothing has happened before the period begins
    else:
        due = custom_day(period)
    if terms.cutoff_on is not None and due < terms.cutoff_on:
        due = calendar.next_working_day(terms.cutoff_on)
    if briefing_on is not None:
        due = min(due, briefing_on)
    if opened_on is not None and due < opened_on:
        due = in_time(opened_on, calendar)
        if briefing_on is not None and briefing_on >= opened_on:
            due = min(due, briefing_on)
    return due if extended_to is None else max(due, extended_to)


def in_time(since: date, calendar: VietnamCalendar) -> date:
    """By when units may owe what they are first asked for on that day: time for some reminders."""
    due = calendar.next_working_day(since)
    for _ in range(LATE_OPENED):
        due = calendar.next_working_day(due + timedelta(days=1))
    return due


def not_earlier(due: date, told: date | None, briefing_on: date | None) -> date:
    """The day by which units owe it that were told another one before the office decided, never after they meet."""
    if told is None:
        return due
    return max(due, told if briefing_on is None else min(told, briefing_on))


def cutoff_on(period: Period, terms: Terms, due: date) -> date | None:
    """The last day that figures count which are due on that one, never after it; None for the period's last.

    Without the office's word it is the day before they are due, where that is before the period is over.
    """
    if terms.cutoff_on is not None:
        return min(terms.cutoff_on, due)
    return None if due >= period.end_on else min(due, max(due - timedelta(days=1), period.start_on))


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
    """From the day on which it opens to so many days after the last unit's deadline and the last briefing.

    met_on: for every cluster the day of its briefing, None where it has none. extended_to: deadlines of single units.
    opened_on: the day on which the office has opened it, whatever its terms say.
    """
    last, first = None, opened_on or terms.opens_on
    if terms.lock_after is not None:
        met = [*met_on] or [None]
        days = [due_on(period, terms, calendar, one, None, first) for one in met]
        last = max([*days, *(one for one in met if one is not None), *extended_to]) + timedelta(days=terms.lock_after)
    return OpenDays(first, last)


def custom_day(period: Period) -> date:
    """The day by which such a report is due by custom; of a campaign its last day."""
    if period.title:
        return period.end_on
    if period.frequency == "thang":
        return period.end_on.replace(day=_DAY_OF_MONTH)
    month, day = _CUSTOM[period.frequency, period.end_on.month]
    return date(period.end_on.year, month, day)
