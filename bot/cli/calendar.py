"""The commands `giaoban holidays …` and `giaoban calendar …`: the office's days and rules of time."""

from collections.abc import Callable, Coroutine
from typing import Annotated, Any

import typer

from bot.cli.options import settings
from bot.cli.told import Commands
from bot.settings import Settings


def _work(task: Callable[[Settings], Coroutine[Any, Any, None]]) -> None:
    from bot.loop import work

    found = settings()
    work(lambda: task(found))


holidays_cli = Commands()
calendar_cli = Commands()


@holidays_cli.command("list")
def list_holidays(year: Annotated[int | None, typer.Argument(min=2000, max=2099)] = None) -> None:
    """Show the days off of a year, by law and by the office."""
    from bot.commands.calendar import list_holidays as run_it

    _work(lambda found: run_it(found, year))


@holidays_cli.command("add")
def add_holiday(
    day: str,
    kind: str,
    name: str,
) -> None:
    """Mark a day, instead of what it was marked as before."""
    from bot.commands.calendar import day_of, keep_holiday

    on = day_of("NGÀY", day)
    _work(lambda found: keep_holiday(found, on, kind, name))


@holidays_cli.command("remove")
def remove_holiday(day: str) -> None:
    """Take the office's mark off a day; the law holds again."""
    from bot.commands.calendar import day_of
    from bot.commands.calendar import remove_holiday as run_it

    on = day_of("NGÀY", day)
    _work(lambda found: run_it(found, on))


@calendar_cli.command("show")
def show_calendar() -> None:
    """Show the rules of time."""
    from bot.commands.calendar import show_rules

    _work(lambda found: show_rules(found))


@calendar_cli.command("set")
def set_calendar(
    name: str,
    value: str,
) -> None:
    """Change a rule of time; the running bot follows within the hour."""
    from bot.commands.calendar import set_rule

    _work(lambda found: set_rule(found, name, value))
