"""Every setting, from the environment or .env; nothing else reads the environment."""

import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict
from pydantic_settings.sources import DotEnvSettingsSource, EnvSettingsSource

from storage.database import sqlite_path

ENV_FILE = ".env"
# Where the demo is written unless --data says otherwise; `make run` without a token opens it.
DEMO_FOLDER = Path("data/demo")


class SettingsError(ValueError):
    """A setting is missing or wrong; one line naming it and the remedy."""


class Settings(BaseSettings):
    """All settings of contract and program, with their defaults."""

    model_config = SettingsConfigDict(env_file=ENV_FILE, env_file_encoding="utf-8", extra="ignore", frozen=True)

    giaoban_database_url: str = "sqlite:///data/giaoban.db"
    giaoban_catalogue: Path | None = None
    giaoban_timezone: str = "Asia/Ho_Chi_Minh"
    giaoban_public_url: str = ""
    giaoban_bind: str = "127.0.0.1:8080"
    giaoban_log: Literal["text", "json"] = "text"
    giaoban_log_level: Literal["debug", "info", "warning", "error"] = "info"

    telegram_bot_token: SecretStr = SecretStr("")
    telegram_api_url: str = "https://api.telegram.org"
    telegram_mode: Literal["poll", "webhook"] = "poll"
    telegram_webhook_secret: SecretStr = SecretStr("")

    giaoban_send_per_second: float = Field(default=30.0, gt=0)
    giaoban_send_chat_seconds: float = Field(default=1.0, ge=0)
    giaoban_send_group_per_minute: int = Field(default=20, ge=0)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, _NamedFiles(settings_cls), env_settings, dotenv_settings

    @model_validator(mode="before")
    @classmethod
    def _empty_is_not_set(cls, given: Any) -> Any:
        # "NAME=" in a settings file or a container's description means that nobody has chosen a value.
        return {name: value for name, value in given.items() if value != ""}

    @field_validator("giaoban_bind")
    @classmethod
    def _host_and_port(cls, value: str) -> str:
        host, _, port = value.rpartition(":")
        if not host or not port.isdecimal() or int(port) > 65535:
            raise ValueError("write it as host:port, for example 127.0.0.1:8080")
        return value

    @field_validator("giaoban_timezone")
    @classmethod
    def _zone(cls, value: str) -> str:
        try:
            zone = ZoneInfo(value)
        except (KeyError, ValueError, OSError) as error:
            raise ValueError("name a time zone such as Asia/Ho_Chi_Minh") from error
        if any(zone.utcoffset(datetime(2026, month, 1)) != timedelta(hours=7) for month in (1, 7)):  # noqa: DTZ001
            # Briefings, working days and holidays are Vietnam's; a zone that is taken and then not used would lie.
            raise ValueError("days are counted in Vietnam's time: name a zone of UTC+7 such as Asia/Ho_Chi_Minh")
        return zone.key

    @field_validator("telegram_api_url", "giaoban_public_url")
    @classmethod
    def _web_address(cls, value: str) -> str:
        if value and not value.startswith(("http://", "https://")):
            raise ValueError("it must begin with http:// or https://")
        return value.rstrip("/")

    @field_validator("giaoban_database_url")
    @classmethod
    def _database(cls, value: str) -> str:
        sqlite_path(value)  # raises a ValueError that says what a URL looks like
        return value

    @field_validator("telegram_bot_token")
    @classmethod
    def _token(cls, value: SecretStr) -> SecretStr:
        token = value.get_secret_value().strip()
        if token and (":" not in token or any(c.isspace() for c in token)):
            raise ValueError("it has the form 123456:letters, as BotFather gives it")
        return SecretStr(token)

    @field_validator("telegram_webhook_secret")
    @classmethod
    def _header_word(cls, value: SecretStr) -> SecretStr:
        if not re.fullmatch("[A-Za-z0-9_-]{0,256}", value.get_secret_value()):
            raise ValueError("Telegram takes 1 to 256 of the characters A-Z a-z 0-9 _ -")
        return value

    @model_validator(mode="after")
    def _webhook_needs(self) -> "Settings":
        if self.telegram_bot_token.get_secret_value() and self.telegram_mode == "webhook":
            if not self.telegram_webhook_secret.get_secret_value():
                raise ValueError("TELEGRAM_WEBHOOK_SECRET is needed when TELEGRAM_MODE is webhook")
            if not self.giaoban_public_url.startswith("https://"):
                raise ValueError("GIAOBAN_PUBLIC_URL must be an https address when TELEGRAM_MODE is webhook")
        return self

    @property
    def host(self) -> str:
        """The address to listen on."""
        return self.giaoban_bind.rpartition(":")[0].strip("[]")

    @property
    def port(self) -> int:
        """The port to listen on."""
        return int(self.giaoban_bind.rpartition(":")[2])

    @property
    def has_token(self) -> bool:
        """Whether any real channel is configured."""
        return bool(self.telegram_bot_token.get_secret_value())


class _NamedFiles(PydanticBaseSettingsSource):
    """NAME_FILE names a file that holds the value of NAME, as container platforms hand over secrets."""

    def get_field_value(self, field: Any, field_name: str) -> tuple[Any, str, bool]:
        raise NotImplementedError  # never asked: __call__ gives all fields at once

    def __call__(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        dotenv = DotEnvSettingsSource(self.settings_cls)
        environment = EnvSettingsSource(self.settings_cls)
        for name in self.settings_cls.model_fields:
            key = f"{name}_file"
            path = environment.env_vars.get(key) or dotenv.env_vars.get(key)
            if not path:
                continue
            try:
                found[name] = Path(path).read_text("utf-8").strip()
            except (OSError, UnicodeDecodeError) as error:
                raise SettingsError(f"{key.upper()}: cannot read {path}: {_reason(error)}") from error
            if not found[name]:
                raise SettingsError(f"{key.upper()}: {path} is empty")
        return found


def load_settings(**overrides: Any) -> Settings:
    """The settings in force. Raises SettingsError: one line that names the setting and says what it should be."""
    try:
        return Settings(**overrides)
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{ENV_FILE}: cannot be read: {_reason(error)}") from error
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"]).upper()
        reason = str(first["msg"]).removeprefix("Value error, ")
        raise SettingsError(f"{name}: {reason}" if name else reason) from None


def _reason(error: OSError | UnicodeDecodeError) -> str:
    return "not UTF-8 text" if isinstance(error, UnicodeDecodeError) else error.strerror or str(error)
