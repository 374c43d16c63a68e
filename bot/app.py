"""Settings in, a running bot out: database, channels, jobs and web server made, started and stopped in order."""

import asyncio
import contextlib
import signal
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any, Literal

import structlog

from bot.channels.folder import Given
from bot.channels.open import open_channels
from bot.clock import Clock
from bot.copies.nightly import Nightly
from bot.export.table import table_file
from bot.health.certificate import CertificateWatch
from bot.health.examination import Examination
from bot.health.server_clock import ServerClock
from bot.limited_process import Apart
from bot.pack.maker import PackMaker
from bot.pack.template_watch import TemplateWatch
from bot.pictures.drawer import Drawer
from bot.pictures.drawing import KINDS
from bot.pictures.qr import qr_file
from bot.resources import load_catalogue, load_forms
from bot.settings import Settings
from handlers.channel import Channel, NotStarted, ProcessRole, ServerSilent
from handlers.conversation import Conversation
from handlers.intake.arrivals import Arrival
from handlers.intake.handling import Handling
from handlers.intake.inbound import Inbound
from handlers.leaders.summaries import Summaries
from handlers.messages import Incoming
from handlers.quick_counts.running_sums import RunningSums
from handlers.report.files import text_of
from handlers.wording.speech import Wording
from scheduler.planned.catch_up import CatchUp
from scheduler.planned.confirmations import Confirmations
from scheduler.planned.count_calls import CountCalls
from scheduler.planned.digests import Digests
from scheduler.planned.group_posts import GroupPosts
from scheduler.planned.meeting_packs import MeetingPacks
from scheduler.planned.notices import Notices
from scheduler.planned.outlook import Outlooks
from scheduler.planned.reminders import Reminders
from scheduler.planned.target_nudges import TargetNudges
from scheduler.sending.allowance_watch import AllowanceWatch
from scheduler.sending.barred import BarredGroups
from scheduler.sending.files import Files, Maker
from scheduler.sending.sender import Sender
from scheduler.sending.undelivered import Undelivered
from scheduler.sending.withheld_watch import WithheldWatch
from scheduler.ticker import Job, Ticker, WhileMisled
from scheduler.upkeep.clean_up import Upkeep
from scheduler.upkeep.office_watch import OfficeWatch
from scheduler.upkeep.period_days import PeriodDays
from scheduler.upkeep.set_back import SetBack
from scheduler.upkeep.successions import Successions
from scheduler.upkeep.takeover import Takeover
from storage.database import Database
from storage.engine.migrate import require_schema
from storage.engine.open import open_database
from storage.reports import running
from storage.review import photos

log = structlog.get_logger()

CLOSE_SECONDS = 8.5  # of the ten in which a stop has to be over; from the signal, for all steps together
LATE_SECONDS = 30.0  # between two tries to start a channel whose server was silent
# What opens, closes, hands over, asks and reminds by day and hour; it waits while the clock misleads.
BY_THE_HOUR = (
    PeriodDays, GroupPosts, Digests, MeetingPacks, Notices, Reminders, TargetNudges, CountCalls, Confirmations,
    CatchUp, Successions,
)  # fmt: skip
DRAIN = 0.9  # of a step's share in which what is under way may finish


class App:
    """One running bot. Made by `open`, then `start`, and always `close`.

    channels: by name. takes_in: whether messages may be handed in; only between `start` and `close`.
    """

    def __init__(
        self, settings: Settings, clock: Clock, db: Database, *, only: Sequence[str] | None, role: ProcessRole
    ) -> None:
        self.settings = settings
        self.clock = clock
        self.db = db
        self.role = role
        self.wording = Wording.vietnamese()
        self.catalogue = load_catalogue(settings.giaoban_catalogue)
        self.forms = load_forms(self.catalogue)
        server_clock = ServerClock(clock.now)
        given = Given(clock.now, self._take_in, lambda: self.takes_in, db, server_clock.hear)
        self.address = settings.giaoban_public_url  # where the pages are reached; the demo sets its own
        self.channels: Mapping[str, Channel] = open_channels(settings, given, only)
        self.examination = Examination(db, settings, self.channels, server_clock)
        self._nightly = Nightly(db, settings)
        conversation = Conversation(db, self.catalogue, self.forms, self.wording, self.channels, lambda: self.address)
        conversation.read = Apart(text_of)
        self.packs = PackMaker(db, settings)
        makers: dict[str, Maker] = {"table": table_file, "pack": self.packs, "qr": qr_file}
        files = Files({**dict.fromkeys(KINDS, Drawer()), **makers}, partial(photos.there, db))
        self.sender = Sender(db, self.channels, clock.now, files)
        self.handling = handling = Handling(db, conversation, self.wording, clock.now, self.sender)
        # On PostgreSQL several processes may share the work; of a SQLite file this one is the only runner.
        self.shared = db.engine == "postgresql"
        self.inbound = Inbound(db, handling, clock.now, shared=self.shared)
        template = TemplateWatch(db, settings, self.wording, tuple(self.channels))
        jobs = [*self.jobs(tuple(self.channels)), self._nightly, CertificateWatch(db, settings.giaoban_public_url)]
        jobs.append(template)
        waiting = WhileMisled(BY_THE_HOUR, self.examination.clock_misleads)
        self.ticker = Ticker(jobs, clock.now, self.sender.wake, self._leads, waiting)
        self._takeover = Takeover(db, self._look_again, self.sender.forgotten)
        self.takes_in = False
        self.late: list[Channel] = []  # channels that could not start with the rest
        self._tasks: list[asyncio.Task[None]] = []
        self._close_by: float | None = None  # of the loop's clock

    @classmethod
    async def open(
        cls, settings: Settings, clock: Clock, *, only: Sequence[str] | None = None, role: ProcessRole = "all"
    ) -> "App":
        """Opens the database and puts the parts together. Raises one of the errors that failures.py words.

        only: the channels to open, by name, instead of those that are configured.
        """
        db = await open_database(settings.giaoban_database_url, exclusive=True)
        try:
            await require_schema(db)
            app = cls(settings, clock, db, only=only, role=role)
            await running.keep_rates(db, app.catalogue)
            return app
        except BaseException:
            await db.close()
            raise

    def jobs(self, channels: Sequence[str]) -> list[Job]:
        """What is asked at every beat, for messages on these channels."""
        outlooks = Outlooks(self.db, channels)
        summaries = Summaries(self.db, self.catalogue, self.wording)
        digests = Digests(self.db, summaries, self.wording, outlooks)
        return [
            SetBack(self.db),
            PeriodDays(self.db),
            GroupPosts(self.db, summaries, outlooks, self._editing(channels)),
            digests,
            MeetingPacks(self.db, self.catalogue, self.forms, self.wording, outlooks, digests),
            Notices(self.db, self.wording, outlooks),  # before the reminders that they go with
            Reminders(self.db, self.catalogue, self.forms, self.wording, outlooks, digests),
            TargetNudges(self.db, self.catalogue, self.wording, outlooks),
            CountCalls(self.db, RunningSums(self.db, self.catalogue, self.wording), self.wording, channels),
            Confirmations(self.db, self.catalogue, self.wording, outlooks),
            CatchUp(self.db, self.wording, outlooks),
            Undelivered(self.db, self.wording, channels),
            BarredGroups(self.db, self.wording, channels),
            WithheldWatch(self.db, self.wording, channels),
            AllowanceWatch(self.db, self.wording, {n: self.channels[n] for n in channels if n in self.channels}),
            OfficeWatch(self.db, self.wording, channels, self.examination.told),
            Successions(self.db, self.wording),
            Upkeep(self.db, self.examination.clock_is_off),
            outlooks,
        ]

    def _editing(self, channels: Sequence[str]) -> list[str]:
        return [name for name in channels if name in self.channels and self.channels[name].limits.editing]

    async def _leads(self) -> bool:
        return await self.db.hold("ticker")

    def _look_again(self) -> None:
        self.inbound.look_back()
        self.sender.wake()

    async def _take_in(self, arrivals: list[Arrival]) -> None:
        await self.inbound.receive(arrivals)

    async def receive(self, incoming: Incoming) -> None:
        """One message of a channel that has no wire format of its own; returns after it is stored."""
        await self.inbound.receive([Arrival(incoming.channel, incoming.bot, incoming.message_id, incoming)])

    # --- start and stop ---------------------------------------------------------------------------------------

    async def start(self, mode: Literal["running", "stepped"] = "running") -> None:
        """Takes up what an earlier run left, and begins to work.

        stepped: nothing runs by itself; tests and the terminal chat call `settle` and the ticker.
        """
        if mode == "running":
            # First: a token or an address that does not work must end the process before anything has an effect.
            await self._start_channels()
        await self._takeover.look()
        await SetBack(self.db).tick(self.clock.now())  # before anybody is answered
        left = await self.inbound.resume()
        if left:
            log.info("taking up messages of an earlier run", count=left)
        self.takes_in = True
        if mode == "stepped":
            await self.settle()
            return
        for channel in self.channels.values():
            late = channel in self.late
            self._begin(self._start_late(channel) if late else channel.run(), f"channel {channel.name}")
        if self.role != "web":
            if self.shared:
                self._begin(self.inbound.run(), "inbound")
                self._begin(self._takeover.run(), "takeover")
            self._begin(self.sender.run(), "sender")
            self._begin(self.ticker.run(), "heartbeat")

    async def _start_channels(self) -> None:
        """Where one server is silent, the others do not wait for it; where all are, the start ends."""
        for channel in self.channels.values():
            try:
                await channel.start(self.role)
            except ServerSilent as silent:
                self.late.append(channel)
                if len(self.late) == len(self.channels):
                    raise
                log.warning("starting without a channel", channel=channel.name, reason=str(silent))

    async def _start_late(self, channel: Channel) -> None:
        while channel in self.late:
            await asyncio.sleep(LATE_SECONDS)
            try:
                await channel.start(self.role)
                await channel.announce()
                self.late.remove(channel)
            except NotStarted as fault:
                log.warning("still without a channel", channel=channel.name, reason=str(fault))
        log.info("the channel has started", channel=channel.name)
        self.sender.wake()
        await channel.run()

    def _begin(self, work: Coroutine[Any, Any, None], name: str) -> None:
        self._tasks.append(asyncio.create_task(work, name=name))

    async def settle(self) -> None:
        """Until everything taken in has been answered and everything due has been sent."""
        await self.inbound.drain()
        await self.sender.drain()

    async def tick(self, now: datetime) -> None:
        """What is due at `now`, sent before this returns."""
        await self.ticker.tick(now)
        await self.settle()

    def close_within(self, seconds: float) -> None:
        """From now on nothing is taken in, and `close` has to be over in this time."""
        self.takes_in = False
        self._close_by = asyncio.get_running_loop().time() + seconds

    async def run_until(self, stop: asyncio.Event) -> None:
        """Works until asked to stop; a part that dies ends the process with its error."""
        waiter = asyncio.create_task(stop.wait())
        try:
            await asyncio.wait([waiter, *self._tasks], return_when=asyncio.FIRST_COMPLETED)
        finally:
            waiter.cancel()
            self.close_within(CLOSE_SECONDS)
        for task in self._tasks:
            if task.done() and not task.cancelled() and (error := task.exception()):
                raise error

    async def close(self) -> None:
        """Stops taking in, finishes what is under way, lets go of everything. May be called at any point.

        What is not over in time is cut off, as by a crash: the next start takes it up. Then StorageUnavailable is
        raised if it was the database that did not answer.
        """
        if self._close_by is None:
            self.close_within(CLOSE_SECONDS)
        for task in self._tasks:
            if task.get_name() not in ("sender", "inbound", "heartbeat"):
                task.cancel()
        # Last in, first out, and each whatever becomes of the others: a database left open holds the process.
        async with contextlib.AsyncExitStack() as closing:
            closing.push_async_callback(self._close_database)
            closing.push_async_callback(self._step, self._stop_channels, 2)
            closing.push_async_callback(self._step, self._end_tasks, 2)
            closing.push_async_callback(self._step, self._nightly.stop, 2)
            closing.push_async_callback(self._drain, self.sender.stop, 2)
            closing.push_async_callback(self._drain, self.inbound.stop, 3)
            closing.push_async_callback(self._drain, self.ticker.stop, 4)

    def _share(self, of: int) -> float:
        assert self._close_by is not None
        return max(0.0, self._close_by - asyncio.get_running_loop().time()) / of

    async def _step(self, step: Callable[[], Awaitable[None]], of: int) -> None:
        """One step of closing, within its share of the time that is left."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._share(of)):
                await step()

    async def _drain(self, stop: Callable[[float], Awaitable[None]], of: int) -> None:
        # Even what is cut off takes a moment to end, and on a connection that hangs for ever.
        await self._step(partial(stop, self._share(of) * DRAIN), of)

    async def _stop_channels(self) -> None:
        await asyncio.gather(*(channel.stop() for channel in self.channels.values()))

    async def _close_database(self) -> None:
        await self.db.close(self._share(1))

    async def _end_tasks(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


def stop_on_signals() -> asyncio.Event:
    """An event that SIGTERM and SIGINT set."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(number, stop.set)
    return stop
