"""People and groups as a test plays them: what they do becomes updates, what they get can be awaited."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bot_api.bell import PATIENCE
from bot_api.faults import ApiError, bad, forbidden, upgraded

if TYPE_CHECKING:
    from bot_api.server import BotApi


@dataclass
class Sent:
    """One message of the bot as it looks now. at: seconds of the loop's clock. edits: times it was edited.

    document, photo: the name of the file it came with; content: that file. topic: of a forum, 0 for the general one.
    """

    chat_id: int
    message_id: int
    text: str
    at: float
    number: int
    keyboard: list[list[dict[str, Any]]] = field(default_factory=list)
    document: str = ""
    photo: str = ""
    content: bytes = b""
    edits: int = 0
    topic: int = 0
    pinned: bool = False

    @property
    def labels(self) -> list[str]:
        """The buttons' labels, row by row."""
        return [button["text"] for row in self.keyboard for button in row]

    def button(self, label: str) -> dict[str, Any] | None:
        """The button with that label."""
        return next((b for row in self.keyboard for b in row if b["text"] == label), None)


class Chat:
    """One chat with the bot; its messages are numbered from 1."""

    def __init__(self, api: BotApi, chat_id: int, facts: dict[str, Any]) -> None:
        self.api, self.id, self.facts = api, chat_id, facts
        self.messages: list[Sent] = []
        self.closed: ApiError | None = None
        self._last_id = 0
        self._read = 0

    def new_id(self) -> int:
        """The next message's id in this chat."""
        self._last_id += 1
        return self._last_id

    def find(self, message_id: int) -> Sent:
        """The bot's message with that id. Raises ApiError."""
        for sent in reversed(self.messages):
            if sent.message_id == message_id:
                return sent
        raise bad("message to edit not found")

    async def receives(self, containing: str = "", *, within: float = PATIENCE) -> Sent:
        """The next unread message that contains this text; those before it count as read."""
        start = self._read

        def found() -> Sent | None:
            for index in range(start, len(self.messages)):
                if containing in self.messages[index].text:
                    self._read = index + 1
                    return self.messages[index]
            return None

        try:
            return await self.api.bell.until(found, within)
        except TimeoutError:
            got = [sent.text for sent in self.messages[start:]]
            raise AssertionError(f"chat {self.id} got no message with {containing!r}, but {got}") from None

    @property
    def unread(self) -> list[Sent]:
        """What arrived after the last message awaited."""
        return self.messages[self._read :]

    def message(self, sender: User | None, **content: Any) -> dict[str, Any]:
        """A Message object of this chat as the server writes it."""
        made = {"message_id": self.new_id(), "date": self.api.date(), "chat": self.facts}
        return {**made, **({"from": sender.person} if sender else {}), **content}

    def put(self, kind: str, content: dict[str, Any]) -> int | None:
        """Queues an update about this chat."""
        return self.api.mailbox.put(kind, content)

    def membership(self, by: User, old: str, new: str) -> int | None:
        """Queues my_chat_member: the bot's own place in this chat changed."""
        me = self.api.me
        change = {
            "chat": self.facts,
            "from": by.person,
            "date": self.api.date(),
            "old_chat_member": _member(me, old),
            "new_chat_member": _member(me, new),
        }
        return self.put("my_chat_member", change)


def _member(user: dict[str, Any], status: str) -> dict[str, Any]:
    return {"user": user, "status": status, **({"until_date": 0} if status == "kicked" else {})}


class User(Chat):
    """A person, and at the same time their private chat with the bot."""

    def __init__(self, api: BotApi, user_id: int, name: str) -> None:
        super().__init__(api, user_id, {"id": user_id, "type": "private", "first_name": name})
        self.person = {"id": user_id, "is_bot": False, "first_name": name, "language_code": "vi"}
        self.closed = forbidden("bot can't initiate conversation with a user")

    def message(self, sender: User | None, **content: Any) -> dict[str, Any]:
        """Writing to the bot lets the bot write back."""
        if self.closed is not None and "initiate" in self.closed.description:
            self.closed = None
        return super().message(sender, **content)

    def says(self, text: str, *, to: Group | None = None, topic: int = 0, replying: Sent | None = None) -> int | None:
        """A text message; in a group the bot in privacy mode hears only commands and its own name.

        topic: of a forum, where it is said. replying: the bot's message that was swiped.
        """
        chat = to or self
        entities: dict[str, Any] = {"message_thread_id": topic, "is_topic_message": True} if topic else {}
        if replying is not None:
            entities |= {"reply_to_message": self.api.shown(replying)}
        if text.startswith("/"):
            length = len(text.split(maxsplit=1)[0])
            entities |= {"entities": [{"type": "bot_command", "offset": 0, "length": length}]}
        message = chat.message(self, text=text, **entities)
        if to is not None and not to.overheard(text):
            return None
        return chat.put("message", message)

    def edits(self, text: str, *, message_id: int = 1) -> int | None:
        """An earlier message gets a new text."""
        message = {**self.message(self, text=text), "message_id": message_id}
        return self.put("edited_message", {**message, "edit_date": self.api.date()})

    def taps(self, label: str, *, to: Group | None = None, data: str | None = None) -> int | None:
        """Presses the newest button with that label; `data` forges what the button sends."""
        chat = to or self
        for sent in reversed(chat.messages):
            if button := sent.button(label):
                return self._press(chat, sent, button["callback_data"] if data is None else data)
        raise AssertionError(f"no button {label!r}; there are {[sent.labels for sent in chat.messages]}")

    def _press(self, chat: Chat, sent: Sent, data: str) -> int | None:
        query = {"id": self.api.new_query(), "from": self.person, "chat_instance": "1", "data": data}
        return chat.put("callback_query", {**query, "message": self.api.shown(sent)})

    def sends(self, *, to: Group | None = None, **content: Any) -> int | None:
        """A message of any other kind, its content as the Bot API writes it."""
        chat = to or self
        return chat.put("message", chat.message(self, **content))

    def sends_sticker(self) -> int | None:
        """A sticker."""
        sticker = {"file_id": "st1", "file_unique_id": "u1", "type": "regular", "width": 512, "height": 512}
        return self.sends(sticker={**sticker, "is_animated": False, "is_video": False})

    def sends_album(self, count: int, caption: str = "", *, name: str = "album1") -> None:
        """So many pictures in one go, the words under the first."""
        for number in range(count):
            photo = [{"file_id": f"photo-{number}", "file_unique_id": f"pu{number}", "width": 90, "height": 67}]
            words = {"caption": caption} if caption and not number else {}
            self.sends(photo=photo, media_group_id=name, **words)

    def sends_document(self, name: str, content: bytes) -> int | None:
        """A file, which the bot can get with getFile."""
        return self.sends(document={**self.api.files.keep(name, content), "file_name": name})

    def blocks(self) -> int | None:
        """Blocks the bot."""
        self.closed = forbidden("bot was blocked by the user")
        return self.membership(self, "member", "kicked")

    def unblocks(self) -> int | None:
        """Lets the bot write again."""
        self.closed = None
        return self.membership(self, "kicked", "member")

    def deletes_account(self) -> None:
        """Is gone; Telegram tells the bot only when it writes."""
        self.closed = forbidden("user is deactivated")


class Group(Chat):
    """A group chat; the bot is outside until somebody adds it."""

    def __init__(self, api: BotApi, group_id: int, title: str) -> None:
        kind = "supergroup" if str(group_id).startswith("-100") else "group"
        super().__init__(api, group_id, {"id": group_id, "type": kind, "title": title})
        self.closed = forbidden(f"bot is not a member of the {kind} chat")
        self.topics: dict[int, bool] = {}  # of a forum, whether each is open; 0 is the general one

    def opens(self, *topics: int) -> None:
        """Makes it a forum with these topics open; 0, the general one, is open unless closed."""
        self.topics |= {0: True} | dict.fromkeys(topics, True)

    def closes(self, topic: int) -> None:
        """Nobody but administrators may write there."""
        self.topics[topic] = False

    def deletes(self, topic: int) -> None:
        """The topic is gone."""
        del self.topics[topic]

    def refuses(self, topic: int) -> ApiError | None:
        """Why nothing can be sent into that topic."""
        if topic and topic not in self.topics:
            return bad("message thread not found")
        return None if self.topics.get(topic, True) else bad("TOPIC_CLOSED")

    def mutes_bot(self) -> None:
        """The group's members, and with them the bot, may not write; Telegram sends no update of that."""
        self.closed = bad("not enough rights to send text messages to the chat")

    def lets_bot_write(self, by: User) -> int | None:
        """The bot becomes an administrator."""
        self.closed = None
        return self.membership(by, "member", "administrator")

    def overheard(self, text: str) -> bool:
        """Whether privacy mode lets the bot hear this."""
        inside = self.closed is None
        named = f"@{self.api.me['username']}".casefold() in text.casefold()
        return inside and (self.api.hears_groups or text.startswith("/") or named)

    def add_bot(self, by: User) -> int | None:
        """Somebody adds the bot, which Telegram tells in two updates."""
        self.closed = None
        number = self.membership(by, "left", "member")
        self.put("message", self.message(by, new_chat_members=[self.api.me]))
        return number

    def remove_bot(self, by: User) -> int | None:
        """Somebody takes the bot out."""
        self.closed = forbidden(f"bot was kicked from the {self.facts['type']} chat")
        return self.membership(by, "member", "kicked")

    def migrates(self, new_id: int) -> Group:
        """The group becomes a supergroup; returns it under its new id."""
        new = self.api.group(new_id, self.facts["title"])
        new.closed = None
        self.closed = upgraded(new_id)
        self.put("message", self.message(None, migrate_to_chat_id=new_id))
        new.put("message", new.message(None, migrate_from_chat_id=self.id))
        return new
