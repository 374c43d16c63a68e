"""Targets that were set and a day in; once a month who answers for them is told of those that are not met, out."""

from collections.abc import Iterator
from datetime import date

from reporting.plan.days import OfficeDays
from reporting.plan.entries import Entry, Item, Why
from reporting.plan.facts import Facts, PlanAim
from reporting.plan.monthly_limit import MonthlyLimit
from reporting.time.calendar import at


class AimPlan:
    """The nudges of a day: one message to each person on the first worked day of the month that is no silence."""

    def __init__(self, days: OfficeDays, limit: MonthlyLimit) -> None:
        self.rules = days.rules
        self.calendar = days.calendar
        self._limit = limit

    def is_day(self, day: date) -> bool:
        """Whether targets are told of on that day."""
        first = self.calendar.next_working_day(day.replace(day=1))
        while self.calendar.is_silent(first):
            first = self.calendar.next_working_day(date.fromordinal(first.toordinal() + 1))
        return first == day

    def day(self, facts: Facts, day: date) -> Iterator[Entry]:
        """To everybody who answers for a target; whether one of his is not met, the figures tell on the day."""
        if not facts.aims or not self.is_day(day):
            return
        hour = at(day, self.rules.summaries.hour, self.rules.summaries.minute)
        item = Item("aim", 0, 0, "", "owner")
        for person in sorted({person for aim in facts.aims for person in owners(facts, aim)}):
            who = facts.people.get(person)
            why: Why = "" if who is None or who.reach == "ok" else who.reach
            if not why and not self._limit.allows(facts, person, day):
                why = "limit"
            yield Entry(hour, "notice", "owner", (item,), person, why=why)


def owners(facts: Facts, aim: PlanAim) -> list[int]:
    """Who was named; else the chairs of the cluster, the unit's reporters, or for the province the office."""
    if aim.owner_id is not None:
        return [aim.owner_id]
    if aim.cluster_id is not None:
        return facts.reachable("chair", aim.cluster_id)
    if aim.unit_id in facts.units:
        return facts.reporters(aim.unit_id)
    return facts.reachable("office", 0)
