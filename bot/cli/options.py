"""Options that several commands share, and the settings they run with."""

from pathlib import Path
from typing import Annotated

import typer

from bot.settings import Settings, load_settings

DataFolder = Annotated[Path, typer.Option("--data")]
Period = Annotated[str | None, typer.Option("--period")]
ClusterCode = Annotated[str | None, typer.Option("--cluster")]


def settings() -> Settings:
    """The settings, with logs configured by them."""
    from bot.channels.open import settings_class
    from bot.logs import configure_logs

    found = load_settings(settings_class())
    configure_logs(found.giaoban_log, found.giaoban_log_level, found.secrets())
    return found
