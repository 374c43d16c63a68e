"""A short query in, its rows out, read on the event loop's own thread: another thread costs ten times the query."""

import sqlite3
import time
from collections.abc import Sequence
from typing import Any, Final

from storage.engine.sqlite_files import file_uri

# So long may a query hold the loop. What takes longer is cut off and asked again on a reader's thread.
MOST_SECONDS: Final = 0.004
# The clock is read each time SQLite has done so many steps of its own machine, some tens of microseconds.
STEPS: Final = 1000
# A query that was cut off once goes to a thread so many times before it is tried here again.
REST: Final = 200


class NearReader:
    """A read-only connection for short queries. `read` never waits: neither for a lock nor for a long query."""

    def __init__(self, path: str) -> None:
        self._connection = sqlite3.connect(file_uri(path, read_only=True), uri=True, isolation_level=None, timeout=0)
        self._connection.row_factory = sqlite3.Row
        self._connection.set_progress_handler(self._late, STEPS)
        self._until = 0.0
        self._resting: dict[str, int] = {}

    def read(self, sql: str, params: Sequence[Any]) -> list[Any] | None:
        """The rows, or None: then a thread has to be asked, for whatever reason; it also words the error."""
        if rest := self._resting.get(sql, 0):
            self._resting[sql] = rest - 1
            return None
        self._until = time.perf_counter() + MOST_SECONDS
        try:
            return self._connection.execute(sql, params).fetchall()
        except (sqlite3.Error, OverflowError, ValueError, TypeError):
            self._resting[sql] = REST
            return None

    def _late(self) -> bool:
        return time.perf_counter() > self._until

    def close(self) -> None:
        """Lets go of the file."""
        self._connection.close()
