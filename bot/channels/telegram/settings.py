"""The settings of the Telegram channel, from the environment or .env."""

import re
from typing import Literal

from pydantic import Field, SecretStr, field_validator, model_validator

from bot.settings import Settings, unfit, web_address


class TelegramSettings(Settings):
    """The program's settings and Telegram's own, with the pace of sending."""

    telegram_bot_token: SecretStr = SecretStr("")
    telegram_api_url: str = "https://api.telegram.org"
    telegram_mode: Literal["poll", "webhook"] = "poll"
    telegram_webhook_secret: SecretStr = SecretStr("")

    # By default what Telegram allows: about 30 a second overall, 1 a second per chat, 20 a minute per group.
    giaoban_send_per_second: float = Field(default=30.0, gt=0)
    giaoban_send_chat_seconds: float = Field(default=1.0, ge=0)
    giaoban_send_group_per_minute: int = Field(default=20, ge=0)

    @field_validator("telegram_api_url")
    @classmethod
    def _telegram_address(cls, value: str) -> str:
        return web_address(value)

    @field_validator("telegram_bot_token")
    @classmethod
    def _telegram_token(cls, value: SecretStr) -> SecretStr:
        token = value.get_secret_value().strip()
        if token and (":" not in token or any(c.isspace() for c in token)):
            raise unfit("telegram_token")
        return SecretStr(token)

    @field_validator("telegram_webhook_secret")
    @classmethod
    def _telegram_header_word(cls, value: SecretStr) -> SecretStr:
        if not re.fullmatch("[A-Za-z0-9_-]{0,256}", value.get_secret_value()):
            raise unfit("telegram_secret")
        return value

    @model_validator(mode="after")
    def _telegram_webhook_needs(self) -> "TelegramSettings":
        if self.telegram_bot_token.get_secret_value() and self.telegram_mode == "webhook":
            if not self.telegram_webhook_secret.get_secret_value():
                raise unfit("secret_needed", setting="TELEGRAM_WEBHOOK_SECRET", mode="TELEGRAM_MODE")
            if not self.giaoban_public_url.startswith("https://"):
                raise unfit("https_needed", mode="TELEGRAM_MODE")
        return self
