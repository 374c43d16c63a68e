"""What only SQLite can do wrong: files, locks, full disks, damage, and the process that does not exit."""

# ruff: noqa: ASYNC220, ASYNC221 - nothing else runs on these loops, blocking them hurts nobody

import asyncio
import os
import sqlite3
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aiosqlite
import pytest
from databases import Opener

from storage.database import Database, StorageUnavailable
from storage.engine import sqlite_files
from storage.engine.sqlite import apply_batch
from storage.engine.sqlite_files import WriteTurn


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "giaoban.db"


@pytest.fixture
async def notes(file: Path, opened: Opener) -> Database:
    database = await opened(f"sqlite:///{file}", exclusive=True)
    await database.write([("create table note (id integer primary key, words text not null) strict", ())])
    return database


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for locks a moment instead of five seconds."""
    monkeypatch.setattr(sqlite_files, "BUSY_SECONDS", 0.05)
    monkeypatch.setattr("storage.engine.sqlite.BUSY_SECONDS", 0.05)


def note(number: int, words: str = "x") -> tuple[str, tuple[object, ...]]:
    return ("insert into note (id, words) values (?, ?)", (number, words))


async def kept(database: Database) -> list[int]:
    return [row[0] for row in await database.read("select id from note order by id")]


async def test_a_full_disk_is_told_to_the_one_who_filled_it_and_the_writer_lives_on(notes: Database) -> None:
    # The same error as of a full disk, and the transaction is rolled back as a whole the same way.
    pages = (await notes.read("pragma page_count"))[0][0]
    await notes.write([(f"pragma max_page_count = {pages + 20}", ())])
    outcomes = await asyncio.gather(
        notes.write([note(1)]),
        notes.write([note(2), note(3, "x" * 1_000_000)]),
        notes.write([note(4)]),
        return_exceptions=True,
    )
    assert outcomes[0] == outcomes[2] == [1]
    assert isinstance(outcomes[1], StorageUnavailable)
    assert "no space left for database" in str(outcomes[1])
    assert await kept(notes) == [1, 4]
    await notes.write([("pragma max_page_count = 100000", ())])
    await notes.write([note(3, "x" * 1_000_000)])
    assert await kept(notes) == [1, 3, 4]


@pytest.mark.usefixtures("impatient")
async def test_a_file_locked_by_another_process_is_told_after_the_wait(opened: Opener, file: Path) -> None:
    database = await opened(f"sqlite:///{file}")
    await database.write([("create table note (id integer primary key, words text not null)", ())])
    script = (
        "import sqlite3, sys; c = sqlite3.connect(sys.argv[1], isolation_level=None);"
        "c.execute('begin immediate'); print('locked', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen([sys.executable, "-c", script, file], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        other.stdout.readline()
        waiting = [asyncio.create_task(database.write([note(k)])) for k in range(5)]
        for outcome in await asyncio.gather(*waiting, return_exceptions=True):
            assert isinstance(outcome, StorageUnavailable)
            assert f"database {file} is locked by another process" in str(outcome)
        assert await kept(database) == []
        other.communicate()
    await database.write([note(9)])
    assert await kept(database) == [9]


@pytest.mark.usefixtures("impatient")
async def test_no_two_processes_write_or_checkpoint_at_the_same_moment(notes: Database, file: Path) -> None:
    turn = WriteTurn(str(file))
    with turn.hold(), pytest.raises(StorageUnavailable, match="is locked by another process"):
        await notes.write([note(1)])
    await notes.write([note(2)])
    assert await kept(notes) == [2]
    turn.release()


async def test_a_command_beside_the_bot_leaves_checkpoints_to_it(opened: Opener, file: Path) -> None:
    sizes = {}
    for exclusive in (False, True):
        database = await opened(f"sqlite:///{file}{exclusive}", exclusive=exclusive)
        await database.write([("create table note (id integer primary key, words text not null)", ())])
        for number in range(12):
            await database.write([note(number, "x" * 1_000_000)])
        sizes[exclusive] = os.path.getsize(f"{file}{exclusive}")
        await database.close()
    assert sizes[False] < 1_000_000 < sizes[True]


async def test_a_second_runner_is_refused_and_told_who_holds_the_file(opened: Opener, file: Path) -> None:
    script = (
        "import asyncio, sys\n"
        "from storage.engine.open import open_database\n"
        "async def main():\n"
        "    database = await open_database('sqlite:///' + sys.argv[1], exclusive=True)\n"
        "    print('running', flush=True)\n"
        "    await asyncio.to_thread(sys.stdin.read)\n"
        "    await database.close()\n"
        "asyncio.run(main())"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, file], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as runner:
        assert runner.stdout is not None
        assert runner.stdout.readline() == b"running\n"
        for _ in range(2):
            with pytest.raises(StorageUnavailable, match=f"is already run by process {runner.pid} ") as caught:
                await opened(f"sqlite:///{file}", exclusive=True)
            assert f"{file}.lock" in str(caught.value)
        beside = await opened(f"sqlite:///{file}")
        await beside.write([("create table beside (id integer)", ())])
        await beside.close()
        runner.kill()
    await opened(f"sqlite:///{file}", exclusive=True)
    assert Path(f"{file}.lock").read_text() == f"{os.getpid()}\n"


async def test_a_file_that_is_no_database_is_told_at_open(opened: Opener, file: Path) -> None:
    file.write_bytes(b"PK\x03\x04 a spreadsheet" * 500)
    before = set(threading.enumerate())
    with pytest.raises(StorageUnavailable, match=r"is damaged \(file is not a database\): restore the latest"):
        await opened(f"sqlite:///{file}", exclusive=True)
    for thread in set(threading.enumerate()) - before:
        await asyncio.to_thread(thread.join, 5)
        assert not thread.is_alive()
    with pytest.raises(StorageUnavailable, match="is damaged"):  # and not "already run"
        await opened(f"sqlite:///{file}", exclusive=True)


async def test_damage_inside_the_file_is_told_by_the_read_that_meets_it(opened: Opener, file: Path) -> None:
    database = await opened(f"sqlite:///{file}")
    await database.write([("create table note (id integer primary key, words text not null)", ())])
    await database.write([note(k, "x" * 3000) for k in range(100)])
    await database.close()
    content = bytearray(file.read_bytes())
    content[5 * 4096 : 90 * 4096] = b"\xff" * (85 * 4096)
    file.write_bytes(content)
    database = await opened(f"sqlite:///{file}")
    with pytest.raises(StorageUnavailable, match=f"database {file} is damaged"):
        await database.read("select words from note")


@pytest.fixture
def usual_umask() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.mark.usefixtures("usual_umask")
async def test_files_and_new_folders_are_for_their_owner_alone(opened: Opener, tmp_path: Path) -> None:
    file = tmp_path / "data" / "bot" / "giaoban.db"
    database = await opened(f"sqlite:///{file}", exclusive=True)
    await database.write([("create table note (id integer)", ())])
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in file.parent.iterdir()}
    endings = ("", "-wal", "-shm", ".lock", ".turn")
    assert modes == {f"giaoban.db{ending}": 0o600 for ending in endings}
    for folder in (file.parent, file.parent.parent):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


async def test_any_letter_may_stand_in_the_path(opened: Opener, tmp_path: Path) -> None:
    file = tmp_path / "báo cáo" / "quý 3?#100%.db"
    database = await opened(f"sqlite:///{str(file).replace('%', '%25')}")
    await database.write([("create table note (id integer)", ())])
    assert await database.read("select id from note") == []
    await database.close()
    assert file.exists()


def test_the_two_private_names_of_aiosqlite_exist() -> None:
    assert asyncio.iscoroutinefunction(aiosqlite.Connection._execute)
    assert isinstance(aiosqlite.Connection._conn, property)


class Unwilling:
    """A connection whose commits fail as often as told."""

    def __init__(self, file: Path, failures: int) -> None:
        self._connection = sqlite3.connect(file, isolation_level=None)
        self.failures = failures

    def execute(self, sql: str, params: Any = ()) -> sqlite3.Cursor:
        if sql == "commit" and self.failures:
            self.failures -= 1
            raise sqlite3.OperationalError("disk I/O error")
        return self._connection.execute(sql, params)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)


@pytest.mark.parametrize("failures", [1, 99])
def test_no_unit_of_a_batch_that_was_not_committed_is_reported_as_kept(file: Path, failures: int) -> None:
    connection: Any = Unwilling(file, failures)
    connection.execute("create table note (id integer primary key, words text not null)")
    turn = WriteTurn(str(file))
    outcomes = apply_batch(connection, turn, [[note(1)], [note(2)], [note(2)], [note(3)]])
    there = {row[0] for row in connection.execute("select id from note")}
    if failures == 1:  # each unit was then tried alone
        assert there == {1, 2, 3}
        assert [isinstance(outcome, Exception) for outcome in outcomes] == [False, False, True, False]
    else:
        assert there == set()
        assert all(isinstance(outcome, sqlite3.Error) for outcome in outcomes)
    turn.release()
    connection.close()


async def test_a_unit_refused_only_at_commit_does_not_take_others_with_it(notes: Database) -> None:
    await notes.write(
        [
            (
                "create table remark (id integer primary key,"
                " note_id integer references note (id) deferrable initially deferred)",
                (),
            )
        ]
    )
    outcomes = await asyncio.gather(
        notes.write([note(1)]),
        notes.write([note(2), ("insert into remark (note_id) values (99)", ())]),
        notes.write([("insert into remark (note_id) values (3)", ()), note(3)]),
        return_exceptions=True,
    )
    assert [isinstance(outcome, Exception) for outcome in outcomes] == [False, True, False]
    assert await kept(notes) == [1, 3]


async def test_replacing_a_row_does_not_slip_past_an_append_only_trigger(notes: Database) -> None:
    await notes.write(
        [
            (
                "create trigger note_stays before delete on note begin select raise(abort, 'stays'); end",
                (),
            ),
            note(1, "as it was"),
        ]
    )
    with pytest.raises(Exception, match="stays"):
        await notes.write([("insert or replace into note (id, words) values (1, 'changed')", ())])
    assert (await notes.read("select words from note"))[0][0] == "as it was"


@pytest.mark.parametrize("failing", ["damaged file", "folder that is a file", "already run"])
async def test_a_failed_start_lets_the_process_exit(opened: Opener, tmp_path: Path, failing: str) -> None:
    """aiosqlite's threads are no daemons: one left open and this process would run forever."""
    file = tmp_path / "giaoban.db"
    if failing == "damaged file":
        file.write_bytes(b"no database" * 1000)
    elif failing == "folder that is a file":
        file.write_bytes(b"")
        file = file / "giaoban.db"
    else:
        await opened(f"sqlite:///{file}", exclusive=True)
    script = (
        "import asyncio, sys; from storage.engine.open import open_database;"
        "asyncio.run(open_database('sqlite:///' + sys.argv[1], exclusive=True))"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", script, file], capture_output=True, timeout=60, check=False
    )
    assert done.returncode == 1
    last = done.stderr.decode().strip().splitlines()[-1]
    assert ("AlreadyRun" if failing == "already run" else "StorageUnavailable") in last
    assert str(file) in last or str(file.parent) in last
