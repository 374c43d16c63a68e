"""Roles and a period in, the packs somebody may have and their files out; one is made in a process of its own."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog

from handlers import permissions
from handlers.leaders.pack_desk import ANNEX, PROGRAMME, REPORT, SAID, TEXT
from handlers.turn import fresh_id
from handlers.wording.speech import Wording
from reporting.time.calendar import dated_moment
from storage.database import Database
from storage.organisation.units import Cluster
from storage.people.people import Role
from storage.periods.rounds import Round
from storage.reports import packs
from storage.reports.packs import PackRow

log = structlog.get_logger()

PATIENCE = 6.0  # seconds that a page waits for a pack; after them it looks again by itself
PICTURE = ".png"
HANDED = (REPORT, ANNEX, TEXT, PROGRAMME)


@dataclass(frozen=True, slots=True)
class ShelvedPack:
    """One pack: its area's name, of which moment it is, and once it is made its version and the files that are kept.

    pictures: each with the sentence that says what it shows.
    """

    id: int
    area: str
    row: PackRow
    as_of: str
    files: Sequence[str] = ()
    pictures: Sequence[tuple[str, str]] = ()


class PackShelf:
    """Knows who may have which pack, and has them made. make: as a message's file is made (bot/pack/maker.py)."""

    def __init__(self, db: Database, wording: Wording, make: Callable[[Mapping[str, Any]], Awaitable[Any]]) -> None:
        self._db = db
        self._wording = wording
        self._make = make
        self._making: dict[int, asyncio.Task[Any]] = {}

    def areas(self, roles: Sequence[Role], clusters: Sequence[Cluster]) -> dict[str, str]:
        """The areas of which these roles get a pack: what each is kept by, and its name."""
        if not permissions.may("pack", roles):
            return {}
        reached = permissions.clusters("pack", roles)
        found = {"province": self._wording.say("figures.whole")} if reached is None else {}
        return found | {f"cluster:{one.code}": one.name for one in clusters if reached is None or one.id in reached}

    async def latest(self, round_: Round, areas: Mapping[str, str]) -> list[ShelvedPack]:
        """The packs that can be had at once."""
        rows = await packs.made(self._db, round_.id, list(areas))
        return [await self._shelved(row, areas) for row in rows]

    async def ask(self, round_: Round, area: str, now: datetime) -> int:
        """A new pack of that area; its id."""
        pack_id = fresh_id()
        await self._db.write([packs.ask(pack_id, round_.id, area, now)])
        return pack_id

    async def have(self, pack_id: int, areas: Mapping[str, str]) -> ShelvedPack | None:
        """The pack, made by now or not; None for one of another area. Raises what making it raises."""
        row = await packs.by_id(self._db, pack_id)
        if row is None or row.area not in areas:
            return None
        if row.made_at is None:
            await self._wait(pack_id)
            row = await packs.by_id(self._db, pack_id) or row
        return await self._shelved(row, areas)

    async def file(self, pack_id: int, name: str, areas: Mapping[str, str]) -> tuple[str, bytes] | None:
        """A file of a pack of these areas, with what it is called outside; None where there is none."""
        row = await packs.by_id(self._db, pack_id)
        if row is None or row.area not in areas or not (name in HANDED or name.endswith(PICTURE)):
            return None
        content = await packs.file(self._db, pack_id, name)
        return None if content is None else (row.sent_as(name), content)

    async def _shelved(self, row: PackRow, areas: Mapping[str, str]) -> ShelvedPack:
        kept = await packs.names(self._db, row.id)
        pictures = [
            (name, (await packs.file(self._db, row.id, SAID.format(name)) or b"").decode())
            for name in kept
            if name.endswith(PICTURE)
        ]
        files = [name for name in HANDED if name in kept]
        return ShelvedPack(row.id, areas[row.area], row, dated_moment(row.asked_at), files, pictures)

    async def _wait(self, pack_id: int) -> None:
        """Has it made, once, and waits a little for it; it goes on being made while nobody waits."""
        task = self._making.get(pack_id)
        if task is None:
            task = asyncio.ensure_future(self._make({"pack": pack_id, "name": REPORT}))
            task.add_done_callback(lambda ended: ended.cancelled() or ended.exception())  # told to who looks again
            self._making[pack_id] = task
        done, _ = await asyncio.wait({task}, timeout=PATIENCE)
        if done:
            del self._making[pack_id]
            task.result()
