"""A database URL in, whichever engine it names: a copy of it taken into a file, a file put in its place, and back."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

from storage.database import sqlite_path
from storage.engine.copies import sqlite
from storage.engine.copies.tally import Tally
from storage.engine.instants import stamp


async def take(url: str, target: Path, now: datetime) -> Tally:
    """Writes the present moment into a new SQLite file, while a bot may run; returns what it has to hold.

    Raises StorageError. A file that is left half written by that is the caller's to remove.
    """
    path = sqlite_path(url)
    if path is not None:
        return await asyncio.to_thread(sqlite.take, path, str(target), stamp(now))
    from storage.engine.copies import postgres

    return await postgres.take(url, str(target), stamp(now))


async def prove(file: Path) -> Tally:
    """Looks a copy through and counts it. Raises StorageUnavailable if any part of it is damaged."""
    return await asyncio.to_thread(sqlite.prove, str(file))


@asynccontextmanager
async def stopped(url: str) -> AsyncIterator[None]:
    """Nobody runs the database meanwhile, nor does the same to it. Raises AlreadyRun."""
    path = sqlite_path(url)
    if path is not None:
        with sqlite.stopped(path):
            yield
        return
    from storage.engine.copies import postgres

    async with postgres.stopped(url):
        yield


async def is_empty(url: str) -> bool:
    """Whether no database stands there yet. Raises StorageError where it cannot be reached."""
    path = sqlite_path(url)
    if path is not None:
        return await asyncio.to_thread(sqlite.is_empty, path)
    from storage.engine.copies import postgres

    return await postgres.is_empty(url)


async def put(file: Path, url: str, now: datetime) -> str:
    """Puts the file where the database stands; returns under which name the one that stood there is kept, "" if
    none did.

    Whoever calls holds `stopped`. Raises StorageError, and then all is as it was.
    """
    path = sqlite_path(url)
    if path is not None:
        aside = await asyncio.to_thread(sqlite.free, f"{path}.before-{now:%Y%m%dT%H%M%S}")
        return aside if await asyncio.to_thread(sqlite.put, str(file), path, aside) else ""
    from storage.engine.copies import postgres

    aside = f"giaoban_before_{now:%Y%m%dT%H%M%S}".lower()
    await postgres.put(str(file), url, aside)
    return aside


async def put_back(url: str, aside: str) -> None:
    """Undoes `put`: what was put there is gone, what had been there stands again."""
    path = sqlite_path(url)
    if path is not None:
        await asyncio.to_thread(sqlite.put_back, path, aside)
        return
    from storage.engine.copies import postgres

    await postgres.put_back(url, aside)
