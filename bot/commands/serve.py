"""The commands that run: the bot, the demo with its page, the chat in a terminal."""

import sys
from collections.abc import Sequence
from datetime import UTC
from pathlib import Path

from aiohttp import web

from bot.app import App, stop_on_signals
from bot.clock import SystemClock
from bot.commands.failures import Failed
from bot.demo import Demo, demo_url, prepare
from bot.settings import Settings
from bot.web import WEBHOOK_PATH, Site, serve


async def run_bot(settings: Settings, role: str) -> None:
    """Runs until a signal; whatever fails at start ends the process at once."""
    del role
    stop = stop_on_signals()
    app = await App.open(settings, SystemClock())
    runner = None
    try:
        runner, port = await _listen(Site(app), settings.host, settings.port)
        await app.start()
        if app.telegram is not None and settings.telegram_mode == "webhook":
            secret = settings.telegram_webhook_secret.get_secret_value()
            await app.telegram.set_webhook(settings.giaoban_public_url + WEBHOOK_PATH, secret)
        name = f"@{app.telegram.username}" if app.telegram else "no channel"
        _say(f"giaoban: {name} is running, health at http://{settings.host}:{port}/healthz")
        await app.run_until(stop)
    finally:
        if runner is not None:
            await runner.cleanup()
        await app.close()


async def run_demo(settings: Settings, folder: Path, port: int) -> None:
    """The demo province on the chat page, until a signal."""
    stop = stop_on_signals()
    demo = await Demo.open(_without_token(settings), folder)
    runner = None
    try:
        page = demo.page(settings.host)
        site = Site(demo.app)
        runner, port = await _listen(site, settings.host, port, page.routes())
        await demo.app.start()
        _say(f"giaoban: trang trò chuyện (chat page): http://{settings.host}:{port}/")
        _say("giaoban: Ctrl+C để dừng (to stop)")
        await demo.app.run_until(stop)
    finally:
        if demo.app.local is not None:
            demo.app.local.close()
        if runner is not None:
            await runner.cleanup()
        await demo.close()


async def load_demo(folder: Path) -> None:
    """Writes the demo province as of today and says where."""
    start = SystemClock().now().astimezone(UTC)
    if (folder / "giaoban.db").exists():
        raise Failed(f"{folder / 'giaoban.db'} is there already: remove it or name another folder with --data")
    await prepare(folder, start)
    sys.stdout.write(f"{demo_url(folder)}\n")


async def run_chat(settings: Settings, folder: Path, person: str, record: Path | None) -> None:
    """The local channel in this terminal."""
    from bot.terminal_chat import chat

    demo = await Demo.open(_without_token(settings), folder)
    try:
        await demo.app.start("stepped")
        await chat(demo, person, record)
    finally:
        await demo.close()


def _without_token(settings: Settings) -> Settings:
    return settings.model_copy(update={"telegram_bot_token": type(settings.telegram_bot_token)("")})


async def _listen(site: Site, host: str, port: int, more: Sequence[web.RouteDef] = ()) -> tuple[web.AppRunner, int]:
    try:
        return await serve([*site.routes(), *more], host, port)
    except OSError as error:
        raise Failed(
            f"GIAOBAN_BIND: cannot listen on {host}:{port} ({error.strerror}): stop what uses it or choose another"
        ) from error


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
