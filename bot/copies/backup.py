"""A database URL and a folder in, a copy in it that was opened again, looked through and counted out."""

import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.copies import seal, shelf
from bot.copies.workroom import alone, require_room, size_of, workroom
from bot.failures import failed, reason_of
from storage.engine.copies import copy
from storage.engine.copies.sqlite import synced
from storage.engine.copies.tally import Tally
from storage.engine.sqlite_files import create_private


@dataclass(frozen=True, slots=True)
class MadeCopy:
    """A proved copy. removed: the names of older ones that made room."""

    file: Path
    holds: Tally
    sealed: bool
    removed: list[str]


async def backup(url: str, folder: Path, key: str, now: datetime) -> MadeCopy:
    """Makes one, while a bot may run. key: "" leaves it unsealed.

    It gets its name only when it has been proved; whatever fails before leaves the older copies as they are. Raises
    Failed or StorageError.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with alone(folder, "a_backup"), workroom(url) as room:
            for left in folder.glob(".giaoban-*.part"):
                left.unlink()
            return await _make(url, folder, key, now, room)
    except OSError as error:
        where = error.filename2 or error.filename or folder  # of two files the second was written
        raise failed("no_backup", where=where, why=reason_of(error)) from error


async def _make(url: str, folder: Path, key: str, now: datetime, room: Path) -> MadeCopy:
    require_room(room, 2 * size_of(url), "a_backup")
    taken = room / "taken.db"
    expected = await copy.take(url, taken, now)
    require_room(folder, 0 if key else taken.stat().st_size, "a_backup")
    name = shelf.named(now, sealed=bool(key))
    part, secrets = folder / f".{name}.part", []
    try:
        if key:
            secrets.append(seal.seal(taken, part, key))
        else:
            create_private(str(part))
            shutil.copyfile(taken, part)
        synced(str(part))
        taken.unlink()
        again = room / "again.db"
        seal.unseal(part, again, secrets)
        if difference := expected.differs(await copy.prove(again)):
            raise failed("backup_differs", what=difference)
        part.replace(folder / name)
    finally:
        part.unlink(missing_ok=True)
    synced(str(folder / name))
    return MadeCopy(folder / name, expected, bool(key), shelf.prune(folder, folder / name))
