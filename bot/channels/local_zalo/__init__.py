"""The demo's other phone: the local channel within Zalo's limits, without buttons; opened by name only."""

from bot.channels.folder import Folder, Opener


def _load() -> Opener:
    from bot.channels.local_zalo.channel import open_local_zalo

    return open_local_zalo


CHANNEL = Folder(_load)
