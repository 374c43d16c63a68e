"""Which units' figures of a period are estimates; the reports of the others are final as they are sent."""

from datetime import datetime

from reporting.time.calendar import at, local_day
from reporting.time.deadlines import Terms
from storage.database import Database, Statement
from storage.engine.instants import stamp
from storage.reports import running
from storage.reports.submissions import FILED

# Whether the figures of the member `m` of a cluster are estimates in the period `p`; Terms says how that is written.
ESTIMATES = (
    "(p.estimated = 1 and (p.estimates_of = 'all' or exists (select 1 from cluster ec where ec.id = m.cluster_id"
    " and replace(p.estimates_of, ',#' || ec.code || ',', '') <> p.estimates_of)))"
)
# The reports of the period by the members of a cluster on a day, with what they are.
_REPORTS = (
    "select 1 from period p join cluster_member m on m.unit_id = submission.unit_id and m.valid_from_on <= ?"
    " and (m.valid_to_on is null or m.valid_to_on >= ?) where p.id = submission.period_id and p.estimated = 1"
)


async def estimating(db: Database, period_id: int, day: str) -> set[int]:
    """Ids of the units whose figures of the period are estimates, of those that live on that day (ISO)."""
    rows = await db.read(
        "select m.unit_id from cluster_member m join period p on p.id = ?"
        f" where m.valid_from_on <= ? and (m.valid_to_on is null or m.valid_to_on >= ?) and {ESTIMATES}",
        (period_id, day, day),
    )
    return {row[0] for row in rows}


async def confirmations(db: Database, period_id: int, cluster_id: int | None, day: str) -> tuple[int, int]:
    """(filed, confirmed) reports of those units, of a cluster's or of the province's (None)."""
    rows = await db.read(
        "select count(*), count(s.confirmed_at) from submission s join period p on p.id = s.period_id"
        " join cluster_member m on m.unit_id = s.unit_id and m.valid_from_on <= ?"
        " and (m.valid_to_on is null or m.valid_to_on >= ?)"
        f" where p.id = ? and s.state in {FILED} and (cast(? as bigint) is null or m.cluster_id = ?) and {ESTIMATES}",
        (day, day, period_id, cluster_id, cluster_id),
    )
    return rows[0][0], rows[0][1]


def final_as_sent(period_id: int, unit_id: int, day: str, now: datetime) -> Statement:
    """A report that is no estimate, of a period in which those of other clusters are, is final with its sending."""
    return (
        "update submission set confirmed_at = ? where period_id = ? and unit_id = ? and confirmed_at is null"
        f" and exists ({_REPORTS} and not {ESTIMATES})",
        (stamp(now), period_id, unit_id, day, day),
    )


def followed(period_id: int, terms: Terms, now: datetime) -> list[Statement]:
    """The same for all that is filed, once others give estimates than before; the sums follow.

    Nobody calls figures final before that is asked: what is marked so earlier was no estimate.
    """
    asked_at = stamp(at(terms.confirm_from_on, 0)) if terms.confirm_from_on else 0
    day = local_day(now).isoformat()
    return [
        running.hold(period_id),
        (
            f"update submission set confirmed_at = ?, rev = rev + 1 where period_id = ? and state in {FILED}"
            f" and confirmed_at is null and exists ({_REPORTS} and not {ESTIMATES})",
            (stamp(now), period_id, day, day),
        ),
        (
            "update submission set confirmed_at = null, rev = rev + 1 where period_id = ? and confirmed_at < ?"
            f" and exists ({_REPORTS} and {ESTIMATES})",
            (period_id, asked_at, day, day),
        ),
        *running.recount_of(period_id),
    ]
