"""Writes the plan of a whole year of the demo province as text; tests/golden/year.txt is what it gave, once read.

.venv/bin/python tests/golden_year.py > tests/golden/year.txt
"""

import asyncio
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from bot.demo.cast import cast
from bot.demo.province import load
from handlers.reminders.plan_words import plan_lines
from handlers.wording.speech import Wording
from reporting.plan.facts import Facts
from reporting.plan.planner import Planner
from reporting.time.calendar import VietnamCalendar, at
from reporting.time.deadlines import Terms, customary
from reporting.time.periods import parse_period
from storage.database import Database, Statement
from storage.engine.migrate import migrate
from storage.engine.open import open_database
from storage.people import preferences
from storage.periods import briefings, extensions, holidays, planning, rounds
from storage.reports import submissions

START = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)  # Monday 08:00 in Việt Nam; quarter IV of 2025 is under way
TODAY = date(2026, 1, 5)
LAST = date(2026, 12, 31)

# Of the half year some units of the first cluster have filed and one has called its figures final; the third
# cluster's briefing on the fourth quarter was put off by an hour this morning, and a branch has got another deadline.
FILED = ("CD010101", "CD010102", "CD010103", "CD010304")
FINAL = "CD010103"
EXTENDED = ("CD010102", date(2026, 1, 21))

# Period: the day it opens, the first of the four clusters' briefings, what the office has decided. A quarter and the
# half year, nine months and year that end with it are one meeting, and the yearly one has no day but a deadline.
_HALF = customary(
    parse_period("2026-H1"), VietnamCalendar(), date(2026, 1, 1)
)  # estimated, confirmed in the first days of July
YEAR = {
    "2026-Q1": (date(2026, 3, 16), date(2026, 4, 13), Terms(deadline_lead=5, lock_after=14)),
    "2026-Q2": (date(2026, 5, 25), date(2026, 6, 23), Terms(deadline_lead=5, lock_after=14)),
    "2026-H1": (date(2026, 5, 25), date(2026, 6, 23), replace(_HALF, deadline_lead=5, lock_after=30)),
    "2026-Q3": (date(2026, 8, 24), date(2026, 9, 23), Terms(deadline_lead=5, lock_after=14)),
    "2026-9M": (date(2026, 8, 24), date(2026, 9, 23), Terms(deadline_on=date(2026, 9, 2), lock_after=14)),
    "2026-Q4": (date(2026, 11, 2), date(2026, 12, 7), Terms(deadline_lead=5, lock_after=14)),
    "2026-Y": (date(2026, 11, 2), None, Terms(deadline_on=date(2026, 11, 24), lock_after=14)),
}


async def write_year(db: Database) -> None:
    """The demo province on the fifth of January, with all periods of the year planned."""
    await load(db, START)
    clusters = {row[0]: row[1] for row in await db.read("select code, id from cluster")}
    chairs = {row[0]: row[1] for row in await db.read("select cluster_id, person_id from role where role = 'chair'")}
    rows: list[Statement] = []
    for number, (code, (opens_on, first, terms)) in enumerate(YEAR.items(), 1):
        period_id = 900_000 + number
        opening = replace(terms, opens_on=opens_on)
        rows.append(rounds.add_period(period_id, parse_period(code), "planned", START, opening))
        if first is not None:
            for place, cluster in enumerate(cast().clusters):
                cluster_id = clusters[cluster.code]
                starts_at = at(first + timedelta(days=place // 2), 8 if place % 2 == 0 else 14)
                rows.append(
                    rounds.add_briefing(
                        period_id * 10 + place, period_id, cluster_id, starts_at, cluster.place, chairs[cluster_id]
                    )
                )
    await db.write(rows)
    units = {row[0]: row[1] for row in await db.read("select code, id from unit")}
    half = next(r for r in await rounds.all_rounds(db) if r.code == "2026-H1")
    quarter = next(r for r in await rounds.all_rounds(db) if r.code == "2025-Q4")
    moved = next(b for b in await rounds.briefings(db, quarter.id) if b.cluster_code == "C3")
    await db.write(
        [
            *(submissions.touch(half.id, units[code], 0, "submitted", 0, START) for code in FILED),
            rounds.set_terms(quarter, replace(quarter.terms, lock_after=14)),
            *submissions.confirm_final(half.id, units[FINAL], 1, START),
            extensions.grant(quarter.id, units[EXTENDED[0]], EXTENDED[1], "", None, START),
            briefings.change(
                moved, moved.starts_at + timedelta(hours=1), moved.mode, moved.place, moved.chair_id, None
            ),
        ]
    )


async def planned_year(db: Database) -> tuple[Planner, Facts]:
    planner = Planner(await preferences.rules(db), await holidays.calendar(db))
    return planner, await planning.whole(db, START, planner.calendar)


async def lines(db: Database) -> Iterator[str]:
    """The plan of the year, line by line."""
    await write_year(db)
    planner, facts = await planned_year(db)
    return plan_lines(Wording.vietnamese(), facts, planner.between(facts, TODAY, LAST))


async def _main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/year.db"
        await migrate(url)
        db = await open_database(url)
        try:
            sys.stdout.writelines(f"{line}\n" for line in await lines(db))
        finally:
            await db.close()


if __name__ == "__main__":
    asyncio.run(_main())
