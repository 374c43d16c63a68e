"""A command's coroutine in, its result out: run on uvloop, with Python's garbage collector looking seldom."""

import asyncio
import gc
from collections.abc import Callable, Coroutine
from typing import Any

# New objects between two looks at the young ones, and those looks between two at the older ones; Python's: 700, 10, 10.
_THRESHOLDS = (50_000, 20, 20)


def collect_seldom() -> None:
    """Python looks for cycles among everything that lives after every 700 new objects: at full load an eighth of
    the time, and some tens of milliseconds at once. What was loaded stays, and messages leave no cycles.
    """
    gc.freeze()
    gc.set_threshold(*_THRESHOLDS)
    gc.enable()


def work(task: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
    """Runs a command's coroutine on the fast event loop."""
    import uvloop

    collect_seldom()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(task())
