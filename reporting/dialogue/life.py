"""The life of a submission as one table: a state and an act in, the move to the next state or a refusal out.

Nothing else in the program names these states: SQL is built from the tuples below, everybody else asks `move`.
A *period* has states of its own (`PeriodState` in reporting/time/deadlines.py); `locked` is a word of both.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, get_args

# none: nothing has been entered. draft: begun, not sent. submitted: sent, still open to the unit's own corrections.
# returned: owed once more. accepted: reviewed, closed to the unit. locked: its figures have been given out.
SubmissionState = Literal["none", "draft", "submitted", "returned", "accepted", "locked"]

# enter: a value is put in, changed or taken out. mend: the unit may correct its estimates, also accepted ones.
# pass: the first of two reviewers agrees. return: a reviewer wants it corrected. reopen: the office opens it once more.
# amend: the office has carried out what the unit asked it to correct in what is closed to it.
SubmissionAct = Literal["enter", "submit", "mend", "return", "accept", "lock", "reopen", "pass", "amend"]

# reporter: who reports for the unit. reviewer: who may judge its report. clock: the program itself, by its hour.
MovedBy = Literal["reporter", "reviewer", "office", "clock"]

# reminders: what is planned or still queued about this report. final: that its estimates were called final.
Cancels = Literal["reminders", "final"]

# receipt: to who sent it. co_reporters: to the others who report for the unit. reporters: to all of them.
Tells = Literal["receipt", "co_reporters", "reporters"]

STATES: Final[tuple[SubmissionState, ...]] = get_args(SubmissionState)
ACTS: Final[tuple[SubmissionAct, ...]] = get_args(SubmissionAct)

NOT_BEGUN: Final[SubmissionState] = "none"
SUBMITTED: Final[SubmissionState] = "submitted"
GIVEN_BACK: Final[SubmissionState] = "returned"
BROUGHT: Final[SubmissionState] = "accepted"  # figures of earlier periods that the office brings along

# The report is not owed any more. The others are owed.
FILED: Final[tuple[SubmissionState, ...]] = ("submitted", "accepted", "locked")
# What totals count, the one rule of it: a report counts as it was sent, and goes on counting once it is accepted.
# Of one that came back all figures do but those that wait for the unit's answer.
COUNTED: Final[tuple[SubmissionState, ...]] = (*FILED, GIVEN_BACK)
OWING: Final[tuple[SubmissionState, ...]] = tuple(state for state in STATES if state not in FILED)


@dataclass(frozen=True, slots=True)
class Move:
    """One row of the table: in any of these states the act is allowed and leads to `to`.

    When the unit first sent its report is kept beside the state, whatever follows (`submissions.touch`).
    """

    act: SubmissionAct
    sources: tuple[SubmissionState, ...]
    to: SubmissionState
    who: tuple[MovedBy, ...]
    cancels: tuple[Cancels, ...] = ()
    tells: tuple[Tells, ...] = ()


@dataclass(frozen=True, slots=True)
class MoveRefused:
    """The table has no such move. why: it is so already · it is closed to the unit · the report is not so far."""

    why: Literal["already", "closed", "early"]


MOVES: Final = (
    Move("enter", ("none", "draft"), "draft", ("reporter",), (), ("co_reporters",)),
    Move("enter", ("returned",), "returned", ("reporter",), (), ("co_reporters",)),
    Move("enter", ("submitted",), "submitted", ("reporter",), (), ("co_reporters",)),
    Move(
        "submit", ("none", "draft", "returned"), "submitted", ("reporter",),
        ("reminders",), ("receipt", "co_reporters"),
    ),
    Move("mend", ("submitted", "accepted"), "submitted", ("reporter",)),
    Move("return", ("submitted", "accepted"), "returned", ("reviewer", "office"), ("final",), ("reporters",)),
    Move("return", ("returned",), "returned", ("reviewer", "office"), ("final",), ("reporters",)),
    Move("accept", ("submitted",), "accepted", ("reviewer", "office"), ("reminders",)),
    Move("amend", ("draft",), "submitted", ("office",), ("reminders",), ("reporters",)),  # late for a quick count
    Move("amend", ("submitted",), "submitted", ("office",), (), ("reporters",)),
    Move("amend", ("accepted",), "accepted", ("office",), (), ("reporters",)),
    Move("pass", ("submitted",), "submitted", ("reviewer",)),
    Move("lock", ("accepted",), "locked", ("office", "clock")),
    Move("reopen", ("accepted", "locked"), "returned", ("office",), ("final",), ("reporters",)),
)  # fmt: skip

_BY_STATE: Final[Mapping[tuple[SubmissionState, SubmissionAct], Move]] = {
    (state, row.act): row for row in MOVES for state in row.sources
}

# The unit's own people can change nothing any more.
CLOSED: Final[tuple[SubmissionState, ...]] = tuple(state for state in STATES if (state, "enter") not in _BY_STATE)


def move(state: SubmissionState, act: SubmissionAct) -> Move | MoveRefused:
    """The move that the act makes from this state, or why there is none."""
    if (found := _BY_STATE.get((state, act))) is not None:
        return found
    if any(row.act == act and row.to == state for row in MOVES):
        return MoveRefused("already")
    return MoveRefused("closed" if state in CLOSED else "early")


def made(state: SubmissionState, act: SubmissionAct) -> Move:
    """The move, where the caller knows that it is allowed. Raises ValueError where the table refuses it."""
    found = move(state, act)
    if isinstance(found, MoveRefused):
        raise ValueError(f"a submission that is {state} cannot {act}: {found.why}")
    return found


def rows_of(act: SubmissionAct) -> tuple[Move, ...]:
    """Every move of the act, for a statement that carries it out from whichever state the report is in."""
    return tuple(row for row in MOVES if row.act == act)


def told_as(state: SubmissionState) -> str:
    """How a list of units names the state: what is filed in one word, "filed", the others as they are."""
    return "filed" if state in FILED else state


def came_back(state: SubmissionState) -> bool:
    """Whether the report was sent once and is owed again."""
    return state == "returned"
