"""A database and an instant in, what was reported after it out: what going back to that instant would lose."""

from dataclasses import dataclass
from datetime import datetime

from storage.database import Database
from storage.engine.instants import instant, stamp


@dataclass(frozen=True, slots=True)
class Since:
    """reports: units whose report was sent, by name. answers: figures. people: who agreed. petitions: raised."""

    reports: tuple[str, ...]
    answers: int
    people: int
    petitions: int

    def __bool__(self) -> bool:
        return bool(self.reports or self.answers or self.people or self.petitions)


async def since(db: Database, moment: datetime) -> Since:
    """What stands there from after that instant."""
    at = (stamp(moment),)
    reports = await db.read(
        "select u.name from submission s join unit u on u.id = s.unit_id where s.submitted_at > ? order by s.submitted_at",
        at,
    )
    answers = await db.read("select count(*) from value where set_at > ?", at)
    people = await db.read(
        "select count(distinct person_id) from account where consent = 'given' and consent_at > ?", at
    )
    petitions = await db.read("select count(*) from petition where created_at > ?", at)
    return Since(tuple(row[0] for row in reports), answers[0][0], people[0][0], petitions[0][0])


async def last_change(db: Database) -> datetime | None:
    """When something last came in or was done there; None for a database nothing has happened in."""
    rows = await db.read(
        "select max(at) from (select max(at) as at from event union all select max(received_at) from inbox"
        " union all select max(created_at) from outbox) latest"
    )
    return None if rows[0][0] is None else instant(rows[0][0])
