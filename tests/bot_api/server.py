"""A Bot API server on the loopback: one bot, the people and groups it talks to, and faults on request."""

import asyncio
import re
import time
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any, Self

from aiohttp import web
from bot_api.bell import PATIENCE, Bell
from bot_api.chats import Chat, Group, Sent, User
from bot_api.faults import BEFORE, ApiError, Fault, Faults, bad
from bot_api.files import Files
from bot_api.flood import FloodControl
from bot_api.mailbox import Mailbox
from bot_api.methods import METHODS

TOKEN = "7000001:made-up-token-for-the-loopback-server"
LARGEST_UPLOAD = 50 * 1024 * 1024


class BotApi:
    """Use as `async with BotApi() as api`, and point the bot at `api.url` with `api.token`.

    sent: every message of the bot in order. calls, last: how often each method was called (its name in lower
    case), and with what the last time.
    answered: the callback queries that were answered. commands, about: what the bot set of its menu.
    flood: None, or a FloodControl. hears_groups: True turns privacy mode off.
    """

    def __init__(self, token: str = TOKEN, username: str = "giaoban_bot", port: int = 0) -> None:
        self.token = token
        bot_id = int(token.partition(":")[0])
        self.me = {"id": bot_id, "is_bot": True, "first_name": "Giao ban", "username": username}
        self.bell, self.mailbox, self.faults, self.files = Bell(), Mailbox(), Faults(), Files()
        self.chats: dict[str, Chat] = {}
        self.sent: list[Sent] = []
        self.calls: Counter[str] = Counter()
        self.last: dict[str, dict[str, Any]] = {}
        self.queries: set[str] = set()
        self.answered: list[str] = []
        self.commands: dict[tuple[str, str], list[dict[str, str]]] = {}
        self.about: dict[tuple[str, str], str] = {}
        self.flood: FloodControl | None = None
        self.hears_groups = False
        self.clock: Callable[[], datetime] | None = None  # of the header "Date"; the machine's where there is none
        self.url = ""
        self._port = port
        self._queries_made = 0
        self._stopping = asyncio.Event()
        self._runner: web.AppRunner | None = None

    def app(self) -> web.Application:
        """The routes of the Bot API; more may be added before `start`."""
        app = web.Application(client_max_size=LARGEST_UPLOAD)
        app.router.add_route("*", "/bot{token}/{method}", self._call)
        app.router.add_get("/file/bot{token}/{path:.+}", self._download)
        app.on_response_prepare.append(self._dated)
        return app

    async def _dated(self, _: web.Request, response: web.StreamResponse) -> None:
        if self.clock is not None:
            response.headers["Date"] = format_datetime(self.clock().astimezone(UTC), usegmt=True)

    async def start(self, app: web.Application | None = None) -> None:
        """Listens on the loopback."""
        self._runner = web.AppRunner(app or self.app(), access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self._port).start()
        host, port = self._runner.addresses[0][:2]
        self.url = f"http://{host}:{port}"

    async def stop(self) -> None:
        """Ends every waiting call and stops listening."""
        self._stopping.set()
        await self.mailbox.close()
        if self._runner is not None:
            await self._runner.cleanup()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    def user(self, user_id: int, name: str = "Nguyễn Văn Thử") -> User:
        """That person, who need not have written yet."""
        chat = self.chats.setdefault(str(user_id), User(self, user_id, name))
        assert isinstance(chat, User)
        return chat

    def group(self, group_id: int, title: str = "Cụm thử") -> Group:
        """That group chat."""
        chat = self.chats.setdefault(str(group_id), Group(self, group_id, title))
        assert isinstance(chat, Group)
        return chat

    @property
    def unconfirmed(self) -> list[int]:
        """Ids of the updates that will still be delivered."""
        return [update["update_id"] for update in self.mailbox.pending]

    def swallowed(self, stored: Iterable[str | int]) -> list[int]:
        """Ids of updates the bot let go of without having them among `stored`: lost for good."""
        kept = {int(number) for number in stored}
        return [number for number in self.mailbox.confirmed if number not in kept]

    async def called(self, name: str, times: int = 1, *, within: float = PATIENCE) -> None:
        """Waits until that method was called so often."""
        await self.bell.until(lambda: self.calls[name.lower()] >= times, within)

    def expire_taps(self) -> None:
        """From now on every button press so far is too old to be answered."""
        self.queries.clear()

    def new_query(self) -> str:
        """The id of a new callback query."""
        self._queries_made += 1
        self.queries.add(str(self._queries_made))
        return str(self._queries_made)

    def send(self, chat: Chat, text: str, keyboard: list[list[dict[str, Any]]], **file: Any) -> Sent:
        """Notes one message of the bot, with the file it came with, and wakes whoever waits for it."""
        number, at = len(self.sent), self.loop_time()
        sent = Sent(chat.id, chat.new_id(), text, at, number, keyboard, **file)
        chat.messages.append(sent)
        self.sent.append(sent)
        self.bell.ring()
        return sent

    def shown(self, sent: Sent) -> dict[str, Any]:
        """A message of the bot as a Message object."""
        chat = self.chats[str(sent.chat_id)]
        shown = {"message_id": sent.message_id, "from": self.me, "chat": chat.facts, "date": self.date()}
        words = {"caption" if sent.document or sent.photo else "text": sent.text}
        return {
            **shown,
            **words,
            **({"message_thread_id": sent.topic, "is_topic_message": True} if sent.topic else {}),
            **({"reply_markup": {"inline_keyboard": sent.keyboard}} if sent.keyboard else {}),
        }

    def date(self) -> int:
        """Now, in Unix seconds."""
        return int(time.time())

    def loop_time(self) -> float:
        """A clock that never goes back, in seconds."""
        return asyncio.get_running_loop().time()

    def _check(self, token: str) -> None:
        if token != self.token:
            known_form = re.fullmatch(r"\d+:[A-Za-z0-9_-]{3,}", token)
            raise ApiError(401, "Unauthorized") if known_form else ApiError(404, "Not Found")

    async def _call(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["method"].lower()
        fault = None
        try:
            self._check(request.match_info["token"])
            if name not in METHODS:
                raise ApiError(404, "Not Found")
            params = await _params(request)
            self.calls[name], self.last[name] = self.calls[name] + 1, params
            self.bell.ring()
            fault = self.faults.take(name, params.get("chat_id"))
            if fault is not None and fault.kind in BEFORE and (spoilt := await self._before(request, fault)):
                return spoilt
            result = await METHODS[name](self, params)
        except ApiError as refusal:
            return web.json_response(refusal.body(), status=refusal.code)
        if fault is not None and (spoilt := await self._after(request, fault)):
            return spoilt
        return web.json_response({"ok": True, "result": result})

    async def _before(self, request: web.Request, fault: Fault) -> web.Response | None:
        if error := fault.error():
            raise error
        if fault.kind in ("413", "502", "504"):
            return _gateway(int(fault.kind))
        if fault.kind == "delay":
            await self._wait(fault.seconds)
            return None
        if fault.kind == "hang_before":
            await self._wait(fault.seconds)
        return _cut(request)

    async def _after(self, request: web.Request, fault: Fault) -> web.Response | None:
        if fault.kind == "hang_after":
            await self._wait(fault.seconds)
        if fault.kind in ("hang_after", "reset_after"):
            return _cut(request)
        return _spoilt(fault.kind)

    async def _wait(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._stopping.wait()
        except TimeoutError:
            return

    async def _download(self, request: web.Request) -> web.Response:
        try:
            self._check(request.match_info["token"])
        except ApiError as refusal:
            return web.json_response(refusal.body(), status=refusal.code)
        content = self.files.content(request.match_info["path"])
        if content is None:
            return web.json_response(ApiError(404, "Not Found").body(), status=404)
        return web.Response(body=content)


async def _params(request: web.Request) -> dict[str, Any]:
    params: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        try:
            body = await request.json()
        except ValueError:
            body = None
        if not isinstance(body, dict):
            raise bad("can't parse JSON object")
        return {**params, **body}
    for name, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            params[name] = (value.filename, value.file.read())
        else:
            params[name] = value
    return params


def _spoilt(kind: str) -> web.Response | None:
    """What comes back, after the message was taken, instead of the answer."""
    match kind:
        case "502_after" | "504_after":
            return _gateway(int(kind[:3]))
        case "not_json":
            return web.Response(text="<html>Please log in to the hotel's network</html>", content_type="text/html")
        case "no_result":
            return web.json_response({"ok": True, "error_code": 0})
        case "wrong_type":
            return web.json_response({"ok": True, "result": "yes"})
    return None


def _gateway(code: int) -> web.Response:
    return web.Response(status=code, text=f"<html><h1>{code}</h1>nginx</html>", content_type="text/html")


def _cut(request: web.Request) -> web.Response:
    """Resets the connection: whatever is answered now reaches nobody."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
