"""A chat in, what it reports out: which unit and period, how buttons name the two, and where the dialogue stands."""

from dataclasses import dataclass
from zlib import crc32

from handlers import permissions
from handlers.chat_state import ReportPosition
from handlers.turn import Turn
from reporting.dialogue.draft import Draft, Position
from reporting.figures.catalogue import Level
from reporting.figures.forms import Form
from reporting.time.periods import is_campaign
from storage.people.people import Role
from storage.periods.rounds import Round

MOST_TABLES = 8  # kept of other reports while the person is at another one; the oldest goes first


@dataclass(frozen=True, slots=True)
class Assignment:
    """What the office has given a unit to report: its form of a period. role: in which the person reports it."""

    round: Round
    role: Role
    unit_id: int
    form: Form

    @property
    def level(self) -> Level:
        return self.form.level

    @property
    def mark(self) -> str:
        """What every button of this report names, so that it does nothing in another unit's or period's."""
        return assignment_mark(self.round.code, self.unit_id)

    def asks(self, position: Position, draft: Draft | None = None) -> list[str] | None:
        """What the question that is open there is known by, then what the draft lacks of it; None for none."""
        if position.mode not in ("asking", "confirming", "clarifying"):
            return None
        question = self.form.question(position.question)
        missing = draft.missing(question) if draft is not None and question is not None else ()
        return [self.mark, position.mode, position.question, position.mark, *missing]


def assignment_mark(period: str, unit_id: int) -> str:
    """A period and a unit in a button: "2026-Q1@2f"; a campaign, whose code is long, in short."""
    if is_campaign(period):
        period = f"{period[:6]}{crc32(period.encode()):08x}"
    return f"{period}@{unit_id:x}"


def unit_in(mark: str) -> int | None:
    """The id of the unit that a assignment mark names, if any."""
    hexadecimal = mark.partition("@")[2]
    try:
        return int(hexadecimal, 16)
    except ValueError:
        return None


def reported_for(turn: Turn) -> list[Role]:
    """The person's reporting roles, one for each unit."""
    if turn.reporting is None:
        held = [role for role in permissions.granted("report", turn.roles) if role.unit_id is not None]
        turn.reporting = list({role.unit_id: role for role in reversed(held)}.values())[::-1]
    return turn.reporting


def position_in(turn: Turn, assignment: Assignment) -> Position:
    """Where the chat stands in this very report; while it is at another one, only what waits for a word is kept."""
    kept = turn.state.report
    if kept is None or (kept.period, kept.unit) != (assignment.round.code, assignment.unit_id):
        kept = turn.state.tables.get(assignment.mark)
    return Position() if kept is None else kept.position


def begun_of(turn: Turn, unit_id: int) -> str | None:
    """The code of the period whose report of that unit the chat is in the midst of."""
    kept = turn.state.report
    return kept.period if kept is not None and kept.unit == unit_id and kept.position.mode != "idle" else None


def keep_position(turn: Turn, assignment: Assignment, position: Position) -> None:
    """Stores where the chat stands now; what waits for a word in the report it leaves is kept beside."""
    tables, left = dict(turn.state.tables), turn.state.report
    if left is not None and left.position.waits:
        tables[assignment_mark(left.period, left.unit)] = left
    tables.pop(assignment.mark, None)
    turn.state.tables = dict(list(tables.items())[-MOST_TABLES:])
    turn.state.report = ReportPosition(assignment.round.code, assignment.unit_id, position)
