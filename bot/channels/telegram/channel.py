"""The Telegram channel: starts a bot, takes in what people do, and hands messages over."""

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import Any, Literal

import aiohttp
import structlog
from telegram import Bot
from telegram.error import InvalidToken, TelegramError
from telegram.request import RequestData

from bot.channels.telegram.http import AiohttpRequest, FileData, FloodWait, JsonData
from bot.channels.telegram.menu import Menu, offer
from bot.channels.telegram.polling import Polling
from bot.channels.telegram.sending import FloodWatch, bold_entities, caption_fits, failure, keyboard, split_text, ways
from bot.channels.telegram.updates import ALLOWED_UPDATES, CHANNEL, UpdateReader
from handlers.intake.arrivals import Arrival
from handlers.messages import File, NotDelivered, Outgoing
from handlers.report.files import FileNotRead
from handlers.wording.speech import Wording

log = structlog.get_logger("telegram")
# At debug the library logs its base address, which contains the token, and every text it sends.
logging.getLogger("telegram").setLevel(logging.INFO)

PUBLIC_API = "https://api.telegram.org"
START_LIMIT = 2.5  # seconds; with its imports on a busy machine the process has to be over within five
PART_PATIENCE = 20.0  # seconds a half-sent long message may wait out the chat's flood control


class StartError(Exception):
    """The bot cannot start; one line for the operator, naming the setting to look at."""


class Telegram:
    """One Telegram bot.

    intake: stores a batch of arrivals and returns only after the commit; raising means "not stored".
    now: the current instant, aware UTC. sleep: every wait of this channel goes through it.
    session: a shared aiohttp session; without one the channel opens and closes its own.
    """

    name = CHANNEL

    def __init__(
        self,
        token: str,
        *,
        intake: Callable[[list[Arrival]], Awaitable[None]],
        now: Callable[[], datetime],
        api_url: str = PUBLIC_API,
        session: aiohttp.ClientSession | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        poll_timeout: int = 25,
        read_timeout: float = 15.0,
        menu: Menu | None = None,
    ) -> None:
        self._token, self._api_url = token.strip(), api_url.rstrip("/")
        self._reader = UpdateReader(self._token.partition(":")[0], now)
        self._intake, self._sleep = intake, sleep
        self._poll_timeout, self._read_timeout = poll_timeout, read_timeout
        self._session, self._owns_session = session, session is None
        self._menu = menu or Menu.of(Wording.vietnamese())
        self._flood = FloodWatch()
        self._background: set[asyncio.Task[None]] = set()
        self._bot: Bot | None = None
        self._polling: Polling | None = None
        self._request: AiohttpRequest

    @property
    def bot_id(self) -> str:
        """The bot's numeric id, the part of the token before the colon."""
        return self._reader.bot

    @property
    def username(self) -> str:
        """The bot's name without @, for https://t.me/<username>?start=CODE; empty before `start`."""
        return self._reader.username

    async def start(self, mode: Literal["poll", "webhook", "send"] = "poll") -> None:
        """Checks token and server, and offers the menu. Raises StartError within five seconds.

        poll: takes a webhook down, keeping what waits for the bot. send: nothing but the check, for a
        process that only sends.
        """
        try:
            bot = await self._begin(poll=mode == "poll")
        except BaseException:
            await self.close()
            raise
        if mode != "send":
            self._in_background(offer(bot, self._menu))

    async def close(self) -> None:
        """Drops what still runs in the background and the connections. May be called at any time."""
        for task in self._background:
            task.cancel()
        await asyncio.gather(*self._background, return_exceptions=True)
        self._bot = None
        if self._owns_session and self._session is not None:
            await self._session.close()
            self._session = None

    async def poll(self) -> None:
        """Fetches and stores updates until cancelled. Whatever fails, it waits and goes on."""
        self._polling = Polling(self._reader, self._get_updates, self._intake, self.confirm, self._sleep)
        await self._polling.run()

    def held_up(self) -> str:
        """What has kept polling from fetching for over a minute: network, server, token, conflict …; else empty."""
        return self._polling.held_up() if self._polling is not None else ""

    def parse_webhook(self, body: bytes) -> Arrival:
        """The Arrival in the body of one webhook request. Never raises; store it, then `confirm` it."""
        return self._reader.webhook(body)

    def confirm(self, stored: Sequence[Arrival]) -> None:
        """Tells the phones, in the background, that the button presses among these were received."""
        for arrival in stored:
            if arrival.tap and self._bot is not None:
                self._in_background(self._answer(self._bot, arrival.tap))

    async def set_webhook(self, url: str, secret: str) -> None:
        """Has Telegram post updates to that address from now on. Raises StartError."""
        try:
            await self._started().set_webhook(
                url, secret_token=secret, allowed_updates=ALLOWED_UPDATES, drop_pending_updates=False
            )
        except TelegramError as fault:
            raise StartError(f"GIAOBAN_PUBLIC_URL: Telegram refuses the webhook ({fault})") from None

    async def deliver(self, message: Outgoing) -> str:
        """Sends one message, a long one in parts, and returns the id of the (last) part. Raises NotDelivered.

        Once a part has arrived, "wait" would send it twice: short floods are then waited out here, and any
        other failure but a lost chat is "unknown". A file carries the text under it, or comes after a long one.
        """
        sends: list[Callable[[], Awaitable[str]]] = []
        if message.file is not None and caption_fits(message.text):
            sends.append(partial(self._send_file, message, message.file, message.text))
        else:
            parts = split_text(message.text)
            sends += [partial(self._send, message, part, last=part is parts[-1]) for part in parts]
            if message.file is not None:
                sends.append(partial(self._send_file, message, message.file, ""))
        sent = await sends[0]()
        for number, send in enumerate(sends[1:], start=2):
            try:
                sent = await self._send_next(send) or sent
            except NotDelivered as fault:
                kind = fault.kind if fault.kind == "unreachable" else "unknown"
                raise NotDelivered(kind, f"part {number} of {len(sends)}: {fault.reason}") from fault
        return sent

    async def _send_next(self, send: Callable[[], Awaitable[str]]) -> str:
        waited = 0.0
        while True:
            try:
                return await send()
            except NotDelivered as fault:
                pause = max(1.0, fault.retry_after)
                if fault.kind != "wait" or waited + pause > PART_PATIENCE:
                    raise
            waited += pause
            await self._sleep(pause)

    async def _send(self, message: Outgoing, text: str, *, last: bool) -> str:
        data: dict[str, Any] = {
            "chat_id": message.chat_id,
            "text": text,
            "link_preview_options": {"is_disabled": True},
        }
        if entities := bold_entities(text, message.bold):
            data["entities"] = entities
        if last and message.choices:
            data["reply_markup"] = keyboard(message.choices)
        return await self._deliver("sendMessage", message.chat_id, JsonData(data))

    async def _send_file(self, message: Outgoing, file: File, caption: str) -> str:
        """The file with its caption and then the buttons, which a file without words does not have. One that
        Telegram refuses is left out: its words go as a message, and "" is returned where there are none.
        """
        data: dict[str, Any] = {"chat_id": message.chat_id}
        if caption:
            data["caption"] = caption
            if message.choices:
                data["reply_markup"] = keyboard(message.choices)
        if not (found := ways(file)):
            log.error("file too large", size=len(file.content))
        for method, field in found:
            try:
                return await self._deliver(method, message.chat_id, FileData(data, field, file.name, file.content))
            except NotDelivered as fault:
                if fault.kind != "refused":
                    raise
                log.warning("file refused", method=method, size=len(file.content), reason=fault.reason)
        return await self._send(message, caption, last=True) if caption else ""

    async def _deliver(self, method: str, chat_id: str, data: RequestData) -> str:
        try:
            # The whole Message that comes back is not parsed: only its id is wanted, and a field the library
            # cannot read must not turn a delivered message into a failed one.
            sent = await self._call(method, data)
        except TelegramError as fault:
            flooded = isinstance(fault, FloodWait)
            whole_bot = flooded and self._flood.whole_bot(chat_id, asyncio.get_running_loop().time())
            raise failure(fault, whole_bot=whole_bot) from None
        try:
            return str(sent["message_id"])
        except (KeyError, TypeError):
            raise NotDelivered("unknown", f"the answer to {method} has no message_id") from None

    async def fetch(self, file_id: str, most: int) -> bytes:
        """The bytes of a file that was sent to the bot. Raises FileNotRead, also for one larger than `most`."""
        try:
            file = await self._started().get_file(file_id)
            if (file.file_size or 0) > most:
                raise FileNotRead("file.too_large")
            return bytes(await file.download_as_bytearray())
        except TelegramError as fault:
            raise FileNotRead("file.not_fetched") from fault

    async def _get_updates(self, offset: int | None) -> Any:
        data = {
            "timeout": self._poll_timeout,
            "limit": 100,
            "allowed_updates": ALLOWED_UPDATES,
            "offset": offset,
        }
        # Raw: the library parses a batch as a whole, so that one bad update would hold up all others.
        return await self._call("getUpdates", JsonData(data), silence=self._poll_timeout + self._read_timeout)

    async def _call(self, method: str, data: RequestData, *, silence: float | None = None) -> Any:
        """One method's raw result: those that are called with every message, and whose results are not parsed."""
        url = f"{self._started().base_url}/{method}"
        try:
            return await self._request.post(url, data, read_timeout=silence or self._read_timeout)
        except (KeyError, TypeError):
            raise TelegramError("the answer has no result") from None

    async def _answer(self, bot: Bot, tap: str) -> None:
        # Only the phone's waiting sign hangs on it. After an outage all are too old, which nobody can mend.
        with suppress(TelegramError):
            await bot.answer_callback_query(tap)

    async def _begin(self, *, poll: bool) -> Bot:
        if not re.fullmatch("[A-Za-z0-9_:-]+", self._token):  # it becomes part of an address
            raise StartError("TELEGRAM_BOT_TOKEN: this is not a token, which looks like 123456:ABC-DEF")
        try:
            async with asyncio.timeout(START_LIMIT):
                bot = await self._connect()
                if poll:
                    await bot.delete_webhook(drop_pending_updates=False)
                return bot
        except TimeoutError:
            raise StartError(f"TELEGRAM_API_URL: {self._api_url} does not answer") from None
        except TelegramError as fault:
            raise StartError(f"TELEGRAM_API_URL: {self._api_url} does not work ({fault})") from None

    async def _connect(self) -> Bot:
        if self._session is None:
            # Idle connections are dropped before servers do it: a request on one they just closed is lost
            # without anyone knowing whether it was read.
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=100, keepalive_timeout=15), cookie_jar=aiohttp.DummyCookieJar()
            )
        self._request = AiohttpRequest(self._session, read=self._read_timeout)
        try:
            bot = Bot(
                self._token,
                f"{self._api_url}/bot",
                f"{self._api_url}/file/bot",
                request=self._request,
                get_updates_request=self._request,
            )
            me = await bot.get_me()
        except InvalidToken as fault:
            if fault.__cause__ is not None:  # the 404 page of some other web server
                raise StartError(f"TELEGRAM_API_URL: {self._api_url} is not a Bot API server") from None
            raise StartError("TELEGRAM_BOT_TOKEN: Telegram does not know this token") from None
        except (KeyError, TypeError):
            raise StartError(f"TELEGRAM_API_URL: {self._api_url} is not a Bot API server") from None
        self._reader.username = me.username or ""
        self._bot = bot
        return bot

    def _in_background(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._background.add(task)
        task.add_done_callback(self._background.discard)

    def _started(self) -> Bot:
        if self._bot is None:
            raise RuntimeError("the Telegram channel is not started")
        return self._bot
