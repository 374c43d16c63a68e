"""Options that several commands share, and the settings they run with."""

from pathlib import Path
from typing import Annotated

import typer

from bot.settings import Settings, load_settings

DataFolder = Annotated[Path, typer.Option("--data", help="Folder of the demo's database.")]
Period = Annotated[str | None, typer.Option("--period", help="A period such as 2026-Q1; the open one by default.")]
ClusterCode = Annotated[str | None, typer.Option("--cluster", help="Only this cluster.")]


def settings() -> Settings:
    """The settings, with logs configured by them."""
    from bot.channels.open import settings_class
    from bot.logs import configure_logs

    found = load_settings(settings_class())
    configure_logs(found.giaoban_log, found.giaoban_log_level, found.secrets())
    return found
