"""The faults of a poll in, its waits out: longer each time, logged when their kind changes, shown when they last."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

LASTS = timedelta(minutes=1)  # a trouble that is shown to who watches


class HoldUp:
    """What keeps one loop from fetching.

    log: takes a line when a kind of trouble begins and when it is over. now: the time. sleep: waits so many seconds.
    first, longest: seconds of the first wait, and of the longest one.
    """

    def __init__(
        self,
        log: Any,
        now: Callable[[], datetime],
        sleep: Callable[[float], Awaitable[None]],
        first: float,
        longest: float,
    ) -> None:
        self._log, self._now, self._sleep = log, now, sleep
        self._first, self._longest = first, longest
        self._trouble = ""
        self._since: datetime | None = None  # without success from then on
        self._pause = 0.0

    def lasting(self) -> str:
        """The kind of trouble when it has lasted for over a minute, else empty."""
        return self._trouble if self._since is not None and self._now() - self._since >= LASTS else ""

    async def back_off(self, kind: str, reason: str, least: float = 0.0) -> None:
        """Waits longer each time, from `least` seconds."""
        self._since = self._since or self._now()
        if kind != self._trouble:
            self._log.warning("polling is held up", trouble=kind, reason=reason)
            self._trouble, self._pause = kind, 0.0
        self._pause = min(self._longest, self._pause * 2 or self._first)
        await self._sleep(max(least, self._pause))

    def over(self) -> None:
        """It has fetched."""
        if self._trouble:
            self._log.info("polling goes on", after=self._trouble)
        self._trouble, self._since, self._pause = "", None, 0.0
