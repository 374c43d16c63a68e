"""Wakes everyone who waits for something to become true, without polling and without a lock."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

# Seconds anything that has to come is awaited before a test says what was there instead: no measure of speed, so
# long that a slow machine which many share does not turn a test red.
PATIENCE = 60.0


class Bell:
    """`ring` after every change; `until` tries its question again at each ring."""

    def __init__(self) -> None:
        self._rung = asyncio.Event()

    def ring(self) -> None:
        """Lets everyone look again."""
        rung, self._rung = self._rung, asyncio.Event()
        rung.set()

    async def until(self, found: Callable[[], T | None], within: float | None) -> T:
        """The first true value of `found()`. Raises TimeoutError after that many seconds, if any."""
        async with asyncio.timeout(within):
            while not (value := found()):
                await self._rung.wait()
            return value
