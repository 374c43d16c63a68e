"""The tables that are printed, in Markdown, medians of the repetitions with their range."""

import statistics
from collections.abc import Mapping
from typing import Any

from benchmarks import pack as pack_runs
from benchmarks.contestants import Contestant
from benchmarks.goals import median, ratio
from benchmarks.reading import LONG, SHORT, Times

Runs = Mapping[str, list[dict[str, Any]]]
QUESTIONS = {
    "cluster": "summary of a cluster of 28",
    "province": "summary of the whole",
    "compared": "the whole in three quarters, beside each other",
    "not_filed": "who has not filed, all clusters",
    "reminders": "plan and queue the reminders",
}


def speed(title: str, bots: Mapping[str, Contestant], found: Runs) -> str:
    """Rates, and the first bot's as multiples of the others'."""
    lines = [
        f"## {title}\n",
        "| bot | answers/s | range | CPU ms for one | the first is | p50 ms | p99 ms |",
        "|---|---|---|---|---|---|---|",
    ]
    own = next(iter(found))
    for name, runs in found.items():
        rates = [run["per_second"] for run in runs]
        lines.append(
            f"| {bots[name].label} | {statistics.median(rates):.0f} | {min(rates):.0f}–{max(rates):.0f} |"
            f" {median(runs, 'cpu_ms'):.2f} | {ratio(found, own, name, 'per_second'):.2f} × |"
            f" {median(runs, 'p50_ms'):.0f} | {median(runs, 'p99_ms'):.0f} |"
        )
    return "\n".join([*lines, ""])


def latency(title: str, bots: Mapping[str, Contestant], found: Runs) -> str:
    """Waiting times, and the longest time in which the bot called nothing although somebody waited."""
    lines = [
        f"## {title}\n",
        "| bot | answers/s | CPU ms for one | open | p50 ms | p99 ms | p99 range | longest silence ms |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for name, runs in found.items():
        tails = [run["p99_ms"] for run in runs]
        lines.append(
            f"| {bots[name].label} | {median(runs, 'per_second'):.0f} | {median(runs, 'cpu_ms'):.2f} |"
            f" {median(runs, 'open'):.0f} |"
            f" {median(runs, 'p50_ms'):.1f} | {statistics.median(tails):.1f} |"
            f" {min(tails):.1f}–{max(tails):.1f} | {median(runs, 'silence_ms'):.0f} |"
        )
    return "\n".join([*lines, ""])


def broadcast(count: int, found: Mapping[str, Mapping[str, Any]]) -> str:
    """What the pace allows beside what the bot takes."""
    lines = [
        f"## {count:,} reminders at the usual pace\n",
        "| database | seconds | the pace allows | times that | most in one second |",
        "|---|---|---|---|---|",
    ]
    for engine, run in found.items():
        lines.append(
            f"| {engine} | {run['seconds']:.1f} | {run['allowed']:.1f} | {run['seconds'] / run['allowed']:.3f} |"
            f" {run['most_in_a_second']} |"
        )
    return "\n".join([*lines, ""])


def start(bots: Mapping[str, Contestant], found: Runs) -> str:
    """From the start of the process to its first getUpdates, and resident memory."""
    lines = [
        "## Start and memory\n",
        "| bot | s to the first getUpdates | MB then | MB after the load |",
        "|---|---|---|---|",
    ]
    for name, runs in found.items():
        seconds, idle, loaded = (median(runs, key) for key in ("start_s", "idle_mb", "loaded_mb"))
        lines.append(f"| {bots[name].label} | {seconds:.2f} | {idle:.0f} | {loaded:.0f} |")
    return "\n".join([*lines, ""])


def pack(found: pack_runs.Found, area: str) -> str:
    """Replies before and while packs are made."""
    rows = [
        f"| {name} | {median(runs, 'per_second'):.0f} | {median(runs, 'p50_ms'):.1f} | {median(runs, 'p99_ms'):.1f} |"
        for name, runs in (("before", found.before), ("while packs are made", found.meanwhile))
    ]
    return "\n".join([
        f"## Replies at 50 answers a second beside packs of {area}, of {pack_runs.COMMUNES} communes,"
        f" {pack_runs.BRANCHES:,} branches\n",
        "| | answers/s | p50 ms | p99 ms |", "|---|---|---|---|", *rows, "",
        f"p99 {found.ratio:.2f} times as long, median of {len(found.before)} pairs;"
        f" {len(found.packs)} packs, {statistics.median(found.packs):.1f} s each, {found.largest:.0f} MB\n",
    ])  # fmt: skip


def review(found: Mapping[str, float]) -> str:
    """A reviewer's queue."""
    return (
        f"## A queue of {found['reports']:,.0f} reports, {found['odd']:,.0f} of which hold what stands out\n\n"
        f"shown in {found['queue']:.0f} ms, the others accepted together in {found['accept']:.0f} ms\n"
    )


def volume(count: int, indicators: int, found: Mapping[str, Any]) -> str:
    """One province's questions."""
    lines = [
        f"## {count:,} units × {indicators} indicators × 3 quarters"
        f" ({found['megabytes']:.0f} MB, made in {found['seconds to make']:.0f} s)\n",
        "| question | SQLite ms | DuckDB ms | SQLite / DuckDB | whole answer ms |",
        "|---|---|---|---|---|",
    ]
    for name, label in QUESTIONS.items():
        row = found[name]
        query = row.get("query", row["whole"])
        queued = f" ({row['queued']:,})" if "queued" in row else ""
        lines.append(
            f"| {label}{queued} | {query:.2f} | {row['duckdb']:.2f} | {query / row['duckdb']:.2f} |"
            f" {row['whole']:.1f} |"
        )
    return "\n".join([*lines, ""])


def memory(count: int, found: Mapping[str, tuple[float, float]]) -> str:
    """What the office makes of one province."""
    lines = [f"## Made of {count:,} branches and their communes\n", "| what | s | largest MB |", "|---|---|---|"]
    lines += [f"| {name} | {seconds:.1f} | {megabytes:.0f} |" for name, (seconds, megabytes) in found.items()]
    return "\n".join([*lines, ""])


def messages(found: Mapping[str, float]) -> str:
    """What the bot sends for one report."""
    lines = ["## Messages the bot sends for one complete report\n", "| the branch's way | messages |", "|---|---|"]
    return "\n".join([*lines, *(f"| {way} | {count:.1f} |" for way, count in found.items()), ""])


def reading(found: Times) -> str:
    """What a text costs."""
    return "\n".join([
        "## Reading a text, milliseconds of the processor\n", "| text | ms |", "|---|---|",
        f"| {LONG:,} characters of different messages, median | {found.long:.1f} |",
        f"| {2 * LONG:,} characters, median | {found.twice:.1f} |",
        f"| a reply of up to {SHORT} characters, 99 of 100 | {found.reply:.2f} |", "",
    ])  # fmt: skip
