"""What was done in, the rows that record it out: by whom, to what, when; only ever appended."""

from collections.abc import Sequence
from datetime import datetime

from storage.database import Statement
from storage.engine.instants import stamp


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
    reason: str | None = None,
) -> Statement:
    """One event. action: noun and verb such as "period.locked"; actor: a person's id, None for a command or the clock.

    Neither a message's words nor a name, a chat or a code may stand in it: it outlives an erasure. reason: why a figure
    was given back or stands as it is, with names masked.
    """
    return all_happened([(action, subject, old, new)], actor, now, period_id=period_id, unit_id=unit_id, reason=reason)


def all_happened(
    events: Sequence[tuple[str, str, str | None, str | None]],
    actor: int | None,
    now: datetime,
    *,
    period_id: int | None = None,
    unit_id: int | None = None,
    reason: str | None = None,
) -> Statement:
    """Several by one person at once, each an action, its subject, what stood there and what stands there now."""
    rows = ", ".join(["(?, ?, ?, ?, ?, ?, ?, ?, ?)"] * len(events))
    at = stamp(now)
    return (
        f"insert into event (at, actor, action, period_id, unit_id, subject, old, new, reason) values {rows}",
        [
            part
            for action, subject, old, new in events
            for part in (at, actor, action, period_id, unit_id, subject, old, new, reason)
        ],
    )
