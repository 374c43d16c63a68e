"""A request of the chat page in, the message it carries out, or a refusal: from another site, too large, unclear."""

import base64
import functools
import ipaddress
import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from aiohttp import web

from handlers.conversation import MOST_CHARS
from handlers.messages import File
from storage.database import StorageError

TEXT_LIMIT: Final = MOST_CHARS  # the page itself sets none: a text cut short would be read as if it were whole
BODY_LIMIT: Final = 8 * TEXT_LIMIT  # bytes; a character takes six at most
LABEL_LIMIT: Final = 200
HEAD_LIMIT: Final = 100  # bytes in which a request says that it has a photo
PHOTO_LIMIT: Final = 4_000_000  # bytes; the page makes photos smaller before it sends them
PHOTOS: Final = {"jpg": b"\xff\xd8\xff", "png": b"\x89PNG\r\n\x1a\n"}
TOO_LARGE: Final = "Ảnh lớn quá 4 MB, đồng chí gửi ảnh nhỏ hơn."
_HEADERS: Final = {
    "Content-Security-Policy": ("default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_CLIENT_ID: Final = re.compile(r"[A-Za-z0-9-]{8,64}")
_DATA: Final = re.compile(r"[\x20-\x7e]{1,64}")
# NUL is refused by PostgreSQL, half a surrogate pair by every UTF-8 encoder; JSON can carry both.
_UNSTORABLE: Final = re.compile("[\x00\ud800-\udfff]")

Handler = Callable[[web.Request], Awaitable[web.Response]]


class BadRequest(Exception):
    """A request that is not answered as asked: the status, and one line for the person."""

    def __init__(self, status: int, line: str) -> None:
        super().__init__(line)
        self.status = status
        self.line = line


@dataclass(frozen=True, slots=True)
class PageMessage:
    """What a person sent: a text, a photo, or a tapped button's data in `choice`. shown: the line in the chat."""

    id: str
    shown: str
    text: str = ""
    choice: str = ""
    photo: File | None = None


class Guard:
    """Lets through only what this site's own page asks.

    The page has no log-in, so any web page open in the same browser could otherwise post into the chats
    (forged requests), or read them under a name that it makes resolve to this machine (DNS rebinding).
    bound: the address the site listens on.
    """

    def __init__(self, bound: str) -> None:
        self._hosts = {bound.strip("[]").lower(), "localhost", "127.0.0.1", "::1"}
        self._every_address = _is_unspecified(bound)

    def around(self, handler: Handler) -> Handler:
        """The handler, asked only for requests that pass, its refusals told as JSON {error}."""

        @functools.wraps(handler)
        async def guarded(request: web.Request) -> web.Response:
            try:
                self._check(request)
                response = await handler(request)
            except BadRequest as refused:
                response = web.json_response({"error": refused.line}, status=refused.status)
            except StorageError:
                line = "Chưa lưu được, đồng chí gửi lại sau ít phút."
                response = web.json_response({"error": line}, status=503)
            response.headers.update(_HEADERS)
            if "Cache-Control" not in response.headers:
                response.headers["Cache-Control"] = "no-store"
            return response

        return guarded

    def _check(self, request: web.Request) -> None:
        host = request.headers.get("Host", "")
        if not self._is_ours(host):
            raise BadRequest(403, "Trang này chỉ mở được bằng địa chỉ của chính máy đang chạy.")
        if request.method != "POST":
            return
        origin = request.headers.get("Origin")
        # Browsers name the origin of every POST; what names none is no browser and can forge nothing.
        if origin is not None and urlsplit(origin).netloc.lower() != host.lower():
            raise BadRequest(403, "Yêu cầu đến từ một trang khác nên không được nhận.")
        if request.content_type != "application/json":
            raise BadRequest(400, "Yêu cầu phải ở dạng JSON.")

    def _is_ours(self, host: str) -> bool:
        try:
            name = (urlsplit(f"//{host}").hostname or "").lower()
        except ValueError:
            return False
        if name in self._hosts:
            return True
        # Bound to every address of the machine: any of them will do, a name still will not, since only names
        # can be made to resolve here.
        return self._every_address and _is_address(name)


async def read_json(request: web.Request) -> dict[str, Any]:
    """The request's JSON object, of a text at most BODY_LIMIT, of a photo as much as that takes. Raises BadRequest."""
    body = b""
    async for chunk in request.content.iter_any():
        body += chunk
        if len(body) > BODY_LIMIT and b'"photo"' not in body[:HEAD_LIMIT]:
            raise BadRequest(400, f"Tin nhắn dài quá {TEXT_LIMIT} ký tự, đồng chí gửi thành nhiều tin.")
        if len(body) > BODY_LIMIT + 2 * PHOTO_LIMIT:
            raise BadRequest(400, TOO_LARGE)
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        raise BadRequest(400, "Yêu cầu không đọc được.") from None
    if not isinstance(data, dict):
        raise BadRequest(400, "Yêu cầu không đọc được.")
    return data


def read_said(data: dict[str, Any]) -> PageMessage:
    """What {id, text}, {id, photo, text} or {id, choice, label} says. Raises BadRequest."""
    client_id = data.get("id")
    if not isinstance(client_id, str) or not _CLIENT_ID.fullmatch(client_id):
        raise BadRequest(400, "Tin thiếu mã của máy gửi.")
    if "choice" in data:
        label = _line(data.get("label"), LABEL_LIMIT)
        choice = data["choice"]
        if not isinstance(choice, str) or not _DATA.fullmatch(choice):
            raise BadRequest(400, "Nút bấm không hợp lệ.")
        return PageMessage(client_id, shown=label, choice=choice)
    if "photo" in data:
        written = data.get("text")
        text = _line(written, TEXT_LIMIT) if written else ""
        return PageMessage(client_id, shown=text, text=text, photo=_photo(data["photo"]))
    text = _line(data.get("text"), TEXT_LIMIT)
    return PageMessage(client_id, shown=text, text=text)


def _photo(data: object) -> File:
    """The photo of a request, in base64."""
    try:
        content = base64.b64decode(data if isinstance(data, str) else "", validate=True)
    except ValueError:
        content = b""
    return photo_of(content)


def photo_of(content: bytes) -> File:
    """The photo with these bytes, under a name by what it is. Raises BadRequest for what is none, or is too large."""
    ending = next((ending for ending, start in PHOTOS.items() if content.startswith(start)), "")
    if not ending:
        raise BadRequest(400, "Tệp này không phải ảnh JPEG hay PNG.")
    if len(content) > PHOTO_LIMIT:
        raise BadRequest(400, TOO_LARGE)
    return File(f"anh.{ending}", content, picture=True)


def _line(text: object, limit: int) -> str:
    if not isinstance(text, str) or not text.strip():
        raise BadRequest(400, "Tin nhắn còn trống.")
    if len(text) > limit:
        raise BadRequest(400, f"Tin nhắn dài quá {limit} ký tự, đồng chí gửi thành nhiều tin.")
    if _UNSTORABLE.search(text):
        raise BadRequest(400, "Tin nhắn có ký tự không dùng được.")
    return text


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _is_unspecified(bound: str) -> bool:
    try:
        return ipaddress.ip_address(bound.strip("[]")).is_unspecified
    except ValueError:
        return False
