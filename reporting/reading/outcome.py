"""The outcome of reading a report or a reply, as data: values that are sure, and what has to be asked."""

from collections.abc import Mapping
from dataclasses import dataclass

from reporting.figures.values import Value


@dataclass(frozen=True, slots=True)
class Read:
    """One value read from a report."""

    code: str
    value: Value


@dataclass(frozen=True, slots=True)
class Unclear:
    """Words that are not stored as they stand: the indicators they may belong to, why, and a likely value.

    reason: a problem of reporting.quantity, or not_whole, parts, plan, cumulative, correction, unit, unnamed, whole.
    """

    source: str
    codes: tuple[str, ...]
    reason: str
    value: Value | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text gives: values that are sure, and what is to be asked."""

    values: tuple[Read, ...]
    asks: tuple[Unclear, ...]


@dataclass(frozen=True, slots=True)
class Option:
    """One reading to confirm: this value of this indicator. A code without a value: the number could belong there.

    text: the value in Vietnamese style, "" without one.
    """

    code: str
    value: Value | None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Trouble:
    """A part of a reply that could not be taken.

    reason: not_a_number, range, indefinite, ambiguous, too_many, out_of_range, not_whole, separator, negative,
      unit_rate, percent. source: the words of that part. options: readings to offer for it.
    """

    reason: str
    source: str = ""
    options: tuple[Option, ...] = ()

    @property
    def proposal(self) -> str:
        """The likely reading in Vietnamese style ("2.500"), or "" when there is none."""
        return next((option.text for option in self.options if option.text), "")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a reply says.

    values: code -> value, for asked indicators and for others the reply names.
    troubles: what could not be taken, in the order of the words.
    none: the whole reply says that there is nothing ("0", "chưa có ạ"); `values` has what follows from that alone.
    """

    values: Mapping[str, Value]
    troubles: tuple[Trouble, ...] = ()
    none: bool = False

    @property
    def problem(self) -> str | None:
        """Why the first part could not be taken; None when all was."""
        return self.troubles[0].reason if self.troubles else None

    @property
    def proposal(self) -> str:
        """The likely reading of the first part that could not be taken, or ""."""
        return self.troubles[0].proposal if self.troubles else ""
