"""The demo put together: its province in a file of its own, the chat page, and a clock that is moved."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from bot.app import App
from bot.channels.local.channel import Local
from bot.channels.local.chat_page import ChatPage, Face, Stop
from bot.channels.local_zalo.channel import LocalZalo
from bot.chosen_database import demo_file
from bot.clock import MovableClock
from bot.demo.province import load
from bot.failures import failed
from bot.settings import Settings
from reporting.time.calendar import at, local_day
from reporting.time.rules import Rules
from storage.database import AlreadyRun
from storage.engine.migrate import migrate, schema_state
from storage.engine.open import open_database
from storage.messages import local_chat
from storage.organisation import units
from storage.people import preferences

# The round the demo is modelled on: four clusters meet from 12 to 14 April, ten to twelve days after this.
FIRST_DAY = date(2026, 4, 2)
FIRST_HOUR = 8
CLOCK = "demo.clock"


class Demo:
    """The app with the local channel on a clock of its own."""

    def __init__(self, app: App, clock: MovableClock) -> None:
        self.app = app
        self.local = _phone(app, Local.name)
        self.clock = clock
        self._moving = asyncio.Lock()

    @classmethod
    async def open(cls, settings: Settings, folder: Path) -> "Demo":
        """Opens the demo in that folder, writing the province first if there is none yet."""
        start = await prepare(folder, at(FIRST_DAY, FIRST_HOUR))
        own = settings.model_copy(update={"giaoban_database_url": demo_url(folder)})
        clock = MovableClock(start)
        try:
            return cls(await App.open(own, clock, only=(Local.name, LocalZalo.name)), clock)
        except AlreadyRun as error:
            raise failed("demo_runs") from error

    def page(self, bound: str) -> ChatPage:
        """The chat page over this demo."""
        return ChatPage(
            local=self.local,
            db=self.app.db,
            clock=self.clock,
            receive=self.app.receive,
            people=self.people,
            stops=self.stops,
            move=self.move,
            bound=bound,
            beside=_phone(self.app, LocalZalo.name),
        )

    async def people(self) -> list[Face]:
        """Who can be chatted as."""
        from bot.demo.walk import faces

        return await faces(self.app.db)

    async def stops(self) -> list[Stop]:
        """Where the clock can be moved to."""
        from bot.demo.walk import stops

        return await stops(self.app.db, self.clock.now())

    async def move(self, to: datetime) -> None:
        """Moves the clock through every hour at which something may be due, so that nothing is jumped over."""
        async with self._moving:
            rules = await preferences.rules(self.app.db)
            for moment in _moments(rules, self.clock.now(), to):
                self.clock.move_to(moment)
                await self.app.tick(moment)
            await self.remember()

    async def remember(self) -> None:
        """Keeps the clock's position, so that the demo goes on there after a restart."""
        await self.app.db.write([preferences.remember(CLOCK, self.clock.now().isoformat())])

    async def close(self) -> None:
        """Keeps the clock and stops the app."""
        try:
            await self.remember()
        finally:
            await self.app.close()


def _phone(app: App, name: str) -> Local:
    found = app.channels[name]
    assert isinstance(found, Local)
    return found


def _moments(rules: Rules, now: datetime, to: datetime) -> Sequence[datetime]:
    """Between the two, every instant at which something may be due, and the last one."""
    hours = sorted({*(first for first, _ in rules.slots), rules.summaries, rules.after_briefing})
    day, found = local_day(now), []
    while day <= local_day(to):
        found += [at(day, hour.hour, hour.minute) for hour in hours]
        day += timedelta(days=1)
    return [*(moment for moment in found if now < moment < to), to]


def demo_url(folder: Path) -> str:
    """The demo's database in its folder."""
    return f"sqlite:///{demo_file(folder)}"


async def _refuse_production(folder: Path) -> None:
    if not demo_file(folder).exists():
        return
    db = await open_database(demo_url(folder))
    try:
        if not (await schema_state(db))[0]:
            return
        phones = (Local.name, LocalZalo.name)
        real = await db.read("select 1 from account where channel not in (?, ?) limit 1", phones)
        demo = await preferences.remembered(db, CLOCK) is not None
        if real or not demo:
            filled = real or await db.read("select 1 from unit limit 1")
            raise failed("not_a_demo" if filled else "empty_database", file=demo_file(folder))
    finally:
        await db.close()


async def prepare(folder: Path, start: datetime) -> datetime:
    """Writes the province into the folder unless it is there; returns the instant at which its clock stands.

    Raises Failed for a database that is not a demo's: anybody could speak there as anybody.
    """
    await _refuse_production(folder)
    await migrate(demo_url(folder))
    db = await open_database(demo_url(folder))
    try:
        kept = await preferences.remembered(db, CLOCK)
        stands = datetime.fromisoformat(kept).astimezone(UTC) if kept is not None else start
        # A killed demo has not kept its clock; what was said last cannot lie in the future of the next one.
        stands = max(stands, await local_chat.latest_at(db) or stands)
        # A kill between these two units leaves the first done, by which the file is a demo's; the next start does the
        # other.
        if kept is None:
            await db.write([preferences.remember(CLOCK, stands.isoformat())])
        if not await units.all_units(db, local_day(stands)):
            await load(db, stands)
        return stands
    finally:
        await db.close()
