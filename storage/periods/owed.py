"""Periods and units in, how each unit stands out: filed or not, its briefing, its own deadline."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from reporting.time.calendar import local_day
from storage.database import Database
from storage.engine.instants import instant
from storage.organisation.owing import owes_on, state_on
from storage.reports.estimates import ESTIMATES
from storage.reports.submissions import CLOSED, FILED


@dataclass(frozen=True, slots=True)
class Owed:
    """One unit towards one period. briefing_on: of the unit's cluster; extended_to: its own deadline. announced_on: the day
    by which it was told that it owes it, where that was changed.

    owes: whether the office asks it for a report that a unit before it has not sent. estimates: its figures are estimates first. closed: it cannot correct its report unless the office opens it again.
    reopened: the office has opened it again, since the period was locked and since the report was sent last.
    """

    filed: bool
    confirmed: bool
    briefing_on: date | None
    extended_to: date | None
    closed: bool = False
    owes: bool = True
    estimates: bool = False
    announced_on: date | None = None
    reopened: bool = False


# Events are numbered as they happened. Only the office's own decision writes "extension.granted"; figures that are given
# back bring a day of their own without it.
_OF_UNIT = "(select coalesce(max(v.id), 0) from event v where v.period_id = p.id and v.unit_id = u.id and v.action ="
_OF_PERIOD = "(select coalesce(max(v.id), 0) from event v where v.period_id = p.id and v.unit_id is null and v.action ="
_REOPENED = (
    f"p.state = 'locked' and e.deadline_on is not null and {_OF_UNIT} 'extension.granted') > {_OF_UNIT} 'submission.sent')"
    f" and {_OF_UNIT} 'extension.granted') > {_OF_PERIOD} 'period.locked')"
)


async def owed(
    db: Database, period_ids: Sequence[int], unit_ids: Sequence[int], today: date
) -> dict[tuple[int, int], Owed]:
    """By period and unit id, in one query."""
    if not period_ids or not unit_ids:
        return {}
    day = today.isoformat()
    rows = await db.read(
        f"select p.id, u.id, case when s.state in {FILED} then 1 else 0 end, s.confirmed_at, b.starts_at, e.deadline_on,"
        f" case when s.state in {CLOSED} then 1 else 0 end,"
        f" case when {owes_on(day)} and (s.state in {FILED} or coalesce({state_on(day)}, '') not in"
        f" {FILED}) then 1 else 0 end, case when {ESTIMATES} then 1 else 0 end, a.due_on,"
        f" case when {_REOPENED} then 1 else 0 end"
        " from period p join unit u on u.id in"
        f" ({', '.join('?' * len(unit_ids))}) left join submission s on s.period_id = p.id and s.unit_id = u.id"
        " left join extension e on e.period_id = p.id and e.unit_id = u.id"
        " left join cluster_member m on m.unit_id = u.id and m.valid_from_on <= ?"
        "   and (m.valid_to_on is null or m.valid_to_on >= ?)"
        " left join briefing b on b.period_id = p.id and b.cluster_id = m.cluster_id"
        " left join announced_due a on a.period_id = p.id and a.cluster_id = m.cluster_id"
        f" where p.id in ({', '.join('?' * len(period_ids))})",
        (*unit_ids, day, day, *period_ids),
    )
    return {
        (r[0], r[1]): Owed(
            bool(r[2]),
            r[3] is not None,
            None if r[4] is None else local_day(instant(r[4])),
            None if r[5] is None else date.fromisoformat(r[5]),
            bool(r[6]),
            bool(r[7]),
            bool(r[8]),
            None if r[9] is None else date.fromisoformat(r[9]),
            bool(r[10]),
        )
        for r in rows
    }


async def owing_within(
    db: Database, period_ids: Sequence[int], clusters: Collection[int] | None, unit_ids: Collection[int], today: date
) -> dict[int, int]:
    """By period id, how many units owe it: of these clusters, None for all; where there are none, of these units with
    those under them.
    """
    day, which, params = today.isoformat(), "", tuple[int, ...]()
    if clusters is not None:
        params = tuple(clusters or unit_ids)
        marks = ", ".join("?" * len(params))
        if not params:
            return {}
        if clusters:
            which = f" and m.cluster_id in ({marks})"
        else:
            which = f" and m.unit_id in (select u.id from unit u where u.id in ({marks}) or u.parent_id in ({marks}))"
            params *= 2
    rows = await db.read(
        "select p.id, count(*) from period p, cluster_member m"
        f" where p.id in ({', '.join('?' * len(period_ids))}) and m.valid_from_on <= ?"
        f" and (m.valid_to_on is null or m.valid_to_on >= ?) and {owes_on(day)}{which} group by p.id",
        (*period_ids, day, day, *params),
    )
    return {row[0]: row[1] for row in rows}
