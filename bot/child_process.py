"""A program of ours and what it reads in, what it prints out; it ends with whoever waits for it."""

import asyncio
import sys
from contextlib import suppress

_TOLD = 300  # characters of what a failed program says


async def output_of(module: str, given: bytes) -> bytes:
    """What the module prints when it is run with that on standard input, where a password may stand.

    Raises RuntimeError with the end of what it says when it fails.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", module,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        out, trouble = await process.communicate(given)
    except BaseException:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
        raise
    if process.returncode:
        raise RuntimeError(f"{module} ended with {process.returncode}: {trouble.decode(errors='replace')[-_TOLD:]}")
    return out
