"""Facts and a day in; the periods of that week's summary, and whether a leader wants it, out."""

from datetime import date, timedelta

from reporting.plan.days import OfficeDays, digest_day
from reporting.plan.entries import Item, Why
from reporting.plan.facts import Facts, PlanRound
from reporting.time.calendar import local_day

_WEEK = timedelta(weeks=1)


class WeekPlan:
    """What leaders are told of a week, whatever else they hear in it."""

    def __init__(self, days: OfficeDays) -> None:
        self.calendar = days.calendar
        self._facts: Facts | None = None
        self._found: dict[date, tuple[Item, ...]] = {}

    def first(self, day: date) -> date:
        """The day of that week's summary: its first worked day."""
        return digest_day(self.calendar, day)

    def items(self, facts: Facts, first: date) -> tuple[Item, ...]:
        """The periods that are still followed in the week of that day."""
        if facts is not self._facts:
            self._facts, self._found = facts, {}
        if first not in self._found:
            last = self.last_digests(facts)
            rounds = [r for r in facts.rounds.values() if self._followed(r, first, last[r.id])]
            # What is owed comes first, of it what was due first: what a long message leaves out stands last.
            rounds.sort(key=lambda r: (r.id not in facts.late, last[r.id], r.code))
            self._found[first] = tuple(Item("digest", r.id, 0, "", "leader") for r in rounds)
        return self._found[first]

    def why_not(self, facts: Facts, person: int, first: date) -> Why:
        """Why the person gets none of that week, '' if nothing else stands against it."""
        who = facts.people[person]
        if who.reach != "ok":
            return who.reach
        if not self.items(facts, first):
            return "settled"
        first_of_month = (first - timedelta(days=first.weekday())).day <= 7
        if who.digest == "off" or (who.digest == "monthly" and not first_of_month):
            return "fewer"
        return "silence" if self.calendar.is_silent(first) else ""

    def of_month(self, facts: Facts, person: int, month: date) -> list[date]:
        """The days of that month on which the person gets one, of a leader."""
        if person not in facts.holders.get(("leader", 0), ()):
            return []
        days = (month.replace(day=1) + timedelta(weeks=number) for number in range(-1, 6))
        firsts = dict.fromkeys(self.first(day) for day in days)
        own = [day for day in firsts if (day.year, day.month) == (month.year, month.month)]
        return [day for day in own if not self.why_not(facts, person, day)]

    def _followed(self, round_: PlanRound, day: date, last: date) -> bool:
        """Whether that day's summary tells of the round: until the week after the last deadline and briefing, and
        again while estimates are called final.
        """
        if day < round_.opens_on or (round_.begins_on is not None and day < round_.begins_on):
            return False
        if day <= last or day in self._after_targets(round_):
            return True
        first, by = round_.confirm_from_on, round_.confirm_by_on
        return first is not None and first <= day and (by is None or day <= self.first(by + _WEEK))

    def _after_targets(self, round_: PlanRound) -> list[date]:
        """The summary after the day of each target says once more what was reached, long after the round."""
        return [self.first(due_on + _WEEK) for due_on in round_.targets_on]

    def last_digests(self, facts: Facts) -> dict[int, date]:
        """By round: the day of its last summary, in the week after its last due day or briefing.

        It comes also where the period has been locked by then. Afterwards it is told only of what is confirmed; a
        period that was opened later than that is followed for one more week.
        """
        ends = {round_.id: round_.opens_on for round_ in facts.rounds.values()}
        for meeting in facts.meetings:
            met_on = meeting.due_on if meeting.starts_at is None else local_day(meeting.starts_at)
            ends[meeting.round_id] = max(ends[meeting.round_id], meeting.due_on, met_on)
        return {round_id: self.first(end + _WEEK) for round_id, end in ends.items()}
