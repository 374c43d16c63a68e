"""What waits to be told: changed briefings, given deadlines, estimated figures nobody has called final."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from reporting.calendar import at
from reporting.plan_facts import Change, Estimate, PlanRound, PlanUnit, What
from storage import briefings, extensions
from storage.database import Database
from storage.instants import instant
from storage.rounds import Round
from storage.submissions import FILED


async def rounds_changed(db: Database) -> set[int]:
    """The rounds of which there is a change to be told, by id."""
    return {m.period_id for m in await briefings.untold(db)} | {e.period_id for e in await extensions.untold(db)}


async def changes(db: Database, rounds: Mapping[int, PlanRound], units: Mapping[int, PlanUnit]) -> list[Change]:
    """Changes of these rounds that those concerned have not heard of."""
    found = []
    for moved in await briefings.untold(db):
        if moved.period_id in rounds:
            rows = await db.read("select starts_at, chair_id from briefing where id = ?", (moved.id,))
            starts_at = instant(rows[0][0])
            chairs = (rows[0][1],) if rows[0][1] is not None else ()
            what: What = "place" if moved.was_at == starts_at else "moved"
            found.append(Change(what, moved.period_id, moved.cluster_id, starts_at, chairs=chairs))
    for extension in await extensions.untold(db):
        if extension.period_id in rounds:
            over = at(extension.deadline_on + timedelta(days=1), 0)
            cluster = units[extension.unit_id].cluster_id if extension.unit_id in units else 0
            found.append(Change("extended", extension.period_id, cluster, over, extension.unit_id))
    return found


async def estimates(db: Database, rounds: Sequence[Round], units: Sequence[int]) -> list[Estimate]:
    """How far each of the units is with the figures of each of these estimated rounds."""
    found: list[Estimate] = []
    for round_ in rounds:
        rows = await db.read(
            f"select unit_id, confirmed_at from submission where period_id = ? and state in {FILED}", (round_.id,)
        )
        final = {row[0]: row[1] is not None for row in rows}
        for unit in units:
            state = "none" if unit not in final else "final" if final[unit] else "filed"
            found.append(Estimate(round_.id, unit, state))  # type: ignore[arg-type]  # one of the three
    return found
