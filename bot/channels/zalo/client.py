"""A method of the Zalo Bot API in, its result out; what fails says whether the request had certainly not arrived.

No error holds the address it was about, since the token stands in it; nor has it a cause, whose text would show it.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

import aiohttp

JSON = {"Content-Type": "application/json"}
CONNECT_SECONDS = 5.0
NOT_KNOWN, NO_SUCH, TIMED_OUT, NO_MORE = 401, 404, 408, 429


class ZaloFault(Exception):
    """A call that had no result. The text is the server's own description, or the kind of fault."""


class ZaloRefused(ZaloFault):
    """The server's "no": ok is false, whatever the status of HTTP was. code: its error_code, else that status."""

    def __init__(self, code: int, description: str) -> None:
        super().__init__(f"{code}: {description}" if description else str(code))
        self.code = code


class ZaloUnreached(ZaloFault):
    """No connection was made: the request has certainly not arrived."""


class ZaloUnanswered(ZaloFault):
    """The request left, and what came back is nothing, or no answer of this API: it may have been carried out."""


class ZaloApi:
    """One bot's methods, over a session that its owner opens and closes. read: seconds an answer may take."""

    def __init__(self, session: aiohttp.ClientSession, url: str, token: str, *, read: float) -> None:
        self._session, self._read = session, read
        self.server_date: Callable[[str], None] = lambda _: None  # is told the header "Date" of each answer
        self._base = f"{url}/bot{token}"
        self._secret = token.partition(":")[2]

    async def call(self, method: str, given: Mapping[str, Any], *, silence: float = 0.0) -> Any:
        """The result of one method, None where the answer has none. silence: seconds more the answer may take.
        Raises ZaloFault.
        """
        total = self._read + silence
        timeout = aiohttp.ClientTimeout(
            total=total + CONNECT_SECONDS, connect=CONNECT_SECONDS, sock_connect=CONNECT_SECONDS, sock_read=total
        )
        body = json.dumps(given, ensure_ascii=False, separators=(",", ":")).encode()
        try:
            # A redirect would carry the token to another host.
            async with self._session.post(
                f"{self._base}/{method}", data=body, headers=JSON, timeout=timeout, allow_redirects=False
            ) as response:
                status, payload = response.status, await response.read()
                self.server_date(response.headers.get("Date", ""))
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL) as fault:
            raise ZaloUnreached(_plainly(fault)) from None
        except (TimeoutError, aiohttp.ClientError, OSError) as fault:
            raise ZaloUnanswered(_plainly(fault)) from None
        return self._result(status, payload)

    def _result(self, status: int, payload: bytes) -> Any:
        try:
            answer = json.loads(payload)
        except (ValueError, RecursionError):
            answer = None
        if not isinstance(answer, dict) or not isinstance(answer.get("ok"), bool):
            raise ZaloUnanswered(f"the answer, with status {status}, is not one of the Zalo Bot API")
        if not answer["ok"]:
            code = answer.get("error_code")
            description = str(answer.get("description") or "").replace(self._secret, "***")
            raise ZaloRefused(code if isinstance(code, int) and not isinstance(code, bool) else status, description)
        return answer.get("result")


def _plainly(fault: Exception) -> str:
    # Only the kind and the system's words: the text of several of aiohttp's errors contains the address.
    system = getattr(fault, "strerror", None)
    return f"{type(fault).__name__}: {system}" if system else type(fault).__name__
