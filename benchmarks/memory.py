"""A made-up province in, out the largest resident memory while its Excel, its pack and the plan of a year are made."""

import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from benchmarks import pack, province
from benchmarks.runs import largest
from reporting.time.calendar import local_day

YEAR = timedelta(days=365)


def measure(folder: Path, count: int) -> dict[str, tuple[float, float]]:
    """By what is made for so many branches and their communes: seconds, and MB of the process that makes it."""
    path = folder / f"province-{count}.db"
    province.make(path, count, figures=province.INDICATORS, now=province.moment())
    pack.communes(path, count)
    url, today = f"sqlite:///{path}", local_day(province.moment())
    period = province.periods_of(province.moment())[-1].code

    def command(*words: str) -> float:
        return largest([sys.executable, "-m", "bot", *words], GIAOBAN_DATABASE_URL=url)

    return {
        "Excel": _timed(lambda: command("export", "--xlsx", str(folder / "export.xlsx"), "--period", period)),
        "pack": _timed(lambda: pack.make(path, "province")),
        "plan": _timed(lambda: command("plan", "--from", f"{today}", "--to", f"{today + YEAR}")),
    }


def _timed(made: Callable[[], float]) -> tuple[float, float]:
    begun = time.monotonic()
    megabytes = made()
    return time.monotonic() - begun, megabytes
