"""Which units owe a period and how the report of each stands, as conditions for queries; the units of one period.

A unit that began after the period was opened does not owe it, unless the office has named it, or decided later who owes.
It takes the place of a unit that has ended and whose heir it is: where that one had sent its report, the heir has; where
it had not, the heir owes it. So does an heir that was there before, in the place of a unit the office had named.
"""

from collections.abc import Mapping
from datetime import date

from reporting.dialogue import life
from reporting.time.owing import ALL
from storage.database import Database

_FILED = f"({', '.join(repr(state) for state in life.FILED)})"

# Whether the unit `ou`, or who took over from it, the member `m` of a cluster, is meant by the decision of the period `p`:
# reporting/time/owing.py says how that is written.
_NAMED = "replace(p.owes, ',' || ou.code || ',', '') <> p.owes"
_MEANT = (
    "(p.owes = 'all' or (p.owes = 'meeting' and ("
    "   exists (select 1 from briefing ob where ob.period_id = p.id and ob.cluster_id = m.cluster_id)"
    # Where none meets, all; but what was called off asks nobody who was not asked before.
    "   or (not exists (select 1 from briefing ob where ob.period_id = p.id)"
    "     and not exists (select 1 from cancelled_briefing ob where ob.period_id = p.id))))"
    " or exists (select 1 from cluster oc where oc.id = m.cluster_id"
    "   and replace(p.owes, ',#' || oc.code || ',', '') <> p.owes)"
    " or replace(p.owes, ',@' || ou.level || ',', '') <> p.owes)"
)
_BEGAN = "(p.opened_on is null or ou.valid_from_on <= p.opened_on or ou.valid_from_on <= p.owes_on)"
_OWN = f"({_NAMED} or ({_BEGAN} and {_MEANT}))"
_ITSELF = f"exists (select 1 from unit ou where ou.id = m.unit_id and {_OWN})"


def _before(day: str, where: str) -> str:
    """Whether the member took over, by that day, from a unit that owed the period itself and of which the rest holds:
    ot.sent, whether that one's report was sent, by itself or by another that had taken over from it.
    """
    sent = (
        "exists (select 1 from submission os where os.period_id = p.id and os.unit_id = ox.unit_id"
        f" and os.state in {_FILED}) then 1 else 0 end"
    )
    ended = f"join unit oe on oe.id = ox.unit_id and oe.valid_to_on < '{date.fromisoformat(day)}' where ox.position = 0"
    return (
        "exists (select 1 from succession of_it where of_it.successor_id = m.unit_id and of_it.position = 0)"
        " and exists (with recursive taken (id, sent) as ("
        f"  select ox.unit_id, case when {sent} from succession ox {ended} and ox.successor_id = m.unit_id"
        f"  union select ox.unit_id, case when ot.sent = 1 or {sent} from taken ot join succession ox on ox.successor_id = ot.id {ended})"
        f" select 1 from taken ot join unit ou on ou.id = ot.id where {_OWN}{where})"
    )


def owes_on(day: str) -> str:
    """Whether the member `m` of a cluster owes the period `p` on that day (ISO), sent or not."""
    return f"({_ITSELF} or ({_before(day, '')}))"


def state_on(day: str) -> str:
    """The state of the report that `m` owes in `p`: that of its submission `s`, or of those it took over."""
    return (
        f"(case when s.state in {_FILED} then s.state when not {_ITSELF} and {_before(day, ' and ot.sent = 1')}"
        f" and not ({_before(day, ' and ot.sent = 0')}) then '{life.SUBMITTED}' else s.state end)"
    )


async def members(db: Database, owes: str, today: date, period_id: int = 0) -> dict[int, int]:
    """The units that a decision means, each with its cluster, by ids; period_id: of the period, 0 where it is not there
    yet."""
    day = today.isoformat()
    rows = await db.read(
        "select m.unit_id, m.cluster_id from (select cast(? as text) as owes, cast(? as bigint) as id,"
        " cast(null as text) as opened_on, cast(null as text) as owes_on) p, cluster_member m"
        f" where m.valid_from_on <= ? and (m.valid_to_on is null or m.valid_to_on >= ?) and {owes_on(day)}",
        (owes, period_id, day, day),
    )
    return {row[0]: row[1] for row in rows}


async def owing(db: Database, period_id: int, owes: str, today: date) -> Mapping[int, int] | None:
    """The units that owe the period, each with its cluster, by ids; None where every unit of a cluster does.

    owes: the decision, as the period's row keeps it.
    """
    day = today.isoformat()
    if owes == ALL and not await db.read(
        "select 1 from period p join unit ou on ou.valid_from_on <= ? and (ou.valid_to_on is null or ou.valid_to_on >= ?)"
        f" where p.id = ? and not {_BEGAN} limit 1",
        (day, day, period_id),
    ):
        return None
    rows = await db.read(
        "select m.unit_id, m.cluster_id from cluster_member m join period p on p.id = ?"
        f" where m.valid_from_on <= ? and (m.valid_to_on is null or m.valid_to_on >= ?) and {owes_on(day)}",
        (period_id, day, day),
    )
    return {row[0]: row[1] for row in rows}


async def filed(db: Database, period_id: int, today: date) -> set[int]:
    """The units whose report of the period is sent, by themselves or by those they took over from."""
    day = today.isoformat()
    rows = await db.read(
        f"select unit_id from submission where period_id = ? and state in {_FILED}"
        " union select m.unit_id from cluster_member m join succession x on x.successor_id = m.unit_id and x.position = 0"
        " join period p on p.id = ? left join submission s on s.period_id = p.id and s.unit_id = m.unit_id"
        f" where m.valid_from_on <= ? and (m.valid_to_on is null or m.valid_to_on >= ?) and {state_on(day)} in {_FILED}",
        (period_id, period_id, day, day),
    )
    return {row[0] for row in rows}
