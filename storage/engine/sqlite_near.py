"""A short query in, its rows out, read on the event loop's own thread: another thread costs ten times the query."""

import sqlite3
from collections.abc import Sequence
from typing import Any, Final

from storage.engine.sqlite_files import file_uri

# So many steps of SQLite's own machine may a query take on the loop, two or three milliseconds; what takes more is cut off and
# asked again on a reader's thread. Steps and not time: a busy processor would cut off short queries just when busy.
MOST_STEPS: Final = 15_000
COUNTED: Final = 1000  # steps after which they are counted
# A query that was cut off once goes to a thread so many times before it is tried here again.
REST: Final = 200


class NearReader:
    """A read-only connection for short queries. `read` never waits: neither for a lock nor for a long query."""

    def __init__(self, path: str) -> None:
        self._connection = sqlite3.connect(file_uri(path, read_only=True), uri=True, isolation_level=None, timeout=0)
        self._connection.row_factory = sqlite3.Row
        self._connection.set_progress_handler(self._too_many, COUNTED)
        self._left = 0
        self._resting: dict[str, int] = {}

    def read(self, sql: str, params: Sequence[Any]) -> list[Any] | None:
        """The rows, or None: then a thread has to be asked, for whatever reason; it also words the error."""
        if rest := self._resting.get(sql, 0):
            self._resting[sql] = rest - 1
            return None
        self._left = MOST_STEPS // COUNTED
        try:
            return self._connection.execute(sql, params).fetchall()
        except (sqlite3.Error, OverflowError, ValueError, TypeError) as error:
            if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_INTERRUPT:
                self._resting[sql] = REST
            return None

    def _too_many(self) -> bool:
        self._left -= 1
        return self._left < 0

    def close(self) -> None:
        """Lets go of the file."""
        self._connection.close()
