"""Notices: what somebody else's doing means for this person; once, by a permanent key, and never at night."""

from datetime import datetime, timedelta
from typing import Any

from handlers.turn import Turn, body
from reporting.calendar import at, local_day
from storage import outbox
from storage.people import Account

# Many secretaries are free only in the evening, so a notice may come until nine; what comes up later waits for the
# morning.
MORNING, NIGHT = (6, 30), (21, 0)


def waking(now: datetime) -> datetime:
    """The first instant from `now` on at which nobody is disturbed in their sleep."""
    day = local_day(now)
    if now < at(day, *MORNING):
        return at(day, *MORNING)
    return now if now < at(day, *NIGHT) else at(day + timedelta(days=1), *MORNING)


def tell(turn: Turn, key: str, account: Account, text: str, wait: timedelta = timedelta(), **about: Any) -> None:
    """Queues a notice for another chat; a key once used says nothing more. about: kept beside the text."""
    content = {**body(text), **about}
    when = waking(turn.now + wait)
    turn.rows.append(outbox.say(key, "notice", account.channel, account.chat_id, content, turn.now, when))
