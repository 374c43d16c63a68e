"""What is not known for sure about Zalo, tried with a real token: the bots in, a line for each thing found out."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

from bot.channels.zalo.channel import ZaloBot, webhook_of
from bot.channels.zalo.client import TIMED_OUT, ZaloFault, ZaloRefused
from bot.channels.zalo.updates import TEXT_LIMIT
from handlers.wording.speech import Wording

LISTEN_SECONDS, POLL_SECONDS, APART_SECONDS = 240.0, 10, 1.0
AWAY_SECONDS = 20.0
SIGN = "\U0001f600"  # one character, two units of UTF-16
NAMED = ("groups", "webhook", "text", "picture", "unsupported", "group", "wrapper", "replay", "length", "gap")


@dataclass
class Trial:
    """One bot's trial. say: takes each line. seconds, away: how long it listens, and is deaf."""

    bot: ZaloBot
    say: Callable[[str], None]
    seconds: float = LISTEN_SECONDS
    away: float = AWAY_SECONDS
    seen: dict[str, str] = field(default_factory=dict)  # what was found out, by its name
    chat: str = ""

    async def run(self) -> None:
        """Tries everything that can be tried from here. Raises ZaloFault for a token or server that does not work."""
        self.note("groups", "joins" if self.bot.joins_groups else "no_groups")
        if url := await webhook_of(self.bot):
            self.note("webhook", "posted", url=url)
            return
        self.say(_words("ask"))
        first = True
        async for update in self._updates(self.seconds):
            self._look(update)
            if first and self.chat:
                first = False
                await self._replay(update)
                await self._length()
                await self._gap()
        for name in ("text", "picture", "unsupported", "group"):
            if name not in self.seen:
                self.note(name, "untried")
        self.say(_words("not_here"))

    def note(self, name: str, key: str, **parts: object) -> None:
        """One thing is known now. name: one of NAMED, else an event as Zalo calls it."""
        found = _words(key, **parts)
        if self.seen.get(name) != found:
            self.seen[name] = found
            self.say(_words("line", name=_words(name) if name in NAMED else name, found=found))

    async def _updates(self, seconds: float) -> AsyncIterator[dict[str, Any]]:
        """What comes in that time, one after the other."""
        until = asyncio.get_running_loop().time() + seconds
        while asyncio.get_running_loop().time() < until:
            update = await self._poll()
            if update is not None:
                yield update
            await asyncio.sleep(APART_SECONDS)

    async def _poll(self, wait: int = POLL_SECONDS) -> dict[str, Any] | None:
        assert self.bot.api is not None
        try:
            found = await self.bot.api.call("getUpdates", {"timeout": str(wait)}, silence=wait)
        except ZaloRefused as fault:
            if fault.code == TIMED_OUT:
                return None
            raise
        return found if isinstance(found, dict) else None

    def _look(self, update: dict[str, Any]) -> None:
        """The shape of one update."""
        self.note("wrapper", "wrapped" if "result" in update else "flat")
        update = update.get("result") or update
        event, message = str(update.get("event_name")), update.get("message")
        if not isinstance(message, dict):
            self.note("unsupported" if "unsupported" in event else event, "bare")
            return
        chat, sender = message.get("chat") or {}, message.get("from") or {}
        kind = str(chat.get("chat_type", "not there"))
        if chat.get("id") == sender.get("id"):
            self.chat = str(chat.get("id"))
        else:
            mention = _words("mention" if _mention(message) else "no_mention")
            self.note("group", "in_group", kind=kind, mention=mention)
        if "image" in event:
            fields = ", ".join(name for name in ("photo", "photo_url") if name in message)
            self.note("picture", "field" if fields else "no_field", fields=fields)
        elif "unsupported" in event:
            self.note("unsupported", "with_message")
        elif "text" in event:
            unit = _words("milliseconds" if _long(message.get("date")) else "other_unit")
            self.note("text", "of_text", kind=kind, unit=unit)

    async def _replay(self, first: dict[str, Any]) -> None:
        """Whether what was fetched comes again."""
        await asyncio.sleep(APART_SECONDS)
        again = await self._poll(wait=2)
        self.note("replay", "again" if again == first else "once")
        if again is not None:
            self._look(again)

    async def _length(self) -> None:
        """In which unit a text of 2,000 is counted: this one has fewer characters and more units."""
        text = SIGN * (TEXT_LIMIT // 2 + 1)
        try:
            await self.bot.call("sendMessage", chat_id=self.chat, text=text)
            self.note("length", "characters")
        except ZaloFault as fault:
            self.note("length", "units", fault=fault)

    async def _gap(self) -> None:
        """Whether a message written while nobody listens is delivered later."""
        self.say(_words("away", seconds=f"{AWAY_SECONDS:.0f}"))
        await asyncio.sleep(self.away)
        update = await self._poll()
        self.note("gap", "kept" if update else "lost")
        if update:
            self._look(update)


def _words(key: str, **parts: object) -> str:
    return Wording.vietnamese().say(f"zalo_check.{key}", **parts)


def _mention(message: dict[str, Any]) -> bool:
    return str(message.get("text", "")).lstrip().startswith("@")


def _long(date: object) -> bool:
    return isinstance(date, int) and date > 10**11
