"""Corrections of locked reports as rows: asked for by the unit, carried out or not by the office, with what stood there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from reporting.dialogue import life
from reporting.dialogue.life import SubmissionState
from reporting.figures.values import Value
from storage.database import Database, Row, Statement
from storage.engine.instants import stamp
from storage.organisation.names import told_apart
from storage.reports import running, submissions
from storage.reports.events import all_happened


@dataclass(frozen=True, slots=True)
class Corrected:
    """One figure: as it stands (None where the unit gave none), and as the unit says it is."""

    indicator: str
    old: Value | None
    new: Value


@dataclass(frozen=True, slots=True)
class Correction:
    """What a unit asks for at once. reason: its words, masked. approved: None while it is open.

    period: its code; unit: as it is told from others. asked_by: the person, by id.
    """

    id: int
    period_id: int
    period: str
    unit_id: int
    unit: str
    figures: tuple[Corrected, ...]
    reason: str
    asked_by: int | None
    approved: bool | None = None
    unit_code: str = ""


def ask(correction: Correction, now: datetime) -> list[Statement]:
    """Asks for it; what was asked for before of the same figures is over."""
    one, at = correction, stamp(now)
    unit: list[Statement] = []
    for figure in one.figures:
        old = figure.old or Value(0)
        unit += [
            (
                "update correction set approved = 0, settled_at = ? where period_id = ? and unit_id = ? and indicator = ?"
                " and approved is null",
                (at, one.period_id, one.unit_id, figure.indicator),
            ),
            (
                "insert into correction (id, period_id, unit_id, indicator, old_amount, old_approx, amount, approx, source,"
                " reason, asked_at, asked_by) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    one.id, one.period_id, one.unit_id, figure.indicator,
                    None if figure.old is None else old.amount, int(old.approx),
                    figure.new.amount, int(figure.new.approx), figure.new.source, one.reason, at, one.asked_by,
                ),
            ),
        ]  # fmt: skip
    return [*unit, _happened("correction.asked", one, one.asked_by, now)]


def approve(
    correction: Correction, rev: int, state: SubmissionState, person_id: int | None, now: datetime
) -> list[Statement]:
    """Carries it out: the figures are the unit's, as before; fails the unit of work if it was settled or the report changed."""
    one, ids = correction, (correction.period_id, correction.unit_id)
    to = life.made(state, "amend").to
    values = [(figure.indicator, figure.new, figure.old) for figure in one.figures]
    changes = [
        submissions.touch(*ids, rev, to, one.asked_by or 0, now),
        *submissions.put_all(*ids, values, one.asked_by, now),
        _happened("correction.approved", one, person_id, now),
    ]
    return [_settled(one, True, person_id, now), *running.around(*ids, changes)]


def refuse(correction: Correction, person_id: int | None, now: datetime) -> list[Statement]:
    """The old figures stay; fails the unit of work if it was settled."""
    return [_settled(correction, False, person_id, now), _happened("correction.refused", correction, person_id, now)]


def _settled(one: Correction, approved: bool, person_id: int | None, now: datetime) -> Statement:
    return (
        "update correction set approved = ?, settled_at = ?, settled_by = ? where id = ? and approved is null",
        (int(approved), stamp(now), person_id, one.id),
        len(one.figures),
    )


def _happened(action: str, one: Correction, person_id: int | None, now: datetime) -> Statement:
    written = submissions.written
    return all_happened(
        [(action, figure.indicator, written(figure.old), written(figure.new)) for figure in one.figures],
        person_id, now, period_id=one.period_id, unit_id=one.unit_id, reason=one.reason or None,
    )  # fmt: skip


async def of_id(db: Database, correction_id: int) -> Correction | None:
    """What was asked for under that id; of what was asked for anew since, only the rest."""
    found = await _read(db, "c.id = ?", correction_id)
    return found[0] if found else None


async def waiting(db: Database, unit_id: int | None = None) -> list[Correction]:
    """What is open, of every unit or of one, the first asked for first."""
    asked = "p.due_at is null and c.approved is null and c.unit_id = coalesce(cast(? as bigint), c.unit_id)"
    return await _read(db, asked, unit_id)


async def late_answers(db: Database, period_id: int) -> list[Correction]:
    """What came after the hour of that quick count, by unit, the first come first."""
    return await _read(db, "c.approved is null and c.period_id = ?", period_id)


async def _read(db: Database, where: str, param: int | None) -> list[Correction]:
    rows = await db.read(
        f"select c.id, c.period_id, p.code, c.unit_id, {told_apart('u')}, c.reason, c.asked_by, c.approved, c.indicator,"
        " c.old_amount, c.old_approx, c.amount, c.approx, c.source, u.code from correction c join period p on p.id = c.period_id"
        f" join unit u on u.id = c.unit_id where {where} order by c.asked_at, c.id, c.indicator",
        (param,),
    )
    together: dict[int, list[Row]] = {}
    for row in rows:
        together.setdefault(row[0], []).append(row)
    return [_made([row for row in some if row[7] is None] or some) for some in together.values()]


def _made(rows: Sequence[Row]) -> Correction:
    first = rows[0]
    figures = tuple(
        Corrected(r[8], None if r[9] is None else Value(r[9], bool(r[10])), Value(r[11], bool(r[12]), r[13]))
        for r in rows
    )
    approved = None if first[7] is None else bool(first[7])
    return Correction(
        first[0], first[1], first[2], first[3], first[4], figures, first[5], first[6], approved, first[14]
    )
