"""The plan: no reminder where none is owed or wanted, one a person and day, nobody forgotten unseen."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import golden_year
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.reminders.plan_words import month
from handlers.wording.speech import Wording
from reporting.plan.entries import Entry, Item
from reporting.plan.facts import Change, Debt, Estimate, Extra, Facts, Meeting, Person, PlanCluster, PlanRound, PlanUnit
from reporting.plan.planner import Planner, as_told
from reporting.plan.records import records
from reporting.time.calendar import VIETNAM, VietnamCalendar, at, local_day
from reporting.time.rules import AUDIENCES, DEFAULTS, RuleError, rules_of
from storage.database import Database

GOLDEN = Path(__file__).parent / "golden" / "year.txt"
FIRST, LAST = date(2026, 1, 1), date(2027, 4, 30)
DAYS = st.dates(date(2026, 1, 15), date(2027, 3, 15))
OFFICE, LEADER = 900, 901

planners = st.builds(
    lambda off, work, quiet: Planner(
        DEFAULTS, VietnamCalendar(holidays=dict.fromkeys(off, "nghỉ"), working=frozenset(work), quiet=frozenset(quiet))
    ),
    st.sets(DAYS, max_size=6),
    st.sets(DAYS, max_size=3),
    st.sets(DAYS, max_size=4),
)


@st.composite
def provinces(draw: st.DrawFn) -> Facts:
    """Up to two clusters of up to six units, two rounds, people with several roles, some not to be reached."""
    clusters = {n: PlanCluster(n, f"C{n}", f"Cụm {n}", draw(st.integers(0, 2))) for n in (1, 2)}
    count = draw(st.integers(1, 6))
    units = {
        n: PlanUnit(n, f"U{n}", f"Đơn vị {n}", draw(st.sampled_from([None, 1])) if n > 1 else None, 1 + n % 2)
        for n in range(1, count + 1)
    }
    people = {
        n: Person(
            n,
            draw(st.sampled_from(["ok", "ok", "ok", "blocked", "never"])),
            draw(st.sampled_from(["all", "all", "last"])),
            draw(st.sampled_from(["weekly", "monthly", "off"])),
        )
        for n in (*range(1, 9), OFFICE, LEADER)
    }
    heard = st.sets(st.integers(1, 8), max_size=2)
    some = st.lists(st.integers(1, 8), max_size=2, unique=True)
    holders: dict[tuple[str, int], list[int]] = {("office", 0): [OFFICE], ("leader", 0): [LEADER]}
    for unit in units:
        for role in ("secretary", "deputy", "mentor"):
            holders[role, unit] = draw(some)
    for cluster in clusters:
        holders["chair", cluster] = draw(some)
    rounds = {}
    for n in (1, 2):
        confirmed = draw(st.sampled_from([None, draw(DAYS)]))
        by = confirmed + timedelta(days=draw(st.integers(0, 12))) if confirmed else None
        opens_on = draw(DAYS) - timedelta(days=40)
        rounds[n] = PlanRound(n, f"2026-Q{n}", opens_on, None, f"quý {n}", confirmed, by)
    meetings, debts = [], []
    for round_ in rounds:
        for cluster in clusters:
            due_on = draw(DAYS)
            starts_at = draw(st.sampled_from([None, at(due_on, 8), at(due_on + timedelta(days=7), 14)]))
            meetings.append(Meeting(round_, cluster, due_on, starts_at))
            debts += [
                Debt(round_, unit.id, draw(st.sampled_from([due_on, due_on + timedelta(days=5)])), draw(st.booleans()))
                for unit in units.values()
                if unit.cluster_id == cluster
            ]
    owed = [debt for debt in debts if not debt.filed]
    extras = []
    for debt in draw(st.lists(st.sampled_from(owed), max_size=3)) if owed else ():
        day, hour = draw(DAYS), draw(st.sampled_from([7, 19]))
        person = draw(st.integers(1, 8))
        extras.append(
            Extra(debt.round_id, debt.unit_id, person, draw(st.sampled_from(["again", "help"])), at(day, hour))
        )
    estimates = [
        Estimate(d.round_id, d.unit_id, draw(st.sampled_from(["filed", "final"])) if d.filed else "none") for d in debts
    ]
    now = at(FIRST, draw(st.integers(0, 23)), draw(st.sampled_from([0, 29, 30])))
    changes = [
        Change(draw(st.sampled_from(["moved", "place"])), 1, 1, at(draw(DAYS), 8), chairs=(draw(st.integers(1, 8)),)),
        Change(
            draw(st.sampled_from(["chair", "no_chair"])), 2, 2, at(draw(DAYS), 8), chairs=(draw(st.integers(1, 8)),)
        ),
        Change("extended", 2, units[1].cluster_id, at(draw(DAYS), 0), 1),
    ]
    return Facts(
        FIRST, rounds, units, clusters, people, holders, debts, meetings, extras, estimates=estimates, changes=changes,
        now=now, told=draw(heard), noticed=draw(heard),
    )  # fmt: skip


def sent(plan: Iterable[Entry]) -> list[Entry]:
    return [entry for entry in plan if not entry.why]


def reminders(plan: Iterable[Entry]) -> list[Entry]:
    return [entry for entry in sent(plan) if entry.kind == "reminder"]


# The laws. Each is asked of the same random plans: making a year's plan costs more than looking at it.


def nobody_is_reminded_of_a_report_that_is_filed_or_of_a_round_that_is_not_open(
    planner: Planner, facts: Facts, plan: list[Entry]
) -> None:
    for entry in reminders(plan):
        for item in entry.items:
            assert (item.round_id, item.unit_id) in facts.owed or item.part == "pack"
            if item.part != "pack" and item.rung.startswith("T"):
                assert facts.rounds[item.round_id].is_open(local_day(entry.at))


def a_person_hears_one_reminder_a_day_about_whatever_there_is(
    planner: Planner, facts: Facts, plan: list[Entry]
) -> None:
    found = Counter((entry.person_id, local_day(entry.at)) for entry in reminders(plan))
    assert max(found.values(), default=1) == 1


def what_nobody_asked_for_stays_out_of_holidays_silence_and_quiet_hours(
    planner: Planner, facts: Facts, plan: list[Entry]
) -> None:
    for entry in sent(plan):
        local = entry.at.astimezone(VIETNAM)
        assert not planner.rules.is_quiet(local.time())
        asked = any(item.rung in ("again", "help") for item in entry.items)
        if entry.kind == "notice":
            continue  # see the law of its own below
        if not asked:
            assert not planner.calendar.is_silent(local.date())
        if entry.kind != "group_post" and not asked:
            assert planner.calendar.is_working_day(local.date())


def only_who_reports_for_a_unit_with_estimates_that_are_not_final_is_asked_and_at_most_twice(
    planner: Planner, facts: Facts, plan: list[Entry]
) -> None:
    state = {(e.round_id, e.unit_id): e.state for e in facts.estimates}
    asked: Counter[tuple[int, int, int]] = Counter()
    for entry in sent(plan):
        if entry.kind == "question":
            (item,), day = entry.items, local_day(entry.at)
            round_ = facts.rounds[item.round_id]
            assert state[item.round_id, item.unit_id] == "filed"
            assert entry.person_id in facts.reporters(item.unit_id)
            assert round_.confirm_from_on is not None
            assert round_.confirm_by_on is not None
            assert round_.confirm_from_on <= day <= round_.confirm_by_on
            asked[item.round_id, item.unit_id, entry.person_id or 0] += 1
    assert max(asked.values(), default=0) <= 2


def a_change_is_told_once_to_everybody_it_concerns_awake_and_before_it_is_over(
    planner: Planner, facts: Facts, plan: list[Entry]
) -> None:
    now = facts.now or at(FIRST, 0)
    notices = [entry for entry in plan if entry.kind == "notice"]
    for change in (one for one in facts.changes if one.what not in ("chair", "no_chair")):
        mine = [e for e in notices if (e.items[0].round_id, e.items[0].rung) == (change.round_id, change.what)]
        assert mine  # also where it reaches nobody, the plan says so
        told = [entry for entry in mine if not entry.why]
        assert max(Counter((e.person_id, e.cluster_id) for e in told).values(), default=1) == 1
        for entry in told:
            assert now <= entry.at < change.about_at
            assert not planner.rules.is_quiet(entry.at.astimezone(VIETNAM).time())
            if planner.calendar.is_silent(local_day(entry.at)):
                day = local_day(entry.at)
                while planner.calendar.is_silent(day):
                    day += timedelta(days=1)
                assert at(day, 7) >= change.about_at  # after the silence it would be too late
        if change.unit_id and told:
            assert {e.person_id for e in told} == set(facts.reporters(change.unit_id))


def only_those_who_can_be_reached_are_written_to_and_only_about_their_own(
    planner: Planner, facts: Facts, plan: list[Entry]
) -> None:
    for entry in reminders(plan):
        assert entry.person_id is not None
        assert facts.people[entry.person_id].reach == "ok"
        for item in entry.items:
            if item.part == "pack":
                assert entry.person_id in facts.holders["chair" if item.cluster_id else "office", item.cluster_id] or (
                    entry.person_id in facts.holders["office", 0]
                )
                continue
            unit = facts.units[item.unit_id]
            places = {"secretary": unit.id, "deputy": unit.id, "mentor": unit.id, "commune": unit.parent_id,
                      "chair": unit.cluster_id, "office": 0}  # fmt: skip
            role = "secretary" if item.to == "commune" else item.to
            if item.rung not in ("again", "help"):
                assert entry.person_id in facts.holders[role, places[item.to] or 0]


def every_unit_that_owes_is_reminded_or_named_to_the_office_before_it_is_due(
    planner: Planner, facts: Facts, plan: list[Entry]
) -> None:
    told = {(i.round_id, i.unit_id) for e in reminders(plan) for i in e.items if i.part in ("own", "lost")}
    for debt in facts.debts:
        days = [planner.calendar.rung_day(debt.due_on, rung) for rung in (3, 1)]
        opens_on = facts.rounds[debt.round_id].opens_on
        if debt.filed or not all(day is not None and day >= opens_on for day in days):
            continue  # opened too late, or its days fall into Tết
        reporters = facts.reporters(debt.unit_id)
        if any(e.person_id in reporters and e.rung == "again" for e in facts.extras):
            continue  # a person may put today's reminder off
        if reporters or facts.people[OFFICE].reach == "ok":
            assert (debt.round_id, debt.unit_id) in told


def whoever_wants_fewer_hears_of_the_own_report_on_the_last_call_only(
    planner: Planner, facts: Facts, plan: list[Entry]
) -> None:
    for entry in reminders(plan):
        who = facts.people[entry.person_id or 0]
        for item in entry.items:
            if who.reminders == "last" and item.part == "own" and item.rung.startswith("T"):
                due_on = facts.owed[item.round_id, item.unit_id].due_on
                assert planner.calendar.rung_day(due_on, 1) == local_day(entry.at)


def nobody_hears_of_two_things_on_one_day_in_two_messages(planner: Planner, facts: Facts, plan: list[Entry]) -> None:
    """But of a meeting that is near or that a chair has otherwise in the calendar, of a unit's own new deadline, and
    what was asked for; a question has a law of its own."""

    heard: dict[tuple[int, date], list[Entry]] = {}
    for entry in sent(as_told(plan)):
        at_once = any(
            item.rung in ("again", "help", "extended")
            or (entry.to == "chair" and item.rung in ("moved", "place"))
            or (item.part == "change" and _is_near(facts, item, entry))
            for item in entry.items
        )
        if entry.person_id is not None and entry.kind not in ("group_post", "question") and not at_once:
            heard.setdefault((entry.person_id, local_day(entry.at)), []).append(entry)
    before = {(person, facts.today) for person in facts.told | facts.noticed}
    assert [entries for key, entries in heard.items() if len(entries) + (key in before) > 1] == []


def _is_near(facts: Facts, item: Item, entry: Entry) -> bool:
    return any(
        change.round_id == item.round_id and change.about_at <= entry.at + timedelta(days=4) for change in facts.changes
    )


LAWS = (
    nobody_hears_of_two_things_on_one_day_in_two_messages,
    nobody_is_reminded_of_a_report_that_is_filed_or_of_a_round_that_is_not_open,
    a_person_hears_one_reminder_a_day_about_whatever_there_is,
    what_nobody_asked_for_stays_out_of_holidays_silence_and_quiet_hours,
    only_who_reports_for_a_unit_with_estimates_that_are_not_final_is_asked_and_at_most_twice,
    a_change_is_told_once_to_everybody_it_concerns_awake_and_before_it_is_over,
    only_those_who_can_be_reached_are_written_to_and_only_about_their_own,
    every_unit_that_owes_is_reminded_or_named_to_the_office_before_it_is_due,
    whoever_wants_fewer_hears_of_the_own_report_on_the_last_call_only,
)


@settings(max_examples=40, deadline=None)
@given(planners, provinces())
def test_the_plan_of_any_province_keeps_every_law(planner: Planner, facts: Facts) -> None:
    plan = list(planner.between(facts, FIRST, LAST))
    for law in LAWS:
        law(planner, facts, plan)


@settings(max_examples=25, deadline=None)
@given(planners, provinces(), DAYS)
def test_filing_takes_a_unit_out_of_every_later_message(planner: Planner, facts: Facts, day: date) -> None:
    owed = [debt for debt in facts.debts if not debt.filed]
    if not owed:
        return
    gone = owed[0]
    debts = [Debt(d.round_id, d.unit_id, d.due_on, d.filed or d == gone) for d in facts.debts]
    after = Facts(day, facts.rounds, facts.units, facts.clusters, facts.people, facts.holders, debts, facts.meetings,
                  facts.extras)  # fmt: skip
    for entry in sent(planner.between(after, day, LAST)):
        assert not any((i.round_id, i.unit_id) == (gone.round_id, gone.unit_id) for i in entry.items)


def small(**changes: Any) -> Facts:
    """One cluster, one unit that owes, its secretary and deputy, the chair and the office; due Friday 10/4/2026."""
    fields: dict[str, Any] = {
        "today": date(2026, 4, 1),
        "rounds": {1: PlanRound(1, "2026-Q1", date(2026, 3, 20), name="quý I")},
        "units": {1: PlanUnit(1, "CD01", "Chi đoàn thôn Đông", None, 1)},
        "clusters": {1: PlanCluster(1, "C1", "Cụm 1", 1)},
        "people": {n: Person(n) for n in (1, 2, 3, OFFICE, LEADER)},
        "holders": {("secretary", 1): [1], ("deputy", 1): [2], ("chair", 1): [3], ("office", 0): [OFFICE]},
        "debts": [Debt(1, 1, date(2026, 4, 10))],
        **changes,
    }
    return Facts(**fields)


def told(facts: Facts, first: date = date(2026, 4, 1), last: date = date(2026, 4, 30)) -> dict[str, list[int]]:
    days: dict[str, list[int]] = {}
    for entry in reminders_between(facts, first, last):
        days.setdefault(entry.at.astimezone(VIETNAM).strftime("%d %H:%M"), []).append(entry.person_id or 0)
    return days


def reminders_between(facts: Facts, first: date, last: date) -> list[Entry]:
    planner = Planner(DEFAULTS, VietnamCalendar())
    return [e for e in planner.between(facts, first, last) if e.kind == "reminder" and not e.why]


def test_the_circle_widens_the_longer_it_takes_without_the_chair_of_a_cluster_that_does_not_meet() -> None:
    assert told(small()) == {
        "03 07:00": [1],
        "07 07:00": [1],
        "09 07:00": [1, 2],
        "10 07:00": [1, 2],
        "13 07:00": [1, 2],  # T+1 is a Saturday and T+3 this Monday: they meet
        "17 07:00": [1, 2, OFFICE],
    }


def test_a_chair_s_days_ahead_count_back_from_the_meeting_and_end_with_the_debt() -> None:
    meets = Meeting(1, 1, date(2026, 4, 10), at(date(2026, 4, 23), 8))
    chair = {day: who for day, who in told(small(meetings=[meets])).items() if 3 in who}
    assert list(chair) == ["13 07:00", "20 07:00", "22 07:00"]  # T+3; T-3 and T-1, in whose week T+7 is no other list
    filed = small(meetings=[meets], debts=[Debt(1, 1, date(2026, 4, 10), filed=True)])
    assert told(filed) == {"22 07:00": [3, OFFICE]}  # the papers of the meeting
    named = told(small(meetings=[meets], chairs={(1, 1): (LEADER,)}))
    assert [day for day, who in named.items() if LEADER in who] == ["20 07:00", "22 07:00"]


def test_whom_no_reminder_reaches_is_named_to_the_office_three_days_ahead() -> None:
    people = {n: Person(n, "blocked" if n in (1, 2) else "ok") for n in (1, 2, 3, OFFICE)}
    facts = small(people=people)
    assert told(facts, last=date(2026, 4, 9)) == {"07 07:00": [OFFICE]}
    why = {e.why for e in Planner(DEFAULTS, VietnamCalendar()).day(facts, date(2026, 4, 7))}
    assert why == {"", "blocked"}


def test_a_reminder_put_off_to_the_evening_comes_then_and_not_in_the_morning() -> None:
    extra = Extra(1, 1, 1, "again", at(date(2026, 4, 7), 19))
    assert told(small(extras=[extra]), date(2026, 4, 7), date(2026, 4, 7)) == {"07 19:00": [1]}


def test_until_the_hour_somebody_asked_for_nothing_else_comes() -> None:
    extra = Extra(1, 1, 1, "again", at(date(2026, 4, 8), 7))
    assert told(small(extras=[extra]), date(2026, 4, 7), date(2026, 4, 8)) == {"08 07:00": [1]}


def test_who_has_had_the_days_reminder_hears_again_only_what_was_asked_for() -> None:
    day = date(2026, 4, 7)
    extra = Extra(1, 1, 1, "again", at(day, 19))
    assert told(small(today=day, told={1, 3}), day, day) == {}
    assert told(small(today=day, told={1, 3}, extras=[extra]), day, day) == {"07 19:00": [1]}


def test_a_question_waits_for_a_day_without_a_reminder_and_two_reports_are_asked_about_on_two_days() -> None:
    half = PlanRound(2, "2026-H1", date(2026, 3, 1), date(2026, 3, 31), "", date(2026, 4, 3), date(2026, 4, 13))
    rounds = {**small().rounds, 2: half, 3: replace(half, id=3, code="2026-Q2")}
    found = small(rounds=rounds, estimates=[Estimate(n, 1, "filed") for n in (2, 3)])
    asked: dict[int, list[int]] = {2: [], 3: []}
    for entry in Planner(DEFAULTS, VietnamCalendar()).between(found, date(2026, 4, 1), date(2026, 4, 30)):
        if entry.kind == "question" and entry.person_id == 1:
            asked[entry.items[0].round_id].append(local_day(entry.at).day)
    # She is reminded on the 3rd, 7th, 9th and 10th: the first free days are the 6th and the 8th, and so are the last.
    assert asked == {2: [6, 8], 3: [8]}


def test_tet_has_no_reminders_and_the_plan_says_so() -> None:
    planner = Planner(DEFAULTS, VietnamCalendar())
    facts = small(debts=[Debt(1, 1, date(2026, 2, 25))], rounds={1: PlanRound(1, "2025-Q4", date(2026, 1, 1))})
    entries = list(planner.between(facts, date(2026, 2, 10), date(2026, 2, 26)))
    assert {(local_day(e.at).isoformat(), e.why) for e in entries if e.kind == "reminder"} == {
        ("2026-02-18", "silence"), ("2026-02-22", "silence"), ("2026-02-24", ""), ("2026-02-25", ""),
        ("2026-02-26", ""),
    }  # fmt: skip


def test_a_briefing_on_a_holiday_stays_and_only_the_reminders_of_its_day_and_after_it_move() -> None:
    # Sunday 26/4/2026 is Giỗ Tổ, Monday the day in lieu of it.
    day = date(2026, 4, 26)
    facts = small(debts=[Debt(1, 1, day)], meetings=[Meeting(1, 1, day, at(day, 8))])
    planner = Planner(DEFAULTS, VietnamCalendar())
    entries = list(planner.between(facts, date(2026, 4, 20), date(2026, 4, 30)))
    found = [
        (e.at.astimezone(VIETNAM).strftime("%d %H:%M"), e.items[0].rung, e.why)
        for e in entries
        if e.person_id in (None, 1)
    ]
    assert found == [
        ("23 07:00", "T-3", ""), ("23 07:30", "T-3", ""), ("24 07:00", "T-1", ""), ("24 07:30", "T-1", ""),
        ("26 07:00", "T-0", "off"), ("26 17:00", "after", ""), ("28 07:00", "T+1", ""),
        ("29 07:00", "T+3", ""),
    ]  # fmt: skip


def test_records_name_role_and_place_and_no_person() -> None:
    planner = Planner(DEFAULTS, VietnamCalendar())
    (record,) = records(small(), planner.day(small(), date(2026, 4, 3)))
    assert record == {
        "at": "2026-04-03T07:00+07:00",
        "kind": "reminder",
        "to": {"role": "secretary", "places": ["CD01"]},
        "about": [{"part": "own", "period": "2026-Q1", "unit": "CD01", "rung": "T-7", "due_on": "2026-04-10"}],
        "sent": True,
        "why_not": None,
    }


def test_the_month_in_short_names_briefings_days_due_and_days_off() -> None:
    planner = Planner(DEFAULTS, VietnamCalendar())
    facts = small(meetings=[Meeting(1, 1, date(2026, 4, 10), datetime(2026, 4, 17, 1, tzinfo=UTC))])
    first, last = date(2026, 4, 1), date(2026, 4, 30)
    text = month(Wording.vietnamese(), facts, planner.between(facts, first, last), planner.calendar, first)
    lines = text.splitlines()
    assert lines[:4] == [
        "Lịch tháng 4/2026",
        "- Giao ban Cụm 1 (quý I): 08:00 thứ Sáu 17/4",
        "- Hạn báo cáo quý I, Cụm 1: thứ Sáu 10/4",
        "- Nghỉ: Chủ nhật 26/4, Giỗ Tổ Hùng Vương",
    ]
    assert "- thứ Sáu 17/4: 3 tin nhắc, 1 bài đăng nhóm" in lines


def test_the_month_names_the_clusters_due_on_a_day_and_a_unit_that_was_given_another() -> None:
    facts = small(
        units={n: PlanUnit(n, f"CD0{n}", f"Chi đoàn {n}", None, cluster) for n, cluster in ((1, 1), (2, 1), (3, 2))},
        clusters={n: PlanCluster(n, f"C{n}", f"Cụm {n}", 1) for n in (1, 2)},
        debts=[Debt(1, 1, date(2026, 4, 10)), Debt(1, 2, date(2026, 4, 20)), Debt(1, 3, date(2026, 4, 10))],
        meetings=[Meeting(1, n, date(2026, 4, 10)) for n in (1, 2)],
    )
    text = month(Wording.vietnamese(), facts, [], VietnamCalendar(), date(2026, 4, 1))
    assert [line for line in text.splitlines() if "Hạn" in line] == [
        "- Hạn báo cáo quý I, Cụm 1, Cụm 2: thứ Sáu 10/4",
        "- Hạn báo cáo quý I, Chi đoàn 2: thứ Hai 20/4",
    ]


# --- the office's own rules -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["rungs", "slots", "quiet", "summaries", "after_briefing", "posts", "unreachable"])
def test_a_rule_is_read_as_it_is_written(name: str) -> None:
    assert DEFAULTS.having(name, DEFAULTS.written(name)) == DEFAULTS
    assert rules_of({name: DEFAULTS.written(name)}) == DEFAULTS


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("rungs", "T-3 everybody"), ("rungs", "T-3 chair"), ("rungs", "three secretary"), ("slots", "22:00-23:00"),
        ("slots", "08:00-07:00"), ("quiet", "06:00-20:00"), ("summaries", "25:00"), ("summaries", "23:00"),
        ("busy", "a while"), ("weekend", "yes"), ("posts", "soon"),
    ],
)  # fmt: skip
def test_a_rule_that_makes_no_sense_is_refused_in_one_line(name: str, text: str) -> None:
    with pytest.raises(RuleError) as refused:
        DEFAULTS.having(name, text)
    assert "\n" not in str(refused.value)
    assert text.split()[0] in str(refused.value) or name in str(refused.value)


def test_every_rule_that_makes_no_sense_is_named_at_once() -> None:
    with pytest.raises(RuleError) as refused:
        rules_of({"summaries": "25:00", "busy": "a while", "quiet": " 22:00-06:00 ", "of an older program": "x"})
    told = [(fault.name, fault.text, fault.reason) for fault in refused.value.faults]
    assert told == [("summaries", "25:00", "no_hour"), ("busy", "a while", "no_minutes")]


def test_an_office_may_tell_other_people_on_other_rungs_at_other_hours() -> None:
    rules = DEFAULTS.having("rungs", "T-5 secretary; T-2 secretary deputy").having("slots", "07:15-07:45")
    planner = Planner(rules, VietnamCalendar())
    entries = [e for e in planner.between(small(), date(2026, 4, 1), date(2026, 4, 30)) if not e.why]
    found = [(e.at.astimezone(VIETNAM).strftime("%d %H:%M"), e.person_id) for e in entries if e.kind == "reminder"]
    assert found == [("03 07:15", 1), ("08 07:15", 1), ("08 07:15", 2)]
    assert rules.is_quiet(time(6, 59))
    assert set(AUDIENCES) >= {"secretary", "office"}


# --- the year ---------------------------------------------------------------------------------------------------


async def test_the_plan_of_the_demo_provinces_year_is_the_one_that_was_read(database: Database) -> None:
    """When it differs on purpose: write it anew as golden_year.py says, and read the difference line by line."""
    found = list(await golden_year.lines(database))
    assert found == GOLDEN.read_text("utf-8").splitlines()
