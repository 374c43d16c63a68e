"""Runs giaoban as a stranger does: a process of its own, with an environment, its lines and its exit awaited.

The process is forked from one that has imported the program (tests/nursery.py): a start is a tenth as dear.
"""

import asyncio
import atexit
import os
import signal
from collections.abc import AsyncIterator, Coroutine, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

from bot_api.bell import PATIENCE, Bell
from nursery import PIPES, Nursery

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
    """One running `giaoban …`; its pipes are the near ends of its own."""

    def __init__(self, pid: int, told: asyncio.StreamReader, near: dict[str, int]) -> None:
        self.pid = pid
        self._told = told
        self._near = near
        self._began = asyncio.get_running_loop().time()
        self._bell = Bell()
        self._read = {"out": bytearray(), "err": bytearray()}
        self._reading = [asyncio.create_task(self._collect(name)) for name in self._read]
        self._exit = asyncio.create_task(self._exit_code())

    async def _exit_code(self) -> int:
        return int(await self._told.read())

    async def _collect(self, name: str) -> None:
        stream = await _reader(self._near[name])
        while piece := await stream.read(65536):
            self._read[name] += piece
            self._bell.ring()
        self._bell.ring()

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
        if not self._exit.done():
            os.kill(self.pid, number)

    async def ended(self, within: float = PATIENCE) -> Ended:
        """Waits for its exit."""
        try:
            async with asyncio.timeout(within):
                code, *_ = await asyncio.gather(asyncio.shield(self._exit), *self._reading)
        except TimeoutError:
            raise AssertionError(f"still running after {within:g} s:\n{self.out}\n{self.err}") from None
        seconds = asyncio.get_running_loop().time() - self._began
        return Ended(code, self.out, self.err, seconds)

    async def outlives(self, waiting: Coroutine[Any, Any, Any]) -> None:
        """Waits for something that it is to bring about; its exit before that is an error."""
        work, over = asyncio.create_task(waiting), self._exit
        await asyncio.wait([work, over], return_when=asyncio.FIRST_COMPLETED)
        if work.done():
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
        self.signal(signal.SIGKILL)
        return await self.ended()

    async def write(self, text: str) -> None:
        """Gives it all of its standard input."""
        with os.fdopen(self._near.pop("in"), "wb") as stdin:
            await asyncio.to_thread(stdin.write, text.encode())

    def close(self) -> None:
        """Lets go of its standard input."""
        if "in" in self._near:
            os.close(self._near.pop("in"))


async def _reader(pipe: int) -> asyncio.StreamReader:
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(pipe, "rb", buffering=0)
    )
    return reader


@cache
def _nursery() -> Nursery:
    nursery = Nursery(_environment({}))
    atexit.register(nursery.close)
    return nursery


@asynccontextmanager
async def forked(program: str, words: list[str], cwd: Path, environment: Mapping[str, str]) -> AsyncIterator[Process]:
    """That Python program, or giaoban if it is empty; killed in the end if it still runs."""
    (stdin, stdin_near), (out_near, out), (err_near, err), (told_near, told) = (os.pipe() for _ in range(PIPES))
    far = [stdin, out, err, told]
    _nursery().fork(program, words, str(cwd), environment, far)
    for pipe in far:
        os.close(pipe)
    told_reader = await _reader(told_near)
    pid = int(await told_reader.readline())
    process = Process(pid, told_reader, {"in": stdin_near, "out": out_near, "err": err_near})
    try:
        yield process
    finally:
        await process.kill()
        process.close()


@asynccontextmanager
async def started(
    *words: str, cwd: Path, ahead: timedelta | None = None, source: str = "", **environment: str
) -> AsyncIterator[Process]:
    """`giaoban words…` in that folder with only that environment; killed in the end if it still runs.

    ahead: its clock goes before the machine's by so much. source: another program that calls the same main.
    """
    given = list(words)
    if ahead is not None:
        source, given = AHEAD, [str(ahead.total_seconds()), *words]
    async with forked(source, given, cwd, _environment(environment)) as process:
        yield process


async def ran(*words: str, cwd: Path, stdin: str = "", **environment: str) -> Ended:
    """How `giaoban words…` ends in that folder with only that environment."""
    async with started(*words, cwd=cwd, **environment) as process:
        await process.write(stdin)
        return await process.ended()


def _environment(given: Mapping[str, str]) -> dict[str, str]:
    # Nothing of the machine's own settings may decide a test; the locale is the poorest there is.
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LD_LIBRARY_PATH", "TMPDIR") if name in os.environ}
    return {**kept, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "error", "LC_ALL": "C", "PYTHONUTF8": "0", **given}
