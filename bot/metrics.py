"""Figures for monitoring: rows and what an examination finds go in, a page in Prometheus' text format comes out.

No name, number, chat or unit is in it: whoever can reach the port may read it.
"""

from datetime import datetime
from pathlib import Path

from bot.health import backups
from bot.health.examination import Examination, free_bytes
from bot.health.finding import NAMES
from bot.settings import Settings
from storage.database import Database, sqlite_path
from storage.engine.instants import stamp
from storage.messages import outbox

_WAITING = "select count(*), coalesce(min(received_at), 0) from inbox where done_at is null"
_UNSENT = (
    "select coalesce(min(case when not_before_at > created_at then not_before_at else created_at end), 0) from outbox"
    " where state in ('ready', 'leased') and not_before_at <= ?"
)
_REPORTS = (
    "select s.state, count(*) from submission s join period p on p.id = s.period_id where p.state = 'open'"
    " group by s.state order by s.state"
)


async def metrics_page(db: Database, settings: Settings, examination: Examination, now: datetime) -> tuple[bytes, str]:
    """The page of this moment and its content type. Raises StorageError."""
    # Imported here: it takes some 40 ms, and only a monitor asks for the page.
    from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest

    registry = CollectorRegistry()

    def gauge(name: str, about: str, value: float) -> None:
        Gauge(f"giaoban_{name}", about, registry=registry).set(value)

    messages = Gauge("giaoban_outbox_messages", "Messages by what became of them.", ["state"], registry=registry)
    for state, count in (await outbox.by_state(db)).items():
        messages.labels(state).set(count)
    reports = Gauge("giaoban_reports", "Reports of the open periods by state.", ["state"], registry=registry)
    for state, count in await db.read(_REPORTS):
        reports.labels(state).set(count)
    found = {one.name for one in await examination.findings(now)}
    wrong = Gauge("giaoban_finding", "1 where something is wrong, by what.", ["name"], registry=registry)
    for name in NAMES:
        wrong.labels(name).set(name in found)
    (waiting, since), *_ = await db.read(_WAITING)
    failed = await db.read("select count(*) from inbox where error is not null")
    unsent = await db.read(_UNSENT, (stamp(now),))
    gauge("inbox_waiting", "Messages stored and not yet answered.", waiting)
    gauge("inbox_set_aside", "Messages that could not be handled.", failed[0][0])
    gauge("inbox_oldest_seconds", "How long the first of them has waited.", _seconds(since, now))
    gauge("outbox_oldest_seconds", "How long the first message that is due has waited.", _seconds(unsent[0][0], now))
    gauge("database_bytes", "Size of the database.", await _size(db, settings))
    gauge("disk_free_bytes", "Free space where the database is.", free_bytes(settings))
    copies = await backups.stored(db)
    if copies is not None and copies.newest is not None:
        gauge("backup_age_seconds", "Age of the newest proved copy.", _seconds(copies.newest, now))
    return generate_latest(registry), CONTENT_TYPE_LATEST


def _seconds(since: int, now: datetime) -> float:
    return max(0, stamp(now) - since) / 1000 if since else 0


async def _size(db: Database, settings: Settings) -> int:
    path = sqlite_path(settings.giaoban_database_url)
    if path is not None:
        return sum(file.stat().st_size for end in ("", "-wal") if (file := Path(path + end)).exists())  # noqa: ASYNC240
    size: int = (await db.read("select pg_database_size(current_database())"))[0][0]
    return size
