"""The files beside a SQLite database: their modes, the lock of the one running bot, turns to write, errors in words."""

import contextlib
import fcntl
import os
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from urllib.parse import quote

from storage.database import AlreadyRun, IntegrityFault, StatementFault, StorageError, StorageUnavailable

TURN_SECONDS = 0.002  # between two tries for the turn to write

BUSY_SECONDS: Final = 3.0  # a start that fails has to be over in five, with what comes before
_PRIVATE: Final = 0o600


def file_uri(path: str, *, read_only: bool = False) -> str:
    """The path as SQLite's URI, any character of it kept."""
    return f"file:{quote(os.path.abspath(path))}{'?mode=ro' if read_only else ''}"


def create_private(path: str) -> None:
    """Create the database file 0600 and missing folders 0700, under whatever umask the process has.

    SQLite gives `-wal` and `-shm` the mode of the database file, so those follow. The process' umask is left
    alone: it belongs to all threads. A file that already exists keeps the mode its owner gave it.
    """
    create_folders(path)
    os.close(_open_private(path))


def create_folders(path: str) -> None:
    """The folders above the file, those that are missing 0700. Raises StorageUnavailable."""
    try:
        for folder in reversed(Path(os.path.abspath(path)).parents):
            if not folder.exists():
                folder.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise _cannot_open(path, error) from error


def _open_private(name: str) -> int:
    try:
        return os.open(name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, _PRIVATE)
    except OSError as error:
        raise _cannot_open(name, error) from error


def _cannot_open(name: str, error: OSError) -> StorageUnavailable:
    return StorageUnavailable(
        f"file {name} cannot be opened or written ({error.strerror}): check the folder, its owner and the free space",
        "unopened",
        str(name),
    )


class RunnerLock:
    """`<file>.lock`: held by the one running bot for its lifetime, with its pid inside.

    The kernel drops it with the process, so a killed bot leaves no stale lock. The file itself stays:
    removing it would let two runners lock two different files of the same name.
    """

    def __init__(self, path: str) -> None:
        name = f"{path}.lock"
        self._fd = _open_private(name)
        try:
            fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            holder = os.pread(self._fd, 32, 0).decode("ascii", "replace").strip() or "unknown"
            os.close(self._fd)
            raise AlreadyRun(
                f"database {path} is already run by process {holder} (lock file {name}): stop that process first"
            ) from error
        try:
            os.ftruncate(self._fd, 0)
            os.pwrite(self._fd, f"{os.getpid()}\n".encode("ascii"), 0)
        except OSError as error:  # of a full disk; such an error names no file
            self.release()
            raise _cannot_open(name, error) from error

    def release(self) -> None:
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1


class WriteTurn:
    """`<file>.turn`: held while one process writes or checkpoints, so that no two do so at the same moment.

    SQLite before 3.51.3 can damage the file when one connection checkpoints while another commits and thereby
    resets the WAL (sqlite.org/wal.html, "the WAL-reset bug"); Debian 12 ships 3.40.1. Automatic checkpoints
    run inside commit, so holding this around each transaction keeps every writer away from every checkpoint.
    Costs two system calls per batch.
    """

    def __init__(self, path: str) -> None:
        self._path = path
        self._fd = _open_private(f"{path}.turn")

    @contextlib.contextmanager
    def hold(self) -> Iterator[None]:
        """Wait for the turn on the calling thread, which is never the event loop's."""
        deadline = time.monotonic() + BUSY_SECONDS
        while True:
            try:
                fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError as error:
                if time.monotonic() >= deadline:
                    raise busy(self._path) from error
                time.sleep(TURN_SECONDS)
        try:
            yield
        finally:
            fcntl.flock(self._fd, fcntl.LOCK_UN)

    def release(self) -> None:
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1


def busy(path: str) -> StorageUnavailable:
    return StorageUnavailable(
        f"database {path} is locked by another process for over {BUSY_SECONDS:.0f} s: "
        "close the program that writes to it",
        "busy",
        str(path),
    )


def in_plain_words(error: BaseException, path: str) -> StorageError:
    """The driver's error as one of ours; what the operator can mend is told with file and remedy."""
    if isinstance(error, StorageError):
        return error
    # The low byte is the primary code; the higher ones only refine it.
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if isinstance(error, sqlite3.IntegrityError):
        return IntegrityFault(str(error))
    if code == sqlite3.SQLITE_FULL:
        return StorageUnavailable(f"no space left for database {path}: free disk space, then try again", "full", path)
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return busy(path)
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return StorageUnavailable(f"database {path} is damaged ({error}): restore the latest backup", "damaged", path)
    if code in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM):
        return StorageUnavailable(
            f"database {path} cannot be written ({error}): check its owner and mode", "unopened", path
        )
    if code == sqlite3.SQLITE_IOERR:
        return StorageUnavailable(f"reading or writing database {path} failed ({error}): check the disk", "disk", path)
    return StatementFault(f"{type(error).__name__}: {error}")
