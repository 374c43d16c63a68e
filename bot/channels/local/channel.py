"""The local channel: messages in, lines of a chat in the database out, for the chat page and the terminal."""

import asyncio
import hashlib
import secrets
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Final, Literal

from bot.channels.folder import Given
from bot.settings import Settings
from handlers.channel import Channel, Limits, ProcessRole
from handlers.messages import File, FileNotRead, Incoming, IncomingKind, Outgoing
from handlers.wording.speech import Wording
from reporting.text.masking import masked
from storage.database import Database, Statement
from storage.messages import local_chat
from storage.messages.local_chat import LocalMessage

if TYPE_CHECKING:
    from aiohttp.web import RouteDef

BOT: Final = "bot"
"""The sender under which the bot's own lines are kept."""

GROUP_PREFIX: Final = "group:"
GROUP_MEMBER: Final = ("guest", "Thành viên cụm")
"""Id and name of whoever writes in a group without saying as whom: somebody nobody knows."""


def chat_kind(chat_id: str) -> Literal["private", "group"]:
    """A chat is a group when its id says so; there is nobody else to ask."""
    return "group" if chat_id.startswith(GROUP_PREFIX) else "private"


def incoming(
    chat_id: str, name: str, message_id: str, now: datetime, *, text: str = "", choice: str = "", speaker: str = ""
) -> Incoming:
    """What a person did in a chat: wrote `text`, or tapped the button with the data `choice`.

    speaker: in a group, the private chat of the member who does it. A photo is put to it by `Local.photographed`.
    """
    kind = chat_kind(chat_id)
    sender_id, sender_name = (speaker or GROUP_MEMBER[0], GROUP_MEMBER[1]) if kind == "group" else (chat_id, name)
    return Incoming(
        channel=Local.name,
        bot=Local.name,
        message_id=message_id,
        chat_id=chat_id,
        chat_kind=kind,
        sender_id=sender_id,
        sender_name=sender_name,
        kind="choice" if choice else "text",
        at=now,
        text=text,
        choice=choice,
    )


# Begins the keys of lines that are no outbox row's.
SAID = "said:"


def open_local(_: Settings, given: Given) -> Channel:
    """The chats of the bot's own database."""
    assert given.db is not None
    return Local(given.db, given.now)


class Local:
    """Delivers by writing a line into a chat; whoever waits for that chat is woken after the commit.

    db: an open database. now: the clock that dates the lines. told: is called whenever something was said; another
    phone of the demo, which is a channel of its own, wakes the page so.
    """

    name = "local"
    title = "trang thử"
    account = server = ""
    limits = Limits(groups=GROUP_PREFIX)

    def __init__(self, db: Database, now: Callable[[], datetime]) -> None:
        self._db = db
        self._now = now
        self.told: Callable[[], None] = lambda: None
        self._news = asyncio.Event()
        # Drawn, so that a reader left over from the process before does not meet its own number by chance.
        self._revision = secrets.randbelow(1 << 40)
        self._closed = False

    @property
    def revision(self) -> int:
        """Differs whenever something was said in any chat; for readers who follow all of them."""
        return self._revision

    async def deliver(self, message: Outgoing) -> str:
        """Writes the bot's message and returns its key.

        One whose `key` was written before is not written again, so a delivery whose success was never noted
        may be repeated.
        """
        kept = message.edits or message.key or _drawn_key()
        choices = [(choice.label, choice.data) for choice in message.choices]
        unit = [local_chat.drop(message.chat_id, message.edits)] if message.edits else []
        unit += [local_chat.write(message.chat_id, BOT, message.text, choices, self._now(), kept)]
        if (file := message.file) is not None and file.there:
            unit += await self._photo_again(message, kept, file.there)
        elif file is not None:
            unit.append(local_chat.enclose(kept, file.name, file.picture, file.content))
        await self._write(unit)
        return kept

    async def _photo_again(self, message: Outgoing, kept: str, mark: str) -> list[Statement]:
        """A photo that somebody sent here, which may be gone with the rest of that chat."""
        if await local_chat.enclosed(self._db, mark=mark):
            return [local_chat.enclose_again(kept, mark)]
        gone = Wording.vietnamese().say("photo.gone")
        return [local_chat.write(message.chat_id, BOT, gone, [], self._now(), f"{kept}/gone")]

    async def photographed(self, event: Incoming, photo: File) -> Incoming:
        """The message with a photo that is said with it; it is written by this, and has no other line in the chat."""
        await self.say(event.chat_id, event.sender_name, event.text, event.message_id, photo)
        found = await local_chat.enclosed(self._db, message=f"{SAID}{event.message_id}")
        kind: IncomingKind = event.kind if event.text else "picture"
        mark = hashlib.sha256(photo.content).hexdigest()
        return replace(event, kind=kind, file_id=found, file_name=photo.name, file_mark=mark)

    async def say(
        self, chat_id: str, sender_name: str, text: str, message_id: str = "", photo: File | None = None
    ) -> None:
        """Writes what a person said.

        message_id: the sender's own id of it; the same one again writes nothing, so a page that lost the
        answer to a request may repeat it. photo: goes with it.
        """
        # A person who calls himself "bot" must not pass for it.
        name = f"{sender_name}\N{NO-BREAK SPACE}" if sender_name == BOT else sender_name
        kept = f"{SAID}{message_id}" if message_id else _drawn_key()
        unit = [local_chat.write(chat_id, name, masked(text), [], self._now(), kept)]
        if photo is not None:
            unit.append(local_chat.enclose(kept, photo.name, photo.picture, photo.content))
        await self._write(unit)

    async def wait_for_news(self, chat_id: str, after: int, seconds: float) -> list[LocalMessage]:
        """Lines of the chat with an id above `after`, oldest first; none if `seconds` brought none."""
        until = asyncio.get_running_loop().time() + seconds
        while True:
            news = self._news  # taken before the read: what is written after it sets this very event
            messages = await local_chat.since(self._db, chat_id, after)
            if messages or not await self._woken(news, until):
                return messages

    async def wait_for_change(self, revision: int, seconds: float) -> None:
        """Returns once `self.revision` differs from `revision`, at the latest after so many seconds."""
        until = asyncio.get_running_loop().time() + seconds
        while self._revision == revision and await self._woken(self._news, until):
            pass

    def touch(self) -> None:
        """Wakes whoever waits: there may be news, or the clock was moved."""
        self._revision += 1
        self._news.set()
        self._news = asyncio.Event()
        self.told()

    def room(self, text: str) -> int | None:
        """How much a text leaves of the longest message, where more of it may follow; None: it is whole."""
        return None

    async def start(self, role: ProcessRole) -> None:
        """Nothing: the database is open."""

    async def announce(self) -> None:
        """Nothing: nobody posts."""

    async def run(self) -> None:
        """Only waits: the page and the terminal hand over what is said."""
        await asyncio.Event().wait()

    async def stop(self) -> None:
        """Nobody waits any longer; without this a page left open would hold up the end of the process."""
        self._closed = True
        self.touch()

    async def check(self) -> str:
        """Nothing can be wrong with it."""
        return "local: in the database"

    def routes(self) -> "Sequence[RouteDef]":
        """None: the chat page is the demo's, which has a clock for it."""
        return ()

    async def fetch(self, file_id: str, most: int) -> bytes:
        """Nobody sends files here."""
        raise FileNotRead("file.not_fetched")

    def invite_link(self, code: str, *, group: bool = False) -> str:
        """None: a code is typed."""
        return ""

    def health(self) -> str:
        """Always well: it has no server."""
        return ""

    async def _write(self, unit: list[Statement]) -> None:
        await self._db.write(unit)
        self.touch()

    async def _woken(self, news: asyncio.Event, until: float) -> bool:
        """Whether something happened before `until`, a moment of the loop's clock."""
        if self._closed:
            return False
        try:
            async with asyncio.timeout_at(until):
                await news.wait()
        except TimeoutError:
            return False
        return True


def _drawn_key() -> str:
    return SAID + secrets.token_hex(8)
