"""A running bot's parts in, everything that is wrong with it out; nothing here sends or changes anything."""

import shutil
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from bot.channels.folder import Given
from bot.channels.open import open_channels
from bot.health import backups, certificate
from bot.health.finding import NAMES, MachineFault, clock_off, finding
from bot.health.server_clock import MOST, ServerClock
from bot.settings import Settings
from handlers.channel import Channel, NotStarted
from handlers.wording.speech import Wording
from storage.database import Database, StorageError, sqlite_path
from storage.messages.traffic import taken_in

LEAST_FREE_MB: Final = 200
_MEBIBYTE: Final = 2**20
_KEPT: Final = timedelta(minutes=1)
_SILENCE: Final = timedelta(hours=6)
_WEEK, _WEEKS, _USUAL = timedelta(days=7), 3, 3  # at least so many messages in each of so many weeks


class Examination:
    """Reads disk and database at most once a minute, however often it is asked; channels and clock each time."""

    def __init__(self, db: Database, settings: Settings, channels: Mapping[str, Channel], clock: ServerClock) -> None:
        self._db, self._settings, self._channels, self._clock = db, settings, channels, clock
        self._found: list[MachineFault] = []
        self._looked_at: datetime | None = None

    async def findings(self, now: datetime) -> list[MachineFault]:
        """What is wrong, in the order of NAMES. Raises StorageError where the database cannot be read."""
        if self._looked_at is None or abs(now - self._looked_at) > _KEPT:
            self._found = [
                *disk(self._settings),
                *(backups.judged(await backups.stored(self._db), now) if self._settings.giaoban_backup_dir else []),
                *await self._silences(now),
                *(await certificate.judged(self._db, now) if self._settings.giaoban_public_url else []),
            ]
            self._looked_at = now
        return sorted([*self._held_up(), *self._skew(), *self._found], key=lambda one: NAMES.index(one.name))

    def _held_up(self) -> list[MachineFault]:
        return [
            finding("channel", channel=name, called=channel.title, reason=trouble)
            for name, channel in self._channels.items()
            if (trouble := channel.health())
        ]

    async def _silences(self, now: datetime) -> list[MachineFault]:
        found = []
        for name, channel in self._channels.items():
            if not channel.server or await taken_in(self._db, name, now - _SILENCE, now):
                continue
            usual = [
                await taken_in(self._db, name, now - week * _WEEK - _SILENCE, now - week * _WEEK)
                for week in range(1, _WEEKS + 1)
            ]
            if min(usual) >= _USUAL:
                hours = _SILENCE // timedelta(hours=1)
                found.append(finding("silence", channel=name, called=channel.title, hours=hours))
        return found

    def clock_is_off(self) -> bool:
        """Whether this clock differs from the servers' by more than a request can take."""
        return abs(self._clock.off()) > MOST

    async def clock_misleads(self) -> bool:
        """Whether nothing is to be said by this clock; before it is thought so, the servers are asked once more."""
        servers = [name for name, channel in self._channels.items() if channel.server]
        if not servers or not self._clock.misleads():
            return False
        # Apart from the channels that run: those would drop their connections where one does not answer.
        for channel in open_channels(
            self._settings, Given(self._clock.now, server_date=self._clock.hear), servers
        ).values():
            try:
                with suppress(NotStarted):
                    await channel.check()
            finally:
                await channel.stop()
        return self._clock.misleads()

    def _skew(self) -> list[MachineFault]:
        return [clock_off(self._clock.off())] if self.clock_is_off() else []

    async def told(self, now: datetime) -> list[str]:
        """A line for each thing that is wrong, for the office."""
        try:
            found = await self.findings(now)
        except StorageError:
            return []  # whoever cannot read can tell nobody
        say = Wording.vietnamese().say
        return [say("health.line", what=one.what, to_do=one.to_do) for one in found]


def free_bytes(settings: Settings) -> int:
    """Free space where the database is; of PostgreSQL where this process works."""
    path = sqlite_path(settings.giaoban_database_url)
    folder = Path(path).parent if path is not None else Path()
    return shutil.disk_usage(folder if folder.exists() else Path()).free


def disk(settings: Settings) -> list[MachineFault]:
    """Whether there is too little space left."""
    free = free_bytes(settings) // _MEBIBYTE
    return [finding("disk", free=free)] if free < LEAST_FREE_MB else []
