"""An import for a day to come: the organisation as it will be then in; names and units above to be made so then out.

Mergers, divisions, new units and changes of clusters have their day in the database; a name and a unit above have none,
and are prepared (storage/organisation/prepared.py), as by word and command.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from bot.spreadsheet.filled import cluster_cell
from handlers.office.agenda import described
from handlers.office.unit_notices import received
from handlers.wording.speech import Wording
from reporting.organisation.agenda import Prepared, What, agenda, make
from reporting.organisation.units import Organisation, UnitMoved, UnitRenamed
from reporting.time.calendar import day_name
from storage.database import Statement
from storage.organisation import prepared
from storage.reports.events import happened

Said = tuple[What, str]


@dataclass(frozen=True, slots=True)
class Untouched:
    """What the cells of today say of units that will be otherwise by then: who leaves them so means what is prepared.

    By unit id: names, the ids of units above, and clusters as the cell has them.
    """

    names: Mapping[int, str] = field(default_factory=dict)
    parents: Mapping[int, int | None] = field(default_factory=dict)
    clusters: Mapping[int, str | None] = field(default_factory=dict)


def standing(wording: Wording, org: Organisation, every: Sequence[Prepared], today: date) -> dict[int, list[Said]]:
    """Of each unit there is, the line of each name or unit above that is prepared, as what another would replace."""
    ahead: dict[int, list[Said]] = {unit: [] for unit in org.units}
    for one in agenda(org, every, today):
        change = described(org, one).vietnamese(wording)
        what: What | None = "name" if one.what == "rename" else "parent" if one.parent_id else None
        if what is not None and one.what != "add":
            ahead[one.unit.id].append((what, wording.say("units.replaces", change=change)))
    return ahead


def as_it_will_be(org: Organisation, due: Sequence[Prepared], today: date, day: date) -> Untouched:
    """Makes in the organisation what was prepared before and holds by that day, without recording it as a change."""
    names, parents, clusters = dict[int, str](), dict[int, int | None](), dict[int, str | None]()
    for unit in org.units.values():
        then, now = unit.membership(day), unit.membership(today)
        if now is not None and (then.cluster_id if then else None) != now.cluster_id:
            clusters[unit.id] = cluster_cell(org, unit, today)
    for change in due:
        unit = org.units[change.unit_id]
        if change.what == "name":
            names[unit.id] = unit.name
        else:
            parents[unit.id] = unit.parent_id
            clusters.setdefault(unit.id, cluster_cell(org, unit, today))
    make(org, due, day)
    org.changes.clear()
    return Untouched(names, parents, clusters)


def prepare(
    wording: Wording, org: Organisation, standing: Mapping[int, Sequence[Said]], day: date, now: datetime
) -> tuple[list[Statement], list[tuple[int, str]], list[str]]:
    """(rows; by unit id the lines its people are told; what they replace) of the names and units above that are to hold
    from that day.

    They are taken out of the organisation's changes. standing: by id of the units there were before the file what is
    prepared for them.
    """
    rows: list[Statement] = []
    lines: list[tuple[int, str]] = []
    notes: list[str] = []
    left, moved = [], list[tuple[int | None, str]]()
    on = f"{day_name(day)}/{day.year}"
    for change in org.changes:
        if not isinstance(change, UnitRenamed | UnitMoved) or change.unit.id not in standing:
            left.append(change)
            continue
        unit = change.unit
        if isinstance(change, UnitRenamed):
            made = Prepared(unit.id, "name", change.name, day)
            lines.append((unit.id, wording.say("units.renamed", unit=unit.name, name=change.name, day=on)))
        elif change.parent_id is not None:
            made = Prepared(unit.id, "parent", str(change.parent_id), day)
            parent = org.units[change.parent_id].name
            lines.append((unit.id, wording.say("units.under", unit=unit.name, parent=parent, day=on)))
            moved.append((change.parent_id, unit.name))
        else:
            left.append(change)
            continue
        new = f"{made.value} {day.isoformat()}"
        notes += [line for what, line in standing[unit.id] if what == made.what]
        rows.append(prepared.prepare(made, None, now))
        rows.append(happened(f"unit.{made.what}_prepared", unit.code, None, now, unit_id=unit.id, new=new))
    lines += received(wording, org, moved, day)
    org.changes[:] = left
    return rows, lines, notes
