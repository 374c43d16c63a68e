"""The Telegram channel: starts the bot, turns updates into arrivals and hands messages to the Bot API."""

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

import aiohttp
import structlog
from aiohttp import web
from telegram import Bot
from telegram.error import InvalidToken, NetworkError, TelegramError, TimedOut
from telegram.request import RequestData

from bot.channels.folder import Given
from bot.channels.outcome import message_id, not_started
from bot.channels.telegram.http import AiohttpRequest, FileData, FloodWait, JsonData
from bot.channels.telegram.menu import Menu, offer
from bot.channels.telegram.polling import Polling
from bot.channels.telegram.sending import (
    CAPTION_LIMIT,
    GONE,
    NO_TOPIC,
    SAME,
    TEXT_LIMIT,
    FloodWatch,
    bold_entities,
    failure,
    keyboard,
    says,
    ways,
)
from bot.channels.telegram.settings import TelegramSettings
from bot.channels.telegram.updates import ALLOWED_UPDATES, CHANNEL, UpdateReader
from bot.channels.webhook import Webhook
from bot.failures import said
from bot.settings import Settings
from handlers.channel import Channel, Limits, NotStarted, ProcessRole, ServerSilent
from handlers.intake.arrivals import Arrival
from handlers.messages import File, FileNotRead, NotDelivered, Outgoing
from handlers.wording.speech import Wording

MOST_UPDATES = 100  # in one answer of getUpdates, the most the Bot API gives
POLL_SECONDS = 25  # how long getUpdates may wait for something to come; the Bot API advises long polling
READ_SECONDS = 15.0  # how long any other answer may take
MOST_CONNECTIONS = 100
IDLE_SECONDS = 15  # an unused connection is dropped then

log = structlog.get_logger("telegram")
# At debug the library logs its base address, which contains the token, and every text it sends.
logging.getLogger("telegram").setLevel(logging.INFO)

START_LIMIT = 2.5  # seconds; with its imports on a busy machine the process has to be over within five
HOLD_SECONDS = 5.0  # between tries to take over from a process that polled and is gone
WEBHOOK_PATH = "/telegram/webhook"
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"


def open_telegram(settings: Settings, given: Given) -> Channel:
    """The bot of these settings, not started."""
    assert isinstance(settings, TelegramSettings)
    return Telegram(settings, given)


class Telegram:
    """One Telegram bot. sleep: every wait of this channel goes through it."""

    name = CHANNEL
    title = "Telegram"

    def __init__(
        self,
        settings: TelegramSettings,
        given: Given,
        *,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        poll_timeout: int = POLL_SECONDS,
        read_timeout: float = READ_SECONDS,
    ) -> None:
        self._settings, self._given = settings, given
        self._token, self._api_url = settings.telegram_bot_token.get_secret_value().strip(), settings.telegram_api_url
        self.limits = Limits(
            text=TEXT_LIMIT,
            caption=CAPTION_LIMIT,
            units="utf16",
            groups="-",
            overall_per_second=settings.giaoban_send_per_second,
            chat_seconds=settings.giaoban_send_chat_seconds,
            group_per_minute=settings.giaoban_send_group_per_minute,
        )
        self._reader = UpdateReader(self._token.partition(":")[0], given.now)
        self._sleep = sleep
        self._poll_timeout, self._read_timeout = poll_timeout, read_timeout
        self._session: aiohttp.ClientSession | None = None
        self._silent = False
        self._role: ProcessRole | None = None  # until it is started
        self._flood = FloodWatch()
        self._background: set[asyncio.Task[None]] = set()
        self._bot: Bot | None = None
        self._polling: Polling | None = None
        self._request: AiohttpRequest

    @property
    def account(self) -> str:
        """The bot's name with @; empty before `start` and `check`."""
        return f"@{self._reader.username}" if self._reader.username else ""

    @property
    def server(self) -> str:
        """The Bot API server, by its setting."""
        return f"TELEGRAM_API_URL: {self._api_url}"

    def routes(self) -> Sequence[web.RouteDef]:
        """The webhook, where Telegram is to post."""
        if self._settings.telegram_mode != "webhook":
            return ()
        secret = self._settings.telegram_webhook_secret.get_secret_value()
        hook = Webhook(WEBHOOK_PATH, SECRET_HEADER, secret, self._given, self._reader.webhook, self.confirm)
        return (hook.route(),)

    async def start(self, role: ProcessRole = "all") -> None:
        """Checks token and server, and offers the menu unless the process only sends. Raises NotStarted within five
        seconds. Whoever polls takes a webhook down, keeping what waits for the bot.
        """
        self._role = role
        await self._connected(poll=self._polls)
        if self._polls or self._is_posted_to:
            self._in_background(offer(self._started(), Menu.of(Wording.vietnamese())))

    async def announce(self) -> None:
        """Has Telegram post updates here from now on, where it is to. Raises NotStarted."""
        if not self._is_posted_to:
            return
        url, secret = self._settings.giaoban_public_url + WEBHOOK_PATH, self._settings.telegram_webhook_secret
        try:
            await self._started().set_webhook(
                url, secret_token=secret.get_secret_value(), allowed_updates=ALLOWED_UPDATES, drop_pending_updates=False
            )
        except TelegramError as fault:
            raise NotStarted(said("refused_address", name="Telegram", why=fault)) from None

    async def check(self) -> str:
        """Token and server work; the bot's name is known from now on. Raises NotStarted."""
        await self._connected(poll=False)
        return said("token_works", setting="TELEGRAM_BOT_TOKEN", account=self.account)

    async def run(self) -> None:
        """Polls, where this process is the one that may: two at once would take updates from each other."""
        if not self._polls:
            await asyncio.Event().wait()
        assert self._given.db is not None
        while not await self._given.db.hold("telegram poll"):
            await self._sleep(HOLD_SECONDS)
        await self.poll()

    @property
    def _polls(self) -> bool:
        return self._settings.telegram_mode == "poll" and self._role in ("all", "worker")

    @property
    def _is_posted_to(self) -> bool:
        return self._settings.telegram_mode == "webhook" and self._role in ("all", "web")

    async def stop(self) -> None:
        """Drops what still runs in the background and the connections. May be called at any time."""
        for task in self._background:
            task.cancel()
        await asyncio.gather(*self._background, return_exceptions=True)
        self._bot = None
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def poll(self) -> None:
        """Fetches and stores updates until cancelled. Whatever fails, it waits and goes on."""
        self._polling = Polling(self._reader, self._get_updates, self._given.take_in, self.confirm, self._sleep)
        await self._polling.run()

    def health(self) -> str:
        """What has kept polling from fetching for over a minute: network, server, token, conflict …; else empty."""
        if self._silent:
            return "not started: the server is silent"
        return self._polling.hold_up.lasting() if self._polling is not None else ""

    def invite_link(self, code: str, *, group: bool = False) -> str:
        """The deep link that starts the bot with the code, or brings it into a group."""
        name = self._reader.username
        return f"https://t.me/{name}?{'startgroup' if group else 'start'}={code}" if name else ""

    def confirm(self, stored: Sequence[Arrival]) -> None:
        """Tells the phones, in the background, that the button presses among these were received."""
        for arrival in stored:
            if arrival.tap and self._bot is not None:
                self._in_background(self._answer(self._bot, arrival.tap))

    async def deliver(self, message: Outgoing) -> str:
        """Sends one message of at most 4,096 units, with a file 1,024, and returns its id. Raises NotDelivered."""
        try:
            return await (self._send(message) if message.file is None else self._send_file(message, message.file))
        except NotDelivered as fault:
            if not message.topic or not says(fault.reason, NO_TOPIC):
                raise
        return await self.deliver(replace(message, topic=""))

    async def _send(self, message: Outgoing) -> str:
        data: dict[str, Any] = {
            **_where(message),
            "text": message.text,
            "link_preview_options": {"is_disabled": True},
        }
        if message.edits:
            data["message_id"] = int(message.edits)
        if entities := bold_entities(message.text, message.bold):
            data["entities"] = entities
        if message.choices:
            data["reply_markup"] = keyboard(message.choices)
        if message.edits:
            return await self._edit(message, data)
        sent = await self._deliver("sendMessage", message.chat_id, JsonData(data))
        if message.pin and self._bot is not None:
            self._in_background(self._pin(self._bot, message.chat_id, sent))
        return sent

    async def _edit(self, message: Outgoing, data: dict[str, Any]) -> str:
        """Changes an earlier message, which stays where it is. Raises NotDelivered, "gone" where it is not there."""
        try:
            return await self._deliver("editMessageText", message.chat_id, JsonData(data))
        except NotDelivered as fault:
            if says(fault.reason, SAME):
                return message.edits
            if says(fault.reason, GONE):
                raise NotDelivered("gone", fault.reason) from fault
            raise

    async def _pin(self, bot: Bot, chat_id: str, message_id: str) -> None:
        # A bot without the right to pin is no fault of the message.
        with suppress(TelegramError):
            await bot.pin_chat_message(chat_id, int(message_id), disable_notification=True)

    async def _send_file(self, message: Outgoing, file: File) -> str:
        """The file with its words and buttons. One that Telegram refuses is left out: its words go as a message,
        and "" is returned where there are none.
        """
        data: dict[str, Any] = _where(message)
        if message.text:
            data["caption"] = message.text
        if message.choices:
            data["reply_markup"] = keyboard(message.choices)
        if not (found := ways(file)):
            log.error("file too large", size=len(file.content))
        for method, field in found:
            given: RequestData = FileData(data, field, file.name, file.content)
            if file.there:
                given = JsonData({**data, field: file.there})
            try:
                return await self._deliver(method, message.chat_id, given)
            except NotDelivered as fault:
                if fault.kind != "refused":
                    raise
                log.warning("file refused", method=method, size=len(file.content), reason=fault.reason)
        if file.there:
            gone = Wording.vietnamese().say("photo.gone")
            return await self._send(replace(message, text="\n".join(filter(None, [message.text, gone]))))
        return await self._send(message) if message.text else ""

    async def _deliver(self, method: str, chat_id: str, data: RequestData) -> str:
        if self._bot is None:
            raise not_started()
        try:
            # The whole Message that comes back is not parsed: only its id is wanted, and a field the library
            # cannot read must not turn a delivered message into a failed one.
            sent = await self._call(method, data)
        except TelegramError as fault:
            flooded = isinstance(fault, FloodWait)
            whole_bot = flooded and self._flood.whole_bot(chat_id, asyncio.get_running_loop().time())
            raise failure(fault, whole_bot=whole_bot) from None
        return message_id(sent, method)

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
            "limit": MOST_UPDATES,
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

    async def _connected(self, *, poll: bool) -> None:
        try:
            await self._begin(poll=poll)
            self._silent = False
        except BaseException as fault:
            self._silent = isinstance(fault, ServerSilent)
            await self.stop()
            raise

    async def _begin(self, *, poll: bool) -> None:
        if not re.fullmatch("[A-Za-z0-9_:-]+", self._token):  # it becomes part of an address
            raise NotStarted(said("no_token_form"))
        try:
            async with asyncio.timeout(START_LIMIT):
                bot = await self._connect()
                if poll:
                    await bot.delete_webhook(drop_pending_updates=False)
        except TimeoutError:
            raise ServerSilent(said("silent", server=f"TELEGRAM_API_URL: {self._api_url}")) from None
        except TelegramError as fault:
            silent = type(fault) in (NetworkError, TimedOut)  # BadRequest is a NetworkError, too
            kind = ServerSilent if silent else NotStarted
            raise kind(said("not_working", server=f"TELEGRAM_API_URL: {self._api_url}", why=fault)) from None

    async def _connect(self) -> Bot:
        if self._session is None:
            # Idle connections are dropped before servers do it: a request on one they just closed is lost
            # without anyone knowing whether it was read.
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=MOST_CONNECTIONS, keepalive_timeout=IDLE_SECONDS),
                cookie_jar=aiohttp.DummyCookieJar(),
            )
        self._request = AiohttpRequest(self._session, read=self._read_timeout)
        self._request.server_date = self._given.server_date
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
                raise NotStarted(said("no_api", server=f"TELEGRAM_API_URL: {self._api_url}", api="Bot API")) from None
            raise NotStarted(said("unknown_token", setting="TELEGRAM_BOT_TOKEN", name="Telegram")) from None
        except (KeyError, TypeError):
            raise NotStarted(said("no_api", server=f"TELEGRAM_API_URL: {self._api_url}", api="Bot API")) from None
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


def _where(message: Outgoing) -> dict[str, Any]:
    """The chat, and the topic in it; whether its phones ring."""
    topic = {"message_thread_id": int(message.topic)} if message.topic else {}
    silent = {"disable_notification": True} if message.silent else {}
    return {"chat_id": message.chat_id, **topic, **silent}
