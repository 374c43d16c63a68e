"""The Bot API's errors, and a queue of the ones a test wants next."""

from collections import defaultdict, deque
from dataclasses import dataclass
from typing import Any

# Kinds of fault. "before": the call is not carried out. "after": it is, and then its answer is spoilt.
BEFORE = frozenset(
    {
        "flood",  # 429 with retry_after
        "400",  # this very message, or its file, is not taken
        "413",  # a gateway finds the request too large
        "500",
        "502",
        "504",
        "401",  # the token was taken back
        "409",  # another poller
        "reset_before",
        "hang_before",  # silence, then the connection is cut
        "blocked",
        "deactivated",
        "kicked",
        "chat_not_found",
        "migrated",
        "delay",  # carried out and answered, but late
    }
)
AFTER = frozenset({"reset_after", "hang_after", "502_after", "504_after", "not_json", "no_result", "wrong_type"})


class ApiError(Exception):
    """One refusal, as the server words it."""

    def __init__(self, code: int, description: str, **parameters: Any) -> None:
        super().__init__(description)
        self.code, self.description, self.parameters = code, description, parameters

    def body(self) -> dict[str, Any]:
        """The JSON of the answer."""
        body = {"ok": False, "error_code": self.code, "description": self.description}
        return {**body, "parameters": self.parameters} if self.parameters else body


def bad(description: str, **parameters: Any) -> ApiError:
    """A 400 with the server's usual beginning."""
    return ApiError(400, f"Bad Request: {description}", **parameters)


def forbidden(description: str) -> ApiError:
    """A 403 with the server's usual beginning."""
    return ApiError(403, f"Forbidden: {description}")


def too_many(retry_after: int) -> ApiError:
    """A 429."""
    return ApiError(429, f"Too Many Requests: retry after {retry_after}", retry_after=retry_after)


def upgraded(moved_to: int) -> ApiError:
    """What a send to a group's old id gets after it became a supergroup."""
    return bad("group chat was upgraded to a supergroup chat", migrate_to_chat_id=moved_to)


@dataclass(frozen=True)
class Fault:
    """One thing to go wrong once."""

    kind: str
    chat: str | None = None
    retry_after: int = 1
    seconds: float = 30.0
    moved_to: int = 0

    def error(self) -> ApiError | None:
        """The refusal this fault is, None when it is a matter of the connection."""
        return {
            "flood": too_many(self.retry_after),
            "400": bad("IMAGE_PROCESS_FAILED"),
            "500": ApiError(500, "Internal Server Error"),
            "401": ApiError(401, "Unauthorized"),
            "409": ApiError(409, TWO_POLLERS),
            "blocked": forbidden("bot was blocked by the user"),
            "deactivated": forbidden("user is deactivated"),
            "kicked": forbidden("bot was kicked from the supergroup chat"),
            "chat_not_found": bad("chat not found"),
            "migrated": upgraded(self.moved_to),
        }.get(self.kind)


TWO_POLLERS = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"


class Faults:
    """Queues per method; each fault strikes one call, of one chat if it names one."""

    def __init__(self) -> None:
        self._waiting: defaultdict[str, deque[Fault]] = defaultdict(deque)

    def add(self, method: str, kind: str, *, times: int = 1, chat: int | str | None = None, **rest: Any) -> None:
        """Adds `times` faults of that kind to the method's queue."""
        if kind not in BEFORE | AFTER:
            raise ValueError(f"no fault is called {kind!r}")
        fault = Fault(kind, chat=None if chat is None else str(chat), **rest)
        self._waiting[method.lower()].extend([fault] * times)

    def take(self, method: str, chat: object) -> Fault | None:
        """The next fault meant for this call, taken out of its queue."""
        queue = self._waiting[method.lower()]
        for fault in queue:
            if fault.chat is None or fault.chat == str(chat):
                queue.remove(fault)
                return fault
        return None

    def left(self) -> int:
        """How many have not struck yet."""
        return sum(map(len, self._waiting.values()))
