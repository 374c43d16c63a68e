"""What the sections found in, the table of goals out: what was reached, met or missed, one row for each goal.

A row is read from the figures of its section, so that a section that did not run leaves its rows out. Ratios are
medians of the ratios of each repetition.
"""

import statistics
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.contestants import ROOT

COSTS = ROOT / "docs" / "huong-dan" / "chi-phi.md"
FLAT = 1.5  # times, from the smallest province to the largest: a cluster's summary does not grow with the others
LINEAR = 1.25  # times the milliseconds of one reminder

Found = Mapping[str, Any]  # by section: by bot the runs, by units the times, by what is made seconds and MB
Reached = tuple[str, bool]  # the figure, and whether it is good enough


@dataclass(frozen=True, slots=True)
class Goal:
    """One row. section: whose figures `reached` reads; before: those of commit 70918cd, from its own run."""

    section: str
    what: str
    before: str
    goal: str
    reached: Callable[[Any], Reached]


def table(found: Found) -> str:
    """The rows of all sections that ran; nothing where no goal is read from them."""
    rows = []
    for goal in GOALS:
        if goal.section in found:
            figure, good = goal.reached(found[goal.section])
            rows.append(f"| {goal.what} | {goal.before} | {figure} | {goal.goal} | {'met' if good else '**missed**'} |")
    return "\n".join(
        ["## Goals\n", "| what | 70918cd | now | goal | |", "|---|---|---|---|---|", *rows, ""] if rows else []
    )


def ratio(runs: Found, one: str, other: str, key: str) -> float:
    """The median of the ratios of each repetition."""
    pairs = zip(runs[one], runs[other], strict=True)
    return statistics.median(a[key] / max(b[key], 0.01) for a, b in pairs)


def median(runs: list[dict[str, Any]], key: str) -> float:
    """The median of one figure over the repetitions."""
    return float(statistics.median(run[key] for run in runs))


def _faster(other: str, least: float, one: str = "giaoban") -> Callable[[Found], Reached]:
    def reached(runs: Found) -> Reached:
        times = ratio(runs, one, other, "per_second")
        rates = " to ".join(f"{median(runs[bot], 'per_second'):.0f}" for bot in (one, other))
        costs = " to ".join(f"{median(runs[bot], 'cpu_ms'):.1f}" for bot in (one, other))
        return f"{times:.2f} × ({rates} a second, {costs} ms of processor)", times >= least

    return reached


def _tail(runs: Found) -> Reached:
    times = ratio(runs, "giaoban", "ptb_echo", "p99_ms")
    own, echo = (median(runs[bot], "p99_ms") for bot in ("giaoban", "ptb_echo"))
    return f"{times:.2f} × ({own:.1f} to {echo:.1f} ms)", times <= 1


def _processor(runs: Found) -> Reached:
    own, echo = (median(runs[bot], "cpu_ms") for bot in ("giaoban", "ptb_echo"))
    return f"{own:.1f} ms (echo {echo:.1f})", own <= 3


def _start(runs: Found) -> Reached:
    seconds = median(runs["giaoban"], "start_s")
    return f"{seconds:.2f} s (echo {median(runs['ptb_echo'], 'start_s'):.2f})", seconds <= 0.7


def _resident(runs: Found) -> Reached:
    idle, loaded = (median(runs["giaoban"], key) for key in ("idle_mb", "loaded_mb"))
    return f"{idle:.0f} / {loaded:.0f} MB", idle <= 70 and loaded <= 80


def _largest(made: Found) -> Reached:
    """Of one size of province, by what is made."""
    figures = ", ".join(f"{name} {megabytes:.0f}" for name, (_, megabytes) in made["made"].items())
    good = all(megabytes <= 150 for _, megabytes in made["made"].values())
    return f"{figures} MB at {made['units']:,} units", good


def _totals(sizes: Found) -> Reached:
    large = {units: found["province"] for units, found in sizes.items() if units >= 5_000}
    times = {units: row["query"] / row["duckdb"] for units, row in large.items()}
    return _by_units(times, "×"), max(times.values()) <= 2


def _cluster(sizes: Found) -> Reached:
    whole = {units: found["cluster"]["whole"] for units, found in sizes.items()}
    return _by_units(whole, "ms"), whole[max(whole)] <= FLAT * whole[min(whole)]


def _reminders(sizes: Found) -> Reached:
    rows = {units: found["reminders"] for units, found in sizes.items()}
    each = {units: row["whole"] / max(row["queued"], 1) for units, row in rows.items()}
    largest = rows[max(rows)]
    told = "; ".join(f"{row['queued']:,}: {row['whole']:.0f} ms" for row in rows.values())
    return told, each[max(each)] <= LINEAR * each[min(each)] and largest["whole"] <= 700


def _by_units(figures: Mapping[int, float], unit: str) -> str:
    return "; ".join(f"{units:,}: {figure:.2g} {unit}" for units, figure in figures.items())


def _phone(runs: Found) -> Reached:
    posted, fetched = (median(runs[bot], "p50_ms") for bot in ("giaoban_webhook", "giaoban"))
    return f"p50 {posted:.0f} ms by webhook, {fetched:.0f} ms by getUpdates", posted <= 250


def _messages(scripts: Mapping[str, float]) -> Reached:
    pasted, guided = scripts["pasted"], scripts["typed"]
    return f"{pasted:.1f} / {guided:.1f}", pasted <= 2 and guided <= 9


def _costs(_: object, page: Path = COSTS) -> Reached:
    return (str(page.relative_to(ROOT)), True) if page.exists() else ("none", False)


GOALS = (
    Goal("throughput", "answers/s to python-telegram-bot's echo", "2.2 ×", "≥ 3 ×", _faster("ptb_echo", 3)),
    Goal("throughput", "to aiogram with state in memory", "0.9 ×", "≥ 1.2 ×", _faster("aiogram_memory", 1.2)),
    Goal(
        "sharing", "two processes on one PostgreSQL to one", "not measured", "≥ 1.7 ×",
        _faster("giaoban_postgresql_1", 1.7, "giaoban_postgresql_2"),
    ),
    Goal("latency", "p99 at 50 answers/s to the echo's", "1.20–1.27 ×", "≤ 1 ×", _tail),
    Goal("latency", "processor for an answer at 50/s", "4.7 ms (echo 4.9)", "≤ 3 ms", _processor),
    Goal("throughput", "first getUpdates", "0.7–1.0 s", "≤ 0.7 s", _start),
    Goal("throughput", "resident memory idle / after the load", "92 / 98 MB", "≤ 70 / 80 MB", _resident),
    Goal("memory", "while Excel, pack, a year's plan are made", "Excel 1,020 MB", "≤ 150 MB", _largest),
    Goal("volume", "the province's totals to DuckDB's, by units", "5,000: 12 ×; 20,000: 17 ×", "≤ 2 ×", _totals),
    Goal("volume", "one cluster's summary, by units", "500: 1.1 ms; 20,000: 19.7 ms", f"flat (≤ {FLAT} ×)", _cluster),
    Goal("volume", "reminder minute, by reminders", "139: 26 ms; 5,783: 1,945 ms", "linear, ≤ 700 ms", _reminders),
    Goal("phone", "reply on a phone 200 ms away, 17 answers/s", "p50 316 ms", "≤ 250 ms", _phone),
    Goal("messages", "messages for a report pasted / guided", "3–13 / 10–28", "≤ 2 / ≤ 9", _messages),
    Goal("messages", "cost page", "none", "there", _costs),
)  # fmt: skip
