"""A database of an older version in, one with this program's tables out, by numbered SQL files for both engines.

A step is a file `storage/migrations/NNNN_name.sql`, numbered from 0001 without gaps and never edited once
released. Each runs in one transaction together with its row in `schema_version`; workers starting at the same
moment wait for each other. A step is written in PostgreSQL's words, with these rules for SQLite:

    bigint                         becomes integer (a STRICT table knows no other name for 64 bits)
    bigserial primary key          becomes integer primary key autoincrement (numbers are never used again)
    create table t (...);          becomes create table t (...) strict;
    create table t (...) without rowid;  keeps that in SQLite and loses it in PostgreSQL: for tables of small
                                   rows with a compound key, half the size
    -- sqlite: <sql>               a line only for SQLite: the marker is taken off, the rest of the line runs
    -- postgresql: <sql>           a line only for PostgreSQL

Types are bigint, integer (counts and flags within 32 bits) and text. A marked statement may run over several
lines, each with the marker. An append-only table:

    -- sqlite: create trigger event_stays before update on event
    -- sqlite:   begin select raise(abort, 'event is append-only'); end;
    -- postgresql: create function event_stays() returns trigger language plpgsql as
    -- postgresql:   $$ begin raise exception 'event is append-only'; end $$;
    -- postgresql: create trigger event_stays before update or delete on event
    -- postgresql:   for each row execute function event_stays();
"""

import asyncio
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Final, Literal, NamedTuple

from storage.database import Database, StorageUnavailable, sqlite_path
from storage.engine.sqlite_files import BUSY_SECONDS, WriteTurn, create_private, file_uri, in_plain_words

_SHOWN = 120  # characters of a statement in an error

_FILE_NAME: Final = re.compile(r"(\d{4})_([a-z0-9_]+)\.sql")
_MARKED: Final = re.compile(r"^\s*-- (sqlite|postgresql): ?(.*)$")
_VERSIONS: Final = "create table if not exists schema_version (version bigint primary key, name text not null);"
# Quoted words are matched first, so that they stay as they are.
_TYPES: Final = re.compile(r"'(?:[^']|'')*'|\bbigserial primary key\b|\bbigint\b")
_IN_SQLITE: Final = {"bigserial primary key": "integer primary key autoincrement", "bigint": "integer"}
_RECORD: Final = "insert into schema_version (version, name) values ({}, {})"
# Any constant both sides of a race agree on; PostgreSQL's advisory locks are bare numbers.
_ADVISORY_LOCK: Final = 7_145_201


class Migration(NamedTuple):
    """One numbered SQL file. version: its number; text: the SQL as written, for both engines."""

    version: int
    name: str
    text: str


class SchemaMismatch(Exception):
    """The database and this program are of different versions: one line with the remedy."""

    def __init__(self, database_version: int, code_version: int) -> None:
        remedy = "run 'giaoban migrate'" if database_version < code_version else "install the newer program"
        super().__init__(f"database is at version {database_version}, this program needs {code_version}: {remedy}")
        self.database_version = database_version
        self.code_version = code_version


def steps(folder: Traversable | None = None) -> list[Migration]:
    """The steps in order; ValueError when numbers repeat or leave a gap."""
    folder = folder if folder is not None else resources.files("storage") / "migrations"
    found: list[Migration] = []
    for file in folder.iterdir():
        if match := _FILE_NAME.fullmatch(file.name):
            found.append(Migration(int(match[1]), file.name.removesuffix(".sql"), file.read_text("utf-8")))
        elif file.name.endswith(".sql"):
            raise ValueError(f"migration {file.name} is not named NNNN_name.sql")
    found.sort()
    for number, step in enumerate(found, start=1):
        if step.version != number:
            raise ValueError(f"migration {step.name} should have number {number:04d}")
    return found


def for_engine(text: str, engine: Literal["sqlite", "postgresql"]) -> str:
    """The step's text in one engine's words; see the top of this file."""
    lines: list[str] = []
    for line in text.splitlines():
        if match := _MARKED.match(line):
            if match[1] == engine:
                lines.append(match[2])
        else:
            lines.append(_without_comment(line))
    sql = "\n".join(line for line in lines if line.strip())
    if engine == "postgresql":
        return re.sub(r"\)\s*without rowid\s*;", ");", sql)
    return _TYPES.sub(lambda found: _IN_SQLITE.get(found[0], found[0]), sql)


def _without_comment(line: str) -> str:
    """Cut a trailing comment off, so that one holding a `;` or a quote cannot split a statement."""
    inside = False
    for index, letter in enumerate(line):
        if letter == "'":
            inside = not inside
        elif not inside and line.startswith("--", index):
            return line[:index]
    return line


def _sqlite_statements(text: str) -> Iterator[str]:
    """Split a script; sqlite3's own executescript would commit the transaction it is run in."""
    statement = ""
    for piece in for_engine(text, "sqlite").splitlines(keepends=True):
        statement += piece
        if sqlite3.complete_statement(statement):
            if statement.lstrip().startswith("create table"):
                rowless = statement.rstrip().removesuffix(";").endswith("without rowid")
                statement = statement.rstrip().removesuffix(";") + (", strict;" if rowless else " strict;")
            yield statement
            statement = ""
    if statement.strip():
        raise ValueError(f"unfinished statement: {' '.join(statement.split())[:_SHOWN]}")


def _migrate_sqlite(path: str, wanted: list[Migration]) -> list[str]:
    create_private(path)
    turn = WriteTurn(path)
    applied: list[str] = []
    try:
        with closing(
            sqlite3.connect(file_uri(path), uri=True, isolation_level=None, timeout=BUSY_SECONDS)
        ) as connection:
            # As in sqlite.py, the running bot alone checkpoints. Foreign keys stay off for rebuilding a
            # table, and are checked before each commit.
            with turn.hold():
                for pragma in ("journal_mode=wal", "synchronous=full", "wal_autocheckpoint=0"):
                    connection.execute(f"pragma {pragma}").fetchall()
            for step in wanted:
                with turn.hold():
                    if _step_sqlite(connection, step, len(wanted)):
                        applied.append(step.name)
    except sqlite3.Error as error:
        raise in_plain_words(error, path) from error
    finally:
        turn.release()
    return applied


def _step_sqlite(connection: sqlite3.Connection, step: Migration, code_version: int) -> bool:
    connection.execute("begin immediate")
    try:
        for statement in _sqlite_statements(_VERSIONS):
            connection.execute(statement)
        at = connection.execute("select coalesce(max(version), 0) from schema_version").fetchone()[0]
        if at > code_version:
            raise SchemaMismatch(at, code_version)
        if at >= step.version:
            connection.execute("rollback")
            return False
        for statement in _sqlite_statements(step.text):
            connection.execute(statement)
        connection.execute(_RECORD.format("?", "?"), (step.version, step.name))
        if broken := connection.execute("pragma foreign_key_check").fetchone():
            raise StorageUnavailable(f"migration {step.name} leaves a row of {broken[0]} without what it refers to")
        connection.execute("commit")
    except BaseException:
        if connection.in_transaction:
            connection.execute("rollback")
        raise
    return True


async def _migrate_postgresql(url: str, wanted: list[Migration]) -> list[str]:
    from storage.engine.postgres import connect
    from storage.engine.postgres_faults import DRIVER_ERRORS, in_plain_words, location

    applied: list[str] = []
    connection = await connect(url)
    try:
        for step in wanted:
            async with connection.transaction():
                await connection.execute("select pg_advisory_xact_lock($1)", _ADVISORY_LOCK)
                await connection.execute(_VERSIONS)
                at = await connection.fetchval("select coalesce(max(version), 0) from schema_version")
                if at > len(wanted):
                    raise SchemaMismatch(at, len(wanted))
                if at >= step.version:
                    continue
                await connection.execute(for_engine(step.text, "postgresql"))
                await connection.execute(_RECORD.format("$1", "$2"), step.version, step.name)
                applied.append(step.name)
    except DRIVER_ERRORS as error:
        raise in_plain_words(error, location(url)) from error
    finally:
        await connection.close()
    return applied


async def migrate(url: str, folder: Traversable | None = None) -> list[str]:
    """Apply the steps the database lacks, return their names; SchemaMismatch if it is newer than the code."""
    wanted = steps(folder)
    path = sqlite_path(url)
    if path is None:
        return await _migrate_postgresql(url, wanted)
    return await asyncio.to_thread(_migrate_sqlite, path, wanted)


async def schema_state(database: Database, folder: Traversable | None = None) -> tuple[int, int]:
    """(version of the database, version this code needs); 0 for an empty database."""
    known = (
        "select count(*) from sqlite_schema where name = 'schema_version'"
        if database.engine == "sqlite"
        else "select count(*) from pg_class where oid = to_regclass('schema_version')"
    )
    version = 0
    if (await database.read(known))[0][0]:
        version = (await database.read("select coalesce(max(version), 0) from schema_version"))[0][0]
    return version, len(steps(folder))


async def require_schema(database: Database, folder: Traversable | None = None) -> None:
    """Raise SchemaMismatch unless database and code are of one version."""
    has, needs = await schema_state(database, folder)
    if has != needs:
        raise SchemaMismatch(has, needs)
