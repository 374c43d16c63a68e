"""The PostgreSQL engine: a few writer tasks with group commit on connections of their own, and a pool of readers."""

import asyncio
import random
import re
from collections.abc import Sequence
from functools import lru_cache, partial
from itertools import count
from typing import Any, Final, Literal, TypeAlias, cast
from urllib.parse import urlsplit

import asyncpg

from storage.database import Conflict, IntegrityFault, Row, Statement, StatementFault, StorageError, StorageUnavailable
from storage.unit_queue import Outcome, Unit, UnitQueue, Waiting

WRITERS: Final = 4
READERS: Final = 6
# Units of one commit at most. Not more: a batch keeps the row locks of its units until that commit.
BATCH: Final = 50
# Tries of one unit that others' transactions get in the way of.
TRIES: Final = 6
CONNECT_SECONDS: Final = 10.0
# No statement of the bot takes this long; a cut network would.
STATEMENT_SECONDS: Final = 60.0

_Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"

# The server's default is to wait two hours before it asks whether the client is still there; meanwhile the locks
# of a worker whose network was cut would stay.
_SETTINGS: Final = {
    "application_name": "giaoban",
    "tcp_keepalives_idle": "10",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "3",
}
_OTHERS_IN_THE_WAY: Final = (
    asyncpg.SerializationError,
    asyncpg.DeadlockDetectedError,
    asyncpg.LockNotAvailableError,
    asyncpg.InvalidCachedStatementError,
)
_LOST: Final = (OSError, TimeoutError, asyncpg.PostgresConnectionError, asyncpg.OperatorInterventionError)
_UNAVAILABLE: Final = (
    *_LOST,
    asyncpg.InsufficientResourcesError,
    asyncpg.InvalidAuthorizationSpecificationError,
    asyncpg.InvalidCatalogNameError,
    asyncpg.ReadOnlySQLTransactionError,
)
_QUOTED_OR_MARK: Final = re.compile(r"""'(?:[^']|'')*'|"[^"]*"|--[^\n]*|/\*.*?\*/|\?""", re.DOTALL)


@lru_cache(maxsize=1024)
def numbered(sql: str) -> str:
    """`?` as `$1`, `$2` …, except inside quotes and comments."""
    numbers = count(1)
    return _QUOTED_OR_MARK.sub(lambda found: f"${next(numbers)}" if found[0] == "?" else found[0], sql)


def place(url: str) -> str:
    """The database's name and host for messages; never the password, which the URL may hold."""
    parts = urlsplit(url)
    return f"{parts.path.lstrip('/') or 'of PostgreSQL'} on {parts.hostname or 'the local socket'}"


def in_plain_words(error: BaseException, where: str) -> StorageError:
    """The driver's error as one of ours; what the operator can mend is told with place and remedy."""
    if isinstance(error, StorageError):
        return error
    reason = " ".join(str(error).split()) or type(error).__name__
    if isinstance(error, asyncpg.IntegrityConstraintViolationError | asyncpg.RaiseError):
        return IntegrityFault(reason)
    if isinstance(error, asyncpg.DiskFullError):
        return StorageUnavailable(f"no space left for database {where}: free disk space on its server")
    if isinstance(error, _OTHERS_IN_THE_WAY):
        return StorageUnavailable(f"database {where} is too busy ({reason}): try again")
    if isinstance(error, _UNAVAILABLE) or (isinstance(error, asyncpg.InterfaceError) and "clos" in reason):
        return StorageUnavailable(
            f"database {where} cannot be used ({reason}): check that the server runs, the URL and the network"
        )
    return StatementFault(f"{type(error).__name__}: {reason}")


async def connect(url: str, **settings: str) -> _Connection:
    """One connection of our own, outside the pool."""
    try:
        return await asyncpg.connect(
            url, timeout=CONNECT_SECONDS, statement_cache_size=500, server_settings=_SETTINGS | settings
        )
    except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, ValueError) as error:
        raise in_plain_words(error, place(url)) from error


async def _apply_unit(connection: _Connection, unit: Unit) -> list[int]:
    counts: list[int] = []
    for index, (sql, params, *wanted) in enumerate(unit):
        tag = await connection.execute(numbered(sql), *params, timeout=STATEMENT_SECONDS)
        last = tag.rpartition(" ")[2]  # "UPDATE 3", "INSERT 0 1", but "CREATE TABLE"
        affected = int(last) if last.isdigit() else 0
        if wanted and affected != wanted[0]:
            raise Conflict(index, sql, wanted[0], affected)
        counts.append(affected)
    return counts


async def _apply_together(connection: _Connection, units: Sequence[Unit]) -> list[Outcome]:
    """Apply units in one transaction, a savepoint each; raises if the transaction as a whole was lost."""
    outcomes: list[Outcome] = []
    # Two batches may hold rows the other one wants. The short time-out ends that long before the server's search
    # for deadlocks; the units then go one by one.
    await connection.execute("begin; set local lock_timeout = '100ms'; savepoint unit")
    for unit in units:
        try:
            outcomes.append(await _apply_unit(connection, unit))
        except _OTHERS_IN_THE_WAY:
            raise
        except (Conflict, asyncpg.PostgresError, asyncpg.DataError) as error:
            if connection.is_closed():
                raise
            await connection.execute("rollback to savepoint unit")
            outcomes.append(error)
        else:
            await connection.execute("release savepoint unit; savepoint unit")
    await connection.execute("commit")
    return outcomes


async def _apply_alone(connection: _Connection, unit: Unit) -> Outcome:
    """Apply one unit in a transaction of its own, again when others' transactions got in its way."""
    for attempt in range(1, TRIES + 1):
        try:
            await connection.execute("begin")
            counts = await _apply_unit(connection, unit)
            await connection.execute("commit")
            return counts
        except (StorageError, asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as error:
            if connection.is_closed():
                return error
            await connection.execute("rollback")
            if attempt == TRIES or not isinstance(error, _OTHERS_IN_THE_WAY):
                return error
        # Two that met once must not meet again in step.
        await asyncio.sleep(random.random() * 0.02 * attempt)
    raise AssertionError("unreachable")


class PostgresDatabase:
    """An open PostgreSQL database; see `storage.database.Database`."""

    engine: Literal["postgresql"] = "postgresql"
