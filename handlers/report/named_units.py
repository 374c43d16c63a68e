"""A report's text in; which unit it names as its own, where that is not the one the chat reports for, out."""

from collections.abc import Sequence

from handlers.commands import folded, folded_name
from handlers.report.assignment import Assignment, reported_for
from handlers.report.step import Reports
from handlers.turn import Turn
from storage.database import Database
from storage.organisation import units as stored
from storage.organisation.units import NamedUnit

MOST_HEAD = 400  # characters of a text in which its unit stands
MOST_LINES = 4
_EARLY = 4  # words of a name in which "đoàn" stands: "ban chấp hành đoàn …"
# What may stand before the name; with it the line is still about whose figures these are.
_BEFORE = ("bao cao", "so lieu", "ket qua", "em gui", "toi gui", "gui", "cua", "don vi", "bc")


class OtherUnits:
    """Keeps the figures of a unit that is named from being stored as those of the one who sends them."""

    def __init__(self, db: Database, reports: Reports) -> None:
        self._db = db
        self._reports = reports

    async def meant(self, turn: Turn, assignment: Assignment, text: str) -> Assignment | None:
        """The assignment the text is about: another one of the person's where it names that unit. None where it names a
        unit of somebody else, which is said.
        """
        if not may_name_one(text):
            return assignment
        named = named_at_start(text, await stored.names(self._db, turn.today), assignment.unit_id)
        if named is None:
            return assignment
        if any(role.unit_id == named.id for role in reported_for(turn)):
            turn.state.unit = named.id
            return self._reports.assignment(turn) or assignment
        turn.say_key("which.other_unit", named=named.name, unit=assignment.role.unit_name)
        return None


def may_name_one(text: str) -> bool:
    """Whether the head of a text may name a unit: every name has the word for the Union, and early.

    Its members have it too: every second report tells of them, and is not compared with the names of a province.
    """
    return any(
        one == "doan" and (words[at + 1 : at + 2] != ["vien"] or "chi" in words[:at])
        for words in _heads(text)
        for at, one in enumerate(words[:_EARLY])
    )


def named_at_start(text: str, units: Sequence[NamedUnit], own: int) -> NamedUnit | None:
    """The unit named at the start of the text, or alone in a line of its head; None for the unit `own`, for those above
    it, and where none is named. Of the same name as `own` means `own`.
    """
    above = _above(own, units)
    passed = {folded_name(unit.name) for unit in units if unit.id in above}
    by_name = {name: unit for unit in units if len((name := folded_name(unit.name)).split()) > 1}
    for number, words in enumerate(_heads(text)):
        name = next((n for end in range(len(words), 1, -1) if (n := " ".join(words[:end])) in by_name), "")
        if not name or (number and len(name.split()) < len(words)):
            continue
        if name == folded_name(next((unit.name for unit in units if unit.id == own), "")):
            return None
        if name not in passed:
            return by_name[name]
    return None


def _heads(text: str) -> list[list[str]]:
    """The words of the first lines from where a name may begin."""
    lines = [line for line in text[:MOST_HEAD].splitlines() if line.strip()][:MOST_LINES]
    return [words[_lead(words) :] for words in (folded(line).split() for line in lines)]


def _lead(words: Sequence[str]) -> int:
    """How many words stand before what may be a name."""
    count = 0
    while found := next((b for b in _BEFORE if " ".join(words[count : count + len(b.split())]) == b), ""):
        count += len(found.split())
    return count


def _above(unit_id: int, units: Sequence[NamedUnit]) -> set[int]:
    parents = {unit.id: unit.parent_id for unit in units}
    found: set[int] = set()
    at: int | None = unit_id
    while at is not None and at not in found:
        found.add(at)
        at = parents.get(at)
    return found
