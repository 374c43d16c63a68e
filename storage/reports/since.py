"""A database and an older copy of it in, what only the first has out: what going back to the copy would lose.

The rows are compared, not their times: a clock may have been set back in between.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from storage.database import Database
from storage.engine.instants import instant


@dataclass(frozen=True, slots=True)
class Since:
    """reports: units whose report was sent, by name. answers: figures. people: who agreed. petitions: raised."""

    reports: tuple[str, ...]
    answers: int
    people: int
    petitions: int

    def __bool__(self) -> bool:
        return bool(self.reports or self.answers or self.people or self.petitions)


async def since(db: Database, copy: Database) -> Since:
    """What stands there and not in the copy, or otherwise than there."""
    sent = "select period_id, unit_id, submitted_at from submission where submitted_at is not null"
    reports = await _added(db, copy, sent)
    names = {row[0]: row[1] for row in await db.read("select id, name from unit")}
    people = await _added(db, copy, "select distinct person_id from account where consent = 'given'")
    petitions = await _added(db, copy, "select id from petition")
    # A province has a million figures: only reports whose figures differ are looked into.
    figures = "select period_id, unit_id, count(*), sum(amount), sum(set_at) from value group by period_id, unit_id"
    answers = 0
    for period_id, unit_id, *_ in await _added(db, copy, figures):
        held = "select indicator, amount, set_at from value where period_id = ? and unit_id = ?"
        answers += len(await _added(db, copy, held, period_id, unit_id))
    told = sorted(reports, key=lambda row: row[2])
    return Since(tuple(names[row[1]] for row in told), answers, len(people), len(petitions))


async def _added(db: Database, copy: Database, query: str, *given: int) -> list[tuple[Any, ...]]:
    """Rows that the query gives in the first alone."""
    known = {tuple(map(_plain, row)) for row in await copy.read(query, given)}
    return [row for one in await db.read(query, given) if (row := tuple(map(_plain, one))) not in known]


def _plain(value: Any) -> Any:
    """Sums are decimals on PostgreSQL."""
    return int(value) if isinstance(value, Decimal) else value


async def last_change(db: Database) -> datetime | None:
    """When something last came in or was done there; None for a database nothing has happened in."""
    rows = await db.read(
        "select max(at) from (select max(at) as at from event union all select max(received_at) from inbox"
        " union all select max(created_at) from outbox) latest"
    )
    return None if rows[0][0] is None else instant(rows[0][0])
