"""Petitions as rows: what units ask of the levels above, numbered within a period."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from storage.database import Database, Statement
from storage.engine.instants import stamp
from storage.organisation.homes import with_homes
from storage.organisation.names import told_apart


@dataclass(frozen=True, slots=True)
class Petition:
    """One petition of a unit."""

    number: int
    unit_name: str
    text: str
    state: str


def raise_petition(
    petition_id: int, period_id: int, unit_id: int, person_id: int, text: str, now: datetime
) -> list[Statement]:
    """A new petition with the next number of its period: no number is given twice or left out.

    Who wants the next one waits for the row of the counter until the unit before is committed; nobody has to try
    again. The reply of the same unit names the number where `outbox.NUMBER` stands.
    """
    return [
        (
            "insert into petition_counter (period_id, last) values (?, 1)"
            " on conflict (period_id) do update set last = petition_counter.last + 1",
            (period_id,),
            1,
        ),
        (
            "insert into petition (id, period_id, number, unit_id, person_id, text, state, created_at)"
            " values (?, ?, (select last from petition_counter where period_id = ?), ?, ?, ?, 'new', ?)",
            (petition_id, period_id, period_id, unit_id, person_id, text, stamp(now)),
            1,
        ),
    ]


async def of_period(
    db: Database, period_id: int, clusters: Sequence[int] | None, unit_ids: Sequence[int], day: str
) -> list[Petition]:
    """The period's petitions in order: of the units of these clusters and of these units; of all for None."""
    within, params = "", [period_id]
    if clusters is not None:
        listed, single = ", ".join("?" * len(clusters)) or "null", ", ".join("?" * len(unit_ids)) or "null"
        within = (
            f" and (p.unit_id in ({single}) or p.unit_id in (select unit_id from home where cluster_id in ({listed})))"
        )
        params += [*unit_ids, *clusters]
    text, before = with_homes(
        f"select p.number, {told_apart('u')}, p.text, p.state from petition p join unit u on u.id = p.unit_id"
        f" where p.period_id = ?{within} order by p.number",
        day,
    )
    rows = await db.read(text, (*before, *params))
    return [Petition(*row) for row in rows]
