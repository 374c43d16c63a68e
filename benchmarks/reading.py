"""Labelled messages in, out how long they take to be read: long texts of different messages, and short replies."""

import json
import random
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.contestants import ROOT
from bot.resources import load_catalogue
from reporting.reading.reader import read

LONG, SHORT = 5000, 120  # characters
ASKED = ("don_ve_sinh", "luot_don_ve_sinh", "cay_xanh", "km_thap_sang")


@dataclass(frozen=True, slots=True)
class Times:
    """Milliseconds of the processor: medians of LONG and of twice as many characters, the 99th of 100 short replies."""

    long: float
    twice: float
    reply: float


def measure(rounds: int) -> Times:
    """Reads the labelled messages, shuffled and joined, and the short ones as replies to an open question."""
    catalogue = load_catalogue(None)
    asked = [catalogue[code] for code in ASKED]
    texts = _messages()
    short = [text for text in texts if len(text) <= SHORT]
    long, twice = _joined(texts, LONG), _joined(texts, 2 * LONG)
    for text in long:
        read(text, catalogue, "doan_co_so")  # once, so that nothing is measured that is only compiled
    replies = _times(lambda text: read(text, catalogue, "chi_doan", asked), short, rounds)
    return Times(
        statistics.median(_times(lambda text: read(text, catalogue, "doan_co_so"), long, rounds)),
        statistics.median(_times(lambda text: read(text, catalogue, "doan_co_so"), twice, rounds)),
        statistics.quantiles(replies, n=100)[98],
    )


def _messages() -> list[str]:
    files = sorted((ROOT / "tests" / "reading").glob("*.jsonl"))
    texts = [json.loads(line)["text"] for file in files for line in file.read_text("utf-8").splitlines()]
    random.Random(5).shuffle(texts)
    return texts


def _joined(texts: list[str], size: int) -> list[str]:
    """Texts of that many characters, each of other messages."""
    whole = "\n".join(texts)
    return [whole[at : at + size] for at in range(0, len(whole) - size, size)]


def _times(reading: Callable[[str], object], texts: list[str], rounds: int) -> list[float]:
    found = []
    for text in texts * rounds:
        begun = time.process_time()
        reading(text)
        found.append((time.process_time() - begun) * 1000)
    return found
