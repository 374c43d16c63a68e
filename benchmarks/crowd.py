"""The simulated people: who speaks when, how long each waited for an answer, and how long the bot was silent."""

import json
from collections import deque
from collections.abc import Callable, Sequence
from itertools import count

FIRST_CHAT = 1_000_001


class Crowd:
    """People in conversation with the bot. Times are seconds of one monotonic clock.

    script: what a person says, one line after the other.
    present: how many talk at the same time; who has finished makes room for the next one, up to `enrolled`.
    deliver: puts one update, as JSON, where the bot will fetch it.
    closed: everybody answers the moment the reply is there; otherwise `speak` lets the next one talk.
    """

    def __init__(
        self,
        script: Callable[[int], Sequence[str]],
        present: int,
        enrolled: int,
        deliver: Callable[[int, bytes], None],
        *,
        closed: bool,
        receipt: str,
    ) -> None:
        self._script = script
        self._lines: dict[int, list[str]] = {}  # by chat, as JSON, while it talks
        self._deliver = deliver
        self._closed = closed
        self._receipt = receipt
        self._update_ids = count(700_000_001)
        self._present, self._enrolled = present, enrolled
        self._newest = FIRST_CHAT - 1
        self._said: dict[int, int] = {}  # chat -> lines of the script said
        self._waiting: dict[int, float] = {}  # chat -> when it spoke, the longest first
        self._idle: deque[int] = deque()
        self._last_sign = 0.0
        self.measuring = False
        self.waits: list[float] = []
        self.silence = 0.0
        self.finished = self.astray = self.unasked = self.messages = 0

    def enter(self, now: float) -> None:
        """Everybody who is present at the beginning."""
        for _ in range(self._present):
            self._next_one(now)

    def _next_one(self, now: float) -> None:
        if self._newest - FIRST_CHAT + 1 >= self._enrolled:
            return
        self._newest += 1
        self._said[self._newest] = 0
        self._lines[self._newest] = [json.dumps(line, ensure_ascii=False) for line in self._script(self._newest)]
        if self._closed:
            self._say(self._newest, now)
        else:
            self._idle.append(self._newest)

    def speak(self, now: float) -> bool:
        """The next idle person speaks; False when everybody waits for the bot."""
        if not self._idle:
            return False
        self._say(self._idle.popleft(), now)
        return True

    def _say(self, chat: int, now: float) -> None:
        number, line = next(self._update_ids), self._lines[chat][self._said[chat]]
        self._said[chat] += 1
        self._waiting[chat] = now
        who = f'"id":{chat},"first_name":"Nguyễn Văn {chat}"'
        update = (
            f'{{"update_id":{number},"message":{{"message_id":{number},"date":1795000000,'
            f'"from":{{{who},"is_bot":false,"language_code":"vi"}},"chat":{{{who},"type":"private"}},"text":{line}}}}}'
        )
        self._deliver(number, update.encode())

    def heard(self, chat: int, text: str, now: float) -> None:
        """The bot has said something in that chat."""
        self.messages += 1
        since = self._waiting.pop(chat, None)
        if since is None:
            self.unasked += 1
            return
        if self.measuring:
            self.waits.append(now - since)
        if self._said[chat] == len(self._lines[chat]):
            del self._said[chat], self._lines[chat]
            self.finished += 1
            self.astray += self._receipt not in text
            self._next_one(now)
        elif self._closed:
            self._say(chat, now)
        else:
            self._idle.append(chat)

    def sign_of_life(self, now: float) -> None:
        """The bot has called some method; before `heard`, so that who is answered by it has still waited."""
        if self.measuring and self._waiting:
            since = max(self._last_sign, next(iter(self._waiting.values())))
            self.silence = max(self.silence, now - since)
        self._last_sign = now

    @property
    def open(self) -> int:
        """How many conversations are under way."""
        return sum(1 for said in self._said.values() if said)
