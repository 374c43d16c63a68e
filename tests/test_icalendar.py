"""The briefing as a calendar file."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from handlers.office.briefing_files import briefing_file
from handlers.wording.speech import Wording
from reporting.time.calendar import VIETNAM
from reporting.time.icalendar import Event, calendar_file
from reporting.time.periods import parse_period
from storage.periods.chairs import Chair
from storage.periods.rounds import Briefing, Round

NOW = datetime(2026, 4, 2, 1, 0, tzinfo=UTC)
STARTS = datetime(2026, 4, 15, 8, 15, tzinfo=VIETNAM)


def unfolded(text: str) -> list[str]:
    return text.replace("\r\n ", "").split("\r\n")


def test_the_start_is_in_utc_and_a_move_only_raises_the_sequence() -> None:
    first = unfolded(calendar_file([Event("b1@giaoban", 0, STARTS, "Giao ban", "hội trường")], NOW))
    moved = unfolded(calendar_file([Event("b1@giaoban", 1, STARTS, "Giao ban", "hội trường")], NOW))
    assert "DTSTART:20260415T011500Z" in first
    assert [pair for pair in zip(first, moved, strict=True) if pair[0] != pair[1]] == [("SEQUENCE:0", "SEQUENCE:1")]


def test_marks_of_the_format_are_escaped() -> None:
    text = calendar_file([Event("b1", 0, STARTS, "Cụm 1; quý I, 2026\nđợt 2 \\", "x")], NOW)
    assert "SUMMARY:Cụm 1\\; quý I\\, 2026\\nđợt 2 \\\\" in unfolded(text)


def test_long_lines_are_folded_between_characters_at_75_octets() -> None:
    place = "Trung tâm Hoạt động thanh thiếu nhi " * 6
    text = calendar_file([Event("b1", 0, STARTS, "Giao ban", place)], NOW)
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert f"LOCATION:{place}" in unfolded(text)
    assert text.endswith("END:VCALENDAR\r\n")
    assert "\n" not in text.replace("\r\n", "")


def test_a_link_is_kept_and_a_naive_instant_refused() -> None:
    assert "URL:https://hop.example/a" in calendar_file([Event("b", 0, STARTS, "s", "l", "https://hop.example/a")], NOW)
    described = calendar_file([Event("b", 0, STARTS, "s", "l", "https://hop.example/a\r\nmật khẩu 123")], NOW)
    assert [line for line in unfolded(described) if line.startswith("URL")] == ["URL:https://hop.example/a"]
    with pytest.raises(ValueError, match="zone"):
        calendar_file([Event("b", 0, datetime(2026, 4, 15), "s", "l")], NOW)  # noqa: DTZ001


def test_a_cancelled_briefing_takes_itself_out_of_the_calendar() -> None:
    lines = unfolded(calendar_file([Event("b1@giaoban", 2, STARTS, "Giao ban", "x")], NOW, cancelled=True))
    assert "METHOD:CANCEL" in lines
    assert lines[lines.index("BEGIN:VEVENT") :][1:4] == ["UID:b1@giaoban", "SEQUENCE:2", "STATUS:CANCELLED"]


def test_every_line_break_is_written_as_one() -> None:
    lines = unfolded(calendar_file([Event("b1", 0, STARTS, "một\rhai\r\nba\nbốn", "x")], NOW))
    assert "SUMMARY:một\\nhai\\nba\\nbốn" in lines


def test_several_briefings_stand_in_one_file() -> None:
    events = [Event(f"b{number}", number, STARTS, "Giao ban", "x") for number in (1, 2)]
    lines = unfolded(calendar_file(events, NOW))
    assert [line for line in lines if line.startswith(("UID", "METHOD"))] == ["METHOD:PUBLISH", "UID:b1", "UID:b2"]
    assert lines.count("BEGIN:VEVENT") == lines.count("END:VEVENT") == 2


def test_who_chairs_and_who_hosts_stand_in_the_description() -> None:
    chaired = Briefing(
        1, 1, "C1", "Cụm 1", STARTS, "hội trường", "Bí thư", host="Đoàn xã Tân Lập",
        co_chairs=(Chair(2, None, "Hà", "Trưởng ban"),),
    )  # fmt: skip
    round_ = Round(1, parse_period("2026-Q1"), "open")
    text = unfolded(briefing_file(Wording.vietnamese(), [(round_, chaired)], NOW)["text"])
    assert "DESCRIPTION:Chủ trì: Bí thư\\, Trưởng ban\\; đăng cai: Đoàn xã Tân Lập" in text
    bare = replace(chaired, chair="", host="", co_chairs=())
    assert "DESCRIPTION" not in briefing_file(Wording.vietnamese(), [(round_, bare)], NOW)["text"]
