"""Environment variables and .env in, checked settings out; nothing else reads the environment."""

import os
import re
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

from pydantic import SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict
from pydantic_settings.sources import DotEnvSettingsSource, EnvSettingsSource

from storage.database import sqlite_path

LAST_PORT = 65535

# A key of age that seals copies, and the secret one that opens them.
RECIPIENT = re.compile(r"age1[02-9ac-hj-np-z]{58}")
IDENTITY = re.compile(r"AGE-SECRET-KEY-1[02-9AC-HJ-NP-Z]{58}")

ENV_FILE = ".env"
# Where the demo is written unless --data says otherwise; `make run` without a token opens it.
DEMO_FOLDER = Path("data/demo")


_OF_A_CHILD = (
    "GIAOBAN_DATABASE_URL", "GIAOBAN_BACKUP_KEY", "GIAOBAN_DATABASE_URL_FILE", "GIAOBAN_BACKUP_KEY_FILE",
)  # fmt: skip


class SettingsError(ValueError):
    """A setting is missing or wrong; one line naming it and the remedy."""


class Settings(BaseSettings):
    """The program's own settings with their defaults. A channel's class is made from it and adds fields."""

    model_config = SettingsConfigDict(env_file=ENV_FILE, env_file_encoding="utf-8", extra="ignore", frozen=True)

    giaoban_database_url: str = "sqlite:///data/giaoban.db"
    giaoban_catalogue: Path | None = None
    giaoban_pack_template: Path | None = None
    giaoban_entry_order: Path | None = None
    giaoban_timezone: str = "Asia/Ho_Chi_Minh"
    giaoban_public_url: str = ""
    giaoban_bind: str = "127.0.0.1:8080"
    giaoban_backup_dir: Path | None = None
    giaoban_backup_key: SecretStr = SecretStr("")
    giaoban_backup_at: str = "01:30"
    giaoban_log: Literal["text", "json"] = "text"
    giaoban_log_level: Literal["debug", "info", "warning", "error"] = "info"

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
        if not host or not port.isdecimal() or int(port) > LAST_PORT:
            raise unfit("host_port")
        return value

    @field_validator("giaoban_timezone")
    @classmethod
    def _zone(cls, value: str) -> str:
        try:
            zone = ZoneInfo(value)
        except (KeyError, ValueError, OSError) as error:
            raise unfit("zone") from error
        if any(zone.utcoffset(datetime(2026, month, 1)) != timedelta(hours=7) for month in (1, 7)):  # noqa: DTZ001
            # Briefings, working days and holidays are Vietnam's; a zone that is taken and then not used would lie.
            raise unfit("zone_of_vietnam")
        return zone.key

    @field_validator("giaoban_backup_at")
    @classmethod
    def _hour_and_minute(cls, value: str) -> str:
        try:
            return f"{time.fromisoformat(value):%H:%M}"
        except ValueError as error:
            raise unfit("hour") from error

    @field_validator("giaoban_backup_key")
    @classmethod
    def _backup_key(cls, value: SecretStr) -> SecretStr:
        key = value.get_secret_value()
        if key and not (RECIPIENT.fullmatch(key) or IDENTITY.fullmatch(key)):
            raise unfit("backup_key")
        return value

    @field_validator("giaoban_public_url")
    @classmethod
    def _public_url(cls, value: str) -> str:
        return web_address(value)

    @field_validator("giaoban_database_url")
    @classmethod
    def _database(cls, value: str) -> str:
        try:
            sqlite_path(value)
        except ValueError as error:
            raise unfit("database") from error
        return value

    @property
    def host(self) -> str:
        """The address to listen on."""
        return self.giaoban_bind.rpartition(":")[0].strip("[]")

    @property
    def port(self) -> int:
        """The port to listen on."""
        return int(self.giaoban_bind.rpartition(":")[2])

    def secrets(self) -> list[str]:
        """The values that must never be shown."""
        found = [getattr(self, name) for name in type(self).model_fields]
        return [value.get_secret_value() for value in found if isinstance(value, SecretStr)]


def child_environment(settings: Settings) -> dict[str, str]:
    """The environment for a command of this program that is to work on the same database with the same key."""
    kept = {name: value for name, value in os.environ.items() if name not in _OF_A_CHILD}
    values = (settings.giaoban_database_url, settings.giaoban_backup_key.get_secret_value())
    return kept | {name: value for name, value in zip(_OF_A_CHILD[:2], values, strict=True) if value}


def web_address(value: str) -> str:
    """The address without a slash at its end, "" for none. Raises ValueError for what is none."""
    if value and not value.startswith(("http://", "https://")):
        raise unfit("address")
    return value.rstrip("/")


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
                raise SettingsError(f"{key.upper()}: {_told('unread', file=path, why=_reason(error))}") from error
            if not found[name]:
                raise SettingsError(f"{key.upper()}: {_told('empty', file=path)}")
        return found


def load_settings(kind: type[Settings], **overrides: Any) -> Settings:
    """The settings in force. Raises SettingsError: one line that names the setting and says what it should be.

    kind: what is read; `bot/channels/open.py:settings_class` for all there is.
    """
    try:
        return kind(**overrides)
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(_told("unread", file=ENV_FILE, why=_reason(error))) from error
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"]).upper()
        reason = _of_library(first["type"], first.get("ctx", {})) or str(first["msg"]).removeprefix("Value error, ")
        raise SettingsError(f"{name}: {reason}" if name else reason) from None


def _told(key: str, **parts: Any) -> str:
    from handlers.wording.speech import Wording  # the texts are read where one is said

    return Wording.vietnamese().say(f"setting.{key}", **parts)


def unfit(key: str, **parts: Any) -> ValueError:
    """Why a value will not do: the text `setting.KEY`."""
    return ValueError(_told(key, **parts))


def _of_library(kind: str, parts: dict[str, Any]) -> str:
    """What pydantic finds wrong with a value by its type alone; '' for what this program says itself."""
    if kind == "literal_error":
        return _told("choose", known=str(parts.get("expected", "")).replace("'", "").replace(" or ", ", "))
    if (least := parts.get("ge", parts.get("gt"))) is not None:
        return _told("at_least", least=least)
    if (most := parts.get("le", parts.get("lt"))) is not None:
        return _told("at_most", most=most)
    return _told("number") if kind.endswith("_parsing") or kind.endswith("_type") else ""


def _reason(error: OSError | UnicodeDecodeError) -> str:
    return _told("not_utf8") if isinstance(error, UnicodeDecodeError) else error.strerror or str(error)
