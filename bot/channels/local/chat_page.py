"""The demo's chat page: HTTP requests in, chats, files and the movable clock's moments out, as JSON and events."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from importlib import resources
from typing import Any, Final
from urllib.parse import quote

from aiohttp import web

from bot.channels.local.channel import BOT, Local, chat_kind, incoming
from bot.channels.local.page_requests import BadRequest, Guard, read_json, read_said
from bot.clock import MovableClock
from handlers.messages import Incoming
from reporting.time.calendar import VIETNAM, day_name
from storage.database import Database
from storage.engine.instants import instant
from storage.messages import local_chat
from storage.messages.local_chat import LocalMessage

LONGEST_WAIT: Final = 25.0
FARTHEST_MOVE: Final = timedelta(days=400)
_FILES: Final = {
    "chat.html": "text/html",
    "chat.css": "text/css",
    "chat.js": "text/javascript",
    "panels.js": "text/javascript",
    "phone.js": "text/javascript",
    "dom.js": "text/javascript",
    "icon.svg": "image/svg+xml",
}


@dataclass(frozen=True, slots=True)
class Face:
    """Somebody to chat as, or a group to look into. part: the heading under which the page lists it.

    speaker: the private chat of the member as whom one writes in a group. first: what an empty chat says of how to
      begin: whoever is not enrolled needs the code, and only who reports begins a report. beside: the chat on the same
      person's other phone, without buttons.
    """

    chat_id: str
    name: str
    title: str
    part: str
    speaker: str = ""
    first: str = "Đồng chí nhắn bc để bắt đầu báo cáo, hoặc trogiup để xem cách dùng."
    beside: str = ""


@dataclass(frozen=True, slots=True)
class Stop:
    """A moment worth moving the clock to. label: "đến T-3 của Cụm 2 (thứ Sáu 10/4)"."""

    id: str
    label: str
    at: datetime


class ChatPage:
    """Serves the page and what it asks for.

    local: whose chats are read and waited for. beside: the other phone, which writes into the same chats' table.
    receive: stores what a person did and returns once that is committed.
    people, stops: asked anew each time, because both change as people enrol and time passes.
    move: takes the clock through everything that is due until the instant.
    bound: the address the site listens on; requests that name another host are refused.
    """

    def __init__(
        self,
        *,
        local: Local,
        db: Database,
        clock: MovableClock,
        receive: Callable[[Incoming], Awaitable[None]],
        people: Callable[[], Awaitable[list[Face]]],
        stops: Callable[[], Awaitable[list[Stop]]],
        move: Callable[[datetime], Awaitable[None]],
        bound: str = "127.0.0.1",
        beside: Local | None = None,
    ) -> None:
        self._local = local
        self._beside = beside or local
        self._beside.told = local.touch if beside is not None else self._beside.told
        self._db = db
        self._clock = clock
        self._receive = receive
        self._people = people
        self._stops = stops
        self._move = move
        self._guard = Guard(bound)
        self._moving = asyncio.Lock()
        self._run = secrets.token_hex(8)  # tells an open page that it now talks to another process
        folder = resources.files("bot.channels.local") / "page"
        self._files = {name: (folder / name).read_bytes() for name in _FILES}

    def routes(self) -> list[web.RouteDef]:
        """The page's routes, each behind the guard against other sites."""
        guarded = self._guard.around
        return [
            web.get("/", guarded(self._page)),
            web.get("/page/{file}", guarded(self._file)),
            web.get("/api/state", guarded(self._state)),
            web.get("/api/chats/{chat_id}/messages", guarded(self._read)),
            web.post("/api/chats/{chat_id}/messages", guarded(self._say)),
            web.get("/api/chats/{chat_id}/files/{mark}/{name}", guarded(self._enclosed)),
            web.post("/api/clock", guarded(self._move_clock)),
        ]

    async def stop(self, _app: web.Application | None = None) -> None:
        """For the application's on_shutdown: lets go of the requests that wait for news."""
        await self._local.stop()

    async def _page(self, request: web.Request) -> web.Response:
        return self._static("chat.html")

    async def _file(self, request: web.Request) -> web.Response:
        name = request.match_info["file"]
        if name not in _FILES or name == "chat.html":
            raise BadRequest(404, "Không có trang này.")
        return self._static(name)

    def _static(self, name: str) -> web.Response:
        # No caching: these files change with the program and never leave the machine.
        headers = {"Cache-Control": "no-cache"}
        return web.Response(body=self._files[name], content_type=_FILES[name], charset="utf-8", headers=headers)

    async def _state(self, request: web.Request) -> web.Response:
        if "news" in request.query:
            await self._local.wait_for_change(_number(request, "news"), _patience(request))
        revision = self._local.revision  # before the reads: what changes meanwhile is asked for again
        now = self._clock.now()
        faces, stops = await self._people(), await self._stops()
        newest = await local_chat.newest(self._db)
        return web.json_response(
            {
                "run": self._run,
                "news": revision,
                "people": [_face(face) for face in faces],
                "clock": _clock(now),
                "stops": [_stop(stop) for stop in stops],
                "unread": {chat: newest[chat] for face in faces for chat in _chats(face) if chat in newest},
                "moving": self._moving.locked(),
            }
        )

    async def _read(self, request: web.Request) -> web.Response:
        chat, _ = await self._chat(request)
        after = _number(request, "after")
        messages = await self._local.wait_for_news(chat, after, _patience(request))
        return web.json_response({"messages": [_message(chat, message) for message in messages]})

    async def _enclosed(self, request: web.Request) -> web.Response:
        """A file that came into the chat, by the mark that only stands beside its line."""
        found = await local_chat.file(self._db, request.match_info["chat_id"], request.match_info["mark"])
        if found is None or found[0].name != request.match_info["name"]:
            raise BadRequest(404, "Không có tệp này.")
        file, content = found
        shown = "image/jpeg" if file.name.endswith(".jpg") else "image/png"
        kind = shown if file.picture else "application/octet-stream"
        headers = {} if file.picture else {"Content-Disposition": "attachment"}
        return web.Response(body=content, content_type=kind, headers=headers)

    async def _say(self, request: web.Request) -> web.Response:
        chat, face = await self._chat(request)
        phone = self._beside if chat == face.beside else self._local
        said = read_said(await read_json(request))
        event = incoming(
            chat,
            face.name,
            said.id,
            self._clock.now(),
            text=said.text,
            choice=said.choice,
            speaker=face.speaker,
        )
        event = replace(event, channel=phone.name, bot=phone.name, room=phone.room(said.text))
        # The line stands in the chat before the bot can answer it; both writes know the id and happen once.
        if said.photo is not None:
            event = await self._local.photographed(event, said.photo)
        else:
            await self._local.say(chat, event.sender_name, said.shown, message_id=said.id)
        await self._receive(event)
        return web.json_response({})

    async def _move_clock(self, request: web.Request) -> web.Response:
        body = await read_json(request)
        to = _instant(body.get("to"), await self._stops())
        if self._moving.locked():
            raise BadRequest(409, "Đồng hồ đang chuyển, đồng chí chờ một lát.")
        async with self._moving:
            self._local.touch()  # other open pages show that the clock is on its way
            now = self._clock.now()
            if to < now:
                raise BadRequest(409, "Mốc này đã qua. Đồng hồ chỉ đi tới, không lùi lại.")
            if to - now > FARTHEST_MOVE:
                raise BadRequest(400, "Mốc này quá xa. Đồng chí chọn trong vòng một năm.")
            await self._move(to)
        self._local.touch()
        return web.json_response({"text": in_words(self._clock.now())})

    async def _chat(self, request: web.Request) -> tuple[str, Face]:
        chat = request.match_info["chat_id"]
        for face in await self._people():
            if chat in _chats(face):
                return chat, face
        raise BadRequest(404, "Không có cuộc trò chuyện này.")


def in_words(at: datetime) -> str:
    """An instant as the page's clock shows it: "08:00 thứ Năm 02/4/2026"."""
    here = _here(at)
    return f"{here:%H:%M} {day_name(here.date())}/{here.year}"


def _here(at: datetime) -> datetime:
    return at.astimezone(VIETNAM)


def _clock(now: datetime) -> dict[str, str]:
    return {"now": now.isoformat(), "text": in_words(now), "local": f"{_here(now):%Y-%m-%dT%H:%M}"}


def _stop(stop: Stop) -> dict[str, str]:
    return {"id": stop.id, "label": stop.label, "at": stop.at.isoformat(), "text": in_words(stop.at)}


def _chats(face: Face) -> tuple[str, ...]:
    return (face.chat_id, face.beside) if face.beside else (face.chat_id,)


def _face(face: Face) -> dict[str, Any]:
    return {**asdict(face), "group": chat_kind(face.chat_id) == "group"}


def _message(chat_id: str, message: LocalMessage) -> dict[str, Any]:
    at, file = _here(instant(message.at)), message.file
    return {
        "id": message.id,
        "mark": message.mark,
        "bot": message.sender == BOT,
        "sender": message.sender,
        "text": message.text,
        "bold": list(message.bold),
        "choices": [{"label": label, "data": data} for label, data in message.choices],
        "file": file
        and {
            "name": file.name,
            "picture": file.picture,
            "url": f"/api/chats/{quote(chat_id, safe='')}/files/{file.mark}/{quote(file.name, safe='')}",
        },
        "time": f"{at:%H:%M}",
        "day": day_name(at.date()),
    }


def _number(request: web.Request, name: str) -> int:
    text = request.query.get(name, "0")
    if not text.isascii() or not text.isdigit() or len(text) > 18:
        raise BadRequest(400, f"Tham số {name} phải là một số.")
    return int(text)


def _patience(request: web.Request) -> float:
    """How long the request may wait for news, in seconds; without `wait` not at all."""
    return min(float(_number(request, "wait")), LONGEST_WAIT)


def _instant(to: object, stops: Sequence[Stop]) -> datetime:
    """The instant of a stop's id or of an ISO text; one without a zone is Vietnamese time."""
    if not isinstance(to, str):
        raise BadRequest(400, "Yêu cầu chưa nói chuyển đồng hồ đến đâu.")
    for stop in stops:
        if stop.id == to:
            return stop.at
    try:
        at = datetime.fromisoformat(to)
        return (at if at.tzinfo else at.replace(tzinfo=VIETNAM)).astimezone(VIETNAM)
    except (ValueError, OverflowError):
        raise BadRequest(409, "Mốc này không còn. Đồng chí chọn lại trong danh sách.") from None
