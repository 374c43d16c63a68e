"""Updates waiting for the bot: getUpdates with Telegram's rules of forgetting, or posts to a webhook."""

import asyncio
from collections import deque
from collections.abc import Iterable
from typing import Any

import aiohttp
from bot_api.bell import PATIENCE, Bell
from bot_api.faults import TWO_POLLERS, ApiError, bad

# Sent only when asked for by name.
SHY = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
WEBHOOK_ACTIVE = (
    "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
)
RETRY_PAUSES = (0.02, 0.04, 0.08, 0.16)  # a real server waits longer; the last one repeats


class Mailbox:
    """An update is forgotten once a later getUpdates passes a higher offset, or a webhook answered 2xx."""

    def __init__(self, first_id: int = 700_000_001) -> None:
        self.next_id = first_id
        self.pending: deque[dict[str, Any]] = deque()
        self.confirmed: list[int] = []
        self.allowed: frozenset[str] | None = None
        self.webhook: dict[str, Any] = {}
        self.last_webhook_error = ""
        self._bell = Bell()
        self._poller = 0
        self._ended_by = ""
        self._closed = False
        self._posting: asyncio.Task[None] | None = None

    def put(self, kind: str, content: dict[str, Any]) -> int | None:
        """Adds one update and returns its id; None when the bot has not asked for this kind."""
        if kind in SHY if self.allowed is None else kind not in self.allowed:
            return None
        return self.put_raw({kind: content})

    def put_raw(self, update: dict[str, Any]) -> int:
        """Adds one update whatever it looks like. Its own update_id, if it has one, is kept."""
        number = update.get("update_id", self.next_id)
        self.pending.append({"update_id": number, **update})
        if isinstance(number, int):
            self.next_id = number + 1
        self._bell.ring()
        return number

    def allow(self, kinds: Iterable[str] | None) -> None:
        """What the bot wants from now on; None leaves it, an empty list means the default."""
        if kinds is not None:
            self.allowed = frozenset(kinds) or None

    async def fetch(self, offset: int, limit: int, wait: float) -> list[dict[str, Any]]:
        """One getUpdates. Raises ApiError 409 here, or in an older call that still waits."""
        if self.webhook:
            raise ApiError(409, WEBHOOK_ACTIVE)
        self._poller += 1
        mine, self._ended_by = self._poller, TWO_POLLERS
        self._forget(offset)
        self._bell.ring()
        limit = limit if 1 <= limit <= 100 else 100
        try:
            await self._bell.until(lambda: self.pending or self._poller != mine or self._closed, wait)
        except TimeoutError:
            return []
        if self._poller != mine:
            raise ApiError(409, self._ended_by)
        return [self.pending[index] for index in range(min(limit, len(self.pending)))]

    def _forget(self, offset: int) -> None:
        if offset < 0:
            keep = len(self.pending) + offset
            for _ in range(max(0, keep)):
                self._confirm_first()
        while self.pending and 0 < self.pending[0]["update_id"] < offset:
            self._confirm_first()

    def _confirm_first(self) -> None:
        self.confirmed.append(self.pending.popleft()["update_id"])

    def set_webhook(self, url: str, secret: str, *, drop: bool) -> None:
        """Starts posting to that address; an empty one stops it."""
        if url and not url.startswith(("https://", "http://127.0.0.1", "http://localhost")):
            raise bad("bad webhook: An HTTPS URL must be provided for webhook")
        if drop:
            self.pending.clear()
        if self._posting is not None:
            self._posting.cancel()
            self._posting = None
        self.webhook = {"url": url, "secret": secret} if url else {}
        if url:
            self._poller, self._ended_by = self._poller + 1, "Conflict: terminated by setWebhook request"
            self._bell.ring()
            self._posting = asyncio.create_task(self._post_all(url, secret))

    async def _post_all(self, url: str, secret: str) -> None:
        headers = {"X-Telegram-Bot-Api-Secret-Token": secret} if secret else {}
        failures = 0
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=60)) as session:
            while True:
                await self._bell.until(lambda: self.pending, within=None)
                try:
                    async with session.post(url, json=self.pending[0], headers=headers) as answer:
                        self.last_webhook_error = (
                            "" if answer.ok else f"Wrong response from the webhook: {answer.status}"
                        )
                except (aiohttp.ClientError, TimeoutError) as fault:
                    self.last_webhook_error = type(fault).__name__
                if self.last_webhook_error:
                    self._bell.ring()
                    await asyncio.sleep(RETRY_PAUSES[min(failures, len(RETRY_PAUSES) - 1)])
                    failures += 1
                else:
                    failures = 0
                    self._confirm_first()
                    self._bell.ring()

    async def emptied(self, within: float = PATIENCE) -> None:
        """Waits until the bot has let go of every update."""
        await self._bell.until(lambda: not self.pending, within)

    async def refused(self, within: float = PATIENCE) -> str:
        """Waits until the webhook has not taken an update; returns why."""
        return await self._bell.until(lambda: self.last_webhook_error, within)

    async def close(self) -> None:
        """Ends long polls and webhook posts."""
        self._closed = True
        self._bell.ring()
        if self._posting is not None:
            self._posting.cancel()
            await asyncio.gather(self._posting, return_exceptions=True)
