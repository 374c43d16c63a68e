"""What channels and handlers exchange: messages that come in, messages that go out, and how a delivery can fail."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from string import ascii_lowercase
from typing import Any, Literal

OWN_MARK = re.compile(r"\d+[a-z]\. ")
LABEL_LONGEST = 60  # characters of a choice's label; a longer name is cut


def typed_marks(labels: Sequence[str], numbered: bool) -> list[str]:
    """What is typed for each choice where nothing can be tapped: its number, or its letter where a number is a figure.

    "" on a card whose labels begin with marks ("1a. đoàn viên mới"): what is typed there is read by the dialogue.
    """
    if numbered:
        return [str(number) for number in range(1, len(labels) + 1)]
    if any(OWN_MARK.match(label) for label in labels):
        return [""] * len(labels)
    return list(ascii_lowercase[: len(labels)])


IncomingKind = Literal[
    "text", "choice", "file", "picture", "edited", "other", "withheld", "moved", "left", "joined", "allowed"
]
FailureKind = Literal["wait", "unknown", "unreachable", "barred", "refused", "spent", "moved", "gone"]


@dataclass(frozen=True, slots=True)
class Choice:
    """One offered answer. `data` is at most 64 bytes of ASCII, "verb:argument"."""

    label: str
    data: str


@dataclass(frozen=True, slots=True)
class Incoming:
    """One thing a person did on a channel.

    message_id: unique per (channel, bot); the same delivery always has the same id.
    kind: text · choice (a tapped button, its data in `choice`) · file (a document, not yet fetched) ·
      edited (an earlier text was changed) ·
      picture (a photo or video without a caption; what stands under one is a text) · other (sticker, voice …) ·
      withheld (the channel keeps from the bot what was sent: the sender is protected, or it is of a kind it passes on
      to no bot) ·
      moved (the group got the new id in `moved_to`) ·
      left (the person blocked the bot, or the bot was removed from the group) · joined (bot added to a group) ·
      allowed (the bot's rights in a group have changed, and it may write there).
    topic: of a group with topics the one it was said in; "" for the general one and everywhere else.
    replies_to: the bot's message it replies to, by the id with which the channel took that; "" for none.
    room: how many units more the channel would have taken, where the text nearly fills a message or ends open, so
      that the phone may have cut it; None for all else.
    album: the same for pictures and files that were sent together; "" for none.
    file_id: of a file, by which the channel fetches it; of a photo, also of one with words under it, by which the
      channel shows it again. file_mark: of a photo, the same whenever it is the same picture; "" where only its bytes
      tell.
    """

    channel: str
    bot: str
    message_id: str
    chat_id: str
    chat_kind: Literal["private", "group"]
    sender_id: str
    sender_name: str
    kind: IncomingKind
    at: datetime
    text: str = ""
    choice: str = ""
    moved_to: str = ""
    file_id: str = ""
    file_name: str = ""
    file_size: int = 0
    file_mark: str = ""
    topic: str = ""
    replies_to: str = ""
    album: str = ""
    room: int | None = None

    @property
    def is_photo(self) -> bool:
        """Whether it is a photo that can be shown again, with or without words under it."""
        return bool(self.file_id) and self.kind in ("picture", "text")

    def to_json(self) -> dict[str, Any]:
        """A JSON-ready dict; `from_json` is its inverse."""
        return {name: getattr(self, name) for name in self.__slots__} | {"at": self.at.isoformat()}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Incoming":
        """The inverse of `to_json`. Raises KeyError, TypeError or ValueError for anything else."""
        return cls(**{**data, "at": datetime.fromisoformat(data["at"])})


@dataclass(frozen=True, slots=True)
class File:
    """What goes with a message, made. picture: shown as one where the channel can, else sent like any file.

    there: the channel's own id of what somebody sent by it, and which it has; then there is no content.
    words: what the message says where its row says nothing; a file without content has only those.
    """

    name: str
    content: bytes
    picture: bool = False
    there: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message to one chat; scheduler/sending/parts.py gives it the form its channel takes.

    numbered: the choices may be answered by typing 1, 2, 3 …; false while a number is itself an answer: by letters.
    worded: not by letters, but by their words, as in a group, where a letter may be said of anything.
    key: the outbox row's key, for channels that can recognise a repetition; "" for none.
    bold: lines of the text that are headings, for channels that can show them so.
    file: goes with the text, or alone where that is empty. One that the channel does not take is left out: the
      text is delivered all the same.
    topic: of a group with topics the one it goes to; one that is gone is left out.
    silent: it follows another one, and no phone need ring for it.
    edits: the channel's id of the bot's earlier message whose place it takes, where the channel can change one.
    pin: to be held at the top of the chat, where the bot may do that.
    """

    chat_id: str
    text: str
    choices: tuple[Choice, ...] = field(default=())
    numbered: bool = True
    worded: bool = False
    key: str = ""
    file: File | None = None
    bold: tuple[str, ...] = ()
    topic: str = ""
    silent: bool = False
    edits: str = ""
    pin: bool = False


class NotDelivered(Exception):
    """A channel could not, or does not know whether it could, hand a message over.

    kind: wait (certainly not sent; try again after `retry_after` seconds; `whole_bot` when every chat must wait) ·
      unknown (the request left, no answer came: it may have arrived) ·
      unreachable (blocked, deactivated, chat not found: no use trying) ·
      barred (a chat the bot is in does not let it write, which may change) ·
      refused (the channel rejects this very message) ·
      spent (the bot has sent all it may for now, which no second try changes) ·
      moved (the chat now has the id `moved_to`) ·
      gone (the message that was to be changed is not there, or may not be changed any more).
    """

    def __init__(
        self,
        kind: FailureKind,
        reason: str,
        *,
        retry_after: float = 0.0,
        whole_bot: bool = False,
        moved_to: str = "",
    ) -> None:
        super().__init__(reason)
        self.kind = kind
        self.reason = reason
        self.retry_after = retry_after
        self.whole_bot = whole_bot
        self.moved_to = moved_to


class FileNotRead(Exception):
    """The file gives no text; `key` is the wording key of what the person is told."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key
