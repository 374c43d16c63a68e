"""The program: starts and stops the bot, runs its commands and speaks to its channels."""

import sys

# typer brings rich along, structlog and httpx load it where it is installed, to draw what is never drawn here: some
# megabytes and hundredths of a second for nothing. None says that there is none; httpx does without its own command.
sys.modules.setdefault("rich", None)  # type: ignore[arg-type]
sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]
