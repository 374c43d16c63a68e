"""The commands of whoever runs the machine: copies, upgrades, moves, the service; options in, a command's work out."""

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.options import settings
from bot.failures import misused
from bot.loop import work


def backup(
    folder: Annotated[Path | None, typer.Argument()] = None,
    new_key: Annotated[
        Path | None,
        typer.Option("--new-key"),
    ] = None,
) -> None:
    """Copy the database, also while the bot runs; the copy is opened again, examined and counted."""
    from bot.commands.copies import make_backup, write_key

    if new_key is not None:
        write_key(new_key)
        return
    found = settings()
    wanted = folder or found.giaoban_backup_dir
    if wanted is None:
        raise misused("no_folder")
    work(lambda: make_backup(found, wanted))


def restore(
    file: Path,
    key: Path | None = None,
    dry_run: Annotated[bool, typer.Option("--dry-run")] = False,
) -> None:
    """Put a copy in the database's place, which is kept aside; refused while the bot runs."""
    from bot.commands.copies import restore_copy

    found = settings()
    work(lambda: restore_copy(found, file, key, dry_run))


def upgrade() -> None:
    """Bring the database to this version: back up, try on a copy, swap, or roll back with the reason."""
    from bot.commands.copies import upgrade_database

    found = settings()
    work(lambda: upgrade_database(found))


def move(to: Annotated[str, typer.Option("--to")]) -> None:
    """Move everything to another database, from SQLite to PostgreSQL or back, counted and summed."""
    from bot.commands.copies import move_database

    found = settings()
    work(lambda: move_database(found, to))


def install_service(
    to: Annotated[
        Path | None,
        typer.Option("--to"),
    ] = None,
    user: str = "",
) -> None:
    """Write a sandboxed systemd unit for the bot in this folder, and say what starts it."""
    from bot.commands.service import install_service as install

    install(settings(), to, user)


OF_MACHINE = (backup, restore, upgrade, move, install_service)
