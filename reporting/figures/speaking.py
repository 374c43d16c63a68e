"""What a meeting has to ask of each unit in, the order in which they speak out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, get_args

from reporting.figures.comparison import ComparedRow

FAR = Decimal(50)  # percent of a target: with less of it reached a unit is far from it

# In this order: what is missing altogether comes before what is behind.
Concern = Literal["missing", "given_back", "far", "task", "petition", "branches"]
CONCERNS: tuple[Concern, ...] = get_args(Concern)


@dataclass(frozen=True, slots=True)
class Speaker:
    """A unit of the meeting with why it is asked. far: targets, by their indicators' short names.

    missing: it owes its report; given_back: figures returned and not answered, by short names. tasks, petitions: their
    numbers, of tasks the overdue ones. late_branches: how many of its `branches` have not sent.
    """

    code: str
    name: str
    missing: bool = False
    given_back: tuple[str, ...] = ()
    far: tuple[str, ...] = ()
    tasks: tuple[str, ...] = ()
    petitions: tuple[str, ...] = ()
    late_branches: int = 0
    branches: int = 0

    @property
    def concerns(self) -> list[Concern]:
        """Why it is asked, what weighs most first; nothing where all is well."""
        has = {
            "missing": self.missing,
            "given_back": bool(self.given_back),
            "far": bool(self.far),
            "task": bool(self.tasks),
            "petition": bool(self.petitions),
            "branches": self.late_branches > 0,
        }
        return [concern for concern in CONCERNS if has[concern]]


def speaking_order(speakers: Iterable[Speaker]) -> list[Speaker]:
    """By what weighs most, then by how much there is, then by code; units of whom nothing is asked come last."""

    def turn_of(one: Speaker) -> tuple[int, int, str]:
        first = CONCERNS.index(one.concerns[0]) if one.concerns else len(CONCERNS)
        return first, -len(one.concerns), one.code

    return sorted(speakers, key=turn_of)


def far_from(rows: Sequence[ComparedRow]) -> tuple[str, ...]:
    """The targets of a unit that are overdue, or of which less than half is reached."""
    unmet = [row for row in rows if row.target is not None and row.target.missed]
    return tuple(
        row.indicator.short
        for row in unmet
        if row.target is not None and (row.target.state == "overdue" or (row.target.percent or Decimal(0)) < FAR)
    )
