"""The commands `giaoban words …`: the office's own names of indicators."""

from typing import Annotated

import typer

from bot.cli.options import settings
from bot.cli.told import Commands
from bot.loop import work

words_cli = Commands()


@words_cli.command("list")
def list_words(as_json: Annotated[bool, typer.Option("--json")] = False) -> None:
    """Show the names in use, and whether they were learned of the units or given by the office."""
    from bot.commands.words import list_words as run_it

    found = settings()
    work(lambda: run_it(found, as_json))


@words_cli.command("add")
def add_word(
    phrase: str,
    indicator: str,
) -> None:
    """Take a name up at once; the running bot reads it with the next message."""
    from bot.commands.words import add_word as run_it

    found = settings()
    work(lambda: run_it(found, phrase, indicator))


@words_cli.command("remove")
def remove_word(phrase: str) -> None:
    """Read a name no longer, nor learn it again."""
    from bot.commands.words import remove_word as run_it

    found = settings()
    work(lambda: run_it(found, phrase))


@words_cli.command("try")
def try_words(
    file: str,
    level: str = "chi_doan",
) -> None:
    """Read a report with these names beside the catalogue's; nothing is stored."""
    from bot.commands.reading import read_text
    from bot.commands.words import words_in_use

    found = settings()
    words = work(lambda: words_in_use(found))
    read_text(found, file, level, "lines", words=words)
