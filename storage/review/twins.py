"""A unit's figures in, those that the commune or a branch of it has reported just so out: perhaps one event twice."""

from collections.abc import Mapping
from dataclasses import dataclass

from reporting.dialogue import life
from storage.database import Database, Statement
from storage.organisation.names import told_apart
from storage.reports.submissions import in_sql


@dataclass(frozen=True, slots=True)
class Twin:
    """A figure, and the unit that has sent the same one before."""

    indicator: str
    unit: str


async def twins(db: Database, period_id: int, unit_id: int, amounts: Mapping[str, int]) -> list[Twin]:
    """Of these amounts by indicator, those that the unit above or one below it has sent in the period. Branches beside each
    other easily have the same number.

    A figure that was said to be another event is not told again (`said_apart`).
    """
    if not amounts:
        return []
    same = " or ".join(["(v.indicator = ? and v.amount = ?)"] * len(amounts))
    rows = await db.read(
        f"select v.indicator, {told_apart('u')} from unit own join unit u on u.id <> own.id and"
        " (u.id = own.parent_id or u.parent_id = own.id)"
        " join submission s on s.unit_id = u.id and s.period_id = ?"
        " join value v on v.period_id = s.period_id and v.unit_id = s.unit_id"
        f" where own.id = ? and s.state in {in_sql(life.FILED)} and ({same})"
        " and not exists (select 1 from event e where e.unit_id = own.id and e.period_id = s.period_id"
        "   and e.action = 'value.apart' and e.subject = v.indicator) order by v.indicator, s.submitted_at, u.code",
        (period_id, unit_id, *(part for pair in amounts.items() for part in pair)),
    )
    return list({row[0]: Twin(row[0], row[1]) for row in reversed(rows)}.values())


def said_apart(period_id: int, unit_id: int, indicator: str) -> Statement:
    """The figure is no longer marked as perhaps another unit's."""
    return (
        "delete from finding where period_id = ? and unit_id = ? and indicator = ? and rule = 'twin'",
        (period_id, unit_id, indicator),
    )
