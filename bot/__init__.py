"""The program: starts and stops the bot, runs its commands and speaks to its channels."""

import sys

# typer brings rich along, and structlog loads it where it is installed, to draw what is never drawn here: some
# megabytes and hundredths of a second for nothing. This stands before whatever of this package logs.
if "rich" not in sys.modules:
    sys.modules["rich"] = None  # type: ignore[assignment]  # import then says that there is none
    import structlog  # noqa: F401

    del sys.modules["rich"]
