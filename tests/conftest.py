"""Databases for the tests: who takes one runs on SQLite and on PostgreSQL, each time from clean."""

import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from databases import Opener, PostgresDatabases, apart
from postgres_server import running_server

from storage.database import Database
from storage.engine.migrate import migrate
from storage.engine.open import open_database


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
    apart(migrate(f"sqlite:///{path}"))
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
async def opened() -> AsyncIterator[Opener]:
    """Opens databases and closes them after the test, also a red one: an open one would hold pytest forever."""
    databases: list[Database] = []

    async def open_here(url: str, *, exclusive: bool = False) -> Database:
        databases.append(await open_database(url, exclusive=exclusive))
        return databases[-1]

    yield open_here
    for database in databases:
        await database.close()


@pytest.fixture
async def database(migrated_url: str, opened: Opener) -> Database:
    """An open database with all tables and no rows."""
    return await opened(migrated_url, exclusive=True)
