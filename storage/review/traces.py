"""What units said beside their figures as rows: kept with a figure, read for a report."""

from collections.abc import Collection, Mapping

from storage.database import Database, Statement


def keep(period_id: int, unit_id: int, beside: Mapping[str, Collection[str]]) -> list[Statement]:
    """What stands beside these figures now, by indicator, instead of what did before."""
    if not beside:
        return []
    codes = list(beside)
    marks = ", ".join("?" * len(codes))
    unit: list[Statement] = [
        (
            f"delete from trace where period_id = ? and unit_id = ? and indicator in ({marks})",
            (period_id, unit_id, *codes),
        )
    ]
    if new := [(period_id, unit_id, code, one) for code, said in beside.items() for one in sorted(said)]:
        rows = ", ".join(["(?, ?, ?, ?)"] * len(new))
        unit.append(
            (
                f"insert into trace (period_id, unit_id, indicator, said) values {rows}",
                tuple(part for row in new for part in row),
            )
        )
    return unit


async def of_report(db: Database, period_id: int, unit_id: int) -> dict[str, set[str]]:
    """What stands beside a report's figures, by indicator."""
    found: dict[str, set[str]] = {}
    rows = await db.read("select indicator, said from trace where period_id = ? and unit_id = ?", (period_id, unit_id))
    for code, said in rows:
        found.setdefault(code, set()).add(said)
    return found
