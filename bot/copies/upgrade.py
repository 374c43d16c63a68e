"""A database of an older version in, the same at this program's version out, after it was tried on a copy."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.copies.backup import MadeCopy, backup
from bot.copies.restore import file_url, require_health
from bot.copies.workroom import beside, require_room, size_of, workroom
from bot.failures import failed
from bot.settings import Settings
from storage.database import Database
from storage.engine.copies import copy
from storage.engine.copies.tally import MADE_AT, Tally
from storage.engine.migrate import SchemaMismatch, drift, migrate, require_schema, schema_state
from storage.engine.open import open_database
from storage.periods import holidays, planning

# A step may move rows of other tables; of these none ever gets lost.
_KEPT = ("unit", "person", "account", "submission", "value", "event", "inbox", "outbox", "petition")


@dataclass(frozen=True, slots=True)
class Upgraded:
    """From which version to which, the copy of before, and where the old database is kept."""

    old: int
    new: int
    before: MadeCopy
    aside: str


async def upgrade(settings: Settings, now: datetime) -> Upgraded | None:
    """Backs up, brings a copy up, examines it, and lets it take the database's place; None if there is nothing to do.

    Whatever fails, or a kill at any moment, leaves the old database, or the new one, whole in its place. Raises Failed,
    StorageError, SchemaMismatch or ForeignSchema.
    """
    url = settings.giaoban_database_url
    async with copy.stopped(url):
        old, new = await _versions(url)
        if old == new:
            return None
        if not old or old > new:
            raise SchemaMismatch(old, new)
        require_room(beside(url), 3 * size_of(url), "an_upgrade")
        key = settings.giaoban_backup_key.get_secret_value()
        made = await backup(url, settings.giaoban_backup_dir or beside(url) / "backups", key, now)
        with workroom(url) as room:
            work = room / "new.db"
            before = await copy.take(url, work, now)
            await migrate(file_url(work))
            await _examine(work, before, now)
            aside = await copy.put(work, url, now)
        await require_health(url, aside)
    return Upgraded(old, new, made, aside)


async def _versions(url: str) -> tuple[int, int]:
    db = await open_database(url)
    try:
        return await schema_state(db)
    finally:
        await db.close()


async def _examine(work: Path, before: Tally, now: datetime) -> None:
    """The upgraded copy has to be whole, of the right shape, with all that was in it, and of use."""
    after = await copy.prove(work)
    lost = [table for table in _KEPT if after.rows.get(table, 0) < before.rows.get(table, 0)]
    if lost:
        raise failed("upgrade_loses", tables=", ".join(lost))
    db = await open_database(file_url(work))
    try:
        await require_schema(db)
        if faults := await drift(db):
            raise failed("upgrade_faulty", what=faults[0])
        await _plan(db, now)
        await db.write([("delete from setting where name = ?", (MADE_AT,))])
    finally:
        await db.close()


async def _plan(db: Database, now: datetime) -> None:
    """Reads what every beat reads."""
    await planning.whole(db, now, await holidays.calendar(db))
