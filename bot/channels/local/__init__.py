"""The local channel: the chat page and the chat in a terminal; opened by name only, for the demo."""

from bot.channels.folder import Folder, Opener


def _load() -> Opener:
    from bot.channels.local.channel import open_local

    return open_local


CHANNEL = Folder(_load)
