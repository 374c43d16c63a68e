"""The days ahead in; the facts of the plan for each stretch of them, with units and people as they will be, out."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from reporting.figures.catalogue import Level
from reporting.organisation.agenda import agenda, make
from reporting.organisation.units import Organisation
from reporting.plan.entries import Entry
from reporting.plan.facts import Debt, Facts, PlanUnit
from reporting.plan.planner import Planner, as_told
from reporting.time.calendar import VietnamCalendar, at, local_day
from storage.database import Database
from storage.organisation import prepared, snapshot
from storage.periods import planning
from storage.periods.planning import Situation


@dataclass(frozen=True, slots=True)
class Stretch:
    """From which day on facts hold, until the next stretch begins."""

    since: date
    facts: Facts


async def stretches(db: Database, now: datetime, calendar: VietnamCalendar, last: date) -> list[Stretch]:
    """The facts of today, then those from each day on which units, clusters or roles are others, up to the last one."""
    today, facts = local_day(now), await planning.whole(db, now, calendar)
    found = [Stretch(today, facts)]
    changes = await prepared.every(db)
    for day in sorted(await _turns(db, await snapshot.load(db), today)):
        if day > last:
            break
        org = await snapshot.load(db)
        make(org, changes, day)
        org.follow(day)
        then = await planning.situation(db, at(day, 0), None, calendar, planned=True)
        found.append(Stretch(day, _known(_foreseen(then, org, day), facts)))
    return found


def through(planner: Planner, ahead: Sequence[Stretch], first: date, last: date) -> Iterator[tuple[Facts, list[Entry]]]:
    """The messages of these days as they reach people, with the facts of their stretch."""
    ends = [one.since - timedelta(days=1) for one in ahead[1:]]
    for one, end in zip(ahead, [*ends, last], strict=True):
        yield one.facts, as_told(planner.between(one.facts, max(first, one.since), min(last, end)))


async def _turns(db: Database, org: Organisation, today: date) -> set[date]:
    """The days to come on which something of the organisation is another."""
    turns = {one.day for one in agenda(org, await prepared.every(db), today)}
    rows = [
        row
        for table in ("role", "cluster")
        for row in await db.read(
            f"select valid_from_on, valid_to_on from {table} where valid_from_on > ? or valid_to_on >= ?",
            (today.isoformat(), today.isoformat()),
        )
    ]
    for begins, ends in rows:
        turns.add(date.fromisoformat(begins))
        if ends is not None:
            turns.add(date.fromisoformat(ends) + timedelta(days=1))
    return {day for day in turns if day > today}


def _known(then: Facts, now: Facts) -> Facts:
    """Facts of a later day with what is known today: what was told, what has changed, the hour it is."""
    return replace(
        then,
        today=now.today,
        now=now.now,
        seen_at=now.seen_at,
        told=now.told,
        told_before=now.told_before,
        summed=now.summed,
        changes=[one for one in now.changes if one.round_id in then.rounds and one.unit_id in {0, *then.units}],
        heard=now.heard,
        noticed=now.noticed,
        short=now.short,
        announced=now.announced,
    )


def _foreseen(situation: Situation, org: Organisation, day: date) -> Facts:
    """The facts as read for that day, with what is made then by itself: names, units above, and who follows whom."""
    facts = situation.facts
    units = {unit.id: _unit(unit, org, day) for unit in facts.units.values()}
    moved = {one for one, unit in units.items() if unit.cluster_id != facts.units[one].cluster_id}
    if not moved:
        return replace(facts, units=units)
    debts = [debt for debt in facts.debts if debt.unit_id not in moved or debt.reopened]
    debts += _debts(situation, units, moved)
    owed = {(debt.round_id, debt.unit_id) for debt in debts}
    exempt = {(round_id, unit) for round_id, unit in facts.exempt if unit not in moved}
    exempt |= {(round_id, unit) for round_id in facts.rounds for unit in moved if (round_id, unit) not in owed}
    asked = {(debt.round_id, units[debt.unit_id].cluster_id) for debt in debts}
    left = {(debt.round_id, facts.units[debt.unit_id].cluster_id) for debt in facts.debts} - asked
    some = {round_id for round_id, _ in exempt}  # in the others every cluster is asked, whoever is in it
    meetings = [m for m in facts.meetings if (m.round_id, m.cluster_id) not in left or m.round_id not in some]
    return replace(facts, units=units, debts=debts, exempt=exempt, meetings=meetings)


def _unit(unit: PlanUnit, org: Organisation, day: date) -> PlanUnit:
    then = org.units[unit.id]
    held, shown, home = then.membership(day), unit.shown, org.units.get(unit.shown.commune_id, then)
    if home.id != then.id:  # a branch: it may have come under another commune
        home = org.units[then.parent_id or then.id]
    known = then.name if shown.known_as == shown.name else f"{then.name} ({home.name})"
    listed = replace(shown, name=then.name, known_as=known, commune_id=home.id, commune=home.name)
    cluster_id = held.cluster_id if held else unit.cluster_id
    return replace(unit, name=then.name, parent_id=then.parent_id, cluster_id=cluster_id, listed=listed)


def _debts(situation: Situation, units: dict[int, PlanUnit], moved: set[int]) -> Iterator[Debt]:
    """What units owe that have gone into another cluster: what the others of their level owe there, all of them or none;
    where some do, what they owed before."""
    facts = situation.facts
    due = {(one.round_id, one.cluster_id): one.due_on for one in facts.meetings}
    before = {(debt.round_id, debt.unit_id): debt for debt in facts.debts}
    peers: dict[tuple[int, Level], list[int]] = defaultdict(list)
    for one, level in situation.levels.items():
        if one not in moved:
            peers[units[one].cluster_id, level].append(one)
    for round_id in facts.rounds:
        for one in sorted(moved):
            unit, old = units[one], before.get((round_id, one))
            others = {(round_id, peer) in before for peer in peers[unit.cluster_id, situation.levels[one]]}
            asked = others.pop() if len(others) == 1 else old is not None
            day_on = due.get((round_id, unit.cluster_id))
            if not asked or day_on is None or (old is not None and old.reopened):
                continue
            own = old is not None and old.due_on != due.get((round_id, facts.units[one].cluster_id))
            by = max(old.due_on, day_on) if own and old is not None else day_on
            yield Debt(round_id, one, by, old is not None and old.filed)
