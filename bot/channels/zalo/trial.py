"""What is not known for sure about Zalo, tried with a real token: the bots in, a line for each thing found out."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

from bot.channels.zalo.channel import ZaloBot, webhook_of
from bot.channels.zalo.client import TIMED_OUT, ZaloFault, ZaloRefused
from bot.channels.zalo.updates import TEXT_LIMIT

LISTEN_SECONDS, POLL_SECONDS, APART_SECONDS = 240.0, 10, 1.0
AWAY_SECONDS = 20.0
SIGN = "\U0001f600"  # one character, two units of UTF-16
ASK = (
    "Trong bốn phút tới, từ điện thoại, nhắn cho bot: một tin chữ, một ảnh, một tệp; nếu bot ở trong nhóm thì nhắc tên"
    " bot trong nhóm. (Within four minutes write to the bot: a text, a picture, a file; in a group mention it.)"
)
AWAY = f"Bây giờ bot ngừng nghe {AWAY_SECONDS:.0f} giây: nhắn thêm một tin chữ. (It is deaf now: write once more.)"

ONCE = "an update comes once: what a process has fetched when it is killed is lost, so run with ZALO_MODE=webhook"


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
        self.note("groups", "the bot may join groups" if self.bot.joins_groups else "can_join_groups is false")
        if url := await webhook_of(self.bot):
            self.note("webhook", f"Zalo posts to {url}: polling is not tried; end it with 'giaoban zalo unhook'")
            return
        self.say(ASK)
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
                self.note(name, "nothing came: not tried")
        self.say("not tried from here: whether messages that come in count, and whether a bot may write after 48 hours")

    def note(self, name: str, found: str) -> None:
        """One thing is known now."""
        if self.seen.get(name) != found:
            self.seen[name] = found
            self.say(f"{name}: {found}")

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
        self.note(
            "wrapper", "the body is wrapped once more" if "result" in update else "the body is flat in the result"
        )
        update = update.get("result") or update
        event, message = str(update.get("event_name")), update.get("message")
        if not isinstance(message, dict):
            self.note("unsupported" if "unsupported" in event else event, "comes without a message")
            return
        chat, sender = message.get("chat") or {}, message.get("from") or {}
        kind = str(chat.get("chat_type", "not there"))
        if chat.get("id") == sender.get("id"):
            self.chat = str(chat.get("id"))
        else:
            self.note(
                "group", f"chat_type {kind}; the text begins {'with' if _mention(message) else 'without'} the mention"
            )
        if "image" in event:
            self.note(
                "picture",
                f"under {' and '.join(n for n in ('photo', 'photo_url') if n in message) or 'no field known'}",
            )
        elif "unsupported" in event:
            self.note("unsupported", "comes with a message")
        elif "text" in event:
            self.note(
                "text", f"chat_type {kind}, date {'in milliseconds' if _long(message.get('date')) else 'otherwise'}"
            )

    async def _replay(self, first: dict[str, Any]) -> None:
        """Whether what was fetched comes again."""
        await asyncio.sleep(APART_SECONDS)
        again = await self._poll(wait=2)
        self.note("replay", "the same update comes with every poll" if again == first else ONCE)
        if again is not None:
            self._look(again)

    async def _length(self) -> None:
        """In which unit a text of 2,000 is counted: this one has fewer characters and more units."""
        text = SIGN * (TEXT_LIMIT // 2 + 1)
        try:
            await self.bot.call("sendMessage", chat_id=self.chat, text=text)
            self.note("length", "2,000 is counted in characters; the bot cuts earlier, in UTF-16 units")
        except ZaloFault as fault:
            self.note("length", f"2,000 is counted in UTF-16 units or bytes ({fault})")

    async def _gap(self) -> None:
        """Whether a message written while nobody listens is delivered later."""
        self.say(AWAY)
        await asyncio.sleep(self.away)
        update = await self._poll()
        self.note("gap", "a message written meanwhile is delivered" if update else "nothing came of that time")
        if update:
            self._look(update)


def _mention(message: dict[str, Any]) -> bool:
    return str(message.get("text", "")).lstrip().startswith("@")


def _long(date: object) -> bool:
    return isinstance(date, int) and date > 10**11
