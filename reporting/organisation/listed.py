"""Units of a list in, the same by the commune they stand under out, the one with most of them first."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ListedUnit:
    """A unit as a list shows it. known_as: its name, with the unit above where two could be meant.

    commune: the name of the unit above a branch, else its own; commune_id: that unit's. state: of its report, ''
    where none was begun or nothing is asked about it.
    """

    code: str
    name: str
    known_as: str
    commune_id: int
    commune: str
    state: str = ""


def by_commune(units: Iterable[ListedUnit]) -> list[tuple[str, int]]:
    """(commune, how many of these units) with the most first, and those alike by name."""
    found = Counter((unit.commune_id, unit.commune) for unit in units)
    return sorted(((name, count) for (_, name), count in found.items()), key=lambda one: (-one[1], one[0]))
