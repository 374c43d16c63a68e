"""Databases for the tests: who takes one runs on SQLite and on PostgreSQL, each time from clean."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import asyncpg
import pytest
from postgres_server import running_server

from storage.database import Database, open_database
from storage.migrate import migrate

_numbers = count(1)


def _apart(work: Coroutine[Any, Any, Any]) -> Any:
    """Run a coroutine on a thread of its own: a fixture may stand inside or outside the test's loop."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


async def _on_server(url: str, sql: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(sql)
    finally:
        await connection.close()


class PostgresDatabases:
    """Makes databases on the session's server; a copy of a migrated one takes a few milliseconds."""

    def __init__(self, server: str) -> None:
        self._server = server
        self._made: list[str] = []
        self._migrated: str | None = None

    def empty(self, template: str = "template0") -> str:
        name = f"giaoban_test_{os.getpid()}_{next(_numbers)}"
        _apart(_on_server(self._server, f"create database {name} template {template} strategy file_copy"))
        self._made.append(name)
        return urlsplit(self._server)._replace(path=f"/{name}").geturl()

    def migrated(self) -> str:
        if self._migrated is None:
            url = self.empty()
            _apart(migrate(url))
            self._migrated = self._made[-1]
        return self.empty(self._migrated)

    def drop(self, *, keep_template: bool) -> None:
        kept = [self._migrated] if keep_template and self._migrated else []
        for name in [name for name in self._made if name not in kept]:
            _apart(_on_server(self._server, f"drop database {name} with (force)"))
        self._made = kept


@pytest.fixture(scope="session")
def postgres_databases() -> Iterator[PostgresDatabases]:
    with running_server() as server:
        databases = PostgresDatabases(server)
        yield databases
        databases.drop(keep_template=False)


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy; never opened itself."""
    path = tmp_path_factory.mktemp("migrated") / "giaoban.db"
    _apart(migrate(f"sqlite:///{path}"))
    return path


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """The URL of a SQLite file that does not exist yet."""
    return f"sqlite:///{tmp_path / 'giaoban.db'}"


@pytest.fixture
def postgres_url(postgres_databases: PostgresDatabases) -> Iterator[str]:
    """The URL of an empty PostgreSQL database."""
    yield postgres_databases.empty()
    postgres_databases.drop(keep_template=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def database_url(engine: str, request: pytest.FixtureRequest) -> str:
    """The URL of a database without tables."""
    return str(request.getfixturevalue("sqlite_url" if engine == "sqlite" else "postgres_url"))


@pytest.fixture
def migrated_url(engine: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database with all tables and no rows."""
    if engine == "sqlite":
        shutil.copyfile(request.getfixturevalue("migrated_file"), tmp_path / "giaoban.db")
        yield f"sqlite:///{tmp_path / 'giaoban.db'}"
        return
    databases: PostgresDatabases = request.getfixturevalue("postgres_databases")
    yield databases.migrated()
    databases.drop(keep_template=True)


@pytest.fixture
async def database(migrated_url: str) -> AsyncIterator[Database]:
    """An open database with all tables and no rows."""
    opened = await open_database(migrated_url, exclusive=True)
    yield opened
    await opened.close()
