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
AWAY_SECONDS, WARNED_SECONDS = 20.0, 10.0
SHORT_SECONDS = 2  # a poll for what waits already
SIGN = "\U0001f600"  # one character, two units of UTF-16
NAMED = ("groups", "webhook", "text", "picture", "unsupported", "group", "wrapper", "replay", "length", "gap")


@dataclass
class Trial:
    """One bot's trial. say: takes each line. seconds, away: how long it listens, and is deaf. warned: how long its
    reader has to stop it, since what it fetches may be given once and is stored nowhere.
    """

    bot: ZaloBot
    say: Callable[[str], None]
    seconds: float = LISTEN_SECONDS
    away: float = AWAY_SECONDS
    warned: float = WARNED_SECONDS
    seen: dict[str, str] = field(default_factory=dict)  # what was found out, by its name
    updates: set[str] = field(default_factory=set)  # those that came, each by its message's id or its own text
    chat: str = ""

    async def run(self) -> None:
        """Tries everything that can be tried from here. Raises ZaloFault for a token or server that does not work."""
        self.note("groups", "joins" if self.bot.joins_groups else "no_groups")
        if url := await webhook_of(self.bot):
            self.note("webhook", "posted", url=url)
            return
        self.say(_words("takes", seconds=f"{self.warned:.0f}"))
        await asyncio.sleep(self.warned)
        self.say(_words("ask"))
        first = True
        async for update in self._updates(self.seconds):
            self._look(update)
            if first and self.chat:
                first = False
                _, again = await self._rest()
                self.note("replay", "again" if again else "once")
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

    def _look(self, update: dict[str, Any]) -> bool:
        """Whether it is new, its shape being noted then."""
        self.note("wrapper", "wrapped" if "result" in update else "flat")
        update = update.get("result") or update
        name = _name(update)
        if name in self.updates:
            return False
        self.updates.add(name)
        self._note_shape(update)
        return True

    def _note_shape(self, update: dict[str, Any]) -> None:
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

    async def _rest(self) -> tuple[bool, bool]:
        """Looks at all that waits: (something new came, something came again). Where all comes again and again, it is
        asked until nothing new was among as many as are known.
        """
        new, again = False, 0
        while again <= len(self.updates):
            await asyncio.sleep(APART_SECONDS)
            update = await self._poll(wait=SHORT_SECONDS)
            if update is None:
                break
            new, again = (True, 0) if self._look(update) else (new, again + 1)
        return new, again > 0

    async def _length(self) -> None:
        """In which unit a text of 2,000 is counted: this one has fewer characters and more units."""
        text = SIGN * (TEXT_LIMIT // 2 + 1)
        try:
            await self.bot.call("sendMessage", chat_id=self.chat, text=text)
            self.note("length", "characters")
        except ZaloFault as fault:
            self.note("length", "units", fault=fault)

    async def _gap(self) -> None:
        """Whether a message written while nobody listens is delivered later; what was written before is fetched."""
        await self._rest()
        self.say(_words("away", seconds=f"{self.away:.0f}"))
        await asyncio.sleep(self.away)
        new, _ = await self._rest()
        self.note("gap", "kept" if new else "lost")


def _name(update: dict[str, Any]) -> str:
    """What tells one update from another."""
    message = update.get("message")
    return str((isinstance(message, dict) and message.get("message_id")) or update)


def _words(key: str, **parts: object) -> str:
    return Wording.vietnamese().say(f"zalo_check.{key}", **parts)


def _mention(message: dict[str, Any]) -> bool:
    return str(message.get("text", "")).lstrip().startswith("@")


def _long(date: object) -> bool:
    return isinstance(date, int) and date > 10**11
