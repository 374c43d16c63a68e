"""Facts and a day in, the posts to clusters' groups and the leaders' weekly summaries out."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime

from reporting.plan.days import OfficeDays
from reporting.plan.entries import Entry, Item, Why
from reporting.plan.facts import Facts, Meeting, Person, PlanRound
from reporting.plan.reminders import ReminderPlan
from reporting.plan.weeks import WeekPlan
from reporting.time.calendar import at, local_day


class PostPlan:
    """Posts and summaries of a day; several periods that are open at once are told of together."""

    def __init__(self, days: OfficeDays, weeks: WeekPlan, reminders: ReminderPlan) -> None:
        self._days = days
        self._weeks = weeks
        self._reminders = reminders
        self.rules = days.rules
        self.calendar = days.calendar

    def posts(self, facts: Facts, day: date) -> Iterator[Entry]:
        """A cluster's groups get at most one message an hour, with every period there is something to say of; where
        it has none, those who chair it and want to pass it on.
        """
        why: Why = "silence" if self.calendar.is_silent(day) else ""
        told: dict[tuple[datetime, int], list[tuple[date, str, Item]]] = defaultdict(list)
        for meeting in facts.meetings:
            round_ = facts.rounds[meeting.round_id]
            if _told_of(round_, meeting, day) and (
                facts.clusters[meeting.cluster_id].groups or _passed_on(facts, meeting.cluster_id)
            ):
                for hour, rung in self._hours(meeting, self._days.opening_day(round_, meeting.opens_on), day):
                    item = Item("post", round_.id, 0, rung, "group")
                    told[hour, meeting.cluster_id].append((meeting.due_on, round_.code, item))
        for (hour, cluster), found in told.items():
            items = tuple(item for _, _, item in sorted(found, key=lambda one: one[:2]))
            if facts.clusters[cluster].groups:
                yield Entry(hour, "group_post", "group", items, cluster_id=cluster, why=why)
                continue
            own = tuple(replace(item, to="chair") for item in items)
            for who in _passed_on(facts, cluster):
                unreached: Why = "" if who.reach == "ok" else who.reach
                if not unreached and self._reminders.has_pack(facts, who.id, day):
                    unreached = "second"  # the papers bring a text to pass on
                yield Entry(hour, "group_post", "chair", own, who.id, cluster, why or unreached)

    def _hours(self, meeting: Meeting, opening: date, day: date) -> Iterator[tuple[datetime, str]]:
        met_on = None if meeting.starts_at is None else local_day(meeting.starts_at)
        # People know the day they meet; on that day itself the post comes after it.
        ahead = [rung for rung in self.rules.posts if rung != 0 or met_on is None]
        rung = self._days.post_rung(met_on or meeting.due_on, ahead, day)
        if opening == day:
            rung = "open"
        if rung:
            yield at(day, self.rules.summaries.hour, self.rules.summaries.minute), rung
        if met_on == day:
            yield at(day, self.rules.after_briefing.hour, self.rules.after_briefing.minute), "after"

    def digests(self, facts: Facts, day: date) -> Iterator[Entry]:
        """One summary a leader and week, of the periods that are still followed: on its first worked day. Who is
        reminded on that day has it below the reminder (ReminderPlan), and no other message.
        """
        first = self._weeks.first(day)
        items, hour = self._weeks.items(facts, first), self.rules.summaries
        for person in facts.holders.get(("leader", 0), ()) if day >= first else ():
            why = self._weeks.why_not(facts, person, first)
            told_on = first if why else self._reminders.week_on(facts, person, first)
            if told_on == day and not why and self._reminders.told(facts, person, day):
                continue
            if told_on != first and day == first:
                why = "limit"
            if day in (first, told_on):
                yield Entry(at(day, hour.hour, hour.minute), "digest", "leader", items, person_id=person, why=why)

    def is_summed_up(self, facts: Facts, person: int, day: date) -> bool:
        """Whether the person gets the week's summary on that day, in whatever message."""
        first = self._weeks.first(day)
        if person not in facts.holders.get(("leader", 0), ()) or self._weeks.why_not(facts, person, first):
            return False
        return self._reminders.week_on(facts, person, first) == day


def _passed_on(facts: Facts, cluster_id: int) -> list[Person]:
    """Who chairs the cluster and wants its posts."""
    chairs = [facts.people[number] for number in facts.holders.get(("chair", cluster_id), ())]
    return [who for who in chairs if who.posts == "on"]


def _told_of(round_: PlanRound, meeting: Meeting, day: date) -> bool:
    """While the period is open, and where it is locked ahead of the cluster's briefing, until that is over."""
    ahead = meeting.starts_at is not None and round_.opens_on <= day <= local_day(meeting.starts_at)
    return ahead or round_.is_open(day)
