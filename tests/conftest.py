"""Databases for the tests: who takes one runs on SQLite and on PostgreSQL, each time from clean."""

import gc
import os
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from databases import Opener, PostgresDatabases, apart
from hypothesis import settings
from postgres_server import running_server

import bot.logs  # noqa: F401 -- ahead of structlog: an error is not drawn with all that stood in its functions
from bot.chosen_database import demo_file
from bot.demo.open import prepare
from bot.demo.province import load
from reporting.time.calendar import VIETNAM
from storage.database import Database
from storage.engine.migrate import migrate
from storage.engine.open import open_database

# Thousands of databases that each wait for the disk: in memory the same tests take a third of the time.
MEMORY, ENOUGH = Path("/dev/shm"), 4 << 30
if (
    "TMPDIR" not in os.environ
    and os.access(MEMORY, os.W_OK)
    and not os.statvfs(MEMORY).f_flag & os.ST_NOEXEC  # PostgreSQL is run from there
    and shutil.disk_usage(MEMORY).free > ENOUGH
):
    os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)

# The same tree is judged alike each time; `make search` and `make campaign` draw other examples every time.
settings.register_profile("same", derandomize=True)
settings.load_profile("same")

# Nearly all that the tests keep, they keep to the end; to look for it again and again takes a twentieth of the time.
gc.set_threshold(100_000, 50)

# Compiled modules are kept whatever the surroundings say: the tests start the program some hundred times.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

DEMO_START = datetime(2026, 4, 2, 8, 0, tzinfo=VIETNAM)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """`-n auto`: one process more than processors, as each waits at times for a server or a child; eight at most."""
    return min(8, (os.cpu_count() or 1) + 1)


@pytest.fixture(scope="session")
def postgres_databases() -> Iterator[PostgresDatabases]:
    with running_server() as server:
        databases = PostgresDatabases(server)
        yield databases
        databases.close()


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy; never opened itself."""
    path = tmp_path_factory.mktemp("migrated") / "giaoban.db"
    apart(migrate(f"sqlite:///{path}"))
    return path


@pytest.fixture(scope="session")
def demo_province(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo province at DEMO_START in a SQLite file to copy; never opened itself."""
    folder = tmp_path_factory.mktemp("province")
    apart(prepare(folder, DEMO_START))
    return demo_file(folder)


async def _with_province(url: str) -> None:
    await migrate(url)
    database = await open_database(url)
    try:
        await load(database, DEMO_START)
    finally:
        await database.close()


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """The URL of a SQLite file that does not exist yet."""
    return f"sqlite:///{tmp_path / 'giaoban.db'}"


@pytest.fixture
def postgres_url(postgres_databases: PostgresDatabases) -> Iterator[str]:
    """The URL of an empty PostgreSQL database."""
    yield postgres_databases.empty()
    postgres_databases.drop()


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
    with databases.lent(migrate) as url:
        yield url


@pytest.fixture
def demo_url(engine: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database with the demo province at DEMO_START."""
    if engine == "sqlite":
        shutil.copyfile(request.getfixturevalue("demo_province"), tmp_path / "giaoban.db")
        yield f"sqlite:///{tmp_path / 'giaoban.db'}"
        return
    databases: PostgresDatabases = request.getfixturevalue("postgres_databases")
    with databases.lent(_with_province) as url:
        yield url


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
