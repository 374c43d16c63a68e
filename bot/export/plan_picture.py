"""A month's sheet in, a PNG out, drawn in a process of its own so that the bot keeps no drawing library in memory."""

import asyncio
import io
import json
import sys
import textwrap
from calendar import Calendar
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from typing import Any

PATIENCE = 60.0  # seconds, with the wait for one's turn; the lease of the message that waits is twice as long
_LOOKS = {"met": "#ffe3b3", "due": "#d9e8fb", "off": "#e8e8e8", "": "#ffffff"}
_ACROSS, _MOST_LINES = 22, 6  # characters and lines in a day's field


class Drawer:
    """Draws one picture at a time, whoever asks; the last one is kept for whoever asks for the same."""

    def __init__(self) -> None:
        self._turn = asyncio.Semaphore(1)
        self._last: tuple[bytes, bytes] = (b"", b"")

    async def __call__(self, sheet: Mapping[str, Any]) -> bytes:
        """The picture of what handlers/reminders/month_sheet.py put together. Raises RuntimeError, TimeoutError."""
        asked = json.dumps(dict(sheet)).encode()
        async with asyncio.timeout(PATIENCE), self._turn:
            if self._last[0] != asked:
                self._last = (asked, await _drawn(asked))
            return self._last[1]


async def _drawn(sheet: bytes) -> bytes:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot.export.plan_picture",
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        picture, trouble = await process.communicate(sheet)
    except BaseException:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
        raise
    if process.returncode:
        raise RuntimeError(f"drawing ended with {process.returncode}: {trouble.decode(errors='replace')[-300:]}")
    return picture


def draw(sheet: Mapping[str, Any]) -> bytes:
    """The same here; takes a second and fifty megabytes, most of it to load the library."""
    from matplotlib.figure import Figure
    from matplotlib.patches import Rectangle

    first = date.fromisoformat(sheet["first"])
    weeks = Calendar().monthdatescalendar(first.year, first.month)
    # As wide as Telegram leaves a picture; it makes larger ones smaller.
    figure = Figure(figsize=(11, 0.9 + 1.3 * len(weeks)), dpi=116)
    axes = figure.add_axes((0.01, 0.01, 0.98, 0.91))
    axes.set_xlim(-0.01, 7.01)
    axes.set_ylim(len(weeks) + 0.01, -0.25)
    axes.axis("off")
    figure.suptitle(sheet["title"], fontsize=17, y=0.98)
    for column, name in enumerate(sheet["week"]):
        axes.text(column + 0.5, -0.1, name, ha="center", va="center", fontsize=11, parse_math=False)
    for row, week in enumerate(weeks):
        for column, day in enumerate(week):
            if day.month != first.month:
                continue
            field = sheet["days"].get(str(day.day), {"look": "", "lines": []})
            axes.add_patch(Rectangle((column, row), 1, 1, facecolor=_LOOKS[field["look"]], edgecolor="#888888"))
            axes.text(column + 0.05, row + 0.06, str(day.day), ha="left", va="top", fontsize=13)
            lines = [part for line in field["lines"] for part in textwrap.wrap(line, _ACROSS)]
            if len(lines) > _MOST_LINES:
                lines[_MOST_LINES - 1 :] = ["…"]
            text = "\n".join(lines)
            axes.text(column + 0.05, row + 0.27, text, ha="left", va="top", fontsize=8.5, parse_math=False)
    picture = io.BytesIO()
    figure.savefig(picture, format="png", metadata={"Software": None})
    return picture.getvalue()


if __name__ == "__main__":
    sys.stdout.buffer.write(draw(json.load(sys.stdin)))
