"""Lines typed into a terminal in, one by one; a journey file of the whole conversation out."""

import asyncio
import contextlib
import os
import sys
import threading
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from typing import TextIO

from reporting.time.calendar import VIETNAM
from storage.messages.local_chat import LocalFile, LocalMessage


class Recorder:
    """Writes the journey as it happens, so that it is whole up to the moment somebody presses Ctrl+C."""

    def __init__(self, path: Path | None) -> None:
        self._file: TextIO | None = path.open("w", encoding="utf-8", buffering=1) if path else None

    def __enter__(self) -> "Recorder":
        self.line("# recorded by giaoban chat --record; to play it, name its province: ! province NAME")
        return self

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            self._file.close()

    def line(self, text: str) -> None:
        if self._file is not None:
            self._file.write(text + "\n")

    def moment(self, at: datetime) -> None:
        self.line(f"@ {at.astimezone(VIETNAM):%Y-%m-%d %H:%M}")

    def heard(self, message: LocalMessage) -> None:
        for text in message.text.split("\n"):
            self.line(f"< {text}".rstrip())
        if message.file is not None:
            self.line(f"< {file_line(message.file)}")
        if message.choices:
            self.line("< " + " ".join(f"[{label}]" for label, _ in message.choices))


def file_line(file: LocalFile) -> str:
    """What stands for a file in a journey and in a terminal."""
    return f"({file.name})"


async def stdin_lines() -> AsyncIterator[str]:
    """Lines of standard input, from a terminal, a pipe or a file; ends with it."""
    loop = asyncio.get_running_loop()
    typed: asyncio.Queue[str | None] = asyncio.Queue()
    # A file cannot be watched by the loop, and a read in the loop's own threads would hold up its end. The
    # thread has a file object of its own: at exit Python would wait for the lock of sys.stdin.
    own = os.fdopen(os.dup(sys.stdin.fileno()), encoding="utf-8", errors="replace")

    def read() -> None:
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody listens any more
            with own:
                for line in own:
                    loop.call_soon_threadsafe(typed.put_nowait, line)
            loop.call_soon_threadsafe(typed.put_nowait, None)

    threading.Thread(target=read, name="stdin", daemon=True).start()
    while (line := await typed.get()) is not None:
        yield line
