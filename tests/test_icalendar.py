"""The briefing as a calendar file."""

from datetime import UTC, datetime

import pytest

from reporting.calendar import VIETNAM
from reporting.icalendar import calendar_file

NOW = datetime(2026, 4, 2, 1, 0, tzinfo=UTC)
STARTS = datetime(2026, 4, 15, 8, 15, tzinfo=VIETNAM)


def unfolded(text: str) -> list[str]:
    return text.replace("\r\n ", "").split("\r\n")


def test_the_start_is_in_utc_and_a_move_only_raises_the_sequence() -> None:
    first = unfolded(calendar_file("b1@giaoban", 0, STARTS, "Giao ban", "hội trường", NOW))
    moved = unfolded(calendar_file("b1@giaoban", 1, STARTS, "Giao ban", "hội trường", NOW))
    assert "DTSTART:20260415T011500Z" in first
    assert [pair for pair in zip(first, moved, strict=True) if pair[0] != pair[1]] == [("SEQUENCE:0", "SEQUENCE:1")]


def test_marks_of_the_format_are_escaped() -> None:
    text = calendar_file("b1", 0, STARTS, "Cụm 1; quý I, 2026\nđợt 2 \\", "x", NOW)
    assert "SUMMARY:Cụm 1\\; quý I\\, 2026\\nđợt 2 \\\\" in unfolded(text)


def test_long_lines_are_folded_between_characters_at_75_octets() -> None:
    place = "Trung tâm Hoạt động thanh thiếu nhi " * 6
    text = calendar_file("b1", 0, STARTS, "Giao ban", place, NOW)
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert f"LOCATION:{place}" in unfolded(text)
    assert text.endswith("END:VCALENDAR\r\n")
    assert "\n" not in text.replace("\r\n", "")


def test_a_link_is_kept_and_a_naive_instant_refused() -> None:
    assert "URL:https://hop.example/a" in calendar_file("b", 0, STARTS, "s", "l", NOW, "https://hop.example/a")
    with pytest.raises(ValueError, match="zone"):
        calendar_file("b", 0, datetime(2026, 4, 15), "s", "l", NOW)  # noqa: DTZ001
