"""The events of a unit's report in, what of its counted figures has changed since a version out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from reporting.dialogue import life
from reporting.figures.values import Value

_SENT = "submission.sent"
_ANSWERS = ("value.put", "value.removed", "value.stands")  # of a unit to a figure that was given back
_STATES = {f"submission.{state}": state for state in life.STATES} | {_SENT: life.SUBMITTED}


@dataclass(frozen=True, slots=True)
class ReportEvent:
    """One event of a unit's report: "value.put" of an indicator with what stood there and what stands there now, or
    "submission.…", what became of the report. id: events are numbered as they happened; at: epoch milliseconds.
    """

    id: int
    at: int
    actor: int | None
    action: str
    subject: str
    new: str | None


@dataclass(frozen=True, slots=True)
class FigureChange:
    """A figure that counts otherwise than it did: old and new, None where it did, or does, not count.

    at, actor: of the last event that had to do with it. back: what stood there and was given back, so that it did not
    count. had, has: whether the unit's report had, or has, figures that count or were given back.
    """

    indicator: str
    old: Value | None
    new: Value | None
    at: int
    actor: int | None
    back: Value | None = None
    had: bool = False
    has: bool = True


def changed_since(events: Iterable[ReportEvent], version: int) -> list[FigureChange]:
    """What is different from what counted when `version` was the last event, by indicator.

    events: of one unit and one period, all of them, in order. What was changed and changed back is no change.
    """
    values: dict[str, Value] = {}
    back: set[str] = set()  # what waits for the unit's answer counts nowhere
    state = life.NOT_BEGUN
    before: dict[str, Value] = {}
    waited: dict[str, Value] = {}
    cause: dict[str, ReportEvent] = {}
    judged: ReportEvent | None = None
    for event in events:
        if event.id > version:
            judged = event if event.action in _STATES else judged
            if event.action.startswith("value."):
                cause[event.subject] = event
        state = _STATES.get(event.action, state)
        if event.action == "value.returned":
            back.add(event.subject)
        elif event.action in _ANSWERS:
            back.discard(event.subject)
        if event.action == "value.put" and event.new is not None:
            values[event.subject] = _value(event.new)
        elif event.action == "value.removed":
            values.pop(event.subject, None)
        if event.id <= version:
            before, waited = _counting(values, back, state), _waiting(values, back, state)
    now, has = _counting(values, back, state), _waiting(values, back, state)
    changes = []
    for code in sorted(before.keys() | now.keys()):
        old, new = before.get(code), now.get(code)
        last = max((one for one in (cause.get(code), judged) if one is not None), key=lambda one: one.id, default=None)
        if old != new and last is not None:
            change = FigureChange(code, old, new, last.at, last.actor, waited.get(code))
            changes.append(replace(change, had=bool(before or waited), has=bool(now or has)))
    return changes


def _counting(values: Mapping[str, Value], back: set[str], state: life.SubmissionState) -> dict[str, Value]:
    """What counts of a report in that state."""
    waits = back if life.came_back(state) else set[str]()
    return {code: value for code, value in values.items() if code not in waits} if state in life.COUNTED else {}


def _waiting(values: Mapping[str, Value], back: set[str], state: life.SubmissionState) -> dict[str, Value]:
    """What would count of a report in that state, were it not given back."""
    counts = _counting(values, set(), state) if life.came_back(state) else {}
    return {code: value for code, value in counts.items() if code in back}


def _value(written: str) -> Value:
    """As `submissions` writes it into events: "150", or "~150" of one that was rounded."""
    return Value(int(written.removeprefix("~")), written.startswith("~"))
