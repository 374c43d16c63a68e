"""Periods and briefings as they are kept."""

from datetime import UTC, date, datetime

from reporting.time.deadlines import Terms
from reporting.time.periods import campaign, parse_period
from storage.database import Database
from storage.organisation import units
from storage.periods import extensions, rounds

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
ALL = Terms(
    date(2026, 3, 1), date(2026, 5, 20), date(2026, 5, 22), 5, True, date(2026, 7, 1), date(2026, 7, 10), 3
)  # fmt: skip


async def test_a_period_keeps_all_the_office_has_decided(database: Database) -> None:
    await database.write([rounds.add_period(1, parse_period("2026-H1"), "open", NOW, ALL)])
    found = await rounds.round_by_code(database, "2026-h1")
    assert found is not None
    assert found.terms == ALL
    assert await rounds.open_rounds(database) == [found]


async def test_a_campaign_is_built_from_its_row(database: Database) -> None:
    youth = campaign("2026-D-THANG-THANH-NIEN", "Tháng Thanh niên", "thang", date(2026, 2, 26), date(2026, 3, 31))
    await database.write([rounds.add_period(1, youth, "open", NOW)])
    (found,) = await rounds.open_rounds(database)
    assert (found.period, found.terms) == (youth, Terms())


async def test_a_second_extension_takes_the_place_of_the_first(database: Database) -> None:
    await database.write(
        [
            units.add_unit(7, "CD01", "Chi đoàn thôn Đông", "chi_doan", None, date(2020, 1, 1)),
            rounds.add_period(1, parse_period("2026-Q1"), "open", NOW),
            extensions.grant(1, 7, date(2026, 4, 10), "bão", None, NOW),
            extensions.grant(1, 7, date(2026, 4, 20), "bão", None, NOW),
        ]
    )
    assert await rounds.extensions(database, 1) == {7: date(2026, 4, 20)}


async def test_a_briefing_online_keeps_its_host_and_where_it_is_held(database: Database) -> None:
    since = date(2020, 1, 1)
    await database.write(
        [
            units.add_unit(7, "T", "Tỉnh đoàn Hòa An", "tinh_doan", None, since),
            units.add_cluster(8, "C1", "Cụm số 1", 1, 7, since),
            rounds.add_period(1, parse_period("2026-Q1"), "open", NOW),
            rounds.add_briefing(9, 1, 8, NOW, "https://hop.example/c1", None, "online", 7),
        ]
    )
    (briefing,) = await rounds.briefings(database, 1)
    assert (briefing.id, briefing.mode, briefing.host, briefing.sequence) == (9, "online", "Tỉnh đoàn Hòa An", 0)
