"""A command of giaoban that dies at a given step: `python -m campaigns.stumbling STEP WORD…`; 0 lets it go through.

A step is whatever changes something outside the process: a file opened as a database, written out, renamed or removed,
a statement sent to PostgreSQL. The kill comes before it.
"""

import os
import signal
import sqlite3
import sys
from collections.abc import Callable
from typing import Any

import asyncpg

_FILES = ("replace", "rename", "link", "fsync", "unlink", "remove", "mkdir", "chown")
_SERVER = ("execute", "fetchval", "copy_records_to_table")


def main() -> None:
    """Runs the command; says how many steps it had."""
    last, taken = int(sys.argv.pop(1)), 0

    def stumbling(work: Callable[..., Any]) -> Callable[..., Any]:
        def step(*given: Any, **named: Any) -> Any:
            nonlocal taken
            taken += 1
            if taken == last:
                os.kill(os.getpid(), signal.SIGKILL)
            return work(*given, **named)

        return step

    for name in _FILES:
        setattr(os, name, stumbling(getattr(os, name)))
    sqlite3.connect = stumbling(sqlite3.connect)
    for name in _SERVER:
        setattr(asyncpg.Connection, name, stumbling(getattr(asyncpg.Connection, name)))
    from bot.cli.main import main as giaoban

    try:
        giaoban()
    finally:
        print(f"steps {taken}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
