"""The dates in servers' answers in, how far this machine's clock is off out."""

from collections.abc import Callable
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

from bot.clock import steady

MOST: Final = timedelta(seconds=30)
MISLEADS: Final = timedelta(minutes=15)  # beyond it people would be spoken to at hours they are not to be


class ServerClock:
    """Compares; a header says whole seconds, and an answer takes a moment.

    steady: seconds of a clock that nobody sets. By it a server's word goes on holding, and a leap is seen at once.
    """

    def __init__(self, now: Callable[[], datetime], steady: Callable[[], float] = steady) -> None:
        self.now, self._steady = now, steady
        self._heard: tuple[datetime, float] | None = None  # what a server said, and when by the steady clock

    def hear(self, date: str) -> None:
        """A header "Date" of an answer that has just come; anything else is ignored."""
        try:
            said = parsedate_to_datetime(date)
        except ValueError:
            return
        if said.tzinfo is not None:
            self._heard = said, self._steady()

    def off(self) -> timedelta:
        """How far this clock is ahead of the servers'; nothing where none was heard."""
        if self._heard is None:
            return timedelta()
        said, at = self._heard
        return self.now() - said - timedelta(seconds=self._steady() - at)

    def misleads(self) -> bool:
        """Whether nothing may be said by this clock: it is far off, or no server has said yet that it is right."""
        return self._heard is None or abs(self.off()) > MISLEADS
