"""A SQLite file in, a whole copy of it at one moment out, or the file itself replaced by a copy; both looked through.

The copy is read in one read transaction: a running bot goes on writing meanwhile and nobody waits. Only the running
bot checkpoints (storage/engine/sqlite_files.py).
"""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from storage.database import StorageUnavailable
from storage.engine import shape
from storage.engine.copies.tally import MADE_AT, Tally, columns_of, tally_of, tally_queries
from storage.engine.sqlite_files import (
    BUSY_SECONDS,
    RunnerLock,
    WriteTurn,
    create_folders,
    create_private,
    file_uri,
    in_plain_words,
)

_BESIDE = ("-wal", "-shm", "-journal")


@contextmanager
def reading(path: str) -> Iterator[sqlite3.Connection]:
    """A connection that sees one moment of the file until it is closed. Raises StorageError."""
    try:
        # Not read-only: such a connection cannot make the -wal and -shm of a file nobody has open.
        with closing(
            sqlite3.connect(file_uri(path), uri=True, isolation_level=None, timeout=BUSY_SECONDS)
        ) as connection:
            connection.execute("pragma wal_autocheckpoint=0").fetchall()
            connection.execute("begin")
            connection.execute("select count(*) from sqlite_schema").fetchall()
            yield connection
    except sqlite3.Error as error:
        raise in_plain_words(error, path) from error


def tally(connection: sqlite3.Connection) -> Tally:
    """Of the moment the connection sees."""
    queries = tally_queries(columns_of(shape.of_sqlite(connection)))
    rows = {table: connection.execute(sql).fetchone() for table, sql in queries.items()}
    last = connection.execute("select max(id) from event").fetchone()[0] if "event" in rows else 0
    return tally_of(rows, last)


def take(path: str, target: str, made_at: int) -> Tally:
    """Writes the file's present moment into a new file; returns what it has to hold. made_at: a stamp kept in it."""
    create_private(target)
    with reading(path) as source:
        expected = tally(source)
        with closing(sqlite3.connect(file_uri(target), uri=True, isolation_level=None)) as copy:
            source.backup(copy)
            finish(copy, made_at)
    synced(target)
    return expected


def finish(copy: sqlite3.Connection, made_at: int) -> None:
    """Says in the copy when it was made, and leaves one file that needs no other."""
    copy.execute("pragma journal_mode=delete").fetchall()
    if copy.execute("select 1 from sqlite_schema where name = 'setting'").fetchone():
        copy.execute(
            "insert into setting (name, value) values (?, ?) on conflict (name) do update set value = excluded.value",
            (MADE_AT, str(made_at)),
        )


def prove(path: str) -> Tally:
    """Looks the whole file through and counts it. Raises StorageUnavailable if it is damaged in any part."""
    with reading(path) as connection:
        found = str(connection.execute("pragma integrity_check(1)").fetchone()[0])
        if found != "ok":
            raise StorageUnavailable(f"file {path} is damaged ({found[:100]})")
        if broken := connection.execute("pragma foreign_key_check").fetchone():
            raise StorageUnavailable(f"file {path} is damaged: a row of {broken[0]} lacks what it refers to")
        return tally(connection)


def put(file: str, path: str, aside: str) -> bool:
    """Puts the file where the database stands, which is kept as `aside`; whether there was one.

    The caller holds the runner's lock. At every moment there is a whole database at `path`, the old one or the new one.
    """
    turn = WriteTurn(path)
    try:
        with turn.hold():
            if stood := os.path.exists(path):
                _come_to_rest(path)
            for end in _BESIDE:  # of a damaged or missing file; beside another file its log would do harm
                with suppress(FileNotFoundError):
                    os.rename(path + end, aside + end)
            if stood:
                _like(file, path)
                _keep(path, aside)
            os.replace(file, path)
    finally:
        turn.release()
    synced(path)
    return stood


def free(name: str) -> str:
    """That name, or with a number behind it: one that was killed in the same second, or went through, may have it."""
    number, found = 1, name
    while os.path.exists(found):
        number += 1
        found = f"{name}-{number}"
    return found


def is_empty(path: str) -> bool:
    """Whether there is no file, or nothing in it."""
    return not os.path.exists(path) or not os.path.getsize(path)


def put_back(path: str, aside: str) -> None:
    """Undoes `put`."""
    for end in _BESIDE:
        with suppress(FileNotFoundError):
            os.remove(path + end)
        with suppress(FileNotFoundError):
            os.rename(aside + end, path + end)
    os.replace(aside, path)
    synced(path)


def _come_to_rest(path: str) -> None:
    """Brings all of the log into the file; what is damaged stays as it is."""
    with suppress(sqlite3.Error), closing(sqlite3.connect(file_uri(path), uri=True, isolation_level=None)) as old:
        old.execute("pragma wal_checkpoint(truncate)").fetchall()
        old.execute("pragma journal_mode=delete").fetchall()


def _like(file: str, path: str) -> None:
    """Whoever runs the bot may be another user than who restores."""
    shutil.copymode(path, file)
    owner = os.stat(path)
    with suppress(PermissionError):
        os.chown(file, owner.st_uid, owner.st_gid)


def _keep(path: str, aside: str) -> None:
    try:
        os.link(path, aside)
    except OSError:  # a file system without links
        shutil.copy2(path, aside)


def remove(path: str) -> None:
    """The file and what SQLite put beside it."""
    for end in ("", *_BESIDE, ".turn", ".lock"):
        Path(path + end).unlink(missing_ok=True)


def synced(path: str) -> None:
    """On the disk, with its name."""
    for name in (path, os.path.dirname(os.path.abspath(path))):
        handle = os.open(name, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@contextmanager
def stopped(path: str) -> Iterator[None]:
    """Nobody runs the database meanwhile. Raises AlreadyRun."""
    create_folders(path)
    lock = RunnerLock(path)
    try:
        yield
    finally:
        lock.release()
