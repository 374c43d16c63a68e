"""The dates in servers' answers in, how far this machine's clock is off out."""

from collections.abc import Callable
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

MOST: Final = timedelta(seconds=30)
_FRESH: Final = timedelta(hours=1)


class ServerClock:
    """Compares; a header says whole seconds, and an answer takes a moment."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._heard_at: datetime | None = None
        self._off = timedelta()

    def hear(self, date: str) -> None:
        """A header "Date" of an answer that has just come; anything else is ignored."""
        try:
            said = parsedate_to_datetime(date)
        except ValueError:
            return
        if said.tzinfo is not None:
            self._heard_at = self._now()
            self._off = self._heard_at - said

    def off(self) -> timedelta:
        """How far this clock is ahead of the servers', as last heard; nothing where none was heard for an hour."""
        fresh = self._heard_at is not None and abs(self._now() - self._heard_at) <= _FRESH
        return self._off if fresh else timedelta()
