"""Refuses terms whose days contradict one another or their period: terms in, DecisionRefused or nothing out."""

from datetime import timedelta

from handlers.office.decisions import DecisionRefused
from handlers.wording.speech import Wording
from reporting.time.calendar import day_name
from reporting.time.deadlines import Terms
from reporting.time.periods import Period

# A deadline farther from the period than this is a slip of the keyboard.
FARTHEST = timedelta(days=400)
CUTOFF_AFTER = timedelta(days=45)  # the period's end; figures to a later day are another period's


def check_terms(wording: Wording, period: Period, terms: Terms) -> None:
    """Refuses days that contradict one another or the period."""
    ordered = (
        ("cutoff", terms.cutoff_on, "start", period.start_on),
        ("deadline", terms.deadline_on, "start", period.start_on),
        ("deadline", terms.deadline_on, "opening", terms.opens_on),
        ("deadline", terms.deadline_on, "cutoff", terms.cutoff_on),
        ("confirm", terms.confirm_from_on, "deadline", terms.deadline_on),
        ("confirm_end", terms.confirm_by_on, "confirm", terms.confirm_from_on),
    )
    for late, later, early, earlier in ordered:
        if later is not None and earlier is not None and later < earlier:
            raise DecisionRefused(
                "office.days_cross",
                late=wording.say(f"term.{late}"), later=day_name(later),
                early=wording.say(f"term.{early}"), earlier=day_name(earlier),
            )  # fmt: skip
    farthest = (
        (terms.deadline_on, FARTHEST), (terms.cutoff_on, CUTOFF_AFTER), (terms.confirm_by_on, FARTHEST),
        (terms.opens_on, FARTHEST),
    )  # fmt: skip
    for day, within in farthest:
        ahead = day == terms.opens_on and day is not None and day < period.start_on - FARTHEST
        if day is not None and (day > period.end_on + within or ahead):
            raise DecisionRefused("office.day_far", day=day_name(day))
