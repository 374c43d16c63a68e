"""One raw update of Zalo in, an Arrival out: understood, or set aside with its error.

The wire is told in two ways that contradict each other, so either is taken: the body wrapped in `result` or flat, a
picture under `photo` or `photo_url`, an update with no `message`, and any event or type of chat that is not known yet.
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeAlias

from handlers.intake.arrivals import Arrival
from handlers.messages import Incoming, IncomingKind
from reporting.time.calendar import local_day

Body: TypeAlias = Mapping[str, Any]
"""One object of the Zalo Bot API, as JSON."""

CHANNEL = "zalo"
GROUPS = "group:"  # how the ids of group chats begin; the server's own do not tell
TEXT_LIMIT = 2000  # in UTF-16 units: in which unit Zalo counts is not told, and no other is longer
NEARLY = 96
LONGEST_ADDRESS = 2000  # of a picture
OPEN_ENDS = (":", ",", ";", "-", "–", "+", "(", "/", "=")
KINDS: Mapping[str, IncomingKind] = {
    "message.text.received": "text",
    "message.link.received": "text",
    "message.image.received": "picture",
    "message.sticker.received": "other",
    "message.voice.received": "other",
    "message.unsupported.received": "withheld",
}
# Neither asks anything: what somebody thinks of a message, and the event by which a webhook is tried.
UNASKED = ("message.reaction.received", "webhook.test")
TOGETHER = 10  # seconds in which pictures come that were sent in one go: each is an event of its own
# NUL is refused by PostgreSQL, half a surrogate pair by every UTF-8 encoder; JSON can carry both.
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def chat_key(bot: str, chat: str, *, group: bool = False) -> str:
    """The id under which the program knows a chat: an id of Zalo means something to one bot only."""
    return f"{GROUPS if group else ''}{bot}/{chat}"


def bot_and_chat(key: str) -> tuple[str, str]:
    """The inverse: the bot's id and the chat's own. ("", key) for what is no such id."""
    bot, found, chat = key.removeprefix(GROUPS).partition("/")
    return (bot, chat) if found else ("", key)


@dataclass(slots=True)
class ZaloReader:
    """Reads updates for one bot.

    bot: its id. names: as whom it is known, known after getMe; a mention of it is taken off texts.
    now: the time of receipt, for what carries none of its own.
    """

    bot: str
    now: Callable[[], datetime]
    names: tuple[str, ...] = ()

    def body(self, content: bytes) -> Arrival:
        """The Arrival of one webhook request's body. Never raises."""
        try:
            raw = json.loads(content)
        except (ValueError, RecursionError) as problem:
            text = _storable(content.decode("utf-8", "replace"))
            return Arrival(CHANNEL, self.bot, _digest(content), None, raw=text, error=f"not JSON: {problem}")
        return self.arrival(raw)

    def arrival(self, raw: object) -> Arrival:
        """Never raises: an update nobody can read must not hold up those behind it."""
        try:
            update = _update(raw)
            incoming = self._incoming(update)
            number = self._number(update)
        # Letters nobody can store, a number too large for a date: whatever it is, it is this update's alone.
        except Exception as problem:  # noqa: BLE001
            error = _storable(f"{type(problem).__name__}: {problem}")
            return Arrival(CHANNEL, self.bot, self._unnamed(raw), None, raw=_text(raw), error=error)
        if incoming is None and "unsupported" in str(update.get("event_name")):
            # Content Zalo keeps from bots, and not even whose: it can only be counted.
            return Arrival(CHANNEL, self.bot, number, None, error="withheld: Zalo names nobody")
        return Arrival(CHANNEL, self.bot, number, incoming)

    def _number(self, update: Body) -> str:
        message = _object(update, "message")
        number = _words(message, "message_id") if message else ""
        if not number:
            return self._unnamed(update)
        event = _words(update, "event_name")
        # A reaction may carry the id of what it is about.
        return number if event in KINDS else f"{event}:{number}"

    def _unnamed(self, raw: object) -> str:
        """An id for what has none: the same for each delivery of a day, since it may be the same all the year."""
        return f"{_digest(_text(raw).encode())}:{local_day(self.now())}"

    def _incoming(self, update: Body) -> Incoming | None:
        event, message = _words(update, "event_name"), _object(update, "message")
        if event in UNASKED or message is None:
            return None
        sender, chat = _object(message, "from") or {}, _object(message, "chat") or {}
        if sender.get("is_bot") is True:
            return None
        who = _words(sender, "id")
        where = _words(chat, "id") or who
        if not where:
            raise ValueError("neither a chat nor a sender is named")
        number = _words(message, "message_id")
        if not number:
            raise ValueError("message_id is missing")
        # A type that is not known is no private chat, unless the chat is the sender's own.
        group = _words(chat, "chat_type").upper() != "PRIVATE" and where != who
        text = self._unaddressed(_words(message, "text") or _words(message, "caption"))
        kind, photo = _kind(event, message, text), _photo(message)
        return Incoming(
            channel=CHANNEL,
            bot=self.bot,
            message_id=number,
            chat_id=chat_key(self.bot, where, group=group),
            chat_kind="group" if group else "private",
            sender_id=chat_key(self.bot, who) if who else "",
            sender_name=_words(sender, "display_name"),
            kind=kind,
            at=self._moment(message),
            text=text if kind == "text" else "",
            album=self._together(where, message) if kind == "picture" or photo else "",
            file_id=photo,
            room=room_after(text) if kind == "text" else None,
        )

    def _moment(self, message: Body) -> datetime:
        date = message.get("date")
        if isinstance(date, bool) or not isinstance(date, int):
            return self.now()
        return datetime.fromtimestamp(date / 1000, UTC)

    def _together(self, where: str, message: Body) -> str:
        return f"{where}:{int(self._moment(message).timestamp()) // TOGETHER}"

    def _unaddressed(self, text: str) -> str:
        """The text without the mention of the bot it begins with, as a group needs one for each message."""
        said = text.lstrip()
        if not said.startswith("@"):
            return text
        for name in sorted(self.names, key=len, reverse=True):
            if said[1 : len(name) + 1].casefold() == name.casefold():
                return said[len(name) + 1 :].lstrip(" ,:")
        return re.sub(r"^@\S+[\s,:]*", "", said)


def _update(raw: object) -> Body:
    """The update itself: a webhook's body, like an answer of getUpdates, may wrap it."""
    if isinstance(raw, dict) and "event_name" not in raw and isinstance(raw.get("result"), dict):
        raw = raw["result"]
    if not isinstance(raw, dict):
        raise TypeError(f"an update is an object, not {type(raw).__name__}")
    if not isinstance(raw.get("event_name"), str):
        raise ValueError("an update without event_name")
    return raw


def _kind(event: str, message: Body, text: str) -> IncomingKind:
    kind = KINDS.get(event, "other")
    pictured = kind == "picture" or bool(message.get("photo") or message.get("photo_url"))
    if kind == "withheld":
        return kind
    if text:  # also the words under a picture, and of an event that is not known
        return "text"
    return "picture" if pictured else "other"


def _photo(message: Body) -> str:
    """The address of the picture a message has, which is all that Zalo gives of one."""
    address = _words(message, "photo") or _words(message, "photo_url")
    return address if address.startswith("https://") and len(address) <= LONGEST_ADDRESS else ""


def _object(of: Body, name: str) -> dict[str, Any] | None:
    """The object of that name, None where there is none. Raises TypeError for what is none."""
    found = of.get(name)
    if found is None or isinstance(found, dict):
        return found
    raise TypeError(f"{name} is an object, not {type(found).__name__}")


def _words(of: Body, name: str) -> str:
    """The text of that name, "" where there is none; a number counts as its digits, since ids may become some."""
    found = of.get(name)
    if found is None:
        return ""
    if isinstance(found, int) and not isinstance(found, bool):
        return str(found)
    if not isinstance(found, str):
        raise TypeError(f"{name} is text, not {type(found).__name__}")
    return _storable(found)


def room_after(text: str) -> int | None:
    """How much a text leaves of the longest message, where more of it may follow."""
    room = TEXT_LIMIT - len(text.encode("utf-16-le")) // 2
    may_follow = abs(room) <= NEARLY or (0 <= room <= TEXT_LIMIT // 2 and text.rstrip().endswith(OPEN_ENDS))
    return max(room, 0) if may_follow else None


def _text(raw: object) -> str:
    try:
        return _storable(json.dumps(raw, separators=(",", ":"), sort_keys=True, ensure_ascii=False))
    except (TypeError, ValueError, RecursionError) as problem:
        return f"cannot be written as JSON: {type(problem).__name__}"


def _digest(body: bytes) -> str:
    return f"sha256:{hashlib.sha256(body).hexdigest()}"


def _storable(text: str) -> str:
    return UNSTORABLE.sub("\ufffd", text)


def known_as(me: Body) -> tuple[str, ...]:
    """The bot's names in an answer of getMe, the one it is shown under first."""
    found: Iterable[object] = (me.get("display_name"), me.get("account_name"))
    return tuple(dict.fromkeys(name for name in found if isinstance(name, str) and name))
