"""Five years of a province in one file: what each table weighs, and whether questions are answered as fast as before.

`python -m benchmarks.growth [--units N]`; some minutes. Eighteen more quarters are written before those of province.py,
with all that stays for good of each: figures, audit, messages without words, reminders; of the last month the inbox.
"""

import argparse
import asyncio
import sqlite3
import tempfile
import time
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

from benchmarks import province, volume
from bot.copies.backup import backup
from storage.engine.instants import stamp

QUARTERS = 18  # more than the three that are there: five years and the open quarter
EVENTS, MESSAGES, REMINDERS, UPDATES = 28, 14, 3, 20  # of one unit in one quarter
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
        found = {path.stem: asyncio.run(volume._giaoban(path, now, 7)) for path in (young, old)}
        _times(found)
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


def _times(found: dict[str, dict[str, Any]]) -> None:
    print("\n| question | ms after three quarters | ms after five years | ratio |")
    print("|---|---|---|---|")
    for name in ASKED:
        young, old = found["young"][name]["whole"], found["old"][name]["whole"]
        print(f"| {name} | {young:.1f} | {old:.1f} | {old / young:.2f} |")
    young, old = found["young"]["reminders"]["whole"], found["old"]["reminders"]["whole"]
    print(f"| reminders | {young:.0f} | {old:.0f} | {old / young:.2f} |")


if __name__ == "__main__":
    main()
