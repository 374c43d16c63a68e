"""Periods and a part of the province in, what its reports add up to and how many units that is out.

The rule, whichever way it is asked: a report counts once its state does (`life.COUNTED`), without figures that were
given back and wait for an answer (`running.counts`), at its unit, which after a
merger is the heir, and so in that unit's cluster and in every unit above it. A unit above the branches reports what it
did itself, so what it has in all is its own report and those of the units below it, and nothing twice. Pure, over a
whole organisation: `Organisation.path` and `reporting/figures/totals.py:summed`.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from reporting.dialogue import life
from reporting.figures.catalogue import Catalogue
from reporting.figures.totals import Coverage, Pair, Sums, Total, added_up, rate_parts
from reporting.figures.values import Value
from reporting.organisation.listed import ListedUnit
from reporting.organisation.part import WHOLE, Part
from storage.database import Database
from storage.organisation import below
from storage.organisation.homes import with_homes
from storage.organisation.names import listed
from storage.organisation.owing import owes_on, state_on
from storage.reports import running
from storage.reports.running import COUNTED, FILED, FINAL, PeriodSums, counts

_BACK = f"('{life.GIVEN_BACK}')"
_HOW_MANY = "cast(coalesce(sum(case when {} in {} then 1 else 0 end), 0) as bigint)"


@dataclass(frozen=True, slots=True)
class _Within:
    """A condition on a unit's column of a query, with what the query needs before it."""

    day: str
    cluster_id: int | None
    unit_ids: Sequence[int] | None

    def query(self, text: str, column: str, *params: Any) -> tuple[str, tuple[Any, ...]]:
        """The text, which ends in its conditions, kept to these units. params: of the text."""
        if self.cluster_id is not None:
            text = f"{text} and {column} in (select unit_id from home where cluster_id = ?)"
            text, before = with_homes(text, self.day)
            return text, (*before, *params, self.cluster_id)
        if self.unit_ids is not None:
            text = f"{text} and {column} in ({', '.join('?' * len(self.unit_ids))})"
            return text, (*params, *self.unit_ids)
        return text, params


async def _within(db: Database, part: Part, day: date) -> _Within:
    unit_ids = None if part.unit_id is None else [part.unit_id]
    if part.unit_id is not None and not part.alone:
        unit_ids = await below.counted_at(db, part.unit_id, day)
    return _Within(day.isoformat(), part.cluster_id, unit_ids)


async def units_of(db: Database, part: Part, day: date) -> set[int] | None:
    """Ids of the units whose reports count in the part on that day; None for the whole province: every unit."""
    if part == WHOLE:
        return None
    text, params = (await _within(db, part, day)).query("select u.id from unit u where 1 = 1", "u.id")
    return {row[0] for row in await db.read(text, params)}


async def sums(
    db: Database, catalogue: Catalogue, period_ids: Sequence[int], part: Part, day: date
) -> dict[int, PeriodSums]:
    """By period: the sums of the part as it is on `day`, and those of the reports whose estimates were called final.

    The whole province's are kept; a cluster's or a unit's are summed from its own few units.
    """
    pairs = rate_parts(catalogue)
    if part == WHOLE:
        found, missing = await running.kept(db, period_ids, pairs)
        if not missing:
            return found
        within = _Within("", None, None)
        return {
            period_id: PeriodSums(*(
                Sums(one.counts, one.parts | rates)
                for one, rates in zip((kept.every, kept.final), await _rates(db, period_id, within, missing), strict=True)
            ))
            for period_id, kept in found.items()
        }  # fmt: skip
    within = await _within(db, part, day)
    return {period_id: await _summed(db, period_id, within, pairs) for period_id in period_ids}


async def _summed(db: Database, period_id: int, within: _Within, pairs: Sequence[Pair]) -> PeriodSums:
    text, params = within.query(
        f"select v.indicator, {FINAL}, cast(sum(v.amount) as bigint), max(v.approx), count(*) from value v"
        " join submission s on s.period_id = v.period_id and s.unit_id = v.unit_id"
        f" where v.period_id = ? and {counts()}",
        "v.unit_id",
        period_id,
    )
    found: tuple[dict[str, Total], dict[str, Total]] = ({}, {})
    for code, final, amount, approx, units in await db.read(f"{text} group by v.indicator, {FINAL}", params):
        found[final][code] = Total(amount, bool(approx), units)
    given = {code for one in found for code in one}
    wanted = [pair for pair in pairs if given.issuperset(pair)]
    rates = await _rates(db, period_id, within, wanted)
    other, final = (Sums(one, parts) for one, parts in zip(found, rates, strict=True))
    return PeriodSums(added_up((other, final)), final)


_Parts = dict[Pair, tuple[Total, Total]]


async def _rates(db: Database, period_id: int, within: _Within, pairs: Sequence[Pair]) -> tuple[_Parts, _Parts]:
    """Of each pair both sums over the units that gave both; of reports not called final, and of those that were."""
    found: tuple[_Parts, _Parts] = ({}, {})
    for part, whole in pairs:
        text, params = within.query(
            f"select {FINAL}, count(*), cast(sum(v.amount) as bigint), cast(sum(w.amount) as bigint),"
            " max(v.approx + w.approx) from value v"
            " join value w on w.period_id = v.period_id and w.unit_id = v.unit_id and w.indicator = ?"
            " join submission s on s.period_id = v.period_id and s.unit_id = v.unit_id"
            f" where v.indicator = ? and v.period_id = ? and {counts()} and {counts('w')}",
            "v.unit_id",
            whole, part, period_id,
        )  # fmt: skip
        for final, units, amount, count, approx in await db.read(f"{text} group by {FINAL}", params):
            found[final][part, whole] = (Total(amount, approx > 0, units), Total(count, approx > 0, units))
    return found


async def by_unit(
    db: Database, period_id: int, codes: Sequence[str], part: Part, day: date, of: Collection[int] | None = None
) -> list[tuple[int, dict[str, Value]]]:
    """(unit, its counted figures of these indicators) of each report of the part; of a unit that has ended its heir.

    of: only those of these units are read, and of the ones they took over from.
    """
    rows = await db.read(
        "select x.unit_id, x.successor_id from succession x join unit u on u.id = x.unit_id"
        " where x.position = 0 and u.valid_to_on < ?",
        (day.isoformat(),),
    )
    heirs = {row[0]: row[1] for row in rows}

    def heir(unit_id: int) -> int:
        while unit_id in heirs:
            unit_id = heirs[unit_id]
        return unit_id

    within = await _within(db, part, day)
    if of is not None and len(of) <= below.MOST_TOGETHER:
        wanted = {*of, *(one for one in heirs if heir(one) in of)}
        inside = await units_of(db, part, day)
        kept = sorted(wanted if inside is None else wanted & inside)
        if not kept:
            return []
        within = _Within(day.isoformat(), None, kept)
    text, params = within.query(
        "select v.unit_id, v.indicator, v.amount, v.approx from value v"
        " join submission s on s.period_id = v.period_id and s.unit_id = v.unit_id"
        f" where v.period_id = ? and v.indicator in ({', '.join('?' * len(codes))}) and {counts()}",
        "v.unit_id",
        period_id, *codes,
    )  # fmt: skip
    found: dict[int, dict[str, Value]] = {}
    for unit_id, code, amount, approx in await db.read(text, params):
        found.setdefault(unit_id, {})[code] = Value(amount, bool(approx))
    return [(heir(unit_id), values) for unit_id, values in found.items()]


async def towards_targets(
    db: Database, period_ids: Sequence[int], aim_ids: Sequence[int], codes: Sequence[str], day: date
) -> dict[tuple[int, Part, str], Total]:
    """By period, part and count: what each unit and cluster with a target of it has reached, a commune with its branches.

    aim_ids: the periods for which the targets are set. codes: of which counts; of rates see `by_unit`. Only what
    the targets ask for is read.
    """
    if not (codes and period_ids and aim_ids):
        return {}
    at, periods, aims = day.isoformat(), ", ".join("?" * len(period_ids)), ", ".join("?" * len(aim_ids))
    of = f"period_id in ({aims}) and indicator in ({', '.join('?' * len(codes))})"
    total = "cast(sum(v.amount) as bigint), max(v.approx), count(*)"
    # `cross join` has SQLite begin with the targets, of which there are far fewer than figures.
    figures = (
        "cross join value v join submission s on s.period_id = v.period_id and s.unit_id = v.unit_id"
        f" where {counts()} and v.indicator = t.indicator and v.period_id in ({periods}) and v.unit_id ="
    )
    ended = "(coalesce(m.valid_to_on, ?) < ? and exists (select 1 from succession x where x.unit_id = m.id and x.position = 0))"
    here = (
        f"and (m.id = t.unit_id or (m.parent_id = t.unit_id and m.level = 'chi_doan')) and not {ended} group by 1, 2, 4"
    )
    units = (
        f"select v.period_id, t.unit_id, cast(null as bigint), v.indicator, {total}"
        f" from (select distinct unit_id, indicator from target where {of}) t cross join unit m"
    )
    text, before = with_homes(
        f"{units} {figures} m.id {here} union all {units} join heir h on h.at_id = m.id {figures} h.unit_id {here}"
        f" union all select v.period_id, cast(null as bigint), t.cluster_id, v.indicator, {total}"
        f" from (select distinct cluster_id, indicator from cluster_target where {of}) t"
        f" join home h on h.cluster_id = t.cluster_id {figures} h.unit_id group by 1, 3, 4",
        at,
    )
    found: dict[tuple[int, Part, str], Total] = {}
    both = (*aim_ids, *codes, *period_ids, at, at)
    for period_id, unit_id, cluster_id, code, amount, approx, units_ in await db.read(
        text, (*before, *both, *both, *aim_ids, *codes, *period_ids)
    ):
        key = (period_id, Part(unit_id=unit_id, cluster_id=cluster_id), code)
        old = found.get(key, Total(0, False, 0))
        found[key] = Total(old.amount + amount, old.approx or bool(approx), old.units + units_)
    return found


async def coverage(db: Database, period_id: int, part: Part, since: date, day: date) -> Coverage:
    """How many units of the part have filed, of those that owed the period.

    since: the day whose units are meant, today's for a running period, its last day for one that is over. Of them
    those are counted whose reports count in the part on `day`.
    """
    if await _brought_above(db, period_id, part, day):
        found = await owing(db, period_id, part, since, day)
        returned = sum(one.state == life.GIVEN_BACK for one in found)
        return Coverage(sum(one.state in life.FILED for one in found), len(found), returned)
    within = await _within(db, part, day)
    text, params = within.query(
        f"select count(*), {_HOW_MANY.format(state_on(since.isoformat()), FILED)}, {_HOW_MANY.format('s.state', _BACK)}"
        " from cluster_member m join period p on p.id = ?"
        " left join submission s on s.unit_id = m.unit_id and s.period_id = p.id"
        f" where m.valid_from_on <= ? and (m.valid_to_on is null or m.valid_to_on >= ?) and {owes_on(since.isoformat())}",
        "m.unit_id",
        period_id, since.isoformat(), since.isoformat(),
    )  # fmt: skip
    [(count, filed, returned)] = await db.read(text, params)
    return Coverage(filed, count, returned)


async def _brought_above(db: Database, period_id: int, part: Part, day: date) -> set[int]:
    """The units under those of the part whose figures were brought along together with all below."""
    rows = await db.read(
        "select s.unit_id from submission s join unit u on u.id = s.unit_id"
        " where s.period_id = ? and s.imported = 1 and u.level <> 'chi_doan'",
        (period_id,),
    )
    inside = await units_of(db, part, day) if rows else None
    found: set[int] = set()
    for row in rows:
        if inside is None or row[0] in inside:
            found.update(await below.counted_at(db, row[0], day))
    return found


async def owing(db: Database, period_id: int, part: Part, since: date, day: date) -> list[ListedUnit]:
    """The units that `coverage` counts, by code, with the states of their reports; of one whose figures stand at a unit
    above it that of brought ones.
    """
    brought = await _brought_above(db, period_id, part, day)
    text, params = (await _within(db, part, day)).query(
        f"select {listed('u')}, coalesce({state_on(since.isoformat())}, ''), u.id from cluster_member m join unit u on u.id = m.unit_id"
        " join period p on p.id = ? left join submission s on s.unit_id = m.unit_id and s.period_id = p.id"
        f" where m.valid_from_on <= ? and (m.valid_to_on is null or m.valid_to_on >= ?) and {owes_on(since.isoformat())}",
        "m.unit_id",
        period_id, since.isoformat(), since.isoformat(),
    )  # fmt: skip
    return [
        ListedUnit(
            row[0], row[1], row[2], row[3], row[4],
            life.BROUGHT if row[6] in brought and row[5] not in life.FILED else row[5],
        )
        for row in await db.read(f"{text} order by u.code", params)
    ]  # fmt: skip


async def given_back(db: Database, period_id: int, part: Part, day: date) -> dict[str, int]:
    """By indicator, how many figures of the part wait for their unit's answer and are in no sum."""
    rows = await db.read(
        "select b.indicator, b.unit_id from returned b join submission s on s.period_id = b.period_id"
        f" and s.unit_id = b.unit_id where b.period_id = ? and b.answered_at is null and s.state in {_BACK}",
        (period_id,),
    )
    inside = await units_of(db, part, day) if rows else None
    return Counter(code for code, unit_id in rows if inside is None or unit_id in inside)


async def with_nothing(db: Database, period_id: int, code: str, part: Part, day: date) -> tuple[list[ListedUnit], int]:
    """(the part's units that have reported 0 of the indicator, by code; how many that owe the period gave nothing of it)."""
    within = await _within(db, part, day)
    text, params = within.query(
        f"select {listed('u')} from value v join submission s on s.period_id = v.period_id and s.unit_id = v.unit_id"
        " join unit u on u.id = v.unit_id"
        f" where v.period_id = ? and v.indicator = ? and v.amount = 0 and {counts()}",
        "v.unit_id",
        period_id, code,
    )  # fmt: skip
    none = [ListedUnit(*row) for row in await db.read(f"{text} order by u.code", params)]
    text, params = within.query(
        "select count(*) from cluster_member m join period p on p.id = ?"
        " left join submission s on s.unit_id = m.unit_id and s.period_id = p.id"
        f" where m.valid_from_on <= ? and (m.valid_to_on is null or m.valid_to_on >= ?) and {owes_on(day.isoformat())}"
        f" and (coalesce({state_on(day.isoformat())}, '') not in {COUNTED} or (s.state in {COUNTED} and not exists"
        " (select 1 from value v where v.period_id = p.id and v.unit_id = m.unit_id and v.indicator = ?)))",
        "m.unit_id",
        period_id, day.isoformat(), day.isoformat(), code,
    )  # fmt: skip
    [(silent,)] = await db.read(text, params)
    return none, silent


async def first_member(db: Database) -> date | None:
    """The first day on which a unit was in a cluster: of what was before, the database knows no units."""
    rows = await db.read("select min(valid_from_on) from cluster_member")
    return date.fromisoformat(rows[0][0]) if rows[0][0] else None
