"""A PostgreSQL database in, its rows at one moment in a SQLite file out; and such a file put where a database stands.

One form of copy serves both engines, is proved without a second server, and leads from either engine to the other
(decision 0077). What is put in place is loaded beside the old tables and changes places with them in one transaction.
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, closing
from typing import Final, TypeAlias
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import asyncpg

from storage.database import AlreadyRun, StorageUnavailable
from storage.engine import shape
from storage.engine.copies import sqlite
from storage.engine.copies.tally import Tally, columns_of, tally_of, tally_queries
from storage.engine.migrate import VERSIONS, applied_by, migrate_file, migrate_server, require_known
from storage.engine.postgres import connect
from storage.engine.postgres_faults import DRIVER_ERRORS, in_plain_words, location
from storage.engine.sqlite_files import file_uri
from storage.engine.steps import steps

_Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
INCOMING: Final = "giaoban_incoming"
_AT_ONCE: Final = 2000  # rows
# A bot that has just been stopped is looked for until the server has noticed it: so often, so many seconds apart.
_LOOKS: Final = 10
_LOOKS_APART: Final = 0.1
_OTHERS: Final = (
    "select count(*) from pg_stat_activity where datname = current_database() and application_name = 'giaoban'"
    " and pid <> pg_backend_pid()"
)
_SERIALS: Final = (
    "select table_name::text, column_name::text from information_schema.columns"
    " where table_schema = current_schema() and column_default like 'nextval(%'"
)
# What a trigger of ours runs goes with its table.
_FUNCTIONS: Final = (
    "select distinct p.proname::text from pg_trigger g join pg_class c on c.oid = g.tgrelid"
    " join pg_proc p on p.oid = g.tgfoid where not g.tgisinternal and c.relnamespace = $1::regnamespace"
)


@asynccontextmanager
async def _connected(url: str) -> AsyncIterator[_Connection]:
    connection = await connect(url)
    try:
        yield connection
    except DRIVER_ERRORS as error:
        raise in_plain_words(error, location(url)) from error
    finally:
        await connection.close()


async def _shape(connection: _Connection) -> shape.Shape:
    return shape.shape_of({name: await connection.fetch(sql) for name, sql in shape.QUERIES["postgresql"].items()})


async def _tally(connection: _Connection, columns: dict[str, list[tuple[str, str]]]) -> Tally:
    rows = {table: await connection.fetchrow(sql) for table, sql in tally_queries(columns).items()}
    return tally_of(rows, await connection.fetchval("select max(id) from event") if "event" in rows else 0)


async def take(url: str, target: str, made_at: int) -> Tally:
    """Writes the database's present moment into a new SQLite file of the same version; returns what it has to hold."""
    async with _connected(url) as source, source.transaction(isolation="repeatable_read", readonly=True):
        at = require_known(await applied_by(source), steps())
        if not at:
            raise StorageUnavailable(f"database {location(url)} has no tables: run 'giaoban migrate' first")
        columns = columns_of(await _shape(source))
        migrate_file(target, steps()[:at])
        expected = await _tally(source, columns)
        with closing(sqlite3.connect(file_uri(target), uri=True, isolation_level=None)) as copy:
            copy.execute("begin")
            for table in columns:  # what the steps themselves put there
                copy.execute(f'delete from "{table}"')
            for table, named in columns.items():
                await _fetch_into(copy, source, table, [name for name, _ in named])
            copy.execute("commit")
            sqlite.finish(copy, made_at)
    sqlite.synced(target)
    return expected


async def _fetch_into(copy: sqlite3.Connection, source: _Connection, table: str, names: Sequence[str]) -> None:
    listed = ", ".join(f'"{name}"' for name in names)
    insert = f'insert into "{table}" ({listed}) values ({", ".join("?" * len(names))})'
    cursor = await source.cursor(f'select {listed} from "{table}"')
    while rows := await cursor.fetch(_AT_ONCE):
        copy.executemany(insert, [tuple(row) for row in rows])


@asynccontextmanager
async def stopped(url: str) -> AsyncIterator[None]:
    """No bot and no other command is connected, and no second process works so. Raises AlreadyRun."""
    async with _connected(url) as connection:
        await connection.execute("set application_name = 'giaoban operation'")
        if not await connection.fetchval("select pg_try_advisory_lock(hashtext('giaoban operation'))"):
            raise AlreadyRun(f"database {location(url)}: a restore, upgrade or move is under way: wait for its end")
        await _require_alone(connection, url)
        yield


async def _require_alone(connection: _Connection, url: str) -> None:
    for _ in range(_LOOKS):
        if not (others := await connection.fetchval(_OTHERS)):
            return
        await asyncio.sleep(_LOOKS_APART)
    raise AlreadyRun(
        f"database {location(url)} is in use by {others} connection{'s' * (others > 1)} of giaoban: stop the bot"
        " first, every process of it"
    )


async def is_empty(url: str) -> bool:
    """Whether the schema holds no table."""
    async with _connected(url) as connection:
        return not await _tables(connection, await connection.fetchval("select current_schema()"))


async def put(file: str, url: str, aside: str) -> None:
    """Puts the file's rows where the database stands, whose tables are kept in the schema `aside`.

    A kill at any moment leaves the old tables or the new ones in their place, never a mixture. Raises StorageError.
    """
    with sqlite.reading(file) as source:
        expected = sqlite.tally(source)
        version = source.execute("select max(version) from schema_version").fetchone()[0]
        async with _connected(url) as connection:
            await _require_alone(connection, url)
            await connection.execute(f"drop schema if exists {INCOMING} cascade; create schema {INCOMING}")
        beside = _in_schema(url, INCOMING)
        await migrate_server(beside, steps()[:version])
        async with _connected(beside) as connection, connection.transaction():
            await _load(connection, source)
            columns = columns_of(await _shape(connection))
            if difference := expected.differs(await _tally(connection, columns)):
                raise StorageUnavailable(f"what arrived in {location(url)} is not what was sent: {difference}")
    async with _connected(url) as connection, connection.transaction():
        await _require_alone(connection, url)
        here = await connection.fetchval("select current_schema()")
        await connection.execute(f"create schema {aside}")
        await _change(connection, here, aside)
        await _change(connection, INCOMING, here)
        await connection.execute(f"drop schema {INCOMING}")


async def put_back(url: str, aside: str) -> None:
    """Undoes `put`."""
    async with _connected(url) as connection, connection.transaction():
        here = await connection.fetchval("select current_schema()")
        await connection.execute(f"create schema {INCOMING}")
        await _change(connection, here, INCOMING)
        await _change(connection, aside, here)
        await connection.execute(f"drop schema {INCOMING} cascade; drop schema {aside}")


async def _load(connection: _Connection, source: sqlite3.Connection) -> None:
    columns, order = columns_of(shape.of_sqlite(source)), _parents_first(shape.of_sqlite(source))
    for table in reversed(order):
        if table != "event":  # which nothing empties, and the steps leave empty
            await connection.execute(f'delete from "{table}"')
    for table in order:
        names = [name for name, _ in columns[table]]
        listed = ", ".join(f'"{name}"' for name in names)
        rows = source.execute(f'select {listed} from "{table}"')
        await connection.copy_records_to_table(table, columns=names, records=rows)
    for table, column in await connection.fetch(_SERIALS):
        await connection.execute(
            f"select setval(pg_get_serial_sequence('{table}', '{column}'), greatest((select max({column}) from {table}), 1),"
            f" exists (select 1 from {table}))"
        )


def _parents_first(found: shape.Shape) -> list[str]:
    """The tables so that each comes after those it refers to."""
    tables = columns_of(found)
    parents = {
        table: {fact[2] for fact in found[table] if fact[0] == "refers" and fact[2] != table} for table in tables
    }
    order: list[str] = []
    while len(order) < len(tables):
        free = [table for table in tables if table not in order and parents[table] <= set(order)]
        if not free:
            raise ValueError("tables refer to each other in a circle")
        order += free
    return order


async def _tables(connection: _Connection, schema: str) -> list[str]:
    sql = "select relname::text from pg_class where relnamespace = $1::regnamespace and relkind = 'r' order by 1"
    ours = shape.fresh(steps(), VERSIONS, "postgresql")
    return [row[0] for row in await connection.fetch(sql, schema) if row[0] in ours]


async def _change(connection: _Connection, old: str, new: str) -> None:
    """Moves our tables, with their triggers' functions, from one schema to another."""
    functions = [row[0] for row in await connection.fetch(_FUNCTIONS, old)]
    for table in await _tables(connection, old):
        await connection.execute(f'alter table {old}."{table}" set schema {new}')
    for name in functions:
        await connection.execute(f'alter function {old}."{name}" set schema {new}')


def _in_schema(url: str, schema: str) -> str:
    parts = urlsplit(url)
    query = [
        *((name, value) for name, value in parse_qsl(parts.query) if name != "search_path"),
        ("search_path", schema),
    ]
    return urlunsplit(parts._replace(query=urlencode(query)))
