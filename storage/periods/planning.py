"""The time in, the facts the plan of messages is made from out, in a handful of queries for any number of units."""

from collections import defaultdict
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from reporting.figures.catalogue import Level
from reporting.organisation.listed import ListedUnit
from reporting.organisation.part import WHOLE
from reporting.plan.facts import Debt, Extra, Facts, Meeting, Person, PlanCluster, PlanCount, PlanRound, PlanUnit
from reporting.time.calendar import VietnamCalendar, at, local_day
from reporting.time.deadlines import cluster_opens_on, open_days
from storage.database import Database, Statement
from storage.engine.instants import instant, stamp
from storage.messages import allowances, inbox, outbox
from storage.messages.reminders import ASKED, SAID
from storage.organisation import owing, targets
from storage.organisation.names import listed
from storage.organisation.owing import owes_on, state_on
from storage.people import people, preferences
from storage.people.people import STANDS_IN
from storage.periods import announced, rounds, tasks, untold
from storage.periods import briefings as chairing
from storage.periods.rounds import Briefing, Round
from storage.periods.tasks import Task
from storage.reports import notes, packs, petitions, returns
from storage.reports.notes import Noted
from storage.reports.petitions import Petition
from storage.reports.submissions import FILED

# In whom a message about a unit, a cluster or the province may end.
_REPORTERS = "('secretary', 'deputy')"
_ROLES = "('secretary', 'deputy', 'mentor', 'chair', 'office', 'leader')"

SEEN = "beat.seen_at"

# A round is briefed within some weeks of its end; what was locked longer ago is only looked up.
_LOCKED_FOR = timedelta(days=90)

# The last overdue rung, moved behind days off, is told by then.
_REOPENED_FOR = timedelta(days=28)

# Whoever was reminded on a day is asked whether estimates are final on a later one, of as many days.
_QUESTIONED_FOR = timedelta(days=14)

# When people answer is seen from half a year: two quarters.
_ANSWERED_IN = timedelta(days=183)

_TODAY = " and {0}.valid_from_on <= ? and ({0}.valid_to_on is null or {0}.valid_to_on >= ?)"


@dataclass(frozen=True, slots=True)
class Situation:
    """The facts, and what the words of a message need beside them; rounds and briefings by their ids.

    drafts: the indicators a unit has values for, by round and unit, of reports under way. cutoffs: the last day that
    figures count, by round and cluster, None for the period's last. noted: by round, the values that were
    doubted and confirmed. returned: the figures given back and not answered, by round and unit. petitions: those
    without an answer yet. tasks: what is open of those of a meeting, by its round and the unit.
    """

    facts: Facts
    rounds: Mapping[int, Round]
    briefings: Mapping[tuple[int, int], Briefing]
    levels: Mapping[int, Level]
    drafts: Mapping[tuple[int, int], frozenset[str]]
    cutoffs: Mapping[tuple[int, int], date | None]
    noted: Mapping[int, Sequence[Noted]] = field(default_factory=dict)
    returned: Mapping[tuple[int, int], Sequence[str]] = field(default_factory=dict)
    petitions: Sequence[Petition] = ()
    tasks: Mapping[tuple[int, int], Sequence[Task]] = field(default_factory=dict)


async def situation(
    db: Database, now: datetime, channels: Sequence[str] | None, calendar: VietnamCalendar, planned: bool = False
) -> Situation:
    """The facts of that instant. channels: the running ones, None for every one; planned: with periods not yet open."""
    today = local_day(now)
    day = today.isoformat()
    facts, found, briefings, owed_by = await _occasions(db, now, channels, calendar, _ROLES, planned)
    units, levels = await _units(db, day)
    due = {(meeting.round_id, meeting.cluster_id): meeting.due_on for meeting in facts.meetings}
    debts: list[Debt] = []
    exempt: set[tuple[int, int]] = set()
    drafts: dict[tuple[int, int], frozenset[str]] = {}
    reopened = await _reopened(db, today)
    for round_ in found:
        locked = round_.state == "locked"
        asked = owed_by[round_.id]
        exempt |= {(round_.id, unit) for unit in units if asked is not None and unit not in asked}
        extended = reopened.get(round_.id, {}) if locked else await rounds.extensions(db, round_.id)
        if locked and not extended:
            continue  # nothing of it is asked for any more but whether its estimates are final
        filed = await owing.filed(db, round_.id, today)
        for unit in units.values():
            day_on, own = due.get((round_.id, unit.cluster_id)), extended.get(unit.id)
            if (round_.id, unit.id) not in exempt and day_on is not None and (own is not None or not locked):
                by = day_on if own is None else own if locked else max(own, day_on)
                debts.append(Debt(round_.id, unit.id, by, unit.id in filed, locked))
        drafts |= await _drafts(db, round_.id)
    extras = await _extras(db, day, facts.people)
    changes = await untold.changes(db, now, facts.rounds, units)
    heard, noticed = await untold.heard(db, changes, today)
    whole = replace(
        facts,
        units=units,
        debts=debts,
        extras=extras,
        exempt=exempt,
        told=await _told(db, day) | await _packed(db, today, facts.holders),
        told_before=await _told_before(db, today),
        summed=await _summed(db, today),
        estimates=[
            one
            for one in await untold.estimates(db, [r for r in found if r.terms.estimated], list(units), day)
            if one.state != "unfiled" or (one.round_id, one.unit_id) not in exempt
        ],
        changes=changes,
        heard=heard,
        noticed=noticed,
        chairs=await chairing.by_meeting(db, today),
        people=await _evenings(db, now, facts.people),
        short=await _short(db, today, facts.people, channels),
    )
    given, to_do = await tasks.planned(db, today)
    whole = replace(whole, counts=await _counts(db, today), aims=await targets.ahead(db, today), tasks=given)
    cutoffs = {}
    for round_ in found:
        told = await rounds.announced(db, round_.id)
        for one in facts.clusters:
            cutoffs[round_.id, one] = round_.cutoff_on(calendar, facts.met.get((round_.id, one)), told.get(one))
    noted = {round_.id: await notes.noted(db, round_.id) for round_ in found if round_.state == "open"}
    back = await returns.unanswered(db)
    waiting = await petitions.still_open(db, None, (), day)
    rounds_ = {r.id: r for r in found}
    return Situation(whole, rounds_, briefings, levels, drafts, cutoffs, noted, back, waiting, to_do)


async def whole(db: Database, now: datetime, calendar: VietnamCalendar) -> Facts:
    """The facts for looking ahead: with periods not yet open, whatever channel runs, and what an outage left out."""
    facts = (await situation(db, now, None, calendar, planned=True)).facts
    office = tuple(facts.reachable("office", 0))
    told = await announced.announced(db, now, await preferences.rules(db), office)
    return replace(facts, seen_at=await seen_at(db), announced=told)


async def seen_at(db: Database) -> datetime | None:
    """When the heart of the machine beat last; None if it never did."""
    kept = await preferences.remembered(db, SEEN)
    return None if kept is None else datetime.fromisoformat(kept)


def seen(now: datetime) -> Statement:
    """The heart beats."""
    return preferences.remember(SEEN, now.isoformat())


async def counting(db: Database, now: datetime, channels: Sequence[str] | None) -> Facts:
    """The facts of the quick counts that run and no others."""
    day = local_day(now).isoformat()
    holders, reached = await _people(db, day, channels, _REPORTERS)
    units, _ = await _units(db, day)
    counts = await _counts(db, local_day(now))
    return Facts(local_day(now), {}, units, await _clusters(db, day), reached, holders, [], now=now, counts=counts)


async def _counts(db: Database, today: date) -> list[PlanCount]:
    found, day = [], today.isoformat()
    for round_ in await rounds.quick_rounds(db):
        rows = await db.read(
            "select m.unit_id from cluster_member m join period p on p.id = ?"
            " left join submission s on s.period_id = p.id and s.unit_id = m.unit_id"
            f" where coalesce({state_on(day)}, '') not in {FILED} and {owes_on(day)}{_TODAY.format('m')} order by m.unit_id",
            (round_.id, day, day),
        )
        if round_.period.due_at is not None and round_.opened_at is not None:
            owing_ = tuple(row[0] for row in rows)
            found.append(PlanCount(round_.id, round_.code, round_.opened_at, round_.period.due_at, owing_))
    return found


async def occasions(db: Database, now: datetime, channels: Sequence[str] | None, calendar: VietnamCalendar) -> Facts:
    """The facts without units and their reports: enough for what groups and leaders are told, and quickly read."""
    facts, *_ = await _occasions(db, now, channels, calendar, "('leader', 'chair')", planned=False)
    return replace(facts, chairs=await chairing.by_meeting(db, local_day(now)))


async def _occasions(
    db: Database, now: datetime, channels: Sequence[str] | None, calendar: VietnamCalendar, roles: str, planned: bool
) -> tuple[Facts, list[Round], dict[tuple[int, int], Briefing], dict[int, Mapping[int, int] | None]]:
    """The facts, the rounds, the briefings by round and cluster, and by round the units that owe it, None for all."""
    today = local_day(now)
    day = today.isoformat()
    found, opened = await _rounds(db, today, planned)
    clusters = await _clusters(db, day)
    briefings: dict[tuple[int, int], Briefing] = {}
    meetings: list[Meeting] = []
    plan_rounds: dict[int, PlanRound] = {}
    owed_by: dict[int, Mapping[int, int] | None] = {}
    for round_ in found:
        units = owed_by[round_.id] = await owing.owing(db, round_.id, round_.terms.owes, today)
        asked = clusters.keys() if units is None else clusters.keys() & set(units.values())
        own = {b.cluster_id: b for b in await rounds.briefings(db, round_.id)}
        briefings |= {(round_.id, cluster): briefing for cluster, briefing in own.items()}
        met_on = {c: local_day(own[c].starts_at) if c in own else None for c in clusters if c in asked}
        told = await rounds.announced(db, round_.id)
        own_days = await rounds.own_days(db, round_, calendar, met_on) if round_.terms.lock_after is not None else ()
        opened_at = opened.get(round_.id)
        opened_on = None if opened_at is None else min(local_day(opened_at), today)
        days = open_days(round_.period, round_.terms, calendar, met_on.values(), own_days, opened_on)
        for cluster, met in met_on.items():
            opens_on = days.first and cluster_opens_on(round_.period, round_.terms, days.first, met)
            starts_at = own[cluster].starts_at if cluster in own else None
            due = round_.due_on(calendar, met, None, told.get(cluster))
            meetings.append(Meeting(round_.id, cluster, due, starts_at, opens_on))
        if days.first is not None:
            set_for = round_.code, f"{round_.period.end_on.year}-Y"
            aims = sorted(
                {one.due_on for code in set_for for one in await targets.of_part(db, code, WHOLE) if one.due_on}
            )
            plan_rounds[round_.id] = replace(_plan_round(round_, days.first, days.last, aims), opened_at=opened_at)
    holders, people = await _people(db, day, channels, roles)
    late = await _late(db, day)
    facts = Facts(today, plan_rounds, {}, clusters, people, holders, [], meetings, late=late, now=now)
    return facts, found, briefings, owed_by


async def _late(db: Database, day: str) -> frozenset[int]:
    """The rounds not over that some unit has not filed."""
    rows = await db.read(
        "select p.id from period p where p.state in ('open', 'planned') and exists (select 1 from cluster_member m"
        " left join submission s on s.period_id = p.id and s.unit_id = m.unit_id"
        f" where coalesce({state_on(day)}, '') not in {FILED} and {owes_on(day)}{_TODAY.format('m')})",
        (day, day),
    )
    return frozenset(row[0] for row in rows)


def _plan_round(round_: Round, first: date, last: date | None, targets_on: Sequence[date]) -> PlanRound:
    terms = round_.terms
    if round_.state == "locked":
        last = first - timedelta(days=1)
    confirmed = (terms.confirm_from_on, terms.confirm_by_on) if terms.estimated else (None, None)
    return PlanRound(
        round_.id, round_.code, first, last, round_.period.short_name, *confirmed, tuple(targets_on),
        round_.period.start_on,
    )  # fmt: skip


async def _units(db: Database, day: str) -> tuple[dict[int, PlanUnit], dict[int, Level]]:
    rows = await db.read(
        f"select u.id, u.parent_id, m.cluster_id, u.level, {listed('u')} from cluster_member m"
        f" join unit u on u.id = m.unit_id where 1 = 1{_TODAY.format('m')} order by u.code",
        (day, day),
    )
    found = {r[0]: PlanUnit(r[0], r[4], r[5], r[1], r[2], ListedUnit(*tuple(r)[4:])) for r in rows}
    return found, {r[0]: r[3] for r in rows}


async def _clusters(db: Database, day: str) -> dict[int, PlanCluster]:
    rows = await db.read(
        "select c.id, c.code, c.name, count(g.chat_id) from cluster c"
        " left join group_chat g on g.cluster_id = c.id and g.unlinked_at is null"
        f" where 1 = 1{_TODAY.format('c')} group by c.id, c.code, c.name, c.position order by c.position, c.code",
        (day, day),
    )
    return {r[0]: PlanCluster(*r) for r in rows}


async def _rounds(db: Database, today: date, planned: bool) -> tuple[list[Round], dict[int, datetime]]:
    """Open rounds, those that will open by themselves, and locked ones of which something is still told; with the
    instant at which each was opened."""
    found = await rounds.in_state(db, *(("open", "planned") if planned else ("open",)))
    changed = await untold.rounds_changed(db) | (await _reopened(db, today)).keys()
    found += [r for r in await rounds.in_state(db, "locked") if r.id in changed or _still_told(r, today)]
    rows = await db.read("select id, opened_at from period where opened_at is not null")
    opened = {r[0]: instant(r[1]) for r in rows}
    for round_ in found:
        if round_.state == "planned":
            opened.pop(round_.id, None)
        else:
            opened.setdefault(round_.id, at(today, 0))
    return [r for r in found if r.id in opened or r.terms.opens_on is not None], opened


def _still_told(round_: Round, today: date) -> bool:
    """Whether a locked round may have a last summary, a moved briefing or estimates to confirm ahead."""
    last = max(round_.period.end_on, round_.terms.confirm_by_on or round_.period.end_on)
    return today - last <= _LOCKED_FOR


async def _reopened(db: Database, today: date) -> dict[int, dict[int, date]]:
    """Days of units for which a locked period was opened again, by period and unit, until nothing is said of them.

    A day that was over when the period was locked is no such day: with the lock it is not asked for any more.
    """
    rows = await db.read(
        "select e.period_id, e.unit_id, e.deadline_on, max(v.at) from extension e"
        " join period p on p.id = e.period_id and p.state = 'locked'"
        " left join event v on v.period_id = p.id and v.action = 'period.locked' where e.deadline_on >= ?"
        " group by e.period_id, e.unit_id, e.deadline_on",
        ((today - _REOPENED_FOR).isoformat(),),
    )
    found: dict[int, dict[int, date]] = defaultdict(dict)
    for period_id, unit_id, deadline_on, locked_at in rows:
        day_on = date.fromisoformat(deadline_on)
        if locked_at is None or day_on >= local_day(instant(locked_at)):
            found[period_id][unit_id] = day_on
    return found


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
    for role, area, person in rows:
        if area is not None and person not in holders[role, area]:
            holders[role, area].append(person)
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
    if "office" in roles and not any(people[person].reach == "ok" for person in holders["office", 0]):
        deputies = await db.read(
            "select distinct r.person_id from role r join unit u on u.id = r.unit_id"
            f" where {STANDS_IN}{_TODAY.format('r')} order by r.person_id",
            (day, day),
        )
        holders["office", 0] += [row[0] for row in deputies if row[0] not in holders["office", 0]]
    return holders, people


async def _evenings(db: Database, now: datetime, people: Mapping[int, Person]) -> dict[int, Person]:
    late = await inbox.never_before_noon(db, now - _ANSWERED_IN)
    return {number: replace(person, evening=True) if number in late else person for number, person in people.items()}


async def _extras(db: Database, day: str, people: Mapping[int, Person]) -> list[Extra]:
    rows = await db.read(
        "select period_id, unit_id, person_id, rung, due_at from reminder"
        f" where state = 'planned' and rung in {ASKED} and day_on >= ? order by due_at, unit_id",
        (day,),
    )
    return [Extra(r[0], r[1], r[2], r[3], instant(r[4])) for r in rows if r[2] in people]


async def _told_before(db: Database, today: date) -> dict[int, set[date]]:
    rows = await db.read(
        "select distinct person_id, day_on from reminder where state = 'sent' and day_on >= ? and day_on < ?",
        (min(today.replace(day=1), today - _QUESTIONED_FOR).isoformat(), today.isoformat()),
    )
    found: dict[int, set[date]] = defaultdict(set)
    for person, day_on in rows:
        found[person].add(date.fromisoformat(day_on))
    return found


async def _summed(db: Database, today: date) -> dict[int, set[date]]:
    since = at(min(today.replace(day=1), today - timedelta(days=today.weekday())), 0)
    rows = await db.read(
        "select a.person_id, o.created_at from outbox o join account a on a.channel = o.channel and a.chat_id = o.chat_id"
        " where o.kind in ('digest', 'reminder') and o.state <> 'cancelled' and o.created_at >= ? and (o.dedupe_key like"
        " 'digest:%' or (o.dedupe_key like 'pack:%' and o.body like '%\"seen\"%'))",  # below the papers of a meeting
        (stamp(since),),
    )
    found: dict[int, set[date]] = defaultdict(set)
    for person, created_at in rows:
        found[person].add(local_day(instant(created_at)))
    return found


async def _short(db: Database, today: date, among: Mapping[int, Person], channels: Sequence[str] | None) -> Set[int]:
    """Persons who are written to by a bot that saves what it has left this month."""
    months = await allowances.of_month(db, allowances.month_of(today))
    saving = {(one.channel, one.bot) for one in months if one.saving}
    if not saving:
        return frozenset()
    best = await people.best_accounts(db, among, channels)
    return {person for person, a in best.items() if (a.channel, allowances.bot_of(a.chat_id)) in saving}


async def _packed(db: Database, today: date, holders: Mapping[tuple[str, int], Sequence[int]]) -> Set[int]:
    """Whom today's message with the papers of a meeting was queued for."""
    whom = {person for (role, _), own in holders.items() if role in ("chair", "leader", "office") for person in own}
    keys = {packs.told(today, person): person for person in whom}
    return {keys[key] for key in await outbox.known(db, list(keys))}


async def _told(db: Database, day: str) -> frozenset[int]:
    rows = await db.read(f"select distinct person_id from reminder where day_on = ? and state in {SAID}", (day,))
    return frozenset(row[0] for row in rows)
