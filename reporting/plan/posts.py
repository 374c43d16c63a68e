"""Facts and a day in, the posts to clusters' groups and the leaders' weekly summaries out."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta

from reporting.plan.days import OfficeDays, digest_day
from reporting.plan.entries import Entry, Item, Why
from reporting.plan.facts import Facts, Meeting, Person, PlanRound
from reporting.plan.reminders import ReminderPlan
from reporting.time.calendar import at, local_day

_WEEK = timedelta(weeks=1)


class PostPlan:
    """Posts and summaries of a day; several periods that are open at once are told of together."""

    def __init__(self, days: OfficeDays, reminders: ReminderPlan) -> None:
        self._days = days
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
        """One summary a leader and week, of the periods that are still followed: on its first worked day, or for who is
        reminded of something on that day on the next one.
        """
        first = digest_day(self.calendar, day)
        if day < first:
            return
        last = self.last_digests(facts)
        rounds = [r for r in facts.rounds.values() if self._followed(r, first, last[r.id])]
        # What is owed comes first, of it what was due first: what a long message leaves out stands last.
        rounds.sort(key=lambda r: (r.id not in facts.late, last[r.id], r.code))
        items = tuple(Item("digest", r.id, 0, "", "leader") for r in rounds)
        first_of_month = (day - timedelta(days=day.weekday())).day <= 7
        hour = self.rules.summaries
        for person in facts.holders.get(("leader", 0), ()):
            who = facts.people[person]
            why: Why = "" if who.reach == "ok" else who.reach
            if not items:
                why = why or "settled"
            if not why and (who.digest == "off" or (who.digest == "monthly" and not first_of_month)):
                why = "fewer"
            if not why and self.calendar.is_silent(first):
                why = "silence"
            told_on = first if why else self._told_on(facts, person, first)
            if day == first and told_on != first:
                why = "second"
            if day in (first, told_on):
                yield Entry(at(day, hour.hour, hour.minute), "digest", "leader", items, person_id=person, why=why)

    def _told_on(self, facts: Facts, person: int, first: date) -> date:
        """The first worked day of the week, from its summary's on, without a reminder for the person; else that day."""
        week = [first + timedelta(days=number) for number in range(7 - first.weekday())]
        worked = [day for day in week if self.calendar.is_working_day(day) and not self.calendar.is_silent(day)]
        return next((day for day in worked if not self._reminders.told(facts, person, day)), first)

    def is_summed_up(self, facts: Facts, person: int, day: date) -> bool:
        """Whether the person gets the week's summary on that day."""
        return any(entry.person_id == person and not entry.why for entry in self.digests(facts, day))

    def _followed(self, round_: PlanRound, day: date, last: date) -> bool:
        """Whether that day's summary tells of the round: until the week after the last deadline and briefing, and
        again while estimates are called final.
        """
        if day < round_.opens_on or (round_.begins_on is not None and day < round_.begins_on):
            return False
        if day <= last or day in self._after_targets(round_):
            return True
        first, by = round_.confirm_from_on, round_.confirm_by_on
        return first is not None and first <= day and (by is None or day <= digest_day(self.calendar, by + _WEEK))

    def _after_targets(self, round_: PlanRound) -> list[date]:
        """The summary after the day of each target says once more what was reached, long after the round."""
        return [digest_day(self.calendar, due_on + _WEEK) for due_on in round_.targets_on]

    def last_digests(self, facts: Facts) -> dict[int, date]:
        """By round: the day of its last summary, in the week after its last due day or briefing.

        It comes also where the period has been locked by then. Afterwards it is told only of what is confirmed; a
        period that was opened later than that is followed for one more week.
        """
        ends = {round_.id: round_.opens_on for round_ in facts.rounds.values()}
        for meeting in facts.meetings:
            met_on = meeting.due_on if meeting.starts_at is None else local_day(meeting.starts_at)
            ends[meeting.round_id] = max(ends[meeting.round_id], meeting.due_on, met_on)
        return {round_id: digest_day(self.calendar, end + _WEEK) for round_id, end in ends.items()}


def _passed_on(facts: Facts, cluster_id: int) -> list[Person]:
    """Who chairs the cluster and wants its posts."""
    chairs = [facts.people[number] for number in facts.holders.get(("chair", cluster_id), ())]
    return [who for who in chairs if who.posts == "on"]


def _told_of(round_: PlanRound, meeting: Meeting, day: date) -> bool:
    """While the period is open, and where it is locked ahead of the cluster's briefing, until that is over."""
    ahead = meeting.starts_at is not None and round_.opens_on <= day <= local_day(meeting.starts_at)
    return ahead or round_.is_open(day)
