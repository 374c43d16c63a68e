"""The province of tests/journeys/provinces/haicum.yaml in an open database, and what the jobs made of it."""

from datetime import UTC, datetime
from typing import Any

from journey import JOURNEYS
from province import CATALOGUE, organisation, statements

from bot.resources import load_forms
from handlers.leaders.summaries import Summaries
from handlers.wording.speech import Wording
from reporting.time.calendar import VIETNAM
from scheduler.planned.digests import Digests
from scheduler.planned.group_posts import GroupPosts
from scheduler.planned.meeting_packs import MeetingPacks
from scheduler.planned.outlook import Outlooks
from scheduler.planned.reminders import Reminders
from storage.database import Database

WORDING = Wording.vietnamese()


def at(day: str, time: str = "07:00") -> datetime:
    """The instant of a day and time in Vietnam, in UTC."""
    return datetime.strptime(f"{day} {time}", "%Y-%m-%d %H:%M").replace(tzinfo=VIETNAM).astimezone(UTC)


async def load(db: Database, name: str = "haicum") -> None:
    """Writes the province."""
    raw = organisation(JOURNEYS / "provinces" / f"{name}.yaml")
    await db.write(statements(raw, at("2026-04-01")))


def reminders_job(db: Database) -> Reminders:
    return Reminders(db, CATALOGUE, load_forms(CATALOGUE), WORDING, Outlooks(db, ("local",)), digests_job(db))


def posts_job(db: Database, editing: bool = False) -> GroupPosts:
    return GroupPosts(db, Summaries(db, CATALOGUE, WORDING), Outlooks(db, ("local",)), ("local",) if editing else ())


def digests_job(db: Database) -> Digests:
    return Digests(db, Summaries(db, CATALOGUE, WORDING), WORDING, Outlooks(db, ("local",)))


def packs_job(db: Database) -> MeetingPacks:
    return MeetingPacks(db, CATALOGUE, load_forms(CATALOGUE), WORDING, Outlooks(db, ("local",)), digests_job(db))


async def queued(db: Database, kind: str) -> list[str]:
    """Chats for which a message of that kind has been queued, in order of the chat."""
    rows = await db.read("select chat_id from outbox where kind = ? order by chat_id, id", (kind,))
    return [row[0] for row in rows]


async def one(db: Database, sql: str, *params: Any) -> Any:
    """The one value a query gives."""
    rows = await db.read(sql, params)
    assert len(rows) == 1, [dict(row) for row in rows]
    return rows[0][0]


async def unit_id(db: Database, code: str) -> int:
    found: int = await one(db, "select id from unit where code = ?", code)
    return found


async def open_period(db: Database) -> int:
    found: int = await one(db, "select id from period where state = 'open'")
    return found
