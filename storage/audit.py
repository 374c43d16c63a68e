"""The audit: every event with who did it and as what, read for the office's export."""

from dataclasses import dataclass
from datetime import datetime

from reporting.calendar import local_day
from storage.database import Database
from storage.instants import instant


@dataclass(frozen=True, slots=True)
class Entry:
    """One event. actor: the person's number, which outlives the name, None for the office's own commands or jobs.

    role: what the actor was on that day, with the place; '' where it is not known (any more).
    """

    at: datetime
    actor: int | None
    role: str
    place: str
    action: str
    period: str
    unit: str
    subject: str
    old: str | None
    new: str | None


async def entries(db: Database, period_id: int | None) -> list[Entry]:
    """Every event in order, or those of one period."""
    where, params = ("where e.period_id = ?", (period_id,)) if period_id is not None else ("", ())
    rows = await db.read(
        "select e.at, e.actor, e.action, p.code, u.code, e.subject, e.old, e.new from event e"
        f" left join period p on p.id = e.period_id left join unit u on u.id = e.unit_id {where} order by e.id",
        params,
    )
    roles = await _roles(db)
    found = []
    for at, actor, action, period, unit, subject, old, new in rows:
        moment = instant(at)
        role, place = _role_on(roles.get(actor, []), moment, unit or "")
        found.append(Entry(moment, actor, role, place, action, period or "", unit or "", subject, old, new))
    return found


_Held = tuple[str, str, str, str]


async def _roles(db: Database) -> dict[int | None, list[_Held]]:
    """By person: (role, code of unit or cluster, from, to), ISO days, to '' while it lasts."""
    rows = await db.read(
        "select r.person_id, r.role, coalesce(u.code, c.code, ''), r.valid_from_on, coalesce(r.valid_to_on, '')"
        " from role r left join unit u on u.id = r.unit_id left join cluster c on c.id = r.cluster_id order by r.id"
    )
    found: dict[int | None, list[_Held]] = {}
    for person, *held in rows:
        found.setdefault(person, []).append((held[0], held[1], held[2], held[3]))
    return found


def _role_on(held: list[_Held], moment: datetime, unit: str) -> tuple[str, str]:
    """The role the actor acted in: one of that day, the one in the very unit before others."""
    day = local_day(moment).isoformat()
    fitting = [role for role in held if role[2] <= day and (not role[3] or day <= role[3])] or held
    best = next((role for role in fitting if role[1] == unit), fitting[0] if fitting else ("", "", "", ""))
    return best[0], best[1]
