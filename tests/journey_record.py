"""Plays journeys leniently and writes down what the bot says, to be read before it is committed.

    .venv/bin/python tests/journey_record.py tests/journeys/enrol.txt …

Lines the bot said before are replaced. Where a journey skips lines with "< …", as many lines as stand before it
are kept and the rest stays skipped: write "< ?" and "< …" to keep the first line only.
"""

import asyncio
import sys
import tempfile
from pathlib import Path

from journey import FIRST, JOURNEYS, Player, WentAstray, _moment, _step, load_province, opened

from storage.engine.migrate import migrate


async def recorded(lines: list[str]) -> list[str]:
    """The journey with what the bot says now."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/giaoban.db"
        await migrate(url)
        name = next(line.split()[2] for line in lines if line.startswith("! province"))
        start = next((line[2:].strip() for line in lines if line.startswith("@ ")), None)
        now = _moment(start) if start else FIRST
        await load_province(url, JOURNEYS / "provinces" / f"{name}.yaml", now)
        player = Player(url, await opened(url, now))
        try:
            return await _written(player, lines)
        finally:
            await player.demo.app.close()


async def _written(player: Player, lines: list[str]) -> list[str]:
    written: list[str] = []
    place = 0
    while place < len(lines):
        line = lines[place]
        place += 1
        written.append(line)
        expected = 0
        while place < len(lines) and lines[place].startswith("<") and lines[place] != "< …":
            expected, place = expected + 1, place + 1
        skips = place < len(lines) and lines[place] == "< …"
        place += skips
        try:
            await _step(player, line)
        except WentAstray as astray:
            print(f"{line!r}: {astray}")
        said = ["<" + (f" {heard}" if heard else "") for heard in player.heard]
        player.heard.clear()
        if skips:
            written += [*said[:expected], "< …"]
        elif said or not line.startswith(("> ", "[", "*")):
            written += said
        else:
            written.append("< nothing")
    return written


if __name__ == "__main__":
    for name in sys.argv[1:]:
        path = Path(name)
        path.write_text("\n".join(asyncio.run(recorded(path.read_text("utf-8").splitlines()))).rstrip() + "\n", "utf-8")
