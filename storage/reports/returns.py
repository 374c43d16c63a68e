"""Figures given back to their units as rows: with the reason and the day, until the unit has answered."""

from dataclasses import dataclass
from datetime import date, datetime

from reporting.figures.values import Value
from storage.database import Database, Statement
from storage.engine.instants import instant, stamp


@dataclass(frozen=True, slots=True)
class Returned:
    """A figure given back, under an id that is drawn by the caller: as it stood, by whom and why, until when it is waited for, and what the unit said to it.

    answered_at: None while it is open. answer: why the figure stands as it is, '' where another one was given.
    """

    id: int
    period_id: int
    unit_id: int
    indicator: str
    value: Value
    reason: str
    due_on: date
    returned_by: int | None
    returned_at: datetime
    answered_at: datetime | None
    answer: str


def give_back(returned: Returned) -> Statement:
    """A figure is given back. Of one that waits already `say_anew` changes the reason."""
    return (
        "insert into returned (id, period_id, unit_id, indicator, returned_at, returned_by, amount, approx, reason, due_on)"
        " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            returned.id, returned.period_id, returned.unit_id, returned.indicator, stamp(returned.returned_at),
            returned.returned_by, returned.value.amount, int(returned.value.approx), returned.reason,
            returned.due_on.isoformat(),
        ),
    )  # fmt: skip


def say_anew(returned: Returned) -> Statement:
    """Another reason for a figure that waits; fails the unit of work if it has been answered since."""
    return (
        "update returned set reason = ?, due_on = ?, returned_by = ? where period_id = ? and unit_id = ? and indicator = ?"
        " and answered_at is null",
        (
            returned.reason, returned.due_on.isoformat(), returned.returned_by, returned.period_id, returned.unit_id,
            returned.indicator,
        ),
        1,
    )  # fmt: skip


def answered(period_id: int, unit_id: int, indicator: str, answer: str, now: datetime) -> Statement:
    """The unit has answered; fails the unit of work if somebody else of it has."""
    return (
        "update returned set answered_at = ?, answer = ? where period_id = ? and unit_id = ? and indicator = ?"
        " and answered_at is null",
        (stamp(now), answer, period_id, unit_id, indicator),
        1,
    )


def settled(period_id: int, unit_id: int, now: datetime) -> Statement:
    """What is still open of a report that is accepted or sent otherwise is not asked for any more."""
    return (
        "update returned set answered_at = ? where period_id = ? and unit_id = ? and answered_at is null",
        (stamp(now), period_id, unit_id),
    )


async def of_report(db: Database, period_id: int, unit_id: int, *, open_only: bool = False) -> list[Returned]:
    """What was given back of a report, the first one first."""
    return await _read(
        db, f"period_id = ? and unit_id = ?{' and answered_at is null' if open_only else ''}", period_id, unit_id
    )


async def of_period(db: Database, period_id: int) -> list[Returned]:
    """What was given back of all reports of a period, the first one first."""
    return await _read(db, "period_id = ?", period_id)


async def unanswered(db: Database) -> dict[tuple[int, int], list[str]]:
    """The indicators of every figure that waits for an answer, by period and unit."""
    found: dict[tuple[int, int], list[str]] = {}
    for one in await _read(db, "answered_at is null"):
        found.setdefault((one.period_id, one.unit_id), []).append(one.indicator)
    return found


async def _read(db: Database, where: str, *params: int) -> list[Returned]:
    rows = await db.read(
        "select id, period_id, unit_id, indicator, amount, approx, reason, due_on, returned_by, returned_at, answered_at,"
        f" answer from returned where {where} order by returned_at, indicator",
        params,
    )
    return [
        Returned(
            r[0], r[1], r[2], r[3], Value(r[4], bool(r[5])), r[6], date.fromisoformat(r[7]), r[8], instant(r[9]),
            None if r[10] is None else instant(r[10]), r[11],
        )
        for r in rows
    ]  # fmt: skip
