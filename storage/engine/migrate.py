"""A database of an older version in, one with this program's tables out, by numbered SQL files for both engines.

Each step runs in one transaction together with its row in `schema_version`; workers starting at the same moment
wait for each other. A row keeps the step's checksum, so that a step edited after it was applied is refused. Of a
database made before checksums were kept, the schema itself has to be what its steps make; then they are filled in.
"""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import closing
from importlib.resources.abc import Traversable
from typing import Any, Final, NamedTuple

from storage.database import Database, StorageUnavailable, sqlite_path
from storage.engine import shape
from storage.engine.sqlite_files import BUSY_SECONDS, WriteTurn, create_private, file_uri, in_plain_words
from storage.engine.steps import Migration, for_engine, sqlite_statements, steps

VERSIONS: Final = "create table if not exists schema_version (version bigint primary key, name text not null);"
_RECORD: Final = "insert into schema_version (version, name) values ({}, {})"
_FILL_IN: Final = "update schema_version set checksum = {} where version = {} and checksum is null"
# Any constant both sides of a race agree on; PostgreSQL's advisory locks are bare numbers.
_ADVISORY_LOCK: Final = 7_145_201
# Before step 0002 there is no column of that name.
_APPLIED: Final[Mapping[shape.Engine, str]] = {
    "sqlite": "select * from schema_version order by version",
    "postgresql": "select version, name, to_jsonb(v) ->> 'checksum' from schema_version v order by version",
}
_HAS_CHECKSUM: Final = (
    "select count(*) from pg_attribute where attrelid = to_regclass('schema_version') and attname = 'checksum'"
)


class SchemaMismatch(Exception):
    """The database and this program are of different versions: one line with the remedy."""

    def __init__(self, database_version: int, code_version: int) -> None:
        remedy = "install the newer program"
        if database_version < code_version:
            remedy = "run 'giaoban upgrade'" if database_version else "run 'giaoban migrate'"
        super().__init__(f"database is at version {database_version}, this program needs {code_version}: {remedy}")
        self.database_version = database_version
        self.code_version = code_version


class ForeignSchema(Exception):
    """The database was made by steps that are not this program's: one line with what differs and the remedy."""

    def __init__(self, difference: str) -> None:
        super().__init__(
            f"database was made by another build of this program ({difference}) and cannot be brought up: export its"
            " reports with the build that made it, then restore a backup or begin a new database with 'giaoban migrate'"
        )
        self.difference = difference


class AppliedStep(NamedTuple):
    """A row of schema_version; checksum: None where it was applied before they were kept."""

    version: int
    name: str
    checksum: str | None


def _applied(rows: Sequence[Any]) -> list[AppliedStep]:
    return [AppliedStep(row[0], row[1], row[2] if len(row) > 2 else None) for row in rows]


def require_known(applied: Sequence[AppliedStep], wanted: Sequence[Migration]) -> int:
    """The version these steps make. Raises SchemaMismatch if it is newer than the code, ForeignSchema if any of them
    is not the code's."""
    at = applied[-1].version if applied else 0
    if at > len(wanted):
        raise SchemaMismatch(at, len(wanted))
    for row, step in zip(applied, wanted, strict=False):
        if (row.version, row.name) != (step.version, step.name):
            raise ForeignSchema(f"its step {row.version} is {row.name}, here it is {step.name}")
        if row.checksum not in (None, step.checksum):
            raise ForeignSchema(f"its step {row.name} had other contents")
    return at


def _require_shape(
    applied: Sequence[AppliedStep], wanted: Sequence[Migration], found: shape.Shape, engine: shape.Engine
) -> None:
    """What steps without checksum are worth is seen by what they made."""
    if faults := shape.differences(shape.fresh(wanted[: len(applied)], VERSIONS, engine), found):
        raise ForeignSchema(faults[0])


def migrate_file(path: str, wanted: list[Migration]) -> list[str]:
    """Applies these steps to the SQLite file, where it lacks them; returns their names."""
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
                    if _step_sqlite(connection, step, wanted):
                        applied.append(step.name)
    except sqlite3.Error as error:
        raise in_plain_words(error, path) from error
    finally:
        turn.release()
    return applied


def _step_sqlite(connection: sqlite3.Connection, step: Migration, wanted: list[Migration]) -> bool:
    connection.execute("begin immediate")
    try:
        for statement in sqlite_statements(VERSIONS):
            connection.execute(statement)
        applied = _applied(connection.execute(_APPLIED["sqlite"]).fetchall())
        if require_known(applied, wanted) >= step.version:
            connection.execute("rollback")
            return False
        if any(row.checksum is None for row in applied):
            _require_shape(applied, wanted, shape.of_sqlite(connection), "sqlite")
        for statement in sqlite_statements(step.text):
            connection.execute(statement)
        connection.execute(_RECORD.format("?", "?"), (step.version, step.name))
        if "checksum" in {row[1] for row in connection.execute("pragma table_info(schema_version)")}:
            for done in wanted[: step.version]:
                connection.execute(_FILL_IN.format("?", "?"), (done.checksum, done.version))
        if broken := connection.execute("pragma foreign_key_check").fetchone():
            raise StorageUnavailable(f"migration {step.name} leaves a row of {broken[0]} without what it refers to")
        connection.execute("commit")
    except BaseException:
        if connection.in_transaction:
            connection.execute("rollback")
        raise
    return True


async def migrate_server(url: str, wanted: list[Migration]) -> list[str]:
    """The same on PostgreSQL, in the schema that the URL's search_path names."""
    from storage.engine.postgres import connect
    from storage.engine.postgres_faults import DRIVER_ERRORS, in_plain_words, location

    applied: list[str] = []
    connection = await connect(url)
    try:
        for step in wanted:
            async with connection.transaction():
                await connection.execute("select pg_advisory_xact_lock($1)", _ADVISORY_LOCK)
                await connection.execute(VERSIONS)
                before = _applied(await connection.fetch(_APPLIED["postgresql"]))
                if require_known(before, wanted) >= step.version:
                    continue
                if any(row.checksum is None for row in before):
                    _require_shape(before, wanted, await _shape(connection.fetch, "postgresql"), "postgresql")
                await connection.execute(for_engine(step.text, "postgresql"))
                await connection.execute(_RECORD.format("$1", "$2"), step.version, step.name)
                if await connection.fetchval(_HAS_CHECKSUM):
                    for done in wanted[: step.version]:
                        await connection.execute(_FILL_IN.format("$1", "$2"), done.checksum, done.version)
                applied.append(step.name)
    except DRIVER_ERRORS as error:
        raise in_plain_words(error, location(url)) from error
    finally:
        await connection.close()
    return applied


async def applied_by(connection: Any) -> list[AppliedStep]:
    """The steps that made the database of that connection to PostgreSQL; none where it has no tables."""
    if await connection.fetchval("select to_regclass('schema_version')") is None:
        return []
    return _applied(await connection.fetch(_APPLIED["postgresql"]))


async def migrate(url: str, folder: Traversable | None = None) -> list[str]:
    """Apply the steps the database lacks, return their names; SchemaMismatch if it is newer than the code."""
    wanted = steps(folder)
    path = sqlite_path(url)
    if path is None:
        return await migrate_server(url, wanted)
    return await asyncio.to_thread(migrate_file, path, wanted)


async def _shape(read: Callable[[str], Awaitable[Sequence[Any]]], engine: shape.Engine) -> shape.Shape:
    rows: Mapping[str, Sequence[Any]] = {name: await read(sql) for name, sql in shape.QUERIES[engine].items()}
    return shape.shape_of(rows)


async def _rows(database: Database) -> list[AppliedStep]:
    known = (
        "select count(*) from sqlite_schema where name = 'schema_version'"
        if database.engine == "sqlite"
        else "select count(*) from pg_class where oid = to_regclass('schema_version')"
    )
    if not (await database.read(known))[0][0]:
        return []
    return _applied(await database.read(_APPLIED[database.engine]))


async def schema_state(database: Database, folder: Traversable | None = None) -> tuple[int, int]:
    """(version of the database, version this code needs); 0 for an empty database. Raises ForeignSchema."""
    wanted, applied = steps(folder), await _rows(database)
    if len(applied) <= len(wanted):
        require_known(applied, wanted)
    return (applied[-1].version if applied else 0), len(wanted)


async def require_schema(database: Database, folder: Traversable | None = None) -> None:
    """Raise SchemaMismatch unless database and code are of one version, ForeignSchema if its steps are not ours."""
    has, needs = await schema_state(database, folder)
    if has != needs:
        raise SchemaMismatch(has, needs)


async def drift(database: Database, folder: Traversable | None = None) -> list[str]:
    """In what the schema differs from what its steps make, each by table and column; empty if in nothing."""
    wanted, applied = steps(folder), await _rows(database)
    if not applied:
        return []
    found = await _shape(database.read, database.engine)
    return shape.differences(shape.fresh(wanted[: len(applied)], VERSIONS, database.engine), found)
