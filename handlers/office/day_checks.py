"""Refuses terms whose days contradict one another or their period: terms in, DecisionRefused or nothing out."""

from collections.abc import Collection
from datetime import date, timedelta

from handlers.office.decisions import DecisionRefused
from handlers.wording.speech import Wording
from reporting.time.calendar import day_name
from reporting.time.deadlines import Terms
from reporting.time.periods import Period

# A deadline farther from the period than this is a slip of the keyboard.
FARTHEST = timedelta(days=400)
CUTOFF_AFTER = timedelta(days=45)  # the period's end; figures to a later day are another period's


def check_terms(wording: Wording, period: Period, terms: Terms, met: Collection[date], today: date) -> None:
    """Refuses days that contradict one another, the period, or the days of its meetings."""
    check_opening(wording, terms, met, today)
    ordered = (
        ("cutoff", terms.cutoff_on, "start", period.start_on),
        ("deadline", terms.deadline_on, "start", period.start_on),
        ("deadline", terms.deadline_on, "opening", terms.opens_on),
        ("deadline", terms.deadline_on, "cutoff", terms.cutoff_on),
        ("confirm", terms.confirm_from_on, "deadline", terms.deadline_on),
        ("confirm_end", terms.confirm_by_on, "confirm", terms.confirm_from_on),
    )
    for late, later, early, earlier in ordered:
        _check_order(wording, (late, later), (early, earlier), today)
    farthest = (
        (terms.deadline_on, FARTHEST), (terms.cutoff_on, CUTOFF_AFTER), (terms.confirm_by_on, FARTHEST),
        (terms.opens_on, FARTHEST),
    )  # fmt: skip
    for day, within in farthest:
        ahead = day == terms.opens_on and day is not None and day < period.start_on - FARTHEST
        if day is not None and (day > period.end_on + within or ahead):
            raise DecisionRefused("office.day_far", day=day_name(day, today))


def check_opening(wording: Wording, terms: Terms, met: Collection[date], today: date) -> None:
    """Refuses a period that would open by the office's word after a cluster has met on it."""
    opens_on = None if terms.opens_follow else terms.opens_on
    _check_order(wording, ("meeting", min(met, default=None)), ("opening", opens_on), today)


def _check_order(wording: Wording, late: tuple[str, date | None], early: tuple[str, date | None], today: date) -> None:
    (later_word, later), (earlier_word, earlier) = late, early
    if later is not None and earlier is not None and later < earlier:
        raise DecisionRefused(
            "office.days_cross",
            late=wording.say(f"term.{later_word}"), later=day_name(later, today),
            early=wording.say(f"term.{earlier_word}"), earlier=day_name(earlier, today),
        )  # fmt: skip
