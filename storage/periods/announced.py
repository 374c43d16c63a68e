"""A time in; what will be told besides periods and meetings out: branches that follow, what stays unsure, what waits."""

from datetime import datetime, timedelta

from reporting.organisation.units import UnitMoved
from reporting.plan.facts import Announced
from reporting.time.calendar import at, local_day
from reporting.time.rules import Rules
from storage.database import Database
from storage.engine.instants import instant, stamp
from storage.messages import outbox, undelivered
from storage.organisation import snapshot


async def announced(db: Database, now: datetime, rules: Rules, office: tuple[int, ...]) -> list[Announced]:
    """Each with its hour. office: the persons who get the list of what stays unsure."""
    return [
        *await _unsure(db, now, rules, office),
        *await _following(db, now, rules),
        *await _waiting(db, now),
    ]


async def _unsure(db: Database, now: datetime, rules: Rules, office: tuple[int, ...]) -> list[Announced]:
    """The day's list, or tomorrow's where today's has gone (scheduler/sending/undelivered.py)."""
    if not await undelivered.untold(db):
        return []
    today = local_day(now)
    told = await outbox.known(db, [f"unsure:{today}:{person}" for person in office])
    over = bool(told) or now >= rules.closing(today)
    moment = rules.morning(today + timedelta(days=1)) if over else max(now, rules.morning(today))
    return [Announced("unsure", moment, person) for person in office]


async def _following(db: Database, now: datetime, rules: Rules) -> list[Announced]:
    """Who reports for a unit that goes under the heir of the unit above it hears so on the day."""
    today = local_day(now)
    organisation = await snapshot.load(db)
    ends = {unit.last_on for unit in organisation.units.values() if unit.last_on and unit.last_on >= today}
    found = []
    for day in sorted(end + timedelta(days=1) for end in ends):
        organisation.changes.clear()
        organisation.follow(day)
        moved = [change.unit.id for change in organisation.changes if isinstance(change, UnitMoved)]
        found += [Announced("follow", rules.awake_at(at(day, 0)), unit_id=unit_id) for unit_id in moved]
    return found


async def _waiting(db: Database, now: datetime) -> list[Announced]:
    """What was said to somebody else in quiet hours and leaves when they are over."""
    rows = await db.read(
        "select o.not_before_at, a.person_id from outbox o join account a on a.channel = o.channel and a.chat_id = o.chat_id"
        f" where {outbox.OPEN} and o.state = 'ready' and o.kind = 'notice' and o.not_before_at > ? order by o.id",
        (stamp(now),),
    )
    return [Announced("waiting", instant(row[0]), row[1]) for row in rows]
