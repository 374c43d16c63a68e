"""A copy's file in, the database as it was then in place of today's out, which is kept beside it."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.copies import seal, shelf
from bot.copies.workroom import workroom
from bot.failures import failed, one_line, reason_of
from bot.settings import Settings
from reporting.time.calendar import local_day
from storage.database import Database, StorageError, sqlite_path
from storage.engine.copies import copy
from storage.engine.copies.tally import MADE_AT, Tally
from storage.engine.instants import instant
from storage.engine.migrate import ForeignSchema, SchemaMismatch, migrate, require_schema
from storage.engine.open import open_database
from storage.people import privacy
from storage.reports.events import happened
from storage.reports.since import Since, last_change, since

PassOver = Callable[[Settings, datetime, datetime], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class OpenedCopy:
    """A copy that was opened and proved. made_at: the moment it is of. loses: None where today's cannot be read."""

    holds: Tally
    made_at: datetime
    loses: Since | None


@dataclass(frozen=True, slots=True)
class Restored:
    """aside: where the database that stood there is kept. erased_again: people who had asked to be erased since."""

    made_at: datetime
    aside: str
    erased_again: int


async def restore(
    settings: Settings,
    file: Path,
    secrets: Sequence[str],
    now: datetime,
    show: Callable[[OpenedCopy], bool],
    pass_over: PassOver,
) -> Restored | None:
    """Restores it.

    show: gets what is in the copy and what would be lost, and says whether to go on. pass_over: lets the time since the
    copy pass in it.

    Raises Failed or StorageError; then all is as it was.
    """
    url = settings.giaoban_database_url
    async with copy.stopped(url):
        with workroom(url) as room:
            work = room / "copy.db"
            _unseal(file, work, secrets)
            opened, erased = await _open(file, work, url, settings.giaoban_backup_dir)
            if not show(opened):
                return None
            # Of today's machine nothing is asked there.
            own = {"giaoban_database_url": file_url(work), "giaoban_backup_dir": None, "giaoban_public_url": ""}
            await pass_over(settings.model_copy(update=own), opened.made_at, now)
            again = await _bring_up(work, opened.made_at, erased, now)
            aside = await copy.put(work, url, now)
        await require_health(url, aside)
    return Restored(opened.made_at, aside, again)


def _unseal(file: Path, work: Path, secrets: Sequence[str]) -> None:
    try:
        seal.unseal(file, work, secrets)
    except OSError as error:
        if error.filename:
            raise
        # Of what fails while it is read or written the system names no file.
        raise failed("not_unpacked", file=file, folder=work.parent.parent, why=reason_of(error)) from error


async def _open(file: Path, work: Path, url: str, shelf_: Path | None) -> tuple[OpenedCopy, dict[int, int]]:
    """The copy at this program's version, and who is to be erased in it."""
    try:
        holds = await copy.prove(work)
    except StorageError as error:
        raise failed("copy_damaged", file=file) from error
    try:
        if not {"person", "inbox", "event"} <= holds.rows.keys():
            raise failed("no_copy", file=file)
        await migrate(file_url(work))
        db = await open_database(file_url(work))
        try:
            made_at = await _made_at(db)
        finally:
            await db.close()
    except StorageError as error:
        raise failed("not_restored", file=file, why=one_line(error)[1]) from error
    except (SchemaMismatch, ForeignSchema) as error:
        raise failed("not_restored", file=file, why=one_line(error)[1]) from error
    loses, erased = await _today(url, work)
    if shelf_ is not None:
        erased |= {person: at for person, at in shelf.erased(shelf_).items() if instant(at) > made_at}
    return OpenedCopy(holds, made_at, loses), erased


async def _made_at(db: Database) -> datetime:
    """When it was made: as it says itself, or when something last happened in it."""
    rows = await db.read("select value from setting where name = ?", (MADE_AT,))
    if rows:
        return instant(int(rows[0][0]))
    found = await last_change(db)
    if found is None:
        raise failed("empty_copy")
    return found


async def _today(url: str, work: Path) -> tuple[Since | None, dict[int, int]]:
    """What today's database has and the copy has not, and who was erased; (None, {}) where it cannot be read."""
    path = sqlite_path(url)
    if path is not None and not Path(path).exists():
        return None, {}
    try:
        db, older = await open_database(url), await open_database(file_url(work))
        try:
            return await since(db, older), await privacy.erased_since(db, instant(0))
        finally:
            await older.close()
            await db.close()
    except StorageError:
        return None, {}


async def _bring_up(work: Path, made_at: datetime, erased: dict[int, int], now: datetime) -> int:
    """Erases again who was erased since, and notes that it was restored; returns how many were erased."""
    again = 0
    db = await open_database(file_url(work))
    try:
        for person in erased:
            if await db.read("select 1 from person where id = ? and erased_at is null", (person,)):
                held = await privacy.held_about(db, person)
                await db.write(privacy.erase(person, held, local_day(now).isoformat(), now))
                again += 1
        made = happened("database.restored", made_at.isoformat(timespec="seconds"), None, now)
        await db.write([("delete from setting where name = ?", (MADE_AT,)), made])
    finally:
        await db.close()
    return again


async def require_health(url: str, aside: str) -> None:
    """Sees that what was put in place can be opened and written; else what stood there comes back. Raises Failed."""
    try:
        db = await open_database(url)
        try:
            await require_schema(db)
            await db.prove()
        finally:
            await db.close()
    except (StorageError, SchemaMismatch, ForeignSchema) as error:
        if not aside:
            raise failed("restored_faulty", why=error) from error
        await copy.put_back(url, aside)
        raise failed("restored_back", why=error) from error


def file_url(file: Path) -> str:
    """The URL of a SQLite file."""
    return f"sqlite:///{file}"
