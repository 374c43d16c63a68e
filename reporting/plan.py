"""The plan of messages: what goes out on a day, to whom and why, and what does not and why not; pure.

The scheduler asks it for today, `giaoban plan` for any days: they cannot differ.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from reporting.calendar import VietnamCalendar, at, local_day
from reporting.plan_facts import Debt, Facts, PlanRound
from reporting.rungs import Audience, Rules, rung_name

Kind = Literal["reminder", "group_post", "digest"]

# What a message says about a unit. own: to who reports for it. watched: to who is in charge of it. cluster, office:
# in a list of those who are late. lost: in the office's list of units that no reminder reaches.
Part = Literal["own", "watched", "cluster", "office", "lost"]

# Why a message is not sent. filed: nothing is owed. blocked, never, nobody: it would reach nobody. silence: Tết, or a
# day the office has marked. off: it is due on a day off. merged: another rung falls on the same day. fewer: the
# person wants fewer. snoozed: the person has asked for another hour. second: the person has had today's reminder.
Why = Literal["", "filed", "blocked", "never", "nobody", "silence", "off", "merged", "fewer", "snoozed", "second"]

_PARTS: dict[Audience, Part] = {
    "secretary": "own", "deputy": "own", "commune": "watched", "mentor": "watched", "chair": "cluster",
    "office": "office",
}  # fmt: skip


@dataclass(frozen=True, slots=True, order=True)
class Item:
    """One thing a message is about. rung: T-3, T+1, "again", "help", "lost"; of a post "open", "T-3", "after"."""

    part: Part
    round_id: int
    unit_id: int
    rung: str
    to: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One message to one person or to a cluster's groups; `why` tells why it is not sent, '' that it is.

    to: the role in which it is received. A message that nobody would get has neither a person nor a cluster.
    """

    at: datetime
    kind: Kind
    to: str
    items: tuple[Item, ...] = ()
    person_id: int | None = None
    cluster_id: int | None = None
    rung: str = ""
    round_id: int = 0
    why: Why = ""


def digest_day(calendar: VietnamCalendar, day: date) -> date:
    """The day of that week's summary: Monday, or the first worked day after it."""
    return calendar.next_working_day(day - timedelta(days=day.weekday()))


class Planner:
    """The plan of any day by one office's rules and calendar."""

    def __init__(self, rules: Rules, calendar: VietnamCalendar) -> None:
        self.rules = rules
        self.calendar = calendar
        self._days: dict[tuple[date, tuple[int, ...]], dict[date, int]] = {}

    def day(self, facts: Facts, day: date) -> list[Entry]:
        """Every message of a local day, in order, with those that are not sent."""
        found = [*self._reminders(facts, day), *self._posts(facts, day), *self._digests(facts, day)]
        return sorted(found, key=lambda e: (e.at, e.kind, e.cluster_id or 0, e.person_id or 0, e.why, e.items))

    def between(self, facts: Facts, first: date, last: date) -> Iterator[Entry]:
        """The same for every day of a range."""
        for number in range((last - first).days + 1):
            yield from self.day(facts, first + timedelta(days=number))

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

    # --- reminders --------------------------------------------------------------------------------------------

    def _reminders(self, facts: Facts, day: date) -> list[Entry]:
        """One message a person: whatever there is to say to somebody on a day is said together."""
        morning = self.rules.morning(day)
        found: list[Entry] = []
        baskets: dict[int, set[Item]] = defaultdict(set)
        for (round_id, due_on), debts in facts.by_due.items():
            round_ = facts.rounds[round_id]
            if not round_.is_open(day):
                continue
            rung = self.rung_days(due_on, self.rules.rungs).get(day)
            found += self._left_out(facts, round_, debts, due_on, day, rung)
            for debt in debts if rung is not None else ():
                if not debt.filed:
                    self._tell(facts, debt, rung or 0, baskets, found, morning)
            if self.calendar.rung_day(due_on, self.rules.unreachable) == day:
                for debt in debts:
                    if not debt.filed and not facts.reporters(debt.unit_id):
                        for person in facts.holders.get(("office", 0), ()):
                            baskets[person].add(Item("lost", round_id, debt.unit_id, "lost", "office"))
        self._add_extras(facts, day, baskets)
        for person, items in baskets.items():
            found += self._to_person(facts, person, items, day)
        return found

    def _tell(
        self,
        facts: Facts,
        debt: Debt,
        rung: int,
        baskets: dict[int, set[Item]],
        found: list[Entry],
        morning: datetime,
    ) -> None:
        """Puts the unit's report into the baskets of everybody whom this rung tells."""
        unit = facts.units[debt.unit_id]
        whom = self.rules.rungs[rung]
        if "secretary" in whom and "deputy" not in whom and not facts.reachable("secretary", unit.id):
            whom = (*whom, "deputy")
        places = {"commune": unit.parent_id or -1, "chair": unit.cluster_id, "office": 0}
        nobody = True
        for audience in whom:
            role = "secretary" if audience == "commune" else audience
            for person in facts.holders.get((role, places.get(audience, unit.id)), ()):
                part = _PARTS[audience]
                nobody = nobody and part != "own"
                basket = baskets[person]
                if part == "watched" and any(i.part == "own" and i.unit_id == unit.id for i in basket):
                    continue  # the unit above is reported for by the same person, who has heard it already
                basket.add(Item(part, debt.round_id, unit.id, rung_name(rung), audience))
        if nobody and "secretary" in whom:
            item = Item("own", debt.round_id, unit.id, rung_name(rung), "secretary")
            found.append(Entry(morning, "reminder", "secretary", (item,), why="nobody"))

    def _left_out(
        self, facts: Facts, round_: PlanRound, debts: Sequence[Debt], due_on: date, day: date, rung: int | None
    ) -> Iterator[Entry]:
        """What is said to nobody on that day: to those who have filed, in a silence, or because of another rung."""
        reasons: list[tuple[int, Why]] = []
        for other in self.rules.rungs:
            lands_on = self.calendar.rung_day(due_on, other)
            if other == 0 and not self.calendar.is_working_day(due_on):
                if due_on == day:
                    reasons.append((other, "silence" if self.calendar.is_silent(day) else "off"))
            elif lands_on is None and due_on - timedelta(days=other) == day:
                reasons.append((other, "silence"))
            elif lands_on == day and other != rung:
                reasons.append((other, "merged"))
        owed = [debt for debt in debts if not debt.filed]
        told = [(other, why, owed) for other, why in reasons]
        if rung is not None:
            told.append((rung, "filed", [debt for debt in debts if debt.filed]))
        for other, why, whose in told:
            items = tuple(Item("own", round_.id, d.unit_id, rung_name(other), "secretary") for d in whose)
            if items:
                yield Entry(self.rules.morning(day), "reminder", "secretary", items, why=why)

    def _add_extras(self, facts: Facts, day: date, baskets: dict[int, set[Item]]) -> None:
        for extra in facts.extras:
            if local_day(extra.due_at) == day and (extra.round_id, extra.unit_id) in facts.owed:
                item = Item("own", extra.round_id, extra.unit_id, extra.rung, "secretary")
                baskets[extra.person_id].add(item)

    def _to_person(self, facts: Facts, person: int, items: set[Item], day: date) -> Iterator[Entry]:
        """The day's one message to a person, and what of it is left out."""
        who = facts.people[person]
        due_at = [e.due_at for e in facts.extras if e.person_id == person and e.rung == "again"]
        again = next((moment for moment in sorted(due_at) if local_day(moment) == day), None)
        sent: set[Item] = set()
        left: dict[Why, set[Item]] = defaultdict(set)
        for item in items:
            left_out: Why = self._why_not(facts, item, person, day, later=any(local_day(m) > day for m in due_at))
            (left[left_out] if left_out else sent).add(item)
        at_ = self.rules.morning(day)
        if again is not None:
            at_ = again
        elif sent and all(item.rung == "help" for item in sent):
            at_ = min(e.due_at for e in facts.extras if e.person_id == person and local_day(e.due_at) == day)
        if sent:
            yield _to(who.id, at_, sent)
        for why, whose in left.items():
            yield _to(who.id, at_, whose, why)

    def _why_not(self, facts: Facts, item: Item, person: int, day: date, later: bool) -> Why:
        who = facts.people[person]
        if who.reach != "ok":
            return who.reach
        if item.rung == "again":
            return ""
        if person in facts.told and day == facts.today:
            return "second"
        if later and item.part == "own":
            return "snoozed"
        if who.reminders == "last" and item.rung.startswith("T") and item.part != "office":
            due_on = facts.owed[item.round_id, item.unit_id].due_on
            if item.part != "own" or self.calendar.rung_day(due_on, self.rules.last_call) != day:
                return "fewer"
        return ""

    # --- posts and digests ------------------------------------------------------------------------------------

    def _posts(self, facts: Facts, day: date) -> Iterator[Entry]:
        """A cluster's group hears at most one thing about a round at one hour."""
        for meeting in facts.meetings:
            round_, cluster = facts.rounds[meeting.round_id], facts.clusters[meeting.cluster_id]
            if not round_.is_open(day) or not cluster.groups:
                continue
            met_on = None if meeting.starts_at is None else local_day(meeting.starts_at)
            # On the day of the briefing itself the post comes after it.
            ahead = [rung for rung in self.rules.posts if rung != 0 or met_on != meeting.due_on]
            rung = self.rung_days(meeting.due_on, ahead).get(day)
            name = "" if rung is None else rung_name(rung)
            if self.calendar.next_working_day(round_.opens_on) == day:
                name = "open"
            hours = [(name, self.rules.summaries)] if name else []
            if met_on == day:
                hours.append(("after", self.rules.after_briefing))
            for told, hour in hours:
                why: Why = "silence" if self.calendar.is_silent(day) else ""
                yield Entry(
                    at(day, hour.hour, hour.minute), "group_post", "group", cluster_id=cluster.id, rung=told,
                    round_id=round_.id, why=why,
                )  # fmt: skip

    def _digests(self, facts: Facts, day: date) -> Iterator[Entry]:
        if digest_day(self.calendar, day) != day or not any(r.is_open(day) for r in facts.rounds.values()):
            return
        first_of_month = (day - timedelta(days=day.weekday())).day <= 7
        hour = self.rules.summaries
        for person in facts.holders.get(("leader", 0), ()):
            who = facts.people[person]
            why: Why = "" if who.reach == "ok" else who.reach
            if not why and (who.digest == "off" or (who.digest == "monthly" and not first_of_month)):
                why = "fewer"
            if not why and self.calendar.is_silent(day):
                why = "silence"
            yield Entry(at(day, hour.hour, hour.minute), "digest", "leader", person_id=person, why=why)


def _to(person: int, at_: datetime, items: Iterable[Item], why: Why = "") -> Entry:
    ordered = tuple(sorted(items))
    return Entry(at_, "reminder", ordered[0].to, ordered, person_id=person, why=why)
