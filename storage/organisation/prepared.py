"""Names and units above that hold from a day to come as rows: prepared, due on a day, done."""

from datetime import date, datetime

from reporting.organisation.agenda import Prepared
from storage.database import Database, Statement
from storage.engine.instants import stamp


def prepare(change: Prepared, actor: int | None, now: datetime) -> Statement:
    """The change is made on its day; another one prepared for the same is forgotten."""
    return (
        "insert into prepared_change (unit_id, what, value, since_on, actor, at) values (?, ?, ?, ?, cast(? as bigint), ?)"
        " on conflict (unit_id, what) do update set value = excluded.value, since_on = excluded.since_on,"
        " actor = excluded.actor, at = excluded.at",
        (change.unit_id, change.what, change.value, change.since_on.isoformat(), actor, stamp(now)),
    )


def done(change: Prepared) -> Statement:
    """It was made, or is called off; fails the unit of work if another worker was quicker."""
    return (
        "delete from prepared_change where unit_id = ? and what = ? and since_on = ?",
        (change.unit_id, change.what, change.since_on.isoformat()),
        1,
    )


async def due(db: Database, today: date) -> list[Prepared]:
    """Those whose day has come, the earliest first."""
    return [one for one in await every(db) if one.since_on <= today]


async def every(db: Database) -> list[Prepared]:
    """Those that are not made yet, the earliest first."""
    rows = await db.read(
        "select unit_id, what, value, since_on from prepared_change order by since_on, unit_id, what",
    )
    return [Prepared(r[0], r[1], r[2], date.fromisoformat(r[3])) for r in rows]
