"""Writes units to a database and prints each one's number once it is committed: `python -m campaigns.writer URL FIRST`.

Every unit is two halves and a count; many are on their way at the same time.
"""

import asyncio
import os
import sys
from itertools import count

from storage.database import Database
from storage.engine.open import open_database

SIDE_BY_SIDE = 40


async def work(url: str, first: int) -> None:
    """Never ends by itself."""
    db = await open_database(url)
    numbers = count(first)
    os.write(1, b"begins\n")
    await asyncio.gather(*(_write(db, numbers) for _ in range(SIDE_BY_SIDE)))


async def _write(db: Database, numbers: "count[int]") -> None:
    for number in numbers:
        half = "insert into half (unit, side) values (?, ?)"
        await db.write(
            [
                (half, (number, "left"), 1),
                ("update total set units = units + 1", (), 1),
                (half, (number, "right"), 1),
            ]
        )
        os.write(1, f"{number}\n".encode())


if __name__ == "__main__":
    asyncio.run(work(sys.argv[1], int(sys.argv[2])))
