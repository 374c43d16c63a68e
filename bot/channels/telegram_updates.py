"""Turns one raw Telegram update into an Arrival; whatever cannot be understood becomes one to set aside."""

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from telegram import CallbackQuery, Chat, ChatMember, ChatMemberUpdated, Document, Message, Update, User
from telegram.constants import ChatType

from handlers.arrivals import Arrival
from handlers.messages import Incoming, IncomingKind

CHANNEL = "telegram"
# The kinds asked for; Telegram would otherwise also send what this bot has no use for.
ALLOWED_UPDATES = ("message", "edited_message", "callback_query", "my_chat_member")
AWAY = (ChatMember.LEFT, ChatMember.BANNED)
# NUL is refused by PostgreSQL, half a surrogate pair by every UTF-8 encoder; JSON can carry both.
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
        # The library raises whatever its parsing runs into, and newer servers send what it has not seen.
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
        update = Update.de_json(raw)
        number = str(update.update_id)
        if update.callback_query:
            return self._choice(number, update.callback_query)
        if update.my_chat_member:
            return self._membership(number, update.my_chat_member)
        if update.edited_message:
            return self._message(number, update.edited_message, edited=True)
        if update.message:
            return self._message(number, update.message)
        return None  # a channel post, or a kind that was not asked for

    def _message(self, number: str, message: Message, *, edited: bool = False) -> Incoming | None:
        chat, sender = message.chat, message.from_user
        if chat.type == ChatType.CHANNEL:
            return None
        if message.migrate_to_chat_id:
            moved_to = str(message.migrate_to_chat_id)
            return self._build(number, chat, sender, "moved", message.date, moved_to=moved_to)
        # A post of a linked channel has a sender_chat, an anonymous administrator has a bot for a sender.
        if sender is None or sender.is_bot or message.sender_chat is not None:
            return None
        if message.document is not None and not edited and chat.type == ChatType.PRIVATE:
            # Its caption is left aside: the report is in the file.
            return self._build(number, chat, sender, "file", message.date, document=message.document)
        text = message.text or message.caption
        if text is None:
            # Only what a person sent; a pinned message or a new title needs no answer. A live location is
            # edited every few seconds.
            if edited or message.effective_attachment is None:
                return None
            seen = message.photo or message.video or message.video_note or message.animation
            return self._build(number, chat, sender, "picture" if seen else "other", message.date)
        spoken = self._to_this_bot(text)
        if spoken is None:
            return None
        return self._build(number, chat, sender, "edited" if edited else "text", message.date, text=spoken)

    def _choice(self, number: str, query: CallbackQuery) -> Incoming | None:
        # A button under a message sent "via" the bot has no message; one of a game has no data.
        if query.message is None or query.data is None or query.message.chat.type == ChatType.CHANNEL:
            return None
        chat = query.message.chat
        return self._build(number, chat, query.from_user, "choice", self.now(), choice=_storable(query.data))

    def _membership(self, number: str, change: ChatMemberUpdated) -> Incoming | None:
        if change.chat.type == ChatType.CHANNEL:
            return None
        was_in, is_in = _inside(change.old_chat_member), _inside(change.new_chat_member)
        kind: IncomingKind
        if was_in and not is_in:
            kind = "left"
        elif is_in and not was_in and change.chat.type != ChatType.PRIVATE:
            kind = "joined"
        else:
            return None  # a changed right; or a person who unblocked the bot, whose /start follows
        return self._build(number, change.chat, change.from_user, kind, change.date)

    def _build(
        self,
        number: str,
        chat: Chat,
        sender: User | None,
        kind: IncomingKind,
        at: datetime,
        *,
        text: str = "",
        choice: str = "",
        moved_to: str = "",
        document: Document | None = None,
    ) -> Incoming:
        return Incoming(
            channel=CHANNEL,
            bot=self.bot,
            message_id=number,
            chat_id=str(chat.id),
            chat_kind="private" if chat.type == ChatType.PRIVATE else "group",
            sender_id=str(sender.id) if sender else "",
            sender_name=_storable(sender.full_name) if sender else "",
            kind=kind,
            at=at,
            text=text,
            choice=choice,
            moved_to=moved_to,
            file_id=document.file_id if document else "",
            file_name=_storable(document.file_name or "") if document else "",
            file_size=(document.file_size or 0) if document else 0,
        )

    def _to_this_bot(self, text: str) -> str | None:
        """The text without the bot's own name; None for a command addressed to another bot."""
        text = _storable(text)
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


def _inside(member: ChatMember) -> bool:
    return member.status not in AWAY and getattr(member, "is_member", True)


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
