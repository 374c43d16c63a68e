"""A text that nearly fills a message in; the same with what the phone cut off it, which comes right behind it, out."""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta

from handlers.commands import spoken
from handlers.messages import Incoming
from storage.database import Database
from storage.messages import inbox

MOST_PARTS = 4  # of one text; together still short enough to be read
CLOSE = timedelta(seconds=3)  # between two parts, by the channel's clock: the phone sends them at once
FRESH = timedelta(seconds=30)  # what is older has its other parts in the inbox, or has none
LOOKS, LOOK_SECONDS = 6, 0.5

# What a cut in the midst of a word or number leaves on either side.
_INSIDE = re.compile(r"\d[.,]?\|\d|\d\|[.,]\d|[^\W\d_]\|[^\W\d_]")
_NEW_LINE = re.compile(r"[-+*•–#]|\d{1,2}[.)/]\s|[IVX]{1,4}[.)]|[^\W\d_]")


class CutTexts:
    """Reads the parts of one text together. Each is stored, acknowledged and ended by itself, as any message.

    pause: waits so many seconds.
    """

    def __init__(self, db: Database, pause: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        self._db = db
        self.pause = pause

    async def whole(self, message: Incoming, now: datetime) -> tuple[Incoming, list[Incoming]]:
        """The text with its other parts, and these, which end with it. Waits some seconds for what may follow."""
        rest: list[Incoming] = []
        last = message
        while last.room is not None and message.kind == "text" and len(rest) + 1 < MOST_PARTS:
            found = await self._next(last, now)
            if found is None:
                break
            rest.append(found)
            message = replace(message, text=joined(message.text, found.text, last.room))
            last = found
        return message, rest

    async def _next(self, last: Incoming, now: datetime) -> Incoming | None:
        for _ in range(LOOKS if now - last.at < FRESH else 1):
            payload = await inbox.following(self._db, last.channel, last.bot, last.message_id)
            if payload is not None:
                found = Incoming.from_json(json.loads(payload))
                return found if _goes_on(last, found) else None
            await self.pause(LOOK_SECONDS)
        return None


def _goes_on(last: Incoming, found: Incoming) -> bool:
    said = found.kind == "text" and found.sender_id == last.sender_id and not found.replies_to
    return said and abs(found.at - last.at) <= CLOSE and spoken(found.text) is None


def joined(first: str, second: str, room: int) -> str:
    """Two parts of a text, between which a channel drops blanks and line breaks. room: of the first part, 0 where it
    was cut wherever it had to be.
    """
    seam = f"{first[-2:]}|{second[:2]}"
    if room == 0 and _INSIDE.search(seam):
        return first + second
    new_line = _NEW_LINE.match(second) and not second[0].islower()
    return f"{first}\n{second}" if new_line else f"{first} {second}"
