"""Makes the databases the fixtures hand out, and runs what makes them outside the test's loop."""

import asyncio
import io
import os
import threading
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from functools import lru_cache
from itertools import count
from typing import Any, Protocol
from urllib.parse import urlsplit

import asyncpg
import pytest

from storage.database import Database

# For a test that sends PostgreSQL no statement which others do not send there as well.
ON_SQLITE = pytest.mark.parametrize("engine", ["sqlite"])


class Opener(Protocol):
    async def __call__(self, url: str, *, exclusive: bool = False) -> Database: ...


# Fills the empty database of that URL.
Fill = Callable[[str], Coroutine[Any, Any, Any]]

_numbers = count(1)


@lru_cache(maxsize=1)
def _loop() -> asyncio.AbstractEventLoop:
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, daemon=True).start()
    return loop


def apart(work: Coroutine[Any, Any, Any]) -> Any:
    """Run a coroutine on a thread of its own: a fixture may stand inside or outside the test's loop."""
    return asyncio.run_coroutine_threadsafe(work, _loop()).result()


@asynccontextmanager
async def _connected(url: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(url, timeout=60)
    try:
        yield connection
    finally:
        await connection.close()


async def _on_server(url: str, sql: str) -> None:
    async with _connected(url) as connection:
        await connection.execute(sql)


# The row that was written last and the number of rows tell whether a table was touched. Catalogs are tables, too: what
# changes the schema changes them.
_OURS = 16384  # the first number of what is not PostgreSQL's own
_CATALOGS = {
    "pg_attribute": "attrelid",
    "pg_attrdef": "oid",
    "pg_class": "oid",
    "pg_constraint": "oid",
    "pg_index": "indexrelid",
    "pg_proc": "oid",
    "pg_trigger": "oid",
}
_OTHERS = "from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"
_PATIENCE_MS = 10_000
_SEQUENCES = "select schemaname || '.' || sequencename as name, last_value from pg_sequences order by 1"
_Mark = tuple[int, int | None]


class _LentDatabase:
    """A database that is put back as it was made after each test, table by table: far cheaper than another copy.

    Its connection stays open: one that is new reads the whole schema first.
    """

    def __init__(self, name: str, url: str) -> None:
        self.name = name
        self.url = url
        self._connection: asyncpg.Connection
        self._marks: dict[str, _Mark] = {}
        self._rows: dict[str, bytes] = {}
        self._sequences: dict[str, int | None] = {}

    async def remember(self) -> None:
        """What stands in it now."""
        self._connection = await asyncpg.connect(self.url)
        for table in await self._tables():
            rows = io.BytesIO()
            await self._connection.copy_from_table(table, output=rows, format="binary")
            self._rows[table] = rows.getvalue()
        self._marks = await self._marked([*self._rows, *_CATALOGS])
        self._sequences = {row["name"]: row["last_value"] for row in await self._connection.fetch(_SEQUENCES)}

    async def put_back(self) -> bool:
        """Whether it is again what it was when remembered; False where its schema was changed."""
        ask = self._connection
        await ask.execute(f"select pg_terminate_backend(pid, {_PATIENCE_MS}) {_OTHERS}")  # waits until they have ended
        if await self._tables() != list(self._rows):
            return False
        marks = await self._marked(list(self._marks))
        changed = [name for name, mark in marks.items() if self._marks[name] != mark]
        if not self._rows.keys() >= set(changed):
            return False
        async with ask.transaction():
            await ask.execute("set local session_replication_role = replica")  # no triggers, no references
            for table in changed:
                await ask.execute(f'delete from "{table}"')
                await ask.copy_to_table(table, source=io.BytesIO(self._rows[table]), format="binary")
        for name, last in await ask.fetch(_SEQUENCES):
            if last != (before := self._sequences[name]):
                await ask.execute("select setval($1::regclass, $2, $3)", name, before or 1, before is not None)
        self._marks |= await self._marked(changed)
        return True

    async def close(self) -> None:
        await self._connection.close()

    async def _tables(self) -> list[str]:
        found = await self._connection.fetch("select tablename from pg_tables where schemaname = 'public' order by 1")
        return [row["tablename"] for row in found]

    async def _marked(self, tables: Sequence[str]) -> dict[str, _Mark]:
        ours = {name: f" where {column} >= {_OURS}" for name, column in _CATALOGS.items()}
        asked = [
            f"select '{name}', count(*), max(xmin::text::bigint) from \"{name}\"{ours.get(name, '')}" for name in tables
        ]
        found = await self._connection.fetch(" union all ".join(asked)) if asked else []
        return {name: (count, last) for name, count, last in found}


class PostgresDatabases:
    """Makes databases on the session's server, and lends those that are put back after each test."""

    def __init__(self, server: str) -> None:
        self._server = server
        self._made: list[str] = []
        self._lent: list[_LentDatabase] = []
        self._free: dict[Fill, list[_LentDatabase]] = {}

    def empty(self) -> str:
        """The URL of a new database without tables."""
        name = f"giaoban_test_{os.getpid()}_{next(_numbers)}"
        apart(_on_server(self._server, f"create database {name} template template0 strategy file_copy"))
        self._made.append(name)
        return urlsplit(self._server)._replace(path=f"/{name}").geturl()

    @contextmanager
    def lent(self, fill: Fill) -> Iterator[str]:
        """The URL of a database that `fill` has made of an empty one, as if just now."""
        free = self._free.setdefault(fill, [])
        if free:
            database = free.pop()
        else:
            url = self.empty()
            apart(fill(url))
            database = _LentDatabase(self._made.pop(), url)
            self._lent.append(database)
            apart(database.remember())
        yield database.url
        if apart(database.put_back()):
            free.append(database)
        else:
            self._made.append(database.name)
            self.drop()

    def close(self) -> None:
        for database in self._lent:
            apart(database.close())

    def drop(self) -> None:
        """Takes away what was made and not lent."""
        while self._made:
            apart(_on_server(self._server, f"drop database {self._made.pop()} with (force)"))
