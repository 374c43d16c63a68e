"""The commands on periods and briefings, on a small province."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from databases import ON_SQLITE
from province import load_province

from bot.commands import rounds as commands
from bot.failures import Failed, WrongUsage
from bot.settings import Settings
from reporting.time.calendar import VIETNAM
from storage.engine.open import open_database
from storage.periods import rounds

PROVINCE = Path(__file__).parent / "journeys" / "provinces" / "hoaan.yaml"
NEXT_YEAR = datetime.now(VIETNAM).year + 1  # briefings are moved to days that are still to come


@pytest.fixture
async def office(migrated_url: str) -> Settings:
    await load_province(migrated_url, PROVINCE, datetime(2026, 4, 2, tzinfo=UTC))
    return Settings(giaoban_database_url=migrated_url, _env_file=None)


async def state(office: Settings, code: str) -> str | None:
    db = await open_database(office.giaoban_database_url)
    try:
        found = await rounds.round_by_code(db, code)
        return found.state if found else None
    finally:
        await db.close()


async def test_a_period_is_opened_locked_and_closed(office: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    code = f"{NEXT_YEAR}-Q2"
    today = datetime.now(VIETNAM).date() - timedelta(days=1)
    await commands.open_period(office, code, {"deadline_lead": 5, "opens_on": today}, ("", None, None))
    assert "hạn nộp trước giao ban cụm 5 ngày làm việc" in capsys.readouterr().out
    with pytest.raises(Failed, match=r"chưa đến hạn nộp .* không được báo.* --early"):
        await commands.end_period(office, code, "locked")
    await commands.end_period(office, code, "locked", commands.Flags.of(dry_run=True))
    assert await state(office, code) == "open"
    capsys.readouterr()
    await commands.end_period(office, code, "locked", commands.Flags.of(early=True))
    assert "đơn vị chưa gửi" in capsys.readouterr().err
    await commands.end_period(office, code, "closed")
    assert await state(office, code) == "closed"
    with pytest.raises(Failed, match="đã chốt"):
        await commands.end_period(office, code, "locked")


async def test_a_deadline_before_the_start_is_refused_and_nothing_is_opened(office: Settings) -> None:
    code = f"{NEXT_YEAR}-Q2"
    early = commands.day("--deadline", f"{NEXT_YEAR}-03-01")
    with pytest.raises(Failed, match="lại trước ngày đầu kỳ"):
        await commands.open_period(office, code, {"deadline_on": early}, ("", None, None))
    assert await state(office, code) is None


@ON_SQLITE
async def test_a_moved_briefing_keeps_its_calendar_entry_with_a_higher_sequence(
    office: Settings, tmp_path: Path
) -> None:
    at = commands.moment("--at", f"{NEXT_YEAR}-04-15 08:15")
    with pytest.raises(Failed, match="xa kỳ báo cáo quá"):
        await commands.set_briefing(
            office, commands.NamedBriefing("2026-Q1", "C1", commands.moment("--at", "2099-04-15 08:15"), "", "", "")
        )
    file = tmp_path / "c1.ics"
    await commands.open_period(office, f"{NEXT_YEAR}-Q1", {}, ("", None, None))
    await commands.set_briefing(office, commands.NamedBriefing(f"{NEXT_YEAR}-Q1", "C1", at, "hội trường", "", ""))
    await commands.write_ics(office, f"{NEXT_YEAR}-Q1", "C1", file)
    first = file.read_text("utf-8")
    later = commands.moment("--at", f"{NEXT_YEAR}-04-16 14:00")
    await commands.set_briefing(office, commands.NamedBriefing(f"{NEXT_YEAR}-Q1", "C1", later, "", "", ""))
    await commands.write_ics(office, f"{NEXT_YEAR}-Q1", "C1", file)
    moved = file.read_text("utf-8")
    assert "SEQUENCE:0" in first
    assert "SEQUENCE:1" in moved
    assert f"DTSTART:{NEXT_YEAR}0416T070000Z" in moved
    assert [line for line in first.split("\r\n") if line.startswith("UID")] == [
        line for line in moved.split("\r\n") if line.startswith("UID")
    ]


@pytest.mark.parametrize("day", ["0-07-20", "1-03-20"])
async def test_a_briefing_in_another_period_s_months_or_a_year_ahead_has_to_be_meant(
    office: Settings, day: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, year = f"{NEXT_YEAR}-Q1", NEXT_YEAR + int(day[0])
    await commands.open_period(office, code, {}, ("", None, None))
    near = commands.moment("--at", f"{NEXT_YEAR}-04-15 08:15")
    await commands.set_briefing(office, commands.NamedBriefing(code, "C1", near, "hội trường"))
    moved = commands.NamedBriefing(code, "C1", commands.moment("--at", f"{year}-{day[2:]} 08:15"))
    with pytest.raises(Failed, match=r"Lưu ý: giao ban .* xa .*--far"):
        await commands.set_briefing(office, moved)
    await commands.set_briefing(office, moved, commands.Flags.of(dry_run=True))
    assert "Kỳ chưa mở nên tôi chưa báo ai" in capsys.readouterr().out
    await commands.list_briefings(office, code)
    assert f"{NEXT_YEAR}-04-15" in capsys.readouterr().out
    await commands.set_briefing(office, moved, commands.Flags.of(far=True))
    await commands.list_briefings(office, code)
    assert f"{year}-{day[2:]}" in capsys.readouterr().out


async def test_what_is_unknown_is_one_line(office: Settings) -> None:
    with pytest.raises(Failed, match="chưa có kỳ này"):
        await commands.end_period(office, "2031-Q1", "locked")
    with pytest.raises(Failed, match="không có đơn vị này"):
        await commands.extend(office, "2026-Q1", "NOPE", None, "")
    with pytest.raises(WrongUsage, match="không có ngày này"):
        commands.day("--deadline", "31/4")


@ON_SQLITE
async def test_the_office_names_the_host_and_several_chairs_of_a_briefing(
    office: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    code = f"{NEXT_YEAR}-H1"
    await commands.open_period(office, code, {}, ("", None, None))
    at = commands.moment("--at", f"{NEXT_YEAR}-05-25 08:00")
    await commands.set_briefing(
        office, commands.NamedBriefing(code, "C1", at, "huyện Cô Tô", "", "DX01", ["Thái", "Bí thư Tỉnh đoàn"])
    )
    capsys.readouterr()
    await commands.list_briefings(office, code)
    row = capsys.readouterr().out.rstrip("\n").split("\t")
    assert row[3:] == ["huyện Cô Tô", "Phó Bí thư Tỉnh đoàn; Bí thư Tỉnh đoàn", "Đoàn xã Tân Lập"]
    # Who chairs may be changed alone: the day stands, nobody is told of a move.
    await commands.set_briefing(office, commands.NamedBriefing(code, "C1", None, "", "", "", ["Hà"]))
    with pytest.raises(Failed, match="đang đúng như vậy"):
        await commands.set_briefing(office, commands.NamedBriefing(code, "C1", None, "", "", "DX01", ["Hà"]))
    db = await open_database(office.giaoban_database_url)
    try:
        round_ = await rounds.round_by_code(db, code)
        assert round_ is not None
        (briefing,) = await rounds.briefings(db, round_.id)
    finally:
        await db.close()
    assert (briefing.chair, briefing.co_chairs, briefing.sequence) == ("Bí thư Tỉnh đoàn", (), 0)


@pytest.mark.parametrize(
    ("host", "chair", "said"),
    [("DX99", "Hà", "--host DX99: không có đơn vị này"), ("", "Nam", "không rõ chủ trì “Nam”")],
)
@ON_SQLITE
async def test_a_host_or_chair_that_is_not_known_is_refused_with_those_who_are(
    office: Settings, host: str, chair: str, said: str
) -> None:
    await commands.open_period(office, f"{NEXT_YEAR}-Q1", {}, ("", None, None))
    at = commands.moment("--at", f"{NEXT_YEAR}-04-13 08:00")
    with pytest.raises(Failed, match=said):
        await commands.set_briefing(
            office, commands.NamedBriefing(f"{NEXT_YEAR}-Q1", "C1", at, "hội trường", "", host, [chair])
        )


@ON_SQLITE
async def test_a_campaign_asks_the_form_that_is_named(office: Settings) -> None:
    summer = ("Chiến dịch hè", commands.day("--start", "2026-06-01"), commands.day("--end", "2026-08-31"))
    with pytest.raises(WrongUsage, match="chọn một trong thang, quy"):
        await commands.open_period(office, "2026-D-HE", {}, (*summer, "tuần"))
    await commands.open_period(office, "2026-D-HE", {}, (*summer, "thang"))
    await commands.open_period(office, "2026-D-HE-2", {}, summer)
    db = await open_database(office.giaoban_database_url)
    try:
        found = {r.code: r.period.frequency for r in await rounds.all_rounds(db) if r.period.title}
    finally:
        await db.close()
    assert found == {"2026-D-HE": "thang", "2026-D-HE-2": "quy"}


@pytest.mark.parametrize(
    ("hour", "place", "link", "why"),
    [
        ("08:00", "", "javascript:alert(1)", "cần đường dẫn"),
        ("08:00", "", "ftp://hop.example/1", "cần đường dẫn"),
        ("08:00", "nhà văn hóa " * 400, "", "chỉ ghi được 200"),
        ("03:00", "hội trường", "", "ngoài giờ giao ban"),
        ("22:30", "hội trường", "", "ngoài giờ giao ban"),
    ],
)
@ON_SQLITE
async def test_a_place_nobody_can_come_to_and_an_hour_of_the_night_are_refused(
    office: Settings, hour: str, place: str, link: str, why: str
) -> None:
    code = f"{NEXT_YEAR}-Q1"
    await commands.open_period(office, code, {}, ("", None, None))
    at = commands.moment("--at", f"{NEXT_YEAR}-04-15 {hour}")
    with pytest.raises(Failed, match=why):
        await commands.set_briefing(office, commands.NamedBriefing(code, "C1", at, place, link, ""))


async def test_a_place_and_a_link_together_are_refused_instead_of_one_dropped(office: Settings) -> None:
    with pytest.raises(WrongUsage, match="--place, --online"):
        await commands.set_briefing(
            office, commands.NamedBriefing("2026-Q1", "C1", None, "hội trường", "https://hop.example/1", "")
        )


async def test_a_period_years_away_is_not_opened_nor_one_with_days_years_from_it(office: Settings) -> None:
    with pytest.raises(Failed, match="còn xa quá"):
        await commands.open_period(office, "2095-Q1", {}, ("", None, None))
    for name, text in (("opens_on", "2020-01-01"), ("cutoff_on", f"{NEXT_YEAR}-09-30")):
        given = {name: commands.day("--day", text)}
        with pytest.raises(Failed, match="xa kỳ báo cáo quá"):
            await commands.open_period(office, f"{NEXT_YEAR}-Q2", given, ("", None, None))


async def test_estimates_without_days_to_confirm_name_none(
    office: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    await commands.open_period(office, f"{NEXT_YEAR}-Q1", {"estimated": True}, ("", None, None))
    assert "None" not in capsys.readouterr().out
