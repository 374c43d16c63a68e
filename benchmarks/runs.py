"""One run: a fresh server and a fresh bot, a load, and what was seen from outside."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from benchmarks.contestants import ROOT, Contestant

TICKS = os.sysconf("SC_CLK_TCK")
PATIENCE = 30.0  # seconds beyond the load itself


# A process begins with the memory of the one that starts it as its largest: so a small one starts it.
_STARTER = """
import resource, subprocess, sys
ended = subprocess.run(sys.argv[1:], capture_output=True, text=True)
sys.exit(ended.stderr) if ended.returncode else None
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


class RunFailed(Exception):
    """The bot ended or said nothing."""


@dataclass(frozen=True, slots=True)
class Load:
    """What the crowd does; the words are those of benchmarks/server.py."""

    present: int = 200
    enrolled: int = 1_000_000
    rate: float = 0.0
    round_trip: float = 0.0
    warm_up: float = 2.0
    seconds: float = 8.0
    script: str = "typed"

    def enrolling(self, most: int) -> "Load":
        """The same load with that many people who take each other's places."""
        return replace(self, enrolled=most)

    def arguments(self, receipt: str) -> list[str]:
        """For the server's command line."""
        return [
            f"--present={self.present}", f"--enrolled={self.enrolled}", f"--rate={self.rate}",
            f"--round-trip={self.round_trip}", f"--warm-up={self.warm_up}", f"--seconds={self.seconds}",
            f"--script={self.script}", f"--receipt={receipt}",
        ]  # fmt: skip


def run(contestant: Contestant, load: Load, folder: Path) -> dict[str, Any]:
    """The server's figures, with start_s, cpu_ms (of the bot for one answer), idle_mb and loaded_mb.

    Where it runs in several processes, their processor and memory are added up.
    """
    with tempfile.TemporaryDirectory(dir=folder, prefix=f"{contestant.name}-") as name:
        own = Path(name)
        contestant.lay_ready(own)
        patience = PATIENCE + load.warm_up + load.seconds
        with served(load.arguments(contestant.receipt), patience) as server, open(own / "bot.log", "wb") as log:
            url = f"http://127.0.0.1:{line(server, 'listening')['port']}"
            environment = {**os.environ, "PYTHONPATH": str(ROOT), **contestant.environment(url, own)}
            # Compiled modules are kept, as on a server: else every start compiles the program's own anew.
            environment.pop("PYTHONDONTWRITEBYTECODE", None)
            started = time.monotonic()
            command = contestant.command(url, own)
            bots = [
                subprocess.Popen(command, cwd=own, env=environment, stdout=log, stderr=log)
                for _ in range(contestant.processes)
            ]
            # Without its bot the server has nothing to say; ending it ends the wait for its next line.
            for bot in bots:
                threading.Thread(target=_end_with, args=(bot, server), daemon=True).start()
            try:
                found = _watch(server, bots, started)
            except RunFailed as error:
                tail = (own / "bot.log").read_text("utf-8", "replace")[-2000:]
                raise RunFailed(f"{contestant.name}: {error}\n{tail}") from None
            finally:
                for bot in bots:
                    _end(bot)
    return found


def _end_with(bot: subprocess.Popen[bytes], server: subprocess.Popen[str]) -> None:
    bot.wait()
    server.kill()


def _watch(server: subprocess.Popen[str], bots: list[subprocess.Popen[bytes]], started: float) -> dict[str, Any]:
    polling = line(server, "polling")
    time.sleep(0.2)
    idle = _megabytes(bots)
    line(server, "measuring")
    before = _cpu(bots)
    found = line(server, "done")
    used = _cpu(bots) - before
    found["start_s"] = polling["at"] - started
    found["cpu_ms"] = used * 1000 / max(1, found["answers"])
    found["idle_mb"], found["loaded_mb"] = idle, _megabytes(bots)
    for bot in bots:
        if bot.poll() is not None:
            raise RunFailed(f"the bot ended with exit code {bot.returncode}")
    return found


@contextmanager
def served(arguments: list[str], patience: float) -> Iterator[subprocess.Popen[str]]:
    """The Bot API server with those arguments; killed after so many seconds if it still runs."""
    command = [sys.executable, "-m", "benchmarks.server", *arguments]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        timer = threading.Timer(patience, server.kill)
        timer.start()
        try:
            yield server
        finally:
            timer.cancel()
            server.terminate()


def line(server: subprocess.Popen[str], event: str) -> dict[str, Any]:
    """What the server says of that event, which has to be the next one. Raises RunFailed."""
    assert server.stdout is not None
    text = server.stdout.readline()
    if not text:
        raise RunFailed(f"no {event!r} came")
    said: dict[str, Any] = json.loads(text)
    if said.pop("event") != event:
        raise RunFailed(f"{text.strip()} instead of {event!r}")
    return said


def _end(bot: subprocess.Popen[bytes]) -> None:
    bot.send_signal(signal.SIGTERM)
    try:
        bot.wait(15)
    except subprocess.TimeoutExpired:
        bot.kill()
        bot.wait()


def _cpu(bots: list[subprocess.Popen[bytes]]) -> float:
    """Seconds of processor."""
    stats = [Path(f"/proc/{bot.pid}/stat").read_text().rpartition(")")[2].split() for bot in bots]
    return sum(int(fields[11]) + int(fields[12]) for fields in stats) / TICKS


def _megabytes(bots: list[subprocess.Popen[bytes]]) -> float:
    """Resident."""
    try:
        lines = [line for bot in bots for line in Path(f"/proc/{bot.pid}/status").read_text().splitlines()]
    except FileNotFoundError:
        raise RunFailed("the bot has ended") from None
    return sum(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024


def largest(command: list[str], given: str = "", **environment: str) -> float:
    """The most MB that were resident while that command ran, with that text as its input."""
    whole = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
    said = subprocess.run(
        [sys.executable, "-c", _STARTER, *command],
        input=given, env=whole, stdout=subprocess.PIPE, text=True, check=True,
    ).stdout  # fmt: skip
    return int(said) / 1024
