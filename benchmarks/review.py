"""A queue of reports in one file: how long a reviewer of the whole province waits for it, and to accept it."""

import asyncio
import statistics
import time
from pathlib import Path
from random import Random

from benchmarks import province
from bot.resources import load_catalogue
from handlers.messages import Incoming
from handlers.review.queue import Queues
from handlers.review.words import ReviewWords
from handlers.turn import Turn
from handlers.wording.speech import Wording
from reporting.time.calendar import local_day
from storage.engine.open import open_database
from storage.messages.conversations import Standing
from storage.people.people import Role
from storage.periods import rounds
from storage.review import findings, waiting

FILED = 0.7  # of the units of benchmarks/province.py
ODD = 0.1  # of the reports, in which something stands out


def measure(folder: Path, reports: int, repetitions: int) -> dict[str, float]:
    """Milliseconds of the queue as it is shown, and of accepting all in which nothing stands out; how many they are."""
    path = folder / f"review-{reports}.db"
    province.make(path, round(reports / FILED), figures=province.INDICATORS, now=province.moment())
    return asyncio.run(_measured(path, repetitions))


async def _measured(path: Path, repetitions: int) -> dict[str, float]:
    db = await open_database(f"sqlite:///{path}", exclusive=True)
    try:
        now, catalogue, wording = province.moment(), load_catalogue(None), Wording.vietnamese()
        turn = Turn(
            Incoming("local", "local", "m", "office", "private", "office", "office", "text", now),
            Standing(1, "", "given", False, {}, 0), [Role("office", "", None, "", "", None, None)], (), now, wording,
        )  # fmt: skip
        round_ = (await rounds.open_rounds(db))[0]
        for report in await waiting.reports(db, round_.id, 0, local_day(now)):
            if Random(report.unit_id).random() < ODD:
                rows = await db.read("select min(indicator) from value where unit_id = ?", (report.unit_id,))
                await db.write(findings.renew(round_.id, report.unit_id, [(rows[0][0], "high")]))
        queues, words = Queues(db, catalogue), ReviewWords(catalogue, wording)
        took = []
        for _ in range(repetitions + 1):
            begun = time.perf_counter()
            queue = await queues.of(turn, round_)
            words.queue(round_, queue.waiting, queue.found, queue.own)
            took.append((time.perf_counter() - begun) * 1000)
        begun = time.perf_counter()
        await db.write(waiting.judged(round_.id, queue.plain, "accept", 1, now))
        accepted = (time.perf_counter() - begun) * 1000
        return {
            "reports": len(queue.waiting), "odd": len(queue.found),
            "queue": statistics.median(took[1:]), "accept": accepted,
        }  # fmt: skip
    finally:
        await db.close()
