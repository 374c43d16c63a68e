"""What stands out in a unit's filed report as rows: written with every change of it, read for who reviews it."""

from collections.abc import Sequence
from dataclasses import dataclass

from reporting.figures.values import Value
from storage.database import Database, Statement


@dataclass(frozen=True, slots=True)
class OddFigure:
    """A figure that stands out, with the rule that says why; its value's note is what the unit said of it."""

    unit_id: int
    indicator: str
    rule: str
    value: Value


def renew(period_id: int, unit_id: int, found: Sequence[tuple[str, str]]) -> list[Statement]:
    """What stands out now, (indicator, rule) each, instead of what did before."""
    unit: list[Statement] = [("delete from finding where period_id = ? and unit_id = ?", (period_id, unit_id))]
    if found:
        marks = ", ".join(["(?, ?, ?, ?)"] * len(found))
        rows = [part for code, rule in found for part in (period_id, unit_id, code, rule)]
        unit.append((f"insert into finding (period_id, unit_id, indicator, rule) values {marks}", rows))
    return unit


async def of_period(db: Database, period_id: int, unit_id: int | None = None) -> list[OddFigure]:
    """What stands out in the reports of a period, or of one unit's, by indicator."""
    rows = await db.read(
        "select f.unit_id, f.indicator, f.rule, v.amount, v.approx, v.source, v.note from finding f"
        " join value v on v.period_id = f.period_id and v.unit_id = f.unit_id and v.indicator = f.indicator"
        " where f.period_id = ? and f.unit_id = coalesce(cast(? as bigint), f.unit_id)"
        " order by f.unit_id, f.indicator, f.rule",
        (period_id, unit_id),
    )
    return [OddFigure(r[0], r[1], r[2], Value(r[3], bool(r[4]), r[5], r[6])) for r in rows]
