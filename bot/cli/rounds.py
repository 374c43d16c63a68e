"""The commands `giaoban period …` and `giaoban briefing …`: their options; bot/commands/rounds.py does the work."""

from pathlib import Path
from typing import Annotated, Any

import typer

from bot.cli.options import settings
from bot.cli.told import Commands

period_cli = Commands()
briefing_cli = Commands()

PeriodCode = Annotated[str, typer.Option("--period")]
Cluster = Annotated[str, typer.Option("--cluster")]
Day = Annotated[str | None, typer.Option()]
DryRun = Annotated[bool, typer.Option("--dry-run")]
Far = Annotated[bool, typer.Option("--far")]
Early = Annotated[bool, typer.Option("--early")]


def _run(task: Any) -> None:
    from bot.loop import work

    found = settings()
    work(lambda: task(found))


@period_cli.command("open")
def open_period(
    code: str,
    deadline: Day = None,
    lead: Annotated[int | None, typer.Option(min=0, max=60)] = None,
    cutoff: Day = None,
    on: str | None = None,
    lock_after: Annotated[int | None, typer.Option(min=0, max=365)] = None,
    never_lock: Annotated[bool, typer.Option("--never-lock")] = False,
    owes: str | None = None,
    estimated: Annotated[bool | None, typer.Option("--estimated/--final")] = None,
    confirm_from: Day = None,
    confirm_by: Day = None,
    title: str = "",
    start: Day = None,
    end: Day = None,
    form: str = "",
    far: Far = False,
    dry_run: DryRun = False,
) -> None:
    """Open a period, now or by itself --on a day; with options, change the days of an open one."""
    from bot.commands import rounds

    named = {
        "deadline_on": rounds.day("--deadline", deadline), "deadline_lead": lead,
        "cutoff_on": rounds.day("--cutoff", cutoff), "opens_on": rounds.day("--on", on) if on != "briefings" else None,
        "opens_follow": on == "briefings" or None, "lock_after": lock_after,
        "estimated": estimated, "confirm_from_on": rounds.day("--confirm-from", confirm_from),
        "confirm_by_on": rounds.day("--confirm-by", confirm_by),
    }  # fmt: skip
    given: dict[str, Any] = {name: value for name, value in named.items() if value is not None}
    given |= ({"lock_after": None} if never_lock else {}) | ({"owes": owes} if owes is not None else {})
    named_days = (title, rounds.day("--start", start), rounds.day("--end", end), form)
    flags = rounds.Flags.of(far=far, dry_run=dry_run)
    _run(lambda found: rounds.open_period(found, code, given, named_days, flags))


@period_cli.command("lock")
def lock(code: str, early: Early = False, dry_run: DryRun = False) -> None:
    """Lock a period: units change nothing without the office."""
    from bot.commands import rounds

    flags = rounds.Flags.of(early=early, dry_run=dry_run)
    _run(lambda found: rounds.end_period(found, code, "locked", flags))


@period_cli.command("close")
def close(code: str, early: Early = False, dry_run: DryRun = False) -> None:
    """Close a period for good."""
    from bot.commands import rounds

    flags = rounds.Flags.of(early=early, dry_run=dry_run)
    _run(lambda found: rounds.end_period(found, code, "closed", flags))


@period_cli.command("extend")
def extend(
    code: str,
    unit: Annotated[str, typer.Option()],
    until: Day = None,
    reason: str = "",
    far: Far = False,
    dry_run: DryRun = False,
) -> None:
    """Give one unit another deadline, also after the lock."""
    from bot.commands import rounds

    last, flags = rounds.day("--until", until), rounds.Flags.of(far=far, dry_run=dry_run)
    _run(lambda found: rounds.extend(found, code, unit, last, reason, flags))


@period_cli.command("list")
def list_periods() -> None:
    """List every period with its state."""
    from bot.commands.rounds import list_periods

    _run(list_periods)


At = Annotated[str | None, typer.Option()]
Place = Annotated[str, typer.Option()]


@briefing_cli.command("set")
def set_briefing(
    code: PeriodCode,
    cluster: Cluster,
    at: At = None,
    place: Place = "",
    online: str = "",
    host: str = "",
    chair: list[str] | None = None,
    far: Far = False,
    dry_run: DryRun = False,
) -> None:
    """Set a cluster's briefing, or change it."""
    from bot.commands import rounds

    meeting = rounds.NamedBriefing(code, cluster, rounds.moment("--at", at), place, online, host, chair or ())
    flags = rounds.Flags.of(far=far, dry_run=dry_run)
    _run(lambda found: rounds.set_briefing(found, meeting, flags))


@briefing_cli.command("move")
def move(
    code: PeriodCode,
    cluster: Cluster,
    at: At = None,
    place: Place = "",
    far: Far = False,
    dry_run: DryRun = False,
) -> None:
    """Move a cluster's briefing; whom it concerns is told once."""
    from bot.commands import rounds

    meeting = rounds.NamedBriefing(code, cluster, rounds.moment("--at", at), place)
    flags = rounds.Flags.of(far=far, dry_run=dry_run)
    _run(lambda found: rounds.set_briefing(found, meeting, flags))


@briefing_cli.command("cancel")
def cancel(code: PeriodCode, cluster: Cluster, dry_run: DryRun = False) -> None:
    """Call a cluster's briefing off; whom it concerns is told once."""
    from bot.commands import rounds

    flags = rounds.Flags.of(dry_run=dry_run)
    _run(lambda found: rounds.cancel_briefing(found, code, cluster, flags))


@briefing_cli.command("list")
def list_briefings(code: PeriodCode) -> None:
    """List a period's briefings."""
    from bot.commands.rounds import list_briefings

    _run(lambda found: list_briefings(found, code))


@briefing_cli.command("ics")
def ics(code: PeriodCode, cluster: Cluster, out: Annotated[Path, typer.Option()]) -> None:
    """Write a cluster's briefing as an .ics file."""
    from bot.commands.rounds import write_ics

    _run(lambda found: write_ics(found, code, cluster, out))
