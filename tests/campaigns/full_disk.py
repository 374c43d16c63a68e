"""A folder whose disk can be filled up and freed again."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from storage.database import Database

SIZE = 64 * 1024 * 1024


class Room:
    """A small tmpfs where this process may mount one; elsewhere the database is told that it may not grow.

    Both end in the same error of SQLite, and with both a transaction under way is rolled back.
    """

    def __init__(self, folder: Path, *, mounted: bool) -> None:
        self.folder, self.mounted = folder, mounted
        self._filler = folder / "filler"

    async def fill(self, db: Database) -> None:
        """Leaves no space."""
        if not self.mounted:
            pages = (await db.read("pragma page_count"))[0][0]
            await db.write([(f"pragma max_page_count = {pages}", ())])
            return
        with self._filler.open("ab", buffering=0) as filler:
            for block in (1 << 20, 1 << 12, 1):
                try:
                    while filler.write(os.urandom(block)) == block:
                        pass
                except OSError:
                    continue

    async def free(self, db: Database) -> None:
        """Gives the space back."""
        if self.mounted:
            self._filler.unlink()
        else:
            await db.write([("pragma max_page_count = 1000000", ())])


@contextmanager
def small_disk(folder: Path) -> Iterator[Room]:
    """The room, gone afterwards."""
    folder.mkdir()
    mount = shutil.which("mount")
    mounted = os.getuid() == 0 and mount is not None and not subprocess.run(
        [mount, "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", folder], capture_output=True, check=False
    ).returncode  # fmt: skip
    try:
        yield Room(folder, mounted=mounted)
    finally:
        if mounted:
            subprocess.run(["umount", "-l", folder], check=True)
