"""What people asked the office about the data held of them, in rows with days: written, acknowledged, done, listed."""

from dataclasses import dataclass
from datetime import date
from typing import Final, Literal, get_args

from storage.database import Database, Statement
from storage.engine.instants import maybe_day

RequestKind = Literal["see", "correct", "erase", "stop", "object"]
KINDS: Final[tuple[str, ...]] = get_args(RequestKind)


@dataclass(frozen=True, slots=True)
class DataRequest:
    """One request. id: what the office calls it by. person_id: None where it is of nobody the bot knows."""

    id: int
    person_id: int | None
    kind: RequestKind
    asked_on: date
    acknowledged_on: date | None
    done_on: date | None


async def free_number(db: Database) -> int:
    """The number of the next request: four digits, which nobody takes for a figure of a report."""
    number: int = (await db.read("select coalesce(max(id), 1000) + 1 from data_request"))[0][0]
    return number


def add(number: int, kind: str, asked_on: date, person_id: int | None = None) -> Statement:
    """Writes it down; fails the unit if another one has just got that number."""
    return (
        "insert into data_request (id, person_id, kind, asked_on) values (?, ?, ?, ?) on conflict (id) do nothing",
        (number, person_id, kind, asked_on.isoformat()),
        1,
    )


def acknowledge(number: int, on: date) -> Statement:
    """The person was told that it came and what follows; fails the unit if there is none that waits for it."""
    sql = "update data_request set acknowledged_on = ? where id = ? and acknowledged_on is null and done_on is null"
    return (sql, (on.isoformat(), number), 1)


def done(number: int, on: date) -> Statement:
    """It is fulfilled; fails the unit if there is none that waits."""
    return (
        "update data_request set done_on = ?, acknowledged_on = coalesce(acknowledged_on, ?)"
        " where id = ? and done_on is null",
        (on.isoformat(), on.isoformat(), number),
        1,
    )


async def waiting(db: Database) -> list[DataRequest]:
    """Those not yet fulfilled, the oldest first."""
    return await _found(db, "done_on is null")


async def of_person(db: Database, person_id: int) -> list[DataRequest]:
    """Those of a person, fulfilled or not, the oldest first."""
    return await _found(db, "person_id = ?", person_id)


async def _found(db: Database, where: str, *values: int) -> list[DataRequest]:
    rows = await db.read(
        f"select id, person_id, kind, asked_on, acknowledged_on, done_on from data_request where {where}"
        " order by asked_on, id",
        values,
    )
    return [
        DataRequest(row[0], row[1], row[2], date.fromisoformat(row[3]), maybe_day(row[4]), maybe_day(row[5]))
        for row in rows
    ]


async def handled(db: Database) -> dict[str, int]:
    """How many of each kind were fulfilled, and what the bot did itself at people's word."""
    rows = await db.read(
        "select kind, count(*) from data_request where done_on is not null group by kind order by kind"
    )
    own = await db.read(
        "select action, count(*) from event where action in ('consent.withdrawn', 'person.erased') group by action order by action"
    )
    return {row[0]: row[1] for row in (*rows, *own)}
