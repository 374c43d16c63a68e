"""A period and those a province has in, the ones whose figures together are the year up to its end out."""

from collections.abc import Iterable
from dataclasses import dataclass

from reporting.time.periods import Period


@dataclass(frozen=True, slots=True)
class YearUpTo:
    """Periods that follow each other without a gap, the newest last. from_start: the first begins on 1 January."""

    periods: tuple[Period, ...]
    from_start: bool


def year_up_to(period: Period, known: Iterable[Period]) -> YearUpTo:
    """The period and those before it in its year; none overlaps another, so nothing is counted twice.

    Of several that end on one day the one as long as `period` is taken, else the longest. A campaign stands alone, and
    so does a school year, which is no part of a year.
    """
    alone = period.title or period.frequency == "nam_hoc" or period.start_on.year != period.end_on.year
    if alone:
        return YearUpTo((period,), False)
    before = [
        one
        for one in known
        if not one.title and one.frequency != "nam_hoc" and one.start_on.year == one.end_on.year == period.end_on.year
    ]
    chain = [period]
    while chain[0].start_on != period.start_on.replace(month=1, day=1):
        ends = [one for one in before if (chain[0].start_on - one.end_on).days == 1]
        if not ends:
            return YearUpTo(tuple(chain), False)
        chain.insert(0, min(ends, key=lambda one: (one.frequency != period.frequency, one.start_on)))
    return YearUpTo(tuple(chain), True)
