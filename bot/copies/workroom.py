"""A folder for copies that are being made, which goes when they are done, and after a kill with the next one."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from bot.failures import failed, said
from storage.database import sqlite_path
from storage.engine.sqlite_files import create_folders

_NAME: Final = ".giaoban-work-"
_MOST: Final = 1024 * 1024  # bytes left free, whatever is written
_MEBIBYTE: Final = 2**20


def beside(url: str) -> Path:
    """Where copies are worked on: beside a SQLite file, so that they can take its place at once; else where the system
    keeps what is for a moment."""
    path = sqlite_path(url)
    return Path(tempfile.gettempdir()) if path is None else Path(os.path.abspath(path)).parent


@contextmanager
def workroom(url: str) -> Iterator[Path]:
    """An empty folder nobody else can read; those that killed processes left are cleared away."""
    parent = beside(url)
    create_folders(str(parent / "any"))
    for left in parent.glob(f"{_NAME}*"):
        with suppress(OSError):
            _clear_if_left(left)
    folder = Path(tempfile.mkdtemp(prefix=_NAME, dir=parent))
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(handle)


def _clear_if_left(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)  # refused while its process lives
        shutil.rmtree(folder, ignore_errors=True)
    finally:
        os.close(handle)


@contextmanager
def alone(folder: Path, what: str) -> Iterator[None]:
    """No second process does the same in that folder meanwhile. Raises Failed."""
    handle = os.open(folder / ".giaoban-lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise failed("under_way", folder=folder, what=said(what)) from error
        yield
    finally:
        os.close(handle)


def size_of(url: str) -> int:
    """Bytes of the SQLite file with its log; 0 for PostgreSQL, whose size is not the copy's."""
    path = sqlite_path(url)
    return (
        0 if path is None else sum(Path(path + end).stat().st_size for end in ("", "-wal") if Path(path + end).exists())
    )


def require_room(folder: Path, needed: int, what: str) -> None:
    """Raises Failed where the disk has not so many bytes to spare."""
    free = shutil.disk_usage(folder).free
    if free < needed + _MOST:
        wanted, free = needed // _MEBIBYTE + 1, free // _MEBIBYTE
        raise failed("no_room", what=said(what), wanted=wanted, folder=folder, free=free)
