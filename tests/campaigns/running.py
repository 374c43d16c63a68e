"""Starts a module of the campaigns as a process of its own, as tests/process.py starts the bot."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from process import ROOT, Process


@asynccontextmanager
async def module(name: str, *words: str, cwd: Path, **environment: str) -> AsyncIterator[Process]:
    """`python -m campaigns.NAME words…`; killed in the end if it still runs."""
    pipe = asyncio.subprocess.PIPE
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LD_LIBRARY_PATH") if name in os.environ}
    path = os.pathsep.join((str(ROOT), str(ROOT / "tests")))
    process = Process(
        await asyncio.create_subprocess_exec(
            sys.executable, "-m", f"campaigns.{name}", *words,
            cwd=cwd, env={**kept, "PYTHONPATH": path, **environment}, stdin=pipe, stdout=pipe, stderr=pipe,
        )
    )  # fmt: skip
    try:
        yield process
    finally:
        await process.kill()
