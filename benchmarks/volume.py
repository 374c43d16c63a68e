"""A whole province, or the country, in one file: how long its summaries and reminders take, beside DuckDB."""

import asyncio
import csv
import json
import sqlite3
import statistics
import subprocess
import time
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks import province
from benchmarks.contestants import PEERS, ROOT
from bot.resources import load_catalogue, load_forms
from handlers.leaders.summaries import Summaries
from handlers.wording.speech import Wording
from reporting.organisation.part import WHOLE, Part
from reporting.time.calendar import VietnamCalendar, local_day
from reporting.time.rules import DEFAULTS
from scheduler.planned.digests import Digests
from scheduler.planned.outlook import Outlooks
from scheduler.planned.reminders import Reminders
from storage.database import Database
from storage.engine.open import open_database
from storage.periods import rounds
from storage.periods.comparing import compared
from storage.reports import counted, running, submissions
from storage.reports.submissions import FILED

TABLES = ("unit", "cluster_member", "submission", "value", "role", "account")
# The same questions in DuckDB's words; what is timed is the last statement of each.
DUCK = {
    "cluster": [
        "select v.indicator, sum(v.amount), max(v.approx), count(*) from value v join submission s"
        " using (period_id, unit_id) join cluster_member m on m.unit_id = v.unit_id"
        f" where v.period_id = 3 and s.state in {FILED} and m.cluster_id = 1 group by v.indicator"
    ],
    "province": [
        "select v.indicator, sum(v.amount), max(v.approx), count(*) from value v join submission s"
        f" using (period_id, unit_id) where v.period_id = 3 and s.state in {FILED} group by v.indicator"
    ],
    "compared": [
        "select v.indicator, sum(v.amount) filter (where v.period_id = 3),"
        " sum(v.amount) filter (where v.period_id = 2), sum(v.amount) filter (where v.period_id = 1),"
        " max(v.approx), count(*) from value v join submission s"
        f" using (period_id, unit_id) where s.state in {FILED} group by v.indicator"
    ],
    "not_filed": [
        "select m.cluster_id, u.name from cluster_member m join unit u on u.id = m.unit_id"
        " left join submission s on s.unit_id = m.unit_id and s.period_id = 3"
        f" where s.state is null or s.state not in {FILED} order by m.cluster_id, u.code"
    ],
    "reminders": [
        "create or replace table reminder (unit_id bigint, person_id bigint, text varchar)",
        "insert into reminder select m.unit_id, r.person_id, 'Nhắc ' || u.name from cluster_member m"
        " join unit u on u.id = m.unit_id join role r on r.unit_id = m.unit_id"
        " join account a on a.person_id = r.person_id"
        " left join submission s on s.unit_id = m.unit_id and s.period_id = 3"
        f" where s.state is null or s.state not in {FILED}",
    ],
}


def measure(folder: Path, count: int, repetitions: int, indicators: int = province.INDICATORS) -> dict[str, Any]:
    """Milliseconds by question: `query` (the storage's own), `whole` (with the words people get), `duckdb`."""
    path = folder / f"province-{count}.db"
    now, days = _reminder_hour()
    begun = time.perf_counter()
    province.make(path, count, figures=indicators, briefing_days=days, now=province.moment())
    made = time.perf_counter() - begun
    found = asyncio.run(_giaoban(path, now, repetitions))
    found["seconds to make"] = made
    found["megabytes"] = path.stat().st_size / 1e6
    _export(path, folder)
    command = [str(PEERS), str(ROOT / "benchmarks" / "peers" / "duck.py"), str(folder), str(repetitions)]
    said = subprocess.run(command, input=json.dumps(DUCK), capture_output=True, text=True, check=True).stdout
    for name, milliseconds in json.loads(said).items():
        found[name]["duckdb"] = milliseconds
    return found


def _reminder_hour() -> tuple[datetime, int]:
    """The next moment at which a reminder goes out, and how many days from now the briefings then have to be."""
    today, calendar = local_day(province.moment()), VietnamCalendar()
    for later in range(30):
        day = today + timedelta(days=later)
        for days in range(later + 1, later + 30):
            if day in calendar.rung_days(today + timedelta(days=days), DEFAULTS.rungs):
                return DEFAULTS.morning(day) + timedelta(minutes=1), days
    raise RuntimeError("no reminder is ever due")


Action = Callable[[], Awaitable[Any]]


async def _giaoban(path: Path, now: datetime, repetitions: int) -> dict[str, Any]:
    db = await open_database(f"sqlite:///{path}", exclusive=True)
    try:
        found: dict[str, Any] = {}
        for name, (query, whole) in (await questions(db, now)).items():
            found[name] = {"query": await _median(query, repetitions), "whole": await _median(whole, repetitions)}
        found["reminders"] = await reminders(db, now)
        return found
    finally:
        await db.close()


async def questions(db: Database, now: datetime) -> dict[str, tuple[Action, Action]]:
    """By name: the storage's query, and the whole answer in the words people get."""
    catalogue = load_catalogue(None)
    await running.keep_rates(db, catalogue)
    summaries = Summaries(db, catalogue, Wording.vietnamese())
    round_ = (await rounds.open_rounds(db))[0]
    today = local_day(now)
    clusters = [row[0] for row in await db.read("select id from cluster order by id")]

    async def late() -> None:
        for cluster in clusters:
            await submissions.not_filed(db, round_.id, cluster, today.isoformat())

    return {
        "cluster": (
            lambda: counted.sums(db, catalogue, [round_.id], Part(1), today),
            lambda: summaries.cluster(round_, 1, now),
        ),
        "province": (
            lambda: counted.sums(db, catalogue, [round_.id], WHOLE, today),
            lambda: summaries.short(round_, WHOLE, now),
        ),
        "compared": (
            lambda: counted.sums(db, catalogue, [1, 2, 3], WHOLE, today),
            lambda: compared(db, catalogue, round_, WHOLE, today),
        ),
        "not_filed": (late, lambda: summaries.progress(round_, clusters, now)),
    }


async def reminders(db: Database, now: datetime) -> dict[str, float]:
    """Once, because a second time there is nothing left to queue."""
    catalogue = load_catalogue(None)
    wording = Wording.vietnamese()
    outlooks = Outlooks(db, ("telegram",))
    weeks = Digests(db, Summaries(db, catalogue, wording), wording, outlooks)
    job = Reminders(db, catalogue, load_forms(catalogue), wording, outlooks, weeks)
    begun = time.perf_counter()
    queued = await job.tick(now)
    return {"whole": (time.perf_counter() - begun) * 1000, "queued": queued}


async def _median(action: Callable[[], Awaitable[Any]], repetitions: int) -> float:
    await action()
    took = []
    for _ in range(repetitions):
        begun = time.perf_counter()
        await action()
        took.append((time.perf_counter() - begun) * 1000)
    return statistics.median(took)


def _export(path: Path, folder: Path) -> None:
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    for table in TABLES:
        with open(folder / f"{table}.csv", "w", newline="", encoding="utf-8") as file:
            cursor = connection.execute(f"select * from {table}")
            writer = csv.writer(file)
            writer.writerow([column[0] for column in cursor.description])
            writer.writerows(cursor)
    connection.close()
