"""The Zalo channel: starts its bots, turns updates into arrivals and hands messages to the Zalo Bot API."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import aiohttp
import structlog
from aiohttp import web

from bot.channels.file_links import FileLinks
from bot.channels.folder import Given
from bot.channels.outcome import message_id, not_started
from bot.channels.webhook import Webhook
from bot.channels.zalo.client import NO_SUCH, NOT_KNOWN, ZaloApi, ZaloFault, ZaloRefused
from bot.channels.zalo.polling import ZaloPolling
from bot.channels.zalo.sending import failure
from bot.channels.zalo.settings import ZaloSettings
from bot.channels.zalo.updates import CHANNEL, GROUPS, TEXT_LIMIT, ZaloReader, bot_and_chat, known_as
from bot.failures import said
from bot.settings import Settings
from handlers.channel import Channel, Limits, NotStarted, ProcessRole, ServerSilent
from handlers.messages import File, FileNotRead, NotDelivered, Outgoing
from handlers.wording.speech import Wording

log = structlog.get_logger("zalo")

POLL_SECONDS = 30  # how long getUpdates may wait for something to come, which is also the server's own choice
READ_SECONDS = 15.0  # how long any other answer may take
START_LIMIT = 2.5  # seconds; with its imports on a busy machine the process has to be over within five
HOLD_SECONDS = 5.0  # between tries to take over from a process that polled and is gone
IDLE_SECONDS = 15  # an unused connection is dropped then
WEBHOOK_PATH = "/zalo"
FILES_PATH = "/zalo/tep"
NAMED = 3  # of many bots
_PHOTO_PATIENCE = aiohttp.ClientTimeout(total=8)  # its sender waits for the answer meanwhile
LINK_ROOM = 400  # units of a text that the link of a file and what is said of it may take
OPENS = "https://zalo.me"  # with a bot's id behind it, the link that opens a chat with it
SECRET_HEADER = "X-Bot-Api-Secret-Token"
WITHOUT_LINKS = "pictures and files are left out, their words are sent: GIAOBAN_PUBLIC_URL is no https address"
NEVER_SET = (400, 404)  # what Zalo says of the webhook of a bot that never had one


def open_zalo(settings: Settings, given: Given) -> Channel:
    """The bots of these settings, not started."""
    assert isinstance(settings, ZaloSettings)
    return Zalo(settings, given)


class ZaloBot:
    """One bot of the channel. id: what stands before the colon of its token. api: while it is started."""

    def __init__(self, token: str, given: Given) -> None:
        self.token = token
        self.id = token.partition(":")[0]
        self.reader = ZaloReader(self.id, given.now)
        self.api: ZaloApi | None = None
        self.joins_groups = False
        self.polling: ZaloPolling | None = None

    async def call(self, method: str, **given: Any) -> Any:
        """The result of one method. Raises ZaloFault."""
        if self.api is None:
            raise RuntimeError("the Zalo channel is not started")
        return await self.api.call(method, given)


class Zalo:
    """All bots of the settings as one channel: a chat's id begins with the bot it is with.

    sleep: every wait of this channel goes through it.
    """

    name = CHANNEL
    title = "Zalo"

    def __init__(
        self,
        settings: ZaloSettings,
        given: Given,
        *,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        poll_timeout: int = POLL_SECONDS,
        read_timeout: float = READ_SECONDS,
    ) -> None:
        self._settings, self._given, self._sleep = settings, given, sleep
        self._poll_timeout, self._read_timeout = poll_timeout, read_timeout
        self._links = _links(settings, given)
        self.bots = {bot.id: bot for token in settings.zalo_tokens() if (bot := ZaloBot(token, given))}
        self.limits = Limits(
            text=TEXT_LIMIT,
            caption=TEXT_LIMIT - LINK_ROOM,
            units="utf16",
            buttons=False,
            files=self._links is not None,
            editing=False,
            dear=True,
            groups=GROUPS,
            mentioned=True,
            bot_messages=settings.zalo_monthly_messages,
            bot_people=settings.zalo_people,
            bots={bot: f"{OPENS}/{bot}" for bot in self.bots},
        )
        self._session: aiohttp.ClientSession | None = None
        self._silent = False
        self._role: ProcessRole | None = None  # until it is started

    @property
    def account(self) -> str:
        """The bots' names, of many the first ones; empty before `start` and `check`."""
        names = [bot.reader.names[0] for bot in self.bots.values() if bot.reader.names]
        more = len(names) - NAMED
        return ", ".join(names[:NAMED]) + (f" and {more} more" if more > 0 else "")

    @property
    def server(self) -> str:
        """The server, by its setting."""
        return f"ZALO_API_URL: {self._settings.zalo_api_url}"

    def routes(self) -> Sequence[web.RouteDef]:
        """Where files are fetched from, and for each bot the address where Zalo is to post."""
        files = [self._links.route()] if self._links is not None else []
        if self._settings.zalo_mode != "webhook":
            return files
        secret = self._settings.zalo_webhook_secret.get_secret_value()
        return files + [
            Webhook(_path(bot), SECRET_HEADER, secret, self._given, bot.reader.body, _nothing, typed=False).route()
            for bot in self.bots.values()
        ]

    async def start(self, role: ProcessRole = "all") -> None:
        """Checks tokens and server. Raises NotStarted within five seconds, also where a bot that is to poll is posted
        to: by Zalo's rules that is one or the other.
        """
        self._role = role
        await self._connected(poll=self._polls)
        if self._polls:
            log.warning("ZALO_MODE is poll, for trying out: what comes while the bot is off may be lost")
        if self._links is None:
            log.warning(WITHOUT_LINKS)

    async def announce(self) -> None:
        """Has Zalo post here from now on, where it is to. Raises NotStarted."""
        if self._settings.zalo_mode != "webhook" or self._role not in ("all", "web"):
            return
        # All at once: one after the other, a province's forty bots would take longer than a start may.
        await asyncio.gather(*(self._hook(bot) for bot in self.bots.values()))

    async def _hook(self, bot: ZaloBot) -> None:
        secret = self._settings.zalo_webhook_secret.get_secret_value()
        try:
            answer = await bot.call(
                "setWebhook", url=self._settings.giaoban_public_url + _path(bot), secret_token=secret
            )
        except ZaloFault as fault:
            raise NotStarted(said("refused_address", name="Zalo", why=fault)) from None
        tried = answer.get("verification") if isinstance(answer, dict) else None
        if isinstance(tried, dict) and tried.get("ok") is False:
            log.warning("Zalo does not reach the webhook yet", bot=bot.id, hint=str(tried.get("hint", "")))

    async def check(self) -> str:
        """Tokens and server work, and the mode is the one Zalo is in. Raises NotStarted."""
        await self._connected(poll=self._settings.zalo_mode == "poll")
        told = said("token_works", setting="ZALO_BOT_TOKEN", account=self.account)
        return told if is_public(self._settings) else f"{told}; {said('without_links')}"

    async def connect(self) -> dict[str, NotStarted]:
        """Meets every bot, so that its name is known from now on; by bot, what is wrong with those that are not met."""
        self._open()
        wrong = dict[str, NotStarted]()
        for bot, fault in zip(self.bots, await asyncio.gather(*map(self._fault, self.bots.values())), strict=True):
            if fault is not None:
                wrong[bot] = fault
        return wrong

    async def _fault(self, bot: ZaloBot) -> NotStarted | None:
        try:
            await self._meet(bot, poll=False)
        except NotStarted as fault:
            return fault
        return None

    async def run(self) -> None:
        """Polls for every bot, where this process is the one that may: two would share out what comes."""
        if not self._polls:
            await asyncio.Event().wait()
        assert self._given.db is not None
        while not await self._given.db.hold("zalo poll"):
            await self._sleep(HOLD_SECONDS)
        await self.poll()

    async def poll(self) -> None:
        """Fetches and stores updates until cancelled. Whatever fails, it waits and goes on."""
        async with asyncio.TaskGroup() as together:
            for bot in self.bots.values():
                bot.polling = ZaloPolling(bot.reader, self._fetcher(bot), self._given.take_in, self._sleep)
                together.create_task(bot.polling.run())

    async def stop(self) -> None:
        """Drops the connections. May be called at any time."""
        for bot in self.bots.values():
            bot.api = None
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def deliver(self, message: Outgoing) -> str:
        """Sends one message of at most 2,000 units and returns its id. Raises NotDelivered."""
        bot, chat = self._bot_of(message.chat_id)
        if message.file is not None and message.file.there:
            return await self._send_photo(bot, chat, message.text, message.file.there)
        if message.file is not None and self._links is not None:
            return await self._send_file(bot, chat, message.text, message.file, self._links)
        return await self._send(bot, "sendMessage", chat_id=chat, text=message.text)

    async def _send_photo(self, bot: ZaloBot, chat: str, text: str, address: str) -> str:
        """A photo that somebody sent, by Zalo's own address of it, which may have ended since."""
        caption = {"caption": text} if text else {}
        try:
            return await self._send(bot, "sendPhoto", chat_id=chat, photo=address, **caption)
        except NotDelivered as fault:
            if fault.kind != "refused":
                raise
        gone = Wording.vietnamese().say("photo.gone")
        return await self._send(bot, "sendMessage", chat_id=chat, text=f"{text}\n{gone}" if text else gone)

    async def _send_file(self, bot: ZaloBot, chat: str, text: str, file: File, links: FileLinks) -> str:
        """A picture by its address, over the text; another file, or a picture that is refused, as a link under it."""
        link = await links.give(file)
        if file.picture:
            caption = {"caption": text} if text else {}
            try:
                return await self._send(bot, "sendPhoto", chat_id=chat, photo=link, **caption)
            except NotDelivered as fault:
                if fault.kind != "refused":
                    raise
        told = Wording.vietnamese().say("file.link", name=file.name, link=link)
        return await self._send(bot, "sendMessage", chat_id=chat, text=f"{text}\n{told}" if text else told)

    async def fetch(self, file_id: str, most: int) -> bytes:
        """The bytes of a photo, by the address Zalo gave of it. Raises FileNotRead, also for one larger than `most`."""
        if self._session is None:
            raise FileNotRead("file.not_fetched")
        try:
            # A redirect might lead anywhere.
            async with self._session.get(file_id, timeout=_PHOTO_PATIENCE, allow_redirects=False) as response:
                content = bytearray()
                async for piece in response.content.iter_chunked(65536):
                    content += piece
                    if len(content) > most:
                        raise FileNotRead("file.too_large")
                if response.status != 200:
                    raise FileNotRead("file.not_fetched")
                return bytes(content)
        except (TimeoutError, aiohttp.ClientError, OSError, ValueError) as fault:
            raise FileNotRead("file.not_fetched") from fault

    def invite_link(self, code: str, *, group: bool = False) -> str:
        """Where the bot is found; the code is typed there, since no link of Zalo carries one. "" for a group."""
        return ""

    def health(self) -> str:
        """What has kept polling from fetching for over a minute; else empty."""
        if self._silent:
            return "not started: the server is silent"
        held_up = {bot.polling.hold_up.lasting() for bot in self.bots.values() if bot.polling is not None} - {""}
        return ", ".join(sorted(held_up))

    @property
    def _polls(self) -> bool:
        return self._settings.zalo_mode == "poll" and self._role in ("all", "worker")

    def _bot_of(self, key: str) -> tuple[ZaloBot, str]:
        number, chat = bot_and_chat(key)
        if number not in self.bots:
            raise NotDelivered(
                "unreachable", f"the chat is with bot {number or '?'}, which ZALO_BOT_TOKEN does not name"
            )
        return self.bots[number], chat

    async def _send(self, bot: ZaloBot, method: str, **given: Any) -> str:
        if bot.api is None:
            raise not_started()
        try:
            sent = await bot.call(method, **given)
        except ZaloFault as fault:
            raise failure(fault) from None
        return message_id(sent, method)

    def _fetcher(self, bot: ZaloBot) -> Callable[[], Awaitable[object]]:
        async def fetch() -> object:
            assert bot.api is not None
            # A text by the table of the reference, a number in its example.
            return await bot.api.call("getUpdates", {"timeout": str(self._poll_timeout)}, silence=self._poll_timeout)

        return fetch

    async def _connected(self, *, poll: bool) -> None:
        try:
            self._open()
            await asyncio.gather(*(self._meet(bot, poll=poll) for bot in self.bots.values()))
            self._silent = False
        except BaseException as fault:
            self._silent = isinstance(fault, ServerSilent)
            await self.stop()
            raise

    def _open(self) -> None:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(keepalive_timeout=IDLE_SECONDS), cookie_jar=aiohttp.DummyCookieJar()
            )
        for bot in self.bots.values():
            bot.api = ZaloApi(self._session, self._settings.zalo_api_url, bot.token, read=self._read_timeout)
            bot.api.server_date = self._given.server_date

    async def _meet(self, bot: ZaloBot, *, poll: bool) -> None:
        try:
            async with asyncio.timeout(START_LIMIT):
                me = await bot.call("getMe")
                posted_to = await webhook_of(bot) if poll else ""
        except TimeoutError:
            raise ServerSilent(said("silent", server=self.server)) from None
        except ZaloRefused as fault:
            if fault.code in (NOT_KNOWN, NO_SUCH):
                raise NotStarted(said("unknown_token", setting=f"ZALO_BOT_TOKEN {bot.id}", name="Zalo")) from None
            raise NotStarted(said("not_working", server=self.server, why=fault)) from None
        except ZaloFault as fault:
            raise ServerSilent(said("not_working", server=self.server, why=fault)) from None
        if not isinstance(me, dict):
            raise NotStarted(said("no_api", server=self.server, api="Zalo Bot API"))
        bot.reader.names = known_as(me) or (f"bot {bot.id}",)
        bot.joins_groups = me.get("can_join_groups") is True
        if posted_to:
            raise NotStarted(said("zalo_hooked", bot=bot.id, host=_host(posted_to)))


async def webhook_of(bot: ZaloBot) -> str:
    """The address Zalo posts to for that bot, "" for none. Raises ZaloFault."""
    try:
        answer = await bot.call("getWebhookInfo")
    except ZaloRefused as fault:
        if fault.code in NEVER_SET:
            return ""
        raise
    return str(answer.get("url") or "") if isinstance(answer, dict) else ""


async def unhook(bot: ZaloBot) -> None:
    """Zalo posts nothing for that bot any more. Raises ZaloFault."""
    try:
        await bot.call("deleteWebhook")
    except ZaloRefused as fault:
        if fault.code not in NEVER_SET:
            raise


def is_public(settings: ZaloSettings) -> bool:
    """Whether Zalo and phones can fetch files from this server."""
    return settings.giaoban_public_url.startswith("https://")


def _links(settings: ZaloSettings, given: Given) -> FileLinks | None:
    if given.db is None or not is_public(settings):
        return None
    # Every process of one bot knows its token, and nobody else does.
    secret = settings.zalo_bot_token.get_secret_value()
    return FileLinks(given.db, given.now, settings.giaoban_public_url, FILES_PATH, secret)


def _path(bot: ZaloBot) -> str:
    return f"{WEBHOOK_PATH}/{bot.id}"


def _host(url: str) -> str:
    return re.sub(r"^(\w+://[^/?#]+).*", r"\1", url)


def _nothing(_: object) -> None:
    """Zalo is told nothing more than that it was stored."""
