"""Makes up a province (or the country) of any size in a SQLite file: units, secretaries, three quarters of figures."""

import asyncio
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from benchmarks.crowd import FIRST_CHAT
from bot.resources import load_catalogue, load_forms
from handlers.access.enrolment import CONSENT_VERSION
from reporting.time.calendar import at, local_day
from reporting.time.periods import Period, quarter_of
from storage.engine.instants import stamp
from storage.engine.migrate import migrate
from storage.reports import running

CLUSTER = 28
PER_PROVINCE = 5_900  # units; the country's 200,000 in 34 provinces
INDICATORS = 25
BRIEFING_DAYS = 60  # far enough that nobody is reminded while the bot is measured
SINCE = "2025-07-01"


def make(path: Path, count: int, *, figures: int, briefing_days: int = BRIEFING_DAYS, now: datetime) -> None:
    """Writes `count` branches, each with an enrolled secretary whose Telegram chat is FIRST_CHAT + its number.

    figures: of how many indicators, 0 for none; the two quarters before are complete, the open one is filed by
    seven of ten.
    """
    asyncio.run(migrate(f"sqlite:///{path}"))
    connection = sqlite3.connect(path, isolation_level=None)
    for sql in ("pragma synchronous=off", "begin"):
        connection.execute(sql)
    periods = periods_of(now)
    _organisation(connection, count, now)
    _rounds(connection, count, periods, now, briefing_days)
    if figures:
        _figures(connection, count, len(periods), indicators(figures), now)
        for statement in running.recount():
            connection.execute(*statement[:2])
    for sql in ("commit", "analyze", "pragma wal_checkpoint(truncate)"):
        connection.execute(sql)
    connection.close()


def periods_of(now: datetime) -> list[Period]:
    """The open quarter and the two before it, the open one last."""
    newest = quarter_of(local_day(now))
    return [newest.previous().previous(), newest.previous(), newest]


def _organisation(connection: sqlite3.Connection, count: int, now: datetime) -> None:
    units = "insert into unit (id, code, name, level, parent_id, valid_from_on) values (?, ?, ?, ?, ?, ?)"
    provinces = max(1, -(-count // PER_PROVINCE))
    first = 10_000_000  # provinces and clusters stand above the branches' ids
    connection.executemany(
        units, ((first + p, f"TD{p}", f"Tỉnh đoàn số {p}", "tinh_doan", None, SINCE) for p in range(provinces))
    )
    connection.executemany(
        units,
        (
            (n, f"CD{n}", f"Chi đoàn số {n}", "chi_doan", first + (n - 1) // PER_PROVINCE, SINCE)
            for n in range(1, count + 1)
        ),
    )
    connection.executemany(
        "insert into cluster (id, code, name, position, organiser_id, valid_from_on) values (?, ?, ?, ?, ?, ?)",
        (
            (c, f"C{c}", f"Cụm thi đua số {c}", c, first + (c - 1) * CLUSTER // PER_PROVINCE, SINCE)
            for c in range(1, -(-count // CLUSTER) + 1)
        ),
    )
    connection.executemany(
        "insert into cluster_member (cluster_id, unit_id, valid_from_on) values (?, ?, ?)",
        (((n - 1) // CLUSTER + 1, n, SINCE) for n in range(1, count + 1)),
    )
    when = stamp(now)
    numbers = range(1, count + 1)
    connection.executemany(
        "insert into person (id, name, created_at) values (?, ?, ?)", ((n, f"Nguyễn Văn {n}", when) for n in numbers)
    )
    connection.executemany(
        "insert into account (channel, chat_id, person_id, consent, consent_version, consent_at)"
        " values ('telegram', ?, ?, 'given', ?, ?)",
        ((str(FIRST_CHAT + n - 1), n, CONSENT_VERSION, when) for n in numbers),
    )
    connection.executemany(
        "insert into role (id, person_id, role, title, unit_id, valid_from_on)"
        " values (?, ?, 'secretary', 'Bí thư', ?, ?)",
        ((n, n, n, SINCE) for n in numbers),
    )


def _rounds(connection: sqlite3.Connection, count: int, periods: list[Period], now: datetime, days: int) -> None:
    for number, period in enumerate(periods, 1):
        state = "open" if number == len(periods) else "closed"
        row = (number, period.code, period.frequency, period.start_on.isoformat(), period.end_on.isoformat(), state)
        connection.execute(
            "insert into period (id, code, frequency, start_on, end_on, state, opened_at, deadline_lead)"
            " values (?, ?, ?, ?, ?, ?, ?, 0)",
            (*row, stamp(now)),
        )
    starts_at = stamp(at(local_day(now) + timedelta(days=days), 8))
    connection.executemany(
        "insert into briefing (id, period_id, cluster_id, starts_at, place) values (?, ?, ?, ?, 'hội trường')",
        ((c, len(periods), c, starts_at) for c in range(1, -(-count // CLUSTER) + 1)),
    )


def _figures(connection: sqlite3.Connection, count: int, periods: int, codes: list[str], now: datetime) -> None:
    when = stamp(now)
    for period in range(1, periods + 1):
        filed = [n for n in range(1, count + 1) if period < periods or Random(n).random() < 0.7]
        connection.executemany(
            "insert into submission (period_id, unit_id, state, rev, started_at, submitted_at, submitted_by)"
            " values (?, ?, 'submitted', 2, ?, ?, ?)",
            ((period, n, when, when, n) for n in filed),
        )
        connection.executemany(
            "insert into value (period_id, unit_id, indicator, amount, approx, source, set_by, set_at)"
            " values (?, ?, ?, ?, 0, ?, ?, ?)",
            _values(period, filed, codes, when),
        )


def _values(period: int, filed: list[int], codes: list[str], when: int) -> Iterator[tuple[object, ...]]:
    rng = Random(period)
    for unit in filed:
        for code in codes:
            amount = rng.randrange(200)
            yield period, unit, code, amount, f"{amount} lượt", unit, when


def indicators(most: int) -> list[str]:
    """So many indicators at most: those of a branch's quarter in the form's order, then the others."""
    catalogue = load_catalogue(None)
    forms = load_forms(catalogue)
    form = forms.form("chi_doan", "quy")
    asked = [indicator.code for question in form.questions for indicator in question.indicators]
    more = [i.code for i in form.also if i.code not in asked]
    other = [code for code in catalogue.indicators if code not in asked and code not in more]
    return sorted([*asked, *more, *other][:most])


def moment() -> datetime:
    """Now, in UTC."""
    return datetime.now(UTC)
