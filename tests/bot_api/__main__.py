"""Runs the server by itself: `python -m bot_api --port 8081 --token 7000001:abc` with tests/ on the path."""

import argparse
import asyncio
import signal

from bot_api.control import Control
from bot_api.server import TOKEN, BotApi


async def _serve(port: int, token: str, username: str) -> None:
    api = BotApi(token, username, port)
    ended = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, ended.set)
    await api.start(Control(api).app())
    print(api.url, flush=True)  # the first line, for whoever started it and let the port be chosen
    await ended.wait()
    await api.stop()


def main() -> None:
    """Serves until a signal comes."""
    parser = argparse.ArgumentParser(prog="bot_api", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 lets the system choose; the address is printed")
    parser.add_argument("--token", default=TOKEN)
    parser.add_argument("--username", default="giaoban_bot")
    asked = parser.parse_args()
    asyncio.run(_serve(asked.port, asked.token, asked.username))


if __name__ == "__main__":
    main()
