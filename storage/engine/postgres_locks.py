"""A process's name in, a lock for it on PostgreSQL out, which the server frees when the process is gone."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Final, TypeAlias

import asyncpg

from storage.database import Statement, StorageUnavailable
from storage.engine.postgres_faults import DRIVER_ERRORS

_Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"

_CHANNEL: Final = "giaoban"
CALL: Final[Statement] = (f"select pg_notify('{_CHANNEL}', '')", ())

_TAKE: Final = "select pg_try_advisory_lock(hashtext('giaoban ' || $1))"
_GONE: Final = (
    "select runner from unnest($1::text[]) as runner where not exists (select 1 from pg_locks l"
    " where l.locktype = 'advisory' and l.objsubid = 1 and l.granted"
    " and l.database = (select oid from pg_database where datname = current_database())"
    " and ((l.classid::bigint << 32) | l.objid::bigint) = hashtext('giaoban runner ' || runner)::bigint)"
)


class Names:
    """Advisory locks of one session. The session of a killed process ends at once, of a cut network within half
    a minute; its names are free from then on.
    """

    def __init__(self, connect: Callable[[], Awaitable[_Connection]], runner: str) -> None:
        self._connect = connect
        self._own = f"runner {runner}"
        self._connection: _Connection | None = None
        self._held: set[str] = set()
        self._one_at_a_time = asyncio.Lock()
        self._ring: Callable[[], None] | None = None

    def on_call(self, ring: Callable[[], None]) -> None:
        """Rings at each CALL that is heard; the last one asked for."""
        self._ring = ring

    async def hold(self, name: str) -> bool:
        """Whether this process holds the name; tries to take it."""
        async with self._one_at_a_time:
            try:
                return await self._take(await self._session(), name)
            except (*DRIVER_ERRORS, StorageUnavailable):
                self._lost()
                return False

    async def gone(self, runners: Sequence[str]) -> list[str]:
        """Those of these processes whose session has ended. Raises StorageUnavailable."""
        async with self._one_at_a_time:
            try:
                session = await self._session()
                await self._take(session, self._own)
                return [row[0] for row in await session.fetch(_GONE, list(runners))]
            except DRIVER_ERRORS as error:
                self._lost()
                raise StorageUnavailable("the connection that tells which processes run was lost") from error

    def close(self) -> None:
        """Lets go of every name."""
        self._lost()

    async def _session(self) -> _Connection:
        if self._connection is None or self._connection.is_closed():
            self._held.clear()
            self._connection = await self._connect()
            await self._connection.add_listener(_CHANNEL, self._heard)
        return self._connection

    async def _take(self, session: _Connection, name: str) -> bool:
        if name in self._held:
            await session.fetchval("select 1")  # a session that is gone has lost its names
        elif await session.fetchval(_TAKE, name):
            self._held.add(name)
        return name in self._held

    def _heard(self, *_: object) -> None:
        if self._ring is not None:
            self._ring()

    def _lost(self) -> None:
        self._held.clear()
        if self._connection is not None:
            self._connection.terminate()
            self._connection = None
