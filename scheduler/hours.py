"""At which hours the bot speaks of its own accord, and how late a message still makes sense."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from reporting.calendar import VietnamCalendar, at, local_day


@dataclass(frozen=True, slots=True)
class Hours:
    """Local times of day, as (hour, minute), in the order people get up to them.

    Many branch secretaries are free only before work; nothing that is unasked goes out in the evening's quiet.
    """

    reminders: tuple[int, int] = (7, 0)
    summaries: tuple[int, int] = (7, 30)
    after_briefing: tuple[int, int] = (17, 0)
    # An unasked message that could not go out by then (the machine was off) is dropped, not sent at night.
    last: tuple[int, int] = (20, 0)

    def due(self, day: date, time: tuple[int, int], now: datetime) -> bool:
        """Whether `now` is on that local day, at or after that time and not too late in the evening."""
        return local_day(now) == day and at(day, *time) <= now < at(day, *self.last)


# Days before a cluster's briefing on which its units are reminded; negative ones count after it.
REMINDER_RUNGS = (7, 3, 1, -1, -3, -7)
# Days before the briefing on which the cluster's group gets its summary; 0 is after the meeting itself.
POST_RUNGS = (3, 1, 0)


def rung_name(rung: int) -> str:
    """ "T-3", "T+1": how a rung is stored; never renamed."""
    return f"T-{rung}" if rung >= 0 else f"T+{-rung}"


def digest_day(calendar: VietnamCalendar, now: datetime) -> date:
    """The day of this week's summary: Monday, or the first worked day after it."""
    today = local_day(now)
    return calendar.next_working_day(today - timedelta(days=today.weekday()))
