"""The Zalo channel against the loopback server, its intake held in memory and its waits not waited."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

from bot_api.running import NOW, Pauses, Stored
from pydantic import SecretStr
from zalo_api.server import ZaloServer

from bot.channels.folder import Given
from bot.channels.zalo.channel import Zalo
from bot.channels.zalo.settings import ZaloSettings


class ZaloRun:
    """One channel with what a test looks at. options: its settings and its timeouts, also such as no office can set."""

    def __init__(self, zalo: ZaloServer, **options: Any) -> None:
        self.stored, self.pauses = Stored(), Pauses()
        db = options.pop("db", None)
        timeouts = {name: options.pop(name) for name in ("poll_timeout", "read_timeout") if name in options}
        set_ = {"zalo_bot_token": ",".join(zalo.bots), "zalo_api_url": zalo.url, "zalo_webhook_secret": "", **options}
        secrets = {name: SecretStr(set_[name]) for name in ("zalo_bot_token", "zalo_webhook_secret")}
        settings = ZaloSettings.model_construct(**{**set_, **secrets})
        given = Given(lambda: NOW, self.stored, lambda: True, db)
        self.channel = Zalo(settings, given, sleep=self.pauses, **{"poll_timeout": 5, **timeouts})


@asynccontextmanager
async def zalo_running(zalo: ZaloServer, *, polls: bool = True, **options: Any) -> AsyncIterator[ZaloRun]:
    """A started channel that polls, ended as the app would end it."""
    run = ZaloRun(zalo, **options)
    await run.channel.start()
    poll = asyncio.create_task(run.channel.poll()) if polls else None
    try:
        yield run
    finally:
        if poll is not None:
            poll.cancel()
            with suppress(asyncio.CancelledError):
                await poll
        await run.channel.stop()
