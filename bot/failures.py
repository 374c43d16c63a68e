"""An error in, the one line and the exit code a command ends with out: 1 it failed, 2 it was called wrongly."""

import errno
import re
from typing import Any

import structlog

from bot.logs import configure_logs
from handlers.channel import NotStarted
from reporting.time.periods import PeriodError
from storage.database import AlreadyRun, DatabaseUrlError, StorageError, StorageUnavailable
from storage.engine.migrate import ForeignSchema, SchemaMismatch

# Errors whose own text is the line: it says what failed, where, and the remedy.
_WORDED = (NotStarted,)
# The same, known by name: importing their modules would load the catalogue or the demo for every command.
_WORDED_ELSEWHERE = ("bot.demo.province.DemoRefused", "bot.resources.CatalogueError")


class Failed(Exception):
    """A command's work failed; the text is one line: what, where, the remedy."""


class WrongUsage(Exception):
    """A command was called wrongly; the text names the option and what it takes."""


def said(key: str, **parts: Any) -> str:
    """A line of the office's commands: the text `command.KEY` with its parts."""
    from handlers.wording.speech import Wording  # the texts are read where one is said

    return Wording.vietnamese().say(f"command.{key}", **parts)


def failed(key: str, **parts: Any) -> Failed:
    """A failure with such a text."""
    return Failed(said(key, **parts))


def misused(key: str, **parts: Any) -> WrongUsage:
    """A wrong call with such a text."""
    return WrongUsage(said(key, **parts))


def reason_of(error: OSError) -> str:
    """Why the system did not do it: the text `errno.NAME`, or the system's own words."""
    from handlers.wording.speech import Wording

    wording, name = Wording.vietnamese(), errno.errorcode.get(error.errno or 0, "").lower()
    return wording.say(f"errno.{name}") if wording.has(f"errno.{name}") else error.strerror or str(error)


def one_line(error: Exception) -> tuple[int, str]:
    """(exit code, line) for an error that reached the top."""
    if isinstance(error, WrongUsage):
        return 2, str(error)
    name = f"{type(error).__module__}.{type(error).__qualname__}"
    if (told := _of_database(error)) is not None:
        return 1, told
    if isinstance(error, (Failed, *_WORDED)) or name in _WORDED_ELSEWHERE:
        return 1, " ".join(str(error).split())
    if isinstance(error, OSError):
        file = f"{error.filename}: " if error.filename else ""
        return 1, f"{file}{reason_of(error)}"
    if not structlog.is_configured():
        configure_logs("text", "info")  # it failed before the settings were read
    structlog.get_logger().error("unexpected failure", exc_info=error)
    return 1, said("unexpected", kind=type(error).__name__)


def _of_database(error: Exception) -> str | None:
    """What storage says in its own words, as the office reads it; None for another error."""
    told = None
    match error:
        case SchemaMismatch(database_version=has, code_version=needs):
            key = "schema_newer" if has > needs else "schema_older" if has else "schema_none"
            told = said(key, has=has, needs=needs)
        case ForeignSchema(difference=difference):
            told = said("schema_foreign", what=difference)
        case DatabaseUrlError():
            told = f"GIAOBAN_DATABASE_URL: {said('database_url')}"
        case PeriodError():
            told = said("bad_period", code=str(error).partition(":")[0])
        case AlreadyRun():
            process = re.search(r"process (\d+)", str(error))
            told = said("already_run", process=f" (tiến trình {process[1]})" if process else "")
        case StorageUnavailable(kind=kind, location=location) if kind:
            told = said(f"storage_{kind}", location=location)
        case StorageError():
            told = said("storage", why=" ".join(str(error).split()))
    return told
