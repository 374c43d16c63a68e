"""Commands that keep running: the bot, the demo with its chat page, the chat in a terminal."""

import asyncio
import gc
import sys
from collections.abc import Sequence
from contextlib import AsyncExitStack
from datetime import UTC
from functools import partial
from pathlib import Path

from aiohttp import web

from bot.app import App, stop_on_signals
from bot.channels.open import load_channels
from bot.chosen_database import require_file
from bot.clock import SystemClock, seconds_since_begun
from bot.failures import failed, reason_of, said
from bot.settings import Settings
from bot.time_limits import LastResort, StartLimit
from bot.web import Site, serve
from handlers.channel import ProcessRole
from reporting.dialogue.advance import Dialogue
from reporting.dialogue.draft import Draft, Position
from reporting.dialogue.events import Said
from storage.database import StorageUnavailable

# A start that fails has to be over in five seconds, counted from the beginning of the process. Where loading the
# program took most of them, on a busy machine, the steps have at least some seconds all the same, and as long as it
# took: a machine that has much to begin with would else cut off every start.
START_SECONDS, START_LEAST = 4.0, 2.5
GIVE_UP_SECONDS = 0.4  # to let go of everything after a start that failed
STOP_SECONDS = 9.3  # from the signal; after that the process ends without waiting for anything


async def run_bot(settings: Settings, role: ProcessRole) -> None:
    """Runs until a signal; whatever fails at start ends the process at once. A worker listens on no port."""
    stop = stop_on_signals()
    require_file(settings)
    load_channels(settings)  # before the time of the steps begins to run
    begun = seconds_since_begun()
    seconds = max(START_LEAST, START_SECONDS - begun, begun)
    limit, last_resort = StartLimit(seconds), LastResort()
    last_resort.set(seconds + 2 * GIVE_UP_SECONDS, said("start_hangs"))
    async with AsyncExitStack() as closing:
        async with limit.step("GIAOBAN_DATABASE_URL"):
            app = await App.open(settings, SystemClock(), role=role)
        closing.push_async_exit(partial(_close, app))
        try:
            health = await _start(app, role, limit, closing)
        except BaseException:
            app.close_within(GIVE_UP_SECONDS)
            raise
        last_resort.clear()
        name = " and ".join(channel.account for channel in app.channels.values())
        _say(f"giaoban: {said('running', name=name, role=role)}{health}")
        try:
            await app.run_until(stop)
        finally:
            last_resort.set(
                STOP_SECONDS,
                said("stop_hangs"),
            )


async def _start(app: App, role: ProcessRole, limit: StartLimit, closing: AsyncExitStack) -> str:
    """Starts all parts; returns where the health is shown."""
    settings, health = app.settings, ""
    # Before any channel is asked: a port that is taken shows at once. Until `start` a webhook answers 503.
    if role != "worker":
        pages = _pages(app) if app.address else ()
        runner, port = await _listen(Site(app), settings.host, settings.port, "GIAOBAN_BIND", pages)
        closing.push_async_callback(runner.cleanup)
        health = said("health_at", url=f"http://{settings.host}:{port}/healthz")
    servers = [channel.server for channel in app.channels.values() if channel.server]
    async with limit.step(", ".join((*servers, said("the_database")))):
        await app.start()
    # The words of the catalogue are put in order when the first message is read: a tenth of a second, which
    # is taken here, beside the first getUpdates, and not in the middle of somebody's report.
    await asyncio.to_thread(_read_once, app)
    gc.freeze()  # also what was made since the process began is there to stay
    for channel in (channel for channel in app.channels.values() if channel not in app.late):
        async with limit.step(channel.server):
            await channel.announce()
    return health


async def _close(app: App, _: object, error: BaseException | None, __: object) -> None:
    try:
        await app.close()
    except StorageUnavailable:
        if error is None:  # what ended the run says more than how it ended
            raise


async def run_demo(settings: Settings, folder: Path, port: int, *, set_by: str) -> None:
    """The demo province on the chat page, until a signal. set_by: what to change when the port is taken."""
    from bot.demo.open import Demo

    stop = stop_on_signals()
    async with AsyncExitStack() as closing:
        demo = await Demo.open(settings, folder)
        closing.push_async_callback(demo.close)
        page = demo.page(settings.host)
        routes = [*page.routes(), *_pages(demo.app)]
        runner, port = await _listen(Site(demo.app), settings.host, port, set_by, routes)
        demo.app.address = f"http://{settings.host}:{port}"
        closing.push_async_callback(runner.cleanup)
        closing.push_async_callback(demo.local.stop)
        await demo.app.start()
        _say(f"giaoban: {said('chat_page', url=f'http://{settings.host}:{port}/')}")
        _say(f"giaoban: {said('to_stop')}")
        await demo.app.run_until(stop)


async def load_demo(folder: Path) -> None:
    """Writes the demo province as of today and says where."""
    from bot.demo.open import demo_url, prepare

    start = SystemClock().now().astimezone(UTC)
    if (folder / "giaoban.db").exists():
        raise failed("demo_there", file=folder / "giaoban.db")
    await prepare(folder, start)
    sys.stdout.write(f"{demo_url(folder)}\n")


async def run_chat(settings: Settings, folder: Path, person: str, record: Path | None) -> None:
    """The local channel in this terminal."""
    from bot.demo.open import Demo
    from bot.demo.terminal_chat import chat

    async with AsyncExitStack() as closing:
        demo = await Demo.open(settings, folder)
        closing.push_async_callback(demo.close)
        await demo.app.start("stepped")
        await chat(demo, person, record, folder=folder / "files")


def _pages(app: App) -> list[web.RouteDef]:
    """The leaders' page, which is loaded only where it can be reached."""
    from bot.pages.leaders_page import LeadersPage
    from bot.pages.pack_shelf import PackShelf
    from bot.pages.views import Views

    shelf = PackShelf(app.db, app.wording, app.packs)
    return LeadersPage(Views(app.db, app.catalogue, app.wording), shelf, app.clock.now).routes()


async def _listen(
    site: Site, host: str, port: int, set_by: str, more: Sequence[web.RouteDef] = ()
) -> tuple[web.AppRunner, int]:
    try:
        return await serve([*site.routes(), *more], host, port)
    except OSError as error:
        # asyncio puts a sentence of its own where the system's reason belongs.
        reason = reason_of(error)
        raise failed("port_taken", set_by=set_by, where=f"{host}:{port}", why=reason) from error


def _read_once(app: App) -> None:
    form = app.forms.form("chi_doan", "quy")
    Dialogue(form, app.catalogue).advance(Draft("", {}, "none", {}), Position(), Said("0"))


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
