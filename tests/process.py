"""Runs giaoban as a stranger does: a process of its own, with an environment, its lines and its exit awaited."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Coroutine, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from bot_api.bell import PATIENCE, Bell

# The same program with the one place that reads the time moved.
AHEAD = """
import sys
from datetime import timedelta
from bot import clock
ahead, real = timedelta(seconds=float(sys.argv.pop(1))), clock.SystemClock.now
clock.SystemClock.now = lambda self: real(self) + ahead
from bot.cli.main import main
main()
"""
ROOT = Path(__file__).parent.parent


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended. seconds: from its start to its exit."""

    code: int
    out: str
    err: str
    seconds: float


class Process:
    """One running `python -m bot …`."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._began = asyncio.get_running_loop().time()
        self._bell = Bell()
        self._read = {"out": bytearray(), "err": bytearray()}
        assert process.stdout is not None
        assert process.stderr is not None
        self._reading = [
            asyncio.create_task(self._collect("out", process.stdout)),
            asyncio.create_task(self._collect("err", process.stderr)),
        ]

    async def _collect(self, name: str, stream: asyncio.StreamReader) -> None:
        while piece := await stream.read(65536):
            self._read[name] += piece
            self._bell.ring()
        self._bell.ring()

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    @property
    def out(self) -> str:
        """What it has written to standard output."""
        return self._read["out"].decode()

    @property
    def err(self) -> str:
        """What it has written to standard error."""
        return self._read["err"].decode()

    async def line(self, containing: str) -> str:
        """The first whole line of standard output with this text; an exit before it is an error."""

        def found() -> str | None:
            whole = self.out.rpartition("\n")[0].split("\n")
            line = next((line for line in whole if containing in line), None)
            if line is None and all(task.done() for task in self._reading):
                raise AssertionError(f"ended without a line {containing!r}:\n{self.out}\n{self.err}")
            return line

        try:
            return await self._bell.until(found, PATIENCE)
        except TimeoutError:
            raise AssertionError(f"no line with {containing!r}:\n{self.out}\n{self.err}") from None

    def signal(self, number: int) -> None:
        """Sends it a signal."""
        self._process.send_signal(number)

    async def ended(self, within: float = PATIENCE) -> Ended:
        """Waits for its exit."""
        try:
            async with asyncio.timeout(within):
                await asyncio.gather(self._process.wait(), *self._reading)
        except TimeoutError:
            raise AssertionError(f"still running after {within:g} s:\n{self.out}\n{self.err}") from None
        seconds = asyncio.get_running_loop().time() - self._began
        assert self._process.returncode is not None
        return Ended(self._process.returncode, self.out, self.err, seconds)

    async def outlives(self, waiting: Coroutine[Any, Any, Any]) -> None:
        """Waits for something that it is to bring about; its exit before that is an error."""
        work, over = asyncio.create_task(waiting), asyncio.create_task(self._process.wait())
        await asyncio.wait([work, over], return_when=asyncio.FIRST_COMPLETED)
        if work.done():
            over.cancel()
            work.result()
            return
        work.cancel()
        raise AssertionError(f"ended with {over.result()} while it was waited for:\n{self.out}\n{self.err}")

    async def stop(self) -> Ended:
        """Asks it to stop and waits for its exit."""
        self.signal(signal.SIGTERM)
        return await self.ended()

    async def kill(self) -> Ended:
        """Ends it at once, as a power cut would, if it still runs."""
        if self._process.returncode is None:
            self.signal(signal.SIGKILL)
        return await self.ended()

    async def write(self, text: str) -> None:
        """Gives it all of its standard input."""
        assert self._process.stdin is not None
        self._process.stdin.write(text.encode())
        self._process.stdin.close()
        await self._process.stdin.wait_closed()


@asynccontextmanager
async def started(
    *words: str, cwd: Path, ahead: timedelta | None = None, source: str = "", **environment: str
) -> AsyncIterator[Process]:
    """`giaoban words…` in that folder with only that environment; killed in the end if it still runs.

    ahead: its clock goes before the machine's by so much. source: another program that calls the same main.
    """
    pipe = asyncio.subprocess.PIPE
    program = (
        ["-c", source] if source else ["-m", "bot"] if ahead is None else ["-c", AHEAD, str(ahead.total_seconds())]
    )
    process = Process(
        await asyncio.create_subprocess_exec(
            sys.executable, *program, *words,
            cwd=cwd, env=_environment(environment), stdin=pipe, stdout=pipe, stderr=pipe,
        )
    )  # fmt: skip
    try:
        yield process
    finally:
        await process.kill()


async def ran(*words: str, cwd: Path, stdin: str = "", **environment: str) -> Ended:
    """How `giaoban words…` ends in that folder with only that environment."""
    async with started(*words, cwd=cwd, **environment) as process:
        await process.write(stdin)
        return await process.ended()


def _environment(given: Mapping[str, str]) -> dict[str, str]:
    # Nothing of the machine's own settings may decide a test; the locale is the poorest there is.
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LD_LIBRARY_PATH", "TMPDIR") if name in os.environ}
    return {**kept, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "error", "LC_ALL": "C", "PYTHONUTF8": "0", **given}
