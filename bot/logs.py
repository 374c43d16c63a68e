"""Log events in, one line of JSON or text each on stderr out, without tokens, codes, phones or message texts."""

import logging
import re
import sys
import time
from collections.abc import Callable, MutableMapping, Sequence
from typing import Any, Literal, TextIO

import structlog

MOST_REMEMBERED = 200  # lines whose repetitions are counted; with more all are forgotten
SHORTEST_SECRET = 4  # of a shorter setting every line would lose harmless letters

# A bot token, a deep link's code, a phone number, a citizen number: hidden wherever they turn up.
_SECRET_SHAPES = re.compile(
    r"(?<!\d)\d{5,}:[A-Za-z0-9_-]{20,}"  # also behind "/bot" in an address
    r"|\b[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}\b"
    r"|(?<!\d)(?:\+84|0)\d{2,3}[ .-]?\d{3}[ .-]?\d{3,4}(?!\d)"
    r"|(?<!\d)\d{12}(?!\d)"
)

# A full disk meets every message and every result at once: hundreds of the same line a second would fill it further.
SAME_SECONDS = 10.0


class Repeats:
    """Lets the same line through once in so many seconds; the next one says how many `times` it would have stood."""

    def __init__(self, seconds: float = SAME_SECONDS, now: Callable[[], float] = time.monotonic) -> None:
        self._seconds, self._now = seconds, now
        self._seen: dict[str, tuple[float, int]] = {}

    def __call__(self, _: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        """The event, with `times` where it stands for several. Raises DropEvent for one that was just written."""
        if event.get("exc_info"):
            return event  # the same words may stand above another error
        line, now = repr(sorted(event.items(), key=lambda item: item[0])), self._now()
        since, held_back = self._seen.get(line, (float("-inf"), 0))
        if now - since < self._seconds:
            self._seen[line] = since, held_back + 1
            raise structlog.DropEvent
        if len(self._seen) > MOST_REMEMBERED:
            self._seen.clear()
        self._seen[line] = now, 0
        return {**event, "times": held_back + 1} if held_back else event


def configure_logs(
    style: Literal["text", "json"], level: str, secrets: Sequence[str] = (), stream: TextIO | None = None
) -> None:
    """Sends structlog's and the standard library's events through the same redaction to one stream."""
    hidden = [secret for secret in secrets if len(secret) >= SHORTEST_SECRET]

    def clean(value: Any) -> Any:
        if isinstance(value, str):
            for secret in hidden:
                value = value.replace(secret, "***")
            return _SECRET_SHAPES.sub("***", value)
        if isinstance(value, dict):
            return {key: clean(inner) for key, inner in value.items()}
        if isinstance(value, list | tuple):
            return [clean(inner) for inner in value]
        return value

    def redact(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        return {key: clean(value) for key, value in event.items()}

    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        redact,
    ]
    last: Any = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if style == "json"
        else structlog.dev.ConsoleRenderer(colors=False, pad_event_to=0)
    )
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, redact, last],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    for noisy in ("httpx", "httpcore", "aiohttp.access", "aiosqlite", "asyncio"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    structlog.configure(
        processors=[Repeats(), *shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level.upper())),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
