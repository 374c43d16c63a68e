"""Totals: exact, honest about rounded parts, rates from sums, targets met, unmet or overdue."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from province import CATALOGUE
from two_clusters import WORDING, at, load, one, open_period, unit_id

from handlers.leaders.summaries import figures
from handlers.wording import figure_lines
from reporting.figures.totals import Sums, Total, by_section, rate_parts, totals
from reporting.figures.values import Value
from reporting.organisation.part import WHOLE, Part
from storage.database import Database
from storage.periods import rounds
from storage.reports import running, submissions

PARTS = ("nguoi_da_kiem_tra_nq", "tong_doan_vien")


def test_every_rate_of_the_catalogue_has_both_its_counts() -> None:
    assert len(rate_parts(CATALOGUE)) == sum(i.is_rate for i in CATALOGUE.indicators.values())


@pytest.mark.parametrize(
    ("part", "whole", "rate"), [(2700, 4000, 67_500), (1, 3, 33_330), (2, 3, 66_670), (0, 5, 0), (5, 5, 100_000)]
)
def test_a_rate_is_the_quotient_of_the_sums_to_two_decimals(part: int, whole: int, rate: int) -> None:
    found = totals(CATALOGUE, Sums({}, {PARTS: (Total(part, False, 2), Total(whole, True, 2))}))
    assert found["ti_le_kiem_tra_nq"] == Total(rate, True, 2)


@pytest.mark.parametrize(("part", "whole"), [(1, 0), (6, 5)])
def test_a_rate_that_cannot_be_is_not_shown(part: int, whole: int) -> None:
    assert not totals(CATALOGUE, Sums({}, {PARTS: (Total(part, False, 1), Total(whole, False, 1))}))


def test_a_rate_typed_by_hand_is_not_used() -> None:
    assert not totals(CATALOGUE, Sums({"ti_le_kiem_tra_nq": Total(90_000, False, 1)}, {}))


def test_sections_come_in_the_order_of_the_form_and_zeros_are_left_out() -> None:
    amounts = {"cay_xanh": 1, "sinh_hoat_chi_doan": 0, "report_xau_doc": 2}
    sums = {code: Total(amount, False, 1) for code, amount in amounts.items()}
    rows = by_section(CATALOGUE, sums)
    assert [(section.order, [i.code for i, _ in inside]) for section, inside in rows] == [
        (1, ["report_xau_doc"]), (2, ["cay_xanh"]),
    ]  # fmt: skip


@given(st.integers(0, 10**12), st.booleans())
def test_a_rounded_total_says_so_and_an_exact_one_does_not(amount: int, approx: bool) -> None:
    text = figure_lines.total(WORDING, CATALOGUE["cay_xanh"], Total(amount, approx, 3))
    assert text.startswith("trên ") == approx
    assert text.removeprefix("trên ").removesuffix(" cây").replace(".", "") == str(amount)


async def test_only_what_was_filed_counts_and_a_unit_counts_where_it_belongs(database: Database) -> None:
    await load(database)
    now = at("2026-04-08")
    period = await open_period(database)
    for code, state, trees, approx in (("CD01", "submitted", 100, True), ("CD02", "draft", 1000, False)):
        unit = await unit_id(database, code)
        touched = submissions.touch(period, unit, 0, state, 0, now)
        rows = [touched, *submissions.put(period, unit, "cay_xanh", Value(trees, approx, "x"), None, None, now)]
        await database.write(running.around(period, unit, rows))
    [round_] = await rounds.open_rounds(database)
    first = await one(database, "select id from cluster where code = 'C1'")
    second = await one(database, "select id from cluster where code = 'C2'")
    trees = [
        (await figures(database, CATALOGUE, round_, part, date(2026, 4, 8)))["cay_xanh"]
        for part in (Part(first), Part(second), WHOLE)
    ]
    assert trees == [Total(100, True, 1), Total(150, False, 1), Total(250, True, 2)]
    coverage = await submissions.coverage(database, period, "2026-04-08")
    assert {cluster: (c.filed, c.owing) for cluster, c in coverage.items()} == {first: (1, 2), second: (1, 2)}
    late = await submissions.not_filed(database, period, first, "2026-04-08")
    assert [unit.name for unit in late] == ["Chi đoàn thôn Đoài"]


async def test_a_rate_leaves_out_units_that_gave_only_one_of_the_counts(database: Database) -> None:
    await load(database, "sonla_spring")
    unit = await unit_id(database, "TP")
    [round_] = await rounds.open_rounds(database)
    gone = submissions.remove(round_.id, unit, "nguoi_da_kiem_tra_nq", Value(1), 0, at("2024-03-25"))
    await database.write(running.around(round_.id, unit, gone))
    found = await figures(database, CATALOGUE, round_, WHOLE, date(2024, 3, 25))
    assert found["ti_le_kiem_tra_nq"].amount == 75_000
    assert found["tong_doan_vien"].amount == 4_000


@pytest.mark.parametrize(("units", "told"), [(5, True), (3, False)])
def test_a_rate_taken_over_fewer_units_than_its_counts_says_over_how_many(units: int, told: bool) -> None:
    rate = next(i for i in CATALOGUE.indicators.values() if (i.numerator, i.denominator) == PARTS)
    sums = {PARTS[0]: Total(376, False, 3), PARTS[1]: Total(444, False, units), rate.code: Total(91930, False, 3)}
    rows = [(CATALOGUE[code], total) for code, total in sums.items()]
    line = figure_lines.totals_line(WORDING, rows, sums)
    assert line.endswith("91,93% (3 đơn vị có đủ số)" if told else "91,93%")
