"""The days of a month on which a person is reminded, where several periods have rungs on more than are allowed."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise

from reporting.plan.days import OfficeDays
from reporting.plan.facts import Facts
from reporting.plan.weeks import WeekPlan
from reporting.time.calendar import local_day
from reporting.time.rules import OPENING

_SUMMARY = OPENING // 2  # the rung of a week's summary
_Rung = tuple[int, date, int]  # the round, the day due, and the rung
_Days = dict[date, list[_Rung]]

# How long before the day due what a day was to say may be told at the latest, to be told with a later message: an
# opening a week ahead, any other rung while there is still time for the report.
_OPENED_AHEAD = timedelta(days=7)
_AHEAD = timedelta(days=3)
_BEHIND = timedelta(days=7)  # and what is overdue so long after its own day


class MonthlyLimit:
    """Of too many days first those go whose messages are as good when told with the next one, then what is least
    useful: a summary, what is overdue, rungs ahead of the day due, last an opening.

    The days that were told already count.
    """

    def __init__(self, days: OfficeDays, weeks: WeekPlan) -> None:
        self._days = days
        self._weeks = weeks
        self._facts: Facts | None = None
        self._found: dict[tuple[int, int, int], tuple[_Days, frozenset[date], int]] = {}
        self._chaired: dict[int, list[tuple[int, date]]] = {}

    def allows(self, facts: Facts, person: int, day: date) -> bool:
        """Whether the rungs of that day may be told to the person on it."""
        told, kept, _ = self._month(facts, person, day)
        return day in kept or day not in told

    def takes(self, facts: Facts, person: int, day: date) -> bool:
        """Whether something that hangs on no day may be told on that one: with what is said then, or beside it all."""
        told, kept, spare = self._month(facts, person, day)
        return day in kept or (day not in told and spare > 0)

    def put_off(self, facts: Facts, person: int, day: date) -> Iterator[tuple[int, date, int]]:
        """The rungs, by round and day due, that the limit has moved to that day from those before it."""
        told, kept, _ = self._month(facts, person, day)
        if day not in kept:
            return
        heard = {on for on in kept if any(about for about, _, _ in told[on])} | facts.told_before.get(person, set())
        before = max((other for other in heard if other < day), default=date.min)
        for other, rungs in told.items():
            if before < other < day:
                yield from rungs

    def kept(self, facts: Facts, person: int, day: date) -> bool:
        """Whether it is one of the days of its month on which the person hears something."""
        return day in self._month(facts, person, day)[1]

    def reminded(self, facts: Facts, person: int, day: date) -> bool:
        """Whether the day's message to the person is a reminder; of a day ahead, as far as that can be foreseen."""
        if day < facts.today:
            return day in facts.told_before.get(person, ())
        if day == facts.today and person in facts.told:
            return True
        asked = any(extra.person_id == person and local_day(extra.due_at) == day for extra in facts.extras)
        return asked or day in self._month(facts, person, day)[1]

    def _month(self, facts: Facts, person: int, day: date) -> tuple[_Days, frozenset[date], int]:
        """The days of that month with rungs of the person's, those of them on which they are told, and how many
        messages more the month has room for."""
        key = (person, day.year, day.month)
        if facts is not self._facts:
            self._facts, self._found, self._chaired = facts, {}, _chaired(facts)
        known = self._found
        if key not in known:
            told = self._rung_days(facts, person, day)
            this_month = (facts.today.year, facts.today.month) == key[1:]
            days = facts.told_before.get(person, frozenset()) | {
                on for on in facts.summed.get(person, ()) if on < facts.today
            }
            before = [on for on in days if (on.year, on.month) == key[1:]]
            short = this_month and person in facts.short
            most = min(self._days.rules.monthly, self._days.rules.saving) if short else self._days.rules.monthly
            room = most - len(before)
            ahead = {other: told[other] for other in sorted(told) if not this_month or other >= facts.today}
            kept = _kept(ahead, max(room, 0))
            known[key] = told, kept, room - len(kept)
        return known[key]

    def _rung_days(self, facts: Facts, person: int, day: date) -> _Days:
        rules, found = self._days.rules, _Days()
        for first in self._weeks.of_month(facts, person, day):
            found[first] = [(0, first, _SUMMARY)]
        for (round_id, due_on, audience), units in facts.debts_of.get(person, {}).items():
            round_ = facts.rounds[round_id]
            told = [
                (other, rung)
                for other, rung in self._days.rung_days(due_on, rules.rungs).items()
                if audience in rules.rungs[rung]
                and (audience != "chair" or not self._met(facts, round_id, due_on, units, other))
            ]
            if audience == "secretary":
                clusters = dict.fromkeys(facts.units[unit].cluster_id for unit in units)
                openings = {self._days.opening_day(round_, facts.opens.get((round_id, one))) for one in clusters}
                told += [(other, OPENING) for other in sorted(openings)]
            for other, rung in told:
                if (other.year, other.month) == (day.year, day.month) and round_.is_open(other):
                    found.setdefault(other, []).append((round_id, due_on, rung))
        for round_id, met_on in self._chaired.get(person, ()):
            ahead = [rung for rung, whom in rules.rungs.items() if rung >= 0 and "chair" in whom]
            for other, rung in self._days.rung_days(met_on, ahead).items():
                if (other.year, other.month) == (day.year, day.month) and facts.rounds[round_id].is_open(other):
                    found.setdefault(other, []).append((round_id, met_on, rung))
        return found

    @staticmethod
    def _met(facts: Facts, round_id: int, due_on: date, units: Sequence[int], day: date) -> bool:
        """Whether the clusters of these units do not meet, or so soon that their chairs hear of it then."""
        met = [facts.met.get((round_id, facts.units[unit].cluster_id)) for unit in units]
        return all(on is None or day <= due_on or OfficeDays.is_before(on, day) for on in met)


def _chaired(facts: Facts) -> dict[int, list[tuple[int, date]]]:
    """By person, the meetings to chair: their rounds and days."""
    found: dict[int, list[tuple[int, date]]] = {}
    for (round_id, cluster), met_on in facts.met.items():
        own = facts.holders.get(("chair", cluster), ())
        for person in facts.chairs.get((round_id, cluster)) or own:
            if round_id in facts.rounds:
                found.setdefault(person, []).append((round_id, met_on))
    return found


def _kept(told: _Days, room: int) -> frozenset[date]:
    """As many of these days, in order, as there is room for."""
    left = {day: list(rungs) for day, rungs in told.items()}
    while len(left) > room:
        days: list[date] = list(left)
        following = dict(pairwise(days))
        gone = min(days, key=lambda day: (_loss(left[day], following.get(day)), -day.toordinal()))
        rungs, onto = left.pop(gone), following.get(gone)
        if onto is not None:
            left[onto] += [rung for rung in rungs if _as_good(rung, onto)]
    return frozenset(left)


def _loss(rungs: Sequence[_Rung], following: date | None) -> tuple[int, int]:
    """How much is lost where these are not told on their day, but with the following message, None where none comes."""
    return max(_lost(one, following) for one in rungs)


def _lost(one: _Rung, following: date | None) -> tuple[int, int]:
    rung = one[2]
    if following is not None and _as_good(one, following):
        return 0, -abs(rung - 1)
    if rung < 0 or rung == _SUMMARY:
        return (1, 0) if rung == _SUMMARY else (2, rung)
    return (4, 0) if rung == OPENING else (3, -abs(rung - 1))


def _as_good(one: _Rung, day: date) -> bool:
    """Whether it may as well be told on that later day."""
    _, due_on, rung = one
    if rung == _SUMMARY:
        return day - timedelta(days=day.weekday()) <= due_on  # within its week
    if rung < 0:
        return day <= due_on - timedelta(days=rung) + _BEHIND
    return day + (_OPENED_AHEAD if rung == OPENING else _AHEAD) <= due_on
