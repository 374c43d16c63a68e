"""Names and units above that hold from a day to come as rows: prepared, due on a day, done."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from storage.database import Database, Statement
from storage.engine.instants import stamp

What = Literal["name", "parent"]


@dataclass(frozen=True, slots=True)
class Prepared:
    """One change. value: the name, or the id of the unit above."""

    unit_id: int
    what: What
    value: str
    since_on: date


def prepare(change: Prepared, actor: int | None, now: datetime) -> Statement:
    """The change is made on its day; another one prepared for the same is forgotten."""
    return (
        "insert into prepared_change (unit_id, what, value, since_on, actor, at) values (?, ?, ?, ?, cast(? as bigint), ?)"
        " on conflict (unit_id, what) do update set value = excluded.value, since_on = excluded.since_on,"
        " actor = excluded.actor, at = excluded.at",
        (change.unit_id, change.what, change.value, change.since_on.isoformat(), actor, stamp(now)),
    )


def done(change: Prepared) -> Statement:
    """It was made; fails the unit of work if another worker was quicker."""
    return (
        "delete from prepared_change where unit_id = ? and what = ? and since_on = ?",
        (change.unit_id, change.what, change.since_on.isoformat()),
        1,
    )


async def due(db: Database, today: date) -> list[Prepared]:
    """Those whose day has come, the earliest first."""
    rows = await db.read(
        "select unit_id, what, value, since_on from prepared_change where since_on <= ? order by since_on, unit_id, what",
        (today.isoformat(),),
    )
    return [Prepared(r[0], r[1], r[2], date.fromisoformat(r[3])) for r in rows]
