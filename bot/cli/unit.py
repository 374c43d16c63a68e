"""The commands `giaoban unit …`: their options; bot/commands/unit.py does the work."""

from typing import Annotated, Any

import typer

from bot.cli.options import settings
from bot.cli.told import Commands
from bot.failures import misused

unit_cli = Commands()

On = Annotated[str | None, typer.Option("--on")]
DryRun = Annotated[bool, typer.Option("--dry-run")]
# The kinds of change that can be called off, and what an order calls them.
_KINDS = {"merge": "merge", "split": "split", "rename": "rename", "move": "transfer", "add": "add"}
Replace = Annotated[bool, typer.Option("--replace")]


def _run(order: Any, on: str | None, dry_run: bool, meant: str = "", of: Any = None) -> None:
    """order: the verb, the units, and what becomes of them. meant: the flag that was given."""
    from bot.commands.rounds import Flags
    from bot.commands.unit import change_units
    from bot.loop import work

    found, flags, (verb, *named) = settings(), Flags(frozenset({meant}), dry_run), order
    work(lambda: change_units(found, verb, named, on, flags, of))


@unit_cli.command("merge")
def merge(
    codes: list[str],
    into: Annotated[str, typer.Option()],
    on: On = None,
    dry_run: DryRun = False,
    across: Annotated[bool, typer.Option("--across")] = False,
) -> None:
    """End units in favour of another, which has their reports and branches."""
    _run(("merge", codes, [into]), on, dry_run, "--across" if across else "")


@unit_cli.command("split")
def split(
    code: str,
    into: Annotated[list[str], typer.Option()],
    on: On = None,
    dry_run: DryRun = False,
) -> None:
    """End a unit in favour of several; the first has its reports and branches."""
    _run(("split", [code], into), on, dry_run)


@unit_cli.command("add")
def add(
    code: str,
    name: Annotated[str, typer.Option()],
    to: Annotated[str, typer.Option()],
    on: On = None,
    dry_run: DryRun = False,
) -> None:
    """Add a unit one level below another."""
    _run(("add", [code, name], [to]), on, dry_run)


@unit_cli.command("rename")
def rename(
    code: str,
    name: Annotated[str, typer.Option()],
    on: On = None,
    dry_run: DryRun = False,
    replace: Replace = False,
) -> None:
    """Give a unit another name."""
    _run(("rename", [code], [name]), on, dry_run, "--replace" if replace else "")


@unit_cli.command("move")
def move(
    code: str,
    to: Annotated[str, typer.Option()],
    on: On = None,
    dry_run: DryRun = False,
    replace: Replace = False,
) -> None:
    """Move a unit into another cluster with its branches, or under another unit."""
    _run(("transfer", [code], [to]), on, dry_run, "--replace" if replace else "")


@unit_cli.command("prepared")
def prepared() -> None:
    """List what is to change on a day to come."""
    from bot.commands.unit import list_prepared
    from bot.loop import work

    found = settings()
    work(lambda: list_prepared(found))


@unit_cli.command("cancel")
def cancel(
    codes: list[str],
    what: Annotated[str | None, typer.Option("--what")] = None,
    on: On = None,
    dry_run: DryRun = False,
) -> None:
    """Call off what is prepared for units."""
    if what is not None and what not in _KINDS:
        raise misused("choose", option="--what", text=what[:20], known=", ".join(_KINDS))
    _run(("withdraw", codes, []), on, dry_run, of=_KINDS.get(what or ""))
