"""The bots that are measured: how each is started, and what is laid ready for it."""

import os
import shlex
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from benchmarks.conversation import RECEIPT

ROOT = Path(__file__).parent.parent
TOKEN = "7000001:made-up-token-for-the-loopback-server"
PEERS = Path(sys.prefix) / "peers" / "bin" / "python"  # a venv of its own: aiogram wants another pydantic


@dataclass(frozen=True, slots=True)
class Contestant:
    """One bot. command: from the server's address and a folder of its own to what is executed there, so many times."""

    name: str
    label: str
    command: Callable[[str, Path], list[str]]
    environment: Callable[[str, Path], Mapping[str, str]] = field(default=lambda url, folder: {})
    lay_ready: Callable[[Path], None] = field(default=lambda folder: None)
    receipt: str = ""
    processes: int = 1


def settings(url: str, folder: Path) -> dict[str, str]:
    """What giaoban runs with on the SQLite file in that folder."""
    return {
        "GIAOBAN_DATABASE_URL": f"sqlite:///{folder / 'giaoban.db'}",
        "TELEGRAM_BOT_TOKEN": TOKEN,
        "TELEGRAM_API_URL": url,
        "GIAOBAN_BIND": "127.0.0.1:0",
        "GIAOBAN_LOG_LEVEL": "warning",
        # Telegram's pace is kept by default; here the program is measured and not the pace.
        "GIAOBAN_SEND_PER_SECOND": "1000000",
        "GIAOBAN_SEND_CHAT_SECONDS": "0",
        "GIAOBAN_SEND_GROUP_PER_MINUTE": "0",
    }


def _posted_to(url: str, folder: Path) -> dict[str, str]:
    """The same by webhook, on a port that is free now."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = f"127.0.0.1:{free.getsockname()[1]}"
    return {
        **settings(url, folder),
        "TELEGRAM_MODE": "webhook",
        "TELEGRAM_WEBHOOK_SECRET": "made-up-secret",
        "GIAOBAN_BIND": address,
        "GIAOBAN_PUBLIC_URL": f"https://{address}",
    }


def by_webhook(giaoban: Contestant) -> Contestant:
    """The same bot, which has the server post to it."""
    return replace(giaoban, name="giaoban_webhook", label=f"{giaoban.label}, by webhook", environment=_posted_to)


def backed_up(giaoban: Contestant) -> Contestant:
    """The same bot, of whose database one proved copy after another is made while it answers."""

    def command(url: str, folder: Path) -> list[str]:
        backup = shlex.join([sys.executable, "-m", "bot", "backup", str(folder / "copies")])
        copies = f"(while kill -0 $$ 2>/dev/null; do {backup}; done) >/dev/null 2>&1 &"
        return ["sh", "-c", f"{copies} exec {shlex.join(giaoban.command(url, folder))}"]

    return replace(giaoban, name="giaoban_backup", label=f"{giaoban.label}, backed up all the time", command=command)


def on_postgresql(giaoban: Contestant, new: Callable[[], str], processes: int) -> Contestant:
    """The same bot as so many workers on one PostgreSQL database, moved there. new: the URL of an empty one."""

    def move(folder: Path) -> None:
        giaoban.lay_ready(folder)
        url = new()
        command = [sys.executable, "-m", "bot", "move", "--to", url]
        given = {**os.environ, "PYTHONPATH": str(ROOT), **settings("http://127.0.0.1:9", folder)}
        subprocess.run(command, cwd=folder, env=given, stdout=subprocess.DEVNULL, check=True)
        (folder / "url").write_text(url)

    def moved(url: str, folder: Path) -> dict[str, str]:
        return {**settings(url, folder), "GIAOBAN_DATABASE_URL": (folder / "url").read_text()}

    return replace(
        giaoban,
        name=f"giaoban_postgresql_{processes}",
        label=f"giaoban, PostgreSQL, processes: {processes}",
        command=lambda url, folder: [*giaoban.command(url, folder), "--role", "worker"],
        environment=moved,
        lay_ready=move,
        processes=processes,
    )


def contestants(province: Path) -> dict[str, Contestant]:
    """All of them, giaoban on a copy of that province first."""

    def lay_ready(folder: Path) -> None:
        shutil.copyfile(province, folder / "giaoban.db")

    def peer(script: str, *before: str) -> Callable[[str, Path], list[str]]:
        path = str(ROOT / "benchmarks" / "peers" / script)
        return lambda url, folder: [str(PEERS), path, *before, TOKEN, url, str(folder)]

    found = [
        Contestant(
            "giaoban",
            "giaoban, SQLite, synchronous=FULL",
            lambda url, folder: [sys.executable, "-m", "bot", "run"],
            settings,
            lay_ready,
            RECEIPT,
        ),
        Contestant("ptb_echo", "python-telegram-bot, echo, no state", peer("ptb_echo.py")),
        Contestant(
            "ptb_conversation",
            "python-telegram-bot, ConversationHandler, PicklePersistence",
            peer("ptb_conversation.py"),
        ),
        Contestant("aiogram_memory", "aiogram, FSM in memory", peer("aiogram_form.py", "memory")),
        Contestant("aiogram_sqlite", "aiogram, FSM on SQLite, synchronous=FULL", peer("aiogram_form.py", "sqlite")),
    ]
    return {contestant.name: contestant for contestant in found}
