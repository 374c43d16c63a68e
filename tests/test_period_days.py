"""A period opens on its day and locks so many days after its last deadline, by itself and whatever was missed."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from two_clusters import at, load, one, open_period, unit_id

from reporting.time.calendar import VietnamCalendar
from reporting.time.deadlines import Terms, due_on, open_days
from reporting.time.periods import campaign, parse_period
from scheduler.upkeep.period_days import PeriodDays
from storage.database import Database, Statement
from storage.engine.instants import stamp
from storage.periods import extensions, holidays, planning, rounds

OPENS = Terms(opens_on=date(2026, 6, 15), deadline_on=date(2026, 6, 25), lock_after=3)


async def state(db: Database, code: str) -> str:
    found: str = await one(db, "select state from period where code = ?", code)
    return found


async def days_of_change(db: Database, code: str, first: date, count: int) -> dict[str, str]:
    """The state by the day on which it was taken, each day looked at an hour after midnight."""
    found, before = {}, await state(db, code)
    for day in (first + timedelta(days=n) for n in range(count)):
        assert await PeriodDays(db).tick(at(day.isoformat(), "01:00")) == 0
        if (now := await state(db, code)) != before:
            found[day.isoformat()], before = now, now
    return found


async def planned(db: Database, terms: Terms = OPENS) -> None:
    """Two clusters, and a second quarter that is to open by itself."""
    await load(db)
    await db.write([rounds.add_period(900, parse_period("2026-Q2"), "planned", at("2026-04-01"), terms)])


async def locks_after(db: Database, days: int, *more: Statement) -> None:
    """Two clusters that meet on 14/4 and 16/4, and the first quarter open until so many days after."""
    await load(db)
    await db.write([("update period set lock_after = ? where code = '2026-Q1'", (days,), 1), *more])


async def test_a_period_opens_on_its_day_and_locks_when_its_days_after_the_deadline_are_over(
    database: Database,
) -> None:
    await planned(database)
    # Due on the 25th; the three days after it are still open.
    changes = await days_of_change(database, "2026-Q2", date(2026, 6, 13), 20)
    assert changes == {"2026-06-15": "open", "2026-06-29": "locked"}
    rows = await database.read("select action, actor from event where period_id = 900 order by id")
    assert [tuple(row) for row in rows] == [("period.opened", None), ("period.locked", None)]


async def test_the_day_begins_at_midnight_in_vietnam(database: Database) -> None:
    await planned(database)
    await PeriodDays(database).tick(at("2026-06-14", "23:59"))
    assert await state(database, "2026-Q2") == "planned"
    await PeriodDays(database).tick(at("2026-06-15", "00:00"))
    assert await state(database, "2026-Q2") == "open"


async def test_a_period_whose_day_was_slept_through_opens_on_waking(database: Database) -> None:
    await planned(database)
    assert await days_of_change(database, "2026-Q2", date(2026, 6, 20), 1) == {"2026-06-20": "open"}


async def test_a_period_without_such_days_is_left_alone(database: Database) -> None:
    await planned(database, Terms(deadline_on=date(2026, 6, 25)))
    for code in ("2026-Q1", "2026-Q2"):
        assert await days_of_change(database, code, date(2026, 6, 1), 60) == {}


@pytest.mark.parametrize(("days", "locked"), [(0, "2026-04-17"), (2, "2026-04-19")])
async def test_the_lock_counts_from_the_last_clusters_briefing(database: Database, days: int, locked: str) -> None:
    await locks_after(database, days)
    assert await days_of_change(database, "2026-Q1", date(2026, 4, 10), 15) == {locked: "locked"}


async def test_the_lock_waits_for_the_unit_with_the_longest_deadline(database: Database) -> None:
    await load(database)
    period, unit = await open_period(database), await unit_id(database, "CD01")
    await database.write(
        [
            ("update period set lock_after = 1 where id = ?", (period,), 1),
            extensions.grant(period, unit, date(2026, 4, 22), "bão", None, at("2026-04-10")),
        ]
    )
    assert await days_of_change(database, "2026-Q1", date(2026, 4, 10), 20) == {"2026-04-24": "locked"}


async def test_the_lock_waits_for_a_cluster_that_has_no_briefing_yet(database: Database) -> None:
    # The first cluster meets in March; the second has no briefing, and its units owe by the customary day, 31/3.
    await locks_after(
        database,
        0,
        ("delete from briefing where cluster_id = (select id from cluster where code = 'C2')", (), 1),
        ("update briefing set starts_at = ?", (stamp(at("2026-03-20", "08:00")),), 1),
        ("update period set opened_at = ?", (stamp(at("2026-03-02")),), 1),
    )
    assert await days_of_change(database, "2026-Q1", date(2026, 3, 20), 20) == {"2026-04-01": "locked"}


async def test_what_the_office_has_changed_meanwhile_stands(database: Database) -> None:
    await locks_after(database, 0)
    (found,) = await rounds.with_days(database)
    await database.write([rounds.set_state(found, "closed", at("2026-04-16"))])
    assert await days_of_change(database, "2026-Q1", date(2026, 4, 20), 3) == {}


# Of each period: the day it opens, its terms, and the deadline of one unit; chosen to meet or miss each other.
YEAR = {
    "2026-01": (Terms(opens_on=date(2026, 1, 10), lock_after=0), None),
    "2026-02": (Terms(opens_on=date(2026, 2, 10), lock_after=5), date(2026, 3, 2)),
    "2026-03": (Terms(opens_on=date(2026, 3, 31), deadline_on=date(2026, 3, 25), lock_after=3), None),
    "2026-Q2": (Terms(opens_on=date(2026, 6, 1), deadline_lead=5, lock_after=10), None),
    "2026-H1": (Terms(opens_on=date(2026, 5, 1), deadline_lead=0, lock_after=0), date(2026, 8, 1)),
    "2026-Q3": (Terms(opens_on=date(2026, 9, 1)), date(2026, 12, 1)),
    "2026-Y": (Terms(opens_on=date(2026, 11, 2), deadline_on=date(2026, 11, 24), lock_after=365), None),
}


async def test_over_a_year_the_plan_and_the_scheduler_agree_on_every_day_on_which_a_period_is_open(
    database: Database,
) -> None:
    await load(database)
    first, last = date(2026, 1, 1), date(2026, 12, 31)
    cluster = await one(database, "select id from cluster where code = 'C1'")
    unit = await unit_id(database, "CD01")
    rows: list[Statement] = [("update period set lock_after = 20 where code = '2026-Q1'", (), 1)]
    for number, (code, (terms, extended_to)) in enumerate(YEAR.items(), 900):
        rows.append(rounds.add_period(number, parse_period(code), "planned", at("2026-01-01"), terms))
        if terms.deadline_lead is not None:
            met = at(f"2026-0{6 + number % 2}-25", "08:00")
            rows.append(rounds.add_briefing(number * 10, number, cluster, met, "nơi họp", None))
        if extended_to is not None:
            rows.append(extensions.grant(number, unit, extended_to, "", None, at("2026-01-01")))
    await database.write(rows)
    facts = await planning.whole(database, at("2026-01-01", "00:30"), await holidays.calendar(database))
    wanted: dict[str, list[date]] = {}
    found: dict[str, list[date]] = {}
    for day in (first + timedelta(days=n) for n in range((last - first).days + 1)):
        await PeriodDays(database).tick(at(day.isoformat(), "00:01"))
        for (code,) in await database.read("select code from period where state = 'open'"):
            found.setdefault(code, []).append(day)
        for round_ in facts.rounds.values():
            if round_.is_open(day):
                wanted.setdefault(round_.code, []).append(day)
    assert found == wanted
    assert {code: (days[0].isoformat(), days[-1].isoformat()) for code, days in found.items() if code in YEAR} == {
        "2026-01": ("2026-01-10", "2026-01-20"),
        "2026-02": ("2026-02-10", "2026-03-07"),
        "2026-03": ("2026-03-31", "2026-04-09"),  # opened when its deadline was over, it has four working days
        "2026-Q2": ("2026-06-01", "2026-08-04"),  # ten days after its briefing
        "2026-H1": ("2026-05-01", "2026-08-01"),
        "2026-Q3": ("2026-09-01", "2026-12-31"),
        "2026-Y": ("2026-11-02", "2026-12-31"),
    }


CAMPAIGN = campaign("2026-D-DOT", "Đợt", "thang", date(2026, 1, 1), date(2026, 12, 31))
SOME_DAYS = st.dates(date(2026, 1, 1), date(2026, 12, 31))


@given(
    st.builds(Terms, opens_on=st.none() | SOME_DAYS, deadline_on=st.none() | SOME_DAYS,
              deadline_lead=st.none() | st.integers(0, 20), lock_after=st.none() | st.integers(0, 60)),
    st.lists(st.none() | SOME_DAYS, max_size=3),
    st.lists(SOME_DAYS, max_size=2),
)  # fmt: skip
def test_a_period_is_planned_then_open_then_locked_and_never_locks_ahead_of_a_units_day(
    terms: Terms, met_on: list[date | None], extended: list[date]
) -> None:
    days = open_days(CAMPAIGN, terms, VietnamCalendar(), met_on, extended)
    states = [days.state(date(2025, 12, 1) + timedelta(days=n)) for n in range(500)]
    order = ["planned", "open", "locked"]
    assert states == sorted(states, key=order.index)
    assert (terms.opens_on is None) == (set(states) == {"planned"})
    for due in [*(due_on(CAMPAIGN, terms, VietnamCalendar(), met) for met in met_on), *extended]:
        assert days.last is None or days.last >= due + timedelta(days=terms.lock_after or 0)
