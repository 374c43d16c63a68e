"""What units say beside their figures as rows: a part written, and the parts of one unit or of an area's reports."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

from storage.database import Database, Statement
from storage.engine.instants import stamp
from storage.organisation.names import told_apart
from storage.reports.running import COUNTED

NarrativePart = Literal["situation", "result", "limit", "direction"]
PARTS: tuple[NarrativePart, ...] = get_args(NarrativePart)


@dataclass(frozen=True, slots=True)
class Narrative:
    """One part of a unit's report in words, as masked when it was written."""

    unit_id: int
    unit: str
    part: NarrativePart
    text: str


def write(
    period_id: int, unit_id: int, part: NarrativePart, text: str, person_id: int | None, now: datetime
) -> Statement:
    """The unit says this there, in the place of what it said before."""
    return (
        "insert into narrative (period_id, unit_id, part, text, person_id, at) values (?, ?, ?, ?, ?, ?)"
        " on conflict (period_id, unit_id, part) do update set text = excluded.text, person_id = excluded.person_id,"
        " at = excluded.at",
        (period_id, unit_id, part, text, person_id, stamp(now)),
        1,
    )


async def of_unit(db: Database, period_id: int, unit_id: int) -> dict[NarrativePart, str]:
    """What a unit has said of a period, in the order of the paper."""
    rows = await db.read("select part, text from narrative where period_id = ? and unit_id = ?", (period_id, unit_id))
    said = {row[0]: row[1] for row in rows}
    return {part: said[part] for part in PARTS if part in said}


async def counted(db: Database, period_id: int, unit_ids: Collection[int] | None, branches: bool) -> list[Narrative]:
    """What was said in reports that count, by unit; of these units, None for all. branches: theirs too."""
    rows = await db.read(
        f"select n.unit_id, {told_apart('u')}, n.part, n.text from narrative n join unit u on u.id = n.unit_id"
        " join submission s on s.period_id = n.period_id and s.unit_id = n.unit_id"
        f" where n.period_id = ? and s.state in {COUNTED} and (? = 1 or u.level <> 'chi_doan') order by u.code",
        (period_id, int(branches)),
    )
    return [Narrative(*row) for row in rows if unit_ids is None or row[0] in unit_ids]
