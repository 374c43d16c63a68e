"""The period a reporter names beside a word of the report."""

from datetime import date

import pytest

from handlers.report.named_periods import naming
from reporting.time.periods import parse_period
from storage.periods.rounds import Round

RUNNING = [
    Round(number, parse_period(code), "open")
    for number, code in enumerate(("2025-Q4", "2026-Q1", "2026-H1", "2026-03", "2026-Y"), 1)
]


@pytest.mark.parametrize(
    ("text", "act", "code", "rest"),
    [
        ("xem quý I", "show", "2026-Q1", ""),
        ("Báo cáo quý 1/2026", "report", "2026-Q1", ""),
        ("bc quy i", "report", "2026-Q1", ""),
        ("/bc quý IV", "report", "2025-Q4", ""),
        ("gửi 2026-Q1", "submit", "2026-Q1", ""),
        ("xem 6 tháng nhé", "show", "2026-H1", ""),
        ("xem tháng 3", "show", "2026-03", ""),
        ("xem báo cáo của năm 2026", "show", "2026-Y", ""),
        ("sửa báo cáo quý I", "correct", "2026-Q1", ""),
        ("sửa cây xanh quý I 160", "correct", "2026-Q1", "cây xanh 160"),
        ("sửa quý I: cây xanh 160", "correct", "2026-Q1", "cây xanh 160"),
        ("sửa cây xanh 160 quý I năm 2026", "correct", "2026-Q1", "cây xanh 160"),
        ("sửa cây xanh quý III 160", "correct", None, "cây xanh 160"),
        ("xem quý III", "show", None, ""),
    ],
)
def test_a_period_named_beside_a_word_of_the_report_is_understood(
    text: str, act: str, code: str | None, rest: str
) -> None:
    found = naming(text, RUNNING, date(2026, 3, 30))
    assert found is not None
    assert (found.act, found.round and found.round.code, found.rest) == (act, code, rest)


@pytest.mark.parametrize(
    "text",
    [
        "xem",
        "sửa cây xanh 200",
        "sửa quỹ 2 triệu",
        "sua quy 2 trieu",
        "sửa sinh hoạt tháng 5 10 buổi",
        "sửa về nguồn 15 tháng 3",
        "báo cáo sinh hoạt 3 buổi trong quý I",
        "quý I cây xanh 160",
    ],
)
def test_what_names_no_period_is_left_as_it_is(text: str) -> None:
    assert naming(text, RUNNING, date(2026, 3, 30)) is None
