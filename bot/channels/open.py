"""Finds the channels' folders, makes one class of all their settings, and opens those that are configured."""

from collections.abc import Sequence
from importlib import import_module
from pkgutil import iter_modules

from pydantic import SecretStr, create_model

from bot import channels
from bot.channels.folder import Folder, Given
from bot.settings import Settings
from handlers.channel import Channel


def folders() -> dict[str, Folder]:
    """Every channel of the program by its name. Nothing heavy is imported for it."""
    found: dict[str, Folder] = {}
    for module in iter_modules(channels.__path__):
        if module.ispkg:
            found[module.name] = import_module(f"{channels.__name__}.{module.name}").CHANNEL
    return found


def settings_class() -> type[Settings]:
    """The settings of the program and of every channel: each channel finds in it an object of its own class.
    The fields stand in the order of the channels' names.
    """
    own = [folder.settings for folder in folders().values() if folder.settings is not Settings]
    return create_model("Settings", __base__=tuple(reversed(own))) if own else Settings


def configured(settings: Settings) -> dict[str, Folder]:
    """The channels whose setting that opens them is set."""
    return {name: folder for name, folder in folders().items() if _is_set(settings, folder)}


def load_channels(settings: Settings) -> None:
    """Imports what the configured channels need; takes a second on a busy machine."""
    for folder in configured(settings).values():
        folder.load()


def open_channels(settings: Settings, given: Given, only: Sequence[str] | None = None) -> dict[str, Channel]:
    """The channels by name, none of them started. only: these instead of those that are configured."""
    wanted = configured(settings) if only is None else {name: folders()[name] for name in only}
    return {name: folder.load()(settings, given) for name, folder in wanted.items()}


def _is_set(settings: Settings, folder: Folder) -> bool:
    if not folder.needs or not isinstance(settings, folder.settings):
        return False
    value = getattr(settings, folder.needs)
    return bool(value.get_secret_value() if isinstance(value, SecretStr) else value)
