"""When a message of unknown outcome is tried again: its kind, age and tries in, an instant or None out."""

from datetime import datetime, timedelta

from reporting.time.calendar import local_day
from reporting.time.rules import Rules
from storage.messages.outbox import Kind

# Kinds that may be sent again when nobody knows whether they arrived: a second reminder does no harm, a second
# post in a group does. What is not here ends as "unsure" and is shown to the office.
REPEATABLE: tuple[Kind, ...] = ("reply", "reminder", "digest", "notice")

FIRST_PAUSE = timedelta(seconds=3)
LONGEST_PAUSE = timedelta(hours=1)
ANSWERED_FOR = timedelta(days=1)  # an answer to what was said the day before yesterday helps nobody
AWAITED = timedelta(hours=1)  # so long after the question its answer still may come at night


def next_try(kind: Kind, written_at: datetime, tries: int, now: datetime, rules: Rules) -> datetime | None:
    """The next try after that many without an outcome; None where none makes sense any more.

    Pauses grow threefold from three seconds to an hour. What tells of its day is not said after it; nobody is
    woken.
    """
    at = now + min(FIRST_PAUSE * 3 ** min(tries, 10), LONGEST_PAUSE)
    match kind:
        case "reminder" | "digest":
            last = rules.closing(local_day(written_at))
            return min(at, last) if now < last else None
        case "reply" | "notice":
            if kind == "notice" or at - written_at > AWAITED:
                at = rules.awake_at(at)
            return at if at - written_at <= ANSWERED_FOR else None
        case "group_post":
            return None
