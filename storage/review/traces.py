"""What units said beside their figures as rows: kept with a figure, read for a report."""

from collections.abc import Collection, Mapping

from storage.database import Database, Statement


def keep(period_id: int, unit_id: int, beside: Mapping[str, Collection[str]]) -> list[Statement]:
    """What stands beside these figures now, by indicator, instead of what did before."""
    unit: list[Statement] = []
    for code, said in beside.items():
        unit.append(
            ("delete from trace where period_id = ? and unit_id = ? and indicator = ?", (period_id, unit_id, code))
        )
        unit += [
            (
                "insert into trace (period_id, unit_id, indicator, said) values (?, ?, ?, ?)",
                (period_id, unit_id, code, one),
            )
            for one in sorted(said)
        ]
    return unit


async def of_report(db: Database, period_id: int, unit_id: int) -> dict[str, set[str]]:
    """What stands beside a report's figures, by indicator."""
    found: dict[str, set[str]] = {}
    rows = await db.read("select indicator, said from trace where period_id = ? and unit_id = ?", (period_id, unit_id))
    for code, said in rows:
        found.setdefault(code, set()).add(said)
    return found
