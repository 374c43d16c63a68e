"""One message of a kind through the real sender and the real Telegram channel, until nothing more becomes of it."""

from datetime import UTC, datetime, timedelta
from typing import Any

from bot_api.bell import PATIENCE
from bot_api.server import BotApi
from pydantic import SecretStr

from bot.channels.folder import Given
from bot.channels.telegram.channel import Telegram
from bot.channels.telegram.settings import TelegramSettings
from bot.clock import MovableClock
from handlers.turn import body
from scheduler.sending.sender import Sender
from scheduler.upkeep.clean_up import Upkeep
from storage.database import Database, Row
from storage.messages import outbox
from storage.messages.outbox import Kind

NOW = datetime(2026, 4, 10, 1, 0, tzinfo=UTC)
KEY = "the message"
MOST_ROUNDS = 60


class OneMessage:
    """tries: when it was sent to the server, in seconds from the start."""

    def __init__(self, db: Database, api: BotApi, kind: Kind, chat: int) -> None:
        self._db, self._api, self._kind, self._chat = db, api, kind, chat
        self._clock = MovableClock(NOW, held=True)
        self.tries: list[float] = []

    async def play(self, *, hangs: bool = False) -> Row:
        """Queues it, and sends and lets time pass until its row has ended; returns the row.

        hangs: the server will not answer the first try, which need not be waited for long.
        """
        message = outbox.say(KEY, self._kind, "telegram", str(self._chat), body("nội dung"), NOW)
        await self._db.write([message])
        settings = TelegramSettings(
            _env_file=None,
            telegram_bot_token=SecretStr(self._api.token),
            telegram_api_url=self._api.url,
            giaoban_send_chat_seconds=0,
        )
        channel = Telegram(settings, Given(self._clock.now), read_timeout=PATIENCE)
        await channel.check()
        try:
            for number in range(MOST_ROUNDS):
                channel._read_timeout = 0.05 if hangs and number == 0 else PATIENCE
                before = self._api.calls["sendmessage"]
                await Upkeep(self._db).tick(self._clock.now())
                # A new sender each time: the old one may have been told to pause by the clock on the wall.
                await Sender(self._db, {"telegram": channel}, self._clock.now).drain()
                if self._api.calls["sendmessage"] > before:
                    self.tries.append((self._clock.now() - NOW).total_seconds())
                at = await outbox.next_due_at(self._db, ["telegram"])
                if at is None:
                    break
                self._clock.move_to(datetime.fromtimestamp(at / 1000, UTC) + timedelta(milliseconds=1))
        finally:
            await channel.stop()
        return (await self._db.read("select state, chat_id, attempts, error from outbox"))[0]

    async def arrived(self) -> list[int]:
        """The chats in which it arrived, once for each time."""
        return [sent.chat_id for sent in self._api.sent]

    async def one(self, sql: str) -> Any:
        """The one value of a query."""
        return (await self._db.read(sql))[0][0]
