"""A database in, counts and sums over all its tables out, the same on both engines: what a copy is proved by."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from storage.engine.shape import Shape

# What a copy says about itself; it stands in the copy alone.
MADE_AT: Final = "copy.made_at"
# The steps make it themselves, wherever rows are copied to.
OF_THE_STEPS: Final = "schema_version"
# Sums stay within 64 bits, however many rows there are.
_MODULUS: Final = 1_000_003


@dataclass(frozen=True, slots=True)
class Tally:
    """rows: of each table. sums: of each table's columns in order, of numbers their sum, of texts their length.

    last_event: the number of the last line of the audit, 0 where there is none.
    """

    rows: Mapping[str, int]
    sums: Mapping[str, tuple[int, ...]]
    last_event: int

    def differs(self, other: "Tally") -> str:
        """The first thing in which the other one differs, in words; empty if it is the same."""
        for table in sorted({*self.rows, *other.rows}):
            mine, theirs = self.rows.get(table), other.rows.get(table)
            if mine != theirs:
                return f"table {table} has {theirs} rows and should have {mine}"
            if self.sums[table] != other.sums[table]:
                return f"table {table} has as many rows, but other contents"
        return "" if self.last_event == other.last_event else "the audit ends elsewhere"

    @property
    def total(self) -> int:
        """All rows."""
        return sum(self.rows.values())


def columns_of(shape: Shape) -> dict[str, list[tuple[str, str]]]:
    """The (name, type) of each table's columns by name, of all tables whose rows are copied."""
    return {
        table: sorted((fact[1], fact[2]) for fact in facts if fact[0] == "column")
        for table, facts in sorted(shape.items())
        if table != OF_THE_STEPS
    }


def tally_queries(columns: Mapping[str, list[tuple[str, str]]]) -> dict[str, str]:
    """For each table the query whose one row is (rows, the sum of each column…)."""
    return {table: _query(table, of) for table, of in columns.items()}


def _query(table: str, columns: Iterable[tuple[str, str]]) -> str:
    sums = (
        f"cast(coalesce(sum({f'length({_quoted(name)})' if kind == 'text' else f'{_quoted(name)} % {_MODULUS}'}), 0) as bigint)"
        for name, kind in columns
    )
    own = f" where name <> '{MADE_AT}'" if table == "setting" else ""
    return f"select count(*), {', '.join(sums)} from {_quoted(table)}{own}"


def _quoted(name: str) -> str:
    return f'"{name}"'


def tally_of(found: Mapping[str, Any], last_event: int | None) -> Tally:
    """The tally from each table's one row."""
    return Tally(
        {table: int(row[0]) for table, row in found.items()},
        {table: tuple(int(number) for number in tuple(row)[1:]) for table, row in found.items()},
        last_event or 0,
    )
