"""Targets that were set and a day in; once a month who answers for them is told of those that are not met, out."""

from collections.abc import Iterator
from datetime import date, timedelta

from reporting.plan.days import OfficeDays
from reporting.plan.entries import Entry, Item, Why
from reporting.plan.facts import Facts, PlanAim
from reporting.plan.monthly_limit import MonthlyLimit
from reporting.plan.posts import PostPlan
from reporting.plan.reminders import ReminderPlan
from reporting.time.calendar import at

_DAYS = 5  # worked days at the start of a month on which somebody can be told


class AimPlan:
    """The nudges of a day: one message a month to each person, on its first worked day without another message."""

    def __init__(self, days: OfficeDays, limit: MonthlyLimit, reminders: ReminderPlan, posts: PostPlan) -> None:
        self.rules = days.rules
        self.calendar = days.calendar
        self._limit = limit
        self._reminders = reminders
        self._posts = posts

    def days(self, day: date) -> list[date]:
        """The days of that month on which targets may be told of."""
        found: list[date] = []
        on = day.replace(day=1)
        while len(found) < _DAYS:
            on = self.calendar.next_working_day(on)
            if not self.calendar.is_silent(on):
                found.append(on)
            on += timedelta(days=1)
        return found

    def day(self, facts: Facts, day: date) -> Iterator[Entry]:
        """To everybody who answers for a target; whether one of his is not met, the figures tell on the day."""
        days = self.days(day) if facts.aims else []
        if day not in days:
            return
        hour = at(day, self.rules.summaries.hour, self.rules.summaries.minute)
        item = Item("aim", 0, 0, "", "owner")
        for person in sorted({person for aim in facts.aims for person in owners(facts, aim)}):
            free = next((on for on in days if on <= day and not self._hears_else(facts, person, on)), None)
            if free not in (None, day):
                continue
            who = facts.people.get(person)
            why: Why = "" if who is None or who.reach == "ok" else who.reach
            if free is None:
                why = "second"
            if not why and not self._limit.allows(facts, person, day):
                why = "limit"
            yield Entry(hour, "notice", "owner", (item,), person, why=why)

    def _hears_else(self, facts: Facts, person: int, day: date) -> bool:
        return self._reminders.told(facts, person, day) or self._posts.is_summed_up(facts, person, day)


def owners(facts: Facts, aim: PlanAim) -> list[int]:
    """Who was named; else the chairs of the cluster, the unit's reporters, or for the province the office."""
    if aim.owner_id is not None:
        return [aim.owner_id]
    if aim.cluster_id is not None:
        return facts.reachable("chair", aim.cluster_id)
    if aim.unit_id in facts.units:
        return facts.reporters(aim.unit_id)
    return facts.reachable("office", 0)
