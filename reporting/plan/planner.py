"""Facts, rules and calendar in, every message of a day out: to whom and why, and what is left out and why.

The scheduler asks it for today, `giaoban plan` for any days: they cannot differ.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta

from reporting.plan.aims import AimPlan
from reporting.plan.changes import ChangePlan
from reporting.plan.counts import CountPlan
from reporting.plan.days import OfficeDays
from reporting.plan.entries import Entry
from reporting.plan.facts import Facts
from reporting.plan.monthly_limit import MonthlyLimit
from reporting.plan.posts import PostPlan
from reporting.plan.reminders import ReminderPlan
from reporting.plan.weeks import WeekPlan
from reporting.time.calendar import VietnamCalendar, local_day
from reporting.time.rules import Rules

SOON = timedelta(hours=1)  # a change is told with a reminder that is due so soon


class Planner:
    """The plan of any day by one office's rules and calendar.

    reminders, posts, changes, counts: its parts, each asked alone by the job that sends what it says.
    """

    def __init__(self, rules: Rules, calendar: VietnamCalendar) -> None:
        self.rules = rules
        self.calendar = calendar
        self.days = OfficeDays(rules, calendar)
        weeks = WeekPlan(self.days)
        limit = MonthlyLimit(self.days, weeks)
        self.reminders = ReminderPlan(self.days, weeks, limit)
        self.posts = PostPlan(self.days, weeks, self.reminders)
        self.changes = ChangePlan(self.days, limit, self.posts)
        self.counts = CountPlan(rules)
        self.aims = AimPlan(self.days, limit, self.reminders, self.posts)

    def day(self, facts: Facts, day: date) -> list[Entry]:
        """Every message of a local day, in order, with those that are not sent."""
        found = [
            *self._repeated(facts, day),
            *self.changes.notices(facts, day),
            *self.counts.day(facts, day),
            *self.aims.day(facts, day),
            *self.changes.announced(facts, day),
            *(self.missed(facts) if day == facts.today else ()),
        ]
        return sorted(found, key=_order)

    def between(self, facts: Facts, first: date, last: date) -> Iterator[Entry]:
        """The same for every day of a range."""
        for number in range((last - first).days + 1):
            yield from self.day(facts, first + timedelta(days=number))

    def left_out(self, facts: Facts) -> list[Entry]:
        """What the time in which the machine was off has left out; see ChangePlan.left_out."""
        return self.changes.left_out(facts, lambda on: self._repeated(facts, on))

    def missed(self, facts: Facts) -> list[Entry]:
        """Today's notice to the office of what was left out."""
        return list(self.changes.missed(facts, self.left_out(facts)))

    def _repeated(self, facts: Facts, day: date) -> Iterable[Entry]:
        """What goes out because of the day, not because of what has just happened."""
        yield from self.reminders.day(facts, day)
        yield from self.posts.posts(facts, day)
        yield from self.posts.digests(facts, day)
        yield from self.changes.questions(facts, day)


def as_told(entries: Iterable[Entry]) -> list[Entry]:
    """The messages as they reach people: all changes that a person is told of at one time are one, or a part of the
    day's reminder.
    """
    found = list(entries)
    reminded = {
        (e.person_id, local_day(e.at)): e for e in found
        if e.kind == "reminder" and not e.why and all(item.part != "pack" for item in e.items)
    }  # fmt: skip
    told: dict[tuple[datetime, int], list[Entry]] = {}
    for entry in found:
        if entry.person_id is not None and entry.kind == "notice" and not entry.why and entry.items[0].part == "change":
            due = reminded.get((entry.person_id, local_day(entry.at)))
            moment = due.at if due is not None and entry.at <= due.at <= entry.at + SOON else entry.at
            told.setdefault((moment, entry.person_id), []).append(entry)
    gone = {id(entry) for own in told.values() for entry in own}
    whole = []
    for (moment, person), own in told.items():
        due = reminded.get((person, local_day(moment)))
        first = due if due is not None and due.at == moment else own[0]
        gone.add(id(first))
        items = [replace(item, cluster_id=entry.cluster_id or 0) for entry in own for item in entry.items]
        whole.append(replace(first, items=(*(first.items if first is not own[0] else ()), *items)))
    return sorted([*(entry for entry in found if id(entry) not in gone), *whole], key=_order)


def _order(entry: Entry) -> tuple[object, ...]:
    return (entry.at, entry.kind, entry.cluster_id or 0, entry.person_id or 0, entry.why, entry.items)
