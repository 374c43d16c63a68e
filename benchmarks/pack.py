"""Time to the reply before and while meeting packs are made one after the other, in processes as the bot's."""

import json
import shutil
import sqlite3
import statistics
import sys
import threading
import time
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from benchmarks import province
from benchmarks.contestants import Contestant
from benchmarks.runs import Load, largest, run
from storage.reports import running

COMMUNES, BRANCHES = 124, 2_000  # a large province, and how many branches a commune has
WRITING = 1_000  # of them, those who have not filed yet
_ABOVE = 20_000_000  # communes' ids


@dataclass(slots=True)
class Found:
    """before, meanwhile: what the crowd saw, in pairs; packs: seconds each took; largest: MB of what makes one."""

    before: list[dict[str, Any]] = field(default_factory=list)
    meanwhile: list[dict[str, Any]] = field(default_factory=list)
    packs: list[float] = field(default_factory=list)
    largest: float = 0.0

    @property
    def ratio(self) -> float:
        """How many times longer the slowest hundredth waits beside packs: the median over the pairs."""
        pairs = zip(self.before, self.meanwhile, strict=True)
        return statistics.median(during["p99_ms"] / before["p99_ms"] for before, during in pairs)


def measure(bot: Contestant, folder: Path, load: Load, area: str, pairs: int) -> Found:
    """The same load twice a pair, the second time beside packs of the area, from the database the bot writes to."""
    source = folder / "packed.db"
    province.make(source, BRANCHES, figures=province.INDICATORS, now=province.moment())
    communes(source, BRANCHES)
    _unfiled(source)
    found, load = Found(), load.enrolling(WRITING)
    for number in range(pairs):
        found.before.append(run(_on(bot, source, folder / f"before-{number}.db"), load, folder))
        copy, over = folder / f"during-{number}.db", threading.Event()
        beside = _on(bot, source, copy)
        maker = threading.Thread(target=_make_packs, args=(found, copy, area, over))
        maker.start()
        try:
            found.meanwhile.append(run(beside, load, folder))
        finally:
            over.set()
            maker.join()
    return found


def _make_packs(found: Found, source: Path, area: str, over: threading.Event) -> None:
    while not over.is_set():
        began = time.monotonic()
        found.largest = max(found.largest, make(source, area))
        found.packs.append(time.monotonic() - began)


def _on(bot: Contestant, source: Path, copy: Path) -> Contestant:
    """The bot on a copy of that database, which stays when it ends."""
    shutil.copyfile(source, copy)
    return replace(
        bot,
        environment=lambda url, own: {**bot.environment(url, own), "GIAOBAN_DATABASE_URL": f"sqlite:///{copy}"},
        lay_ready=lambda own: None,
    )


def _unfiled(source: Path) -> None:
    """Takes back the open period's reports of those who write while packs are made."""
    open_one = "where unit_id <= ? and period_id = (select max(id) from period)"
    with closing(sqlite3.connect(source)) as connection, connection:
        for table in ("value", "submission"):
            connection.execute(f"delete from {table} {open_one}", (WRITING,))
        for statement in running.recount():
            connection.execute(*statement[:2])


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
