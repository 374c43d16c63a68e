"""The Telegram channel against the loopback server, its intake held in memory and its waits not waited."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from bot_api.bell import PATIENCE, Bell
from bot_api.server import BotApi
from pydantic import SecretStr

from bot.channels.folder import Given
from bot.channels.telegram.channel import Telegram
from bot.channels.telegram.settings import TelegramSettings
from handlers.intake.arrivals import Arrival
from handlers.messages import Incoming, NotDelivered, Outgoing
from scheduler.sending.delivery import deliver

NOW = datetime(2026, 4, 12, 9, 30, tzinfo=UTC)


class Stored:
    """An intake: keeps arrivals once `open` is set, after failing as often as `failures` says."""

    def __init__(self) -> None:
        self.arrivals: list[Arrival] = []
        self.batches: list[list[Arrival]] = []
        self.failures = 0
        self.open = asyncio.Event()
        self.open.set()
        self.bell = Bell()

    async def __call__(self, batch: list[Arrival]) -> None:
        self.batches.append(batch)
        self.bell.ring()
        await self.open.wait()
        if self.failures:
            self.failures -= 1
            raise OSError(28, "No space left on device")
        self.arrivals += batch
        self.bell.ring()

    async def has(self, count: int) -> list[Arrival]:
        """Waits for that many arrivals."""
        await self.bell.until(lambda: len(self.arrivals) >= count, PATIENCE)
        return self.arrivals

    async def is_offered(self, batches: int) -> None:
        """Waits until that many batches were handed over, stored or not."""
        await self.bell.until(lambda: len(self.batches) >= batches, PATIENCE)

    @property
    def understood(self) -> list[Incoming]:
        """What was not set aside, in the order stored."""
        return [arrival.incoming for arrival in self.arrivals if arrival.incoming]

    @property
    def texts(self) -> list[str]:
        """What was said, in the order stored."""
        return [incoming.text for incoming in self.understood]


class Pauses(list[float]):
    """A sleep that notes how long it was asked to wait, and does not."""

    async def __call__(self, seconds: float) -> None:
        self.append(seconds)
        await asyncio.sleep(0)


class Running:
    """One channel with what a test looks at. options: its settings and its timeouts, also such as no office can set."""

    def __init__(self, api: BotApi, **options: Any) -> None:
        self.api, self.stored, self.pauses = api, Stored(), Pauses()
        timeouts = {name: options.pop(name) for name in ("poll_timeout", "read_timeout") if name in options}
        set_ = {"telegram_bot_token": api.token, "telegram_api_url": api.url, "telegram_webhook_secret": "", **options}
        secrets = {name: SecretStr(set_[name]) for name in ("telegram_bot_token", "telegram_webhook_secret")}
        settings = TelegramSettings.model_construct(**{**set_, **secrets})
        given = Given(lambda: NOW, self.stored, lambda: True)
        self.channel = Telegram(settings, given, sleep=self.pauses, **{"poll_timeout": 5, **timeouts})

    async def deliver(self, message: Outgoing) -> str:
        """As the sender delivers a message, its waits not waited."""
        return await deliver(self.channel, message, self.pauses)


@asynccontextmanager
async def running(api: BotApi, *, polls: bool = True, **options: Any) -> AsyncIterator[Running]:
    """A started channel that polls, ended as the app would end it."""
    run = Running(api, **options)
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


async def not_delivered(run: Running, message: Outgoing) -> NotDelivered:
    """How the delivery of a message fails; a test in which it does not is red."""
    with pytest.raises(NotDelivered) as caught:
        await run.deliver(message)
    return caught.value
