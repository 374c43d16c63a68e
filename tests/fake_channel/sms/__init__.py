"""A text-only channel as a stranger would add it: short messages, no buttons, no files, its server posts JSON."""

import asyncio
import json
from collections.abc import Sequence
from datetime import datetime

from aiohttp import web
from pydantic import SecretStr

from bot.channels.folder import Folder, Given, Opener
from bot.channels.webhook import Webhook
from bot.settings import Settings
from handlers.channel import Limits, ProcessRole
from handlers.intake.arrivals import Arrival
from handlers.messages import FileNotRead, Incoming, Outgoing


class SmsSettings(Settings):
    """The program's settings and the secret that the server of short messages sends along."""

    sms_secret: SecretStr = SecretStr("")


class Sms:
    """What is sent is kept in `sent`: (chat, text)."""

    name, title = "sms", "SMS"
    account, server = "8088", ""
    limits = Limits(text=160, buttons=False, files=False, editing=False)

    def __init__(self, settings: Settings, given: Given) -> None:
        assert isinstance(settings, SmsSettings)
        self._hook = Webhook(
            "/sms", "X-Secret", settings.sms_secret.get_secret_value(), given, self._read, lambda _: None
        )
        self.sent: list[tuple[str, str]] = []

    def _read(self, body: bytes) -> Arrival:
        said = json.loads(body)
        chat, at = said["from"], datetime.fromisoformat(said["at"])
        incoming = Incoming("sms", "8088", said["id"], chat, "private", chat, chat, "text", at, text=said["text"])
        return Arrival("sms", "8088", said["id"], incoming)

    def routes(self) -> Sequence[web.RouteDef]:
        return (self._hook.route(),)

    async def start(self, role: ProcessRole) -> None: ...

    async def announce(self) -> None: ...

    async def run(self) -> None:
        await asyncio.Event().wait()

    async def stop(self) -> None: ...

    async def check(self) -> str:
        return "SMS_SECRET: set"

    async def deliver(self, message: Outgoing) -> str:
        assert not message.choices
        assert len(message.text) <= self.limits.text
        self.sent.append((message.chat_id, message.text))
        return str(len(self.sent))

    async def fetch(self, file_id: str, most: int) -> bytes:
        raise FileNotRead("file.not_fetched")

    def invite_link(self, code: str, *, group: bool = False) -> str:
        return "" if group else f"sms:8088?body={code}"

    def health(self) -> str:
        return ""


def _load() -> Opener:
    return Sms


CHANNEL = Folder(_load, SmsSettings, needs="sms_secret")
