"""The commands `giaoban privacy-file` and `giaoban requests …`: papers on personal data, and what people asked."""

from pathlib import Path

from bot.cli.options import settings
from bot.cli.told import Commands
from bot.loop import work

requests_cli = Commands()


def privacy_file(folder: Path) -> None:
    """Write drafts of the processing register, the impact assessment and the transfer file from what runs now."""
    from bot.commands.privacy import write_papers

    found = settings()
    work(lambda: write_papers(found, folder))


@requests_cli.command("list")
def list_them() -> None:
    """Show what waits, and by which day."""
    from bot.commands.privacy import list_requests

    found = settings()
    work(lambda: list_requests(found))


@requests_cli.command("add")
def add_one(
    kind: str,
    on: str = "",
) -> None:
    """Write down what somebody asked by letter or by word."""
    from bot.commands.calendar import day_of
    from bot.commands.privacy import add_request

    found = settings()
    day = day_of("--on", on) if on else None
    work(lambda: add_request(found, kind, day))


@requests_cli.command("acknowledge")
def acknowledge(number: int) -> None:
    """The person was told that it came and what follows."""
    from bot.commands.privacy import settle_request

    found = settings()
    work(lambda: settle_request(found, number, done=False))


@requests_cli.command("done")
def finish(number: int) -> None:
    """It is fulfilled."""
    from bot.commands.privacy import settle_request

    found = settings()
    work(lambda: settle_request(found, number, done=True))
