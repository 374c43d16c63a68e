"""What a picture shows in, a PNG out, drawn in a process of its own that a time limit ends."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any

from bot.child_process import output_of

PATIENCE = 60.0  # seconds, with the wait for one's turn; the lease of the message that waits is twice as long


class Drawer:
    """Draws one picture at a time, whoever asks; the last one is kept for whoever asks for the same."""

    def __init__(self) -> None:
        self._turn = asyncio.Semaphore(1)
        self._last: tuple[bytes, bytes] = (b"", b"")

    async def __call__(self, sheet: Mapping[str, Any]) -> bytes:
        """The picture of a sheet of one of the KINDS of bot/pictures/drawing.py. Raises RuntimeError, TimeoutError."""
        asked = json.dumps(dict(sheet)).encode()
        async with asyncio.timeout(PATIENCE), self._turn:
            if self._last[0] != asked:
                self._last = (asked, await output_of("bot.pictures.drawing", asked))
            return self._last[1]
