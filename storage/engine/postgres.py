"""Units of work and queries in, rows of PostgreSQL out: few writers that commit in groups, pooled readers."""

import asyncio
import random
import re
from collections.abc import Callable, Sequence
from functools import lru_cache, partial
from itertools import count
from typing import Any, Final, Literal, TypeAlias, cast

import asyncpg

from storage.database import (
    PROBE,
    Conflict,
    Row,
    Statement,
    StatementFault,
    StorageUnavailable,
    new_runner,
)
from storage.engine.postgres_faults import DRIVER_ERRORS, LOST, OTHERS_IN_THE_WAY, in_plain_words, location
from storage.engine.postgres_locks import CALL, Names
from storage.engine.unit_queue import Outcome, Unit, UnitQueue, Waiting

STATEMENTS = 500  # kept prepared on each connection; the one used longest ago makes room
APART = 0.02  # seconds, times the attempt, by which two that collided are set apart at most

WRITERS: Final = 4
READERS: Final = 6
# Units of one commit at most. Not more: a batch keeps the row locks of its units until that commit.
BATCH: Final = 16
# Tries of one unit that others' transactions get in the way of.
TRIES: Final = 6
CONNECT_SECONDS: Final = 3.0  # a start that fails has to be over in five, with what comes before
# No statement of the bot takes this long; a cut network would.
STATEMENT_SECONDS: Final = 60.0

_Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"

# The server by default waits two hours before it asks whether a client is still there; meanwhile the locks of
# a worker whose network was cut would stay.
_SETTINGS: Final = {
    "application_name": "giaoban",
    "tcp_keepalives_idle": "10",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "3",
}
_QUOTED_OR_MARK: Final = re.compile(r"""'(?:[^']|'')*'|"[^"]*"|--[^\n]*|/\*.*?\*/|\?""", re.DOTALL)


@lru_cache(maxsize=1024)
def numbered(sql: str) -> str:
    """`?` as `$1`, `$2` …, except inside quotes and comments."""
    numbers = count(1)
    return _QUOTED_OR_MARK.sub(lambda found: f"${next(numbers)}" if found[0] == "?" else found[0], sql)


async def connect(url: str, *, seconds: float | None = None) -> _Connection:
    """One connection of our own, outside the pool; `seconds` limits each statement."""
    try:
        return await asyncpg.connect(
            url,
            timeout=CONNECT_SECONDS,
            command_timeout=seconds,
            statement_cache_size=STATEMENTS,
            server_settings=_SETTINGS,
        )
    except (*DRIVER_ERRORS, ValueError) as error:
        raise in_plain_words(error, location(url)) from error


async def _apply_unit(connection: _Connection, unit: Unit) -> list[int]:
    counts: list[int] = []
    for index, (sql, params, *wanted) in enumerate(unit):
        tag = await connection.execute(numbered(sql), *params)
        last = tag.rpartition(" ")[2]  # "UPDATE 3", "INSERT 0 1", but "CREATE TABLE"
        affected = int(last) if last.isdigit() else 0
        if wanted and affected != wanted[0]:
            raise Conflict(index, sql, wanted[0], affected)
        counts.append(affected)
    return counts


async def _apply_together(connection: _Connection, units: Sequence[Unit]) -> list[Outcome]:
    """Apply units in one transaction, a savepoint each; raises if the transaction as a whole was lost."""
    outcomes: list[Outcome] = []
    # Two batches may hold rows the other one wants. The short time-out ends that long before the server's
    # search for deadlocks would; the units then go one by one.
    await connection.execute("begin; set local lock_timeout = '100ms'; savepoint unit")
    for unit in units:
        try:
            outcomes.append(await _apply_unit(connection, unit))
        except (Conflict, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            if connection.is_closed() or isinstance(error, OTHERS_IN_THE_WAY):
                raise
            await connection.execute("rollback to savepoint unit")
            outcomes.append(error)
        else:
            await connection.execute("release savepoint unit; savepoint unit")
    await connection.execute("commit")
    return outcomes


async def _apply_alone(connection: _Connection, unit: Unit) -> Outcome:
    """Apply one unit in a transaction of its own, again when other transactions got in its way."""
    attempt = 1
    while True:
        try:
            await connection.execute("begin")
            counts = await _apply_unit(connection, unit)
            await connection.execute("commit")
            return counts
        except (Conflict, *DRIVER_ERRORS) as error:
            if _is_lost(connection, error):
                return error
            await connection.execute("rollback")
            if attempt == TRIES or not isinstance(error, OTHERS_IN_THE_WAY):
                return error
        # Two that met once must not meet again in step.
        await asyncio.sleep(random.random() * APART * attempt)
        attempt += 1


def _is_lost(connection: _Connection, error: Exception) -> bool:
    """True if nobody knows what became of the transaction; trying again might then apply it twice."""
    if isinstance(error, LOST):  # a time-out is one, and may have hit the commit
        connection.terminate()
    return connection.is_closed()


async def apply_batch(connection: _Connection, units: Sequence[Unit]) -> list[Outcome]:
    """Apply a batch with one commit; if that transaction was lost as a whole, its units one by one."""
    try:
        if len(units) > 1:
            try:
                return await _apply_together(connection, units)
            except (Conflict, *DRIVER_ERRORS) as error:
                if _is_lost(connection, error):
                    return [error] * len(units)
                await connection.execute("rollback")
        return [await _apply_alone(connection, unit) for unit in units]
    except DRIVER_ERRORS as error:  # a rollback that failed: the connection is gone
        connection.terminate()
        return [error] * len(units)


class PostgresDatabase:
    """An open PostgreSQL database; see `storage.database.Database`."""

    engine: Literal["postgresql"] = "postgresql"
    in_order = False

    def __init__(self, url: str, readers: "asyncpg.Pool[asyncpg.Record]", first: _Connection) -> None:
        self._url = url
        self._location = location(url)
        self._readers = readers
        self._units = UnitQueue(self._location, partial(in_plain_words, where=self._location))
        connections: list[_Connection | None] = [first, *[None] * (WRITERS - 1)]
        self._writers = [
            asyncio.create_task(self._write_batches(connection), name=f"postgres-writer-{number}")
            for number, connection in enumerate(connections)
        ]
        self.runner = new_runner()
        self._names = Names(partial(connect, url, seconds=STATEMENT_SECONDS), self.runner)
        self._closing: asyncio.Task[None] | None = None

    @classmethod
    async def open(cls, url: str) -> "PostgresDatabase":
        """Connect once to write and once to read, so that a wrong URL is told at once."""
        first = await connect(url, seconds=STATEMENT_SECONDS)
        try:
            readers = await asyncpg.create_pool(
                url,
                min_size=1,
                max_size=READERS,
                timeout=CONNECT_SECONDS,
                command_timeout=STATEMENT_SECONDS,
                statement_cache_size=STATEMENTS,
                server_settings=_SETTINGS | {"default_transaction_read_only": "on"},
                reset=_keep,
            )
        except BaseException as error:
            first.terminate()
            if isinstance(error, (*DRIVER_ERRORS, ValueError)):
                raise in_plain_words(error, location(url)) from error
            raise
        return cls(url, readers, first)

    async def _write_batches(self, connection: "_Connection | None") -> None:
        batch: list[Waiting] | None = None
        outcomes: Sequence[Outcome]
        try:
            while batch := await self._units.batch(BATCH):
                try:
                    if connection is None or connection.is_closed():
                        connection = await connect(self._url, seconds=STATEMENT_SECONDS)
                    outcomes = await apply_batch(connection, [unit for unit, _ in batch])
                except Exception as error:  # noqa: BLE001 - each caller is told; the writer lives on
                    outcomes = [error] * len(batch)
                    if connection is not None:
                        connection.terminate()
                self._units.settle(batch, outcomes)
        finally:
            self._units.abandon(batch or [])
            if connection is not None:
                # In the orderly case nothing is open on it; in the other the server rolls back by itself.
                connection.terminate()

    async def write(self, unit: Sequence[Statement]) -> list[int]:
        return await self._units.apply(unit)

    async def read(self, sql: str, params: Sequence[Any] = ()) -> list[Row]:
        if self._closing is not None:
            raise self._units.stopped("nothing was read")
        try:
            try:
                rows = await self._readers.fetch(numbered(sql), *params)
            except LOST as error:
                if isinstance(error, TimeoutError):
                    raise
                # The server was restarted since, and the other connections are gone too. A read may be repeated.
                await self._readers.expire_connections()
                rows = await self._readers.fetch(numbered(sql), *params)
        except asyncpg.ReadOnlySQLTransactionError as error:
            raise StatementFault("a read may not write: hand the statement to write()") from error
        except DRIVER_ERRORS as error:
            raise in_plain_words(error, self._location) from error
        return cast(list[Row], rows)

    async def prove(self) -> None:
        await self.write([PROBE])

    async def hold(self, name: str) -> bool:
        return await self._names.hold(name)

    async def gone(self, runners: Sequence[str]) -> list[str]:
        return await self._names.gone(runners)

    @property
    def call(self) -> Sequence[Statement]:
        return (CALL,)

    def on_call(self, ring: Callable[[], None]) -> None:
        self._names.on_call(ring)

    @property
    def units_taken(self) -> int:
        return self._units.taken

    @property
    def trouble(self) -> str:
        return self._units.trouble

    async def close(self, seconds: float | None = None) -> None:
        if self._closing is None:
            self._closing = asyncio.create_task(self._close())
        try:
            await self._units.ended(self._closing, seconds)
        except StorageUnavailable:
            self._names.close()
            for writer in self._writers:
                writer.cancel()
            await asyncio.wait(self._writers)
            self._readers.terminate()
            raise

    async def _close(self) -> None:
        self._units.close()
        await asyncio.wait(self._writers)
        self._names.close()
        await self._readers.close()


async def _keep(connection: object) -> None:
    """Spare the pool's reset, a round trip after each read: readers change no setting and take no lock."""
