"""A province of 2,124 units through the year 2027: who is told, how often, when, and who is never told.

Day by day on the planner, with reports coming in; `-s` prints the messages of each month. See tests/office_year.py.
"""

import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from databases import apart
from office_year import BRANCHES, COMMUNES, ENROLLED, MEETINGS, NOW, make
from province import CATALOGUE
from two_clusters import WORDING, digests_job, reminders_job

from handlers.leaders.summaries import Summaries
from reporting.plan.entries import Entry
from reporting.plan.facts import Estimate, Facts
from reporting.plan.planner import Planner
from reporting.time.calendar import VIETNAM, at, local_day
from reporting.time.rules import OPENING, rung_name
from scheduler.planned.group_posts import GroupPosts
from scheduler.planned.outlook import Outlooks
from scheduler.upkeep.period_days import PeriodDays
from storage.database import Database
from storage.engine.instants import stamp
from storage.engine.open import open_database
from storage.people import preferences
from storage.periods import holidays, planning, rounds
from storage.reports import submissions

FIRST, LAST = date(2027, 1, 1), date(2027, 12, 31)
NEVER = date.max
Filed = Mapping[tuple[int, int], date]  # the day on which each report comes in, by round and unit


@dataclass(frozen=True)
class Year:
    """What was sent on each day, and the facts of that morning."""

    planner: Planner
    facts: Facts
    days: dict[date, tuple[Facts, list[Entry]]]

    def told(self) -> list[tuple[date, Facts, Entry]]:
        return [(day, facts, entry) for day, (facts, entries) in self.days.items() for entry in entries]


@pytest.fixture(scope="module")
def year(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Year:
    folder = tmp_path_factory.mktemp("year")
    (folder / "giaoban.db").write_bytes(migrated_file.read_bytes())
    planner, facts = apart(made(folder))
    return lived(planner, facts)


async def made(folder: Path) -> tuple[Planner, Facts]:
    db = await open_database(f"sqlite:///{folder}/giaoban.db")
    try:
        await make(db, folder / "tinh.xlsx")
        planner = Planner(await preferences.rules(db), await holidays.calendar(db))
        return planner, await planning.whole(db, NOW, planner.calendar)
    finally:
        await db.close()


def lived(planner: Planner, facts: Facts) -> Year:
    """The year with reports coming in, each on a day of its own from the opening on: most in the last week, some late,
    some never."""
    dice = random.Random(2027)
    filed = {}
    for debt in facts.debts:
        opens_on = facts.rounds[debt.round_id].opens_on
        usual = max(opens_on, debt.due_on - timedelta(days=dice.choice((0, 0, 1, 1, 2, 3, 5, 8))))
        late = debt.due_on + timedelta(days=dice.randint(1, 12))
        filed[debt.round_id, debt.unit_id] = dice.choices((usual, late, NEVER), (80, 15, 5))[0]
    days: dict[date, tuple[Facts, list[Entry]]] = {}
    told_before: dict[int, set[date]] = defaultdict(set)
    summed: dict[int, set[date]] = defaultdict(set)
    changes = facts.changes
    for number in range((LAST - FIRST).days + 1):
        day = FIRST + timedelta(days=number)
        if day.day == 1:
            told_before = defaultdict(set)
        asked = {r.id for r in facts.rounds.values() if r.is_open(day)}
        debts = [replace(d, filed=filed[d.round_id, d.unit_id] < day) for d in facts.debts if d.round_id in asked]
        morning = replace(
            facts, today=day, now=None, debts=debts, changes=changes, late={d.round_id for d in debts if not d.filed},
            estimates=list(estimates(facts, filed, day)),
            told_before={person: frozenset(on) for person, on in told_before.items()}, summed=summed,
        )  # fmt: skip
        sent = [entry for entry in planner.day(morning, day) if not entry.why]
        days[day] = morning, sent
        notices = {(i.round_id, e.cluster_id, i.rung) for e in sent if e.kind == "notice" for i in e.items}
        changes = [one for one in changes if (one.round_id, one.cluster_id, one.what) not in notices]
        for entry in sent:
            if entry.kind == "reminder" and entry.person_id is not None:
                told_before[entry.person_id].add(day)
            if entry.person_id is not None and any(item.part == "digest" for item in entry.items):
                summed[entry.person_id].add(day)
    return Year(planner, facts, days)


def estimates(facts: Facts, filed: Filed, day: date) -> Iterator[Estimate]:
    """Those asked about on that day: filed as estimates; half of the units have called them final a week later."""
    for one in facts.estimates:
        round_ = facts.rounds[one.round_id]
        if round_.confirm_from_on and round_.confirm_by_on and round_.confirm_from_on <= day <= round_.confirm_by_on:
            final = one.unit_id % 2 and (day - round_.confirm_from_on).days > 6
            on = filed[one.round_id, one.unit_id]
            yield replace(one, state="unfiled" if on >= day else "final" if final else "filed")


def it_is_the_province_that_was_meant(year: Year) -> None:
    assert len(year.facts.units) == COMMUNES + BRANCHES == 2_124
    assert sum(person.reach == "ok" for person in year.facts.people.values()) == ENROLLED
    met = [meeting for meeting in year.facts.meetings if meeting.starts_at is not None]
    assert len(met) == sum(bool(day) for days in MEETINGS.values() for day in days) >= 16


def nobody_is_told_of_a_report_that_is_not_owed(year: Year) -> None:
    told = 0
    for day, facts, entry in year.told():
        for item in entry.items if entry.kind == "reminder" else ():
            if item.part in ("digest", "pack"):
                continue
            assert (item.round_id, item.unit_id) in facts.owed, (day, item)
            assert (item.round_id, item.unit_id) not in facts.exempt, (day, item)
            assert facts.rounds[item.round_id].is_open(day), (day, item)
            told += 1
            if item.part == "own":
                assert entry.person_id in facts.reporters(item.unit_id), (day, item)
    assert told > 10_000


def nobody_hears_more_than_one_message_a_day(year: Year) -> None:
    """Of whatever kind; a person of the office or a chair has lists in it, and none a second one."""
    heard = Counter((entry.person_id, day) for day, _, entry in year.told() if entry.person_id is not None)
    assert max(heard.values()) == 1, [one for one, times in heard.items() if times > 1][:5]


def nobody_is_reminded_on_more_days_of_a_month_than_the_office_allows(year: Year) -> None:
    reminded: dict[tuple[int, int], set[date]] = defaultdict(set)
    for day, _, entry in year.told():
        lists_only = all(item.part in ("office", "lost") for item in entry.items)
        if entry.kind == "reminder" and entry.person_id is not None and not lists_only:
            reminded[entry.person_id, day.month].add(day)
    assert max(len(days) for days in reminded.values()) <= year.planner.rules.monthly


def a_leader_hears_on_no_more_days_of_a_month_than_the_office_allows_whatever_it_is(year: Year) -> None:
    heard = Counter((e.person_id, day.month) for day, _, e in year.told() if e.person_id is not None)
    leaders = year.facts.holders["leader", 0]
    weeks = Counter(day.isocalendar().week for day, _, e in year.told() for i in e.items if i.part == "digest")
    assert max(heard[leader, month] for leader in leaders for month in range(1, 13)) <= year.planner.rules.monthly
    assert weeks.keys() >= set(range(14, 17)) | set(range(37, 41))  # and no week of a round goes by without its summary


def nothing_goes_out_on_a_day_off_in_a_silence_or_in_quiet_hours(year: Year) -> None:
    calendar, rules = year.planner.calendar, year.planner.rules
    """But what the office has changed, which is told at once."""
    for day, _, entry in year.told():
        assert not rules.is_quiet(entry.at.astimezone(VIETNAM).time()), (day, entry)
        assert not calendar.is_silent(day), (day, entry)
        assert calendar.is_working_day(day) or entry.kind == "notice", (day, entry)


def every_unit_that_owes_hears_the_opening_and_is_reminded_before_the_day_or_is_named_to_the_office(
    year: Year,
) -> None:
    """With its commune, for branches of one name are many."""
    opened, ahead, lost = set(), set(), set()
    for day, facts, entry in year.told():
        for item in entry.items if entry.kind == "reminder" else ():
            about = (item.round_id, item.unit_id)
            if item.part == "lost":
                lost.add(about)
                assert facts.units[item.unit_id].shown.commune
            elif item.part == "own" and item.rung == rung_name(OPENING):
                opened.add(about)
            elif item.part == "own" and day <= facts.owed[about].due_on:
                ahead.add(about)
    due: dict[int, list[date]] = defaultdict(list)
    for debt in year.facts.debts:
        due[debt.unit_id].append(debt.due_on)
    for day, (facts, _) in year.days.items():
        for debt in facts.debts:
            about = (debt.round_id, debt.unit_id)
            if debt.due_on == day and not debt.filed:
                reached = bool(facts.reporters(debt.unit_id))
                assert (about in ahead) == reached, (day, debt)
                assert (about in lost) != reached, (day, debt)
                # Of who owes two periods within a month the limit tells an opening with the next reminder.
                beside = [on for on in due[debt.unit_id] if abs(on - debt.due_on) < timedelta(days=31)]
                assert about in opened or not reached or len(beside) > 1, (day, debt)


def every_chair_hears_before_the_meeting_who_owes(year: Year) -> None:
    starts = {(m.round_id, m.cluster_id): m.starts_at for m in year.facts.meetings}
    told: dict[tuple[int, int], set[int]] = defaultdict(set)  # by round and cluster, who has heard
    for day, facts, entry in year.told():
        for item in entry.items:
            cluster = facts.units[item.unit_id].cluster_id if item.unit_id else 0
            met = starts.get((item.round_id, cluster))
            if item.part == "cluster" and met is not None and day < local_day(met):
                told[item.round_id, cluster].add(entry.person_id or 0)
    for (round_id, cluster), chairs in year.facts.chairs.items():
        assert set(chairs) <= told[round_id, cluster], (year.facts.rounds[round_id].code, cluster)
        assert len(chairs) == 1


LAWS = (
    it_is_the_province_that_was_meant,
    nobody_is_told_of_a_report_that_is_not_owed,
    nobody_hears_more_than_one_message_a_day,
    nobody_is_reminded_on_more_days_of_a_month_than_the_office_allows,
    a_leader_hears_on_no_more_days_of_a_month_than_the_office_allows_whatever_it_is,
    nothing_goes_out_on_a_day_off_in_a_silence_or_in_quiet_hours,
    every_unit_that_owes_hears_the_opening_and_is_reminded_before_the_day_or_is_named_to_the_office,
    every_chair_hears_before_the_meeting_who_owes,
)


def told(year: Year) -> str:
    """Messages by month: reminders, lists and questions; to how many people; the mean and the most for one of them."""
    lines = ["month   messages  people  mean  most"]
    for month in range(1, 13):
        to = Counter(e.person_id for day, _, e in year.told() if day.month == month and e.person_id is not None)
        mean = to.total() / len(to) if to else 0
        lines.append(f"{month:>5} {to.total():>10,} {len(to):>7,} {mean:>5.1f} {max(to.values(), default=0):>5}")
    whole = Counter(e.person_id for _, _, e in year.told() if e.person_id is not None)
    lines.append(
        f" year {whole.total():>10,} {len(whole):>7,} {whole.total() / ENROLLED:>5.1f} {max(whole.values()):>5}"
    )
    return "\n".join(lines)


def test_a_year_of_two_thousand_units_keeps_every_law(year: Year) -> None:
    for law in LAWS:
        law(year)
    print(told(year))


async def test_some_mornings_of_it_go_out_as_they_were_planned(migrated_file: Path, tmp_path: Path) -> None:
    """The opening of the first quarter, a first and a last reminder, through the jobs: the plan, once, and no more."""
    (tmp_path / "giaoban.db").write_bytes(migrated_file.read_bytes())
    db = await open_database(f"sqlite:///{tmp_path}/giaoban.db")
    try:
        await make(db, tmp_path / "tinh.xlsx")
        for day, filed in ((date(2027, 3, 22), 0.0), (date(2027, 3, 31), 0.4), (date(2027, 4, 6), 0.8)):
            await file_reports(db, day, filed)
            sent = await morning(db, day)
            assert sent == await morning(db, day, again=True)
            assert sent
    finally:
        await db.close()


async def file_reports(db: Database, day: date, share: float) -> None:
    """So many of the units have filed what is open by that morning."""
    dice = random.Random(2027)
    units = [row[0] for row in await db.read("select id from unit order by code")]
    for round_ in await rounds.in_state(db, "open"):
        known = {row[0] for row in await db.read("select unit_id from submission where period_id = ?", (round_.id,))}
        done = [unit for unit in units if dice.random() < share and unit not in known]
        await db.write([submissions.touch(round_.id, unit, 0, "submitted", 0, at(day, 6)) for unit in done])


async def morning(db: Database, day: date, again: bool = False) -> set[int]:
    """What the jobs have queued by half past seven, to whom; it is what the plan said, and nobody has it twice."""
    await PeriodDays(db).tick(at(day, 0, 1))
    planner = Planner(await preferences.rules(db), await holidays.calendar(db))
    facts = await planning.whole(db, at(day, 6), planner.calendar)
    planned = Counter(entry.person_id for entry in planner.day(facts, day) if not entry.why and entry.kind != "notice")
    summaries = Summaries(db, CATALOGUE, WORDING)
    for hour, minute in ((7, 0), (7, 1), (7, 30)):
        for job in (reminders_job(db), digests_job(db), GroupPosts(db, summaries, Outlooks(db, ("local",)))):
            await job.tick(at(day, hour, minute))
    rows = await db.read(
        "select a.person_id from outbox o join account a on a.chat_id = o.chat_id where o.created_at >= ?",
        (stamp(at(day, 0)),),
    )
    found = Counter(row[0] for row in rows)
    assert again or found == planned
    assert max(found.values()) == 1
    return set(found)
