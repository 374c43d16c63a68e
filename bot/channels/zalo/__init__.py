"""The Zalo channel: its settings, HTTP client, wire format, polling, webhook and sending, for one bot or several."""

from bot.channels.folder import Folder, Opener, OwnCommand
from bot.channels.zalo.settings import ZaloSettings
from bot.settings import Settings


def _load() -> Opener:
    from bot.channels.zalo.channel import open_zalo

    return open_zalo


async def _check(settings: Settings) -> None:
    from bot.channels.zalo.commands import try_out

    await try_out(settings)


async def _quota(settings: Settings) -> None:
    from bot.channels.zalo.commands import show_quota

    await show_quota(settings)


async def _unhook(settings: Settings) -> None:
    from bot.channels.zalo.commands import unhook_all

    await unhook_all(settings)


CHANNEL = Folder(
    _load,
    ZaloSettings,
    needs="zalo_bot_token",
    in_vietnam=True,
    commands={"check": OwnCommand(_check), "quota": OwnCommand(_quota), "unhook": OwnCommand(_unhook)},
)
