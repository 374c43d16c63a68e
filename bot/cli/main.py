"""The command line `giaoban`: options in, exit code out: 0 it worked, 1 it failed, 2 it was called wrongly."""

import gc
import io
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

import bot.clock  # noqa: F401  first: it knows when the process began
from bot.channels.folder import OwnCommand
from bot.channels.open import folders
from bot.cli.calendar import calendar_cli, holidays_cli
from bot.cli.machine import OF_MACHINE
from bot.cli.options import ClusterCode, DataFolder, Period, settings
from bot.cli.privacy import privacy_file, requests_cli
from bot.cli.rounds import briefing_cli, period_cli
from bot.cli.told import Commands, wrong_call
from bot.cli.unit import unit_cli
from bot.cli.words import words_cli
from bot.failures import failed, misused
from bot.loop import collect_seldom, work
from bot.settings import DEMO_FOLDER, SettingsError

INTERRUPTED = 130  # what shells give for a command ended by Ctrl+C: 128 and the number of SIGINT

if TYPE_CHECKING:
    from handlers.channel import ProcessRole

cli = Commands()


@cli.command()
def run(
    role: str = "all",
) -> None:
    """Run the bot: all configured channels, scheduler, sender. With no token: the demo on its chat page."""
    from bot.chosen_database import has_data

    if role not in ("all", "web", "worker"):
        raise misused("choose", option="--role", text=role[:20], known="all, web, worker")
    found = settings()
    if role != "all" and found.giaoban_database_url.startswith("sqlite:"):
        raise failed("role_postgres", role=role)
    from bot.channels.open import configured
    from bot.commands.serve import run_bot, run_demo

    if configured(found):
        work(lambda: run_bot(found, cast("ProcessRole", role)))
    elif has_data(found):
        raise failed("no_token")
    else:
        work(lambda: run_demo(found, DEMO_FOLDER, found.port, set_by="GIAOBAN_BIND"))


@cli.command()
def demo(
    port: Annotated[int, typer.Option(min=0, max=65535)] = 8080,
    data: DataFolder = DEMO_FOLDER,
    load_only: Annotated[bool, typer.Option("--load-only")] = False,
) -> None:
    """Open the demo province: local chat page, movable clock."""
    from bot.commands.serve import load_demo, run_demo

    found = settings()
    if load_only:
        work(lambda: load_demo(data))
    else:
        work(lambda: run_demo(found, data, port, set_by="--port"))


@cli.command()
def chat(
    person: Annotated[str, typer.Option("--as")] = "",
    record: Path | None = None,
    data: DataFolder = DEMO_FOLDER,
) -> None:
    """Chat with the bot in this terminal: the same app on the demo province."""
    from bot.commands.serve import run_chat

    found = settings()
    work(lambda: run_chat(found, data, person, record))


@cli.command()
def units(
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """List every unit: code, name, level, parent, cluster."""
    from bot.commands.office import list_units

    found = settings()
    work(lambda: list_units(found, as_json))


@cli.command()
def invite(
    role: Annotated[
        str,
        typer.Option(),
    ],
    unit: str = "",
    cluster: str = "",
    sections: str = "",
    qr: Path | None = None,
    days: Annotated[int, typer.Option(min=1, max=90)] = 14,
    replace: Annotated[
        bool | None,
        typer.Option("--replace/--no-replace"),
    ] = None,
    whom: Annotated[str, typer.Option("--for")] = "",
) -> None:
    """Print a one-time code and its deep link on each channel that has one."""
    from bot.commands.codes import issue_invite

    found = settings()
    work(lambda: issue_invite(found, role, unit, cluster, qr, days, replace, sections, whom))


@cli.command()
def codes(
    cluster: str = "",
    province: Annotated[bool, typer.Option("--province")] = False,
    role: str = "secretary",
    docx: Path | None = None,
    xlsx: Path | None = None,
    days: Annotated[int, typer.Option(min=1, max=90)] = 30,
    everybody: Annotated[bool, typer.Option("--all")] = False,
    renew: Annotated[bool, typer.Option("--renew")] = False,
) -> None:
    """Issue codes for every unit, or named person, with nobody enrolled and no code that is still good."""
    from bot.commands.codes import issue_codes, wanted_codes

    file = docx or xlsx
    if file is None or (docx and xlsx):
        raise misused("one_of", known="--docx, --xlsx")
    found = settings()
    kind = "docx" if docx else "xlsx"
    work(lambda: issue_codes(found, wanted_codes(role, cluster, province, everybody, renew), file, kind, days))


@cli.command()
def people(
    only: Annotated[str, typer.Option("--only")] = "",
    as_json: Annotated[bool, typer.Option("--json")] = False,
    link: str = "",
    to: str = "",
) -> None:
    """List who is named for a role, linked, enrolled, out of reach, or twice named; or link one by hand."""
    from bot.commands.people import link_person, list_people

    if to and not link:
        raise misused("to_link")
    found = settings()
    work(lambda: link_person(found, link, to) if link else list_people(found, only, as_json))


@cli.command()
def template(
    file: Path,
    filled: Annotated[bool, typer.Option("--filled")] = False,
    joins: Annotated[
        str | None,
        typer.Option("--joins"),
    ] = None,
    prefix: Annotated[str, typer.Option("--prefix")] = "",
) -> None:
    """Write the spreadsheet an office fills in: units, clusters, people, briefings, targets."""
    from bot.commands.organisation import write_template
    from bot.commands.pack import write_report_template

    found = settings()
    if file.suffix.lower() not in (".docx", ".xlsx"):
        raise misused("template_suffix", file=file)
    if file.suffix.lower() == ".docx":
        write_report_template(file)
    else:
        work(lambda: write_template(found, file, filled, None if joins is None else (joins, prefix)))


@cli.command("template-check")
def template_check(
    file: Path,
) -> None:
    """Name every fault of a pack's Word template, with its paragraph; exit 1 if there is one."""
    from bot.commands.pack import check_template

    check_template(file)


@cli.command()
def pack(
    out: Annotated[Path, typer.Option("--out")],
    period: Period = None,
    cluster: ClusterCode = None,
    province: Annotated[bool, typer.Option("--province")] = False,
    unit: Annotated[str | None, typer.Option("--unit")] = None,
) -> None:
    """Make the meeting pack: report, annex, pictures and a short text, all of one version."""
    from bot.commands.pack import make_pack

    chosen = [f"cluster:{cluster}"] * (cluster is not None) + [f"unit:{unit}"] * (unit is not None)
    chosen += ["province"] * province
    if len(chosen) != 1:
        raise misused("one_of", known="--cluster, --province, --unit")
    found = settings()
    work(lambda: make_pack(found, period, chosen[0], out))


@cli.command("import")
def import_(
    file: Path,
    dry_run: Annotated[bool, typer.Option("--dry-run")] = False,
    on: str | None = None,
) -> None:
    """Import the organisation from a spreadsheet: all of it or, with every fault named, nothing."""
    from bot.commands.calendar import day_of
    from bot.commands.organisation import import_file

    found, day = settings(), day_of("--on", on) if on is not None else None
    work(lambda: import_file(found, file, dry_run, day))


@cli.command()
def export(
    file: Annotated[Path | None, typer.Argument()] = None,
    period: Period = None,
    cluster: ClusterCode = None,
    as_json: Annotated[bool, typer.Option("--json")] = False,
    as_xlsx: Annotated[bool, typer.Option("--xlsx")] = False,
    audit: Annotated[bool, typer.Option("--audit")] = False,
) -> None:
    """Export the reports of a period, drafts too; or the audit, of one period or whole."""
    from bot.commands.office import export_audit, export_reports

    if as_json == as_xlsx:
        raise misused("one_of", known="--json, --xlsx")
    if as_xlsx and file is None:
        raise misused("xlsx_file")
    if audit and cluster is not None:
        raise misused("audit_cluster")
    found = settings()
    if audit:
        work(lambda: export_audit(found, period, file, as_xlsx))
    else:
        work(lambda: export_reports(found, period, cluster, file, as_xlsx))


@cli.command()
def plan(
    first: Annotated[str, typer.Option("--from")],
    last: Annotated[str, typer.Option("--to")],
    as_json: Annotated[bool, typer.Option("--json")] = False,
    png: Annotated[Path | None, typer.Option("--png")] = None,
) -> None:
    """Show every message of these days: to whom, when, why or why not. Nothing is sent."""
    from bot.commands.calendar import day_of, show_plan

    found = settings()
    begin, end = day_of("--from", first), day_of("--to", last)
    work(lambda: show_plan(found, begin, end, as_json, png))


cli.add_typer(period_cli, name="period")
cli.add_typer(briefing_cli, name="briefing")
cli.add_typer(unit_cli, name="unit")
cli.add_typer(holidays_cli, name="holidays")
cli.add_typer(calendar_cli, name="calendar")
cli.add_typer(requests_cli, name="requests")
cli.add_typer(words_cli, name="words")


def _add_own(group: typer.Typer, word: str, command: OwnCommand) -> None:
    """A command of a channel takes nothing but the settings."""

    def run_it() -> None:
        found = settings()
        work(lambda: command.run(found))

    group.command(word)(run_it)


for _channel, _folder in folders().items():
    if _folder.commands:
        _group = Commands()
        cli.add_typer(_group, name=_channel)
        for _word, _command in _folder.commands.items():
            _add_own(_group, _word, _command)


@cli.command()
def migrate() -> None:
    """Bring the database to this version."""
    from bot.commands.office import migrate_database

    found = settings()
    work(lambda: migrate_database(found))


@cli.command()
def check(
    recount: Annotated[bool, typer.Option("--recount")] = False,
) -> None:
    """Examine settings, database, totals, token and disk; exit 1 if something is wrong."""
    from bot.commands.office import check_all

    found = settings()
    work(lambda: check_all(found, recount=recount))


for command in (*OF_MACHINE, privacy_file):
    cli.command(command.__name__.replace("_", "-"))(command)


@cli.command()
def read(
    file: Annotated[
        str,
        typer.Argument(),
    ] = "-",
    level: str = "chi_doan",
    as_json: Annotated[bool, typer.Option("--json")] = False,
    as_jsonl: Annotated[bool, typer.Option("--jsonl")] = False,
    asked: str = "",
    why: Annotated[bool, typer.Option("--why")] = False,
) -> None:
    """Read a report or a reply and show what was understood; nothing is stored."""
    from bot.commands.reading import read_text

    collect_seldom()
    shape = "jsonl" if as_jsonl else "json" if as_json else "why" if why else "lines"
    read_text(settings(), file, level, shape, asked)


def _flush() -> None:
    """Writes out what was printed, here, where a closed pipe or a full disk can still be told as what it is."""
    try:
        sys.stdout.flush()
    except OSError:
        # What could not be written would be tried again at exit, with a message of Python's own.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise


def main() -> None:
    """Runs a command; every failure is one line on standard error."""
    gc.disable()  # what is loaded now stays: nothing in it is garbage, and looking takes time
    from bot.failures import one_line

    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # What is printed is Vietnamese, also where a service is started without a locale.
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        if len(sys.argv) == 1:
            sys.argv.append("--help")
        code = cli(prog_name="giaoban", standalone_mode=False) or 0
        _flush()
        sys.exit(code)
    except typer.Exit as leaving:
        sys.exit(leaving.exit_code)
    except typer.Abort:
        sys.exit(INTERRUPTED)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    except BrokenPipeError:
        sys.exit(1)  # whoever read the output has seen enough: giaoban units | head
    except SettingsError as error:
        sys.stderr.write(f"giaoban: {error}\n")
        sys.exit(1)
    except Exception as error:  # noqa: BLE001  only here a failure becomes a line and an exit code
        wrong = wrong_call(error)
        code, line = (2, wrong) if wrong is not None else one_line(error)
        sys.stderr.write(f"giaoban: {line}\n")
        sys.exit(code)


if __name__ == "__main__":
    main()
