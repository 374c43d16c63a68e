"""An office brings figures of earlier periods along: taken up once, compared with, and counted nowhere twice."""

from pathlib import Path

import pytest
import spreadsheets
from province import CATALOGUE
from two_clusters import at, one

from bot.commands.organisation import take_in
from bot.failures import Failed
from bot.pack.gathering import gathered
from bot.spreadsheet.filled import filled
from reporting.figures.totals import Coverage, Total
from reporting.organisation.part import WHOLE, Part
from reporting.time.calendar import local_day
from storage.database import Database
from storage.organisation import targets
from storage.periods import rounds
from storage.periods.comparing import compared
from storage.reports import running

NOW = at("2026-04-06")
DAY = local_day(NOW)


def sheets(*figures: tuple[str, str, str, object]) -> dict[str, list[dict[str, object]]]:
    """Two communes of two branches each, a cluster each, and these figures: period, unit, indicator, amount."""
    made = spreadsheets.province(communes=2, branches=4, clusters=2)
    made["history"] = [
        {"period": period, "unit": unit, "indicator": indicator, "amount": amount}
        for period, unit, indicator, amount in figures
    ]
    return made


async def take(db: Database, folder: Path, given: dict[str, list[dict[str, object]]]) -> None:
    await take_in(db, CATALOGUE, spreadsheets.write(folder / "tinh.xlsx", given), DAY, NOW, False)


async def trees(db: Database, part: Part) -> tuple[Total | None, Coverage]:
    [round_] = await rounds.open_rounds(db)
    found = await compared(db, CATALOGUE, round_, part, DAY)
    row = found.row("cay_xanh")
    assert found.year_ago is not None
    return row.year_ago if row else None, found.year_ago.coverage


async def test_figures_of_communes_stand_for_their_branches_and_are_compared_with(
    database: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = sheets(("2025-Q1", "DX000", "cay_xanh", 300), ("2025-Q1", "DX001", "cây xanh", "1.200"))
    await take(database, tmp_path, given)
    assert "Số liệu cũ: 2 mới, 0 đổi" in capsys.readouterr().out
    cluster = await one(database, "select id from cluster where code = 'C1'")
    commune = await one(database, "select id from unit where code = 'DX001'")
    assert await trees(database, WHOLE) == (Total(1500, False, 2), Coverage(6, 6))
    assert await trees(database, Part(cluster)) == (Total(300, False, 1), Coverage(3, 3))
    assert await trees(database, Part(unit_id=commune)) == (Total(1200, False, 1), Coverage(3, 3))
    assert await running.differences(database) == []

    await take(database, tmp_path, given)
    assert "Không có gì thay đổi." in capsys.readouterr().out
    given["history"][0]["amount"] = 320
    await take(database, tmp_path, given)
    assert "đổi: 2025-Q1 DX000: cây xanh 320" in capsys.readouterr().out
    assert (await trees(database, WHOLE))[0] == Total(1520, False, 2)
    lines = (await filled(database, CATALOGUE, DAY))[1]["history"]
    assert [(line["unit"], line["amount"]) for line in lines] == [("DX000", 320), ("DX001", 1200)]


async def test_a_figure_of_the_whole_province_says_nothing_of_a_cluster(database: Database, tmp_path: Path) -> None:
    await take(database, tmp_path, sheets(("2025-Q1", "TD", "cay_xanh", 5000)))
    cluster = await one(database, "select id from cluster where code = 'C1'")
    assert await trees(database, WHOLE) == (Total(5000, False, 1), Coverage(6, 6))
    assert await trees(database, Part(cluster)) == (None, Coverage(0, 3))


@pytest.mark.parametrize(
    ("figures", "fault"),
    [
        ([("2026-Q1", "DX000", "cay_xanh", 1)], "quý I/2026 chưa qua hoặc đang mở"),
        ([("2026-Q3", "DX000", "cay_xanh", 1)], "quý III/2026 chưa qua hoặc đang mở"),
        ([("2025-Q1", "DX000", "ti_le_kiem_tra_nq", 95)], "được tính từ hai số gốc"),
        (
            [("2025-Q1", "DX000", "cay_xanh", 1), ("2025-Q1", "CD00000", "cay_xanh", 1)],
            "DX000 cùng kỳ đã gồm cả CD00000",
        ),
        ([("2025-Q1", "TD", "cay_xanh", 1), ("2025-Q1", "CD00000", "don_vi_mau", 1)], "TD cùng kỳ đã gồm cả CD00000"),
        ([("2025-Q1", "DX999", "cay_xanh", 1)], "không có đơn vị DX999"),
        ([("2025-Q1", "DX000", "cay_xanh", 1.5)], "không ghi được"),
    ],
)
async def test_what_cannot_be_brought_is_named_and_nothing_is_taken(
    figures: list[tuple[str, str, str, object]],
    fault: str,
    database: Database,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    await take(database, tmp_path, sheets())
    with pytest.raises(Failed):
        await take(database, tmp_path, sheets(*figures))
    said = capsys.readouterr().err
    assert said.startswith("Số liệu cũ!")
    assert fault in said
    assert await database.read("select 1 from value") == []


async def test_what_somebody_reported_is_not_written_over(
    database: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = sheets(("2025-Q1", "CD00000", "cay_xanh", 5))
    await take(database, tmp_path, given)
    await database.write([("update submission set imported = 0", (), 1)])
    given["history"][0]["amount"] = 6
    with pytest.raises(Failed):
        await take(database, tmp_path, given)
    assert "CD00000 đã báo cáo quý I/2025; không ghi đè bằng tệp được" in capsys.readouterr().err


async def test_a_target_of_a_cluster_and_of_the_year_comes_from_the_sheet_and_back(
    database: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = sheets(("2025-Q1", "TD", "cay_xanh", 5000))
    given["targets"] = [
        {"period": "2026-Y", "cluster": "C1", "indicator": "cay_xanh", "amount": 900},
        {"period": "2026-Y", "unit": "TD", "indicator": "cay_xanh", "amount": 0},
    ]
    await take(database, tmp_path, given)
    told = capsys.readouterr()
    assert (told.out + told.err).count("1 chỉ tiêu bằng 0") == 1
    cluster = await one(database, "select id from cluster where code = 'C1'")
    assert [one.amount for one in await targets.of_part(database, "2026-Y", Part(cluster))] == [900]
    assert [one.amount for one in await targets.of_part(database, "2026-Y", WHOLE)] == [0]
    [round_] = await rounds.open_rounds(database)
    assert round_.code == "2026-Q1"  # the year has targets and is not opened
    row = (await compared(database, CATALOGUE, round_, Part(cluster), DAY)).row("cay_xanh")
    assert row is not None
    assert row.target is not None
    assert (row.target.state, row.target.left, row.target.months, row.target.a_month) == ("unknown", 0, 0, None)
    before = await rounds.round_by_code(database, "2025-Q1")
    assert before is not None
    pack = await gathered(database, CATALOGUE, before, "province", at("2026-04-06", "08:00"))
    # What was brought for the whole province is everybody's report: nobody is called late beside it.
    assert (pack.comparison.now.coverage.filed, pack.late, pack.speakers) == (6, (), ())
    lines = (await filled(database, CATALOGUE, DAY))[1]["targets"]
    assert sorted((line["unit"] or "", line["cluster"] or "") for line in lines) == [("", "C1"), ("TD", "")]
    capsys.readouterr()
    given["targets"][0]["unit"] = "TD"
    with pytest.raises(Failed):
        await take(database, tmp_path, given)
    assert "ghi đơn vị hoặc cụm, một trong hai" in capsys.readouterr().err
