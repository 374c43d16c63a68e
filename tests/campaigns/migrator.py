"""Migrates a database, saying when it begins and ends: `python -m campaigns.migrator URL FOLDER`."""

import asyncio
import sys
from pathlib import Path

from storage.engine.migrate import migrate


def main() -> None:
    """Prints "begins", and the number of steps it applied."""
    print("begins", flush=True)
    applied = asyncio.run(migrate(sys.argv[1], Path(sys.argv[2])))
    print(f"applied {len(applied)}", flush=True)


if __name__ == "__main__":
    main()
