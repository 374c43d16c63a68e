"""The settings of a bot that talks to the loopback and is not slowed down."""

import random
import socket
from contextlib import suppress

from campaigns.crowd import PUBLIC, Crossroads


def free_port() -> int:
    """A port nobody listens on, below those the system hands out: a killed bot finds it free again."""
    while True:
        port = random.randrange(10_000, 30_000)
        with socket.socket() as tried, suppress(OSError):
            tried.bind(("127.0.0.1", port))
            return port


def settings(url: str, api: Crossroads, port: int, intake: str) -> dict[str, str]:
    """For `giaoban run`. intake: poll or webhook."""
    return {
        "GIAOBAN_DATABASE_URL": url,
        "GIAOBAN_BIND": f"127.0.0.1:{port}",
        "GIAOBAN_LOG_LEVEL": "error",
        "GIAOBAN_PUBLIC_URL": PUBLIC,
        "GIAOBAN_SEND_PER_SECOND": "100000",
        "GIAOBAN_SEND_CHAT_SECONDS": "0",
        "TELEGRAM_API_URL": api.url,
        "TELEGRAM_BOT_TOKEN": api.token,
        "TELEGRAM_MODE": intake,
        "TELEGRAM_WEBHOOK_SECRET": "made-up",
    }
