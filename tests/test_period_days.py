"""A period opens on its day and locks so many days after its last deadline, by itself and whatever was missed."""

from datetime import date, timedelta

import pytest
from two_clusters import at, load, one, open_period, unit_id

from reporting.deadlines import Terms
from reporting.periods import parse_period
from scheduler.period_days import PeriodDays
from storage import extensions, rounds
from storage.database import Database, Statement
from storage.instants import stamp

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
    )
    assert await days_of_change(database, "2026-Q1", date(2026, 3, 20), 20) == {"2026-04-01": "locked"}


async def test_what_the_office_has_changed_meanwhile_stands(database: Database) -> None:
    await locks_after(database, 0)
    (found,) = await rounds.with_days(database)
    await database.write([rounds.set_state(found, "closed", at("2026-04-16"))])
    assert await days_of_change(database, "2026-Q1", date(2026, 4, 20), 3) == {}
