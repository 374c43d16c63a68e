"""Which line a failure ends a command with, and which exit code: 1 the work failed, 2 it was called wrongly."""

import click
import structlog

from bot.demo_province import DemoRefused
from reporting.catalogue import CatalogueError
from reporting.periods import PeriodError
from storage.database import DatabaseUrlError, StorageError
from storage.migrate import SchemaMismatch

# Errors whose own text is the line: it names the thing, the place and the remedy.
_WORDED = (CatalogueError, PeriodError, DatabaseUrlError, StorageError, SchemaMismatch, DemoRefused)


class Failed(Exception):
    """A command's work failed; the text is one line with thing, place and remedy."""


def one_line(error: Exception) -> tuple[int, str]:
    """(exit code, line) for an error that reached the top."""
    if isinstance(error, click.UsageError):
        where = f" (see: {error.ctx.command_path} --help)" if error.ctx else ""
        return 2, f"{error.format_message()}{where}"
    if isinstance(error, click.ClickException):
        return 1, error.format_message()
    if isinstance(error, (Failed, *_WORDED)) or type(error).__name__ == "StartError":
        return 1, " ".join(str(error).split())
    if isinstance(error, OSError):
        place = f"{error.filename}: " if error.filename else ""
        return 1, f"{place}{error.strerror or error}"
    structlog.get_logger().error("unexpected failure", exc_info=error)
    return 1, f"unexpected failure: {type(error).__name__}; the log above says where"
