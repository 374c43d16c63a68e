"""The settings of the Zalo channel, from the environment or .env: tokens of one bot or several, and how they hear."""

import re
from typing import Literal

from pydantic import Field, SecretStr, field_validator, model_validator

from bot.settings import Settings, unfit, web_address

FORM = re.compile(r"(?P<bot>[A-Za-z0-9_-]+):[A-Za-z0-9_.:-]+")  # it becomes part of an address
SECRET_LONGEST, SECRET_SHORTEST = 256, 8


class ZaloSettings(Settings):
    """The program's settings and Zalo's own. zalo_bot_token: one token, or several with commas or blanks between."""

    zalo_bot_token: SecretStr = SecretStr("")
    zalo_api_url: str = "https://bot-api.zaloplatforms.com"
    zalo_mode: Literal["poll", "webhook"] = "poll"
    zalo_webhook_secret: SecretStr = SecretStr("")

    # What the free plan allows one bot; nothing of it is told by the server.
    zalo_monthly_messages: int = Field(default=3000, ge=0)
    zalo_people: int = Field(default=50, ge=0)

    def zalo_tokens(self) -> list[str]:
        """The tokens, one for each bot."""
        return re.split(r"[,\s]+", self.zalo_bot_token.get_secret_value().strip(", \n\t")) if self._has_zalo else []

    @property
    def _has_zalo(self) -> bool:
        return bool(self.zalo_bot_token.get_secret_value().strip(", \n\t"))

    def secrets(self) -> list[str]:
        """Each token by itself, too: a line of log would hold one of several."""
        return [*super().secrets(), *self.zalo_tokens()]

    @field_validator("zalo_api_url")
    @classmethod
    def _zalo_address(cls, value: str) -> str:
        return web_address(value)

    @field_validator("zalo_monthly_messages", "zalo_people", mode="before")
    @classmethod
    def _written_as_one(cls, value: object) -> object:
        # "3.000" would else be three.
        if isinstance(value, str) and not value.strip().isdecimal():
            raise unfit("whole")
        return value

    @field_validator("zalo_bot_token")
    @classmethod
    def _zalo_form(cls, value: SecretStr) -> SecretStr:
        tokens = [token for token in re.split(r"[,\s]+", value.get_secret_value()) if token]
        found = [FORM.fullmatch(token) for token in tokens]
        if not all(found):
            raise unfit("zalo_token")
        bots = [token["bot"] for token in found if token]
        if len(set(bots)) < len(bots):
            raise unfit("zalo_twice")
        return SecretStr(",".join(tokens))

    @model_validator(mode="after")
    def _zalo_one_mode(self) -> "ZaloSettings":
        if not self._has_zalo:
            return self
        secret = self.zalo_webhook_secret.get_secret_value()
        if self.zalo_mode == "poll":
            if secret:
                raise unfit("zalo_poll")
            return self
        if not SECRET_SHORTEST <= len(secret) <= SECRET_LONGEST or not secret.isascii() or not secret.isprintable():
            raise unfit("zalo_secret")
        if not self.giaoban_public_url.startswith("https://"):
            raise unfit("https_needed", mode="ZALO_MODE")
        return self
