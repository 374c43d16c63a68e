"""A program: which pack is wanted as JSON on standard input, its files in base64 as JSON on standard output."""

import asyncio
import base64
import json
import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.pack.gathering import gathered
from bot.pack.making import pack_files
from bot.pack.office_files import entry_order, office_template
from bot.resources import load_catalogue
from handlers.wording.speech import Wording
from storage.engine.open import open_database
from storage.periods import rounds


async def made(asked: Mapping[str, Any]) -> dict[str, Any]:
    """version, as_of, shown, part (cluster id, unit id), faults, said (words by picture), files (base64 by name)."""
    paths = {name: Path(asked[name]) if asked[name] else None for name in ("catalogue", "template", "order")}
    catalogue = load_catalogue(paths["catalogue"])
    order = entry_order(paths["order"], catalogue)
    db = await open_database(asked["url"])
    try:
        round_ = await rounds.round_by_code(db, asked["period"])
        assert round_ is not None, asked["period"]
        pack = await gathered(db, catalogue, round_, asked["area"], datetime.fromisoformat(asked["now"]), order)
    finally:
        await db.close()
    found = pack_files(Wording.vietnamese(), pack, office_template(paths["template"]))
    return {
        "version": pack.version,
        "as_of": pack.as_of,
        "shown": pack.shown,
        "part": [pack.area.part.cluster_id, pack.area.part.unit_id],
        "faults": found.faults,
        "said": found.said,
        "files": {name: base64.b64encode(content).decode() for name, content in found.files.items()},
    }


def _give_way() -> None:
    """Replies come first: where Linux can, this runs, reads and writes only while nobody else wants to."""
    os.nice(19)
    if hasattr(os, "SCHED_IDLE"):
        with suppress(PermissionError):  # some sandboxes refuse it
            os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))  # the disk's idle class comes with it


if __name__ == "__main__":
    _give_way()
    json.dump(asyncio.run(made(json.load(sys.stdin))), sys.stdout)  # piece by piece, never whole as one text
