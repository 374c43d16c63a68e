"""Time limits of a start and a stop: one shared by all steps, and one that ends the process whatever it hangs on."""

import asyncio
import os
import sys
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from bot.failures import failed


class StartLimit:
    """The time in which all steps of a start have to be over together. seconds: from now on."""

    def __init__(self, seconds: float) -> None:
        self._until = asyncio.get_running_loop().time() + seconds

    @asynccontextmanager
    async def step(self, silent: str) -> AsyncIterator[None]:
        """One step; raises Failed when the time is up, `silent` says who then did not answer."""
        try:
            async with asyncio.timeout_at(self._until):
                yield
        except TimeoutError:
            raise failed("start_limit", what=silent) from None


class LastResort:
    """Ends the process after a time, from a thread of its own: a file locked by another process holds the threads
    that wait for it, a loop that hangs holds everything. What was acknowledged is stored, as after a crash.
    """

    def __init__(self, leave: Callable[[int], None] = os._exit) -> None:
        self._leave = leave
        self._timer: threading.Timer | None = None

    def set(self, seconds: float, line: str) -> None:
        """From now on this time is left; instead of what was set before."""
        self.clear()
        self._timer = threading.Timer(seconds, self._end, [line])
        self._timer.daemon = True
        self._timer.start()

    def clear(self) -> None:
        """No limit any more."""
        if self._timer is not None:
            self._timer.cancel()

    def _end(self, line: str) -> None:
        sys.stderr.write(f"giaoban: {line}\n")
        sys.stderr.flush()
        self._leave(1)
