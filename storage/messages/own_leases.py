"""Replies that this process has leased in the outbox; those it does not know of are made ready again."""

from collections.abc import Sequence

from storage.database import Database, Statement
from storage.messages import outbox

_OWN_REPLY = f"{outbox.OPEN} and state = 'leased' and kind = 'reply' and attempts = 1 and leased_by = ?"


async def leased_replies(db: Database) -> list[str]:
    """Keys of the replies leased by this process and not tried before."""
    rows = await db.read(f"select dedupe_key from outbox where {_OWN_REPLY}", (db.runner,))
    return [row[0] for row in rows]


def give_back(db: Database, keys: Sequence[str]) -> Statement:
    """Those of them that were never sent are ready once more."""
    return (
        f"update outbox set state = 'ready', leased_until_at = null where {_OWN_REPLY}"
        f" and dedupe_key in ({', '.join('?' * len(keys))})",
        (db.runner, *keys),
    )
