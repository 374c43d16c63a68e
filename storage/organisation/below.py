"""A unit and a day in, the units whose reports count there out: itself, those below it, those it took over from."""

from collections.abc import Sequence
from datetime import date

from storage.database import Database

MOST_TOGETHER = 500  # ids of one query


async def counted_at(db: Database, unit_id: int, day: date) -> list[int]:
    """Ids, the unit itself first. One that has ended counts at its heir, or where it has none under the unit above it.

    Asked level by level, so that it takes as long as there are units found, however large the province is. The same
    rule for one unit at a time: `Organisation.path` in reporting/organisation/units.py.
    """
    found = {unit_id: None}
    wave: Sequence[int] = [unit_id]
    today = day.isoformat()
    while wave:
        nearer: list[int] = []
        for first in range(0, len(wave), MOST_TOGETHER):
            some = wave[first : first + MOST_TOGETHER]
            marks = ", ".join("?" * len(some))
            rows = await db.read(
                f"select u.id from unit u where u.parent_id in ({marks}) and not (coalesce(u.valid_to_on, ?) < ?"
                "   and exists (select 1 from succession x where x.unit_id = u.id and x.position = 0))"
                " union select x.unit_id from succession x join unit u on u.id = x.unit_id"
                f" where x.successor_id in ({marks}) and x.position = 0 and u.valid_to_on < ?",
                (*some, today, today, *some, today),
            )
            nearer += [row[0] for row in rows if row[0] not in found]
        wave = list(dict.fromkeys(nearer))
        found.update(dict.fromkeys(wave))
    return list(found)
