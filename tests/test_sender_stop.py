"""A sender that is asked to stop while it takes messages: nothing is sent after the stop has returned."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from handlers.channel import Limits
from handlers.messages import Outgoing
from scheduler.sending.sender import Sender
from storage.database import Database, Row
from storage.messages import outbox

NOW = datetime(2026, 4, 12, 9, 30, tzinfo=UTC)


class Held:
    """A database whose reads wait until they are let go."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.asked, self.go = asyncio.Event(), asyncio.Event()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._database, name)

    async def read(self, sql: str, params: Sequence[Any] = ()) -> list[Row]:
        self.asked.set()
        await self.go.wait()
        return await self._database.read(sql, params)


class Sent:
    """A channel that keeps what it is given."""

    name = "telegram"
    limits = Limits()

    def __init__(self) -> None:
        self.texts: list[str] = []

    async def deliver(self, message: Outgoing) -> str:
        await asyncio.sleep(0)
        self.texts.append(message.text)
        return "1"


async def test_what_a_stopping_sender_had_begun_to_take_is_sent_before_the_stop_returns(database: Database) -> None:
    await database.write([outbox.say("k1", "reply", "telegram", "7", {"text": "Đã nhận"}, NOW)])
    held, channel = Held(database), Sent()
    sender = Sender(held, {"telegram": channel}, lambda: NOW)  # type: ignore[arg-type]
    running = asyncio.create_task(sender.run())
    await held.asked.wait()
    stopping = asyncio.create_task(sender.stop(5.0))
    await asyncio.sleep(0)
    held.go.set()
    await stopping
    assert channel.texts == ["Đã nhận"]
    await running
    assert (await outbox.by_state(database)).get("sent") == 1
