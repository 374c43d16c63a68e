"""The office's own days as rows (off, worked, quiet), and the calendar made from them."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from reporting.time.calendar import VietnamCalendar
from storage.database import Database, Statement

Kind = Literal["off", "work", "quiet"]


@dataclass(frozen=True, slots=True)
class Holiday:
    """One row of the office."""

    day_on: date
    kind: Kind
    name: str


def keep(day: date, kind: Kind, name: str) -> Statement:
    """Marks a day, instead of what it was marked as before."""
    return (
        "insert into holiday (day_on, kind, name) values (?, ?, ?)"
        " on conflict (day_on) do update set kind = excluded.kind, name = excluded.name",
        (day.isoformat(), kind, name),
    )


def remove(day: date) -> Statement:
    """The day is again what the law makes of it."""
    return ("delete from holiday where day_on = ?", (day.isoformat(),))


async def marked(db: Database) -> list[Holiday]:
    """The office's days, in order."""
    rows = await db.read("select day_on, kind, name from holiday order by day_on")
    return [Holiday(date.fromisoformat(r[0]), r[1], r[2]) for r in rows]


async def calendar(db: Database) -> VietnamCalendar:
    """Việt Nam's calendar with the office's days in it."""
    rows = await marked(db)
    return VietnamCalendar(
        holidays={row.day_on: row.name for row in rows if row.kind == "off"},
        working=frozenset(row.day_on for row in rows if row.kind == "work"),
        quiet=frozenset(row.day_on for row in rows if row.kind == "quiet"),
    )
