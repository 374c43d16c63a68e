"""Any organisation, reorganised in any way, written into the spreadsheet and read again untouched: nothing changes."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from databases import ON_SQLITE, apart
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from province import CATALOGUE
from two_clusters import WORDING

from bot.commands.organisation import take_in
from bot.failures import Failed
from bot.spreadsheet.filled import filled
from bot.spreadsheet.template import template
from handlers.office.decisions import DecisionRefused
from handlers.office.unit_decisions import Heir, Ordered, UnitDecisions
from reporting.organisation.units import OrgCluster, OrgUnit
from reporting.time.calendar import at
from reporting.time.periods import parse_period
from scheduler.upkeep.successions import Successions
from storage.database import Database
from storage.engine.open import open_database
from storage.organisation import snapshot, units
from storage.periods import rounds

FIRST = date(2026, 3, 2)
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["rename", "above", "cluster", "merge", "split", "add"]),
        st.integers(0, 40),
        st.integers(0, 40),
        st.sampled_from([-30, 0, 0, 1, 20]),  # days from today until it holds
        st.sampled_from([0, 0, 1, 25]),  # days that pass before
    ),
    min_size=1,
    max_size=8,
)


@ON_SQLITE
def test_a_filled_spreadsheet_comes_in_again_without_a_change(
    migrated_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    @settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
    @example([("merge", 6, 30, 0, 0), ("rename", 1, 1, 0, 0)])  # branches called alike come together
    @example([("split", 0, 8, 20, 1)])  # branches that follow on a day to come
    @example([("above", 1, 20, 1, 0), ("rename", 3, 2, 1, 0), ("cluster", 6, 0, 1, 0)])  # prepared before --on
    @given(STEPS)
    def holds(steps: list[tuple[str, int, int, int, int]]) -> None:
        apart(_play(migrated_url, steps, tmp_path / "dang-co.xlsx", capsys))

    holds()


async def _play(
    url: str, steps: list[tuple[str, int, int, int, int]], file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    db = await open_database(url)
    try:
        today = await _province(db)
        for number, (what, a, b, ahead, passed) in enumerate(steps):
            today += timedelta(days=passed)
            await Successions(db, WORDING).tick(at(today, 0))
            by = Ordered(today + timedelta(days=ahead), None, at(today, 9))
            try:
                await _change(db, what, a, b, number, by)
            except DecisionRefused:
                continue
            for day in (today, today + timedelta(days=30)):
                org, lines = await filled(db, CATALOGUE, today)
                file.write_bytes(template(list(org.levels.values()), CATALOGUE, today, lines))
                capsys.readouterr()
                try:
                    await take_in(db, CATALOGUE, file, day, at(today, 10), False)
                except Failed:
                    raise AssertionError(f"{day} {capsys.readouterr().err}") from None
                said = capsys.readouterr().out
                assert "Không có gì thay đổi." in said, f"{day} {said}"
    finally:
        await db.close()


async def _province(db: Database) -> date:
    """Two clusters with two communes of three branches each, called alike in every commune; what was there is away."""
    for table in ("prepared_change", "succession", "cluster_member", "reminder", "period", "cluster", "unit"):
        await db.write([(f"delete from {table}", ())])
    org, since = await snapshot.load(db), date(2025, 7, 1)
    org.add(OrgUnit(1, "T", "Tỉnh đoàn", "tinh_doan", None, since))
    for cluster in (1, 2):
        org.add_cluster(OrgCluster(10 + cluster, f"C{cluster}", f"Cụm {cluster}", cluster, 1, since))
    for commune in range(1, 5):
        org.add(OrgUnit(100 * commune, f"D{commune}", f"Đoàn xã {commune}", "doan_co_so", 1, since))
        org.change_cluster(100 * commune, 11 + commune % 2, since)
        for branch in range(1, 4):
            one = OrgUnit(100 * commune + branch, f"D{commune}{branch}", f"Chi đoàn thôn {branch}", "chi_doan",
                          100 * commune, since)  # fmt: skip
            org.add(one)
            org.change_cluster(one.id, 11 + commune % 2, since)
    await db.write(snapshot.statements(org, None, at(since, 9)))
    await db.write([rounds.add_period(900, parse_period("2026-Q1"), "open", at(FIRST, 9))])
    return FIRST


async def _change(db: Database, what: str, a: int, b: int, number: int, by: Ordered) -> None:
    decisions = UnitDecisions(db, WORDING)
    every = [one for one in await units.all_units(db, by.since) if one.parent]
    clusters = await units.all_clusters(db, by.since)
    one, other = every[a % len(every)], every[b % len(every)]
    match what:
        case "rename":
            decision = await decisions.rename(one, f"Chi đoàn thôn {b % 4}", by)
        case "above":
            decision = await decisions.transfer(one, other, by)
        case "cluster":
            decision = await decisions.transfer(one, clusters[b % 2], by)
        case "merge":
            decision = await decisions.merge([one], other, by)
        case "split":
            heirs = [Heir(f"N{number}A", f"Mới {number}"), Heir(f"N{number}B", "Hai")]
            decision = await decisions.split(one, heirs, by)
        case _:
            decision = await decisions.add(Heir(f"N{number}", f"Chi đoàn thôn {b % 4}"), other, by)
    await db.write(decision.rows)
