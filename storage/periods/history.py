"""Figures of earlier periods that the office brings along as rows, and which of them stand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from reporting.dialogue import life
from reporting.figures.values import Value
from storage.database import Database, Statement
from storage.engine.instants import stamp
from storage.reports import running, submissions
from storage.reports.events import happened


@dataclass(frozen=True, slots=True)
class OldReport:
    """What stands of a unit in an earlier period. imported: the office brought it, nobody reported it to the bot."""

    imported: bool
    values: Mapping[str, Value] = field(default_factory=dict)


def bring(
    period_id: int, unit_id: int, old: OldReport | None, values: Sequence[tuple[str, Value]], now: datetime
) -> list[Statement]:
    """Takes the figures up, accepted as they are. old: what the office brought before, which they replace one by one."""
    rows: list[Statement] = []
    if old is None:
        rows += [
            (
                "insert into submission (period_id, unit_id, state, rev, started_at, imported)"
                " values (?, ?, ?, 1, ?, 1)",
                (period_id, unit_id, life.BROUGHT, stamp(now)),
                1,
            ),
            happened("submission.accepted", "submission", None, now, period_id=period_id, unit_id=unit_id),
        ]
    stood = old.values if old is not None else {}
    put = [(code, value, stood.get(code)) for code, value in values]
    return running.around(period_id, unit_id, rows + submissions.put_all(period_id, unit_id, put, None, now))


async def of_closed(db: Database) -> dict[tuple[int, int], OldReport]:
    """By period and unit: every report of a period that is closed or was never opened."""
    rows = await db.read(
        "select s.period_id, s.unit_id, s.imported, v.indicator, v.amount, v.approx, v.source from submission s"
        " join period p on p.id = s.period_id join unit u on u.id = s.unit_id"
        " left join value v on v.period_id = s.period_id and v.unit_id = s.unit_id and s.imported = 1"
        " where p.state in ('planned', 'closed') order by p.start_on, p.end_on, u.code, v.indicator"
    )
    found: dict[tuple[int, int], OldReport] = {}
    for period_id, unit_id, imported, code, amount, approx, source in rows:
        values: dict[str, Value] = {}
        report = found.setdefault((period_id, unit_id), OldReport(bool(imported), values))
        if code is not None:
            assert isinstance(report.values, dict)
            report.values[code] = Value(amount, bool(approx), source)
    return found
