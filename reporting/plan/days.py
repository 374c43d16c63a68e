"""Rules and calendar in; the days on which reminders and weekly summaries go out, and the next hour to speak, out."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from reporting.plan.facts import PlanRound
from reporting.time.calendar import VietnamCalendar, at, local_day
from reporting.time.rules import Rules, rung_name

NEAR_MEETING = timedelta(days=7)


def digest_day(calendar: VietnamCalendar, day: date) -> date:
    """The day of that week's summary: Monday, or the first worked day after it."""
    return calendar.next_working_day(day - timedelta(days=day.weekday()))


class OfficeDays:
    """Days and hours by the rules and the calendar; reckoned once for each due day."""

    def __init__(self, rules: Rules, calendar: VietnamCalendar) -> None:
        self.rules = rules
        self.calendar = calendar
        self._days: dict[tuple[date, tuple[int, ...]], dict[date, int]] = {}

    def rung_days(self, due_on: date, rungs: Iterable[int]) -> dict[date, int]:
        """Each day of reminder with its rung, see VietnamCalendar.rung_days.

        T-0 is never moved to another day. Where overdue rungs meet, the highest one stays, for it tells everybody
        whom the others tell: due on a Friday, T+1 and T+3 are both on Monday, and the chair has to hear it.
        """
        key = (due_on, tuple(rungs))
        if key not in self._days:
            held = self.calendar.is_working_day(due_on)
            days = self.calendar.rung_days(due_on, [rung for rung in key[1] if rung > 0 or (rung == 0 and held)])
            for rung in sorted((rung for rung in key[1] if rung < 0), reverse=True):
                if (day := self.calendar.rung_day(due_on, rung)) is not None:
                    days[day] = rung
            self._days[key] = days
        return self._days[key]

    @staticmethod
    def is_before(met_on: date, day: date) -> bool:
        """Whether that day is so near ahead of a briefing that its chair hears of what is overdue with what is told of
        the briefing.
        """
        return met_on - NEAR_MEETING <= day <= met_on

    def opening_day(self, round_: PlanRound, cluster_on: date | None = None) -> date:
        """The day on which it is told that the period is open: the first worked day, and not in a silence, with an hour
        left in which anything goes out.

        cluster_on: the day from which the cluster's units are asked, where that is later than the period's.
        """
        opened_at = round_.opened_at
        if cluster_on is not None and cluster_on > (local_day(opened_at) if opened_at else round_.opens_on):
            opened_at = at(cluster_on, 0)
        day = round_.opens_on if opened_at is None else local_day(opened_at)
        if opened_at is not None and opened_at >= self.rules.closing(day):
            day += timedelta(days=1)
        while self.calendar.is_silent(day) or not self.calendar.is_working_day(day):
            day += timedelta(days=1)
        return day

    def post_rung(self, due_on: date, rungs: Iterable[int], day: date) -> str:
        """The name of the rung of a post that falls on the day, '' for none."""
        rung = self.rung_days(due_on, rungs).get(day)
        return "" if rung is None else rung_name(rung)

    def hour_to_tell(self, since: datetime, about: datetime) -> datetime:
        """From `since` on, the first instant outside quiet hours and silence at which a change may be told.

        about: when it takes effect; what would be over after the silence is told in it, but in no quiet hour.
        """
        loud = self.rules.awake_at(since)
        waited = loud
        while self.calendar.is_silent(local_day(waited)):
            waited = self.rules.awake_at(at(local_day(waited) + timedelta(days=1), 0))
        return waited if waited < about else loud
