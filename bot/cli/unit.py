"""The commands `giaoban unit …`: their options; bot/commands/unit.py does the work."""

from typing import Annotated, Any

import typer

from bot.cli.options import settings
from bot.cli.told import Commands

unit_cli = Commands()

On = Annotated[str | None, typer.Option("--on")]
DryRun = Annotated[bool, typer.Option("--dry-run")]


def _run(verb: Any, named: list[str], into: list[str], on: str | None, dry_run: bool, across: bool = False) -> None:
    from bot.commands.unit import change_units
    from bot.loop import work

    found = settings()
    work(lambda: change_units(found, verb, (named, into), on, dry_run, across))


@unit_cli.command("merge")
def merge(
    codes: list[str],
    into: Annotated[str, typer.Option()],
    on: On = None,
    dry_run: DryRun = False,
    across: Annotated[bool, typer.Option("--across")] = False,
) -> None:
    """End units in favour of another, which has their reports and branches."""
    _run("merge", codes, [into], on, dry_run, across)


@unit_cli.command("split")
def split(
    code: str,
    into: Annotated[list[str], typer.Option()],
    on: On = None,
    dry_run: DryRun = False,
) -> None:
    """End a unit in favour of several; the first has its reports and branches."""
    _run("split", [code], into, on, dry_run)


@unit_cli.command("add")
def add(
    code: str,
    name: Annotated[str, typer.Option()],
    to: Annotated[str, typer.Option()],
    on: On = None,
    dry_run: DryRun = False,
) -> None:
    """Add a unit one level below another."""
    _run("add", [code, name], [to], on, dry_run)


@unit_cli.command("rename")
def rename(code: str, name: Annotated[str, typer.Option()], on: On = None, dry_run: DryRun = False) -> None:
    """Give a unit another name."""
    _run("rename", [code], [name], on, dry_run)


@unit_cli.command("move")
def move(
    code: str,
    to: Annotated[str, typer.Option()],
    on: On = None,
    dry_run: DryRun = False,
) -> None:
    """Move a unit into another cluster with its branches, or under another unit."""
    _run("transfer", [code], [to], on, dry_run)
