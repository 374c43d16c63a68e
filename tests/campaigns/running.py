"""Starts a module of the campaigns as a process of its own, as tests/process.py starts the bot."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from process import ROOT, Process, forked


@asynccontextmanager
async def module(name: str, *words: str, cwd: Path, **environment: str) -> AsyncIterator[Process]:
    """`python -m campaigns.NAME words…`; killed in the end if it still runs."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LD_LIBRARY_PATH") if name in os.environ}
    path = os.pathsep.join((str(ROOT), str(ROOT / "tests")))
    program = f"import runpy; runpy.run_module('campaigns.{name}', run_name='__main__')"
    async with forked(program, list(words), cwd, {**kept, "PYTHONPATH": path, **environment}) as process:
        yield process
