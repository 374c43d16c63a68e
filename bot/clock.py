"""The current time: the system's clock, and one that the demo and tests can move; nothing else reads the time."""

import time
from datetime import UTC, datetime, timedelta
from typing import Protocol

BEGUN = time.monotonic()  # about when the process began: every command loads this first


def seconds_since_begun() -> float:
    """How long this process has been running."""
    return time.monotonic() - BEGUN


def steady() -> float:
    """Seconds of a clock that nobody sets; it goes on while the machine sleeps, where the system has such a one."""
    boot = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if boot is None else time.clock_gettime(boot)


class Clock(Protocol):
    """Something that knows the time."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class MovableClock:
    """A clock that starts where it is told, runs at the usual speed unless held, and can be moved forward."""

    def __init__(self, start: datetime, *, held: bool = False) -> None:
        self._base = start.astimezone(UTC)
        self._held = held
        self._since = time.monotonic()

    def now(self) -> datetime:
        if self._held:
            return self._base
        return self._base + timedelta(seconds=time.monotonic() - self._since)

    def move_to(self, instant: datetime) -> None:
        """The clock goes on from that instant. Raises ValueError for one that has passed."""
        if instant < self.now():
            raise ValueError("the clock moves forward only")
        self._base = instant.astimezone(UTC)
        self._since = time.monotonic()
