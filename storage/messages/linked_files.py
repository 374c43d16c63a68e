"""Files behind links as rows, each until its link ends."""

import base64
from datetime import datetime

from storage.database import Database, Statement
from storage.engine.instants import stamp


def keep(mark: str, name: str, picture: bool, content: bytes, until: datetime) -> Statement:
    """The file is shown under that mark until then."""
    return (
        "insert into linked_file (mark, name, picture, content, until) values (?, ?, ?, ?, ?)",
        (mark, name, int(picture), base64.b64encode(content).decode(), stamp(until)),
    )


async def shown(db: Database, mark: str, now: datetime) -> tuple[str, bool, bytes] | None:
    """(its name, whether it is a picture, its bytes) of the file of that mark, as long as its link is good."""
    rows = await db.read(
        "select name, picture, content from linked_file where mark = ? and until > ?", (mark, stamp(now))
    )
    return (rows[0][0], bool(rows[0][1]), base64.b64decode(rows[0][2])) if rows else None


def forget(now: datetime) -> Statement:
    """Drops those whose link has ended."""
    return ("delete from linked_file where until <= ?", (stamp(now),))
