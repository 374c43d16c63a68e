"""The bots that are measured: how each is started, and what is laid ready for it."""

import shutil
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.conversation import RECEIPT

ROOT = Path(__file__).parent.parent
TOKEN = "7000001:made-up-token-for-the-loopback-server"
PEERS = Path(sys.prefix) / "peers" / "bin" / "python"  # a venv of its own: aiogram wants another pydantic


@dataclass(frozen=True, slots=True)
class Contestant:
    """One bot. command: from the server's address and a folder of its own to what is executed there."""

    name: str
    label: str
    command: Callable[[str, Path], list[str]]
    environment: Callable[[str, Path], Mapping[str, str]] = field(default=lambda url, folder: {})
    lay_ready: Callable[[Path], None] = field(default=lambda folder: None)
    receipt: str = ""


def contestants(province: Path) -> dict[str, Contestant]:
    """All of them, giaoban on a copy of that province first."""

    def lay_ready(folder: Path) -> None:
        shutil.copyfile(province, folder / "giaoban.db")

    def settings(url: str, folder: Path) -> dict[str, str]:
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
