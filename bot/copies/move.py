"""A database in, all of its rows in an empty database of another URL out, counted and summed on both sides."""

from datetime import datetime
from pathlib import Path

from bot.copies.restore import file_url, require_health
from bot.copies.workroom import workroom
from bot.failures import failed
from storage.database import sqlite_path
from storage.engine.copies import copy
from storage.engine.copies.tally import MADE_AT, Tally
from storage.engine.migrate import require_schema
from storage.engine.open import open_database


async def move(old: str, new: str, now: datetime) -> Tally:
    """Moves it; the old one stays as it is. Returns what arrived. Raises Failed or StorageError."""
    await _require_empty(new)
    async with copy.stopped(old), copy.stopped(new):
        await _require_current(old)
        with workroom(new) as room:
            work = room / "moved.db"
            expected = await copy.take(old, work, now)
            await _as_it_was(work)
            if difference := expected.differs(await copy.prove(work)):
                raise failed("move_differs", what=difference)
            aside = await copy.put(work, new, now)
        await require_health(new, aside)
    return expected


async def _require_current(url: str) -> None:
    db = await open_database(url)
    try:
        await require_schema(db)
    finally:
        await db.close()


async def _require_empty(url: str) -> None:
    if not await copy.is_empty(url):
        raise failed("move_not_empty")


async def _as_it_was(work: Path) -> None:
    db = await open_database(file_url(work))
    try:
        await db.write([("delete from setting where name = ?", (MADE_AT,))])
    finally:
        await db.close()


def is_same(old: str, new: str) -> bool:
    """Whether both URLs name the same database, as far as they can tell."""
    paths = sqlite_path(old), sqlite_path(new)
    if None not in paths:
        return Path(str(paths[0])).resolve() == Path(str(paths[1])).resolve()
    return old == new
