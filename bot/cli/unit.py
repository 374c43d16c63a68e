"""The commands `giaoban unit …`: their options; bot/commands/unit.py does the work."""

from typing import Annotated, Any

import typer

from bot.cli.options import settings

unit_cli = typer.Typer(
    help="Add, merge, divide, rename and move units, also from a day to come.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

Code = Annotated[str, typer.Argument(help="Code of the unit.")]
On = Annotated[str | None, typer.Option("--on", help="The first day of it, like 2026-07-01; today by default.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show what would follow; write nothing.")]


def _run(verb: Any, named: list[str], into: list[str], on: str | None, dry_run: bool, across: bool = False) -> None:
    from bot.commands.unit import change_units
    from bot.loop import work

    found = settings()
    work(lambda: change_units(found, verb, (named, into), on, dry_run, across))


@unit_cli.command("merge")
def merge(
    codes: Annotated[list[str], typer.Argument(help="Codes of the units that end.")],
    into: Annotated[str, typer.Option(help="Code of the unit that takes over.")],
    on: On = None,
    dry_run: DryRun = False,
    across: Annotated[bool, typer.Option("--across", help="Into another cluster or level: it is meant.")] = False,
) -> None:
    """End units in favour of another, which has their reports and branches."""
    _run("merge", codes, [into], on, dry_run, across)


@unit_cli.command("split")
def split(
    code: Code,
    into: Annotated[
        list[str], typer.Option(help='A code, or of a new unit "CODE NAME"; once for each, the heir first.')
    ],
    on: On = None,
    dry_run: DryRun = False,
) -> None:
    """End a unit in favour of several; the first has its reports and branches."""
    _run("split", [code], into, on, dry_run)


@unit_cli.command("add")
def add(
    code: Code,
    name: Annotated[str, typer.Option(help="Its name.")],
    to: Annotated[
        str, typer.Option(help="Code of the unit above it, or of a cluster for one right below the province.")
    ],
    on: On = None,
    dry_run: DryRun = False,
) -> None:
    """Add a unit one level below another."""
    _run("add", [code, name], [to], on, dry_run)


@unit_cli.command("rename")
def rename(
    code: Code, name: Annotated[str, typer.Option(help="Its new name.")], on: On = None, dry_run: DryRun = False
) -> None:
    """Give a unit another name."""
    _run("rename", [code], [name], on, dry_run)


@unit_cli.command("move")
def move(
    code: Code,
    to: Annotated[str, typer.Option(help="Code of a cluster, or of the unit above.")],
    on: On = None,
    dry_run: DryRun = False,
) -> None:
    """Move a unit into another cluster with its branches, or under another unit."""
    _run("transfer", [code], [to], on, dry_run)
