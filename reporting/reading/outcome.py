"""What a text gives: the values that are sure, what has to be asked, what was left out, and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from reporting.figures.values import Value
from reporting.reading.rules import Rule

Fate = Literal["stored", "asked", "left"]


@dataclass(frozen=True, slots=True)
class Read:
    """One value read from a text."""

    code: str
    value: Value


@dataclass(frozen=True, slots=True)
class Unclear:
    """Words that are not stored as they stand: the indicators they may belong to, why, and a likely value.

    reason: a problem of reporting.numbers.quantity, or not_whole, parts, plan, cumulative, correction, unit, unnamed,
    whole, percent, too_many, not_a_number, likely (the sum of a column of villages).
    """

    source: str
    codes: tuple[str, ...]
    reason: str
    value: Value | None = None


@dataclass(frozen=True, slots=True)
class Left:
    """A number that is neither stored nor asked about: its words, what it could count, and the rule that left it out.

    codes: () where only its clause says that it counts something. alone: it is all that its clause says, in the answer
    to a question, and nothing is named beside it.
    """

    source: str
    codes: tuple[str, ...]
    rule: Rule
    alone: bool = False


@dataclass(frozen=True, slots=True)
class NumberDecision:
    """What became of one number: its words, the reading that won, the indicators it beat, and the rule that decided.

    start: at which token of the text it begins.
    """

    start: int
    source: str
    fate: Fate
    codes: tuple[str, ...]
    rule: Rule
    beaten: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """What one text gives, in the order of the text.

    none: the whole text says that there is nothing ("0", "chưa có ạ"); `values` has what follows for what was asked.
    named: every indicator that the text names.
    """

    values: tuple[Read, ...]
    asks: tuple[Unclear, ...]
    left: tuple[Left, ...] = ()
    decisions: tuple[NumberDecision, ...] = ()
    none: bool = False
    named: frozenset[str] = frozenset()

    @property
    def amounts(self) -> Mapping[str, int]:
        """The scaled amount of every value, by code."""
        return {read.code: read.value.amount for read in self.values}


EMPTY = Reading((), ())
