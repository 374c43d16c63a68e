"""Five years of a province in one file: what each table weighs, and whether questions are answered as fast as before.

`python -m benchmarks.growth [--units N]`; some minutes. Eighteen more quarters are written before those of province.py,
with all that stays for good of each: figures, audit, messages without words, reminders; of the last month the inbox.
"""

import argparse
import asyncio
import sqlite3
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import closing
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

from benchmarks import province, volume
from bot.copies.backup import backup
from storage.engine.instants import stamp
from storage.engine.open import open_database

QUARTERS = 18  # more than the three that are there: five years and the open quarter
EVENTS, MESSAGES, REMINDERS, UPDATES = 28, 14, 3, 20  # of one unit in one quarter
TIMES = 9
ASKED = ("cluster", "province", "compared", "not_filed")


def main() -> None:
    """Prints the weights and the times."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--units", type=int, default=2124)
    units = parser.parse_args().units
    now, days = volume._reminder_hour()
    with tempfile.TemporaryDirectory() as name:
        young, old = Path(name) / "young.db", Path(name) / "old.db"
        for path in (young, old):
            province.make(path, units, figures=province.INDICATORS, briefing_days=days, now=province.moment())
        _age(old, units)
        _weights(old, units)
        _times(asyncio.run(_asked([young, old], now)))
        began = time.perf_counter()
        made = asyncio.run(backup(f"sqlite:///{old}", Path(name) / "copies", "", province.moment()))
        print(f"\nbackup, opened again and counted: {made.holds.total:,} rows in {time.perf_counter() - began:.1f} s")


def _age(path: Path, units: int) -> None:
    codes, when = province.indicators(province.INDICATORS), stamp(province.moment() - timedelta(days=365))
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for sql in ("pragma synchronous=off", "begin"):
            connection.execute(sql)
        for number in range(QUARTERS):
            _quarter(connection, 100 + number, units, codes, when)
        _updates(connection, units)
        for sql in ("commit", "analyze", "pragma wal_checkpoint(truncate)"):
            connection.execute(sql)


def _quarter(connection: sqlite3.Connection, period: int, units: int, codes: list[str], when: int) -> None:
    year, quarter = 2021 + (period - 100) // 4, (period - 100) % 4
    start, end = f"{year}-{3 * quarter + 1:02}-01", f"{year}-{3 * quarter + 3:02}-28"
    connection.execute(
        "insert into period (id, code, frequency, start_on, end_on, state, opened_at, deadline_lead)"
        " values (?, ?, 'quy', ?, ?, 'closed', ?, 0)",
        (period, f"{year}-Q{quarter + 1}", start, end, when),
    )
    numbers = range(1, units + 1)
    connection.executemany(
        "insert into submission (period_id, unit_id, state, rev, started_at, submitted_at, submitted_by)"
        " values (?, ?, 'accepted', 2, ?, ?, ?)",
        ((period, n, when, when, n) for n in numbers),
    )
    rng = Random(period)
    connection.executemany(
        "insert into value (period_id, unit_id, indicator, amount, approx, source, set_by, set_at)"
        " values (?, ?, ?, ?, 0, ?, ?, ?)",
        (
            (period, n, code, amount, f"trồng mới được {amount} cây xanh ở thôn", n, when)
            for n in numbers
            for code in codes
            for amount in (rng.randrange(200),)
        ),
    )
    connection.executemany(
        "insert into event (at, actor, action, period_id, unit_id, subject, new)"
        " values (?, ?, 'value.put', ?, ?, ?, '150')",
        ((when, n, period, n, codes[number % len(codes)]) for n in numbers for number in range(EVENTS)),
    )
    connection.executemany(
        "insert into outbox (dedupe_key, kind, channel, chat_id, body, created_at, not_before_at, state, attempts,"
        " sent_at, external_id) values (?, 'reply', 'telegram', ?, '{}', ?, 0, 'sent', 1, ?, ?)",
        (
            (f"reply:telegram:{period * 1000 + number}.{n}", str(10**9 + n), when, when, str(period * 100_000 + number))
            for n in numbers
            for number in range(MESSAGES)
        ),
    )
    connection.executemany(
        "insert into reminder (period_id, unit_id, person_id, rung, day_on, due_at, state, settled_at, message)"
        " values (?, ?, ?, ?, ?, ?, 'sent', ?, ?)",
        (
            (period, n, n, f"T-{number}", start, when, when, f"remind:{period}:{n}:{number}")
            for n in numbers
            for number in range(REMINDERS)
        ),
    )


def _updates(connection: sqlite3.Connection, units: int) -> None:
    """What came in during the last thirty days, after which it goes."""
    now = stamp(province.moment())
    connection.executemany(
        "insert into inbox (channel, bot, message_id, chat_id, received_at, done_at)"
        " values ('telegram', '7', ?, ?, ?, ?)",
        ((f"u{n}.{number}", str(10**9 + n), now, now) for n in range(units) for number in range(UPDATES)),
    )


def _weights(path: Path, units: int) -> None:
    with closing(sqlite3.connect(path)) as connection:
        pages = connection.execute(
            "select coalesce(i.tbl_name, d.name), sum(d.pgsize) from dbstat d left join sqlite_schema i"
            " on i.name = d.name and i.type = 'index' group by 1 order by 2 desc limit 8"
        ).fetchall()
        whole = path.stat().st_size
        print(f"{units:,} units, {QUARTERS + 3} quarters: {whole / 1e6:,.0f} MB\n")
        print("| table | rows | MB | bytes a row, with its indexes | rows a unit and quarter |")
        print("|---|---|---|---|---|")
        for table, size in pages:
            rows = connection.execute(f'select count(*) from "{table}"').fetchone()[0]
            each = rows / units / (QUARTERS + 3)
            print(f"| {table} | {rows:,} | {size / 1e6:,.0f} | {size / max(rows, 1):.0f} | {each:.1f} |")


async def _asked(paths: list[Path], now: datetime) -> dict[str, list[float]]:
    """By question, a number for each file: milliseconds of processor of its quickest answer.

    The files are asked in turn, and only the processor's own time counts, so that a busy machine slows both alike.
    """
    files = [await open_database(f"sqlite:///{path}", exclusive=True) for path in paths]
    try:
        asked = [await volume.questions(db, now) for db in files]
        found = {
            name: [
                min(times)
                for times in zip(*[[await _busy(one[name][1]) for one in asked] for _ in range(TIMES)], strict=True)
            ]
            for name in ASKED
        }
        found["reminders"] = [await _busy(partial(volume.reminders, db, now)) for db in files]
        return found
    finally:
        for db in files:
            await db.close()


async def _busy(action: Callable[[], Awaitable[Any]]) -> float:
    began = time.process_time()
    await action()
    return (time.process_time() - began) * 1000


def _times(found: dict[str, list[float]]) -> None:
    print("\n| question | ms of processor after three quarters | after five years | ratio |")
    print("|---|---|---|---|")
    for name, (young, old) in found.items():
        print(f"| {name} | {young:.1f} | {old:.1f} | {old / young:.2f} |")


if __name__ == "__main__":
    main()
