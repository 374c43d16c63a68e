"""Units of work and queries in, rows of SQLite out: one writer that commits in groups, read-only readers."""

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final, Literal, cast

import aiosqlite

from storage.database import PROBE, Conflict, Row, Statement, StatementFault, StorageUnavailable, new_runner
from storage.engine.sqlite_files import BUSY_SECONDS, RunnerLock, WriteTurn, create_private, file_uri, in_plain_words
from storage.engine.sqlite_near import NearReader
from storage.engine.sqlite_watch import FileWatch, require_room
from storage.engine.unit_queue import Outcome, Unit, UnitQueue, Waiting

# One commit, and with synchronous=FULL one fsync, carries this many units at most.
BATCH: Final = 200
READERS: Final = 2
# So many short queries may follow one another before others are let in between. An answer takes four: deciding it
# is mostly over before the writer looks for more units, so that a message and its effect share a commit.
IN_A_ROW: Final = 8

# What one unit can do wrong by itself; OverflowError and ValueError are integers and text SQLite cannot hold.
_FAULTS: Final = (Conflict, sqlite3.Error, OverflowError, TypeError, ValueError)


def _affected(connection: sqlite3.Connection, sql: str, params: Sequence[Any]) -> int:
    """Run one statement and return the rows it changed itself, triggers not counted."""
    before = connection.total_changes
    cursor = connection.execute(sql, params)
    if cursor.description is not None:
        cursor.fetchall()  # a `returning` statement has only run to its end when its rows are fetched
    if cursor.rowcount >= 0:
        return cursor.rowcount
    # sqlite3 gives -1 for `with ... insert`; SQLite itself knows better.
    if connection.total_changes == before:
        return 0
    return int(connection.execute("select changes()").fetchone()[0])


def _apply_unit(connection: sqlite3.Connection, unit: Unit) -> list[int]:
    counts: list[int] = []
    for index, (sql, params, *wanted) in enumerate(unit):
        affected = _affected(connection, sql, params)
        if wanted and affected != wanted[0]:
            raise Conflict(index, sql, wanted[0], affected)
        counts.append(affected)
    return counts


def _apply_together(connection: sqlite3.Connection, units: Sequence[Unit]) -> list[Outcome]:
    """Apply units in one transaction, a savepoint each; raises if the transaction as a whole was lost."""
    outcomes: list[Outcome] = []
    connection.execute("begin immediate")
    try:
        for unit in units:
            single = len(unit) == 1 and len(unit[0]) == 2  # without a guard: whole or not at all by itself
            if not single:
                connection.execute("savepoint unit")
            try:
                outcomes.append(_apply_unit(connection, unit))
            except _FAULTS as error:
                if not connection.in_transaction:
                    raise  # a full disk ends the whole transaction by itself, and with it what came before
                if not single:
                    connection.execute("rollback to unit")
                outcomes.append(error)
            if not single:
                connection.execute("release unit")
        connection.execute("commit")
    except BaseException:
        if connection.in_transaction:
            connection.execute("rollback")
        raise
    return outcomes


def apply_batch(
    connection: sqlite3.Connection, turn: WriteTurn, units: Sequence[Unit], watch: FileWatch | None = None
) -> list[Outcome]:
    """Apply a batch on the connection's thread: one hop and one fsync for all of it.

    When the transaction as a whole is lost nothing of it was kept; the units are then tried one by one, so
    that the one which filled the disk, or only failed at commit (deferred key), does not take others with it.
    """
    try:
        with turn.hold():
            if watch is not None:
                watch.before()
            outcomes = _apply_together(connection, units)
            if watch is not None:
                watch.after()
            return outcomes
    except Exception as error:  # noqa: BLE001 - each caller is told; the writer lives on
        locked = isinstance(error, StorageUnavailable) or (
            getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY
        )
        if locked or len(units) == 1:  # a lock would make each unit wait the whole time-out again
            return [error] * len(units)
        return [outcome for unit in units for outcome in apply_batch(connection, turn, [unit], watch)]


async def _connect(path: str, *pragmas: str, read_only: bool = False) -> aiosqlite.Connection:
    """One connection with its pragmas set; closed again if a pragma fails.

    aiosqlite's thread is not a daemon: a connection left open keeps the process from ever exiting.
    """
    connection = await aiosqlite.connect(file_uri(path, read_only=read_only), uri=True, isolation_level=None)
    try:
        connection.row_factory = sqlite3.Row
        for pragma in (f"busy_timeout={BUSY_SECONDS * 1000:.0f}", *pragmas):
            await connection.execute_fetchall(f"pragma {pragma}")
    except BaseException:
        await connection.close()
        raise
    return connection


class SqliteDatabase:
    """An open SQLite file; see `storage.database.Database`."""

    engine: Literal["sqlite"] = "sqlite"
    in_order = True

    def __init__(self, path: str) -> None:
        self.runner = new_runner()
        self._path = path
        self._lock: RunnerLock | None = None
        self._turn: WriteTurn | None = None
        self._connections: list[aiosqlite.Connection] = []
        self._near: NearReader | None = None
        self._idle: asyncio.Queue[aiosqlite.Connection] = asyncio.Queue()
        self._in_a_row = 0  # short queries since a reader last let others in between
        self._gave_way = 0  # readers that do so now
        self._units = UnitQueue(path, partial(in_plain_words, path=path))
        self._writer: asyncio.Task[None] | None = None
        self._closing: asyncio.Task[None] | None = None

    @classmethod
    async def open(cls, path: str, *, exclusive: bool) -> "SqliteDatabase":
        """Open or create the file. A failure at any step closes what was opened before it."""
        self = cls(path)
        try:
            await self._open(exclusive)
        except BaseException as error:
            await self._release()
            if isinstance(error, sqlite3.Error):
                raise in_plain_words(error, path) from error
            raise
        return self

    async def _open(self, exclusive: bool) -> None:
        create_private(self._path)
        if exclusive:
            self._lock = RunnerLock(self._path)
        self._turn = WriteTurn(self._path)
        # Only the running bot checkpoints. A command beside it would otherwise make its caller wait for that,
        # and before SQLite 3.51.3 checkpoints of two processes are half of the WAL-reset bug (see WriteTurn).
        checkpoint = () if exclusive else ("wal_autocheckpoint=0",)
        writer = await _connect(
            self._path,
            "journal_mode=wal",
            "synchronous=full",  # NORMAL loses acknowledged answers with the power; grouped, FULL is free
            "foreign_keys=on",
            "recursive_triggers=on",  # else `insert or replace` slips past append-only triggers
            *checkpoint,
        )
        self._connections.append(writer)
        # Makes -wal and -shm, which readers cannot, and tells a damaged file before anyone writes to it.
        await writer.execute_fetchall("select count(*) from sqlite_schema")
        watch = FileWatch(self._path)
        self._near = NearReader(self._path)
        for _ in range(READERS):
            reader = await _connect(self._path, read_only=True)
            self._connections.append(reader)
            self._idle.put_nowait(reader)
        self._writer = asyncio.create_task(self._write_batches(writer, self._turn, watch), name="sqlite-writer")

    async def _write_batches(self, writer: aiosqlite.Connection, turn: WriteTurn, watch: FileWatch) -> None:
        batch: list[Waiting] | None = None
        outcomes: Sequence[Outcome]
        try:
            while batch := await self._units.batch(BATCH, gather=True):
                units = [unit for unit, _ in batch]
                try:
                    # aiosqlite's own `_execute` and `_conn`: with public calls a batch is one hop for every
                    # statement, a fourteenth of the rate. Pinned to 0.22.*, held by a test.
                    outcomes = await cast(Any, writer)._execute(apply_batch, writer._conn, turn, units, watch)
                except Exception as error:  # noqa: BLE001 - each caller is told; the writer lives on
                    outcomes = [error] * len(batch)
                self._units.settle(batch, outcomes)
        finally:
            # Reached early only when somebody cancels every task of the loop instead of calling close().
            self._units.abandon(batch or [])

    async def write(self, unit: Sequence[Statement]) -> list[int]:
        return await self._units.apply(unit)

    async def read(self, sql: str, params: Sequence[Any] = ()) -> list[Row]:
        self._in_a_row += 1
        if self._gave_way or self._in_a_row > IN_A_ROW:
            # A loop over many short queries lets others in between, and can be cancelled.
            self._in_a_row = 0
            self._gave_way += 1
            try:
                await asyncio.sleep(0)
            finally:
                self._gave_way -= 1
        if self._closing is not None:
            raise self._units.stopped("nothing was read")
        if self._near is not None and (rows := self._near.read(sql, params)) is not None:
            return rows
        reader = await self._idle.get()
        query = asyncio.ensure_future(reader.execute_fetchall(sql, params))

        def give_back(done: asyncio.Future[Any]) -> None:
            # Only when the thread is through: a cancelled caller's query still runs there.
            self._idle.put_nowait(reader)
            if not done.cancelled():
                done.exception()

        query.add_done_callback(give_back)
        try:
            return cast(list[Row], list(await asyncio.shield(query)))
        except (sqlite3.Error, OverflowError, ValueError) as error:
            if self._closing is not None:
                raise self._units.stopped("nothing was read") from error
            if getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_READONLY:
                raise StatementFault("a read may not write: hand the statement to write()") from error
            raise in_plain_words(error, self._path) from error

    async def prove(self) -> None:
        await asyncio.to_thread(require_room, self._path)
        await self.write([PROBE])

    async def hold(self, name: str) -> bool:
        return True

    async def gone(self, runners: Sequence[str]) -> list[str]:
        return [runner for runner in runners if runner != self.runner]

    @property
    def call(self) -> Sequence[Statement]:
        return ()

    def on_call(self, ring: Callable[[], None]) -> None:
        pass

    @property
    def units_taken(self) -> int:
        return self._units.taken

    @property
    def trouble(self) -> str:
        return self._units.trouble

    async def close(self, seconds: float | None = None) -> None:
        if self._closing is None:
            self._closing = asyncio.create_task(self._close())
        await self._units.ended(self._closing, seconds)

    async def _close(self) -> None:
        self._units.close()
        try:
            if self._writer is not None:
                await asyncio.wait([self._writer])
        finally:
            await self._release()

    async def _release(self) -> None:
        """Close connections, then locks: whoever waits for the lock finds the file at rest."""
        if self._near is not None:
            self._near.close()
            self._near = None
        for connection in reversed(self._connections):  # the writer last: it checkpoints and removes the WAL
            await connection.close()
        self._connections.clear()
        for held in (self._turn, self._lock):
            if held is not None:
                held.release()
