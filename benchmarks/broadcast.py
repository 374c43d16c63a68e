"""Thousands of reminders at the pace Telegram allows: how long the real bot takes, on both databases at once."""

import asyncio
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.contestants import ROOT, TOKEN
from benchmarks.crowd import FIRST_CHAT
from benchmarks.runs import line, served
from bot.channels.telegram.settings import TelegramSettings
from storage.engine.migrate import migrate
from storage.engine.open import open_database
from storage.messages import outbox

TEXT = "Còn 3 ngày đến buổi giao ban cụm. Đơn vị chưa gửi báo cáo quý I/2026. Đồng chí nhắn BC để báo cáo."
TOGETHER = 500


@contextmanager
def postgresql() -> Iterator[Any]:
    """New databases of a server of our own: `.empty()` gives the URL of one. It does not wait for its disk."""
    # The server's binaries come with the development requirements, as for the tests.
    sys.path.append(str(ROOT / "tests"))
    from databases import PostgresDatabases
    from postgres_server import running_server

    with running_server() as server:
        databases = PostgresDatabases(server)
        try:
            yield databases
        finally:
            databases.drop()


def measure(folder: Path, count: int) -> dict[str, dict[str, Any]]:
    """By engine: seconds from the first message to the last, seconds that the pace allows, most in one second."""
    with ExitStack() as running:
        own = Path(running.enter_context(tempfile.TemporaryDirectory(dir=folder)))
        databases = running.enter_context(postgresql())
        urls = {"SQLite": f"sqlite:///{own / 'giaoban.db'}", "PostgreSQL": databases.empty()}
        for url in urls.values():
            asyncio.run(_lay(url, count))
        with ThreadPoolExecutor(len(urls)) as threads:
            found = dict(zip(urls, threads.map(lambda url: _send(url, own, count), urls.values()), strict=True))
    allowed = (count - 1) / TelegramSettings.model_fields["giaoban_send_per_second"].default
    return {engine: {**figures, "allowed": allowed} for engine, figures in found.items()}


async def _lay(url: str, count: int) -> None:
    """Reminders that are due, one for each chat, as the beat writes them."""
    await migrate(url)
    now = datetime.now(UTC)
    db = await open_database(url)
    try:
        for begin in range(0, count, TOGETHER):
            await db.write(
                [
                    outbox.say(f"reminder:{chat}", "reminder", "telegram", str(chat), {"text": TEXT}, now)
                    for chat in range(FIRST_CHAT + begin, FIRST_CHAT + min(count, begin + TOGETHER))
                ]
            )
    finally:
        await db.close()


def _send(url: str, folder: Path, count: int) -> dict[str, Any]:
    """One bot at its usual pace until the server has everything."""
    with served([f"--broadcast={count}"], 60 + count / 10) as server:
        environment = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "GIAOBAN_DATABASE_URL": url,
            "GIAOBAN_BIND": "127.0.0.1:0",
            "GIAOBAN_LOG_LEVEL": "warning",
            "TELEGRAM_BOT_TOKEN": TOKEN,
            "TELEGRAM_API_URL": f"http://127.0.0.1:{line(server, 'listening')['port']}",
        }
        bot = subprocess.Popen(
            [sys.executable, "-m", "bot", "run"], cwd=folder, env=environment, stdout=subprocess.DEVNULL
        )
        try:
            return line(server, "done")
        finally:
            bot.send_signal(signal.SIGTERM)
            bot.wait(15)
