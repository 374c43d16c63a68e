"""What counts where: the total of any unit, cluster and the province is the sum of its leaf events, nothing twice."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

import two_clusters
from databases import apart
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from province import CATALOGUE

from reporting.dialogue import life
from reporting.figures.targets import Target
from reporting.figures.totals import Sums, summed, totals
from reporting.figures.values import Value
from reporting.organisation.part import WHOLE, Part
from reporting.organisation.units import ChangeRefused, Organisation, OrgCluster, OrgUnit
from reporting.time.periods import parse_period
from storage.database import Database
from storage.engine.open import open_database
from storage.engine.steps import steps
from storage.organisation import snapshot, targets
from storage.periods import rounds
from storage.reports import counted, returns, running, submissions
from storage.reports.returns import Returned
from storage.review import corrections
from storage.review.corrections import Corrected, Correction

SINCE = date(2025, 7, 1)
DAY = date(2026, 4, 6)
NOW = datetime(2026, 4, 6, 2, 0, tzinfo=UTC)
ASKED = count(1)
# Counts that add up, one that stands, the parts of a rate, and the rate itself as somebody may have typed it.
CODES = ("cay_xanh", "km_thap_sang", "tong_doan_vien", "nguoi_da_kiem_tra_nq", "ti_le_kiem_tra_nq")
WHATS = ("file", "file", "file", "correct", "correct", "take_out", "return", "give_back", "give_back", "accept",
         "confirm", "late", "merge", "move", "cluster", "end", "split")  # fmt: skip
TREES = st.lists(st.integers(0, 3), min_size=1, max_size=3)  # branches of each commune
STEPS = st.lists(
    st.tuples(st.sampled_from(WHATS), st.integers(0, 40), st.integers(0, 40), st.integers(0, 1000), st.booleans()),
    max_size=14,
)


@dataclass
class Ledger:
    """What the test itself knows: each unit's values, and the state of its report."""

    values: dict[int, dict[str, Value]] = field(default_factory=dict)
    state: dict[int, Any] = field(default_factory=dict)
    final: set[int] = field(default_factory=set)
    waits: dict[int, set[str]] = field(default_factory=dict)  # figures given back and not answered
    rev: dict[int, int] = field(default_factory=dict)

    def leaves(self, holds: Callable[[int], bool]) -> Iterator[dict[str, Value]]:
        """The leaf events of the units that `holds` picks."""
        for unit_id, values in self.values.items():
            if self.state[unit_id] in life.COUNTED and holds(unit_id):
                waits = self.waits.get(unit_id, set()) if self.state[unit_id] == life.GIVEN_BACK else set()
                yield {code: value for code, value in values.items() if code not in waits}


def test_every_total_is_the_sum_of_its_leaf_events_whatever_happens(migrated_url: str, engine: str) -> None:
    # The law is the same on both engines; on the dear one it is seen that the statements are.
    @settings(max_examples=30 if engine == "sqlite" else 8, deadline=None, suppress_health_check=list(HealthCheck))
    @given(TREES, STEPS, st.booleans())
    def holds(tree: list[int], steps: list[tuple[str, int, int, int, bool]], rated: bool) -> None:
        apart(_play(migrated_url, tree, steps, rated))

    holds()


async def _play(url: str, tree: list[int], steps: list[tuple[str, int, int, int, bool]], rated: bool) -> None:
    db = await open_database(url)
    try:
        if rated:
            await running.keep_rates(db, CATALOGUE)
        org, period, ledger = await _province(db, tree), 0, Ledger()
        period, day = min(org.units), DAY
        for step in steps:
            day += timedelta(days=step[3] % 3)
            org = await snapshot.load(db)
            try:
                await _step(db, org, period, day, ledger, step)
            except ChangeRefused:
                continue
            await _check(db, await snapshot.load(db), period, day, ledger)
    finally:
        await db.close()


async def _province(db: Database, tree: list[int]) -> Organisation:
    """A province of its own in the database, its communes with so many branches each, in two clusters, and a round."""
    await db.write([(f"delete from {name}", ()) for name in (
        "running_total", "target", "cluster_target", "correction", "returned", "value", "submission", "period",
        "succession", "cluster_member", "cluster",
    )])  # fmt: skip
    await db.write([("update unit set parent_id = null", ()), ("delete from unit", ())])
    ids, org = count(100), await snapshot.load(db)
    top = OrgUnit(next(ids), "T", "Tỉnh", "tinh_doan", None, SINCE)
    org.add(top)
    clusters = [OrgCluster(number, f"C{number}", "Cụm", number, top.id, SINCE) for number in (11, 12)]
    for cluster in clusters:
        org.add_cluster(cluster)
    for number, below in enumerate(tree):
        cluster = clusters[number % 2]
        commune = OrgUnit(next(ids), f"X{number}", "Xã", "doan_co_so", top.id, SINCE)
        branches = [OrgUnit(next(ids), f"B{number}-{n}", "CĐ", "chi_doan", commune.id, SINCE) for n in range(below)]
        for one in (commune, *branches):
            org.add(one)
            org.change_cluster(one.id, cluster.id, SINCE)
    await db.write([rounds.add_period(100, replace(parse_period("2026-Q1")), "open", NOW)])
    await db.write(snapshot.statements(org, None, NOW))
    return org


async def _step(
    db: Database, org: Organisation, period: int, day: date, ledger: Ledger, step: tuple[str, int, int, int, bool]
) -> None:
    what, a, b, number, approx = step
    living = [unit.id for unit in org.units.values() if unit.lives(day) and unit.level != "tinh_doan"]
    if not living:
        return
    one, other = living[a % len(living)], living[b % len(living)]
    if what in ("merge", "move", "cluster", "end", "split"):
        _reorganise(org, what, one, other, day)
        await db.write(snapshot.statements(org, None, NOW))
        return
    rows = _reported(period, one, ledger, what, (CODES[b % len(CODES)], Value(number, approx)))
    if rows:
        await db.write(rows)


def _reorganise(org: Organisation, what: str, one: int, other: int, day: date) -> None:
    match what:
        case "merge":
            if org.units[one].level != org.units[other].level:
                raise ChangeRefused("level", "level")
            org.merge([one], other, day)
        case "move":
            if (org.units[one].level, org.units[other].level) != ("chi_doan", "doan_co_so"):
                raise ChangeRefused("level", "level")
            org.move(one, other)
        case "cluster":
            org.change_cluster(one, 11 + (other % 2), day, with_branches=True)
        case "end":
            if org.below(one):
                raise ChangeRefused("units_left_below", "parent")
            org.end(one, day - timedelta(days=1))
        case "split":
            first = max(org.units) + 1
            same = org.units[one]
            for new in (first, first + 1):
                org.add(OrgUnit(new, f"N{new}", "Mới", same.level, same.parent_id, day))
                org.change_cluster(new, 11 + new % 2, day)
            org.split(one, [first, first + 1], day)


def _reported(period: int, unit: int, ledger: Ledger, what: str, given: tuple[str, Value]) -> list[Any]:
    """The rows of what happens to the unit's report, and the same in the ledger."""
    ids, state, (code, value) = (period, unit), ledger.state.get(unit), given
    values = ledger.values.setdefault(unit, {})
    ledger.state.setdefault(unit, life.NOT_BEGUN)
    if what in ("return", "give_back", "accept", "late", "confirm"):
        return _judged(period, unit, ledger, what, given)
    submits = what == "file" and state not in life.COUNTED
    move = life.move(ledger.state[unit], "submit" if submits else "enter")
    if isinstance(move, life.MoveRefused) or (what == "take_out" and code not in values):
        return []
    rev = ledger.rev.get(unit, 0)
    rows: list[Any] = [submissions.touch(*ids, rev, move.to, 0, NOW)]
    if what == "file" and ledger.waits.get(unit):  # what was given back is answered, and so sent again
        rows += [returns.answered(*ids, waited, "", NOW) for waited in sorted(ledger.waits.pop(unit))]
    elif code in ledger.waits.get(unit, ()):
        ledger.waits[unit].discard(code)
        rows.append(returns.answered(*ids, code, "", NOW))
    if what == "take_out":
        rows += submissions.remove(*ids, code, values.pop(code), 0, NOW)
    else:
        rows += submissions.put(*ids, code, value, values.get(code), None, NOW)
        values[code] = value
    ledger.state[unit], ledger.rev[unit] = move.to, rev + 1
    return running.around(*ids, rows) if move.to in life.COUNTED else rows


def _judged(period: int, unit: int, ledger: Ledger, what: str, given: tuple[str, Value]) -> list[Any]:
    """What others do to the report, or the unit with their yes."""
    ids, (code, value), values = (period, unit), given, ledger.values[unit]
    if what == "give_back":
        return _given_back(period, unit, ledger)
    if what in ("return", "accept"):
        act: Any = what
        if isinstance(judged := life.move(ledger.state[unit], act), life.Move):  # else nothing happens
            ledger.state[unit] = judged.to
            ledger.rev[unit] += 1
            ledger.final -= {unit} if what == "return" else set()
        return submissions.act_on(*ids, act)
    if what == "late":  # the period is locked, the unit asks and the office agrees
        amended = life.move(ledger.state[unit], "amend")
        if isinstance(amended, life.MoveRefused):
            return []
        figure = Corrected(code, values.get(code), value)
        asked = Correction(next(ASKED), period, "2026-Q1", unit, "", (figure,), "", None)
        values[code] = value
        ledger.rev[unit] += 1
        approved = corrections.approve(asked, ledger.rev[unit] - 1, ledger.state[unit], None, NOW)
        ledger.state[unit] = amended.to  # of a draft: the late answer to a count files it
        return [*corrections.ask(asked, NOW), *approved]
    if ledger.state[unit] in life.COUNTED:
        ledger.final.add(unit)
        ledger.rev[unit] += 1
        return submissions.confirm_final(*ids, ledger.rev[unit] - 1, NOW)
    return []


def _given_back(period: int, unit: int, ledger: Ledger) -> list[Any]:
    """A reviewer gives one figure back."""
    waits, values = ledger.waits.setdefault(unit, set()), ledger.values[unit]
    moved = life.move(ledger.state[unit], "return")
    code = next((code for code in values if code not in waits), "")
    if isinstance(moved, life.MoveRefused) or not code:
        return []
    ledger.state[unit] = moved.to
    ledger.rev[unit] += 1
    ledger.final -= {unit}
    waits.add(code)
    one = Returned(next(ASKED), period, unit, code, values[code], "vì sao", DAY, None, NOW, None, "")
    return [*submissions.act_on(period, unit, "return"), *running.around(period, unit, [returns.give_back(one)])]


async def _check(db: Database, org: Organisation, period: int, day: date, ledger: Ledger) -> None:
    async def sums(part: Part) -> Sums:
        return (await counted.sums(db, CATALOGUE, [period], part, day))[period].every

    def told(sums: Sums) -> tuple[Any, Any]:
        """A rate is told by its code, a hand-typed one not at all: what it was made of is compared, too."""
        return totals(CATALOGUE, sums), {pair: tuple(parts) for pair, parts in sums.parts.items()}

    leaves = summed(CATALOGUE, ledger.leaves(lambda _: True))
    assert told(await sums(WHOLE)) == told(leaves)
    for unit in org.units.values():
        if unit.lives(day):
            events = ledger.leaves(lambda leaf, at=unit.id: at in org.path(leaf, day))
            assert told(await sums(Part(unit_id=unit.id))) == told(summed(CATALOGUE, events))
    for cluster_id in (11, 12):
        events = ledger.leaves(lambda leaf, at=cluster_id: org.home(leaf, day) == at)
        assert told(await sums(Part(cluster_id))) == told(summed(CATALOGUE, events))
    aimed = [Part(unit_id=unit.id) for unit in org.units.values() if unit.lives(day) and unit.parent_id is not None]
    await db.write(
        [targets.set_target(period, part, Target("cay_xanh", 1, None)) for part in (*aimed, Part(11), Part(12))]
    )
    towards = await counted.towards_targets(db, [period], [period], ["cay_xanh"], day)
    for part in (*aimed, Part(11), Part(12)):
        assert towards.get((period, part, "cay_xanh")) == (await sums(part)).counts.get("cay_xanh")
    kept = (await counted.sums(db, CATALOGUE, [period], WHOLE, day))[period]
    assert told(kept.final) == told(summed(CATALOGUE, ledger.leaves(lambda leaf: leaf in ledger.final)))
    assert await running.differences(db) == []


async def test_an_older_database_counts_all_of_a_returned_report_but_what_was_given_back(database: Database) -> None:
    await two_clusters.load(database)
    period, unit = await two_clusters.open_period(database), await two_clusters.unit_id(database, "CD01")
    await database.write([
        submissions.touch(period, unit, 0, "returned", 0, NOW),
        *submissions.put(period, unit, "cay_xanh", Value(150), None, None, NOW),
        *submissions.put(period, unit, "don_vi_mau", Value(900), None, None, NOW),
        ("insert into returned (id, period_id, unit_id, indicator, returned_at, amount, approx, reason, due_on)"
         " values (1, ?, ?, 'don_vi_mau', 0, 900, 0, '', '2026-04-10')", (period, unit)),
    ])  # fmt: skip
    (step,) = (step for step in steps() if step.name.endswith("_sums_of_what_came_back"))
    text = "\n".join(line for line in step.text.splitlines() if not line.startswith("--"))
    await database.write([(statement, ()) for statement in text.split(";") if statement.strip()])
    assert await running.differences(database) == []
    assert (
        await two_clusters.one(database, "select amount from running_total where indicator = 'cay_xanh'") == 150 + 150
    )
