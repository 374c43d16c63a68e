"""What was set for an indicator and what has been reached in; met, exceeded or not, what is left and the pace out."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Literal

from reporting.figures.totals import Total


@dataclass(frozen=True, slots=True)
class Target:
    """What was set for an indicator: scaled amount, the day by which it is due, if one was set, and who answers for it.

    owner_id, owner: the person, by title or name; None and '' where nobody is named.
    """

    indicator: str
    amount: int
    due_on: date | None
    owner_id: int | None = field(default=None, compare=False)
    owner: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Progress:
    """A target beside what has been reached. state: met · exceeded · unmet (not yet due) · overdue · unknown:
    nobody has given a figure, and then nothing more is said of it.

    left: what is missing, scaled, 0 once it is met. a_month: how much of it each month up to the due day has to bring,
    scaled and rounded up; None where it is met, overdue, unknown, of a time long over, or no day is set. months: how
    many those are, this one too. of_year: set for the year, of which the period told of is a part.
    """

    target: Target
    reached: Total | None
    state: Literal["met", "exceeded", "unmet", "overdue", "unknown"]
    left: int = 0
    months: int = 0
    a_month: int | None = None
    of_year: bool = False

    @property
    def met(self) -> bool:
        """Whether nothing is missing."""
        return self.state in ("met", "exceeded")

    @property
    def missed(self) -> bool:
        """Whether something is known to be missing, by now or still."""
        return self.state in ("unmet", "overdue")

    @property
    def percent(self) -> Decimal | None:
        """How much of the target has been reached, whole percents; None of a target of nothing, or nothing reached."""
        if self.reached is None or not self.target.amount:
            return None
        return (Decimal(100 * self.reached.amount) / self.target.amount).quantize(Decimal(1), ROUND_HALF_EVEN)


def progress(
    target: Target, reached: Total | None, today: date, last_on: date | None = None, until: date | None = None
) -> Progress:
    """How far a target is. last_on: the day that counts where the target has none of its own. until: the last day of
    the period of which it is told, where that is over: how it stood then, and a pace only as long as it still holds.

    With nothing reported it is unknown, also a target of 0; what was reached of one of 0 does not exceed it.
    """
    due_on = target.due_on or last_on
    if reached is None:
        return Progress(target, reached, "unknown")
    if reached.amount >= target.amount:
        more = target.amount and reached.amount > target.amount
        return Progress(target, reached, "exceeded" if more else "met")
    left = target.amount - reached.amount
    if due_on is None:
        return Progress(target, reached, "unmet", left)
    day = today if until is None else min(today, until + timedelta(days=1))
    if day > due_on:
        return Progress(target, reached, "overdue", left)
    if (day.year, day.month) != (today.year, today.month):
        return Progress(target, reached, "unmet", left)
    months = 12 * (due_on.year - day.year) + due_on.month - day.month + 1
    return Progress(target, reached, "unmet", left, months, -(-left // months))
