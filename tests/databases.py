"""Makes the databases the fixtures hand out, and runs what makes them outside the test's loop."""

import asyncio
import os
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from typing import Any, Protocol
from urllib.parse import urlsplit

import asyncpg

from storage.database import Database


class Opener(Protocol):
    async def __call__(self, url: str, *, exclusive: bool = False) -> Database: ...


# Fills the empty database of that URL.
Fill = Callable[[str], Coroutine[Any, Any, Any]]

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
    """Makes databases on the session's server; a copy of one that is made once takes a few milliseconds."""

    def __init__(self, server: str) -> None:
        self._server = server
        self._made: list[str] = []
        self._templates: dict[Fill, str] = {}

    def empty(self, template: str = "template0") -> str:
        name = f"giaoban_test_{os.getpid()}_{next(_numbers)}"
        apart(_on_server(self._server, f"create database {name} template {template} strategy file_copy"))
        self._made.append(name)
        return urlsplit(self._server)._replace(path=f"/{name}").geturl()

    def copy_of(self, fill: Fill) -> str:
        """A copy of the database that `fill` makes of an empty one, the first time it is asked for."""
        if fill not in self._templates:
            url = self.empty()
            apart(fill(url))
            self._templates[fill] = self._made[-1]
        return self.empty(self._templates[fill])

    def drop(self, *, keep_templates: bool) -> None:
        kept = list(self._templates.values()) if keep_templates else []
        for name in [name for name in self._made if name not in kept]:
            apart(_on_server(self._server, f"drop database {name} with (force)"))
        self._made = kept
