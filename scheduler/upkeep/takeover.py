"""Processes that have died in; the messages they had claimed or leased are freed for others."""

import asyncio
from collections.abc import Callable, Sequence

import structlog

from scheduler.sending.second_tries import REPEATABLE
from storage.database import Database, StorageUnavailable
from storage.messages import inbox, outbox, own_leases

log = structlog.get_logger()

LOOK_SECONDS = 1.0


class Takeover:
    """Frees what dead processes held: once at start, and each second where several share the database."""

    def __init__(
        self, db: Database, freed: Callable[[], None], forgotten: Callable[[Sequence[str]], list[str]] | None = None
    ) -> None:
        self._db = db
        self._freed = freed  # wakes who claims and leases
        self._forgotten = forgotten  # which of the replies leased here nobody sends

    async def run(self) -> None:
        """Looks until cancelled. A database that is away is waited for."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            try:
                await self.look()
                await self.look_at_own()
            except StorageUnavailable as error:
                log.error("database unavailable, nothing is taken over", reason=str(error))

    async def look_at_own(self) -> int:
        """Frees replies this process has leased without knowing; returns how many. Takes two looks."""
        if self._forgotten is None or not (keys := self._forgotten(await own_leases.leased_replies(self._db))):
            return 0
        (freed,) = await self._db.write([own_leases.give_back(self._db, keys)])
        if freed:
            self._freed()
        return freed

    async def look(self) -> int:
        """Frees what is held by processes that have ended; returns how many messages that were."""
        claimants, lessees = await inbox.claimants(self._db), await outbox.lessees(self._db)
        # Asked in any case: with that this process itself stays known as running.
        gone = set(await self._db.gone([*{inbox.runner_of(claimant) for claimant in claimants} | {*lessees}]))
        if not gone:
            return 0
        unit = outbox.release(sorted(gone), REPEATABLE)
        if dead := [claimant for claimant in claimants if inbox.runner_of(claimant) in gone]:
            unit.append(inbox.release(dead))
        freed = sum(await self._db.write(unit))
        if freed:
            log.info("took over from processes that are gone", messages=freed)
            self._freed()
        return freed
