"""A bot whose clock stands on another day, as a process that can be killed: `python -m campaigns.evening MOMENT`.

The rest is the bot itself with its settings from the environment; only the clock is not the machine's.
"""

import asyncio
import sys
from datetime import datetime

from bot.app import App, stop_on_signals
from bot.channels.open import settings_class
from bot.clock import MovableClock
from bot.settings import load_settings


async def work(moment: str) -> None:
    """Runs until a signal."""
    stop = stop_on_signals()
    app = await App.open(load_settings(settings_class()), MovableClock(datetime.fromisoformat(moment)))
    try:
        await app.start()
        sys.stdout.write("running\n")
        sys.stdout.flush()
        await app.run_until(stop)
    finally:
        await app.close()


if __name__ == "__main__":
    asyncio.run(work(sys.argv[1]))
