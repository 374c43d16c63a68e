"""A period and those a province has in, the ones whose figures together are the year up to its end out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from reporting.time.periods import Period


@dataclass(frozen=True, slots=True)
class YearUpTo:
    """Periods that follow each other without a gap, the newest last. from_start: the first begins on 1 January."""

    periods: tuple[Period, ...]
    from_start: bool


def year_up_to(period: Period, known: Iterable[Period]) -> YearUpTo:
    """The period and those before it in its year; none overlaps another, so nothing is counted twice.

    Of several ways back the one that reaches furthest is taken, and of those alike the one of periods as long as
    `period`, or else the longest. A campaign stands alone, and so does a school year, which is no part of a year.
    """
    if not _of_year(period):
        return YearUpTo((period,), False)
    before = [one for one in known if _of_year(one) and one.end_on.year == period.end_on.year]
    chain = min(_back(period, before), key=lambda way: way[0].start_on)
    return YearUpTo(chain, chain[0].start_on == period.start_on.replace(month=1, day=1))


def _of_year(period: Period) -> bool:
    return not period.title and period.frequency != "nam_hoc" and period.start_on.year == period.end_on.year


def _back(period: Period, before: Sequence[Period]) -> list[tuple[Period, ...]]:
    """Every way from the period back through periods that end where the next begins, the one to be liked best first."""
    ends = [one for one in before if (period.start_on - one.end_on).days == 1]
    ends.sort(key=lambda one: (one.frequency != period.frequency, one.start_on))
    return [(*way, period) for one in ends for way in _back(one, before)] or [(period,)]
