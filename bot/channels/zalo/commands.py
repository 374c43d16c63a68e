"""The commands `giaoban zalo …`: the bots of the settings in, what was done with each or found out printed."""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.channels.folder import Given
from bot.channels.zalo.channel import Zalo, unhook
from bot.channels.zalo.client import ZaloFault
from bot.channels.zalo.settings import ZaloSettings
from bot.clock import SystemClock
from bot.failures import Failed
from bot.settings import Settings


async def unhook_all(settings: Settings) -> None:
    """Takes down the webhook of every bot. Raises NotStarted, Failed."""
    async with _connected(settings) as zalo:
        for bot in zalo.bots.values():
            try:
                await unhook(bot)
            except ZaloFault as fault:
                raise Failed(f"ZALO_API_URL: the webhook of bot {bot.id} stays ({fault}): try again") from None
            _say(f"{bot.reader.names[0]}: Zalo posts nothing any more")


@asynccontextmanager
async def _connected(settings: Settings) -> AsyncIterator[Zalo]:
    assert isinstance(settings, ZaloSettings)
    if not settings.zalo_tokens():
        raise Failed("ZALO_BOT_TOKEN: it is not set: put the token of Zalo Bot Creator into .env")
    zalo = Zalo(settings, Given(SystemClock().now))
    try:
        await zalo.check()
        yield zalo
    finally:
        await zalo.stop()


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
