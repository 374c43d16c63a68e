"""Every event with who did it and in which role, read for the office's export."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from reporting.time.calendar import at, local_day
from storage.database import Database
from storage.engine.instants import instant, stamp


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One event. actor: the person's number, which outlives the name, None for the office's own commands or jobs.

    role: what the actor was on that day, with the area; '' where it is not known (any more). reason: why a figure was
    given back, or stands as it is.
    """

    at: datetime
    actor: int | None
    role: str
    area: str
    action: str
    period: str
    unit: str
    subject: str
    old: str | None
    new: str | None
    reason: str | None = None


async def entries(db: Database, period_id: int | None) -> list[AuditEntry]:
    """Every event in order; or a period's: what names it, and what names none (codes, roles, consents) in its days.

    Its days go from its first to the last on which something was done about it, its own last day at least.
    """
    where, params = "", tuple[int, ...]()
    if period_id is not None:
        first, last = await _days(db, period_id)
        where, params = (
            "where e.period_id = ? or (e.period_id is null and e.at between ? and ?)", (period_id, first, last)
        )  # fmt: skip
    rows = await db.read(
        "select e.at, e.actor, e.action, p.code, u.code, e.subject, e.old, e.new, e.reason from event e"
        f" left join period p on p.id = e.period_id left join unit u on u.id = e.unit_id {where} order by e.id",
        params,
    )
    roles = await _roles(db)
    found = []
    for at_ms, actor, action, period, unit, subject, old, new, reason in rows:
        moment = instant(at_ms)
        role, area = _role_on(roles.get(actor, []), moment, unit or "")
        found.append(AuditEntry(moment, actor, role, area, action, period or "", unit or "", subject, old, new, reason))
    return found


async def _days(db: Database, period_id: int) -> tuple[int, int]:
    """A period's first and last instant."""
    rows = await db.read(
        "select start_on, end_on, (select max(at) from event where period_id = p.id) from period p where id = ?",
        (period_id,),
    )
    first, end, last_event = rows[0]
    after = date.fromisoformat(end) + timedelta(days=1)
    return stamp(at(date.fromisoformat(first), 0)), max(stamp(at(after, 0)) - 1, last_event or 0)


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
