"""A message with who wrote it and where the chat stands in; the rows, the reply and the chat's new state out."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from handlers.channel import Limits
from handlers.chat_state import ChatState
from handlers.commands import folded, spoken
from handlers.dues import Due
from handlers.messages import Choice, Incoming, typed_marks
from handlers.routes import ANSWERS
from handlers.wording.speech import Wording, without_bold
from reporting.time.calendar import local_day
from storage.database import Statement
from storage.messages import conversations, inbox, outbox
from storage.messages.conversations import Standing
from storage.messages.outbox import Kind
from storage.people.people import Role
from storage.periods.rounds import Round

# Labels are few and come again with every message.
_plain_label = lru_cache(maxsize=512)(folded)


def fresh_id() -> int:
    """An id for a new row, drawn so that several processes need not ask one another."""
    return secrets.randbelow(2**53)


def body(
    text: str, choices: Sequence[Choice] = (), numbered: bool = True, file: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """A message as the outbox keeps it. file: what the file with it is made of (scheduler/sending/files.py).

    Lines marked in the text as bold stand beside it: it is whole without them.
    """
    plain, heads = without_bold(text)
    content: dict[str, Any] = {"text": plain}
    if heads:
        content["bold"] = heads
    if choices:
        content["choices"] = [[choice.label, choice.data] for choice in choices]
        if not numbered:
            content["numbered"] = False
    if file is not None:
        content["file"] = dict(file)
    return content


@dataclass(slots=True)
class Turn:
    """What a message meets (who, roles, open period, state) and what it leads to (rows, one reply, new state)."""

    incoming: Incoming
    standing: Standing
    roles: Sequence[Role]
    rounds: Sequence[Round]
    now: datetime
    wording: Wording
    state: ChatState = field(init=False)
    rows: list[Statement] = field(default_factory=list)
    after: list[Statement] = field(default_factory=list)  # messages that leave behind the reply
    reply: dict[str, Any] | None = None
    running: Mapping[int, Sequence["Due"]] = field(default_factory=dict)
    locked: Round | None = None
    quick: Sequence[Round] = ()  # quick counts that run, and those that have just ended
    told: Round | None = None  # the period a question names, or that its area owes
    beside: Sequence[Round] | None = None  # other running periods its area owes, once that is asked
    numbered_in: int | None = None  # the period of a petition whose number the reply names at outbox.NUMBER
    forget: bool = False
    replied: tuple[str, ...] = ()  # codes that the earlier question asked about to which the message replies
    unasked: tuple[tuple[str, str], ...] = ()  # choices, as `ChatState.offered`, under what was told since the reply
    unasked_numbered: bool = True  # whether those have numbers, not letters
    captioned: bool = False  # what is said tells what a photo shows
    by_number: str = ""  # the label of the choice that was taken by its number
    limits: Limits = field(default_factory=Limits)  # of the channel it came on
    asks: list[str] | None = None  # by what the question in the reply is known (handlers/report/assignment.py)
    today: date = field(init=False)  # the local day
    reporting: list[Role] | None = None  # reported_for, once it was asked
    judged: set[int] = field(default_factory=set)  # units whose reports this turn accepts or gives back

    def __post_init__(self) -> None:
        self.state = ChatState.from_json(self.standing.state)
        self.today = local_day(self.now)

    @property
    def round(self) -> Round | None:
        """The period figures are asked of: the one named, else the latest running one, else the latest locked one."""
        return self.told or (self.rounds[0] if self.rounds else self.locked)

    def say(
        self,
        text: str,
        choices: Sequence[Choice] = (),
        numbered: bool = True,
        file: Mapping[str, Any] | None = None,
        listed: bool = True,
    ) -> None:
        """The one reply of this turn, with the choices that may be tapped or typed next.

        listed: false where they stand in an earlier message: what is only typed is not told once more.
        """
        heads = [head for head in (self.reply or {}).get("bold", ()) if head in text]
        self.reply = body(text, choices if listed or self.limits.buttons else (), numbered, file)
        if heads and "bold" not in self.reply:
            self.reply["bold"] = heads  # more was said under what had them
        self.state.offered = tuple((c.label, c.data) for c in choices)
        self.state.numbered = numbered

    def say_key(self, key: str, **parts: Any) -> None:
        """The same by wording key, without choices."""
        self.say(self.wording.say(key, **parts))

    def chosen(self) -> str | None:
        """The data of the choice that this message takes: tapped, or typed as its label or number."""
        if self.incoming.kind == "choice":
            return self.incoming.choice
        self.by_number, numbered = self._numbered_choice()
        if numbered:
            return numbered
        text = folded(self.incoming.text)
        command = spoken(self.incoming.text)
        # "Duyệt" under a notice is also a word of its own, and means that; "đúng" is only ever an answer.
        unasked = self.unasked if command is None or command.command == "right" else ()
        answer, offered = ANSWERS.get(text), (*unasked, *(self.state.offered or ()))
        alone = sum(data.startswith("skip:") for _, data in offered) == 1
        for label, data in offered:
            skips = alone and answer == "skip" and data.startswith("skip:")
            if skips or text == _plain_label(label):
                return data
        sides = {data.split(":")[1]: data for _, data in offered if ":" in data}
        return sides.get(answer) if answer and {"yes", "no"} <= sides.keys() else None

    def _numbered_choice(self) -> tuple[str, str]:
        """The choice, label and data, of which the message is the number; empty while a number is itself an answer."""
        offered, numbered = self.state.offered or (), self.state.numbered
        if self.unasked:
            offered, numbered = self.unasked, self.unasked_numbered
        if self.limits.buttons and not numbered:
            return "", ""  # no letter was shown
        text = self.incoming.text.strip(" .)").casefold()
        marks = typed_marks([label for label, _ in offered], numbered)
        return next((choice for mark, choice in zip(marks, offered, strict=True) if mark and mark == text), ("", ""))

    def echo(self) -> None:
        """Above the reply, where numbers stand for buttons: which choice the number was taken for."""
        if self.by_number and not self.limits.buttons and self.reply is not None:
            taken = self.wording.say("choice.taken", label=self.by_number)
            self.reply["text"] = f"{taken}\n{self.reply['text']}"

    def unit_of_work(self) -> list[Statement]:
        """All that follows from the message, to be written whole: its end in the inbox stands first."""
        message = self.incoming
        unit = [inbox.done(message.channel, message.bot, message.message_id, self.now)]
        state = self.state.to_json()
        if not self.forget and state != self.standing.state:
            unit.append(conversations.keep(message.channel, message.chat_id, state, self.standing.rev, self.now))
        unit += self.rows
        if (reply := self.due_reply()) is not None:
            unit.append(
                outbox.say(
                    reply.key, reply.kind, reply.channel, reply.chat_id, reply.body, self.now,
                    numbered_in=self.numbered_in,
                )
            )  # fmt: skip
        return unit + self.after

    def due_reply(self) -> outbox.OutboxRow | None:
        """The reply as the sender takes it; its text is not final while it is `numbered_in` a period."""
        message = self.incoming
        key = f"reply:{message.channel}:{message.bot}:{message.message_id}"
        if self.reply is None:
            return None
        # In a group also the general topic is named: elsewhere than it was asked nobody looks for an answer.
        topic = {"topic": message.topic} if message.chat_kind == "group" else {}
        asks = {"asks": self.asks} if self.asks else {}
        return outbox.OutboxRow(key, "reply", message.channel, message.chat_id, {**self.reply, **asks, **topic}, 0)

    def queue(self, key: str, kind: Kind, channel: str, chat_id: str, content: Mapping[str, Any]) -> Statement:
        """A message for any chat."""
        return outbox.say(key, kind, channel, chat_id, dict(content), self.now)
