"""Flood control as Telegram describes it: 1 a second per chat, 20 a minute per group, 30 a second overall."""

import math
from collections import defaultdict, deque


class Bucket:
    """Holds up to `size` tokens and gets `rate` new ones a second."""

    def __init__(self, rate: float, size: float) -> None:
        self.rate, self.size = rate, size
        self._tokens, self._at = size, 0.0

    def wait(self, now: float) -> float:
        """Seconds until a token is there; takes none."""
        self._tokens = min(self.size, self._tokens + (now - self._at) * self.rate)
        self._at = now
        return 0.0 if self._tokens >= 1 else (1 - self._tokens) / self.rate

    def take(self) -> None:
        """Takes one token; ask `wait` first."""
        self._tokens -= 1


class FloodControl:
    """Says for each message whether it may pass. A refused one costs nothing."""

    def __init__(
        self, per_chat: float = 1.0, burst: float = 3.0, per_group_minute: int = 20, overall: float = 30.0
    ) -> None:
        self._chats: defaultdict[int, Bucket] = defaultdict(lambda: Bucket(per_chat, burst))
        self._groups: defaultdict[int, deque[float]] = defaultdict(deque)
        self._per_group_minute = per_group_minute
        self._all = Bucket(overall, overall)

    def retry_after(self, chat_id: int, now: float) -> int:
        """Whole seconds to wait, 0 if the message passes (which counts it)."""
        chat, group = self._chats[chat_id], self._groups[chat_id]
        waits = [chat.wait(now), self._all.wait(now)]
        if chat_id < 0:
            while group and group[0] <= now - 60:
                group.popleft()
            if len(group) >= self._per_group_minute:
                waits.append(group[0] + 60 - now)
        if longest := max(waits):
            return max(1, math.ceil(longest))
        chat.take()
        self._all.take()
        if chat_id < 0:
            group.append(now)
        return 0
