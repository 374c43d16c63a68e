"""What a message keeps of a pack's file in, the file out: the pack is made once, in a process of its own, and kept."""

import asyncio
import base64
import json
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import structlog

from bot.child_process import output_of
from bot.pack.gathering import KIND
from bot.settings import Settings
from handlers.leaders.pack_desk import SAID, TEXT
from handlers.messages import File
from reporting.organisation.part import Part
from storage.database import Conflict, Database
from storage.periods import rounds
from storage.reports import packs, versions
from storage.reports.packs import PackRow

log = structlog.get_logger()

PATIENCE = 100.0  # seconds, with the wait for one's turn; below the lease of the message that waits


class PackMaker:
    """Makes one pack at a time; whoever asks for another file of it, or for the same again, gets what is kept."""

    def __init__(self, db: Database, settings: Settings) -> None:
        self._db = db
        self._settings = settings
        self._turn = asyncio.Semaphore(1)
        self._failed: set[int] = set()

    async def __call__(self, kept: Mapping[str, Any]) -> File:
        """The file, with what it says: a picture what it shows, the short text itself, which is no file in a chat.

        kept: {"pack": id, "name"}. A picture the pack does not have is without content and words, one that could not be
        drawn has words only. Raises RuntimeError, TimeoutError, LookupError.
        """
        pack_id, name = kept["pack"], kept["name"]
        try:
            async with asyncio.timeout(PATIENCE), self._turn:
                row = await packs.by_id(self._db, pack_id)
                if row is not None and row.made_at is None and pack_id not in self._failed:
                    await self._make(row)
        except (RuntimeError, TimeoutError):
            self._failed.add(pack_id)  # the messages behind this one do not try it again
            raise
        row = await packs.by_id(self._db, pack_id)
        sent_as = name if row is None else row.sent_as(name)
        found = await packs.file(self._db, pack_id, name)
        said = await packs.file(self._db, pack_id, SAID.format(name))
        picture, words = bool(kept.get("picture")), (said or b"").decode() or kept.get("words", "")
        if found is None and kept.get("maybe"):
            return File(sent_as, b"")
        if found is None and not picture:
            raise LookupError(f"pack {pack_id} has no file {name}, or its files are forgotten")
        if name == TEXT:
            return File(sent_as, b"", words=(found or b"").decode())
        if found is None and words:
            words = f"{words}\n{kept['undrawn']}"
        return File(sent_as, found or b"", picture, words=words)

    async def _make(self, row: PackRow) -> None:
        round_ = await rounds.round_by_code(self._db, row.period)
        assert round_ is not None, row.period
        made = await _made_apart({
            "url": self._settings.giaoban_database_url,
            "catalogue": _path(self._settings.giaoban_catalogue),
            "template": _path(self._settings.giaoban_pack_template),
            "order": _path(self._settings.giaoban_entry_order),
            "period": row.period,
            "area": row.area,
            "now": row.asked_at.isoformat(),
        })  # fmt: skip
        files = {name: base64.b64decode(content) for name, content in made["files"].items()}
        files |= {SAID.format(name): words.encode() for name, words in made["said"].items()}
        by = (None, row.asked_at)
        handed = versions.hand_out((row.id, KIND), round_.id, Part(*made["part"]), made["as_of"], by, made["shown"])
        with suppress(Conflict):  # another process has made it meanwhile, and that one counts
            await self._db.write([*packs.keep(row.id, made["version"], files, row.asked_at), handed])
        for fault in made["faults"]:
            log.warning("the office's template of the pack is not sound, the built-in one was used", fault=fault)


def _path(path: Any) -> str:
    return "" if path is None else str(path)


async def _made_apart(asked: Mapping[str, Any]) -> dict[str, Any]:
    """What bot/pack/process.py prints. The database's address goes in on standard input: it may hold a password."""
    found: dict[str, Any] = json.loads(await output_of("bot.pack.process", json.dumps(dict(asked)).encode()))
    return found
