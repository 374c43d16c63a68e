"""How much was sent on which day: a range of days in, counts by day and kind out."""

from collections import defaultdict
from datetime import date, timedelta

from reporting.time.calendar import at
from storage.database import Database
from storage.engine.instants import stamp


async def sent_by_day(db: Database, first: date, last: date) -> dict[date, dict[str, int]]:
    """How many messages that nobody had asked for were sent on each of these local days, by kind: reminder, group_post,
    digest, notice, and question, whether estimated figures are final. What lies behind the first message of a pack is no
    message of its own."""
    begin, end = at(first, 0), at(last + timedelta(days=1), 0)
    rows = await db.read(
        "select kind, case when dedupe_key like 'confirm:%' then 1 else 0 end, (sent_at - cast(? as bigint)) / 86400000,"
        " count(*) from outbox where state = 'sent' and kind <> 'reply' and sent_at >= ? and sent_at < ?"
        " and dedupe_key not like 'papers:%'"
        " group by 1, 2, 3",
        (stamp(begin), stamp(begin), stamp(end)),
    )
    found: dict[date, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for kind, asked, days, count in rows:
        found[first + timedelta(days=days)]["question" if asked else kind] += count
    return {day: dict(kinds) for day, kinds in sorted(found.items())}
