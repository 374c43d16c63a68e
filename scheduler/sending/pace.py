"""A chat in, how long its next message has to wait out: limits overall, per chat, per group and after a refusal."""

from collections import deque
from dataclasses import dataclass, field

from handlers.channel import Limits

MINUTE = 60.0
CATCH_UP = 0.2  # seconds of an unused pace that may be made up for
MOST_CHATS = 10_000  # chats remembered before those that may write again are forgotten


@dataclass(slots=True)
class Pace:
    """Keeps count for one channel. Times are seconds of one monotonic clock."""

    limits: Limits
    paused_until: float = 0.0
    _next: float = 0.0
    _chats: dict[str, float] = field(default_factory=dict)
    _groups: dict[str, deque[float]] = field(default_factory=dict)

    def wait_for(self, chat_id: str, group: bool, now: float) -> float:
        """Seconds until a message may leave for this chat; 0 means now."""
        wait = max(self.paused_until - now, 0.0)
        limits = self.limits
        if limits.overall_per_second:
            wait = max(wait, self._next - now)
        if limits.chat_seconds:
            # The chat's clock may run ahead by a burst: a leaky bucket of `burst` messages.
            ahead = self._chats.get(chat_id, 0.0) - (limits.burst - 1) * limits.chat_seconds
            wait = max(wait, ahead - now)
        if group and limits.group_per_minute:
            sent = self._groups.get(chat_id)
            if sent and len(sent) >= limits.group_per_minute:
                wait = max(wait, sent[0] + MINUTE - now)
        return wait

    def took(self, chat_id: str, group: bool, now: float) -> None:
        """A message leaves for this chat now."""
        limits = self.limits
        if limits.overall_per_second:
            self._next = max(self._next, now - CATCH_UP) + 1.0 / limits.overall_per_second
        if limits.chat_seconds:
            self._chats[chat_id] = max(self._chats.get(chat_id, 0.0), now) + limits.chat_seconds
            if len(self._chats) > MOST_CHATS:
                self._chats = {chat: at for chat, at in self._chats.items() if at > now}
        if group and limits.group_per_minute:
            self._groups.setdefault(chat_id, deque(maxlen=limits.group_per_minute)).append(now)

    def gave_back(self, chat_id: str, group: bool) -> None:
        """What was about to leave for this chat does not."""
        limits = self.limits
        if limits.overall_per_second:
            self._next -= 1.0 / limits.overall_per_second
        if limits.chat_seconds and chat_id in self._chats:
            self._chats[chat_id] -= limits.chat_seconds
        if group and self._groups.get(chat_id):
            self._groups[chat_id].pop()

    def pause(self, seconds: float, now: float) -> None:
        """The channel has told the whole bot to wait."""
        self.paused_until = max(self.paused_until, now + seconds)
