"""The loop over one bot's getUpdates: fetches an update, has it stored, and asks again after a second at the least."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from bot.channels.hold_up import HoldUp
from bot.channels.zalo.client import NOT_KNOWN, TIMED_OUT, ZaloFault, ZaloRefused
from bot.channels.zalo.updates import ZaloReader
from handlers.intake.arrivals import Arrival

log = structlog.get_logger("zalo.polling")

LEAST_PAUSE = 1.0  # between two polls: a server that gives old updates again does so at once
FIRST_PAUSE, LONGEST_PAUSE = 2.0, 60.0


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
        self.hold_up = HoldUp(log.bind(bot=reader.bot), reader.now, sleep, FIRST_PAUSE, LONGEST_PAUSE)

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
                return self.hold_up.over()
            return await self.hold_up.back_off("token" if fault.code == NOT_KNOWN else "server", str(fault))
        except ZaloFault as fault:
            return await self.hold_up.back_off("network", str(fault))
        self.hold_up.over()
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
                await self.hold_up.back_off("storage", type(fault).__name__)
            else:
                return self.hold_up.over()
