"""The papers on personal data follow what runs; what people asked is listed with the days the law leaves."""

# ruff: noqa: F811

from datetime import date
from pathlib import Path

import pytest
from docx import Document
from test_cli import Giaoban, giaoban, loaded, province  # noqa: F401
from two_clusters import at

from handlers.person.data_desk import request_lines
from handlers.wording.speech import Wording
from reporting.time.calendar import VietnamCalendar
from reporting.time.data_terms import data_terms
from storage.database import Conflict, Database
from storage.people import data_requests
from storage.people.data_requests import DataRequest

TRANSFER = "chuyen-ra-nuoc-ngoai.docx"


def words(file: Path) -> str:
    return "\n".join(paragraph.text for paragraph in Document(str(file)).paragraphs)


def test_the_papers_tell_what_runs_now(loaded: Giaoban, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = loaded("privacy-file", "papers").good()
    assert "so-dang-ky-xu-ly.docx" in out
    register = words(tmp_path / "papers" / "so-dang-ky-xu-ly.docx")
    assert "CHƯA đặt (GIAOBAN_BACKUP_DIR)" in register
    assert "chưa bật kênh nào" in register
    assert "90 ngày" in register
    assert "Không kênh nào đang bật có máy chủ ngoài Việt Nam" in words(
        tmp_path / "papers" / "chuyen-ra-nuoc-ngoai.docx"
    )
    monkeypatch.setenv("GIAOBAN_BACKUP_DIR", "copies")
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "7000001:made-up")
    loaded("privacy-file", "papers").good()
    register = words(tmp_path / "papers" / "so-dang-ky-xu-ly.docx")
    assert "CHƯA niêm phong" in register
    assert "Telegram" in register
    assert "https://api.telegram.org" in words(tmp_path / "papers" / TRANSFER)
    assert "made-up" not in register
    impact = words(tmp_path / "papers" / "danh-gia-tac-dong.docx")
    assert "Rủi ro lộ dữ liệu" in impact
    assert "72 giờ" in impact


def test_two_working_days_and_fifteen_days_are_counted_over_weekends_and_holidays() -> None:
    calendar = VietnamCalendar()
    friday = data_terms(date(2026, 4, 10), calendar)
    assert (friday.acknowledge_by, friday.fulfil_by) == (date(2026, 4, 14), date(2026, 4, 25))
    # 30/4 and 1/5 are holidays, then a weekend.
    assert data_terms(date(2026, 4, 29), calendar).acknowledge_by == date(2026, 5, 5)


def test_a_line_says_what_is_next_and_how_many_days_are_left_or_gone() -> None:
    fresh = DataRequest(1001, None, "erase", date(2026, 4, 10), None, None)
    answered = DataRequest(1002, None, "see", date(2026, 4, 1), date(2026, 4, 2), None)
    lines = request_lines(Wording.vietnamese(), [fresh, answered], VietnamCalendar(), date(2026, 4, 13))
    assert lines[0] == "Số 1001: xóa dữ liệu, nhận 10/4; trả lời đã nhận trước hết 14/4 (còn 1 ngày)"
    assert lines[1] == "Số 1002: xem dữ liệu, nhận 01/4; làm xong trước hết 16/4 (còn 3 ngày)"
    late = request_lines(Wording.vietnamese(), [fresh], VietnamCalendar(), date(2026, 4, 20))
    assert "QUÁ HẠN 6 ngày" in late[0]


async def test_a_request_is_acknowledged_and_done_once(database: Database) -> None:
    day = at("2026-04-10").date()
    await database.write([data_requests.add(1001, "erase", day)])
    assert [one.id for one in await data_requests.waiting(database)] == [1001]
    await database.write([data_requests.acknowledge(1001, day)])
    with pytest.raises(Conflict):
        await database.write([data_requests.acknowledge(1001, day)])
    await database.write([data_requests.done(1001, day)])
    with pytest.raises(Conflict):
        await database.write([data_requests.done(1001, day)])
    assert await data_requests.waiting(database) == []
    assert (await data_requests.handled(database))["erase"] == 1


def test_the_office_keeps_its_list_by_commands(loaded: Giaoban) -> None:
    assert loaded("requests", "list").good() == "Không có yêu cầu nào đang chờ.\n"
    out = loaded("requests", "add", "erase", "--on", "2026-04-10").good()
    number = out.split("số ")[1].split(":")[0]
    assert "trước hết 14/4, làm xong trước hết 25/4" in out
    assert "QUÁ HẠN" in loaded("requests", "list").good()
    loaded("requests", "acknowledge", number).good()
    loaded("requests", "done", number).good()
    loaded("requests", "done", number).failed("không có yêu cầu số này đang chờ")
    loaded("requests", "add", "sell").failed("chọn một trong see, correct, erase, stop, object", 2)
