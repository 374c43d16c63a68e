"""An import for a day to come: the organisation as it will be then in; names and units above to be made so then out.

Mergers, divisions, new units and changes of clusters have their day in the database; a name and a unit above have none,
and are prepared (storage/organisation/prepared.py), as by word and command.
"""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from handlers.wording.speech import Wording
from reporting.organisation.units import Organisation, UnitMoved, UnitRenamed
from reporting.time.calendar import day_name
from storage.database import Statement
from storage.organisation import prepared
from storage.organisation.prepared import Prepared
from storage.reports.events import happened


def as_it_will_be(org: Organisation, due: Sequence[Prepared], day: date) -> None:
    """Makes in the organisation what was prepared before and holds by that day, without recording it as a change."""
    for change in due:
        if org.units[change.unit_id].lives(day):
            if change.what == "name":
                org.rename(change.unit_id, change.value)
            else:
                org.move(change.unit_id, org.heir(int(change.value), day).id)
    org.changes.clear()


def prepare(
    wording: Wording, org: Organisation, standing: Collection[int], day: date, now: datetime
) -> tuple[list[Statement], list[tuple[int, str]]]:
    """(rows; by unit id the lines its people are told) of the names and units above that are to hold from that day.

    They are taken out of the organisation's changes. standing: ids of the units there were before the file.
    """
    rows: list[Statement] = []
    lines: list[tuple[int, str]] = []
    left = []
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
        else:
            left.append(change)
            continue
        new = f"{made.value} {day.isoformat()}"
        rows.append(prepared.prepare(made, None, now))
        rows.append(happened(f"unit.{made.what}_prepared", unit.code, None, now, unit_id=unit.id, new=new))
    org.changes[:] = left
    return rows, lines
