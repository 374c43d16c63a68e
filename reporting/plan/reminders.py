"""Facts and a day in, its reminders out: one message a person, and what is left out and why."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence, Set
from datetime import date, datetime, timedelta

from reporting.plan.days import OfficeDays
from reporting.plan.entries import Entry, Item, Part, Why
from reporting.plan.facts import Debt, Facts, Person, PlanRound
from reporting.plan.monthly_limit import MonthlyLimit
from reporting.plan.weeks import WeekPlan
from reporting.time.calendar import local_day
from reporting.time.rules import OPENING, Audience, rung_name

_PARTS: dict[Audience, Part] = {
    "secretary": "own", "deputy": "own", "commune": "watched", "mentor": "watched", "chair": "cluster",
    "office": "office",
}  # fmt: skip


_OPENING: tuple[Audience, ...] = ("secretary",)

_LOOKED_AHEAD = 45  # days: the next month has room again

# Reminders of a unit that somebody has asked for: the chair of its cluster, the office, the commune.
HELPS = ("help", "asked", "above")

PACK_RUNG = 1  # worked days before a briefing on which who chairs it and the office get its papers


class ReminderPlan:
    """The reminders of a day; see `day`."""

    def __init__(self, days: OfficeDays, weeks: WeekPlan, limit: MonthlyLimit) -> None:
        self._days = days
        self._weeks = weeks
        self._limit = limit
        self.rules = days.rules
        self.calendar = days.calendar
        self._facts: Facts | None = None
        self._told: dict[date, frozenset[int]] = {}

    def told(self, facts: Facts, person: int, day: date) -> bool:
        """Whether the person has had a reminder on that day, or will as far as can be foreseen."""
        if day < facts.today:
            return day in facts.told_before.get(person, ())
        if facts is not self._facts:
            self._facts, self._told = facts, {}
        if day not in self._told:
            self._told[day] = frozenset(e.person_id for e in self.day(facts, day) if e.person_id and not e.why)
        return person in self._told[day] or (day == facts.today and person in facts.told)

    def week_on(self, facts: Facts, person: int, first: date) -> date | None:
        """The day for a summary whose own day is `first`: that one, or where it is one too many of the month the next
        one of the week on which the person is reminded. Once it has gone out, the day of that.
        """
        told = [on for on in facts.summed.get(person, ()) if on - timedelta(days=on.weekday()) <= first <= on]
        if told:
            return told[0]
        if self._limit.allows(facts, person, first):
            return first
        rest = (first + timedelta(days=number) for number in range(1, 7 - first.weekday()))
        return next((on for on in rest if on.month == first.month and self._limit.kept(facts, person, on)), None)

    def has_pack(self, facts: Facts, person: int, day: date) -> bool:
        """Whether the person's message of that day has the papers of a meeting in it."""
        baskets: dict[int, set[Item]] = defaultdict(set)
        self._packs(facts, day, baskets)
        return person in baskets

    def day(self, facts: Facts, day: date) -> list[Entry]:
        """One message a person: whatever there is to say to somebody on a day is said together."""
        morning = self.rules.morning(day)
        found: list[Entry] = []
        baskets: dict[int, set[Item]] = defaultdict(set)
        for (round_id, due_on), whole in facts.by_due.items():
            round_ = facts.rounds[round_id]
            debts = whole if round_.is_open(day) else [debt for debt in whole if debt.reopened]
            if not debts:
                continue
            rung = self._days.rung_days(due_on, self.rules.rungs).get(day)
            found += self._left_out(facts, round_, debts, due_on, day, rung)
            told = [] if rung is None else [(rung, self.rules.rungs[rung])]
            for debt in debts:
                opening = facts.opens.get((round_id, facts.units[debt.unit_id].cluster_id))
                first = [(OPENING, _OPENING)] * (self._days.opening_day(round_, opening) == day)
                if not debt.filed and (told or first):
                    self._tell(facts, debt, [*told, *first], baskets, found, morning)
            if self.calendar.rung_day(due_on, self.rules.unreachable) == day:
                for debt in debts:
                    if not debt.filed and not facts.reporters(debt.unit_id):
                        for person in facts.holders.get(("office", 0), ()):
                            baskets[person].add(Item("lost", round_id, debt.unit_id, "lost", "office"))
        self._before_meetings(facts, day, baskets)
        self._packs(facts, day, baskets)
        self._add_extras(facts, day, baskets)
        self._add_put_off(facts, day, baskets)
        self._add_tasks(facts, day, baskets)
        self._add_week(facts, day, baskets)
        for person, items in baskets.items():
            found += self._to_person(facts, person, items, day)
        return found

    def _tell(
        self,
        facts: Facts,
        debt: Debt,
        told: Sequence[tuple[int, Sequence[Audience]]],
        baskets: dict[int, set[Item]],
        found: list[Entry],
        morning: datetime,
    ) -> None:
        """Puts the unit's report into the baskets of everybody whom these rungs tell."""
        met_on = facts.met.get((debt.round_id, facts.units[debt.unit_id].cluster_id))
        for rung, whom in told:
            if met_on is None or rung >= 0 or self._days.is_before(met_on, local_day(morning)):
                whom = [one for one in whom if one != "chair"]  # see _before_meetings; who chairs none has no list
            if "secretary" in whom and "deputy" not in whom and not facts.reachable("secretary", debt.unit_id):
                whom = (*whom, "deputy")
            if not self._basketed(facts, debt, rung, whom, baskets) and "secretary" in whom:
                item = Item("own", debt.round_id, debt.unit_id, rung_name(rung), "secretary")
                found.append(Entry(morning, "reminder", "secretary", (item,), why="nobody"))

    @staticmethod
    def _basketed(facts: Facts, debt: Debt, rung: int, whom: Sequence[Audience], baskets: dict[int, set[Item]]) -> bool:
        """Whether anybody who reports for the unit is among those in whose baskets it was put."""
        unit = facts.units[debt.unit_id]
        areas = {"commune": unit.parent_id or -1, "chair": unit.cluster_id, "office": 0}
        somebody = False
        for audience in whom:
            role = "secretary" if audience == "commune" else audience
            for person in facts.holders.get((role, areas.get(audience, unit.id)), ()):
                part = _PARTS[audience]
                somebody = somebody or part == "own"
                basket = baskets[person]
                if part == "watched" and any(i.part == "own" and i.unit_id == unit.id for i in basket):
                    continue  # the unit above is reported for by the same person, who has heard it already
                basket.add(Item(part, debt.round_id, unit.id, rung_name(rung), audience))
        return somebody

    def _before_meetings(self, facts: Facts, day: date, baskets: dict[int, set[Item]]) -> None:
        """Tells those who chair a briefing, on their rungs before it, which units of the cluster still owe."""
        rungs = [rung for rung, whom in self.rules.rungs.items() if rung >= 0 and "chair" in whom]
        for meeting in facts.meetings:
            round_ = facts.rounds.get(meeting.round_id)
            if meeting.starts_at is None or round_ is None:
                continue
            rung = self._days.rung_days(local_day(meeting.starts_at), rungs).get(day)
            if rung is None:
                continue
            own = facts.holders.get(("chair", meeting.cluster_id), ())
            key = (meeting.round_id, meeting.cluster_id)
            owing = {
                debt.unit_id
                for debt in facts.by_cluster.get(key, ())
                if not debt.filed and (round_.is_open(day) or debt.reopened)
            }
            for person in facts.chairs.get(key) or own:
                if person in facts.people:
                    to = "chair" if person in own else "leader"
                    said = {Item("cluster", round_.id, unit, rung_name(rung), to) for unit in owing}
                    # That some of them are late by now is no second list.
                    late = [i for i in baskets[person] if i.part == "cluster" and i.round_id == round_.id]
                    baskets[person] = baskets[person].difference(i for i in late if i.unit_id in owing) | said

    def _packs(self, facts: Facts, day: date, baskets: dict[int, set[Item]]) -> None:
        """The papers of a briefing, a worked day ahead, to who chairs it; the office has one paper a period and day, of
        the cluster that meets, or of the province where several do.
        """
        met: dict[int, list[int]] = defaultdict(list)
        for meeting in facts.meetings:
            round_ = facts.rounds.get(meeting.round_id)
            if meeting.starts_at is None or round_ is None or day < round_.opens_on:
                continue
            if day not in self._days.rung_days(local_day(meeting.starts_at), (PACK_RUNG,)):
                continue
            met[round_.id].append(meeting.cluster_id)
            own = facts.holders.get(("chair", meeting.cluster_id), ())
            for person in facts.chairs.get((round_.id, meeting.cluster_id)) or own:
                if person in facts.people:
                    baskets[person].add(_pack(round_, meeting.cluster_id, "chair" if person in own else "leader"))
        for round_id, clusters in met.items():
            for person in facts.holders.get(("office", 0), ()):
                about = clusters[0] if len(clusters) == 1 else 0
                baskets[person].add(_pack(facts.rounds[round_id], about, "office"))

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

    def _add_put_off(self, facts: Facts, day: date, baskets: dict[int, set[Item]]) -> None:
        """What the month's limit has put off since a person's last reminder is told with the next one."""
        for person, basket in baskets.items():
            named = {(item.round_id, item.unit_id) for item in basket}
            for round_id, due_on, rung in self._limit.put_off(facts, person, day):
                for told_as in ("secretary", "deputy"):
                    for unit in facts.debts_of[person].get((round_id, due_on, told_as), ()):
                        if (round_id, unit) not in named:
                            holds = person in facts.holders.get(("secretary", unit), ())
                            to = "secretary" if holds else "deputy"
                            basket.add(Item("own", round_id, unit, rung_name(rung), to))

    def _add_week(self, facts: Facts, day: date, baskets: dict[int, set[Item]]) -> None:
        """The week's summary of a leader who is reminded on its day is part of that message."""
        first = self._weeks.first(day)
        for person in facts.holders.get(("leader", 0), ()) if day >= first else ():
            basket = baskets.get(person, set())
            wanted = basket and not self._weeks.why_not(facts, person, first)
            if wanted and self.week_on(facts, person, first) == day:
                basket |= set(self._weeks.items(facts, first))

    def _add_tasks(self, facts: Facts, day: date, baskets: dict[int, set[Item]]) -> None:
        """What a meeting gave the unit to do is told once, with the day's message where there is one."""
        for task in facts.tasks:
            to, area = ("office", 0) if task.unit_id not in facts.units else ("secretary", task.unit_id)
            doers = facts.reachable(to, area) if to == "office" else facts.reporters(area)
            for person in set(doers) - task.told:
                if self._free_day(facts, person) == day:
                    baskets[person].add(Item("task", task.round_id, task.unit_id, task.rung, to))

    def _free_day(self, facts: Facts, person: int) -> date | None:
        """The first worked day, from today on, on which the person can be told what hangs on no day."""
        over = facts.now is not None and facts.now >= self.rules.closing(facts.today)
        first = facts.today + timedelta(days=over or person in facts.told)
        ahead = (first + timedelta(days=number) for number in range(_LOOKED_AHEAD))
        return next(
            (
                day
                for day in ahead
                if self.calendar.is_working_day(day)
                and not self.calendar.is_silent(day)
                and self._limit.takes(facts, person, day)
            ),
            None,
        )

    def _to_person(self, facts: Facts, person: int, items: set[Item], day: date) -> Iterator[Entry]:
        """The day's one message to a person, and what of it is left out."""
        who = facts.people[person]
        due_at = [e.due_at for e in facts.extras if e.person_id == person and e.rung == "again"]
        week = {item for item in items if item.part == "digest"}
        sent: set[Item] = set()
        left: dict[Why, set[Item]] = defaultdict(set)
        packed = who.reach == "ok" and any(item.part == "pack" for item in items)
        for item in items - week:
            left_out: Why = self._why_not(facts, item, person, day, later=any(local_day(m) > day for m in due_at))
            if packed and left_out == "limit":
                left_out = ""  # it costs no message of its own
            (left[left_out] if left_out else sent).add(item)
        at_ = self.rules.morning(day) if packed else self._hour(facts, who, sent, day)
        if sent:
            yield _to(who.id, at_, sent | week)
        for why, whose in left.items():
            yield _to(who.id, at_, whose, why)

    def _hour(self, facts: Facts, who: Person, sent: Set[Item], day: date) -> datetime:
        """When the day's message goes: at the hour the person has asked for, else in the slot that suits."""
        asked = sorted(e.due_at for e in facts.extras if e.person_id == who.id and local_day(e.due_at) == day)
        again = {e.due_at for e in facts.extras if e.person_id == who.id and e.rung == "again"}
        if own := [moment for moment in asked if moment in again]:
            return own[0]
        if sent and all(item.rung in HELPS for item in sent):
            return asked[0]
        if who.evening and not any(item.rung == rung_name(0) for item in sent):  # on the day itself it may be too late
            return self.rules.evening(day)
        return self.rules.morning(day)

    def _why_not(self, facts: Facts, item: Item, person: int, day: date, later: bool) -> Why:
        who = facts.people[person]
        if who.reach != "ok":
            return who.reach
        if item.rung == "again" or item.part == "pack":
            return ""
        if person in facts.told and day == facts.today:
            return "second"
        if later and item.part == "own":
            return "snoozed"
        if item.part not in ("office", "lost") and item.rung != "help" and not self._limit.allows(facts, person, day):
            return "limit"
        return "fewer" if who.reminders == "last" and self._before_the_last_call(facts, item, day) else ""

    def _before_the_last_call(self, facts: Facts, item: Item, day: date) -> bool:
        """Whether who wants one reminder a report is not told of this yet."""
        if not item.rung.startswith(("T", rung_name(OPENING))) or item.part == "office":
            return False
        due_on = facts.owed[item.round_id, item.unit_id].due_on
        return item.part != "own" or self.calendar.rung_day(due_on, self.rules.last_call) != day


def _pack(round_: PlanRound, cluster_id: int, to: str) -> Item:
    return Item("pack", round_.id, 0, rung_name(PACK_RUNG), to, cluster_id)


def _to(person: int, at_: datetime, items: Iterable[Item], why: Why = "") -> Entry:
    ordered = tuple(sorted(items))
    return Entry(at_, "reminder", ordered[0].to, ordered, person_id=person, why=why)
