"""The loop over getUpdates: fetches a batch, has it stored, and only then lets Telegram forget it."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import structlog
from telegram.error import Conflict, EndPointNotFound, InvalidToken, TelegramError

from bot.channels.hold_up import HoldUp
from bot.channels.telegram.http import FloodWait, ServerTrouble
from bot.channels.telegram.updates import UpdateReader, update_id
from handlers.intake.arrivals import Arrival

log = structlog.get_logger("telegram.polling")

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0
# Of the loop, before the next fetch is made ready: answers that were committed with the batch leave first.
TURNS = 2
# Another poller, or a token taken back, is a person's mistake and lasts: asking often helps nobody.
PATIENT = {"conflict": 5.0, "token": 30.0}


class Polling:
    """One bot's loop over getUpdates.

    fetch: one getUpdates call with that offset (None for none) and its raw result.
    take: stores a batch and returns after the commit; what it raises leaves the batch unacknowledged.
    stored: told of a batch once it is stored. sleep: waits that many seconds.
    """

    def __init__(
        self,
        reader: UpdateReader,
        fetch: Callable[[int | None], Awaitable[object]],
        take: Callable[[list[Arrival]], Awaitable[None]],
        stored: Callable[[Sequence[Arrival]], None],
        sleep: Callable[[float], Awaitable[None]],
    ) -> None:
        self._reader = reader
        self._fetch = fetch
        self._take = take
        self._stored = stored
        self._offset: int | None = None
        self.hold_up = HoldUp(log, reader.now, sleep, FIRST_PAUSE, LONGEST_PAUSE)

    async def run(self) -> None:
        """Polls until cancelled. Cancelling at any point loses nothing: what was not stored comes again."""
        while True:
            await self._round()

    async def _round(self) -> None:
        try:
            batch = await self._fetch(self._offset)
        except TelegramError as fault:
            kind = _kind(fault)
            least = fault.retry_after if isinstance(fault, FloodWait) else PATIENT.get(kind, 0.0)
            return await self._back_off(kind, fault, least)
        if not isinstance(batch, list):
            return await self._back_off("answer", TypeError(f"getUpdates gave {type(batch).__name__}"))
        arrivals = [self._reader.arrival(raw) for raw in batch]
        wanted = [arrival for arrival in arrivals if arrival.worth_storing]
        if wanted:
            try:
                await self._take(wanted)
            # Whatever stopped the storing, the batch stays with Telegram and is fetched again.
            except Exception as fault:  # noqa: BLE001
                return await self._back_off("storage", fault)
        for arrival in wanted:
            if arrival.error:
                log.warning("update set aside", update=arrival.message_id, error=arrival.error.split(":")[0])
        self._stored(arrivals)
        numbers = [number for raw in batch if (number := update_id(raw)) is not None]
        if batch and not numbers:
            # Nothing to acknowledge it by: the same batch would come again at once, for ever.
            return await self._back_off("answer", ValueError("a batch without any update_id"))
        # An offset is passed only until a call with it has succeeded, since that call made Telegram forget.
        # Keeping it while idle would lose updates: after a quiet week Telegram may begin again at a lower id.
        self._offset = max(numbers) + 1 if numbers else None
        self.hold_up.over()
        for _ in range(TURNS if wanted else 0):
            await asyncio.sleep(0)
        return None

    async def _back_off(self, kind: str, fault: Exception, least: float = 0.0) -> None:
        reason = type(fault).__name__ if kind == "storage" else f"{type(fault).__name__}: {fault}"
        await self.hold_up.back_off(kind, reason, least)


def _kind(fault: TelegramError) -> str:
    if isinstance(fault, FloodWait):
        return "flood"
    if isinstance(fault, Conflict):
        return "conflict"
    if isinstance(fault, InvalidToken | EndPointNotFound):
        return "token"
    if isinstance(fault, ServerTrouble):
        return "server"
    return "network"
