"""One raw Telegram update in, an Arrival out: understood, or set aside with its error.

The dozen fields that matter are read straight from the JSON: making the library's objects of all the others took a
tenth of the time of an answer. A test reads every recorded update, whole and damaged, with the library beside it.
"""

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, TypeAlias

from bot.channels.telegram.sending import TEXT_LIMIT
from handlers.intake.arrivals import Arrival
from handlers.messages import Incoming, IncomingKind

Fields: TypeAlias = Mapping[str, Any]
"""One object of the Bot API, as JSON."""

CHANNEL = "telegram"
# The kinds asked for; Telegram would otherwise also send what this bot has no use for.
ALLOWED_UPDATES = ("message", "edited_message", "callback_query", "my_chat_member")
AWAY = ("left", "kicked")
SEEN = ("photo", "video", "video_note", "animation")
# What a message without words may carry that a person sent. All else is the service's own: a pin, a new title.
ATTACHED = (
    *SEEN, "audio", "checklist", "contact", "dice", "document", "game", "invoice", "live_photo", "location",
    "paid_media", "passport_data", "poll", "sticker", "story", "successful_payment", "venue", "voice",
)  # fmt: skip
# NUL is refused by PostgreSQL, half a surrogate pair by every UTF-8 encoder; JSON can carry both.
# A client cuts a longer text at a line break in its second half, else at a blank, else wherever it is full.
NEARLY = 96
OPEN_ENDS = (":", ",", ";", "-", "–", "+", "(", "/", "=")
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


@dataclass(slots=True)
class UpdateReader:
    """Reads updates for one bot.

    bot: the bot's id. username: its name without @, known after getMe; mentions of it are taken off texts.
    now: the time of receipt, for button presses, which carry none of their own.
    """

    bot: str
    now: Callable[[], datetime]
    username: str = ""

    def arrival(self, raw: object) -> Arrival:
        """Never raises: an update nobody can read must not hold up those behind it."""
        try:
            incoming = self._incoming(raw)
        # A number too large for a date, letters nobody can store: whatever it is, it is this update's alone.
        except Exception as problem:  # noqa: BLE001
            error = _storable(f"{type(problem).__name__}: {problem}")
            return Arrival(CHANNEL, self.bot, self._id(raw), None, raw=_text(raw), error=error, tap=_tap(raw))
        return Arrival(CHANNEL, self.bot, self._id(raw), incoming, tap=_tap(raw))

    def webhook(self, body: bytes) -> Arrival:
        """The Arrival of one webhook request's body. Never raises."""
        try:
            raw = json.loads(body)
        except (ValueError, RecursionError) as problem:
            text = _storable(body.decode("utf-8", "replace"))
            return Arrival(CHANNEL, self.bot, _digest(body), None, raw=text, error=f"not JSON: {problem}")
        return self.arrival(raw)

    def _id(self, raw: object) -> str:
        number = update_id(raw)
        return _digest(_text(raw).encode()) if number is None else str(number)

    def _incoming(self, raw: object) -> Incoming | None:
        if not isinstance(raw, dict):
            raise TypeError(f"an update is an object, not {type(raw).__name__}")
        if update_id(raw) is None:
            raise ValueError("an update without a whole update_id")
        number = str(update_id(raw))
        if query := _object(raw, "callback_query"):
            return self._choice(number, query)
        if change := _object(raw, "my_chat_member"):
            return self._membership(number, change)
        if edited := _object(raw, "edited_message"):
            return self._message(number, edited, edited=True)
        if message := _object(raw, "message"):
            return self._message(number, message)
        return None  # a channel post, or a kind that was not asked for

    def _message(self, number: str, message: Fields, *, edited: bool = False) -> Incoming | None:
        chat, sender = _need(message, "chat"), _object(message, "from")
        at = _moment(message)
        private = _type(chat) == "private"
        around = {
            "topic": _topic(message),
            "replies_to": _replied(message),
            "album": _words(message, "media_group_id") or "",
        }
        if _type(chat) == "channel":
            return None
        if moved_to := _whole(message, "migrate_to_chat_id"):
            return self._build(number, chat, sender, "moved", at, moved_to=str(moved_to))
        # A post of a linked channel has a sender_chat, an anonymous administrator has a bot for a sender.
        if sender is None or sender.get("is_bot") or message.get("sender_chat"):
            return None
        photo = None if edited else _photo(message)
        document = _object(message, "document")
        if document is not None and photo is None and not edited and private:
            # Its caption is left aside: the report is in the file.
            return self._build(number, chat, sender, "file", at, document=document, around=around)
        text = _words(message, "text") or _words(message, "caption")
        if not text:
            # Only what a person sent; a pinned message or a new title needs no answer. A live location is
            # edited every few seconds.
            if edited or not any(message.get(name) for name in ATTACHED):
                return None
            seen = photo is not None or any(message.get(name) for name in SEEN)
            own = photo if private or around["replies_to"] else None
            return self._build(number, chat, sender, "picture" if seen else "other", at, document=own, around=around)
        spoken = self._to_this_bot(text)
        if spoken is None:
            return None
        own = photo if private or around["replies_to"] or spoken != text else None
        return self._build(
            number, chat, sender, "edited" if edited else "text", at, text=spoken, around=around, room=_room(text),
            document=own,
        )  # fmt: skip

    def _choice(self, number: str, query: Fields) -> Incoming | None:
        sender, message, data = _need(query, "from"), _object(query, "message"), _words(query, "data")
        # A button under a message sent "via" the bot has no message; one of a game has no data.
        if message is None or data is None or _type(_need(message, "chat")) == "channel":
            return None
        chat = _need(message, "chat")
        return self._build(number, chat, sender, "choice", self.now(), choice=data, around={"topic": _topic(message)})

    def _membership(self, number: str, change: Fields) -> Incoming | None:
        chat, sender, at = _need(change, "chat"), _need(change, "from"), _moment(change)
        was_in, is_in = _inside(_need(change, "old_chat_member")), _inside(_need(change, "new_chat_member"))
        if _type(chat) == "channel":
            return None
        kind: IncomingKind
        if was_in and not is_in:
            kind = "left"
        elif is_in and not was_in and _type(chat) != "private":
            kind = "joined"
        elif is_in and _type(chat) != "private" and _may_write(_need(change, "new_chat_member")):
            kind = "allowed"
        else:
            # A right that was taken, which shows when something is sent; or a person who unblocked the bot, whose
            # /start follows.
            return None
        return self._build(number, chat, sender, kind, at)

    def _build(
        self,
        number: str,
        chat: Fields,
        sender: Fields | None,
        kind: IncomingKind,
        at: datetime,
        *,
        text: str = "",
        choice: str = "",
        moved_to: str = "",
        document: Fields | None = None,
        room: int | None = None,
        around: Mapping[str, str] = MappingProxyType({}),
    ) -> Incoming:
        names = [_words(sender, "first_name"), _words(sender, "last_name")] if sender else []
        return Incoming(
            channel=CHANNEL,
            bot=self.bot,
            message_id=number,
            chat_id=str(_id(chat)),
            chat_kind="private" if _type(chat) == "private" else "group",
            sender_id=str(_id(sender)) if sender else "",
            sender_name=" ".join(name for name in names if name),
            kind=kind,
            at=at,
            text=text,
            choice=choice,
            moved_to=moved_to,
            room=room,
            **around,
            file_id=(_words(document, "file_id") or "") if document else "",
            file_name=(_words(document, "file_name") or "") if document else "",
            file_size=(_whole(document, "file_size") or 0) if document else 0,
            file_mark=(_words(document, "file_unique_id") or "") if document and kind != "file" else "",
        )

    def _to_this_bot(self, text: str) -> str | None:
        """The text without the bot's own name; None for a command addressed to another bot."""
        command = re.match(r"(/\w+)@(\w+)", text)
        if command:
            if command[2].casefold() != self.username.casefold():
                return None
            text = command[1] + text[command.end() :]
        if self.username:
            name = rf"@{re.escape(self.username)}"
            text = re.sub(rf"^\s*{name}\b[\s,:]*|[\s,]*{name}\s*$", "", text, flags=re.IGNORECASE)
        return text


def update_id(raw: object) -> int | None:
    """The id of a raw update, None when it has no usable one."""
    number = raw.get("update_id") if isinstance(raw, dict) else None
    return number if isinstance(number, int) and not isinstance(number, bool) else None


def _object(of: Fields, name: str) -> dict[str, Any] | None:
    """The object of that name, None where there is none. Raises TypeError for what is none."""
    found = of.get(name)
    if found is None or isinstance(found, dict):
        return found
    raise TypeError(f"{name} is an object, not {type(found).__name__}")


def _need(of: Fields, name: str) -> dict[str, Any]:
    found = _object(of, name)
    if not found:
        raise ValueError(f"{name} is missing")
    return found


def _whole(of: Fields, name: str) -> int | None:
    found = of.get(name)
    if found is None or (isinstance(found, int) and not isinstance(found, bool)):
        return found
    raise TypeError(f"{name} is a whole number, not {type(found).__name__}")


def _words(of: Fields, name: str) -> str | None:
    found = of.get(name)
    if found is None or isinstance(found, str):
        return found and _storable(found)
    raise TypeError(f"{name} is text, not {type(found).__name__}")


def _id(of: Fields) -> int:
    number = _whole(of, "id")
    if number is None:
        raise ValueError("id is missing")
    return number


def _type(chat: Fields) -> str:
    kind = _words(chat, "type")
    if not kind:
        raise ValueError("the type of the chat is missing")
    return kind


def _moment(of: Fields) -> datetime:
    seconds = _whole(of, "date")
    if seconds is None:
        raise ValueError("date is missing")
    return datetime.fromtimestamp(seconds, UTC)


def _inside(member: Fields) -> bool:
    return _words(member, "status") not in AWAY and member.get("is_member", True) is not False


def _may_write(member: Fields) -> bool:
    return _words(member, "status") != "restricted" or member.get("can_send_messages") is True


def _photo(message: Fields) -> Fields | None:
    """The photo in its largest size, or the picture that was sent as a file."""
    sizes, document = message.get("photo"), _object(message, "document")
    if isinstance(sizes, list) and sizes and isinstance(sizes[-1], dict):
        return {name: sizes[-1].get(name) for name in ("file_id", "file_unique_id")}
    return document if document and (_words(document, "mime_type") or "").startswith("image/") else None


def _topic(message: Fields) -> str:
    """Only of a topic: outside a forum the thread is that of a reply, to which nothing can be sent."""
    thread = _whole(message, "message_thread_id") if message.get("is_topic_message") is True else None
    return str(thread or "")


def _replied(message: Fields) -> str:
    """The id of the message it replies to, if a bot wrote that: in a private chat there is no other but this one."""
    replied = _object(message, "reply_to_message") or {}
    return str(_whole(replied, "message_id") or "") if (_object(replied, "from") or {}).get("is_bot") else ""


def _room(text: str) -> int | None:
    """How much a text leaves of the longest message, where more of it may follow."""
    room = TEXT_LIMIT - len(text.encode("utf-16-le")) // 2
    may_follow = room <= NEARLY or (room <= TEXT_LIMIT // 2 and text.rstrip().endswith(OPEN_ENDS))
    return max(room, 0) if may_follow else None


def _tap(raw: object) -> str:
    query: Any = raw.get("callback_query") if isinstance(raw, dict) else None
    found = query.get("id") if isinstance(query, dict) else None
    return found if isinstance(found, str) else ""


def _text(raw: object) -> str:
    try:
        return json.dumps(raw, separators=(",", ":"), sort_keys=True)
    except (TypeError, ValueError, RecursionError) as problem:
        return f"cannot be written as JSON: {type(problem).__name__}"


def _digest(body: bytes) -> str:
    return f"sha256:{hashlib.sha256(body).hexdigest()}"


def _storable(text: str) -> str:
    return UNSTORABLE.sub("\ufffd", text)
