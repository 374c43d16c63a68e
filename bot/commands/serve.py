"""The commands that run: the bot, the demo with its page, the chat in a terminal."""

import asyncio
import gc
import os
import sys
from collections.abc import Sequence
from contextlib import AsyncExitStack
from datetime import UTC
from pathlib import Path

from aiohttp import web

from bot.app import App, Role, stop_on_signals
from bot.clock import SystemClock
from bot.commands.failures import Failed
from bot.commands.place import require_file
from bot.settings import Settings
from bot.web import WEBHOOK_PATH, Site, serve
from reporting.dialogue import Dialogue
from reporting.draft import Draft, Position
from reporting.events import Said

WEBHOOK_SECONDS = 2.0  # setWebhook's share of the five in which a start that fails has to be over


async def run_bot(settings: Settings, role: Role) -> None:
    """Runs until a signal; whatever fails at start ends the process at once. A worker listens on no port."""
    stop = stop_on_signals()
    require_file(settings)
    async with AsyncExitStack() as closing:
        app = await App.open(settings, SystemClock(), role=role)
        closing.push_async_callback(app.close)
        # Before Telegram is asked: a port that is taken shows at once. Until `start` the webhook answers 503.
        health = ""
        if role != "worker":
            runner, port = await _listen(Site(app), settings.host, settings.port, "GIAOBAN_BIND")
            closing.push_async_callback(runner.cleanup)
            health = f", health at http://{settings.host}:{port}/healthz"
        await app.start()
        # The words of the catalogue are put in order when the first message is read: a tenth of a second, which
        # is taken here, beside the first getUpdates, and not in the middle of somebody's report.
        await asyncio.to_thread(_read_once, app)
        _collect_seldom()
        if role != "worker":
            await _set_webhook(app)
        name = f"@{app.telegram.username}" if app.telegram else "no channel"
        _say(f"giaoban: {name} is running as {role}{health}")
        await app.run_until(stop)


async def run_demo(settings: Settings, folder: Path, port: int, *, set_by: str) -> None:
    """The demo province on the chat page, until a signal. set_by: what to change when the port is taken."""
    from bot.demo import Demo

    stop = stop_on_signals()
    async with AsyncExitStack() as closing:
        demo = await Demo.open(_without_token(settings), folder)
        closing.push_async_callback(demo.close)
        page = demo.page(settings.host)
        runner, port = await _listen(Site(demo.app), settings.host, port, set_by, page.routes())
        closing.push_async_callback(runner.cleanup)
        if demo.app.local is not None:
            closing.callback(demo.app.local.close)
        await demo.app.start()
        _say(f"giaoban: trang trò chuyện (chat page): http://{settings.host}:{port}/")
        _say("giaoban: Ctrl+C để dừng (to stop)")
        await demo.app.run_until(stop)


async def load_demo(folder: Path) -> None:
    """Writes the demo province as of today and says where."""
    from bot.demo import demo_url, prepare

    start = SystemClock().now().astimezone(UTC)
    if (folder / "giaoban.db").exists():
        raise Failed(f"{folder / 'giaoban.db'} is there already: remove it or name another folder with --data")
    await prepare(folder, start)
    sys.stdout.write(f"{demo_url(folder)}\n")


async def run_chat(settings: Settings, folder: Path, person: str, record: Path | None) -> None:
    """The local channel in this terminal."""
    from bot.demo import Demo
    from bot.terminal_chat import chat

    async with AsyncExitStack() as closing:
        demo = await Demo.open(_without_token(settings), folder)
        closing.push_async_callback(demo.close)
        await demo.app.start("stepped")
        await chat(demo, person, record, folder=folder / "files")


def _without_token(settings: Settings) -> Settings:
    return settings.model_copy(update={"telegram_bot_token": type(settings.telegram_bot_token)("")})


async def _set_webhook(app: App) -> None:
    settings = app.settings
    if app.telegram is None or settings.telegram_mode != "webhook":
        return
    secret = settings.telegram_webhook_secret.get_secret_value()
    try:
        async with asyncio.timeout(WEBHOOK_SECONDS):
            await app.telegram.set_webhook(settings.giaoban_public_url + WEBHOOK_PATH, secret)
    except TimeoutError:
        raise Failed(f"TELEGRAM_API_URL: {settings.telegram_api_url} does not answer to setWebhook") from None


async def _listen(
    site: Site, host: str, port: int, set_by: str, more: Sequence[web.RouteDef] = ()
) -> tuple[web.AppRunner, int]:
    try:
        return await serve([*site.routes(), *more], host, port)
    except OSError as error:
        # asyncio puts a sentence of its own where the system's reason belongs.
        reason = os.strerror(error.errno) if error.errno and error.errno > 0 else error.strerror or str(error)
        raise Failed(
            f"{set_by}: cannot listen on {host}:{port} ({reason}): stop what uses it or choose another"
        ) from error


def _read_once(app: App) -> None:
    form = app.forms.form("chi_doan", "quy")
    Dialogue(form, app.catalogue).advance(Draft("", {}, "none", {}), Position(), Said("0"))


def _collect_seldom() -> None:
    """Python looks for cycles among everything that lives after every 700 new objects: at full load an eighth of
    the time, and some tens of milliseconds at once. What was loaded at start stays, and messages leave no cycles.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
