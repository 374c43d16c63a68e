"""Changes of the organisation in, what they mean for who owes the periods that run or are planned, in lines, out."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date

from handlers.leaders.summaries import listed_units
from handlers.office.decisions import Remark
from handlers.wording.speech import Wording
from reporting.organisation.units import Organisation, OrgUnit, UnitAdded, UnitEnded
from reporting.time.owing import ALL, MEETING, named_in, written
from storage.database import Database
from storage.organisation import owing
from storage.periods import rounds
from storage.periods.rounds import Round

MOST_LINES = 5  # the rest is counted
MOST_NAMED = 5  # units in a line
_Line = tuple[str, str]  # key, and the heir, '' for none


async def owing_notes(db: Database, wording: Wording, org: Organisation, today: date) -> list[Remark]:
    """Whose report stays, who owes in whose place, and which new units do not owe what runs."""
    ended = [change for change in org.changes if isinstance(change, UnitEnded) and change.successors]
    heirs = {change.successors[0] for change in ended}
    new = {c.unit.id: org.units[c.unit.id] for c in org.changes if isinstance(c, UnitAdded)}
    later = [unit for unit in new.values() if unit.id not in heirs]
    if not ended and not later:
        return []
    notes: list[Remark] = []
    for round_ in await rounds.in_state(db, "open", "planned"):
        named = set(named_in(round_.terms.owes).units)
        ended_of = [one for one in ended if one.unit.code in named] if round_.state == "planned" else ended
        found: dict[_Line, list[str]] = defaultdict(list)
        asked = await owing.owing(db, round_.id, round_.terms.owes, today)
        sent = await owing.filed(db, round_.id, today)
        for change in ended_of:
            if asked is None or change.unit.id in asked or round_.state == "planned":
                heir = org.units[change.successors[0]]
                alone = heir.id in new or (asked is not None and heir.id not in asked)
                found[_of_heir(change.unit.id, heir, alone, sent), heir.name].append(change.unit.name)
        if round_.state == "open":
            found["units.new_later", ""] = [one.name for one in later if _too_late(round_, one, org, asked)]
        notes += _lines(wording, round_, found)
    more = len(notes) - MOST_LINES
    return notes if more <= 0 else [*notes[:MOST_LINES], Remark("difference.more", {"more": str(more)})]


def _of_heir(unit_id: int, heir: OrgUnit, alone: bool, sent: set[int]) -> str:
    """alone: the heir owes nothing of its own."""
    if unit_id in sent:
        return "units.sent_stays"
    if alone:
        return "units.heir_owes"
    return "units.heir_sent" if heir.id in sent else "units.heir_both"


def _too_late(round_: Round, unit: OrgUnit, org: Organisation, asked: Mapping[int, int] | None) -> bool:
    """Whether the decision would mean the unit, had it been there when the period was opened."""
    since = max(filter(None, (round_.opened_on, round_.terms.owes_on)), default=None)
    held, owes = unit.membership(unit.from_on), round_.terms.owes
    if held is None or since is None or unit.from_on <= since:
        return False
    named = named_in(owes)
    meets = owes == MEETING and (asked is None or held.cluster_id in set(asked.values()))
    return owes == ALL or meets or org.clusters[held.cluster_id].code in named.clusters or unit.level in named.levels


def _lines(wording: Wording, round_: Round, found: Mapping[_Line, list[str]]) -> list[Remark]:
    return [
        Remark(key, {
            "period": round_.period.name, "units": listed_units(wording, names, MOST_NAMED), "heir": heir,
            "who": written(round_.terms.owes),
        })
        for (key, heir), names in found.items() if names
    ]  # fmt: skip
