"""Whether the file on disk is still the one that was opened and nobody else wrote into it; asked around each commit.

SQLite goes on writing into a file that was deleted or replaced, and serves pages from its cache that are long
overwritten. In WAL mode only a checkpoint changes the file itself, and only the running bot makes checkpoints: a change
between two commits is somebody else's, and the file is then looked through before anything more is acknowledged.
"""

import os
import shutil
import sqlite3
from contextlib import closing
from typing import Final

from storage.database import StorageUnavailable
from storage.engine.sqlite_files import file_uri, in_plain_words

LEAST_FREE: Final = 1024 * 1024  # bytes
_NONE: Final = (0, 0)


def require_room(path: str) -> None:
    """Raises StorageUnavailable on a full disk. What is left of the log's file still takes small rows for a while."""
    if shutil.disk_usage(os.path.dirname(os.path.abspath(path))).free < LEAST_FREE:
        raise StorageUnavailable(
            f"no space left for database {path}: free disk space, then try again", "full", str(path)
        )


class FileWatch:
    """Made once the file and its WAL exist. `before` and `after` cost two system calls each."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._same = {name: _identity(name) for name in (path, f"{path}-wal")}
        self._written = self._changed()

    def before(self) -> None:
        """Raises StorageUnavailable if nothing may be written: it would be lost with the file."""
        self._require_same()
        changed = self._changed()
        if changed != self._written:
            self._look_through()
            self._written = changed

    def after(self) -> None:
        """Raises StorageUnavailable if what was just committed is not in the file that will be found."""
        self._require_same()
        self._written = self._changed()

    def _require_same(self) -> None:
        for name, known in self._same.items():
            found = _identity(name)
            if found == _NONE:
                raise StorageUnavailable(
                    f"database file {name} was deleted or moved away: put it back, or stop the program and restore"
                    " the latest backup",
                    "gone",
                    str(name),
                )
            if found != known:
                raise StorageUnavailable(
                    f"database file {name} is another one than was opened: stop the program, put the right file"
                    " there and start again",
                    "swapped",
                    str(name),
                )

    def _changed(self) -> tuple[int, int]:
        try:
            found = os.stat(self._path)
        except OSError:
            return _NONE
        return found.st_mtime_ns, found.st_size

    def _look_through(self) -> None:
        """By a connection of its own, which has no page in its cache."""
        try:
            with closing(sqlite3.connect(file_uri(self._path, read_only=True), uri=True)) as connection:
                found = str(connection.execute("pragma quick_check(1)").fetchone()[0])
        except sqlite3.Error as error:
            raise in_plain_words(error, self._path) from error
        if found != "ok":
            raise StorageUnavailable(
                f"database {self._path} is damaged ({found[:100]}): restore the latest backup",
                "damaged",
                str(self._path),
            )


def _identity(name: str) -> tuple[int, int]:
    try:
        found = os.stat(name)
    except OSError:
        return _NONE
    return found.st_dev, found.st_ino
