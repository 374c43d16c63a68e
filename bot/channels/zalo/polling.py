"""The loop over one bot's getUpdates: fetches an update, has it stored, and asks again after a second at the least."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import structlog

from bot.channels.zalo.client import NOT_KNOWN, TIMED_OUT, ZaloFault, ZaloRefused
from bot.channels.zalo.updates import ZaloReader
from handlers.intake.arrivals import Arrival

log = structlog.get_logger("zalo.polling")

LEAST_PAUSE = 1.0  # between two polls: a server that gives old updates again does so at once
FIRST_PAUSE, LONGEST_PAUSE = 2.0, 60.0
LASTS = timedelta(minutes=1)  # a trouble that is shown to who watches


class ZaloPolling:
    """Asks for one bot.

    fetch: one getUpdates and its raw result, None for nothing. take: stores, and returns after the commit.
    sleep: waits so many seconds. Zalo either forgets an update once it was fetched, or gives it for ever: so one that
    could not be stored is kept here until it can, and what was stored before changes nothing.
    """

    def __init__(
        self,
        reader: ZaloReader,
        fetch: Callable[[], Awaitable[object]],
        take: Callable[[list[Arrival]], Awaitable[None]],
        sleep: Callable[[float], Awaitable[None]],
    ) -> None:
        self._reader, self._fetch, self._take, self._sleep = reader, fetch, take, sleep
        self._trouble = ""
        self._since: datetime | None = None  # without success from then on
        self._pause = 0.0

    def held_up(self) -> str:
        """The kind of trouble when it has lasted for over a minute, else empty."""
        if self._since is None or self._reader.now() - self._since < LASTS:
            return ""
        return self._trouble

    async def run(self) -> None:
        """Polls until cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            began = loop.time()
            await self._round()
            await self._sleep(max(0.0, began + LEAST_PAUSE - loop.time()))

    async def _round(self) -> None:
        try:
            found = await self._fetch()
        except ZaloRefused as fault:
            if fault.code == TIMED_OUT:  # nobody has written
                return self._recovered()
            return await self._back_off("token" if fault.code == NOT_KNOWN else "server", str(fault))
        except ZaloFault as fault:
            return await self._back_off("network", str(fault))
        self._recovered()
        updates = found if isinstance(found, list) else [found] if found else []
        if arrivals := [arrival for update in updates if (arrival := self._reader.arrival(update)).worth_storing]:
            await self._store(arrivals)
        return None

    async def _store(self, arrivals: list[Arrival]) -> None:
        while True:
            try:
                await self._take(arrivals)
            # Whatever stopped the storing: nobody else may have the update any more.
            except Exception as fault:  # noqa: BLE001
                await self._back_off("storage", type(fault).__name__)
            else:
                return self._recovered()

    async def _back_off(self, kind: str, reason: str) -> None:
        """Waits longer each time, and logs only when the kind of trouble changes."""
        self._since = self._since or self._reader.now()
        if kind != self._trouble:
            log.warning("polling is held up", bot=self._reader.bot, trouble=kind, reason=reason)
            self._trouble, self._pause = kind, 0.0
        self._pause = min(LONGEST_PAUSE, self._pause * 2 or FIRST_PAUSE)
        await self._sleep(self._pause)

    def _recovered(self) -> None:
        if self._trouble:
            log.info("polling goes on", bot=self._reader.bot, after=self._trouble)
        self._trouble, self._since, self._pause = "", None, 0.0
