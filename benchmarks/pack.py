"""Time to the reply before and while meeting packs are made one after the other, in processes as the bot's."""

import json
import sqlite3
import sys
import threading
import time
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks import province
from benchmarks.contestants import Contestant
from benchmarks.runs import Load, largest, run

COMMUNES, BRANCHES = 124, 2_000  # a large province, and how many branches a commune has
_ABOVE = 20_000_000  # communes' ids


@dataclass(slots=True)
class Found:
    """before, meanwhile: what the crowd saw; packs: seconds each took; largest: MB of the process that makes one."""

    before: dict[str, Any]
    meanwhile: dict[str, Any]
    packs: list[float] = field(default_factory=list)
    largest: float = 0.0


def measure(bot: Contestant, folder: Path, seconds: float, area: str) -> Found:
    """The same load twice, the second time beside packs of the area of a large province."""
    source = folder / "packed.db"
    province.make(source, BRANCHES, figures=province.INDICATORS, now=province.moment())
    communes(source, BRANCHES)
    load = Load(rate=50.0, seconds=seconds)
    found = Found(run(bot, load, folder), {})
    over = threading.Event()

    def work() -> None:
        while not over.is_set():
            began = time.monotonic()
            found.largest = max(found.largest, make(source, area))
            found.packs.append(time.monotonic() - began)

    maker = threading.Thread(target=work)
    maker.start()
    try:
        found.meanwhile = run(bot, load, folder)
    finally:
        over.set()
        maker.join()
    return found


def communes(source: Path, branches: int) -> None:
    """Puts the branches under communes, each in the cluster of its first branch."""
    with closing(sqlite3.connect(source)) as connection, connection:
        for number in range(COMMUNES * branches // BRANCHES):
            first, last = number * BRANCHES // COMMUNES + 1, (number + 1) * BRANCHES // COMMUNES
            commune = _ABOVE + number
            connection.execute(
                "insert into unit (id, code, name, level, parent_id, valid_from_on)"
                " select ?, ?, ?, 'doan_co_so', parent_id, valid_from_on from unit where id = ?",
                (commune, f"DX{number}", f"Đoàn xã số {number}", first),
            )
            connection.execute(
                "insert into cluster_member (cluster_id, unit_id, valid_from_on)"
                " select cluster_id, ?, valid_from_on from cluster_member where unit_id = ?", (commune, first),
            )  # fmt: skip
            connection.execute("update unit set parent_id = ? where id between ? and ?", (commune, first, last))


def make(source: Path, area: str) -> float:
    """Makes one pack; returns the MB its process took."""
    asked = {
        "url": f"sqlite:///{source}", "catalogue": "", "template": "", "order": "",
        "period": province.periods_of(province.moment())[-1].code, "area": area, "now": province.moment().isoformat(),
    }  # fmt: skip
    return largest([sys.executable, "-m", "bot.pack.process"], json.dumps(asked))
