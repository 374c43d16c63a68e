"""Runs the benchmarks, prints their tables and the table of goals: `python -m benchmarks`, shorter with --quick."""

import argparse
import os
import platform
import sqlite3
import subprocess
import sys
import tempfile
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks import broadcast, goals, memory, pack, province, reading, review, tables, volume
from benchmarks.contestants import PEERS, ROOT, Contestant, backed_up, by_webhook, contestants, on_postgresql
from benchmarks.runs import Load, RunFailed, run

ENROLLED = 5000
MOST_UNITS = 20_000
_ALONE = frozenset({"reading", "memory"})  # what is measured without bots, ours or others
_OWN = frozenset({"pack", "sharing", "phone", "messages", "broadcast"})  # with ours alone
Bots = dict[str, Contestant]
Runs = dict[str, list[dict[str, Any]]]


def main() -> None:
    """Everything asked for, one table after the other."""
    asked = _arguments()
    sections = asked.only or list(_SECTIONS)
    compared = not _ALONE.issuperset(sections)
    if not (_ALONE | _OWN).issuperset(sections) and not PEERS.exists():
        sys.exit(f"benchmarks: {PEERS} is missing: run make bench, which installs benchmarks/peers/requirements.lock")
    asked.folder.mkdir(parents=True, exist_ok=True)
    print(_machine(asked.folder), flush=True)
    with tempfile.TemporaryDirectory(dir=asked.folder) as name:
        folder = Path(name)
        bots: Bots = {}
        if compared:
            source = folder / "enrolled.db"
            province.make(source, ENROLLED, figures=0, now=province.moment())
            bots = contestants(source)
        found, failed = {}, []
        for section in sections:
            try:
                found[section] = _SECTIONS[section](bots, folder, asked)
            except (RunFailed, subprocess.CalledProcessError) as error:
                failed.append(section)  # the others of a long run are not lost with it
                _progress(f"{section} failed: {error}")
    print(goals.table(found), flush=True)
    if failed:
        sys.exit(f"benchmarks: no figures of {', '.join(failed)}, see above")


def _interleaved(bots: list[Contestant], load: Load, folder: Path, repetitions: int) -> Runs:
    """Every bot in turn, and again, so that a slow minute of the machine falls on all of them."""
    found: Runs = defaultdict(list)
    for repetition in range(repetitions):
        for bot in bots:
            enrolled = ENROLLED if bot.name.startswith("giaoban") else 1_000_000
            result = run(bot, load.enrolling(enrolled), folder)
            found[bot.name].append(result)
            _progress(f"{repetition + 1}/{repetitions} {bot.name}: {result['per_second']:.0f}/s")
            if result["astray"]:
                raise RunFailed(f"{result['astray']} of {result['finished']} reports of {bot.name} went astray")
    return found


def _throughput(bots: Bots, folder: Path, asked: argparse.Namespace) -> Runs:
    load = Load(seconds=3.0 if asked.quick else 8.0)
    found = _interleaved(list(bots.values()), load, folder, 1 if asked.quick else 3)
    title = f"Answers a second, {load.present} people who answer at once, no distance"
    print(tables.speed(title, bots, found), flush=True)
    print(tables.start(bots, found), flush=True)
    return found


def _sharing(bots: Bots, folder: Path, asked: argparse.Namespace) -> Runs:
    load = Load(warm_up=8.0, seconds=3.0 if asked.quick else 8.0)  # the second one starts meanwhile
    with broadcast.postgresql() as databases:
        shared = [on_postgresql(bots["giaoban"], databases.empty, processes) for processes in (2, 1)]
        found = _interleaved(shared, load, folder, 1 if asked.quick else 3)
    title = "Two processes that share the chats; processors are also the server's and the load's"
    print(tables.speed(title, {bot.name: bot for bot in shared}, found), flush=True)
    return found


def _distance(bots: Bots, folder: Path, asked: argparse.Namespace) -> Runs:
    load = Load(seconds=4.0 if asked.quick else 8.0, round_trip=0.05)
    some = [bots["giaoban"], bots["ptb_echo"]] if asked.quick else list(bots.values())
    found = _interleaved(some, load, folder, 1 if asked.quick else 3)
    print(tables.speed("The same with a round trip of 50 ms to the Bot API", bots, found), flush=True)
    return found


def _latency(bots: Bots, folder: Path, asked: argparse.Namespace) -> Runs:
    load = Load(rate=50.0, seconds=4.0 if asked.quick else 10.0)
    some = [bots["giaoban"], bots["ptb_echo"]] if asked.quick else list(bots.values())
    found = _interleaved(some, load, folder, 1 if asked.quick else 3)
    print(tables.latency("Time to the reply at 50 answers a second", bots, found), flush=True)
    return found


def _phone(bots: Bots, folder: Path, asked: argparse.Namespace) -> Runs:
    load = Load(rate=17.0, seconds=4.0 if asked.quick else 10.0, round_trip=0.2)
    ours = {bot.name: bot for bot in (bots["giaoban"], by_webhook(bots["giaoban"]))}
    found = _interleaved(list(ours.values()), load, folder, 1 if asked.quick else 3)
    print(tables.latency("Time to the reply on a phone 200 ms away, 17 answers a second", ours, found), flush=True)
    return found


def _backup(bots: Bots, folder: Path, asked: argparse.Namespace) -> Runs:
    load = Load(rate=50.0, seconds=4.0 if asked.quick else 20.0)
    ours = {bot.name: bot for bot in (bots["giaoban"], backed_up(bots["giaoban"]))}
    found = _interleaved(list(ours.values()), load, folder, 1 if asked.quick else 3)
    print(tables.latency("Time to the reply at 50 answers a second beside backups", ours, found), flush=True)
    return found


def _silence(bots: Bots, folder: Path, asked: argparse.Namespace) -> Runs:
    # PicklePersistence saves once a minute: its silence shows in a run of more than that.
    load = Load(present=1000, rate=100.0, warm_up=11.0, seconds=5.0 if asked.quick else 65.0)
    some = [bots["giaoban"]] if asked.quick else [bots["giaoban"], bots["ptb_conversation"]]
    found = _interleaved(some, load, folder, 1)
    print(tables.latency("1,000 open conversations, 100 answers a second", bots, found), flush=True)
    return found


def _messages(bots: Bots, folder: Path, asked: argparse.Namespace) -> dict[str, float]:
    ways = {}
    for script in ("typed", "pasted"):
        load = Load(present=20, warm_up=0.1, seconds=8.0, script=script, enrolled=20)
        found = run(bots["giaoban"], load, folder)
        if found["astray"] or found["finished"] < load.enrolled:
            raise RunFailed(f"of {load.enrolled} {script} reports {found['finished']} ended, {found['astray']} astray")
        ways[script] = found["messages"] / found["finished"]
    print(tables.messages(ways), flush=True)
    return ways


def _broadcast(bots: Bots, folder: Path, asked: argparse.Namespace) -> dict[str, dict[str, Any]]:
    count = 300 if asked.quick else 5000
    found = broadcast.measure(folder, count)
    print(tables.broadcast(count, found), flush=True)
    return found


def _volume(bots: Bots, folder: Path, asked: argparse.Namespace) -> dict[int, dict[str, Any]]:
    """By units, where they have the usual number of indicators."""
    sizes = [(500, 25), (5_000, 25)] if asked.quick else [(500, 25), (2_124, 60), (5_000, 25), (20_000, 25)]
    by_units = {}
    for count, indicators in [*sizes, *([(200_000, 25)] if asked.country else [])]:
        with tempfile.TemporaryDirectory(dir=folder) as name:
            found = volume.measure(Path(name), count, 3 if asked.quick else 7, indicators)
        print(tables.volume(count, indicators, found), flush=True)
        if indicators == province.INDICATORS and count <= MOST_UNITS:
            by_units[count] = found
    return by_units


def _memory(bots: Bots, folder: Path, asked: argparse.Namespace) -> dict[str, Any]:
    count = 2_000 if asked.quick else MOST_UNITS
    with tempfile.TemporaryDirectory(dir=folder) as name:
        made = memory.measure(Path(name), count)
    print(tables.memory(count, made), flush=True)
    return {"units": count, "made": made}


def _review(bots: Bots, folder: Path, asked: argparse.Namespace) -> dict[str, float]:
    with tempfile.TemporaryDirectory(dir=folder) as name:
        found = review.measure(Path(name), 2_000, 3 if asked.quick else 7)
    print(tables.review(found), flush=True)
    return found


def _pack(bots: Bots, folder: Path, asked: argparse.Namespace) -> None:
    for area in ["province"] if asked.quick else ["cluster:C1", "province"]:
        with tempfile.TemporaryDirectory(dir=folder) as name:
            load = Load(rate=50.0, seconds=8.0 if asked.quick else 15.0)
            found = pack.measure(bots["giaoban"], Path(name), load, area, 1 if asked.quick else 5)
        print(tables.pack(found, area), flush=True)


def _reading(bots: Bots, folder: Path, asked: argparse.Namespace) -> reading.Times:
    found = reading.measure(1 if asked.quick else 5)
    print(tables.reading(found), flush=True)
    return found


_SECTIONS = {
    "throughput": _throughput,
    "sharing": _sharing,
    "distance": _distance,
    "latency": _latency,
    "phone": _phone,
    "backup": _backup,
    "silence": _silence,
    "messages": _messages,
    "broadcast": _broadcast,
    "volume": _volume,
    "memory": _memory,
    "review": _review,
    "pack": _pack,
    "reading": _reading,
}


def _machine(folder: Path) -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    where = next((line.split()[2] for line in _mounts() if str(folder.resolve()).startswith(line.split()[1])), "?")
    load = ", ".join(f"{part:.1f}" for part in os.getloadavg())
    return (
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC; {os.cpu_count()} processors, {memory:.0f} GB, {where},"
        f" {platform.system()} {platform.release()}, Python {platform.python_version()},"
        f" SQLite {sqlite3.sqlite_version}; load before: {load}\n"
    )


def _mounts() -> list[str]:
    return sorted(Path("/proc/mounts").read_text().splitlines(), key=lambda line: -len(line.split()[1]))


def _progress(line: str) -> None:
    print(f"  {line}", file=sys.stderr, flush=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="short runs, once each: some minutes")
    parser.add_argument("--country", action="store_true", help="also the country's 200,000 units (some minutes, 3 GB)")
    parser.add_argument("--only", action="append", choices=_SECTIONS, help="only this section; may be repeated")
    parser.add_argument("--folder", type=Path, default=ROOT / ".bench", help="on the disk that is to be measured")
    return parser.parse_args()


if __name__ == "__main__":
    main()
