"""What was done to what, by whom and when: rows that are only ever appended."""

from datetime import datetime

from storage.database import Statement
from storage.instants import stamp


def happened(
    action: str,
    subject: str,
    actor: int | None,
    now: datetime,
    *,
    period_id: int | None = None,
    unit_id: int | None = None,
    old: str | None = None,
    new: str | None = None,
) -> Statement:
    """One event. action: noun and verb such as "period.locked"; actor: a person's id, None for a command or the clock.

    Neither a message's words nor a name, a chat or a code may stand in it: it outlives an erasure.
    """
    return (
        "insert into event (at, actor, action, period_id, unit_id, subject, old, new) values (?, ?, ?, ?, ?, ?, ?, ?)",
        (stamp(now), actor, action, period_id, unit_id, subject, old, new),
    )
