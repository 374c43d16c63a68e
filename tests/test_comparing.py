"""A period beside the one before, last year's, the year's so far and the targets: what may be compared with what."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from province import CATALOGUE
from two_clusters import WORDING, at, load, one, open_period, unit_id

from handlers.wording import figure_rows
from reporting.figures.comparison import ComparedRow, Comparison, Side, change
from reporting.figures.targets import Target, progress
from reporting.figures.totals import Coverage, Total
from reporting.figures.values import Value
from reporting.organisation.part import WHOLE, Part
from reporting.time.periods import parse_period
from reporting.time.year import year_up_to
from storage.database import Database
from storage.organisation import targets
from storage.periods import rounds
from storage.periods.comparing import compared
from storage.reports import running, submissions

NOW = at("2026-04-08")
DAY = date(2026, 4, 8)


@pytest.mark.parametrize(
    ("code", "known", "chain", "from_start"),
    [
        ("2026-Q1", "2026-Q1", "2026-Q1", True),
        ("2026-Q3", "2026-Q1 2026-Q2 2026-H1", "2026-Q1 2026-Q2 2026-Q3", True),
        ("2026-Q3", "2026-H1 2025-Q4", "2026-H1 2026-Q3", True),
        ("2026-Q3", "2026-Q2 2026-03", "2026-03 2026-Q2 2026-Q3", False),
        ("2026-Q3", "2026-Q2 2026-H1", "2026-H1 2026-Q3", True),  # the longer way round reaches further
        ("2026-Q3", "2026-Q2 2026-01 2026-02 2026-03", "2026-01 2026-02 2026-03 2026-Q2 2026-Q3", True),
        ("2026-Q2", "", "2026-Q2", False),
        ("2026-H2", "2026-Q1 2026-Q2", "2026-Q1 2026-Q2 2026-H2", True),
        ("2026-9M", "2026-Q1 2026-H1", "2026-9M", True),
        ("2026-Y", "2026-Q1 2026-H1", "2026-Y", True),
        ("2025-2026-S", "2025-Q3 2025-Y", "2025-2026-S", False),
        ("2026-03", "2026-02 2026-Q1 2026-01", "2026-01 2026-02 2026-03", True),
    ],
)
def test_the_year_is_made_of_periods_that_do_not_overlap(code: str, known: str, chain: str, from_start: bool) -> None:
    found = year_up_to(parse_period(code), [parse_period(one) for one in known.split()])
    assert [period.code for period in found.periods] == chain.split()
    assert found.from_start == from_start


def test_a_target_of_the_year_is_told_with_the_sum_that_is_held_against_it() -> None:
    blood, side = CATALOGUE["don_vi_mau"], Side("2026-Q3", "quý III/2026", DAY, {}, Coverage(4, 4), {})
    year, quarter = Total(748, False, 4), Total(173, False, 4)
    of_year = replace(progress(Target("don_vi_mau", 375, None), year, DAY), of_year=True)
    row = ComparedRow(blood, quarter, None, None, None, year, of_year)
    found = Comparison((row,), side, None, None, (), True, False, 0)
    told = "hiến máu 173 đơn vị máu; từ đầu năm 748 đơn vị máu; vượt chỉ tiêu 375 đơn vị máu"
    assert figure_rows.figure(WORDING, found, row) == figure_rows.figure(WORDING, found, row, "year") == told
    same = replace(row, target=progress(Target("don_vi_mau", 150, None), quarter, DAY))
    assert figure_rows.figure(WORDING, found, same) == "hiến máu 173 đơn vị máu; vượt chỉ tiêu 150 đơn vị máu"


@pytest.mark.parametrize(
    ("now", "then", "may"), [((7, 10), (7, 10), True), ((6, 10), (10, 10), False), ((10, 10), (0, 0), False)]
)
def test_what_too_few_units_sent_is_not_compared(now: tuple[int, int], then: tuple[int, int], may: bool) -> None:
    sides = [Side("c", "n", DAY, {}, Coverage(*counts), {}) for counts in (now, then)]
    assert Comparison((), sides[0], None, sides[1], (), True, False, 0).comparable(sides[1]) == may
    assert not Comparison((), sides[0], None, None, (), True, False, 0).comparable(None)


def test_a_change_from_nothing_has_no_percentage() -> None:
    assert change(Total(5, False, 1), Total(0, False, 1)) == (5, None)
    assert change(Total(90, False, 1), Total(120, False, 1)) == (-30, Decimal("-25.0"))


async def report(db: Database, period_id: int, code: str, **values: int) -> None:
    ids = period_id, await unit_id(db, code)
    rows: list[Any] = [submissions.touch(*ids, 0, "submitted", 0, NOW)]
    for indicator, amount in values.items():
        rows += submissions.put(*ids, indicator, Value(amount), None, None, NOW)
    await db.write(running.around(*ids, rows))


async def test_a_province_is_compared_with_last_year_and_its_targets(database: Database) -> None:
    """CD01 and CD02 are of cluster 1, CD11 and CD12 of cluster 2; CD12 has sent 150 trees, as its file says."""
    await load(database)
    await running.keep_rates(database, CATALOGUE)
    quarter = await open_period(database)
    year_ago, before = 901, 902
    for period_id, code in ((year_ago, "2025-Q1"), (before, "2025-Q4")):
        await database.write([rounds.add_period(period_id, parse_period(code), "closed", NOW)])
    codes = [row[0] for row in await database.read("select code from unit where level = 'chi_doan' order by code")]
    for number, code in enumerate(codes):
        await report(database, year_ago, code, cay_xanh=10 * number, tong_doan_vien=20)
    await report(database, before, codes[0], cay_xanh=5)
    await report(database, quarter, "CD01", cay_xanh=100, tong_doan_vien=20, nguoi_da_kiem_tra_nq=15)
    await report(database, quarter, "CD02", cay_xanh=30, tong_doan_vien=20)
    province = await one(database, "select id from unit where level = 'tinh_doan'")
    await database.write([targets.set_target(quarter, Part(unit_id=province), Target("cay_xanh", 300, None))])

    [round_] = await rounds.open_rounds(database)
    found = await compared(database, CATALOGUE, round_, WHOLE, DAY)
    trees = found.row("cay_xanh")
    assert trees is not None
    assert trees.value == trees.cumulative == Total(280, False, 3)
    assert trees.year_ago == Total(60, False, 4)
    assert trees.previous == Total(5, False, 1)
    assert trees.target is not None
    assert (trees.target.state, trees.target.left, trees.target.of_year) == ("overdue", 20, False)  # it is over
    assert found.now.coverage == Coverage(3, 4)
    assert found.comparable(found.year_ago)
    assert not found.comparable(found.previous)  # one unit of four
    assert (found.year_periods, found.from_start) == (("2026-Q1",), True)

    await database.write(
        [
            rounds.add_period(951, parse_period("2026-Y"), "planned", NOW),
            targets.set_target(951, Part(unit_id=province), Target("don_vi_mau", 9, None)),
        ]
    )
    blood = (await compared(database, CATALOGUE, round_, WHOLE, DAY)).row("don_vi_mau")
    assert blood is not None
    assert blood.target is not None
    assert blood.target.of_year

    # A half year that nobody is asked for is what its quarters add up to; of an open one nobody has sent anything.
    await database.write([rounds.add_period(950, parse_period("2026-H1"), "planned", NOW)])
    planned = await rounds.round_by_code(database, "2026-H1")
    assert planned is not None
    half = await compared(database, CATALOGUE, planned, WHOLE, DAY)
    asked = await compared(database, CATALOGUE, replace(planned, state="open"), WHOLE, DAY)
    assert (asked.now.coverage, asked.now.totals) == (Coverage(0, 4), {})
    of_half = half.row("cay_xanh")
    assert of_half is not None
    assert of_half.value == trees.value
    assert half.now.coverage == Coverage(3, 4)

    cluster = await one(database, "select id from cluster where code = 'C1'")
    of_cluster = await compared(database, CATALOGUE, round_, Part(cluster), DAY)
    assert of_cluster.now.coverage == Coverage(2, 2)
    row = of_cluster.row("cay_xanh")
    assert row is not None
    assert (row.value, row.year_ago) == (Total(130, False, 2), Total(10, False, 2))
    rate = of_cluster.row("ti_le_kiem_tra_nq")
    assert rate is not None
    assert rate.value == Total(75_000, False, 1)  # only CD01 gave both counts
    assert replace(of_cluster, version=0) != replace(found, version=0)
