"""Plays a journey on a phone with Zalo: through the webhook and the loopback server, every tap typed."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Self

from aiohttp import web
from pydantic import SecretStr
from text_only import SAY, TextOnly
from zalo_api.server import TOKEN, ZaloServer

from bot.app import App
from bot.channels.open import settings_class
from bot.clock import MovableClock
from bot.demo.open import Demo
from bot.settings import load_settings
from bot.web import Site, serve
from handlers.channel import Limits
from storage.engine.open import open_database
from storage.messages.local_chat import LocalMessage

BOT = TOKEN.partition(":")[0]
# What a text says of the channel it is said on.
SAID_OF_IT = ((f"zalo {BOT}/", "local "), ("trên Zalo", "trên trang thử"))


@dataclass
class ZaloPlayer(TextOnly):
    """One journey played there."""

    zalo: ZaloServer = field(default_factory=ZaloServer)
    runner: web.AppRunner | None = None
    photos: int = 0
    uploads: Iterator[int] = field(default_factory=itertools.count)
    album: str = ""

    @classmethod
    async def begin(cls, url: str, now: datetime, limits: Limits) -> Self:
        db = await open_database(url)
        await db.write(
            [
                (f"update account set channel = 'zalo', chat_id = '{BOT}/' || chat_id", ()),
                (f"update group_chat set channel = 'zalo', chat_id = 'group:{BOT}/' || substr(chat_id, 7)", ()),
            ]
        )
        await db.close()
        zalo = ZaloServer()
        zalo.date = ""  # the server's clock goes on while the bot's is held
        await zalo.start()
        player = cls(url, await _opened(url, now, zalo, limits), zalo=zalo)
        await player._serve()
        return player

    async def _serve(self) -> None:
        self.runner, port = await serve(Site(self.demo.app).routes(), "127.0.0.1", 0)
        self.zalo.behind = f"http://127.0.0.1:{port}"
        await self.demo.app.channels["zalo"].announce()

    async def _close(self) -> None:
        assert self.runner is not None
        await self.runner.cleanup()
        await self.demo.app.close()

    async def restart(self) -> None:
        now, limits = self.demo.clock.now(), self.demo.local.limits
        await self._close()
        self.demo = await _opened(self.url, now, self.zalo, limits)
        await self._serve()

    async def end(self) -> None:
        await self.zalo.stop()
        await self._close()

    async def look(self) -> None:
        chat = self.chat.removeprefix("group:")
        said = [message for message in self.zalo.said if message.chat == chat]
        for message in said[self.seen.get(self.chat, 0) :]:
            text = message.text
            if text.startswith(SAY("allowance.head")):
                continue  # only a channel that counts messages tells of it
            for here, there in SAID_OF_IT:
                text = text.replace(here, there)
            self.hear(LocalMessage(0, "bot", text, (), 0))
        self.seen[self.chat] = len(said)

    async def photograph(self, name: str, text: str) -> None:
        """Sends a photo: those of an album in one minute, others each in its own, by which Zalo's are told."""
        album, _, own = name.rpartition("/")
        self.photos += not (album and album == self.album)
        self.album = album
        group = self.chat.removeprefix("group:") if self.chat.startswith("group:") else ""
        self.zalo.writes(
            self.speaker,
            kind="image",
            group=group,
            caption=f"@Bot Giao ban {text}" if group else text,
            date=int((self.demo.clock.now() + timedelta(minutes=self.photos)).timestamp() * 1000),
            **{"from": {"id": self.speaker, "display_name": self.speaker}},
            **{self.zalo.photo_field: f"https://photo.zalo.test/{next(self.uploads)}/{own}"},
        )
        await self.zalo.emptied()
        await self.demo.app.settle()
        await self.look()

    async def send(self, **what: Any) -> None:
        group = self.chat.removeprefix("group:") if self.chat.startswith("group:") else ""
        sender = {"id": self.speaker, "display_name": self.speaker}
        around = {"date": int(self.demo.clock.now().timestamp() * 1000), "group": group, "from": sender}
        if what.get("kind") == "edited":
            self.deaf = True  # nothing of Zalo tells of it
        elif "kind" in what:
            self.zalo.writes(self.speaker, kind="sticker", **around)
        else:
            self.zalo.writes(self.speaker, ("@Bot Giao ban " if group else "") + what["text"], **around)
        await self.zalo.emptied()


async def _uploaded(address: str, _: int) -> bytes:
    """The bytes behind the address: the same for the same picture, whose addresses differ."""
    return address.rpartition("/")[2].encode()


async def _opened(url: str, now: datetime, zalo: ZaloServer, limits: Limits) -> Demo:
    """The app with both channels on that database, its clock held at `now`, nothing running by itself."""
    settings = load_settings(
        settings_class(),
        _env_file=None,
        giaoban_database_url=url,
        giaoban_public_url="https://giaoban.test",
        zalo_bot_token=SecretStr(TOKEN),
        zalo_api_url=zalo.url,
        zalo_mode="webhook",
        zalo_webhook_secret=SecretStr("made-up-for-the-loopback"),
    )
    clock = MovableClock(now, held=True)
    app = await App.open(settings, clock, only=("local", "zalo"))
    demo = Demo(app, clock)
    demo.local.limits = limits
    channel = app.channels["zalo"]
    # The journeys are of asking question by question; their files are shown, not linked, and no code names a bot.
    # They were written where the bot sees all that is said in a group.
    channel.limits = replace(
        channel.limits, mentioned=False, dear=limits.dear, files=limits.files, bots={}, bot_people=0
    )
    channel.fetch = _uploaded
    await channel.start("all")
    await app.start("stepped")
    return demo
