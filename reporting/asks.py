"""What a report gives: the values that are sure, and what has to be asked."""

from dataclasses import dataclass

from reporting.values import Value


@dataclass(frozen=True, slots=True)
class Read:
    """One value read from a report."""

    code: str
    value: Value


@dataclass(frozen=True, slots=True)
class Ask:
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
    asks: tuple[Ask, ...]
