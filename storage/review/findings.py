"""What stands out in a unit's filed report as rows: written with every change of it, read for who reviews it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reporting.figures.values import Value
from storage.database import Database, Statement


@dataclass(frozen=True, slots=True)
class OddFigure:
    """A figure that stands out, with the rule that says why; its value's note is what the unit said of it.

    other: the unit that has reported the same; of what was changed after the lock, what stood there; '' for other rules.
    """

    unit_id: int
    indicator: str
    rule: str
    value: Value
    other: str = ""


def renew(
    period_id: int, unit_id: int, found: Sequence[tuple[str, str]], twins: Mapping[str, int] | None = None
) -> list[Statement]:
    """What stands out now, (indicator, rule) each, instead of what did before. twins: figures that another unit has
    reported, too, with its id; what other reports shared with this one is over where the figure has changed.
    """
    unit: list[Statement] = [("delete from finding where period_id = ? and unit_id = ?", (period_id, unit_id))]
    every: list[tuple[str, str, int | None]] = [(code, rule, None) for code, rule in found]
    every += [(code, "twin", other) for code, other in (twins or {}).items()]
    if every:
        marks = ", ".join(["(?, ?, ?, ?, ?)"] * len(every))
        rows = [part for one in every for part in (period_id, unit_id, *one)]
        unit.append((f"insert into finding (period_id, unit_id, indicator, rule, with_id) values {marks}", rows))
    return [*unit, _over(period_id, unit_id)]


def judged(period_id: int, unit_id: int, codes: Sequence[str]) -> list[Statement]:
    """These figures were changed with the office's own yes: nothing of them stands out any more."""
    marks = ", ".join("?" * len(codes))
    gone = f"delete from finding where period_id = ? and unit_id = ? and indicator in ({marks})"
    return [(gone, (period_id, unit_id, *codes)), _over(period_id, unit_id)]


def _over(period_id: int, unit_id: int) -> Statement:
    return (
        "delete from finding where period_id = ? and with_id = ? and rule = 'twin' and not exists ("
        "select 1 from value v join value w on w.period_id = v.period_id and w.indicator = v.indicator"
        " and w.amount = v.amount where v.period_id = finding.period_id and v.unit_id = finding.unit_id"
        " and v.indicator = finding.indicator and w.unit_id = finding.with_id)",
        (period_id, unit_id),
    )


async def of_period(db: Database, period_id: int, unit_id: int | None = None) -> list[OddFigure]:
    """What stands out in the reports of a period, or of one unit's, by indicator."""
    rows = await db.read(
        "select f.unit_id, f.indicator, f.rule, v.amount, v.approx, v.source, v.note, coalesce(o.name, '') from finding f"
        " join value v on v.period_id = f.period_id and v.unit_id = f.unit_id and v.indicator = f.indicator"
        " left join unit o on o.id = f.with_id"
        " where f.period_id = ? and f.unit_id = coalesce(cast(? as bigint), f.unit_id)"
        " order by f.unit_id, f.indicator, f.rule",
        (period_id, unit_id),
    )
    return [OddFigure(r[0], r[1], r[2], Value(r[3], bool(r[4]), r[5], r[6]), r[7]) for r in rows]
