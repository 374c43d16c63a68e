"""What an outbox row keeps of a file in, the file itself out, the same each time the row is sent."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import structlog

from handlers.messages import File

log = structlog.get_logger()

Maker = Callable[[Mapping[str, Any]], Awaitable[bytes | File]]


class Files:
    """Makes the file of an outbox row: the row keeps {"kind", "name"} and everything the file shows, so that a message
    sent again says the same; "missing": what the message says where the file cannot be made; "untaken": where its
    channel takes none; "said": its words go as a message also where the channel takes no file.

    makers: by kind, what makes the bytes. The kind "text" is here: the row keeps the "text" itself.
    """

    def __init__(self, makers: Mapping[str, Maker] | None = None) -> None:
        self._makers = makers or {}

    async def made(self, kept: Mapping[str, Any] | None) -> File | None:
        """The file; None where there is none, or it cannot be made: the message is worth sending without it."""
        if kept is None:
            return None
        try:
            if kept["kind"] == "text":
                return File(kept["name"], kept["text"].encode())
            found = await self._makers[kept["kind"]](kept)
            if isinstance(found, File):
                return found
            return File(kept["name"], found, picture=bool(kept.get("picture")))
        except Exception as error:
            log.exception("a file cannot be made, its message goes without", error=type(error).__name__)
            return None
