"""The daily copy: settings say where and when; a process of its own makes it, and a row says how it went."""

import asyncio
import os
import sys
from contextlib import suppress
from datetime import datetime, time, timedelta

import structlog

from bot.copies import shelf
from bot.health.backups import CopiesState, stored, tell
from bot.settings import Settings, child_environment
from reporting.time.calendar import VIETNAM
from storage.database import Database
from storage.engine.instants import instant, stamp
from storage.people import privacy

log = structlog.get_logger()

PAUSE = timedelta(hours=1)  # after a try that failed
_GENTLE = 10  # so much nicer than the bot
_DAY = timedelta(days=1)


class Nightly:
    """The job that has it made; it queues no messages."""

    def __init__(self, db: Database, settings: Settings) -> None:
        self._db, self._settings = db, settings
        self._making: asyncio.Task[str] | None = None
        self._failed_at: datetime | None = None
        self._trouble = ""

    async def tick(self, now: datetime) -> int:
        """Begins the copy of the day when it is time, notes who was erased since the newest, tells how copies stand."""
        folder = self._settings.giaoban_backup_dir
        if folder is None:
            return 0
        if self._making is not None and self._making.done():
            self._trouble, self._making = self._making.result(), None
            self._failed_at = now if self._trouble else None
        newest = await asyncio.to_thread(shelf.newest, folder, now)
        if self._making is None and self._is_due(newest, now):
            self._making = asyncio.create_task(self._make(str(folder)), name="backup")
        if newest is not None:
            await self._note_erased(newest)
        state = CopiesState(None if newest is None else stamp(newest), self._trouble)
        if state != await stored(self._db):
            await self._db.write([tell(state)])
        return 0

    def _is_due(self, newest: datetime | None, now: datetime) -> bool:
        if self._failed_at is not None and abs(now - self._failed_at) < PAUSE:
            return False
        return newest is None or newest < last_time(self._settings.giaoban_backup_at, now)

    async def _make(self, folder: str) -> str:
        """The reason why it failed, "" if it did not."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "backup", folder, env=child_environment(self._settings),
            stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, process.pid, _GENTLE)
        try:
            _, told = await process.communicate()
        except asyncio.CancelledError:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
            raise
        if not process.returncode:
            return ""
        reason = told.decode(errors="replace").strip().rpartition("\n")[2].removeprefix("giaoban: ")
        log.error("no backup was made", reason=reason)
        return reason or f"it ended with {process.returncode}"

    async def _note_erased(self, newest: datetime) -> None:
        """Also those erased shortly before: an older copy may be the one that is gone back to."""
        folder = self._settings.giaoban_backup_dir
        assert folder is not None
        erased = await privacy.erased_since(self._db, instant(0))
        if erased:
            with suppress(OSError):
                await asyncio.to_thread(shelf.note_erased, folder, erased)

    async def stop(self) -> None:
        """A copy that is being made is given up; what it left goes with the next one."""
        if self._making is not None:
            self._making.cancel()
            await asyncio.gather(self._making, return_exceptions=True)


def last_time(of_day: str, now: datetime) -> datetime:
    """When it was last that time of day in Vietnam."""
    local = now.astimezone(VIETNAM)
    today = datetime.combine(local.date(), time.fromisoformat(of_day), VIETNAM)
    return today if today <= local else today - _DAY
