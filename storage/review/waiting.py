"""Reports that wait for a review in rows out; what a reviewer decides about them as statements."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from reporting.dialogue import life
from reporting.dialogue.life import SubmissionAct, SubmissionState
from storage.database import Database, Statement
from storage.engine.instants import stamp
from storage.organisation.names import told_apart
from storage.reports.submissions import in_sql

_TODAY = "{0}.valid_from_on <= ? and ({0}.valid_to_on is null or {0}.valid_to_on >= ?)"
_PASS = "pass"  # the first of two reviews
_TOGETHER = 200  # reports in one statement
_WAITING = in_sql([state for row in life.rows_of("accept") for state in row.sources])


class Waiting(NamedTuple):  # thousands are made for one look at a queue
    """A report that waits, or one looked up by itself.

    cluster_id: of the unit, else of the unit above it. own: the reviewer has entered figures of it, or sent it.
    step: how many reviews it has passed. submitted_at, reviewed_at: stamps. entered_above: see
    submissions.entered_above. name: `known_as` tells it from others.
    """

    unit_id: int
    code: str
    name: str
    level: str
    parent_id: int | None
    cluster_id: int | None
    state: SubmissionState
    rev: int
    step: int
    own: int
    submitted_at: int | None = None
    reviewed_by: str | None = None
    reviewed_at: int | None = None
    entered_above: int = 0


async def reports(db: Database, period_id: int, person_id: int, day: date, unit_id: int | None = None) -> list[Waiting]:
    """The reports of a period that wait for a review, by code; or that of one unit, whatever its state."""
    today = day.isoformat()
    rows = await db.read(
        "select s.unit_id, u.code, u.name, u.level, u.parent_id, coalesce(m.cluster_id, n.cluster_id), s.state, s.rev,"
        " s.step, case when s.submitted_by = ? or v.unit_id is not null then 1 else 0 end, s.submitted_at, p.name,"
        " s.reviewed_at, s.entered_above from submission s join unit u on u.id = s.unit_id"
        f" left join cluster_member m on m.unit_id = u.id and {_TODAY.format('m')}"
        f" left join cluster_member n on n.unit_id = u.parent_id and {_TODAY.format('n')}"
        " left join (select distinct unit_id from value where period_id = ? and set_by = ?) v on v.unit_id = s.unit_id"
        " left join person p on p.id = s.reviewed_by"
        f" where s.period_id = ? and {f's.state in {_WAITING}' if unit_id is None else 's.unit_id = ?'} order by u.code",
        (person_id, today, today, today, today, period_id, person_id, period_id,
         *(() if unit_id is None else (unit_id,))),
    )  # fmt: skip
    return [Waiting._make(row) for row in rows]


async def known_as(db: Database, unit_ids: Sequence[int]) -> dict[int, str]:
    """The names by which these units are told from others of the same name."""
    marks = ", ".join("?" * len(unit_ids))
    rows = await db.read(f"select u.id, {told_apart('u')} from unit u where u.id in ({marks})", unit_ids)
    return {row[0]: row[1] for row in rows}


async def counted(db: Database) -> dict[int, int]:
    """By period, how many reports wait for a review at all."""
    rows = await db.read(f"select period_id, count(*) from submission s where s.state in {_WAITING} group by period_id")
    return {row[0]: row[1] for row in rows}


def judged(
    period_id: int, found: Sequence[Waiting], act: SubmissionAct, person_id: int | None, now: datetime, step: int = 0
) -> list[Statement]:
    """Carries out a reviewer's act on these reports; fails the unit of work if one was changed since it was read.

    To accept changes no sum; a return does, and goes between `running.around`.
    """
    unit: list[Statement] = []
    for state in dict.fromkeys(report.state for report in found):
        row = life.made(state, act)
        some = [report for report in found if report.state == state]
        for begin in range(0, len(some), _TOGETHER):
            part = some[begin : begin + _TOGETHER]
            which = " or ".join(["(unit_id = ? and rev = ?)"] * len(part))
            final = ", confirmed_at = null" if "final" in row.cancels else ""
            unit.append(
                (
                    f"update submission set state = ?, step = ?, reviewed_by = ?, reviewed_at = ?, rev = rev + 1{final}"
                    f" where period_id = ? and state = ? and ({which})",
                    (
                        row.to, step, person_id, stamp(now), period_id, state,
                        *(part_ for report in part for part_ in (report.unit_id, report.rev)),
                    ),
                    len(part),
                )
            )  # fmt: skip
            unit.append(_happened(period_id, part, act, person_id, now))
            if "reminders" in row.cancels:
                unit.append(_without_reminders(period_id, part, now))
    return unit


def _happened(
    period_id: int, found: Sequence[Waiting], act: SubmissionAct, person_id: int | None, now: datetime
) -> Statement:
    return (
        "insert into event (at, actor, action, period_id, unit_id, subject, old, new) values "
        + ", ".join(["(?, ?, ?, ?, ?, 'submission', ?, ?)"] * len(found)),
        [
            part
            for report in found
            for part in (
                stamp(now), person_id, f"submission.{'passed' if act == _PASS else life.made(report.state, act).to}", period_id, report.unit_id,
                report.state, life.made(report.state, act).to,
            )
        ],
    )  # fmt: skip


def _without_reminders(period_id: int, found: Sequence[Waiting], now: datetime) -> Statement:
    units = ", ".join("?" * len(found))
    return (
        "update reminder set state = 'cancelled', settled_at = ?"
        f" where period_id = ? and state = 'planned' and unit_id in ({units})",
        (stamp(now), period_id, *(report.unit_id for report in found)),
    )
