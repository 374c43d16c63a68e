"""Masking: personal data goes before anything is stored; figures, places and what a text reads as do not change."""

import json
import time
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from province import CATALOGUE

from handlers.access.codes import new_code
from handlers.commands import _LEADING, _WHOLE, spoken
from reporting.reading.reader import read as read_text
from reporting.text.masking import MASK, masked

MESSAGES = [
    json.loads(line)["text"]
    for path in sorted((Path(__file__).parent / "reading").glob("*.jsonl"))
    for line in path.read_text("utf-8").splitlines()
]


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("SĐT: 0912345678.", "SĐT: ***."),
        ("0912 345 678", "***"),
        ("0912.345.678, 0987-654-321", "***, ***"),
        ("091 234 56 78 hoặc 0912 34 56 78", "*** hoặc ***"),
        ("+84 912 345 678, +84912345678, 84912345678", "***, ***, ***"),
        ("số 001203004567", "số ***"),
        ("CCCD: 012345678; CMND số 123456789", "CCCD: ***; CMND số ***"),
        ("căn cước công dân 123456789012", "căn cước công dân ***"),
        ("gửi về lan.nguyen@example.vn nhé", "gửi về *** nhé"),
        ("đ/c Nguyễn Văn An", "đ/c ***"),
        ("Đồng chí Trần Thị Bích Ngọc, 3 buổi", "Đồng chí ***, 3 buổi"),
        ("dong chi Nguyen Van An", "dong chi ***"),
        ("anh NGUYỄN VĂN BA và 3 bạn", "anh *** và 3 bạn"),
        ("các đ/c Lê Văn An, Trần Thị Bình và Vũ Hà tham gia", "các đ/c ***, *** và *** tham gia"),
        ("chị Trần Thị Bích Chi đoàn thôn Đông", "chị *** Chi đoàn thôn Đông"),
        ("bà Lê Thị Hoa 80 tuổi", "bà *** 80 tuổi"),
        ("cháu Sùng A Páo, em Lò Thị Mai", "cháu ***, em ***"),
        ("thầy Lê Văn An, cô giáo Trần Thị Bình", "thầy ***, cô giáo ***"),
        ("Bác Vũ Hà, chú Bùi Đức Thiện, mẹ Ngô Lan, bé Lò Mai", "Bác ***, chú ***, mẹ ***, bé ***"),
        ("thăm Mẹ Việt Nam anh hùng Nguyễn Thị Sen", "thăm Mẹ Việt Nam anh hùng ***"),
        ("đ.c Lê An; đoàn viên Phan Thu Hà", "đ.c ***; đoàn viên ***"),
        ("Bí thư Chi đoàn Nguyễn Hải An", "Bí thư Chi đoàn ***"),
        ("BÍ THƯ\nNGUYỄN THỊ THU HÀ", "BÍ THƯ\n***"),
        ("Người báo cáo: Trần Đức Long, 3 buổi", "Người báo cáo: ***, 3 buổi"),
        ("sinh viên Lê Gia Bảo và Phạm Ngọc Ánh", "sinh viên *** và ***"),
        ("Nguyen Van An bao cao", "*** bao cao"),
        ("(0912)345678, (0912) 345 678, (+84) 912 345 678, +84(0)912345678", "***, ***, ***, ***"),
        ("091 2345678, 0203.3825.678, (0203) 3825678, 024 3825 6789, 02438256789", "***, ***, ***, ***, ***"),
        ("0912 3456 78, 09123 45678, 091/234/5678, 0912-34-56-78", "***, ***, ***, ***"),
        ("0084912345678; +856 20 5555 1234; 0912345678,0987654321", "***; ***; ***,***"),
        ("0912 345 678 0987 654 321 0987654322", "*** *** ***"),
        ("(0912345678) 3 buổi, (0912345678, 0987654321)", "(***) 3 buổi, (***, ***)"),
        ("0912345678 x 3 buổi, 0912345678 - 2 buổi, 0912345678nhé", "*** x 3 buổi, *** - 2 buổi, ***nhé"),
        ("001-203-004567, 001.203.004.567, 001 203 004567", "***, ***, ***"),
        ("CMND 123-456-789", "CMND ***"),
        (unicodedata.normalize("NFD", "đ/c Đặng Thị Ngọc, 3 buổi"), "đ/c ***, 3 buổi"),
    ],
)
def test_personal_data_is_masked(written: str, kept: str) -> None:
    assert masked(written) == kept


@pytest.mark.parametrize(
    "written",
    [
        "12.500.000 đồng", "090 suất", "120000000000", "0,35 km", "03 500 200 100", "09 123 45 678 90", "2.500 lượt",
        "ngày 05.07.2025 10 buổi", "05/07/2025", "0 3 5 7 8", "làm CCCD 120 bạn", "CCCD: 120.000.000 đồng",
        "kích hoạt định danh 1500 người", "từ 07.30 đến 09.45 ngày 12.03", "37.000.000.000", "+84 buổi",
        "84.912.345.678 đồng", "912345678 đồng", "ngày 03.08.2025 07 buổi", "từ 07.00 - 08.30 15 bạn",
        "03/08/2025 0712", "0912 345 buổi", "hotline 1900 0368", "tổng 12,0912345678", "070 080 090 buổi",
        "em nuôi 3", "Chi đoàn thôn Bà Triệu", "đường Ông Nguyễn Huệ", "xã Anh Sơn Đông", "cháu ngoan Bác Hồ",
        "anh hùng Lý Tự Trọng", "Chi đoàn Nguyễn Văn Trỗi", "Đoàn TNCS Hồ Chí Minh", "đồng chí Bí thư Chi đoàn",
        "em Lan", "bạn Đoàn viên 3", "anh Hải", "3 đồng chí: kết nạp Đảng", "trường Võ Thị Sáu",
        "12.500.000", "1.200.345 đồng", "3.000 - 4.000", "020 buổi", "Bác Hồ Chí Minh", "CHÁU NGOAN BÁC HỒ NĂM 2026",
        "thôn Nguyễn Văn Linh", "Quỹ Trần Văn Ơn", "giải Lê Thanh Sơn", "mang tên Vũ Thị Hoa", "huyện Dương Minh Châu",
        "anh hùng liệt sĩ Lê Văn Hai", "THPT “Lê Quang Minh”", "ĐOÀN THANH NIÊN CỘNG SẢN", "đoàn viên Quảng Ninh",
        "đặc khu Cô Tô", "Bí thư Chi đoàn Nguyễn Văn Trỗi", "Hà Minh Anh", "Lê Lợi", "Văn Thị Minh",
    ],
)  # fmt: skip
def test_figures_places_and_units_stay(written: str) -> None:
    assert masked(written) == written


def test_commands_and_codes_stay() -> None:
    for word in (*_WHOLE, *_LEADING):
        assert masked(word) == word
        assert spoken(masked(word)) == spoken(word)
    for _ in range(200):
        code = new_code()
        assert masked(code) == code
        assert masked(f"/start {code}") == f"/start {code}"


def understood(text: str) -> tuple[list[tuple[str, int, bool]], list[tuple[tuple[str, ...], str]]]:
    read = read_text(text, CATALOGUE, "chi_doan")
    values = [(r.code, r.value.amount, r.value.approx) for r in read.values]
    return values, [(ask.codes, ask.reason) for ask in read.asks]


AROUND = [
    "Đ/c Nguyễn Văn An (0912 345 678) báo cáo: {}", "CCCD 001203004567\n{}", "Bí thư: Lê Gia Bảo\n{}",
    "{}\nNgười báo cáo: đồng chí Trần Thị Bình, 0987.654.321",
]  # fmt: skip


def test_what_is_masked_reads_as_what_was_written() -> None:
    for number, message in enumerate(MESSAGES):  # one after the other with each of these
        text = AROUND[number % len(AROUND)].format(message)
        assert masked(text) != text
        assert understood(masked(text)) == understood(text), text


def test_a_message_that_names_nobody_is_mostly_left_as_it_is() -> None:
    changed = [message for message in MESSAGES if masked(message) != message]
    assert 5 <= len(changed) < len(MESSAGES) / 4
    for message in changed:
        assert understood(masked(message)) == understood(message), message


@given(st.lists(st.one_of(
    st.sampled_from(["đ/c ", "anh ", "Nguyễn ", "Văn An", "0912 345 678", "0", "9", "123", " ", ".", "\n", "\t", "CCCD",
                     "001203004567", "@", "a.b",
                     "bác ", "Minh ", "Trần Thị Bé ", "trường ", "Hồ ", "(0912)", "345678", "024-", "001-203-",
                     "***", "3 buổi", "Bà Triệu", "́", ", ", " và "]),
    st.text(max_size=4),
), max_size=25).map("".join))  # fmt: skip
def test_masking_twice_changes_nothing_more(text: str) -> None:
    assert masked(masked(text)) == masked(text)


@given(st.integers(min_value=0, max_value=10**12), st.sampled_from(["đồng", "lượt", "cây", "suất", "km"]))
def test_no_figure_is_ever_masked(number: int, unit: str) -> None:
    for shown in (str(number), f"{number:,}".replace(",", "."), f"{number:02}"):
        assert masked(f"tổng {shown} {unit}") == f"tổng {shown} {unit}"


@pytest.mark.parametrize(
    "part",
    [
        "anh ",
        "0912 ",
        "a.",
        "đ/c Lê ",
        "9",
        "Nguyễn Văn An, ",
        "cccd ",
        "đ/c Lê An, Vũ Hà, ",
        "Lê Văn ",
        "(0912) ",
        "02-",
    ],
)
def test_a_long_text_takes_time_in_step_with_its_length(part: str) -> None:
    # A quadratic pattern would take hours here; the bound is far above what the slowest machine needs.
    text = (part * 200_000)[:200_000] + "@"
    began = time.process_time()
    assert len(masked(text)) <= len(text)
    assert time.process_time() - began < 30


def test_the_mask_is_no_word_and_no_number() -> None:
    assert not any(char.isalnum() for char in MASK)
