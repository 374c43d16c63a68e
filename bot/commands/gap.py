"""A restored copy in; the messages due between the copy and now out, as rows that are never sent.

Nobody knows what of it was sent: the same jobs that send say what it would have been, and its rows end as unsure, whose
keys never send again.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from bot.app import App
from bot.clock import MovableClock
from bot.settings import Settings
from scheduler.ticker import Ticker
from storage.database import Database
from storage.messages.held_back import hold_back

# What is due says its day and is not sent days later (storage/messages/outbox.py:FRESH); a week's summary is.
_CLOSELY: Final = timedelta(days=8)
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)


async def pass_over(settings: Settings, since: datetime, now: datetime) -> None:
    """Lets the time from `since` to `now` pass in the database of these settings without sending anything."""
    clock = MovableClock(min(since, now), held=True)
    app = await App.open(settings, clock, only=())
    try:
        ticker = Ticker(app.jobs(await _channels(app.db)), clock.now, lambda: None)
        for moment in _moments(since, now):
            clock.move_to(moment)
            await ticker.tick(moment)
        await app.db.write(hold_back(now))
    finally:
        await app.close()


def _moments(since: datetime, now: datetime) -> Iterator[datetime]:
    """The instants asked about: each day, of the last days each hour, and the end."""
    moment = min(since, now)
    while moment < now:
        yield moment
        moment += _HOUR if now - moment <= _CLOSELY else _DAY
    yield now


async def _channels(db: Database) -> tuple[str, ...]:
    rows = await db.read("select channel from account union select channel from group_chat order by 1")
    return tuple(row[0] for row in rows)
