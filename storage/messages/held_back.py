"""A database restored from a copy in; its unsent messages marked "unsure", because they may have been sent since, out."""

from datetime import datetime

from storage.database import Statement
from storage.engine.instants import stamp
from storage.messages.outbox import OPEN

RESTORED = "restored from a copy"


def hold_back(now: datetime) -> list[Statement]:
    """Nothing that waits is sent; it is listed to the office, and its reminders follow it."""
    return [
        (
            f"update outbox set state = 'unsure', leased_until_at = null, file = null, error = ? where {OPEN}",
            (RESTORED,),
        ),
        (
            "update reminder set state = 'unsure', settled_at = ? where state = 'sent' and message in"
            " (select dedupe_key from outbox where state = 'unsure' and error = ? and kind = 'reminder')",
            (stamp(now), RESTORED),
        ),
    ]
