"""A change of a unit's report in; the same change with the statements that keep the running sums true, out.

Whoever changes a figure that counts, or whether a report counts, does it between `around`: the report's own figures are
taken out of the sums, and put back as they then stand. Both happen in the unit of work that makes the change. What the
sums have to be is `_counted` over all reports; `differences` tells where they are not.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from reporting.dialogue import life
from reporting.figures.catalogue import Catalogue
from reporting.figures.totals import Pair, Sums, Total, added_up
from storage.database import Database, Statement

COUNTED = f"({', '.join(repr(state) for state in life.COUNTED)})"
FILED = f"({', '.join(repr(state) for state in life.FILED)})"
FINAL = "case when s.confirmed_at is null then 0 else 1 end"


def counts(value: str = "v", report: str = "s") -> str:
    """A condition of SQL: the value's row counts, as its report does and it was not given back to its unit.

    Only of a report that came back is looked for what was: of the others nothing waits.
    """
    waits = (
        f"select 1 from returned b where b.period_id = {value}.period_id and b.unit_id = {value}.unit_id"
        f" and b.indicator = {value}.indicator and b.answered_at is null"
    )
    return f"({report}.state in {FILED} or ({report}.state = '{life.GIVEN_BACK}' and not exists ({waits})))"


def _counted(sign: str, where: str) -> str:
    """Each counted figure, and each rate of a unit that gave both of its counts, as a row of running_total."""
    return (
        f"select s.period_id as period_id, v.indicator as indicator, {FINAL} as final, {sign}v.amount as amount,"
        f" 0 as whole, {sign}v.approx as approx, {sign}1 as units from submission s"
        " join value v on v.period_id = s.period_id and v.unit_id = s.unit_id"
        f" where {counts()} and v.indicator not in (select indicator from rate){where}"
        f" union all select s.period_id, r.indicator, {FINAL}, {sign}v.amount, {sign}w.amount,"
        f" {sign}(v.approx + w.approx), {sign}1 from submission s"
        " cross join rate r join value v on v.period_id = s.period_id and v.unit_id = s.unit_id and v.indicator = r.part"
        " join value w on w.period_id = s.period_id and w.unit_id = s.unit_id and w.indicator = r.whole"
        f" where {counts()} and {counts('w')}{where}"
    )


_COLUMNS = "(period_id, indicator, final, amount, whole, approx, units)"


def _summed(counted: str) -> str:
    return (
        "select period_id, indicator, final, cast(sum(amount) as bigint) as amount, cast(sum(whole) as bigint) as whole,"
        f" cast(sum(approx) as bigint) as approx, cast(sum(units) as bigint) as units from ({counted}) c"
        " group by period_id, indicator, final"
    )


_RECOUNTED = _summed(_counted("", ""))


def _moved(sign: str, period_id: int, unit_id: int) -> Statement:
    """The unit's own figures into the sums, or out of them: rows in the order of their keys, so that two never wait
    for each other.
    """
    own = " and s.period_id = ? and s.unit_id = ?"
    return (
        f"insert into running_total {_COLUMNS} {_counted(sign, own)} order by 2, 3"
        " on conflict (period_id, indicator, final) do update set amount = running_total.amount + excluded.amount,"
        " whole = running_total.whole + excluded.whole, approx = running_total.approx + excluded.approx,"
        " units = running_total.units + excluded.units",
        (period_id, unit_id, period_id, unit_id),
    )


def hold(period_id: int) -> Statement:
    """Waits until nobody else is changing the period's counted figures, and keeps others from it until the commit."""
    return ("update period set state = state where id = ?", (period_id,), 1)


def around(period_id: int, unit_id: int, changes: Sequence[Statement]) -> list[Statement]:
    """The changes of one unit's report, with the sums of the period kept true."""
    return [hold(period_id), _moved("-", period_id, unit_id), *changes, _moved("", period_id, unit_id)]


def recount() -> list[Statement]:
    """All sums anew from the figures themselves, while nobody changes one."""
    return [
        ("update period set state = state", ()),
        ("delete from running_total", ()),
        (f"insert into running_total {_COLUMNS} {_RECOUNTED}", ()),
    ]


def recount_of(period_id: int) -> list[Statement]:
    """The sums of one period anew, within `hold`."""
    counted = _counted("", " and s.period_id = ?")
    return [
        ("delete from running_total where period_id = ?", (period_id,)),
        (f"insert into running_total {_COLUMNS} {_summed(counted)}", (period_id, period_id)),
    ]


async def keep_rates(db: Database, catalogue: Catalogue) -> None:
    """Has the parts of the catalogue's rates summed from now on; recounts everything where they were others."""
    wanted = sorted(
        (one.code, one.numerator, one.denominator)
        for one in catalogue.indicators.values()
        if one.is_rate and one.numerator and one.denominator
    )
    if await _rates(db) == wanted:
        return
    rows: list[Statement] = [("update period set state = state", ()), ("delete from rate", ())]
    rows += [("insert into rate (indicator, part, whole) values (?, ?, ?)", rate) for rate in wanted]
    await db.write([*rows, *recount()])


async def _rates(db: Database) -> list[tuple[str, str, str]]:
    rows = await db.read("select indicator, part, whole from rate order by indicator")
    return [(row[0], row[1], row[2]) for row in rows]


@dataclass(frozen=True, slots=True)
class PeriodSums:
    """The province's sums of one period. final: those of the reports called final, a part of `every`."""

    every: Sums
    final: Sums


async def kept(
    db: Database, period_ids: Sequence[int], pairs: Sequence[Pair]
) -> tuple[dict[int, PeriodSums], list[Pair]]:
    """(by period the sums over all counted reports; the rates whose parts are not summed here).

    pairs: (numerator, denominator) of the rates that are wanted.
    """
    known = {(part, whole) for _, part, whole in await _rates(db)}
    rows = await db.read(
        "select t.period_id, t.indicator, t.final, t.amount, t.whole, t.approx, t.units, r.part, r.whole"
        " from running_total t left join rate r on r.indicator = t.indicator"
        f" where t.period_id in ({', '.join('?' * len(period_ids))}) and t.units > 0",
        period_ids,
    )
    found = {period_id: (Sums({}, {}), Sums({}, {})) for period_id in period_ids}
    for period_id, code, final, amount, whole, approx, units, part, count in rows:
        total, into = Total(amount, approx > 0, units), found[period_id][final]
        if part is None:
            into.counts[code] = total
        elif (part, count) in pairs:
            into.parts[part, count] = (total, Total(whole, approx > 0, units))
    both = {period_id: PeriodSums(added_up((other, final)), final) for period_id, (other, final) in found.items()}
    return both, [pair for pair in pairs if pair not in known]


async def differences(db: Database) -> list[str]:
    """Where the running sums are not what a recount gives: one line each, the period and the indicator in it."""
    rows = await db.read(
        f"with again as ({_RECOUNTED}), kept as (select * from running_total where units <> 0 or amount <> 0)"
        " select p.code, x.indicator, coalesce(x.kept, 0), coalesce(x.again, 0) from ("
        "  select a.period_id, a.indicator, k.amount as kept, a.amount as again from again a left join kept k"
        "   on k.period_id = a.period_id and k.indicator = a.indicator and k.final = a.final"
        "   where k.amount is null or k.amount <> a.amount or k.whole <> a.whole or k.approx <> a.approx"
        "   or k.units <> a.units"
        "  union all select k.period_id, k.indicator, k.amount, 0 from kept k where not exists (select 1 from again a"
        "   where a.period_id = k.period_id and a.indicator = k.indicator and a.final = k.final)"
        " ) x join period p on p.id = x.period_id order by p.code, x.indicator"
    )
    return [f"{row[0]} {row[1]}: {row[2]} kept, {row[3]} counted" for row in rows]
