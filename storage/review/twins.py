"""A unit's figures in, those that another unit has reported just so out: perhaps one event, counted twice."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from reporting.dialogue import life
from reporting.organisation.part import Part
from storage.database import Database, Statement
from storage.organisation.names import told_apart
from storage.reports import running
from storage.reports.counted import units_of
from storage.reports.submissions import in_sql

# A reviewer who accepts a report has judged what stands out in it.
_UNJUDGED = in_sql([state for state in life.COUNTED if state not in life.CLOSED])
_TODAY = "{0}.valid_from_on <= ? and ({0}.valid_to_on is null or {0}.valid_to_on >= ?)"


@dataclass(frozen=True, slots=True)
class Twin:
    """A figure, and the unit that has sent the same one before: its id and name."""

    indicator: str
    unit_id: int
    unit: str


async def twins(
    db: Database,
    period_id: int,
    unit_id: int,
    figures: Mapping[str, tuple[int, Collection[str]]],
    today: date,
) -> list[Twin]:
    """Of these figures (amount, traces), those that another unit has sent in the period: the unit above or one below it, or
    one of the same cluster that names the same week or place beside it. Others easily have the same number.

    A figure that was said to be another event, or to be right, is not told again as long as it is that number.
    """
    found = [*await _near(db, period_id, unit_id, figures), *await _beside(db, period_id, unit_id, figures, today)]
    return list({twin.indicator: twin for twin in reversed(found)}.values())


_SETTLED = (
    " and not exists (select 1 from event e where e.unit_id = ? and e.period_id = s.period_id"
    " and e.action in ('value.apart', 'value.stands') and e.subject = v.indicator"
    " and (e.new is null or e.new in (cast(v.amount as text), '~' || cast(v.amount as text))))"
    " order by v.indicator, s.submitted_at, u.code"
)


async def _near(
    db: Database, period_id: int, unit_id: int, figures: Mapping[str, tuple[int, Collection[str]]]
) -> list[Twin]:
    if not figures:
        return []
    same = " or ".join(["(v.indicator = ? and v.amount = ?)"] * len(figures))
    rows = await db.read(
        f"select v.indicator, u.id, {told_apart('u')} from unit u"
        " join submission s on s.unit_id = u.id and s.period_id = ?"
        " join value v on v.period_id = s.period_id and v.unit_id = s.unit_id"
        " where u.id in (select parent_id from unit where id = ? union all select id from unit where parent_id = ?)"
        f" and {running.counts()} and ({same}){_SETTLED}",
        (
            period_id, unit_id, unit_id,
            *(part for code, (amount, _) in figures.items() for part in (code, amount)), unit_id,
        ),
    )  # fmt: skip
    return [Twin(*row) for row in rows]


async def _beside(
    db: Database, period_id: int, unit_id: int, figures: Mapping[str, tuple[int, Collection[str]]], today: date
) -> list[Twin]:
    said = [(code, amount, one) for code, (amount, traces) in figures.items() for one in sorted(traces)]
    if not said:
        return []
    day = today.isoformat()
    home = (
        "select coalesce(m.cluster_id, n.cluster_id) from unit x"
        f" left join cluster_member m on m.unit_id = x.id and {_TODAY.format('m')}"
        f" left join cluster_member n on n.unit_id = x.parent_id and {_TODAY.format('n')} where x.id ="
    )
    same = " or ".join(["(t.indicator = ? and v.amount = ? and t.said = ?)"] * len(said))
    rows = await db.read(
        f"select v.indicator, u.id, {told_apart('u')} from trace t"
        " join value v on v.period_id = t.period_id and v.unit_id = t.unit_id and v.indicator = t.indicator"
        " join submission s on s.period_id = t.period_id and s.unit_id = t.unit_id join unit u on u.id = t.unit_id"
        f" where t.period_id = ? and t.unit_id <> ? and {running.counts()} and ({same})"
        f" and ({home} u.id) = ({home} ?){_SETTLED}",
        (
            period_id, unit_id, *(part for one in said for part in one),
            day, day, day, day, day, day, day, day, unit_id, unit_id,
        ),
    )  # fmt: skip
    return [Twin(*row) for row in rows]


def said_apart(period_id: int, unit_id: int, indicator: str) -> Statement:
    """The figure is no longer marked as perhaps another unit's."""
    return (
        "delete from finding where period_id = ? and unit_id = ? and indicator = ? and rule = 'twin'",
        (period_id, unit_id, indicator),
    )


async def doubled(db: Database, period_id: int, part: Part, today: date) -> dict[str, list[int]]:
    """By indicator the amounts that the part's sums perhaps hold twice: nobody has said or judged whose they are."""
    rows = await db.read(
        "select f.indicator, v.amount, f.unit_id, f.with_id from finding f"
        " join value v on v.period_id = f.period_id and v.unit_id = f.unit_id and v.indicator = f.indicator"
        " join submission s on s.period_id = f.period_id and s.unit_id = f.unit_id"
        " join submission o on o.period_id = f.period_id and o.unit_id = f.with_id"
        " join value w on w.period_id = f.period_id and w.unit_id = f.with_id and w.indicator = f.indicator"
        f" where f.period_id = ? and f.rule = 'twin' and s.state in {_UNJUDGED}"
        f" and {running.counts()} and {running.counts('w', 'o')}"
        " order by f.indicator, f.unit_id",
        (period_id,),
    )
    within = await units_of(db, part, today) if rows else None
    found: dict[str, list[int]] = {}
    for code, amount, unit_id, with_id in rows:
        if within is None or {unit_id, with_id} <= within:
            found.setdefault(code, []).append(amount)
    return found
