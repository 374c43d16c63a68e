"""What waits to be told, read for the plan: changed briefings, new deadlines, estimates not called final."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from reporting.plan.facts import Change, Estimate, PlanRound, PlanUnit, What
from reporting.time.calendar import at, local_day
from storage.database import Database
from storage.engine.instants import instant, stamp
from storage.messages.reminders import SAID
from storage.periods import briefings, extensions
from storage.periods.rounds import Round
from storage.reports.estimates import estimating
from storage.reports.submissions import FILED


async def rounds_changed(db: Database) -> set[int]:
    """The rounds of which there is a change to be told, by id."""
    moved = {m.period_id for m in await briefings.untold(db)}
    off = {c.briefing.period_id for c in await briefings.cancelled(db)}
    return moved | off | {e.period_id for e in await extensions.untold(db)}


async def changes(
    db: Database, now: datetime, rounds: Mapping[int, PlanRound], units: Mapping[int, PlanUnit]
) -> list[Change]:
    """Changes of these rounds that those concerned have not heard of."""
    found: list[Change] = []
    what: What
    for moved in await briefings.untold(db):
        if moved.period_id in rounds:
            rows = await db.read("select starts_at from briefing where id = ?", (moved.id,))
            starts_at = instant(rows[0][0])
            chairs = await briefings.chairs(db, moved.id, local_day(now))
            what = "place" if moved.was_at == starts_at else "moved"
            found.append(Change(what, moved.period_id, moved.cluster_id, starts_at, chairs=chairs))
    for off in await briefings.cancelled(db):
        was = off.briefing
        if was.period_id in rounds:
            found.append(Change("cancelled", was.period_id, was.cluster_id, was.starts_at, chairs=off.chairs))
    for one in await briefings.chairs_untold(db, now):
        if one.period_id in rounds:
            what = "no_chair" if one.ended else "chair"
            found.append(Change(what, one.period_id, one.cluster_id, one.starts_at, chairs=(one.person_id,)))
    for extension in await extensions.untold(db):
        if extension.period_id in rounds:
            over = at(extension.deadline_on + timedelta(days=1), 0)
            cluster = units[extension.unit_id].cluster_id if extension.unit_id in units else 0
            found.append(Change("extended", extension.period_id, cluster, over, extension.unit_id))
    return found


async def heard(db: Database, changed: Sequence[Change], today: date) -> tuple[set[tuple[int, int]], set[int]]:
    """(the units, by round and unit, that were told of a round that has changed, the persons who have had a message
    today that was no reminder and no answer)."""
    if not changed:
        return set(), set()
    found = set[tuple[int, int]]()
    for round_id in {one.round_id for one in changed}:
        rows = await db.read(
            f"select distinct unit_id from reminder where period_id = ? and state in {SAID}", (round_id,)
        )
        found |= {(round_id, row[0]) for row in rows}
    rows = await db.read(
        "select distinct a.person_id from outbox o join account a on a.channel = o.channel and a.chat_id = o.chat_id"
        " where o.kind in ('notice', 'question', 'digest') and o.state <> 'cancelled' and o.created_at >= ?",
        (stamp(at(today, 0)),),
    )
    return found, {row[0] for row in rows}


async def estimates(db: Database, rounds: Sequence[Round], units: Sequence[int], day: str) -> list[Estimate]:
    """How far each of the units whose figures are estimates is with those of each of these rounds, on that day (ISO)."""
    found: list[Estimate] = []
    for round_ in rounds:
        rows = await db.read(
            f"select unit_id, confirmed_at from submission where period_id = ? and state in {FILED}", (round_.id,)
        )
        final = {row[0]: row[1] is not None for row in rows}
        asked = await estimating(db, round_.id, day)
        for unit in (unit for unit in units if unit in asked):
            state = "unfiled" if unit not in final else "final" if final[unit] else "filed"
            found.append(Estimate(round_.id, unit, state))  # type: ignore[arg-type]  # one of the three
    return found
