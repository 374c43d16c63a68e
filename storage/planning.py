"""Reads everything the plan of messages depends on, in a handful of queries, whatever the number of units."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from reporting.calendar import VietnamCalendar, local_day
from reporting.catalogue import Level
from reporting.deadlines import due_on
from reporting.plan_facts import Debt, Extra, Facts, Meeting, Person, PlanCluster, PlanRound, PlanUnit
from storage import rounds
from storage.database import Database
from storage.instants import instant
from storage.rounds import Briefing, Round
from storage.submissions import FILED

# In whom a message about a unit, a cluster or the province may end.
_ROLES = "('secretary', 'deputy', 'mentor', 'chair', 'office', 'leader')"

_TODAY = " and {0}.valid_from_on <= ? and ({0}.valid_to_on is null or {0}.valid_to_on >= ?)"


@dataclass(frozen=True, slots=True)
class Situation:
    """The facts, and what the words of a message need beside them; rounds and briefings by their ids.

    drafts: the indicators a unit has values for, by round and unit, of reports under way.
    """

    facts: Facts
    rounds: Mapping[int, Round]
    briefings: Mapping[tuple[int, int], Briefing]
    levels: Mapping[int, Level]
    drafts: Mapping[tuple[int, int], frozenset[str]]


async def situation(
    db: Database, today: date, channels: Sequence[str] | None, calendar: VietnamCalendar, planned: bool = False
) -> Situation:
    """The facts of that day. channels: the running ones, None for every one; planned: with periods not yet open."""
    day = today.isoformat()
    facts, found, briefings = await _occasions(db, today, channels, calendar, _ROLES, planned)
    units, levels = await _units(db, day)
    due = {(meeting.round_id, meeting.cluster_id): meeting.due_on for meeting in facts.meetings}
    debts: list[Debt] = []
    closing: dict[int, PlanRound] = {}
    drafts: dict[tuple[int, int], frozenset[str]] = {}
    for round_ in found:
        extended = await rounds.extensions(db, round_.id)
        filed = await _filed(db, round_.id)
        theirs = [
            Debt(round_.id, unit.id, extended.get(unit.id, due[round_.id, unit.cluster_id]), unit.id in filed)
            for unit in units.values()
            if (round_.id, unit.cluster_id) in due
        ]
        debts += theirs
        if round_.terms.lock_after is not None and theirs:
            last = max(debt.due_on for debt in theirs) + timedelta(days=round_.terms.lock_after)
            closing[round_.id] = replace(facts.rounds[round_.id], closes_on=last)
        drafts |= await _drafts(db, round_.id)
    extras = await _extras(db, day, facts.people)
    whole = replace(
        facts, rounds={**facts.rounds, **closing}, units=units, debts=debts, extras=extras, told=await _told(db, day)
    )
    return Situation(whole, {r.id: r for r in found}, briefings, levels, drafts)


async def occasions(db: Database, today: date, channels: Sequence[str] | None, calendar: VietnamCalendar) -> Facts:
    """The facts without units and their reports: enough for what groups and leaders are told, and quickly read."""
    facts, _, _ = await _occasions(db, today, channels, calendar, "('leader')", planned=False)
    return facts


async def _occasions(
    db: Database, today: date, channels: Sequence[str] | None, calendar: VietnamCalendar, roles: str, planned: bool
) -> tuple[Facts, list[Round], dict[tuple[int, int], Briefing]]:
    day = today.isoformat()
    found, opened = await _rounds(db, today, planned)
    clusters = await _clusters(db, day)
    briefings: dict[tuple[int, int], Briefing] = {}
    meetings: list[Meeting] = []
    for round_ in found:
        own = {b.cluster_id: b for b in await rounds.briefings(db, round_.id)}
        briefings |= {(round_.id, cluster): briefing for cluster, briefing in own.items()}
        for cluster in clusters:
            starts_at = own[cluster].starts_at if cluster in own else None
            due = due_on(round_.period, round_.terms, calendar, local_day(starts_at) if starts_at else None)
            meetings.append(Meeting(round_.id, cluster, due, starts_at))
    holders, people = await _people(db, day, channels, roles)
    plan_rounds = {r.id: PlanRound(r.id, r.code, opened[r.id], name=r.period.short_name) for r in found}
    return Facts(today, plan_rounds, {}, clusters, people, holders, [], meetings), found, briefings


async def _units(db: Database, day: str) -> tuple[dict[int, PlanUnit], dict[int, Level]]:
    rows = await db.read(
        "select u.id, u.code, u.name, u.parent_id, m.cluster_id, u.level from cluster_member m"
        f" join unit u on u.id = m.unit_id where 1 = 1{_TODAY.format('m')} order by u.code",
        (day, day),
    )
    return {r[0]: PlanUnit(r[0], r[1], r[2], r[3], r[4]) for r in rows}, {r[0]: r[5] for r in rows}


async def _clusters(db: Database, day: str) -> dict[int, PlanCluster]:
    rows = await db.read(
        "select c.id, c.code, c.name, count(g.chat_id) from cluster c"
        " left join group_chat g on g.cluster_id = c.id and g.unlinked_at is null"
        f" where 1 = 1{_TODAY.format('c')} group by c.id, c.code, c.name, c.position order by c.position, c.code",
        (day, day),
    )
    return {r[0]: PlanCluster(*r) for r in rows}


async def _rounds(db: Database, today: date, planned: bool) -> tuple[list[Round], dict[int, date]]:
    """Open rounds, and those that will open by themselves, with the first day of each."""
    found = await rounds.in_state(db, *(("open", "planned") if planned else ("open",)))
    rows = await db.read("select id, opened_at from period where opened_at is not null")
    opened = {r[0]: local_day(instant(r[1])) for r in rows}
    result, first = [], {}
    for round_ in found:
        opens_on = min(opened.get(round_.id, today), today) if round_.state == "open" else round_.terms.opens_on
        if opens_on is not None:
            result.append(round_)
            first[round_.id] = opens_on
    return result, first


async def _filed(db: Database, round_id: int) -> set[int]:
    rows = await db.read(f"select unit_id from submission where period_id = ? and state in {FILED}", (round_id,))
    return {row[0] for row in rows}


async def _drafts(db: Database, round_id: int) -> dict[tuple[int, int], frozenset[str]]:
    rows = await db.read(
        "select v.unit_id, v.indicator from submission s"
        " join value v on v.period_id = s.period_id and v.unit_id = s.unit_id"
        f" where s.period_id = ? and s.state not in {FILED}",
        (round_id,),
    )
    found: dict[int, set[str]] = defaultdict(set)
    for unit_id, indicator in rows:
        found[unit_id].add(indicator)
    return {(round_id, unit): frozenset(codes) for unit, codes in found.items()}


async def _people(
    db: Database, day: str, channels: Sequence[str] | None, roles: str
) -> tuple[dict[tuple[str, int], list[int]], dict[int, Person]]:
    """Who holds which role where, and how each of them can be reached."""
    rows = await db.read(
        "select r.role, coalesce(r.cluster_id, case when r.role in ('office', 'leader') then 0 else r.unit_id end),"
        f" r.person_id from role r where r.role in {roles}{_TODAY.format('r')} order by r.id",
        (day, day),
    )
    holders: dict[tuple[str, int], list[int]] = defaultdict(list)
    for role, place, person in rows:
        if place is not None and person not in holders[role, place]:
            holders[role, place].append(person)
    among = f" and a.channel in ({', '.join('?' * len(channels))})" if channels is not None else ""
    accounts = await db.read(
        "select a.person_id, max(case when a.unreachable_at is null then 1 else 0 end) from account a"
        f" where a.consent = 'given'{among} group by a.person_id",
        tuple(channels or ()),
    )
    reached: dict[int, int] = {r[0]: r[1] for r in accounts}
    wishes: dict[int, dict[str, Any]] = defaultdict(dict)
    for person, name, value in await db.read("select person_id, name, value from preference"):
        wishes[person][name] = value
    people = {
        person: Person(
            person, "never" if person not in reached else "ok" if reached[person] else "blocked", **wishes[person]
        )
        for group in holders.values()
        for person in group
    }
    return holders, people


async def _extras(db: Database, day: str, people: Mapping[int, Person]) -> list[Extra]:
    rows = await db.read(
        "select period_id, unit_id, person_id, rung, due_at from reminder"
        " where state = 'planned' and rung in ('again', 'help') and day_on >= ? order by due_at, unit_id",
        (day,),
    )
    return [Extra(r[0], r[1], r[2], r[3], instant(r[4])) for r in rows if r[2] in people]


async def _told(db: Database, day: str) -> frozenset[int]:
    rows = await db.read("select distinct person_id from reminder where day_on = ? and state = 'sent'", (day,))
    return frozenset(row[0] for row in rows)
