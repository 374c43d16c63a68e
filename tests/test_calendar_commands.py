"""giaoban plan, holidays and calendar: what the office sees and changes from the command line."""

import json
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from two_clusters import at, load

from bot.clock import SystemClock
from bot.commands import calendar
from bot.failures import Failed, WrongUsage
from bot.settings import Settings
from storage.engine.open import open_database

FIRST, LAST = date(2026, 4, 6), date(2026, 4, 30)


@pytest.fixture
async def office(migrated_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Settings of an office with the province of two clusters, on the sixth of April."""
    url = f"sqlite:///{shutil.copyfile(migrated_file, tmp_path / 'office.db')}"
    db = await open_database(url)
    await load(db)
    await db.close()
    monkeypatch.setattr(SystemClock, "now", lambda self: at("2026-04-06", "09:00"))
    return Settings(giaoban_database_url=url, _env_file=None)


async def records(office: Settings, capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    await calendar.show_plan(office, FIRST, LAST, True, None)
    found: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
    return found


async def test_the_plan_is_printed_and_nothing_is_sent(office: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    await calendar.show_plan(office, FIRST, LAST, False, None)
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "thứ Hai 06/4/2026: 0 tin nhắc, 0 bài đăng nhóm, 1 tổng hợp tuần, 2 tin báo"
    assert "  09:00 báo chủ trì giao ban 2026-Q1 của C1, gửi chủ trì" in lines
    assert "thứ Ba 07/4/2026: 2 tin nhắc, 0 bài đăng nhóm, 0 tổng hợp tuần" in lines
    assert "  07:00 T-7 của 2026-Q1 (hạn 14/4), gửi bí thư C1: CD01" in lines
    assert "  07:00 T-7 của 2026-Q1 (hạn 16/4), gửi bí thư C2: 1 đơn vị [không gửi: đã nộp]" in lines
    await calendar.show_plan(office, date(2026, 4, 1), LAST, False, None)
    shown = capsys.readouterr()
    assert shown.out.splitlines() == lines
    assert "chỉ xem được từ hôm nay (2026-04-06)" in shown.err
    db = await open_database(office.giaoban_database_url)
    assert await db.read("select * from outbox") == []
    assert await db.read("select * from reminder") == []
    await db.close()


async def test_as_json_every_message_has_its_time_role_place_and_reason(
    office: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    found = await records(office, capsys)
    assert {tuple(sorted(record)) for record in found} == {("about", "at", "kind", "sent", "to", "why_not")}
    assert {record["kind"] for record in found} == {"reminder", "group_post", "digest", "notice"}
    chairs = [r for r in found if r["to"]["role"] == "chair" and r["kind"] == "reminder"]
    assert chairs[0]["at"] == "2026-04-10T07:00+07:00"
    assert chairs[0]["to"]["places"] == ["C1"]
    assert [item["unit"] for item in chairs[0]["about"]] == ["CD01", "CD02"]
    assert all(record["why_not"] for record in found if not record["sent"])


async def test_a_day_the_office_takes_off_moves_the_reminder_and_gives_it_back(
    office: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    await calendar.keep_holiday(office, date(2026, 4, 10), "off", "Ngày hội")
    await calendar.list_holidays(office, 2026)
    assert "2026-04-10\tnghỉ\tNgày hội" in capsys.readouterr().out.splitlines()
    days = {r["at"][:10] for r in await records(office, capsys) if r["kind"] == "reminder" and r["sent"]}
    assert "2026-04-10" not in days
    assert "2026-04-09" in days
    await calendar.remove_holiday(office, date(2026, 4, 10))
    days = {r["at"][:10] for r in await records(office, capsys) if r["kind"] == "reminder" and r["sent"]}
    assert "2026-04-10" in days


async def test_the_24th_of_november_is_a_row_the_office_can_change(
    office: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    await calendar.list_holidays(office, 2026)
    assert "2026-11-24\tlàm bù\tNgày Văn hóa Việt Nam" in capsys.readouterr().out
    await calendar.keep_holiday(office, date(2026, 11, 24), "off", "Ngày Văn hóa Việt Nam")
    await calendar.list_holidays(office, 2026)
    assert "2026-11-24\tnghỉ\tNgày Văn hóa Việt Nam" in capsys.readouterr().out


async def test_a_rule_is_changed_shown_and_set_back(office: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    await calendar.set_rule(office, "slots", "07:15-07:45 19:00-20:00")
    await calendar.show_rules(office)
    assert "slots\t07:15-07:45 19:00-20:00\tkhung giờ nhắc trong ngày (đã đổi)" in capsys.readouterr().out.splitlines()
    assert {r["at"][11:16] for r in await records(office, capsys) if r["kind"] == "reminder"} == {"07:15"}
    await calendar.set_rule(office, "slots", "")
    await calendar.show_rules(office)
    assert "slots\t07:00-07:30 19:00-20:00\tkhung giờ nhắc trong ngày" in capsys.readouterr().out.splitlines()


async def test_what_makes_no_sense_is_refused_in_one_line(office: Settings) -> None:
    with pytest.raises(WrongUsage, match="2026-13-01"):
        calendar.day_of("--from", "2026-13-01")
    with pytest.raises(WrongUsage, match="trước ngày --from"):
        await calendar.show_plan(office, LAST, FIRST, False, None)
    with pytest.raises(WrongUsage, match="off nghỉ, work làm bù, quiet không nhắc"):
        await calendar.keep_holiday(office, FIRST, "closed", "x")
    with pytest.raises(Failed, match="chưa ghi gì"):
        await calendar.remove_holiday(office, FIRST)
    with pytest.raises(WrongUsage, match="quiet"):
        await calendar.set_rule(office, "slots", "22:00-23:00")
    for name, text, told in (
        ("rungs", "T-3 everybody", "người nhận, chọn trong bí thư"),
        ("rungs", "T-3 chair", "mốc nhắc bí thư"),
        ("posts", "soon", "mốc ghi như T-3"),
        ("summaries", "25:00", "giờ ghi như 07:30"),
        ("summaries", "23:00", "giờ gửi tổng hợp nằm trong giờ yên lặng"),
        ("quiet", "soon", "khoảng giờ ghi như"),
        ("slots", "08:00-07:00", "kết thúc sau khi bắt đầu"),
        ("busy", "a while", "số phút từ 0 đến 120"),
    ):
        with pytest.raises(WrongUsage, match=f"{name} “{text}”: .*{told}"):
            await calendar.set_rule(office, name, text)
    with pytest.raises(WrongUsage, match="chọn một trong"):
        await calendar.set_rule(office, "weekends", "yes")


async def test_the_month_is_drawn(office: Settings, tmp_path: Path) -> None:
    picture = tmp_path / "lich.png"
    await calendar.show_plan(office, date(2026, 4, 1), LAST, False, picture)
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert picture.stat().st_size > 10_000
