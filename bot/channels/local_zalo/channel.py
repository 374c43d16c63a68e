"""Messages in, lines of the demo's chats out, in the form that Zalo allows: numbers for buttons, 2,000 units a text."""

from typing import Final

from bot.channels.folder import Given
from bot.channels.local.channel import Local
from bot.channels.zalo.updates import TEXT_LIMIT, room_after
from bot.settings import Settings
from handlers.channel import Channel, Limits

NAME: Final = "local_zalo"


def beside(chat_id: str) -> str:
    """The chat on the other phone of who has this one."""
    return f"zalo:{chat_id}"


def open_local_zalo(_: Settings, given: Given) -> Channel:
    """The same chats as the local channel's, on other phones."""
    assert given.db is not None
    return LocalZalo(given.db, given.now)


class LocalZalo(Local):
    """What a bot of Zalo with a public address can do. It counts no messages: the demo's month has no end."""

    name = NAME
    title = "Zalo"
    limits = Limits(text=TEXT_LIMIT, units="utf16", buttons=False, editing=False, dear=True)

    def room(self, text: str) -> int | None:
        """As on Zalo, whose app cuts long texts."""
        return room_after(text)
