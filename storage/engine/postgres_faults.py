"""An error of PostgreSQL or its driver in, one of ours in plain words out, without any stored words."""

from typing import Final
from urllib.parse import urlsplit

import asyncpg

from storage.database import IntegrityFault, StatementFault, StorageError, StorageUnavailable

DRIVER_ERRORS: Final = (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, OSError)
# Other transactions stood in the way of this one: it may be tried again as it is.
OTHERS_IN_THE_WAY: Final = (
    asyncpg.SerializationError,
    asyncpg.DeadlockDetectedError,
    asyncpg.LockNotAvailableError,
    asyncpg.InvalidCachedStatementError,
)
# The connection is gone. InternalClientError is what asyncpg gives between the server's farewell and its hanging
# up ("cannot switch to state"), for example while the server restarts.
LOST: Final = (
    OSError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InternalClientError,
)
_UNAVAILABLE: Final = (
    *LOST,
    asyncpg.InsufficientResourcesError,
    asyncpg.InvalidAuthorizationSpecificationError,
    asyncpg.InvalidCatalogNameError,
    asyncpg.ReadOnlySQLTransactionError,
)


def location(url: str) -> str:
    """The database's name and host for messages; never the password, which the URL may hold."""
    parts = urlsplit(url)
    return f"{parts.path.lstrip('/') or 'of PostgreSQL'} on {parts.hostname or 'the local socket'}"


def in_plain_words(error: BaseException, where: str) -> StorageError:
    """The driver's error as one of ours; what the operator can mend is told with the database it concerns and the remedy."""
    if isinstance(error, StorageError):
        return error
    # Only the first line, and of a wrong parameter what stands before the colon: the rest quotes people's
    # words, which no log may show.
    reason = str(error).partition("\n")[0] or type(error).__name__
    if isinstance(error, asyncpg.DataError):
        return StatementFault(f"{type(error).__name__}: {reason.partition(':')[0]}")
    if isinstance(error, asyncpg.IntegrityConstraintViolationError | asyncpg.RaiseError):
        return IntegrityFault(reason)
    if isinstance(error, asyncpg.DiskFullError):
        return StorageUnavailable(f"no space left for database {where}: free disk space on its server", "full", where)
    if isinstance(error, OTHERS_IN_THE_WAY):
        return StorageUnavailable(f"database {where} is too busy ({reason}): try again", "busy", where)
    if isinstance(error, _UNAVAILABLE) or (isinstance(error, asyncpg.InterfaceError) and "clos" in reason):
        return StorageUnavailable(
            f"database {where} cannot be used ({reason}): check that the server runs, the URL and the network",
            "away",
            where,
        )
    return StatementFault(f"{type(error).__name__}: {reason}")
