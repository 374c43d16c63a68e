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
    ("text", "verb", "code", "rest"),
    [
        ("xem quý I", "xem", "2026-Q1", ""),
        ("Báo cáo quý 1/2026", "bc", "2026-Q1", ""),
        ("bc quy i", "bc", "2026-Q1", ""),
        ("/bc quý IV", "bc", "2025-Q4", ""),
        ("gửi 2026-Q1", "gửi", "2026-Q1", ""),
        ("xem 6 tháng nhé", "xem", "2026-H1", ""),
        ("xem tháng 3", "xem", "2026-03", ""),
        ("xem báo cáo của năm 2026", "xem", "2026-Y", ""),
        ("sửa báo cáo quý I", "sửa", "2026-Q1", ""),
        ("sửa cây xanh quý I 160", "sửa", "2026-Q1", "cây xanh 160"),
        ("sửa quý I: cây xanh 160", "sửa", "2026-Q1", "cây xanh 160"),
        ("sửa cây xanh 160 quý I năm 2026", "sửa", "2026-Q1", "cây xanh 160"),
        ("sửa cây xanh quý III 160", "sửa", None, "cây xanh 160"),
        ("xem quý III", "xem", None, ""),
    ],
)
def test_a_period_named_beside_a_word_of_the_report_is_understood(
    text: str, verb: str, code: str | None, rest: str
) -> None:
    found = naming(text, RUNNING, date(2026, 3, 30))
    assert found is not None
    assert (found.verb, found.round and found.round.code, found.rest) == (verb, code, rest)


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
