"""The Zalo channel: its settings, HTTP client, wire format, polling, webhook and sending, for one bot or several."""

from bot.channels.folder import Folder, Opener
from bot.channels.zalo.settings import ZaloSettings


def _load() -> Opener:
    from bot.channels.zalo.channel import open_zalo

    return open_zalo


CHANNEL = Folder(_load, ZaloSettings, needs="zalo_bot_token")
