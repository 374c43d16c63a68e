"""Reads what strangers send in a process of its own, with limits: a reader and a file in, its text out or FileNotRead.

A file of twenty kilobytes may unpack into elements that take minutes and gigabytes; here they take them from nobody.
"""

import asyncio
import importlib
import resource
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

import structlog

from handlers.messages import FileNotRead

log = structlog.get_logger()

SIDE_BY_SIDE = 2
_REFUSED = 3  # exit code of a reader that says why


@dataclass(frozen=True, slots=True)
class ReadLimits:
    """What one reading may take: bytes of memory, seconds of processor, seconds on the clock."""

    memory: int = 512 * 1024 * 1024
    processor: int = 8
    patience: float = 15.0


class Apart:
    """Runs a reader, a function (name, content) -> text at the top of a module; the caller's loop goes on meanwhile."""

    def __init__(self, reader: Callable[[str, bytes], str], limits: ReadLimits | None = None) -> None:
        self._reader = f"{reader.__module__}:{reader.__qualname__}"
        self._limits = limits or ReadLimits()
        self._turns = asyncio.Semaphore(SIDE_BY_SIDE)

    async def __call__(self, name: str, content: bytes) -> str:
        """The text. Raises FileNotRead: as the reader says, or "file.too_heavy" where a limit ended it."""
        async with self._turns:
            code, text, trouble = await self._run(name, content)
        if code == 0:
            return text.decode()
        if code == _REFUSED:
            raise FileNotRead(trouble.decode())
        log.warning("a file was too heavy to read", code=code, bytes=len(content))
        raise FileNotRead("file.too_heavy")

    async def _run(self, name: str, content: bytes) -> tuple[int | None, bytes, bytes]:
        limits = self._limits
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot.limited_process", self._reader, name, str(limits.memory), str(limits.processor),
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        try:
            async with asyncio.timeout(limits.patience):
                text, trouble = await process.communicate(content)
        except BaseException as error:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
            if isinstance(error, TimeoutError):
                return None, b"", b""
            raise
        return process.returncode, text, trouble


def main(reader: str, name: str, memory: str, processor: str) -> int:
    """Within the limits from here on: the file on standard input, its text on standard output."""
    module, _, function = reader.partition(":")
    read = getattr(importlib.import_module(module), function)
    resource.setrlimit(resource.RLIMIT_AS, (int(memory), int(memory)))
    resource.setrlimit(resource.RLIMIT_CPU, (int(processor), int(processor)))
    try:
        text = read(name, sys.stdin.buffer.read())
    except Exception as error:  # noqa: BLE001  a reader's refusal has a key; whatever else it is, the parent says so
        sys.stderr.write(getattr(error, "key", ""))
        return _REFUSED if hasattr(error, "key") else 1
    sys.stdout.buffer.write(text.encode())
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
