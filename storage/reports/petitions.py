"""Petitions as rows: what units ask of the levels above, numbered within a period, and what became of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from storage.database import Database, Row, Statement
from storage.engine.instants import instant, stamp
from storage.organisation.homes import with_homes
from storage.organisation.names import told_apart

PetitionState = Literal["new", "received", "forwarded", "answered", "closed"]
OPEN: tuple[PetitionState, ...] = ("new", "received", "forwarded")
_OPEN = "(" + ", ".join(f"'{state}'" for state in OPEN) + ")"
# From which state each may be reached; an answer may be given anew until the petition is closed.
MOVES: Mapping[PetitionState, tuple[PetitionState, ...]] = {
    "received": ("new", "answered", "closed"),  # from the last two it is reopened
    "forwarded": ("new", "received", "forwarded"),
    "answered": ("new", "received", "forwarded", "answered"),
    "closed": ("new", "received", "forwarded", "answered"),
}


@dataclass(frozen=True, slots=True)
class Petition:
    """One petition of a unit. cluster_id: the cluster in which it counts today; raised_by: None once erased."""

    id: int
    period: str
    number: int
    unit_id: int
    unit_name: str
    parent_id: int | None
    cluster_id: int | None
    raised_by: int | None
    text: str
    state: PetitionState
    created_at: datetime
    field: str = ""
    department: str = ""
    due_on: date | None = None
    answer: str = ""

    @property
    def known_as(self) -> str:
        """Its number as people write it: "KN-26Q1-07", the seventh of 2026-Q1."""
        return petition_number(self.period, f"{self.number:02}")


def petition_number(period: str, number: str) -> str:
    """ "KN-26Q1-07" for "07" of 2026-Q1."""
    return f"KN-{period[2:].replace('-', '')}-{number}"


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


_SELECT = (
    f"select k.id, p.code, k.number, k.unit_id, {told_apart('u')}, u.parent_id, h.cluster_id, k.person_id, k.text,"
    " k.state, k.created_at, k.field, k.department, k.due_on, k.answer from petition k join unit u on u.id = k.unit_id"
    " join period p on p.id = k.period_id left join home h on h.unit_id = k.unit_id"
)


def _petition(row: Row) -> Petition:
    due_on = date.fromisoformat(row[13]) if row[13] else None
    return Petition(
        row[0], row[1], row[2], row[3], row[4], row[5], row[6], row[7], row[8], row[9],
        instant(row[10]), row[11], row[12], due_on, row[14],
    )  # fmt: skip


async def of_period(
    db: Database, period_id: int, clusters: Sequence[int] | None, unit_ids: Sequence[int], day: str
) -> list[Petition]:
    """The period's petitions in order: of the units of these clusters and of these units; of all for None."""
    within, params = _within(clusters, unit_ids)
    text, before = with_homes(f"{_SELECT} where k.period_id = ?{within} order by k.number", day)
    return [_petition(row) for row in await db.read(text, (*before, period_id, *params))]


async def still_open(
    db: Database,
    clusters: Sequence[int] | None,
    unit_ids: Sequence[int],
    day: str,
    raised_before: datetime | None = None,
) -> list[Petition]:
    """Petitions of any period that have no answer yet, the oldest first; only those raised before, if given."""
    within, params = _within(clusters, unit_ids)
    if raised_before is not None:
        within, params = f"{within} and k.created_at < ?", [*params, stamp(raised_before)]
    text, before = with_homes(
        f"{_SELECT} where k.state in {_OPEN}{within} order by k.created_at, p.end_on, k.number", day
    )
    return [_petition(row) for row in await db.read(text, (*before, *params))]


async def numbered(db: Database, number: int, day: str) -> list[Petition]:
    """Every petition of that number, of the latest period first."""
    text, before = with_homes(f"{_SELECT} where k.number = ? order by p.end_on desc, p.id desc", day)
    return [_petition(row) for row in await db.read(text, (*before, number))]


async def by_id(db: Database, petition_id: int, day: str) -> Petition | None:
    """That petition, as it stands now."""
    text, before = with_homes(f"{_SELECT} where k.id = ?", day)
    rows = await db.read(text, (*before, petition_id))
    return _petition(rows[0]) if rows else None


def _within(clusters: Sequence[int] | None, unit_ids: Sequence[int]) -> tuple[str, list[Any]]:
    if clusters is None:
        return "", []
    listed, single = ", ".join("?" * len(clusters)) or "null", ", ".join("?" * len(unit_ids)) or "null"
    return f" and (k.unit_id in ({single}) or h.cluster_id in ({listed}))", [*unit_ids, *clusters]


def move(old: Petition, new: Petition, now: datetime) -> Statement:
    """The petition stands as `new` from now on. Conflict where it was moved meanwhile."""
    return (
        "update petition set state = ?, department = ?, field = ?, due_on = ?, answer = ?, moved_at = ?"
        " where id = ? and state = ?",
        (new.state, new.department, new.field, new.due_on.isoformat() if new.due_on else None, new.answer,
         stamp(now), old.id, old.state),
        1,
    )  # fmt: skip
