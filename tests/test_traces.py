"""What stands beside a figure in its words: by a shared week or name one event is known in two reports."""

from datetime import date

import pytest

from reporting.time.periods import parse_period
from reporting.time.traces import traces

TODAY = date(2026, 4, 5)


@pytest.mark.parametrize(
    ("text", "source", "found"),
    [
        ("Ngày 15/3 trồng 150 cây xanh tại đồi Hòn Chè", "150 cây xanh", {"week:2026-11", "name:hon che"}),
        ("Trồng 150 cây xanh (20/3)", "150 cây xanh", {"week:2026-12"}),
        ("sáng 15 tháng 3 năm 2026 trồng 150 cây", "150 cây", {"week:2026-11"}),
        # Each figure has the day of its own clause, else that of its sentence, never that of another sentence.
        ("ngày 15/3 trồng 150 cây, ngày 20/3 hiến 35 đơn vị máu", "35 đơn vị máu", {"week:2026-12"}),
        ("ngày 15/3, cả chi đoàn trồng 150 cây", "150 cây", {"week:2026-11"}),
        ("Ngày 15/3 họp. Trồng 1.150 cây", "1.150 cây", set()),
        # Days that cannot be.
        ("hiến máu ngày 31/4 được 35 đơn vị", "35 đơn vị", {"none:31/4"}),
        ("hiến máu 30/2/2026 được 35 đơn vị", "35 đơn vị", {"none:30/2/2026"}),
        ("30/2 trồng 40 cây xanh", "40 cây", {"none:30/2"}),
        ("ngày 30/2 trồng 40 cây, 31/4 tổ chức 2 buổi", "2 buổi", {"none:31/4"}),
        ("ngày 30/2 trồng 40 cây, vệ sinh 2 buổi", "2 buổi", set()),
        ("trồng 40 cây, vào ngày 30/2", "40 cây", {"none:30/2"}),
        ("ngày 28/12 trồng 150 cây", "150 cây", {"beyond:28/12"}),
        ("ngày 15/3/2025 trồng 150 cây", "150 cây", {"beyond:15/3/2025"}),
        # What is no day and no name by which one event is known.
        ("thắp sáng 1/2 km, sáng 0.5km, thắp sáng 1.2 km, trồng 150 cây", "150 cây", set()),
        ("10/12 đoàn viên trồng 150 cây, đạt 31/4 chỉ tiêu", "150 cây", set()),
        ("Tháng Thanh Niên, Đoàn Xã trồng 150 cây cùng ĐVTN", "150 cây", set()),
        ("TRỒNG 150 CÂY XANH TẠI HÒN CHÈ", "150 CÂY XANH", set()),
        ("đồng chí Lê Văn An trồng 150 cây", "150 cây", set()),
        ("trồng 50 cây tại đồi Hòn Chè", "150 cây", set()),
    ],
)
def test_the_week_and_the_names_beside_a_figure_are_its_own(text: str, source: str, found: set[str]) -> None:
    assert traces(text, source, parse_period("2026-Q1"), TODAY) == found


def test_a_day_still_to_come_is_odd_unless_figures_are_estimated() -> None:
    text, period = "ngày 28/3 trồng 150 cây", parse_period("2026-Q1")
    assert traces(text, "150 cây", period, date(2026, 3, 20)) == {"beyond:28/3"}
    assert traces(text, "150 cây", period, period.end_on) == {"week:2026-13"}
