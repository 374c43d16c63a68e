"""Makes the databases the fixtures hand out, and runs what makes them outside the test's loop."""

import asyncio
import os
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from typing import Any, Protocol
from urllib.parse import urlsplit

import asyncpg

from storage.database import Database
from storage.engine.migrate import migrate


class Opener(Protocol):
    async def __call__(self, url: str, *, exclusive: bool = False) -> Database: ...


_numbers = count(1)


def apart(work: Coroutine[Any, Any, Any]) -> Any:
    """Run a coroutine on a thread of its own: a fixture may stand inside or outside the test's loop."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


async def _on_server(url: str, sql: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(sql)
    finally:
        await connection.close()


class PostgresDatabases:
    """Makes databases on the session's server; a copy of a migrated one takes a few milliseconds."""

    def __init__(self, server: str) -> None:
        self._server = server
        self._made: list[str] = []
        self._migrated: str | None = None

    def empty(self, template: str = "template0") -> str:
        name = f"giaoban_test_{os.getpid()}_{next(_numbers)}"
        apart(_on_server(self._server, f"create database {name} template {template} strategy file_copy"))
        self._made.append(name)
        return urlsplit(self._server)._replace(path=f"/{name}").geturl()

    def migrated(self) -> str:
        if self._migrated is None:
            url = self.empty()
            apart(migrate(url))
            self._migrated = self._made[-1]
        return self.empty(self._migrated)

    def drop(self, *, keep_template: bool) -> None:
        kept = [self._migrated] if keep_template and self._migrated else []
        for name in [name for name in self._made if name not in kept]:
            apart(_on_server(self._server, f"drop database {name} with (force)"))
        self._made = kept
