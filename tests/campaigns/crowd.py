"""A Bot API server that outlives the bot, a crowd of people who answer through it, and a proxy for its webhook."""

import asyncio
import random
from collections import Counter, deque
from collections.abc import Sequence
from itertools import cycle
from typing import Any

import aiohttp
from aiohttp import web
from bot_api.chats import Chat, Sent
from bot_api.mailbox import Mailbox
from bot_api.server import BotApi

PUBLIC = "https://giaoban.test"
AGAIN = 100  # updates delivered once more
LANES = 16  # connections the server posts to the webhook on at the same time
PAUSE = 0.05
UNASKED = "Kỳ báo cáo"  # begins what the bot says by itself at seven in the morning: no answer to anything


class Crossroads(BotApi):
    """The Bot API on the loopback; tells people what they get, and posts to the webhook as a TLS proxy would,
    to its ports in turn.
    """

    mailbox: "Lanes"

    def __init__(self, *ports: int) -> None:
        super().__init__()
        self.mailbox = Lanes([f"http://127.0.0.1:{port}" for port in ports or (0,)])
        self.people: dict[int, Person] = {}
        self.latency = 0.0
        self._dice = random.Random(1)

    async def _call(self, request: web.Request) -> web.StreamResponse:
        """A message takes `latency` seconds to arrive, and its answer as long; half of those whose sender dies
        meanwhile do not arrive."""
        if not self.latency or not request.path.casefold().endswith("/sendmessage"):
            return await super()._call(request)
        await asyncio.sleep(self.latency)
        if (request.transport is None or request.transport.is_closing()) and self._dice.random() < 0.5:
            return web.Response()
        answer = await super()._call(request)
        await asyncio.sleep(self.latency)
        return answer

    def send(self, chat: Chat, text: str, keyboard: list[list[dict[str, Any]]], **file: Any) -> Sent:
        sent = super().send(chat, text, keyboard, **file)
        if person := self.people.get(chat.id):
            person.hears(text)
        return sent


class Lanes(Mailbox):
    """Posts several chats' updates side by side, one chat's in order; a refused one is posted again.

    taken: how many each address took. `deliver_again` brings back the newest confirmed updates, as after a confirmation
    that got lost on its way.
    """

    def __init__(self, behind: Sequence[str]) -> None:
        super().__init__()
        self.behind, self._turn = behind, cycle(behind)
        self.taken: Counter[str] = Counter()
        self._busy: set[int] = set()
        self._newest: deque[dict[str, Any]] = deque(maxlen=AGAIN)

    def set_webhook(self, url: str, secret: str, *, drop: bool) -> None:
        super().set_webhook(url.replace(PUBLIC, self.behind[0]), secret, drop=drop)

    async def _post_all(self, url: str, secret: str) -> None:
        self._busy.clear()
        headers = {"X-Telegram-Bot-Api-Secret-Token": secret}
        timeout = aiohttp.ClientTimeout(total=10)
        async with aiohttp.ClientSession(timeout=timeout) as session, asyncio.TaskGroup() as lanes:
            for _ in range(LANES):
                lanes.create_task(self._lane(session, url, headers))

    async def _lane(self, session: aiohttp.ClientSession, url: str, headers: dict[str, str]) -> None:
        while True:
            update = await self._bell.until(self._next, within=None)
            self._busy.add(_chat(update))
            taken = False
            to = next(self._turn)
            try:
                async with session.post(url.replace(self.behind[0], to), json=update, headers=headers) as answer:
                    taken = answer.ok
                    self.taken[to] += taken
            except (aiohttp.ClientError, TimeoutError):
                await asyncio.sleep(PAUSE)
            finally:
                self._busy.discard(_chat(update))
            if taken:
                self.pending.remove(update)
                self._confirm(update)
            self._bell.ring()

    def _confirm_first(self) -> None:
        self._confirm(self.pending.popleft())

    def _confirm(self, update: dict[str, Any]) -> None:
        self.confirmed.append(update["update_id"])
        self._newest.append(update)

    def deliver_again(self) -> None:
        """The newest confirmed updates wait once more, before all others."""
        self.pending.extendleft(reversed(self._newest))
        self._newest.clear()
        self._bell.ring()

    def _next(self) -> dict[str, Any] | None:
        return next((update for update in self.pending if _chat(update) not in self._busy), None)


def _chat(update: dict[str, Any]) -> int:
    return int(update["message"]["chat"]["id"])


class Person:
    """Says something new as soon as everything said before has been answered.

    A hasty person says three things at once. Values count up, so that no two messages and no two answers of
    one chat are the same; a petition is a row of its own, so that handling it twice cannot stay unseen.
    """

    def __init__(self, api: Crossroads, chat: int, unit: int, dice: random.Random) -> None:
        self.unit = unit
        self.hasty = dice.random() < 0.2
        self.amounts: list[int] = []
        self.petitions: list[str] = []
        self.updates: dict[int, int | str] = {}
        self.heard: Counter[str] = Counter()
        self._user = api.user(chat, f"Người {chat}")
        self._dice = dice
        self._content = asyncio.Event()
        api.people[chat] = self

    @property
    def said(self) -> int:
        """How many messages so far."""
        return len(self.updates)

    @property
    def answered(self) -> int:
        """How many different answers arrived."""
        return sum(not text.startswith(UNASKED) for text in self.heard)

    @property
    def repeats(self) -> int:
        """Answers that arrived again."""
        return self.heard.total() - len(self.heard)

    def hears(self, text: str) -> None:
        """An answer arrives."""
        self.heard[text] += 1
        if self.answered >= self.said:
            self._content.set()

    async def talk(self, until: asyncio.Event) -> None:
        """Answers and asks until told to stop, then waits for the last answer."""
        while not until.is_set() and len(self.amounts) < 900:
            for _ in range(3 if self.hasty else 1):
                self._say()
            self._content.clear()
            await self._content.wait()

    def _say(self) -> None:
        if self._dice.random() < 0.1:
            text = f"lần {self.said} của thôn {self.unit}"
            number, said = self._user.says(f"kiến nghị {text}"), text
            self.petitions.append(text)
        else:
            self.amounts.append(len(self.amounts) + 1)
            number, said = self._user.says(f"cây xanh {len(self.amounts)}"), len(self.amounts)
        assert number is not None
        self.updates[number] = said


class Crowd:
    """All of them."""

    def __init__(self, api: Crossroads, chats: dict[int, int], dice: random.Random) -> None:
        self.people = [Person(api, chat, unit, dice) for chat, unit in chats.items()]
        self._api = api
        self._enough = asyncio.Event()
        self._talking: list[asyncio.Task[None]] = []

    def begin(self) -> None:
        """Everybody starts to talk."""
        self._talking = [asyncio.create_task(person.talk(self._enough)) for person in self.people]

    async def fall_silent(self, within: float) -> bool:
        """Nobody says anything new; whether every message was taken and answered in that time."""
        self._enough.set()
        _, waiting = await asyncio.wait(self._talking, timeout=within)
        for task in waiting:
            task.cancel()
        await asyncio.gather(*self._talking, return_exceptions=True)
        try:
            await self._api.mailbox.emptied(within)
        except TimeoutError:
            return False
        return not waiting

    @property
    def said(self) -> int:
        return sum(person.said for person in self.people)

    @property
    def repeats(self) -> int:
        return sum(person.repeats for person in self.people)
