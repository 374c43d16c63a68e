"""The organisation changes while reports come in: every filed value keeps counting once, and in one cluster."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from databases import apart
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from province import CATALOGUE

from handlers.access.codes import code_hash
from reporting.figures.targets import Target
from reporting.figures.values import Value
from reporting.organisation.faults import faults
from reporting.organisation.part import WHOLE, Part
from reporting.organisation.units import ChangeRefused, Organisation, OrgCluster, OrgUnit
from reporting.time.calendar import at, local_day
from reporting.time.periods import parse_period
from storage.database import Database
from storage.engine.open import open_database
from storage.organisation import snapshot, targets
from storage.organisation.owing import filed as filed_in
from storage.people import invites, people
from storage.periods import rounds
from storage.reports import counted, petitions, running, submissions
from storage.reports.exported import exported

SINCE = date(2025, 7, 1)
DAY = date(2026, 4, 6)
NOW = datetime(2026, 4, 6, 2, 0, tzinfo=UTC)
PERIOD = 900


async def empty(db: Database) -> Organisation:
    return await snapshot.load(db)


def unit(unit_id: int, code: str, level: str = "chi_doan", parent: int | None = None) -> OrgUnit:
    return OrgUnit(unit_id, code, f"Đơn vị {code}", level, parent, SINCE)


async def store(db: Database, changed: Organisation) -> None:
    await db.write(snapshot.statements(changed, None, NOW))


@pytest.fixture
async def province(database: Database) -> Database:
    """T with clusters C1 and C2; communes A (branches A1, A2) in C1 and B (branch B1) in C2; a period is open."""
    org = await empty(database)
    org.add(unit(1, "T", "tinh_doan"))
    for cluster in (11, 12):
        org.add_cluster(OrgCluster(cluster, f"C{cluster - 10}", f"Cụm {cluster - 10}", cluster - 10, 1, SINCE))
    for one in (
        unit(2, "A", "doan_co_so", 1),
        unit(3, "B", "doan_co_so", 1),
        unit(4, "A1", parent=2),
        unit(5, "A2", parent=2),
        unit(6, "B1", parent=3),
    ):
        org.add(one)
        org.change_cluster(one.id, 12 if one.code.startswith("B") else 11, SINCE)
    await store(database, org)
    await database.write([rounds.add_period(PERIOD, parse_period("2026-Q1"), "open", NOW)])
    return database


def filed(unit_id: int, amount: int, state: str = "submitted") -> list[Any]:
    rows = [
        submissions.touch(PERIOD, unit_id, 0, state, 0, NOW),  # type: ignore[arg-type]
        *submissions.put(PERIOD, unit_id, "cay_xanh", Value(amount), None, None, NOW),
    ]
    return running.around(PERIOD, unit_id, rows)


async def trees(db: Database, period_id: int, part: Part, day: date) -> int:
    sums = (await counted.sums(db, CATALOGUE, [period_id], part, day))[period_id].every.counts
    return sums["cay_xanh"].amount if "cay_xanh" in sums else 0


async def counted_by(db: Database, day: date = DAY) -> dict[str, int]:
    """The trees of each cluster and of the province, by code, as summaries count them."""
    return {
        name: await trees(db, PERIOD, part, day) for part, name in ((Part(11), "C1"), (Part(12), "C2"), (WHOLE, "T"))
    }


async def owing(db: Database, day: date = DAY) -> dict[int, tuple[int, int]]:
    found = await submissions.coverage(db, PERIOD, day.isoformat())
    return {cluster: (one.filed, one.owing) for cluster, one in found.items()}


async def change(db: Database, what: Callable[[Organisation], None]) -> Organisation:
    org = await snapshot.load(db)
    what(org)
    assert faults(org) == []
    await store(db, org)
    assert (await snapshot.load(db)).units == org.units  # what is stored is what was decided
    return org


# --- the operations and the totals --------------------------------------------------------------------------------


async def test_a_unit_that_moves_mid_period_counts_in_its_new_cluster_with_the_units_below(province: Database) -> None:
    await province.write([*filed(2, 100), *filed(4, 7), *filed(6, 50)])
    assert await counted_by(province) == {"C1": 107, "C2": 50, "T": 157}
    await change(province, lambda org: org.change_cluster(2, 12, DAY, with_branches=True))
    assert await counted_by(province) == {"C1": 0, "C2": 157, "T": 157}
    assert await counted_by(province, DAY - timedelta(days=1)) == {"C1": 107, "C2": 50, "T": 157}
    assert await owing(province) == {12: (3, 5)}


async def test_a_merged_unit_counts_once_at_its_successor_which_still_owes(province: Database) -> None:
    await province.write([*filed(4, 100), *filed(6, 50)])
    await change(province, lambda org: org.merge([4], 5, DAY))
    assert await counted_by(province) == {"C1": 100, "C2": 50, "T": 150}
    late = await submissions.not_filed(province, PERIOD, 11, DAY.isoformat())
    assert [unit.name for unit in late] == ["Đơn vị A", "Đơn vị A2"]
    assert (await owing(province))[11] == (0, 2)


async def test_a_merger_of_communes_takes_their_branches_along_into_the_cluster(province: Database) -> None:
    await province.write([*filed(2, 100), *filed(4, 7)])
    org = await change(province, lambda org: org.merge([2], 3, DAY))
    assert [org.units[branch].parent_id for branch in (4, 5)] == [3, 3]
    assert await counted_by(province) == {"C1": 0, "C2": 107, "T": 107}
    assert await owing(province) == {12: (1, 4)}


async def test_a_divided_unit_counts_once_at_its_heir_and_every_successor_owes(province: Database) -> None:
    await province.write(filed(4, 100))

    def divide(org: Organisation) -> None:
        for successor in (unit(7, "A3", parent=2), unit(8, "A4", parent=3)):
            org.add(replace(successor, from_on=DAY))
            org.change_cluster(successor.id, 12 if successor.id == 8 else 11, DAY)
        org.split(4, [8, 7], DAY)

    await change(province, divide)
    assert await counted_by(province) == {"C1": 0, "C2": 100, "T": 100}
    assert await owing(province) == {11: (0, 3), 12: (0, 3)}


async def test_what_a_unit_filed_that_ended_with_no_successor_counts_where_it_was(province: Database) -> None:
    await province.write(filed(4, 100))
    await change(province, lambda org: org.end(4, DAY - timedelta(days=1)))
    assert await counted_by(province) == {"C1": 100, "C2": 0, "T": 100}
    assert (await owing(province))[11] == (0, 2)


async def test_a_heir_that_ends_in_turn_hands_on_what_it_inherited(province: Database) -> None:
    await province.write(filed(4, 100))
    await change(province, lambda org: org.merge([4], 5, DAY - timedelta(days=2)))
    await change(province, lambda org: org.merge([5], 6, DAY))
    assert await counted_by(province) == {"C1": 0, "C2": 100, "T": 100}
    assert await counted_by(province, DAY - timedelta(days=1)) == {"C1": 100, "C2": 0, "T": 100}


async def test_rates_exports_and_petitions_follow_the_unit_too(province: Database) -> None:
    await province.write(filed(4, 100))
    await province.write([people.add_person(70, "Lan", NOW)])
    await province.write(petitions.raise_petition(71, PERIOD, 4, 70, "Xin thêm sách", NOW))
    await change(province, lambda org: org.merge([4], 6, DAY))
    day = DAY.isoformat()
    pair = ("nguoi_da_kiem_tra_nq", "tong_doan_vien")
    rated = [
        submissions.put(PERIOD, 4, code, Value(amount), None, None, NOW)
        for code, amount in zip(pair, (3, 4), strict=True)
    ]
    await province.write(running.around(PERIOD, 4, [row for rows in rated for row in rows]))
    for part, parts in ((Part(12), [3, 4]), (Part(11), []), (WHOLE, [3, 4])):
        sums = (await counted.sums(province, CATALOGUE, [PERIOD], part, DAY))[PERIOD].every
        assert [total.amount for total in sums.parts.get(pair, ())] == parts
    assert [(row.unit, row.cluster) for row in await exported(province, PERIOD, "c2", day)] == [("A1", "C2")]
    assert [row.text for row in await petitions.of_period(province, PERIOD, [12], [], day)] == ["Xin thêm sách"]
    assert await petitions.of_period(province, PERIOD, [11], [], day) == []


async def test_roles_codes_and_reminders_of_an_ended_unit_end_with_it(province: Database) -> None:
    await province.write(
        [
            people.add_person(70, "Lan", NOW),
            people.add_role(71, 70, "secretary", "Bí thư", 4, None, SINCE),
            people.add_role(72, 70, "deputy", "Phó Bí thư", 5, None, SINCE),
            invites.issue(73, code_hash("K7M2Q-9XD4R"), "person", "deputy", 4, None, NOW, at(date(2026, 5, 1), 0)),
            *(
                (
                    "insert into reminder (period_id, unit_id, person_id, rung, day_on, due_at, state)"
                    " values (?, ?, 70, 'T-3', '2026-04-10', ?, 'planned')",
                    (PERIOD, unit_id, int(at(DAY, 8).timestamp() * 1000)),
                )
                for unit_id in (4, 5)
            ),
        ]
    )
    await change(province, lambda org: org.merge([4], 5, DAY))
    assert [role.unit_code for role in await people.roles_of(province, 70, DAY)] == ["A2"]
    assert await invites.good(province, code_hash("K7M2Q-9XD4R"), NOW) is None
    states = await province.read("select unit_id, state from reminder order by unit_id")
    assert [tuple(row) for row in states] == [(4, "cancelled"), (5, "planned")]


async def test_a_unit_that_moves_is_reminded_of_its_new_clusters_briefing_only(province: Database) -> None:
    await province.write(
        [
            people.add_person(70, "Lan", NOW),
            (
                "insert into reminder (period_id, unit_id, person_id, rung, day_on, due_at, state)"
                " values (?, 4, 70, 'T-3', '2026-04-10', ?, 'planned')",
                (PERIOD, int(at(DAY, 8).timestamp() * 1000)),
            ),
        ]
    )
    await change(province, lambda org: org.change_cluster(4, 12, DAY))
    assert await province.read("select * from reminder") == []  # and the next tick may plan that rung anew


async def test_every_change_leaves_who_what_old_and_new(province: Database) -> None:
    def much(org: Organisation) -> None:
        org.rename(4, "Chi đoàn thôn Đông")
        org.move(4, 3)
        org.change_cluster(4, 12, DAY)
        org.end(5, DAY, [4])
        org.edit_cluster(replace(org.clusters[11], name="Cụm phía Bắc"))

    org = await snapshot.load(province)
    much(org)
    await province.write(snapshot.statements(org, 70, NOW))
    rows = await province.read("select actor, action, subject, old, new from event where actor = 70 order by id")
    assert [tuple(row) for row in rows] == [
        (70, "unit.renamed", "A1", "Đơn vị A1", "Chi đoàn thôn Đông"),
        (70, "unit.moved", "A1", "A", "B"),
        (70, "unit.cluster", "A1", "C1", "C2 2026-04-06"),
        (70, "unit.ended", "A2", None, "2026-04-06 A1"),
        (70, "cluster.changed", "C1", "1. Cụm 1", "1. Cụm phía Bắc"),
    ]


async def test_two_moves_of_one_day_leave_the_last(province: Database) -> None:
    await change(province, lambda org: org.change_cluster(4, 12, DAY))
    await change(province, lambda org: org.change_cluster(4, 11, DAY))
    org = await snapshot.load(province)
    assert [(m.cluster_id, m.from_on, m.last_on) for m in org.units[4].memberships] == [
        (11, SINCE, DAY - timedelta(days=1)),
        (11, DAY, None),
    ]


# --- what is refused -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("what", "reason"),
    [
        (lambda org: org.end(4, SINCE - timedelta(days=1)), "backwards"),
        (lambda org: org.end(4, DAY, [4]), "own_successor"),
        (lambda org: (org.end(5, DAY), org.end(4, DAY, [5])), "successor_not_living"),
        (lambda org: (org.end(4, DAY), org.end(4, DAY)), "ended_already"),
        (lambda org: org.split(2, [3], DAY), "units_left_below"),
        (lambda org: (org.end(4, DAY), org.change_cluster(4, 12, DAY + timedelta(days=1))), "not_living"),
        (lambda org: (org.change_cluster(4, 12, DAY), org.change_cluster(4, None, SINCE)), "moved_later"),
        (lambda org: (org.change_cluster(4, 12, DAY), org.end(4, SINCE)), "moved_later"),
        (
            lambda org: (
                org.edit_cluster(replace(org.clusters[12], last_on=SINCE)),
                org.change_cluster(4, 12, DAY),
            ),
            "cluster_not_living",
        ),
        (lambda org: org.edit_cluster(replace(org.clusters[12], last_on=date(2020, 1, 1))), "backwards"),
    ],
)
async def test_what_cannot_be_is_refused(
    province: Database, what: Callable[[Organisation], object], reason: str
) -> None:
    org = await snapshot.load(province)
    with pytest.raises(ChangeRefused) as refused:
        what(org)
    assert refused.value.reason == reason


@pytest.mark.parametrize(
    ("what", "reasons"),
    [
        (lambda org: org.move(2, 4), ["circle"]),
        (lambda org: org.move(2, 3), ["not_above"]),
        (lambda org: org.move(4, 5), ["not_above"]),
        (lambda org: org.end(2, DAY), ["parent_ended", "parent_ended"]),
        (lambda org: org.end(2, DAY, [3]), []),
        (lambda org: org.add(unit(9, "H", "huyen_doan", 1)), ["level_ended"]),
        (lambda org: org.edit_cluster(replace(org.clusters[12], last_on=DAY)), ["member_after_end"] * 2),
    ],
)
async def test_what_does_not_hold_as_a_whole_is_found(
    province: Database, what: Callable[[Organisation], object], reasons: list[str]
) -> None:
    org = await snapshot.load(province)
    what(org)
    assert [fault.reason for fault in faults(org)] == reasons


async def test_a_circle_is_told_once_with_its_units(province: Database) -> None:
    org = await snapshot.load(province)
    org.move(1, 4)
    assert [(fault.code, fault.parts) for fault in faults(org)] == [("A", {"circle": "A → T → A1 → A"})]


# --- the organisations that reports of 2023 and 2024 tell of -------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "chain", "clusters"),
    [
        # A cluster of provinces under the centre, half a year of 2024.
        ("tay_nguyen", ["trung_uong", "tinh_doan"], ["Cụm Tây Nguyên"]),
        # A province whose districts formed four clusters, quarter I of 2023.
        ("bon_cum", ["tinh_doan", "huyen_doan"], [f"Cụm thi đua số {number}" for number in range(1, 5)]),
        # An inspection that went from the centre by province and district to a commune, November 2023.
        ("doan_cong_tac", ["trung_uong", "tinh_doan", "huyen_doan", "doan_co_so"], []),
        # A cluster of districts that meets at each in turn, half a year of 2023.
        ("khoi_huyen", ["tinh_doan", "huyen_doan"], ["Cụm khối huyện"]),
        # A district with its communes and branches, the year 2024.
        ("huyen", ["tinh_doan", "huyen_doan", "doan_co_so", "chi_doan"], []),
    ],
)
async def test_the_organisations_of_those_years_fit_the_same_tables(
    database: Database, name: str, chain: list[str], clusters: list[str]
) -> None:
    org, ids = await empty(database), count(1)
    since, districts_end = date(2020, 1, 1), date(2025, 6, 30)
    above: int | None = None
    units: list[list[int]] = []
    for level in chain:
        units.append([])
        for number in range(1 if above is None else 8):
            one = OrgUnit(next(ids), f"{level}-{number}", f"{name} {number}", level, above, since)
            org.add(one)
            units[-1].append(one.id)
        above = units[-1][0]
    for position, title in enumerate(clusters, 1):
        org.add_cluster(OrgCluster(next(ids), f"C{position}", title, position, units[0][0], since))
    cluster_ids = list(org.clusters)
    for place, member in enumerate(units[-1] if cluster_ids else ()):
        org.change_cluster(member, cluster_ids[place % len(cluster_ids)], since)
    for place, level in enumerate(chain):
        if level == "huyen_doan":  # on 1 July 2025 their communes came under the province
            for district in units[place]:
                for below in [u.id for u in org.units.values() if u.parent_id == district]:
                    org.move(below, units[place - 1][0])
                org.end(district, districts_end)
    assert faults(org) == []
    await store(database, org)
    stored = await snapshot.load(database)
    assert stored.units == org.units
    assert stored.clusters == org.clusters
    year_before = date(2024, 6, 21)
    assert all(stored.units[member].lives(year_before) for member in units[-1])
    for title, cluster_id in zip(clusters, cluster_ids, strict=True):
        members = [u for u in stored.units.values() if (m := u.membership(year_before)) and m.cluster_id == cluster_id]
        assert len(members) == 8 // len(clusters), title


async def test_a_centre_has_targets_briefings_and_totals_like_a_province(database: Database) -> None:
    org = await empty(database)
    org.add(unit(1, "TW", "trung_uong"))
    org.add_cluster(OrgCluster(11, "TN", "Cụm Tây Nguyên", 1, 1, SINCE))
    for province_id in (2, 3):
        org.add(unit(province_id, f"T{province_id}", "tinh_doan", 1))
        org.change_cluster(province_id, 11, SINCE)
    await store(database, org)
    await database.write(
        [
            rounds.add_period(PERIOD, parse_period("2026-H1"), "open", NOW),
            targets.set_target(PERIOD, Part(unit_id=2), Target("cay_xanh", 500, None)),
            *filed(2, 300),
            *filed(3, 200),
        ]
    )
    assert await trees(database, PERIOD, Part(11), DAY) == 500
    assert await owing(database) == {11: (2, 2)}


# --- any sequence of changes ----------------------------------------------------------------------------------------

STEPS = st.lists(
    st.tuples(
        st.sampled_from(["rename", "move", "cluster", "merge", "split", "end", "file"]),
        st.integers(0, 30),
        st.integers(0, 30),
        st.integers(0, 3),
    ),
    max_size=12,
)


def test_any_sequence_of_changes_keeps_every_value_in_exactly_one_cluster(migrated_url: str, engine: str) -> None:
    # The law is the same on both engines; on the dear one it is seen that the statements are.
    @settings(max_examples=25 if engine == "sqlite" else 8, deadline=None, suppress_health_check=list(HealthCheck))
    @given(STEPS)
    def holds(steps: list[tuple[str, int, int, int]]) -> None:
        apart(_play(migrated_url, steps))

    holds()


async def _play(url: str, steps: list[tuple[str, int, int, int]]) -> None:
    """Plays the steps on an organisation of its own ids in the database, and looks at the totals after each."""
    db = await open_database(url)
    try:
        first = 1 + (await db.read("select coalesce(max(id), 0) from unit"))[0][0]
        ids = count(first)
        org = await snapshot.load(db)
        top = OrgUnit(next(ids), f"T{first}", "Tỉnh", "tinh_doan", None, SINCE)
        org.add(top)
        clusters = [first * 10 + number for number in range(3)]
        for number, cluster_id in enumerate(clusters):
            org.add_cluster(OrgCluster(cluster_id, f"C{cluster_id}", "Cụm", number, top.id, SINCE))
        mine: list[int] = []
        for number in range(6):
            one = OrgUnit(next(ids), f"U{first}-{number}", "Đơn vị", "doan_co_so", top.id, SINCE)
            org.add(one)
            org.change_cluster(one.id, clusters[number % 3], SINCE)
            mine.append(one.id)
        period = first
        await db.write([rounds.add_period(period, replace(parse_period("2026-Q1"), code=f"X{first}"), "open", NOW)])
        await store(db, org)
        day, total, reported = DAY, 0, 0
        for what, a, b, days in steps:
            day += timedelta(days=days)
            org = await snapshot.load(db)
            living = [unit_id for unit_id in mine if org.units[unit_id].lives(day)]
            if not living:
                break
            one, other = living[a % len(living)], living[b % len(living)]
            try:
                match what:
                    case "rename":
                        org.rename(one, f"Đơn vị {b}")
                    case "move":
                        org.move(one, top.id)
                    case "cluster":
                        org.change_cluster(one, clusters[b % 3], day)
                    case "merge":
                        org.merge([one], other, day)
                    case "end":
                        org.end(one, day - timedelta(days=1))
                    case "split":
                        new = [OrgUnit(next(ids), f"U{first}-{next(ids)}", "Mới", "doan_co_so", top.id, day)
                               for _ in range(2)]  # fmt: skip
                        for successor, cluster in zip(new, (clusters[b % 3], clusters[a % 3]), strict=True):
                            org.add(successor)
                            org.change_cluster(successor.id, cluster, day)
                        org.split(one, [successor.id for successor in new], day)
                        mine += [successor.id for successor in new]
                    case "file" if not await db.read(
                        "select 1 from submission where period_id = ? and unit_id = ?", (period, one)
                    ):
                        amount = 2**reported  # each value is another bit of the sum, so none can stand in for another
                        reported += 1
                        total += amount
                        rows = [
                            submissions.touch(period, one, 0, "submitted", 0, NOW),
                            *submissions.put(period, one, "cay_xanh", Value(amount), None, None, NOW),
                        ]
                        await db.write(running.around(period, one, rows))
            except ChangeRefused:
                continue
            await store(db, org)
            await _check(db, org, period, clusters, mine, day, total)
    finally:
        await db.close()


async def _check(
    db: Database, org: Organisation, period: int, clusters: list[int], mine: list[int], day: date, total: int
) -> None:
    assert await trees(db, period, WHOLE, day) == total
    by_cluster = [await trees(db, period, Part(cluster_id), day) for cluster_id in clusters]
    assert sum(by_cluster) == total
    assert all(first & second == 0 for first in by_cluster for second in by_cluster if first is not second)
    covered = await submissions.coverage(db, period, day.isoformat())
    alive = [unit_id for unit_id in mine if org.units[unit_id].lives(day)]
    old = {unit_id for unit_id in mine if org.units[unit_id].from_on <= local_day(NOW)}
    sent = {row[0] for row in await db.read("select unit_id from submission where period_id = ?", (period,))}
    # Who was there when it was opened owes it, and who takes the place of one that was; that one's report stays sent.
    places = {one: {one: one in sent} if one in old else _taken_over(org, sent, one, day) for one in alive}
    places = {one: {was: done for was, done in place.items() if was in old} for one, place in places.items()}
    assert sum(covered[cluster].owing for cluster in clusters if cluster in covered) == sum(map(bool, places.values()))
    reported = [one for one, place in places.items() if place and all(place.values())]
    assert sum(covered[cluster].filed for cluster in clusters if cluster in covered) == len(reported)
    assert await filed_in(db, period, day) >= set(reported)
    # The pure rule and the query agree, unit by unit.
    rows = await db.read("select unit_id, indicator, amount from value where period_id = ?", (period,))
    at_home = dict.fromkeys(clusters, 0)
    for unit_id, _, amount in rows:
        home = org.home(unit_id, day)
        assert home is not None
        at_home[home] += amount
    assert list(at_home.values()) == by_cluster


def _taken_over(org: Organisation, sent: set[int], unit_id: int, day: date) -> dict[int, bool]:
    """The units that have ended and whose heir, or whose heir's heir, the unit is: whether their report was sent."""
    found = {unit_id: unit_id in sent}
    for one in org.units.values():
        if one.successors[:1] == (unit_id,) and not one.lives(day):
            below = _taken_over(org, sent, one.id, day)
            found |= {was: done or found[unit_id] for was, done in below.items()}
    return found
