"""Facts and a day in; questions about estimates, notices of changes and of outages out, each with its hour."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta

from reporting.plan.days import OfficeDays
from reporting.plan.entries import Entry, Item, Why
from reporting.plan.facts import Change, Estimate, Facts, PlanRound
from reporting.plan.monthly_limit import MonthlyLimit
from reporting.plan.posts import PostPlan
from reporting.time.calendar import at, local_day

LEAST = timedelta(hours=1)  # what was off for less has missed nothing: the hours of a day's messages are wider
MOST_ASKED = 14  # days in which figures are asked about where the office names no last one
NEAR = timedelta(days=3)  # a briefing so near is told of at once, whatever else there is to say
MOST = timedelta(days=400)  # further back nobody wants to know


class ChangePlan:
    """Questions and notices of a day."""

    def __init__(self, days: OfficeDays, limit: MonthlyLimit, posts: PostPlan) -> None:
        self._days = days
        self._limit = limit
        self._posts = posts
        self.rules = days.rules
        self.calendar = days.calendar

    # --- are estimated figures final ----------------------------------------------------------------------------

    def asked_on(self, round_: PlanRound, day: date) -> str:
        """ "first" on the first worked day of the time for it, "last" on the last one before it ends, else ''."""
        first, last = round_.confirm_from_on, round_.confirm_by_on
        if first is None or not first <= day or (last is not None and day > last):
            return ""
        if day == self.calendar.next_working_day(first):
            return "first"
        before = last - timedelta(days=1) if last is not None else None
        return "last" if before and day == self.calendar.previous_working_day(before) else ""

    def questions(self, facts: Facts, day: date) -> Iterator[Entry]:
        """A question for each unit whose figures are filed and not final, to those who report for it.

        Twice, on the first and the last day for it; a person who is reminded on that day, or asked about another
        report, on the nearest one without a message.
        """
        moment = self.rules.morning(day)
        asked = {round_.id: self.asked_on(round_, day) for round_ in facts.rounds.values()}
        for estimate in facts.estimates:
            round_, which = facts.rounds[estimate.round_id], asked[estimate.round_id]
            why: Why = "" if estimate.state == "filed" else estimate.state
            reached = facts.reporters(estimate.unit_id)
            if not why and not reached:
                why = self._unreached(facts, estimate.unit_id)
            if not why and which and self.calendar.is_silent(day):
                why = "silence"
            if why and which:
                yield Entry(moment, "question", "secretary", (_question(estimate, which),), why=why)
            if not why and _may_confirm(round_, day) and not self.calendar.is_silent(day):
                for person in reached:
                    if own := self._asked(facts, estimate, person, day):
                        yield Entry(moment, "question", "secretary", (_question(estimate, own),), person)

    def _asked(self, facts: Facts, estimate: Estimate, person: int, day: date) -> str:
        """What asked_on says of the round, for that person: each report has a day of its own without a reminder."""
        round_ = facts.rounds[estimate.round_id]
        own = [one for one in facts.estimates_of[person] if _meanwhile(facts.rounds[one.round_id], round_)]
        index = own.index(estimate)
        first, by = round_.confirm_from_on or day, round_.confirm_by_on
        length = MOST_ASKED if by is None else (by - first).days
        free = [
            on
            for on in (first + timedelta(days=number) for number in range(length))
            if self.calendar.is_working_day(on)
            and not self.calendar.is_silent(on)
            and not self._limit.reminded(facts, person, on)
        ]
        if not free:
            return self.asked_on(round_, day)
        first_index, last_index = min(index, len(free) - 1), len(free) - 1 - index
        if day == free[first_index]:
            return "first"
        return "last" if by is not None and last_index > first_index and day == free[last_index] else ""

    def _unreached(self, facts: Facts, unit_id: int) -> Why:
        holders = [p for role in ("secretary", "deputy") for p in facts.holders.get((role, unit_id), ())]
        reasons = {facts.people[person].reach for person in holders}
        return "blocked" if "blocked" in reasons else "never" if reasons else "nobody"

    # --- what the office has changed ----------------------------------------------------------------------------

    def told_at(self, change: Change, opens_on: date, now: datetime) -> datetime:
        """When a change is told: at once, or when the quiet hours, a silence, or the wait for the opening are over."""
        return self._days.hour_to_tell(max(now, at(opens_on, 0)), change.about_at)

    def notices(self, facts: Facts, day: date) -> Iterator[Entry]:
        """What has been changed and not been told yet, to those it concerns; each of them once."""
        now = facts.now or self.rules.morning(facts.today)
        yield from self._chairs(facts, day, now)
        for change in facts.changes:
            if change.what in _CHAIRS_ONLY:
                continue
            moment = self.told_at(change, facts.rounds[change.round_id].opens_on, now)
            whom, asked_first = self._concerned(facts, change, moment)
            if self._second_today(facts, change, whom, moment):
                moment = self.told_at(change, local_day(moment) + timedelta(days=1), now)
                whom, asked_first = self._concerned(facts, change, moment)
            if local_day(moment) != day:
                continue
            why: Why = "past" if change.about_at <= moment else ""
            cluster_id = None if change.unit_id else change.cluster_id
            items = {to: (Item("change", change.round_id, change.unit_id, change.what, to),) for to in _ROLES}
            grouped = cluster_id is not None and facts.clusters[cluster_id].groups > 0
            for person in asked_first:
                yield Entry(moment, "notice", "secretary", items["secretary"], person, cluster_id, why or "merged")
            if not grouped and not whom and not asked_first:
                yield Entry(
                    moment, "notice", "secretary", items["secretary"], cluster_id=cluster_id, why=why or "nobody"
                )
            if grouped:
                yield Entry(moment, "notice", "group", items["group"], cluster_id=cluster_id, why=why)
            for person, role in whom.items():
                reach = facts.people[person].reach
                yield Entry(
                    moment, "notice", role, items[role], person, cluster_id, why or ("" if reach == "ok" else reach)
                )

    def _concerned(self, facts: Facts, change: Change, moment: datetime) -> tuple[dict[int, str], list[int]]:
        """Whom a change is told, each in a role; and who reports only for units that the opening, still ahead of that
        moment, tells how things stand: they know of nothing that has changed.
        """
        if change.unit_id:
            return dict.fromkeys(facts.reporters(change.unit_id), "secretary"), []
        whom = dict.fromkeys((c for c in change.chairs if c in facts.people), "chair")
        opening = facts.opens.get((change.round_id, change.cluster_id))
        ahead = self._days.opening_day(facts.rounds[change.round_id], opening) >= local_day(moment)
        first = dict[int, None]()
        for unit in facts.units.values():
            asked = change.what == "cancelled" or (change.round_id, unit.id) not in facts.exempt
            if unit.cluster_id == change.cluster_id and asked:
                new = [person for person in facts.reporters(unit.id) if person not in whom]
                if ahead and (change.round_id, unit.id) not in facts.heard:
                    first |= dict.fromkeys(new)
                else:
                    whom |= dict.fromkeys(new, "secretary")
        return whom, [person for person in first if person not in whom]

    def _second_today(self, facts: Facts, change: Change, whom: Mapping[int, str], moment: datetime) -> bool:
        """Whether it would be somebody's second message of today, and may as well be told tomorrow."""
        if change.unit_id or local_day(moment) != facts.today or change.about_at <= moment + NEAR:
            return False  # a unit waits for its own deadline, a meeting so near is told at once
        return any(
            person in facts.told
            or person in facts.noticed
            or (
                facts.people[person].evening
                and moment + LEAST < self.rules.evening(facts.today)
                and self._limit.reminded(facts, person, facts.today)
            )
            for person, role in whom.items()
            if role == "secretary"  # who chairs waits for no reminder: the entry of a calendar has to be right
        )

    def _chairs(self, facts: Facts, day: date, now: datetime) -> Iterator[Entry]:
        """One message to who chairs a cluster's briefings, or no longer does, of all that has not been told."""
        told: dict[tuple[datetime, int, int, str], list[Item]] = {}
        for change in facts.changes:
            if change.what not in _CHAIRS_ONLY:
                continue
            item = Item("change", change.round_id, 0, change.what, "chair")
            for person in change.chairs:
                moment = self._beside_summary(facts, change, person, now)
                if local_day(moment) == day and moment < change.about_at:
                    told.setdefault((moment, person, change.cluster_id, change.what), []).append(item)
        for (moment, person, cluster, _), items in told.items():
            if person in facts.people:
                reach = facts.people[person].reach
                why: Why = "" if reach == "ok" else reach
                yield Entry(moment, "notice", "chair", tuple(items), person, cluster, why)

    def _beside_summary(self, facts: Facts, change: Change, person: int, now: datetime) -> datetime:
        """When a chair is told: the day after, where the day has brought a message or brings the week's summary, unless
        it is near."""
        moment = self.told_at(change, facts.rounds[change.round_id].opens_on, now)
        later = self.told_at(change, local_day(moment) + timedelta(days=1), now)
        second = local_day(moment) == facts.today and (person in facts.told or person in facts.noticed)
        second = second or self._posts.is_summed_up(facts, person, local_day(moment))
        return later if second and later + NEAR < change.about_at else moment

    def announced(self, facts: Facts, day: date) -> Iterator[Entry]:
        """What is told by other means than this plan, so that whoever looks ahead sees it."""
        for one in facts.announced:
            if local_day(one.at) == day:
                to = "office" if one.what == "unsure" else "secretary" if one.unit_id else "person"
                item = Item(one.what, 0, one.unit_id, "", to)
                told = facts.reporters(one.unit_id) if one.unit_id else [one.person_id]
                yield from (Entry(one.at, "notice", to, (item,), person) for person in told)

    # --- what an outage has left out ----------------------------------------------------------------------------

    def missed(self, facts: Facts, left_out: Sequence[Entry]) -> Iterator[Entry]:
        """After the machine was off, one notice to each of the office."""
        morning = self.rules.morning(facts.today)
        moment = max(morning, facts.now or morning)
        if not left_out or moment >= self.rules.closing(facts.today):
            return  # of an evening it is told the next day
        for person in facts.holders.get(("office", 0), ()):
            reach = facts.people[person].reach
            item = Item("missed", 0, 0, "", "office")
            yield Entry(moment, "notice", "office", (item,), person, why="" if reach == "ok" else reach)

    def left_out(self, facts: Facts, told: Callable[[date], Iterable[Entry]]) -> list[Entry]:
        """The messages of the days before today that fell into the time in which the machine was off.

        What was due today still goes out; a clock that was set back has missed nothing.
        """
        now, seen = facts.now, facts.seen_at
        if now is None or seen is None or now - seen <= LEAST:
            return []
        seen = max(seen, now - MOST)
        days = [local_day(seen) + timedelta(days=n) for n in range((facts.today - local_day(seen)).days)]
        return [entry for day in days for entry in told(day) if not entry.why and entry.at > seen]


def _question(estimate: Estimate, which: str) -> Item:
    return Item("own", estimate.round_id, estimate.unit_id, which, "secretary")


def _meanwhile(one: PlanRound, other: PlanRound) -> bool:
    """Whether there is a day on which the figures of both may be called final."""
    first, last = one.confirm_from_on, other.confirm_from_on
    if first is None or last is None:
        return False
    return first <= (other.confirm_by_on or date.max) and last <= (one.confirm_by_on or date.max)


def _may_confirm(round_: PlanRound, day: date) -> bool:
    first, by = round_.confirm_from_on, round_.confirm_by_on
    return first is not None and first <= day and (by is None or day <= by)


_ROLES = ("group", "chair", "secretary")
_CHAIRS_ONLY = ("chair", "no_chair")
