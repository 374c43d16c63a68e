"""Requests of python-telegram-bot in, answers over aiohttp out; a failed one says whether it had already left."""

import io
import json
from collections.abc import Callable, Mapping
from functools import lru_cache
from http import HTTPStatus
from typing import Any

import aiohttp
from telegram import InputFile
from telegram.error import BadRequest, NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData

FORM = {"Content-Type": "application/x-www-form-urlencoded", "User-Agent": BaseRequest.USER_AGENT}
JSON = {"Content-Type": "application/json", "User-Agent": BaseRequest.USER_AGENT}
MULTIPART = {"User-Agent": BaseRequest.USER_AGENT}


class JsonData(RequestData):  # type: ignore[misc]  # final, but for typing only
    """Parameters of JSON's own types, sent as JSON: the library's form takes four times as long to make."""

    __slots__ = ("body",)

    def __init__(self, parameters: Mapping[str, Any]) -> None:
        super().__init__()
        given = {name: value for name, value in parameters.items() if value is not None}
        self.body = json.dumps(given, ensure_ascii=False, separators=(",", ":")).encode()


class FileData(RequestData):  # type: ignore[misc]  # final, but for typing only
    """Parameters of JSON's own types and one file, sent as a form in parts; `field` is the file's parameter."""

    __slots__ = ("file", "given")

    def __init__(self, parameters: Mapping[str, Any], field: str, name: str, content: bytes) -> None:
        super().__init__()
        self.given = {key: value for key, value in parameters.items() if value is not None}
        self.file = (field, InputFile(content, filename=name))

    @property
    def multipart_data(self) -> dict[str, Any]:
        """The file's name, content and type, under its parameter."""
        field, file = self.file
        return {field: file.field_tuple}

    @property
    def json_parameters(self) -> dict[str, str]:
        """The other parameters; what is no text is written as JSON."""
        return {k: v if isinstance(v, str) else json.dumps(v, ensure_ascii=False) for k, v in self.given.items()}


class NotSent(NetworkError):
    """No connection was made, so the server certainly never saw the request."""


class ServerTrouble(NetworkError):
    """The server, or a gateway before it, answered 5xx: the request may have been carried out or not."""

    def __init__(self, code: int) -> None:
        super().__init__(f"the Bot API answered {code}")
        self.code = code


class FloodWait(TelegramError):
    """429. The library's own RetryAfter warns about its deprecated attribute whenever it is made or read."""

    def __init__(self, retry_after: float) -> None:
        super().__init__(f"flood control, retry after {retry_after:g} s")
        self.retry_after = retry_after


class AiohttpRequest(BaseRequest):
    """A `telegram.request.BaseRequest` on an aiohttp session that its owner opens and closes.

    Errors carry the kind of fault and never the address, because the address holds the bot's token; for the
    same reason they are raised without their cause, whose text and traceback would show it.
    Timeouts are in seconds. `connect` and `pool` add up to the time in which a connection must be had.
    """

    __slots__ = ("_connect", "_media_write", "_pool", "_read", "_session", "_write", "server_date")

    def __init__(
        self,
        session: aiohttp.ClientSession,
        *,
        read: float = 15.0,
        write: float = 10.0,
        connect: float = 5.0,
        pool: float = 5.0,
        media_write: float = 30.0,
    ) -> None:
        self._session = session
        self.server_date: Callable[[str], None] = lambda _: None  # is told the header "Date" of each answer
        self._read, self._write, self._connect, self._pool = read, write, connect, pool
        self._media_write = media_write

    @property
    def read_timeout(self) -> float | None:
        """Seconds of silence after which an answer is given up, unless a call says otherwise."""
        return self._read

    async def initialize(self) -> None:
        """Nothing to open: the session has its own owner."""

    async def shutdown(self) -> None:
        """Nothing to close: the session has its own owner."""

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: object = BaseRequest.DEFAULT_NONE,
        write_timeout: object = BaseRequest.DEFAULT_NONE,
        connect_timeout: object = BaseRequest.DEFAULT_NONE,
        pool_timeout: object = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """The status and body of one request.

        Raises NotSent, FloodWait, BadRequest (certainly not done); TimedOut, ServerTrouble, NetworkError (not known).
        """
        files, body, headers = _written(request_data)
        timeout = _timeout(
            read=_given(read_timeout, self._read),
            write=_given(write_timeout, self._media_write if files else self._write),
            connect=_given(connect_timeout, self._connect),
            pool=_given(pool_timeout, self._pool),
        )
        try:
            # A redirect would carry the token to another host.
            async with self._session.request(
                method,
                url,
                data=body,
                headers=headers,
                timeout=timeout,
                allow_redirects=False,
            ) as response:
                code, payload = response.status, await response.read()
                self.server_date(response.headers.get("Date", ""))
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL) as fault:
            raise NotSent(_plainly(fault)) from None
        except TimeoutError as fault:
            raise TimedOut(_plainly(fault)) from None
        except (aiohttp.ClientError, OSError) as fault:
            raise NetworkError(_plainly(fault)) from None
        if code == HTTPStatus.TOO_MANY_REQUESTS:
            raise FloodWait(_retry_after(payload))
        if code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            raise BadRequest("the file is too large")
        if code >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise ServerTrouble(code)
        return code, payload

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """The body as a Bot API answer, else TelegramError; unlike the library's, does not log the body."""
        try:
            answer = json.loads(payload.decode("utf-8", "replace"))
        except (ValueError, RecursionError):
            raise TelegramError("the answer is not JSON") from None
        if not isinstance(answer, dict) or not ("result" in answer or "error_code" in answer):
            raise TelegramError("the answer is not a Bot API answer")
        return answer


def _given(value: object, otherwise: float) -> float | None:
    """None means no limit; the library's own marker for "not given" is neither None nor a number."""
    if value is None:
        return None
    return float(value) if isinstance(value, int | float) else otherwise


@lru_cache(maxsize=16)
def _timeout(
    *, read: float | None, write: float | None, connect: float | None, pool: float | None
) -> aiohttp.ClientTimeout:
    # aiohttp knows no write timeout; the total bounds a write that hangs, and an answer that only drips.
    total = None if None in (read, write, connect, pool) else sum((read or 0, write or 0, connect or 0, pool or 0))
    had = None if connect is None or pool is None else connect + pool
    return aiohttp.ClientTimeout(total=total, connect=had, sock_connect=connect, sock_read=read)


def _written(data: RequestData | None) -> tuple[bool, aiohttp.FormData | bytes | None, dict[str, str]]:
    """Whether there are files, the body, and its headers."""
    if isinstance(data, JsonData):
        return False, data.body, JSON
    if data is None:
        return False, None, FORM
    if data.multipart_data:
        return True, _multipart(data), MULTIPART
    # Encoding the plain form here costs a third of what aiohttp.FormData does for the same bytes.
    return False, data.url_encoded_parameters().encode(), FORM


def _multipart(data: RequestData) -> aiohttp.FormData:
    form = aiohttp.FormData(quote_fields=False)  # quoted, a file would be called ph%E1%BB%A5 in the chat
    for name, value in data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, mimetype) in data.multipart_data.items():
        # Bytes as they are would be written in one piece, which holds up everybody else while a large file leaves.
        body = io.BytesIO(content) if isinstance(content, bytes) else content
        form.add_field(name, body, filename=filename, content_type=mimetype)
    return form


def _plainly(fault: Exception) -> str:
    # Only the kind and the system's words: str() of several aiohttp errors contains the address.
    system = getattr(fault, "strerror", None)
    return f"{type(fault).__name__}: {system}" if system else type(fault).__name__


def _retry_after(payload: bytes) -> float:
    try:
        return max(0.0, float(json.loads(payload)["parameters"]["retry_after"]))
    except (ValueError, KeyError, TypeError):
        return 1.0  # a 429 of some gateway that says nothing: the shortest pause Telegram itself asks for
