"""Quick counts that run in; when who has not answered is asked and reminded, hours ahead and never at night, out."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from reporting.plan.entries import Entry, Item, Why
from reporting.plan.facts import Facts, PlanCount
from reporting.time.calendar import local_day
from reporting.time.rules import Rules, hour_name

CALLED = "call"  # the rung on which it is asked
_APART = timedelta(minutes=45)  # between two messages about the same count


class CountPlan:
    """The calls of a day."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules

    def calls(self, opened_at: datetime, due_at: datetime) -> list[tuple[str, datetime]]:
        """The rungs of a count with their instants: asked at once, reminded some hours before it ends.

        What would fall into the quiet hours is said at their end. Empty where that is too late for an answer.
        """
        found = [(CALLED, self.rules.awake_at(opened_at))]
        for hours in sorted(self.rules.hours, reverse=True):
            moment = self.rules.awake_at(due_at - timedelta(hours=hours))
            if moment - found[-1][1] >= _APART:
                found.append((hour_name(hours), moment))
        return [(rung, moment) for rung, moment in found if moment < due_at]

    def day(self, facts: Facts, day: date) -> Iterator[Entry]:
        """One message to each person and rung, of all the units the person reports for that still owe the count."""
        for count in facts.counts:
            for rung, moment in self.calls(count.opened_at, count.due_at):
                if local_day(moment) == day:
                    yield from self._call(facts, count, rung, moment)

    def _call(self, facts: Facts, count: PlanCount, rung: str, moment: datetime) -> Iterator[Entry]:
        told: dict[int, list[Item]] = defaultdict(list)
        for unit_id in count.owing:
            item = Item("quick", count.id, unit_id, rung, "secretary")
            whom = facts.reporters(unit_id)
            for person in whom:
                told[person].append(item)
            if not whom:
                yield Entry(moment, "reminder", "secretary", (item,), why="nobody")
        last = self.calls(count.opened_at, count.due_at)[-1][0]
        for person, items in told.items():
            fewer = facts.people[person].reminders == "last" and rung not in (CALLED, last)
            why: Why = "fewer" if fewer else ""
            yield Entry(moment, "reminder", "secretary", tuple(sorted(items)), person, why=why)
