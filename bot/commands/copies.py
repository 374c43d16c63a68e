"""Commands that copy the database: makes and restores backups, upgrades, moves; prints what was done."""

import os
import sys
from pathlib import Path

from bot.chosen_database import require_file
from bot.clock import SystemClock
from bot.commands.gap import pass_over
from bot.copies import seal
from bot.copies.backup import MadeCopy, backup
from bot.copies.move import is_same, move
from bot.copies.restore import OpenedCopy, restore
from bot.copies.upgrade import upgrade
from bot.failures import failed, misused, said
from bot.settings import Settings
from handlers.wording.speech import Wording
from reporting.time.calendar import moment
from storage.database import DatabaseUrlError, sqlite_path
from storage.reports.since import Since

_MOST_UNITS = 10


def _say(key: str, **parts: object) -> None:
    sys.stdout.write(Wording.vietnamese().say(f"copies.{key}", **parts) + "\n")


def write_key(file: Path) -> None:
    """Draws a key, writes the secret one to a file that is not there yet and prints the public one."""
    secret, public = seal.new_key()
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(handle, "w", encoding="utf-8") as written:
        written.write(f"# giaoban: {public}\n{secret}\n")
    _say("new_key", file=file)
    sys.stdout.write(f"GIAOBAN_BACKUP_KEY={public}\n")


async def make_backup(settings: Settings, folder: Path) -> None:
    """Makes one copy and tells what is in it."""
    require_file(settings)
    key = settings.giaoban_backup_key.get_secret_value()
    made = await backup(settings.giaoban_database_url, folder, key, SystemClock().now())
    rows = made.holds.rows
    _say("made", file=made.file, rows=made.holds.total, reports=rows.get("submission", 0), event=made.holds.last_event)
    if made.removed:
        _say("removed", count=len(made.removed))
    _tell_unsealed(made)


def _tell_unsealed(made: MadeCopy) -> None:
    if not made.sealed:
        sys.stderr.write(f"giaoban: {said('not_sealed')}\n")


async def restore_copy(settings: Settings, file: Path, key: Path | None, dry_run: bool) -> None:
    """Restores a copy, after telling what would be lost."""
    if not file.is_file():
        raise failed("no_file", file=file)
    now = SystemClock().now()

    def show(opened: OpenedCopy) -> bool:
        _show(file, opened)
        return not dry_run

    done = await restore(settings, file, _secrets(settings, key), now, show, pass_over)
    if done is None:
        _say("dry")
        return
    _say("restored", since=moment(done.made_at), now=moment(now))
    if done.erased_again:
        _say("erased_again", count=done.erased_again)
    if done.aside:
        _tell_aside(settings, done.aside)


def _show(file: Path, opened: OpenedCopy) -> None:
    since, rows = moment(opened.made_at), opened.holds.rows
    _say("holds", file=file, moment=since, rows=opened.holds.total, reports=rows.get("submission", 0))
    if opened.loses is None:
        _say("loses_unknown", moment=since)
    elif opened.loses:
        _say("loses", moment=since, what=", ".join(_parts(opened.loses)))
    else:
        _say("loses_nothing", moment=since)
    sys.stdout.flush()


def _parts(loses: Since) -> list[str]:
    say = Wording.vietnamese().say
    units = ", ".join(loses.reports[:_MOST_UNITS]) + (", …" if len(loses.reports) > _MOST_UNITS else "")
    counted = {"answers": loses.answers, "people": loses.people, "petitions": loses.petitions}
    reports = [say("lost.reports", count=len(loses.reports), units=units)] if loses.reports else []
    return reports + [say(f"lost.{name}", count=count, units=units) for name, count in counted.items() if count]


def _secrets(settings: Settings, key: Path | None) -> list[str]:
    if key is not None:
        secret = seal.secret_of(key.read_text("utf-8", errors="replace"))
        if not secret:
            raise failed("no_secret", file=key)
        return [secret]
    own = seal.secret_of(settings.giaoban_backup_key.get_secret_value())
    return [own] if own else []


async def upgrade_database(settings: Settings) -> None:
    """Brings the database to this program's version."""
    require_file(settings)
    done = await upgrade(settings, SystemClock().now())
    if done is None:
        _say("current")
        return
    _say("upgraded", old=done.old, new=done.new)
    _say("made", file=done.before.file, rows=done.before.holds.total,
         reports=done.before.holds.rows.get("submission", 0), event=done.before.holds.last_event)  # fmt: skip
    _tell_unsealed(done.before)
    _tell_aside(settings, done.aside)


def _tell_aside(settings: Settings, aside: str) -> None:
    _say("aside", aside=aside)
    undo = "undo" if sqlite_path(settings.giaoban_database_url) is not None else "undo_schema"
    _say(undo, aside=aside)


async def move_database(settings: Settings, to: str) -> None:
    """Moves everything to another database."""
    require_file(settings)
    try:
        sqlite_path(to)
    except DatabaseUrlError as error:
        raise misused("to_url", what=said("database_url")) from error
    old = settings.giaoban_database_url
    if is_same(old, to):
        raise misused("move_same")
    moved = await move(old, to, SystemClock().now())
    _say("moved", rows=moved.total, tables=len(moved.rows))
    _say("move_next", url=_shown(to))
    _say("move_old", old=_shown(old))


def _shown(url: str) -> str:
    """Without the password it may hold."""
    from urllib.parse import urlsplit

    parts = urlsplit(url)
    return url.replace(f":{parts.password}@", ":…@") if parts.password else url
