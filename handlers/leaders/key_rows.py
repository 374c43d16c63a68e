"""Compared rows in, the few a leader looks at first out: those with a target, then the first of each section."""

from reporting.figures.comparison import ComparedRow, Comparison


def key_rows(comparison: Comparison, most: int) -> list[ComparedRow]:
    """At most so many rows, in the order of the form: with targets first, then one of every section, then more."""
    rows = [row for row in comparison.rows if row.target is not None or (row.value is not None and row.value.amount)]
    seen: dict[str, int] = {}
    ranked = []
    for position, row in enumerate(rows):
        turn = 0 if row.target is not None else seen.setdefault(row.indicator.section, 0) + 1
        if row.target is None:
            seen[row.indicator.section] += 1
        ranked.append((turn, not row.indicator.targetable, position))
    chosen = {position for _, _, position in sorted(ranked)[:most]}
    return [row for position, row in enumerate(rows) if position in chosen]
