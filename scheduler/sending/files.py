"""What an outbox row keeps of a file in, the file itself out, the same each time the row is sent."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import structlog

from handlers.channel import Channel
from handlers.messages import File

log = structlog.get_logger()

Maker = Callable[[Mapping[str, Any]], Awaitable[bytes | File]]
# (photo's id, channel) -> the channel's own id of it; "" where it is not kept, or was sent on another channel.
Photos = Callable[[int, str], Awaitable[str]]


class Files:
    """Makes the file of an outbox row: the row keeps {"kind", "name"} and everything the file shows, so that a message
    sent again says the same; "missing": what the message says where the file cannot be made; "untaken": where its
    channel takes none; "said": its words go as a message also where the channel takes no file.

    makers: by kind, what makes the bytes. The kind "text" is here: the row keeps the "text" itself. Of the kind
    "photo" the row keeps the "photo" by its id, and `photos` finds it: who sent one may have taken it back meanwhile.
    """

    def __init__(self, makers: Mapping[str, Maker] | None = None, photos: Photos | None = None) -> None:
        self._makers = makers or {}
        self._photos = photos

    async def made(self, kept: Mapping[str, Any] | None, channel: Channel) -> File | None:
        """The file; None where there is none, the channel takes none, or it cannot be made: the message is worth
        sending without it.
        """
        if kept is None:
            return None
        if kept.get("kind") == "photo":
            there = await self._photos(kept["photo"], channel.name) if self._photos is not None else ""
            return File(kept["name"], b"", picture=True, there=there) if there else None
        if not channel.limits.files and not kept.get("said"):
            return None
        try:
            if kept["kind"] == "text":
                return File(kept["name"], kept["text"].encode())
            found = await self._makers[kept["kind"]](kept)
            picture = bool(kept.get("picture"))
            return found if isinstance(found, File) else File(kept["name"], found, picture)
        except Exception as error:
            log.exception("a file cannot be made, its message goes without", error=type(error).__name__)
            return None
