"""Commands of the office: lists units, writes exports, brings the database up to date and examines it."""

import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from bot.channels.folder import Given
from bot.channels.open import open_channels
from bot.chosen_database import opened
from bot.clock import SystemClock
from bot.commands.rounds import asked_for
from bot.copies import shelf
from bot.failures import failed, one_line, said
from bot.health import backups
from bot.health.backups import CopiesState
from bot.health.examination import LEAST_FREE_MB, free_bytes
from bot.health.finding import MachineFault, clock_off
from bot.health.server_clock import MOST, ServerClock
from bot.resources import load_catalogue
from bot.settings import Settings
from handlers.channel import NotStarted
from reporting.time.calendar import local_day
from storage.database import sqlite_path
from storage.engine.instants import stamp
from storage.engine.migrate import SchemaMismatch, drift, migrate, schema_state
from storage.engine.open import open_database
from storage.messages import undelivered
from storage.organisation import units
from storage.people import roster
from storage.periods import holidays, planning, rounds
from storage.reports import running

MEBIBYTE = 2**20

MOST_SHOWN = 5  # of the totals that are not what a recount gives


async def list_units(settings: Settings, as_json: bool) -> None:
    """Prints every unit of today."""
    from bot.export.reports import units_json

    db = await opened(settings)
    try:
        rows = await units_json(db, local_day(SystemClock().now()))
    finally:
        await db.close()
    if as_json:
        sys.stdout.write(json.dumps(rows, ensure_ascii=False, indent=1) + "\n")
        return
    for row in rows:
        sys.stdout.write(
            "\t".join(str(row[key] or "-") for key in ("code", "name", "level", "parent", "cluster")) + "\n"
        )


async def export_reports(
    settings: Settings, period: str | None, cluster: str | None, file: Path | None, as_xlsx: bool
) -> None:
    """Writes the reports of a period."""
    from bot.export.reports import submissions_json, write_xlsx
    from bot.whole_file import replace_file

    catalogue = load_catalogue(settings.giaoban_catalogue)
    today = local_day(SystemClock().now())
    db = await opened(settings)
    try:
        round_ = await asked_for(db, "--period", period)
        catalogue = catalogue.of(round_.period.own)
        if cluster is not None and await units.cluster_by_code(db, cluster) is None:
            raise failed("no_cluster", code=cluster)
        if as_xlsx:
            assert file is not None
            await write_xlsx(file, db, catalogue, round_, cluster, today)
            return
        text = json.dumps(await submissions_json(db, catalogue, round_, cluster, today), ensure_ascii=False, indent=1)
    finally:
        await db.close()
    if file is None or str(file) == "-":
        sys.stdout.write(text + "\n")
    else:
        replace_file(file, (text + "\n").encode())


async def export_audit(settings: Settings, period: str | None, file: Path | None, as_xlsx: bool) -> None:
    """Writes the audit of a period, or all of it."""
    from bot.export.audit import audit_workbook, lines
    from bot.whole_file import replace_file

    catalogue = load_catalogue(settings.giaoban_catalogue)
    db = await opened(settings)
    try:
        round_ = await rounds.round_by_code(db, period) if period is not None else None
        if period is not None and round_ is None:
            raise failed("no_period", code=f"--period {period}")
        found = await lines(db, catalogue, round_.id if round_ else None)
    finally:
        await db.close()
    if as_xlsx:
        assert file is not None
        replace_file(file, audit_workbook(found))
        return
    events = {"events": [line.to_json() for line in found]}
    text = json.dumps(events, ensure_ascii=False, indent=1) + "\n"
    if file is None or str(file) == "-":
        sys.stdout.write(text)
    else:
        replace_file(file, text.encode())


async def migrate_database(settings: Settings) -> None:
    """Applies the migrations that are missing and names them."""
    applied = await migrate(settings.giaoban_database_url)
    sys.stdout.write("".join(f"{name}\n" for name in applied) or f"{said('up_to_date')}\n")


async def check_all(settings: Settings, *, recount: bool = False) -> None:
    """Examines everything a start needs; prints one line each; raises Failed if anything is wrong."""
    wrong = 0

    def line(good: bool, text: str) -> None:
        nonlocal wrong
        wrong += not good
        sys.stdout.write(f"{said('check_good' if good else 'check_wrong')} {text}\n")

    line(True, said("check_settings"))
    try:
        catalogue = load_catalogue(settings.giaoban_catalogue)
        line(True, said("check_catalogue", count=len(catalogue.indicators)))
    except ValueError as error:
        line(False, str(error))
    path = sqlite_path(settings.giaoban_database_url)
    await _check_database(settings.giaoban_database_url, path, line, recount)
    free = free_bytes(settings) // MEBIBYTE
    line(free >= LEAST_FREE_MB, said("check_disk", free=free, least=LEAST_FREE_MB))
    await _check_copies(settings, line)
    await _check_channels(settings, line)
    if wrong:
        raise failed("check_failed", count=wrong)


async def _check_channels(settings: Settings, line: Callable[[bool, str], None]) -> None:
    clock = ServerClock(SystemClock().now)
    channels = open_channels(settings, Given(SystemClock().now, server_date=clock.hear)).values()
    for channel in channels:
        try:
            line(True, await channel.check())
        except NotStarted as error:
            line(False, str(error))
        finally:
            await channel.stop()
    if not channels:
        line(True, said("check_no_channel"))
    elif (off := clock.off()) > MOST or -off > MOST:
        _lines([clock_off(off)], line)


async def _check_copies(settings: Settings, line: Callable[[bool, str], None]) -> None:
    folder = settings.giaoban_backup_dir
    if folder is None:
        line(True, said("check_no_backup"))
        return
    now = SystemClock().now()
    newest = shelf.newest(folder, now)
    state = CopiesState(None if newest is None else stamp(newest))
    if wrong := backups.judged(state, now):
        _lines(wrong, line)
    else:
        count = len(shelf.copies(folder))
        line(True, said("check_backup", count=count, folder=folder, newest=f"{newest:%Y-%m-%d %H:%M} UTC"))
    if not settings.giaoban_backup_key.get_secret_value():
        line(True, said("check_unsealed"))


def _lines(wrong: Sequence[MachineFault], line: Callable[[bool, str], None]) -> None:
    for one in wrong:
        line(False, f"{one.what} {one.to_do}")


async def _check_database(url: str, path: str | None, line: Callable[[bool, str], None], recount: bool) -> None:
    if path is not None and not Path(path).exists():
        line(False, said("check_no_file", path=path))
        return
    wal = Path(f"{path}-wal")
    if path is not None and wal.exists() and wal.stat().st_size:
        line(True, said("check_wal", wal=wal, path=path))
    try:
        db = await open_database(url)
        try:
            has, needs = await schema_state(db)
            faults = await drift(db) if has <= needs else []
            untrue: list[str] = []
            doubtful = len(await undelivered.unsure(db)) if has == needs else 0
            if has == needs:
                if recount:
                    await db.write(running.recount())
                untrue = await running.differences(db)
                facts = await planning.whole(db, SystemClock().now(), await holidays.calendar(db))
                if facts.nobody_in_office:
                    line(False, said("check_office", what=said("nobody_in_office")))
                for cluster, chairs in await roster.several_chairs(db, SystemClock().now()):
                    line(True, said("two_chairs", cluster=cluster, chairs=", ".join(chairs)))
        finally:
            await db.close()
    except Exception as error:  # noqa: BLE001  a check reports whatever it meets
        line(False, said("check_database", what=one_line(error)[1]))
        return
    version = said("version", number=has) if has == needs else one_line(SchemaMismatch(has, needs))[1]
    line(has == needs, said("check_database", what=version))
    if doubtful:
        line(True, said("check_doubtful", count=doubtful))
    for difference in untrue[:MOST_SHOWN]:
        line(False, said("check_totals", what=difference))
    for fault in faults:
        line(False, said("check_schema", what=fault))
