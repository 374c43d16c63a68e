"""A server of the Zalo Bot API on the loopback: bots, the people they talk to, and faults on request.

Where reports of the real one contradict each other, both ways are there: `replays` (an update that was fetched comes
again with every poll, or is forgotten with the first), `wrapped` (the body of a webhook, or flat), `idle_status`
(what HTTP says when nothing has come), `photo_field`.
"""

import asyncio
import itertools
import json
from collections import Counter, defaultdict, deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal, Self
from urllib.parse import urlsplit

import aiohttp
from aiohttp import web
from bot_api.bell import PATIENCE, Bell

TOKEN = "1234567890123456789:made-up-for-the-loopback"
LONGEST = 2000
NEWEST = 3  # of what was fetched, so many come again, in turn
PRIVATE = ("localhost", "127.", "10.", "192.168.", "172.16.")
HEADER = "X-Bot-Api-Secret-Token"

FaultKind = Literal[
    "quota", "quota_in_200", "401", "400", "403", "500", "502", "reset", "reset_after", "not_json", "hang"
]


class Refusal(Exception):
    """The server's "no"."""

    def __init__(self, code: int, description: str, *, status: int | None = None) -> None:
        super().__init__(description)
        self.code, self.description, self.status = code, description, code if status is None else status


@dataclass
class Said:
    """One message of a bot. photo: the address it gave for a picture."""

    bot: str
    chat: str
    text: str
    photo: str = ""


@dataclass
class Bot:
    """One bot of the server. pending: updates not yet fetched, or not yet taken by the webhook."""

    id: str
    token: str
    name: str
    joins_groups: bool = False
    pending: deque[dict[str, Any]] = field(default_factory=deque)
    fetched: list[dict[str, Any]] = field(default_factory=list)
    again: int = 0  # which of the newest fetched ones came last, where they come again
    taken: list[str] = field(default_factory=list)
    posted: list[Any] = field(default_factory=list)  # what the webhook has taken
    webhook: dict[str, str] = field(default_factory=dict)
    posting: asyncio.Task[None] | None = None
    sent: int = 0


class ZaloServer:
    """Use as `async with ZaloServer() as zalo`, and point the bot at `zalo.url` with `zalo.token`.

    said: every message of every bot in order. calls: how often each method was called. polled_at: when. behind: where
    a public address really is, as a proxy would know. most: messages a bot may send in all; 0 for any number.
    tries_again: whether a webhook that did not answer 200 is called again, of which nothing is told.
    """

    def __init__(self, tokens: Iterable[str] = (TOKEN,), port: int = 0) -> None:
        self.bots = {token: Bot(token.partition(":")[0], token, "Bot Giao ban") for token in tokens}
        self.token = next(iter(self.bots))
        self.bell = Bell()
        self.said: list[Said] = []
        self.calls: Counter[str] = Counter()
        self.polled_at: list[float] = []
        self.faults: defaultdict[str, deque[FaultKind]] = defaultdict(deque)
        self.replays, self.wrapped, self.tries_again = False, True, True
        self.idle_status, self.photo_field = 408, "photo"
        self.behind = ""
        self.pictures: dict[str, bytes] = {}
        self.most = 0
        self.date: str | None = None  # what its answers say of the time; None for the truth
        self.statuses: list[int] = []  # of the webhook's answers
        self.url = ""
        self._numbers = itertools.count(1)
        self._port = port
        self._stopping = asyncio.Event()
        self._runner: web.AppRunner | None = None

    # --- running ------------------------------------------------------------------------------------------------

    async def start(self) -> None:
        """Listens on the loopback."""
        app = web.Application()
        app.router.add_route("*", "/bot{token}/{method}", self._call)
        app.router.add_get("/anh/{name}", self._picture)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self._port).start()
        host, port = self._runner.addresses[0][:2]
        self.url = f"http://{host}:{port}"

    async def stop(self) -> None:
        """Ends every waiting call and stops listening."""
        self._stopping.set()
        self.bell.ring()
        for bot in self.bots.values():
            if bot.posting is not None:
                bot.posting.cancel()
                await asyncio.gather(bot.posting, return_exceptions=True)
        if self._runner is not None:
            await self._runner.cleanup()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def _picture(self, request: web.Request) -> web.Response:
        """What is kept of a picture for a while, by its address."""
        content = self.pictures.get(request.match_info["name"])
        return web.Response(status=404) if content is None else web.Response(body=content)

    # --- people -------------------------------------------------------------------------------------------------

    def writes(self, person: str, text: str = "", *, bot: str = "", group: str = "", **other: Any) -> str:
        """Somebody writes, or sends what `other` says: `kind`, `event`, `caption` … Returns the message's id."""
        number = other.pop("message_id", f"{next(self._numbers):08x}c0ffee")
        kind = other.pop("kind", "text")
        chat = {"id": group, "chat_type": "GROUP"} if group else {"id": person, "chat_type": "PRIVATE"}
        message = {
            "from": {"id": person, "display_name": f"Người {person}", "is_bot": False},
            "chat": chat | other.pop("chat", {}),
            "message_id": number,
            "date": other.pop("date", 1_776_300_000_000),
            **({"text": text} if text else {}),
            **({self.photo_field: "https://photo.zalo.test/1.jpg"} if kind == "image" else {}),
            **other,
        }
        self.puts({"event_name": f"message.{kind}.received", "message": message}, bot=bot)
        return str(number)

    def puts(self, update: Any, *, bot: str = "") -> None:
        """Any update at all."""
        self.bots[bot or self.token].pending.append(update)
        self.bell.ring()

    async def hears(self, chat: str, containing: str = "", *, after: int = 0) -> Said:
        """The first message to that chat with this text among those from number `after` on; waits for it."""

        def found() -> Said | None:
            return next((s for s in self.said[after:] if s.chat == chat and containing in s.text), None)

        try:
            return await self.bell.until(found, PATIENCE)
        except TimeoutError:
            raise AssertionError(f"{chat} got no {containing!r}, but {[s.text for s in self.said[after:]]}") from None

    async def emptied(self) -> None:
        """Waits until every update was fetched, or taken by the webhook."""
        await self.bell.until(lambda: not any(bot.pending for bot in self.bots.values()), PATIENCE)

    async def called(self, method: str, times: int = 1) -> None:
        """Waits until that method was called so often."""
        await self.bell.until(lambda: self.calls[method] >= times, PATIENCE)

    # --- the API ------------------------------------------------------------------------------------------------

    async def _call(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        act = METHODS.get(method)
        try:
            bot = self.bots.get(request.match_info["token"])
            if bot is None:
                raise Refusal(401, "Unauthorized")
            if act is None:
                raise Refusal(404, "Not Found")
            params = await _params(request)
            self.calls[method] += 1
            self.bell.ring()
            fault = self.faults[method].popleft() if self.faults[method] else None
            if fault and (spoilt := await self._spoilt(request, fault)):
                return spoilt
            answer = {"ok": True, **await act(self, bot, params)}
        except Refusal as refusal:
            body = {"ok": False, "description": refusal.description, "error_code": refusal.code}
            return web.json_response(body, status=refusal.status, headers=self._headers)
        if fault == "reset_after":
            return _cut(request)
        return web.json_response(answer, headers=self._headers)

    @property
    def _headers(self) -> dict[str, str]:
        return {} if self.date is None else {"Date": self.date}

    async def _spoilt(self, request: web.Request, fault: FaultKind) -> web.Response | None:
        match fault:
            case "quota":
                raise Refusal(429, "Quota exceeded")
            case "quota_in_200":
                raise Refusal(429, "Quota exceeded", status=200)
            case "400" | "401" | "403" | "500":
                words = {"400": "Bad request", "401": "Unauthorized", "403": "Internal server error", "500": "Error"}
                raise Refusal(int(fault), words[fault])
            case "502":
                return web.Response(status=502, text="<html>nginx</html>", content_type="text/html")
            case "not_json":
                return web.Response(text="<html>Please log in</html>", content_type="text/html")
            case "reset":
                return _cut(request)
            case "hang":
                await self._stopping.wait()
                return _cut(request)
            case "reset_after":
                return None

    async def _get_me(self, bot: Bot, _: dict[str, Any]) -> dict[str, Any]:
        about = {"id": bot.id, "account_name": "bot.giaoban", "account_type": "BASIC", "display_name": bot.name}
        return {"result": {**about, "can_join_groups": bot.joins_groups}}

    async def _get_updates(self, bot: Bot, params: dict[str, Any]) -> dict[str, Any]:
        if bot.webhook:
            raise Refusal(400, "webhook is active")
        self.polled_at.append(asyncio.get_running_loop().time())
        if self.replays and bot.fetched and not bot.pending:
            bot.again = (bot.again + 1) % min(NEWEST, len(bot.fetched))
            return {"result": bot.fetched[-1 - bot.again]}
        try:
            await self.bell.until(lambda: bot.pending or self._stopping.is_set(), float(params.get("timeout", 30)))
        except TimeoutError:
            raise Refusal(408, "Request timeout", status=self.idle_status) from None
        if not bot.pending:
            raise Refusal(408, "Request timeout", status=self.idle_status)
        bot.fetched.append(bot.pending.popleft())
        self.bell.ring()
        return {"result": bot.fetched[-1]}

    async def _set_webhook(self, bot: Bot, params: dict[str, Any]) -> dict[str, Any]:
        url, secret = urlsplit(str(params.get("url"))), str(params.get("secret_token", ""))
        if url.scheme != "https" or not url.hostname or url.hostname.startswith(PRIVATE):
            raise Refusal(400, "url must be a public https address")
        if not 8 <= len(secret) <= 256:
            raise Refusal(400, "secret_token must have 8 to 256 characters")
        bot.webhook = {"url": url.geturl(), "secret": secret}
        if bot.posting is None:
            bot.posting = asyncio.create_task(self._post(bot))
        return {"result": {"url": url.geturl(), "updated_at": 1_776_300_000_000}}

    async def _delete_webhook(self, bot: Bot, _: dict[str, Any]) -> dict[str, Any]:
        if not bot.webhook:
            raise Refusal(400, "Bad request")
        bot.webhook = {}
        return {"result": {"url": "", "updated_at": 1_776_300_000_000}}

    async def _webhook_info(self, bot: Bot, _: dict[str, Any]) -> dict[str, Any]:
        if not bot.webhook:
            raise Refusal(404, "Not found")
        return {"result": {"url": bot.webhook["url"], "updated_at": 1_776_300_000_000}}

    async def _send_message(self, bot: Bot, params: dict[str, Any]) -> dict[str, Any]:
        return self._sent(bot, params, str(params.get("text") or ""), "", least=1)

    async def _send_photo(self, bot: Bot, params: dict[str, Any]) -> dict[str, Any]:
        photo = str(params.get("photo") or "")
        if not photo.startswith("https://"):
            raise Refusal(400, "photo must be an https address")
        return self._sent(bot, params, str(params.get("caption") or ""), photo, least=0)

    def _sent(self, bot: Bot, params: dict[str, Any], text: str, photo: str, *, least: int) -> dict[str, Any]:
        if not params.get("chat_id") or not least <= len(text.encode("utf-16-le")) // 2 <= LONGEST:
            raise Refusal(400, "Bad request: text must have 1 to 2000 characters")
        if self.most and bot.sent >= self.most:
            raise Refusal(429, "Quota exceeded")
        bot.sent += 1
        self.said.append(Said(bot.id, str(params["chat_id"]), text, photo))
        self.bell.ring()
        return {"result": {"message_id": f"m{len(self.said)}", "date": 1_776_300_000_000}}

    async def _chat_action(self, _: Bot, params: dict[str, Any]) -> dict[str, Any]:
        if params.get("action") != "typing":
            raise Refusal(400, "Bad request")
        return {}

    # --- the webhook --------------------------------------------------------------------------------------------

    async def _post(self, bot: Bot) -> None:
        """Posts what comes, one after the other, as a proxy before the bot would pass it on."""
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10)) as session:
            while True:
                await self.bell.until(lambda: bot.pending and bot.webhook, within=None)
                update = bot.pending[0]
                taken = await self._taken(session, bot, update)
                if taken or not self.tries_again:
                    bot.pending.popleft()
                    self.bell.ring()
                else:
                    await asyncio.sleep(0.02)

    async def _taken(self, session: aiohttp.ClientSession, bot: Bot, update: Any) -> bool:
        url = self.behind + urlsplit(bot.webhook["url"]).path
        body = json.dumps({"ok": True, "result": update} if self.wrapped else update)
        headers = {HEADER: bot.webhook["secret"], "Content-Type": "application/json", "User-Agent": "Java/1.8.0_192"}
        try:
            async with session.post(url, data=body, headers=headers) as answer:
                self.statuses.append(answer.status)
        except (aiohttp.ClientError, TimeoutError):
            return False
        if answer.status == 200 and isinstance(update, dict) and isinstance(update.get("message"), dict):
            bot.taken.append(str(update["message"].get("message_id")))
            bot.posted.append(update)
        return answer.status == 200


METHODS = {
    "getMe": ZaloServer._get_me,
    "getUpdates": ZaloServer._get_updates,
    "setWebhook": ZaloServer._set_webhook,
    "deleteWebhook": ZaloServer._delete_webhook,
    "getWebhookInfo": ZaloServer._webhook_info,
    "sendMessage": ZaloServer._send_message,
    "sendPhoto": ZaloServer._send_photo,
    "sendChatAction": ZaloServer._chat_action,
}


async def _params(request: web.Request) -> dict[str, Any]:
    if request.content_type == "application/json" and request.can_read_body:
        return {**request.query, **await request.json()}
    return {**request.query, **await request.post()}


def _cut(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
