"""Which units owe a period, by the office's decision: a condition for queries, and the units and clusters of one period."""

from collections.abc import Mapping
from datetime import date

from reporting.time.owing import ALL
from storage.database import Database

# Whether the member `m` of a cluster owes the period `p`: reporting/time/owing.py says how a decision is written.
OWES = (
    "(p.owes = 'all' or (p.owes = 'meeting' and ("
    "   exists (select 1 from briefing ob where ob.period_id = p.id and ob.cluster_id = m.cluster_id)"
    # Where none meets, all; but what was called off asks nobody who was not asked before.
    "   or (not exists (select 1 from briefing ob where ob.period_id = p.id)"
    "     and not exists (select 1 from cancelled_briefing ob where ob.period_id = p.id))))"
    " or exists (select 1 from cluster oc where oc.id = m.cluster_id"
    "   and replace(p.owes, ',#' || oc.code || ',', '') <> p.owes)"
    " or exists (select 1 from unit ou where ou.id = m.unit_id and (replace(p.owes, ',' || ou.code || ',', '') <> p.owes"
    "   or replace(p.owes, ',@' || ou.level || ',', '') <> p.owes)))"
)


async def members(db: Database, owes: str, today: date, period_id: int = 0) -> dict[int, int]:
    """The units that a decision means, each with its cluster, by ids; period_id: of the period, 0 where it is not there
    yet."""
    day = today.isoformat()
    rows = await db.read(
        "select m.unit_id, m.cluster_id from (select cast(? as text) as owes, cast(? as bigint) as id) p, cluster_member m"
        f" where m.valid_from_on <= ? and (m.valid_to_on is null or m.valid_to_on >= ?) and {OWES}",
        (owes, period_id, day, day),
    )
    return {row[0]: row[1] for row in rows}


async def owing(db: Database, period_id: int, owes: str, today: date) -> Mapping[int, int] | None:
    """The units that owe the period, each with its cluster, by ids; None where every unit of a cluster does.

    owes: the decision, as the period's row keeps it.
    """
    if owes == ALL:
        return None
    day = today.isoformat()
    rows = await db.read(
        "select m.unit_id, m.cluster_id from cluster_member m join period p on p.id = ?"
        f" where m.valid_from_on <= ? and (m.valid_to_on is null or m.valid_to_on >= ?) and {OWES}",
        (period_id, day, day),
    )
    return {row[0]: row[1] for row in rows}
