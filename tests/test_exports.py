import json
import os
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from databases import ON_SQLITE
from openpyxl import load_workbook

from bot.export.reports import submissions_json, units_json, write_xlsx
from bot.failures import Failed
from bot.resources import load_catalogue
from bot.whole_file import replace_file
from reporting.figures.catalogue import Catalogue
from reporting.figures.targets import Target
from reporting.figures.values import Value, scaled
from reporting.organisation.part import Part
from reporting.time.calendar import VIETNAM
from reporting.time.deadlines import Terms
from reporting.time.periods import parse_period
from storage.database import Database
from storage.engine.instants import stamp
from storage.organisation import targets, units
from storage.people import people
from storage.periods import rounds
from storage.periods.rounds import Round
from storage.reports import running, submissions
from storage.review import photos
from storage.review.photos import Photo

NOW = datetime(2026, 4, 6, 1, 15, 30, tzinfo=UTC)
TODAY = date(2026, 4, 6)
SINCE = date(2025, 7, 1)
ROUND = Round(1, parse_period("2026-Q1"), "open")


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue(None)


@pytest.fixture
async def province(database: Database) -> Database:
    """Two clusters: in K1 the commune A has sent, its branch B has a draft, its branch C nothing; in K2 D has sent."""
    period_id = ROUND.id
    await database.write(
        [
            units.add_unit(1, "T", "Tỉnh đoàn", "tinh_doan", None, SINCE),
            units.add_cluster(1, "K1", "Cụm thi đua số 1", 1, 1, SINCE),
            units.add_cluster(2, "K2", "Cụm thi đua số 2", 2, 1, SINCE),
            units.add_unit(2, "A", "Đoàn xã A", "doan_co_so", 1, SINCE),
            units.add_unit(3, "B", "=HYPERLINK(1)", "chi_doan", 2, SINCE),
            units.add_unit(4, "C", "Chi đoàn C", "chi_doan", 2, SINCE),
            units.add_unit(5, "D", "Chi đoàn D", "chi_doan", 1, SINCE),
            *(units.join_cluster(1, unit, SINCE) for unit in (2, 3, 4)),
            units.join_cluster(2, 5, SINCE),
            people.add_person(9, "Lan", NOW),
            rounds.add_period(period_id, ROUND.period, "open", NOW),
            targets.set_target(period_id, Part(unit_id=1), Target("cay_xanh", 100, date(2026, 3, 31))),
            targets.set_target(period_id, Part(unit_id=1), Target("don_vi_mau", 50, date(2026, 3, 31))),
            *report(2, "submitted", cay_xanh=("150", True, "+hơn 150 cây"), km_thap_sang=("3.5", False, "3,5 km")),
            *report(3, "draft", cay_xanh=("7", False, "=SUM(A1:A9)"), tien_an_sinh=("22.5", False, "@22,5tr")),
            *report(5, "submitted", cay_xanh=("20", False, "-20 cây"), tien_an_sinh=("1.000001", False, "http://x")),
        ]
    )
    return database


def report(unit_id: int, state: str, **values: tuple[str, bool, str]) -> list[object]:
    catalogue = load_catalogue(None)
    rows: list[object] = [submissions.touch(ROUND.id, unit_id, 0, "draft", 9, NOW - timedelta(hours=1))]
    for code, (number, approx, source) in values.items():
        value = Value(scaled(Decimal(number), catalogue[code].kind), approx, source)
        rows += submissions.put(ROUND.id, unit_id, code, value, None, 9, NOW)
    if state == "submitted":
        rows.append(submissions.touch(ROUND.id, unit_id, 1, "submitted", 9, NOW))
    return running.around(ROUND.id, unit_id, rows)  # type: ignore[arg-type, return-value]


async def test_submissions_have_exactly_the_shape_that_is_promised(province: Database, catalogue: Catalogue) -> None:
    exported = await submissions_json(province, catalogue, ROUND, None, TODAY)
    assert json.loads(json.dumps(exported)) == {
        "period": "2026-Q1",
        "estimated": False,
        "submissions": [
            {
                "unit": "A",
                "state": "submitted",
                "submitted_at": "2026-04-06T01:15:30+00:00",
                "confirmed_at": None,
                "values": {
                    "cay_xanh": {"value": 150, "approx": True, "source": "+hơn 150 cây"},
                    "km_thap_sang": {"value": 3.5, "approx": False, "source": "3,5 km"},
                },
            },
            {
                "unit": "B",
                "state": "draft",
                "submitted_at": None,
                "confirmed_at": None,
                "values": {
                    "cay_xanh": {"value": 7, "approx": False, "source": "=SUM(A1:A9)"},
                    "tien_an_sinh": {"value": 22.5, "approx": False, "source": "@22,5tr"},
                },
            },
            {
                "unit": "D",
                "state": "submitted",
                "submitted_at": "2026-04-06T01:15:30+00:00",
                "confirmed_at": None,
                "values": {
                    "cay_xanh": {"value": 20, "approx": False, "source": "-20 cây"},
                    "tien_an_sinh": {"value": 1.000001, "approx": False, "source": "http://x"},
                },
            },
        ],
    }
    assert isinstance(exported["submissions"][0]["values"]["cay_xanh"]["value"], int)


async def test_one_cluster_is_exported_alone(province: Database, catalogue: Catalogue) -> None:
    exported = await submissions_json(province, catalogue, ROUND, "k2", TODAY)
    assert [row["unit"] for row in exported["submissions"]] == ["D"]


async def test_values_read_in_pieces_are_those_read_at_once(
    province: Database, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = await submissions_json(province, catalogue, ROUND, None, TODAY)
    monkeypatch.setattr("storage.reports.exported.TOGETHER", 2)
    assert await submissions_json(province, catalogue, ROUND, None, TODAY) == whole


async def test_a_period_without_reports_exports_an_empty_list(province: Database, catalogue: Catalogue) -> None:
    other = Round(2, parse_period("2026-Q2"), "planned")
    assert await submissions_json(province, catalogue, other, None, TODAY) == {
        "period": "2026-Q2",
        "estimated": False,
        "submissions": [],
    }


ESTIMATED = replace(ROUND, terms=Terms(estimated=True))
FINAL = NOW + timedelta(days=1)


async def confirmed(db: Database) -> dict[str, str | None]:
    """When each unit called its figures final, as exported."""
    exported = await submissions_json(db, load_catalogue(None), ESTIMATED, None, TODAY)
    assert exported["estimated"] is True
    return {row["unit"]: row["confirmed_at"] for row in exported["submissions"]}


@ON_SQLITE
async def test_of_estimated_figures_it_is_said_which_are_final_and_since_when(
    province: Database, catalogue: Catalogue, tmp_path: Path
) -> None:
    await province.write(submissions.confirm_final(ROUND.id, 2, 2, FINAL))
    assert await confirmed(province) == {"A": FINAL.isoformat(), "B": None, "D": None}
    await write_xlsx(tmp_path / "uoc.xlsx", province, catalogue, ESTIMATED, None, TODAY)
    sheet = load_workbook(tmp_path / "uoc.xlsx")["Số liệu"]
    assert sheet["G4"].value == "Xác nhận số chính thức lúc"
    rows = {row[1]: row for row in sheet.iter_rows(min_row=7, values_only=True)}
    assert rows["A"][6] == FINAL.astimezone(VIETNAM).replace(tzinfo=None)
    assert rows["D"][5:7] == (NOW.astimezone(VIETNAM).replace(tzinfo=None), None)
    assert rows["A"][[cell.value for cell in sheet[5]].index("Cây xanh trồng mới")] == 150


async def test_what_is_corrected_after_it_was_called_final_is_final_as_it_then_stands(province: Database) -> None:
    later = FINAL + timedelta(hours=3)
    await province.write(submissions.confirm_final(ROUND.id, 2, 2, FINAL))
    await province.write([submissions.touch(ROUND.id, 2, 3, "submitted", 9, later)])
    await province.write([submissions.touch(ROUND.id, 5, 2, "submitted", 9, later)])  # never called final
    assert await confirmed(province) == {"A": later.isoformat(), "B": None, "D": None}


async def test_a_report_that_is_given_back_is_not_final_any_more(province: Database) -> None:
    await province.write(submissions.confirm_final(ROUND.id, 2, 2, FINAL))
    await province.write([submissions.touch(ROUND.id, 2, 3, "accepted", 9, FINAL)])
    await province.write(submissions.act_on(ROUND.id, 2, "reopen"))
    assert (await confirmed(province))["A"] is None


async def test_the_first_time_of_sending_stands_through_correction_acceptance_and_return(province: Database) -> None:
    async def sent() -> tuple[object, ...]:
        rows = await province.read("select submitted_at, submitted_by from submission where unit_id = 2")
        return tuple(rows[0])

    first = await sent()
    assert first == (stamp(NOW), 9)
    await province.write([people.add_person(10, "Hoa", NOW)])
    for rev, state in ((2, "submitted"), (3, "accepted")):
        later = NOW + timedelta(days=rev)
        await province.write([submissions.touch(ROUND.id, 2, rev, state, 10, later)])  # type: ignore[arg-type]
        assert await sent() == first
    await province.write(submissions.act_on(ROUND.id, 2, "reopen"))
    await province.write([submissions.touch(ROUND.id, 2, 5, "submitted", 10, FINAL)])
    assert await sent() == first
    exported = await submissions_json(province, load_catalogue(None), ROUND, "K1", TODAY)
    assert exported["submissions"][0]["submitted_at"] == NOW.isoformat()


async def test_a_report_sent_as_it_is_begun_has_its_time_and_author(province: Database) -> None:
    await province.write([submissions.touch(ROUND.id, 4, 0, "submitted", 9, NOW)])
    rows = await province.read("select submitted_at, submitted_by from submission where unit_id = 4")
    assert tuple(rows[0]) == (stamp(NOW), 9)


async def test_a_figure_the_catalogue_does_not_know_stops_the_export(
    province: Database, catalogue: Catalogue, tmp_path: Path
) -> None:
    known = {code: indicator for code, indicator in catalogue.indicators.items() if code != "cay_xanh"}
    fewer = replace(catalogue, indicators=known)
    with pytest.raises(Failed, match="A đã gửi mục cay_xanh"):
        await submissions_json(province, fewer, ROUND, None, TODAY)
    with pytest.raises(Failed, match="cay_xanh"):
        await write_xlsx(tmp_path / "bao-cao.xlsx", province, fewer, ROUND, None, TODAY)
    assert "bao-cao.xlsx" not in os.listdir(tmp_path)


async def test_units_are_listed_with_parent_and_cluster(province: Database) -> None:
    assert await units_json(province, TODAY) == [
        {"code": "A", "name": "Đoàn xã A", "level": "doan_co_so", "parent": "T", "cluster": "K1"},
        {"code": "B", "name": "=HYPERLINK(1)", "level": "chi_doan", "parent": "A", "cluster": "K1"},
        {"code": "C", "name": "Chi đoàn C", "level": "chi_doan", "parent": "A", "cluster": "K1"},
        {"code": "D", "name": "Chi đoàn D", "level": "chi_doan", "parent": "T", "cluster": "K2"},
        {"code": "T", "name": "Tỉnh đoàn", "level": "tinh_doan", "parent": "", "cluster": ""},
    ]


async def test_the_workbook_has_a_row_for_each_unit_under_vietnamese_headings(
    province: Database, catalogue: Catalogue, tmp_path: Path
) -> None:
    path = tmp_path / "bao-cao.xlsx"
    await province.write([photos.keep(Photo(1, ROUND.id, 2, "local", "p", "m", "cay_xanh", "", None, NOW))])
    await write_xlsx(path, province, catalogue, ROUND, None, TODAY)
    book = load_workbook(path)
    assert book.sheetnames == ["Số liệu", "Tổng hợp", "Nguyên văn"]
    sheet = book["Số liệu"]
    assert sheet["A1"].value == "Số liệu công tác Đoàn và phong trào thanh thiếu nhi quý I/2026"
    assert sheet["A2"].value.startswith("Toàn tỉnh. Số liệu đến ngày 06/04/2026: 2/4 đơn vị đã gửi.")
    assert sheet.freeze_panes == "D7"
    assert [cell.value for cell in sheet[4]][:6] == ["TT", "Mã", "Đơn vị", "Cụm", "Tình trạng", "Gửi lúc"]
    assert (sheet["G4"].value, sheet["G7"].value) == ("Ảnh", 1)
    rows = {row[1]: row for row in sheet.iter_rows(min_row=7, values_only=True)}
    assert list(rows) == ["A", "B", "C", "D"]
    assert rows["A"][2:6] == ("Đoàn xã A", "Cụm thi đua số 1", "đã gửi", NOW.astimezone(VIETNAM).replace(tzinfo=None))
    assert rows["C"][4:6] == ("chưa bắt đầu", None)
    assert set(rows["C"][6:]) == {None}
    labels = [cell.value for cell in sheet[5]]
    trees = labels.index("Cây xanh trồng mới")
    assert sheet.cell(6, trees + 1).value == "cây"
    assert {code: row[trees] for code, row in rows.items()} == {"A": 150, "B": 7, "C": None, "D": 20}
    assert sheet.cell(7, trees + 1).number_format == '"trên "#,##0'
    money = labels.index("Giá trị nguồn lực an sinh xã hội đã trao")
    assert rows["B"][money] == 22.5
    sections = [cell.value for cell in sheet[4] if cell.value][7:]
    assert sections[1] == "II. Phong trào Thanh niên tình nguyện"
    assert sheet.column_dimensions["C"].width > 30


async def test_totals_count_only_what_was_sent_and_stand_beside_their_targets(
    province: Database, catalogue: Catalogue, tmp_path: Path
) -> None:
    path = tmp_path / "bao-cao.xlsx"
    await write_xlsx(path, province, catalogue, ROUND, None, TODAY)
    rows = list(load_workbook(path)["Tổng hợp"].iter_rows(min_row=4, values_only=True))
    assert rows[0] == (
        "TT", "Nội dung", "ĐVT", "Cụm thi đua số 1", "Cụm thi đua số 2", "Toàn tỉnh", "Số đơn vị có số liệu",
        "Chỉ tiêu", "Đánh giá",
    )  # fmt: skip
    assert rows[1][1:6] == ("Đơn vị đã gửi", "đơn vị", "1/3", "1/1", "2/4")
    by_label = {row[1]: row for row in rows}
    assert by_label["Cây xanh trồng mới"][2:] == ("cây", 150, 20, 170, 2, 100, "vượt")
    assert by_label["Chiều dài tuyến đường được thắp sáng"][3:7] == (3.5, None, 3.5, 1)
    assert by_label["Giá trị nguồn lực an sinh xã hội đã trao"][3:6] == (None, 1.000001, 1.000001)


async def test_the_workbook_of_one_cluster_shows_neither_the_others_nor_the_provinces_targets(
    province: Database, catalogue: Catalogue, tmp_path: Path
) -> None:
    path = tmp_path / "cum.xlsx"
    await write_xlsx(path, province, catalogue, ROUND, "k1", TODAY)
    book = load_workbook(path)
    assert book["Số liệu"]["A2"].value.startswith("Cụm thi đua số 1. Số liệu đến ngày 06/04/2026: 1/3")
    assert [row[1] for row in book["Số liệu"].iter_rows(min_row=7, values_only=True)] == ["A", "B", "C"]
    heading = next(book["Tổng hợp"].iter_rows(min_row=4, values_only=True))
    assert heading == ("TT", "Nội dung", "ĐVT", "Cụm thi đua số 1", "Số đơn vị có số liệu")


async def test_what_people_wrote_never_becomes_a_formula_or_a_link(
    province: Database, catalogue: Catalogue, tmp_path: Path
) -> None:
    path = tmp_path / "bao-cao.xlsx"
    await write_xlsx(path, province, catalogue, ROUND, None, TODAY)
    book = load_workbook(path)
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    texts = {cell.value for cell in cells}
    assert {"+hơn 150 cây", "=SUM(A1:A9)", "@22,5tr", "-20 cây", "http://x", "=HYPERLINK(1)"} <= texts
    assert {cell.data_type for cell in cells} <= {"s", "n", "d"}
    assert not [cell for cell in cells if cell.hyperlink]


async def test_the_same_reports_give_the_same_bytes(province: Database, catalogue: Catalogue, tmp_path: Path) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        await write_xlsx(tmp_path / name, province, catalogue, ROUND, None, TODAY)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


async def test_a_province_without_units_gives_an_empty_workbook(
    database: Database, catalogue: Catalogue, tmp_path: Path
) -> None:
    await write_xlsx(tmp_path / "trong.xlsx", database, catalogue, ROUND, None, TODAY)
    assert "0/0 đơn vị" in load_workbook(tmp_path / "trong.xlsx")["Số liệu"]["A2"].value


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(Failed, match=r"không có thư mục .*khong-co; lập trước"):
        replace_file(tmp_path / "khong-co" / "a.xlsx", b"new")


def test_a_folder_in_the_place_of_the_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").mkdir()
    with pytest.raises(Failed, match="là thư mục"):
        replace_file(tmp_path / "a.xlsx", b"new")


def test_a_place_that_cannot_be_written_keeps_the_old_file_and_leaves_nothing_behind(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"old")

    def refuse(temporary: str, _target: Path) -> None:
        assert Path(temporary).read_bytes() == b"new"
        raise PermissionError(13, "Permission denied")

    with pytest.raises(Failed, match=r"a\.xlsx: không ghi được \(không có quyền\)"):
        replace_file(path, b"new", refuse)
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["a.xlsx"]


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"old and longer")
    replace_file(path, b"new")
    assert path.read_bytes() == b"new"
    assert os.listdir(tmp_path) == ["a.xlsx"]
