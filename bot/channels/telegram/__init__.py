"""The Telegram channel: its settings, wire format, HTTP client, polling, webhook, sending and menu."""

from bot.channels.folder import Folder, Opener
from bot.channels.telegram.settings import TelegramSettings


def _load() -> Opener:
    # Imported here because the library takes a third of a second that nobody without a token should wait.
    from bot.channels.telegram.channel import open_telegram

    return open_telegram


CHANNEL = Folder(_load, TelegramSettings, needs="telegram_bot_token")
