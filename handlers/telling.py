"""A message to somebody else than the writer in, its outbox row out: sent once, never in quiet hours."""

from datetime import datetime, timedelta
from typing import Any

from handlers.turn import Turn, body
from storage.database import Database
from storage.messages import outbox
from storage.people import preferences
from storage.people.people import Account


async def waking(db: Database, now: datetime) -> datetime:
    """The first instant from `now` on outside the office's quiet hours."""
    return (await preferences.rules(db)).awake_at(now)


async def tell(
    db: Database, turn: Turn, key: str, account: Account, text: str, wait: timedelta = timedelta(), **about: Any
) -> None:
    """Queues a notice for another chat; a key once used says nothing more. about: kept beside the text."""
    content = {**body(text), **about}
    when = await waking(db, turn.now + wait)
    turn.rows.append(outbox.say(key, "notice", account.channel, account.chat_id, content, turn.now, when))
