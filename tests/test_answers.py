"""Replies to one question."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.resources import load_catalogue, load_forms
from reporting.figures.values import DECIMALS, Value, vietnamese
from reporting.reading.outcome import Reading
from reporting.reading.reader import read as read_text

CATALOGUE = load_catalogue(None)
BRANCH = load_forms(CATALOGUE).form("chi_doan", "quy")
MEETINGS = ("sinh_hoat_chi_doan", "luot_sinh_hoat_chi_doan")


def read(text: str, *codes: str) -> Reading:
    return read_text(text, CATALOGUE, "chi_doan", [CATALOGUE[c] for c in codes])


def amounts(reading: Reading) -> dict[str, int]:
    return dict(reading.amounts)


def trouble(reading: Reading) -> str | None:
    return reading.asks[0].reason if reading.asks else None


def proposed(reading: Reading) -> str:
    ask = reading.asks[0]
    return vietnamese(ask.value.amount, CATALOGUE[ask.codes[0]].kind) if ask.value else ""


def value(reading: Reading, code: str) -> Value:
    return next(one.value for one in reading.values if one.code == code)


@pytest.mark.parametrize(
    "text",
    [
        "3 buổi, 62 lượt", "62 lượt, 3 buổi", "3, 62", "3 62", "3 buổi 62", "dạ 3 buổi 62 người ạ",
        "ba buổi sáu mươi hai lượt",
        "ba, sáu mươi hai", "3b 62l", "3 buoi 62 luot", "Sinh hoạt chi đoàn 3 buổi, 62 lượt đoàn viên",
        "03 buổi; 62 lượt ĐVTN",
    ],
)  # fmt: skip
def test_a_pair_is_read_in_any_order_and_style(text: str) -> None:
    answer = read(text, *MEETINGS)
    assert amounts(answer) == {"sinh_hoat_chi_doan": 3, "luot_sinh_hoat_chi_doan": 62}
    assert trouble(answer) is None


@pytest.mark.parametrize(
    "text",
    ["0", "không", "không có", "chưa", "chưa có ạ", "dạ không ạ", "ko", "k có", "không phát sinh",
    "hổng có", "khong co",
     "Không.", "quý này không có", "chưa tổ chức ạ", "0 ạ"],
)  # fmt: skip
def test_none_alone_is_zero_for_all_that_was_asked(text: str) -> None:
    assert amounts(read(text, *MEETINGS)) == {"sinh_hoat_chi_doan": 0, "luot_sinh_hoat_chi_doan": 0}


def test_one_bare_number_answers_the_first_of_a_pair() -> None:
    answer = read("3", *MEETINGS)
    assert (amounts(answer), trouble(answer)) == ({"sinh_hoat_chi_doan": 3}, None)


def test_a_partial_answer_is_fine() -> None:
    assert amounts(read("62 lượt", *MEETINGS)) == {"luot_sinh_hoat_chi_doan": 62}


def test_labels_decide_first_and_may_name_what_was_not_asked() -> None:
    answer = read("cây xanh 120, máu 4", *MEETINGS)
    assert (amounts(answer), trouble(answer)) == ({"cay_xanh": 120, "don_vi_mau": 4}, None)


def test_bare_numbers_beside_unknown_words_are_not_taken_in_order() -> None:
    answer = read("văn nghệ 2, hội thao 5", *MEETINGS)
    assert (amounts(answer), trouble(answer)) == ({}, "ambiguous")


@pytest.mark.parametrize(
    ("text", "code", "amount"),
    [
        ("700m", "km_thap_sang", 700),
        ("1,5", "km_thap_sang", 1500),
        ("1 cây số rưỡi", "km_thap_sang", 1500),
        ("35", "tien_an_sinh", 35_000_000),
        ("2tr5", "tien_an_sinh", 2_500_000),
        ("500k", "tien_an_sinh", 500_000),
        ("22500000", "tien_an_sinh", 22_500_000),
        ("22.500.000", "tien_an_sinh", 22_500_000),
        ("1,2 tỷ", "tien_an_sinh", 1_200_000_000),
        ("95%", "ti_le_kiem_tra_nq", 95_000),
        ("98,4", "ti_le_kiem_tra_nq", 98_400),
        ("2k", "report_xau_doc", 2000),
        ("4 đv", "don_vi_mau", 4),
        ("hai mươi", "cay_xanh", 20),
    ],
)
def test_money_lengths_and_rates_come_in_the_catalogues_unit(text: str, code: str, amount: int) -> None:
    answer = read(text, code)
    assert (amounts(answer), trouble(answer)) == ({code: amount}, None)


def test_approximation_and_source_words_are_kept() -> None:
    told = value(read("khoảng 60 lượt", *MEETINGS), "luot_sinh_hoat_chi_doan")
    assert (told.approx, told.source) == (True, "khoảng 60 lượt")


@pytest.mark.parametrize(
    ("text", "code", "problem", "proposal"),
    [
        ("abc", "cay_xanh", "not_a_number", ""),
        ("nan", "cay_xanh", "not_a_number", ""),
        ("1e999", "cay_xanh", "not_a_number", ""),
        ("٣٤", "cay_xanh", "not_a_number", ""),
        ("9" * 5000, "cay_xanh", "out_of_range", ""),
        ("40-50", "cay_xanh", "range", ""),
        ("vài chục cây", "cay_xanh", "indefinite", ""),
        ("nhiều lắm ạ", "cay_xanh", "indefinite", ""),
        ("3,5", "sinh_hoat_chi_doan", "not_whole", ""),
        ("1.250 km", "km_thap_sang", "separator", "1,25"),
        ("2,500 cây", "cay_xanh", "separator", "2.500"),
        ("-5", "cay_xanh", "negative", ""),
        ("−5", "cay_xanh", "negative", ""),
        ("cây xanh -5", "cay_xanh", "negative", ""),
        ("cây xanh −5", "cay_xanh", "negative", ""),
        ("cây xanh: -5", "cay_xanh", "negative", ""),
        ("trồng -5 cây", "cay_xanh", "negative", ""),
        ("mỗi suất 500k", "tien_an_sinh", "unit_rate", ""),
        ("95%", "cay_xanh", "percent", ""),
        ("120%", "ti_le_kiem_tra_nq", "out_of_range", ""),
        ("150000", "tien_an_sinh", "ambiguous", "0,15"),
        ("700", "km_thap_sang", "ambiguous", "0,7"),
    ],
)
def test_what_is_unclear_is_asked_and_not_stored(text: str, code: str, problem: str, proposal: str) -> None:
    answer = read(text, code)
    assert (amounts(answer), trouble(answer), proposed(answer)) == ({}, problem, proposal)
    assert answer.asks[0].source


def test_too_many_bare_numbers_are_asked_about() -> None:
    answer = read("3 4 5", *MEETINGS)
    assert (amounts(answer), trouble(answer)) == ({}, "too_many")


def test_the_clear_part_is_taken_and_the_unclear_part_asked() -> None:
    answer = read("40-50 lượt, 3 buổi", *MEETINGS)
    assert (amounts(answer), trouble(answer)) == ({"sinh_hoat_chi_doan": 3}, "range")
    assert answer.asks[0].source == "40-50 lượt"


def test_a_named_negative_is_zero_for_that_alone() -> None:
    assert amounts(read("3 buổi 62 lượt, không có hiến máu", *MEETINGS)) == {
        "sinh_hoat_chi_doan": 3,
        "luot_sinh_hoat_chi_doan": 62,
        "don_vi_mau": 0,
    }


def test_done_out_of_all_gives_the_membership_too() -> None:
    assert amounts(read("118/120", "doan_vien_tren_phan_mem")) == {
        "doan_vien_tren_phan_mem": 118,
        "tong_doan_vien": 120,
    }


def test_seven_questions_at_once_are_answered_by_their_units_and_names() -> None:
    codes = ("don_ve_sinh", "luot_don_ve_sinh", "cay_xanh", "km_thap_sang", "don_vi_mau", "suat_qua", "tien_an_sinh")
    answer = read("vsmt 2 buổi 35 lượt, cây xanh 120, thắp sáng 1,5km, máu 4, 20 suất quà 8 triệu", *codes)
    assert trouble(answer) is None
    assert amounts(answer) == dict(zip(codes, (2, 35, 120, 1500, 4, 20, 8_000_000), strict=True))


@settings(max_examples=200, deadline=None)
@given(st.sampled_from([i for i in CATALOGUE.indicators.values() if i.kind == "int"]), st.integers(1, 99_999))
def test_any_count_as_the_bot_prints_it_reads_back(indicator, number: int) -> None:  # type: ignore[no-untyped-def]
    for written in (vietnamese(number, "int"), str(number), f"hơn {vietnamese(number, 'int')}"):
        answer = read_text(written, CATALOGUE, "chi_doan", [indicator])
        if trouble(answer) is None:
            assert amounts(answer) == {indicator.code: number}, written
        else:
            assert 1900 <= number <= 2100, written  # a bare year is asked about


@settings(max_examples=150, deadline=None)
@given(st.integers(1, 99_999_999))
def test_any_amount_of_money_as_the_bot_prints_it_reads_back(scaled: int) -> None:
    written = vietnamese(scaled, "money") + " triệu đồng"
    answer = read(written, "tien_an_sinh")
    fraction = vietnamese(scaled, "money").partition(",")[2]
    if len(fraction) == 3 and trouble(answer) == "separator":
        assert amounts(answer) == {}
    else:
        assert amounts(answer) == {"tien_an_sinh": scaled}
    assert DECIMALS["money"] == 6


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200))
def test_no_reply_makes_reading_fail(text: str) -> None:
    for value in read(text, *MEETINGS, "tien_an_sinh", "km_thap_sang", "ti_le_kiem_tra_nq").values:
        assert 0 <= value.value.amount <= 10**12


@pytest.mark.parametrize("reply", ["ra quân 3", "bị trùng 3", "3 nhưng chưa chắc", "3?", "đường thôn 3", "1/2 km"])
def test_a_number_beside_other_words_does_not_answer_the_one_thing_that_is_open(reply: str) -> None:
    answer = read_text(reply, CATALOGUE, "chi_doan", [CATALOGUE["km_thap_sang"]])
    assert not answer.values
    assert trouble(answer) is not None


@pytest.mark.parametrize("reply", ["1 buổi tháng 1, 2 buổi tháng 3", "3 buổi, 2 buổi nữa"])
def test_two_numbers_of_one_unit_are_no_total(reply: str) -> None:
    asked = [CATALOGUE["don_ve_sinh"], CATALOGUE["luot_don_ve_sinh"]]
    answer = read_text(reply, CATALOGUE, "chi_doan", asked)
    assert "don_ve_sinh" not in answer.amounts
    assert trouble(answer) is not None


# The number of a branch's question, a reply to it, and what is stored of that.
NAMED_SOMETHING_ELSE: list[tuple[int, str, dict[str, int]]] = [
    (4, "ra quân ba buổi, 45 luot", {}),
    (4, "tình nguyện 3 hoạt động, 50 lượt", {}),
    (4, "tinh nguyen 3 hoat dong, 50 luot", {}),
    (4, "ra quân, 3 buổi, 45 lượt", {}),
    (4, "hội trại 2 buổi 50 lượt", {}),
    (4, "văn nghệ 2 hoạt động", {}),
    (4, "trồng cây 200 cây, 45 lượt", {"cay_xanh": 200}),
    (4, "dọn vệ sinh 3 buổi, 45 lượt", {"don_ve_sinh": 3, "luot_don_ve_sinh": 45}),
    (4, "đại hội 1 hoạt động, 80 lượt", {}),
    (1, "sinh hoạt chính trị 3 hoạt động, ra quân 2 buổi", {"sinh_hoat_chinh_tri": 3}),
    (1, "ra quân 3 buổi, 45 lượt", {}),
    (1, "hội trại 50 lượt", {}),
    (1, "hội thao 50 lượt", {}),
    (1, "giao lưu 50 lượt", {}),
    (1, "về nguồn 2 hoạt động, 45 lượt", {"hoat_dong_ve_nguon": 2}),
    (5, "tình nguyện 20 người", {}),
    (5, "cắm trại 20 người", {}),
    (5, "hiến máu 20 người", {}),
    (5, "bóng chuyền 20 người", {}),
    (6, "tình nguyện 3 hoạt động", {}),
    (6, "ra quân 3 hoạt động", {}),
    (6, "khởi nghiệp 3 hoạt động", {"hoat_dong_khoi_nghiep": 3}),
    (6, "thể thao 3 hoạt động", {}),
    (5, "20 người", {}),
    (5, "phát triển mới 20 người", {}),
    (5, "mới 5", {}),
    (5, "20 đoàn viên, 35 hội viên", {}),
    (5, "3 buổi 62 lượt 18 người 2 người 5 người", {"sinh_hoat_chi_doan": 3, "luot_sinh_hoat_chi_doan": 62}),
    (4, "2 hoạt động sáng tạo", {}),
    (4, "2 hoạt động chuyển đổi số, 45 lượt người dân", {}),
    (2, "trồng hoa 200 cây", {}),
    (2, "tình nguyện 3 buổi", {}),
    (2, "hội trại 2 buổi, 60 lượt", {}),
    (5, "ra quân trồng rau 3 buổi", {}),
    (5, "tập huấn 3 buổi, 62 lượt", {}),
]

NAMED_NOTHING_ELSE: list[tuple[int, str, dict[str, int]]] = [
    (5, "3 buổi 62 lượt", {"sinh_hoat_chi_doan": 3, "luot_sinh_hoat_chi_doan": 62}),
    (5, "được 3 buổi ạ", {"sinh_hoat_chi_doan": 3}),
    (5, "khoảng 50 lượt các bạn tham gia", {"luot_sinh_hoat_chi_doan": 50}),
    (5, "dạ chi đoàn em tổ chức 3 buổi, 62 lượt tham dự ạ", {"sinh_hoat_chi_doan": 3, "luot_sinh_hoat_chi_doan": 62}),
    (5, "trong quy to chuc 3 buoi, don vi co 62 luot", {"sinh_hoat_chi_doan": 3, "luot_sinh_hoat_chi_doan": 62}),
    (5, "3 buổi tại nhà văn hóa thôn, 62 lượt", {"sinh_hoat_chi_doan": 3, "luot_sinh_hoat_chi_doan": 62}),
    (5, "đều đặn, tổng cộng 3 buổi", {"sinh_hoat_chi_doan": 3}),
    (5, "họp 3 buổi, 62 lượt", {"sinh_hoat_chi_doan": 3, "luot_sinh_hoat_chi_doan": 62}),
    (5, "sinh hoạt được 3 buổi", {"sinh_hoat_chi_doan": 3}),
    (5, "em xin báo cáo: 3 buổi, 62 lượt", {"sinh_hoat_chi_doan": 3, "luot_sinh_hoat_chi_doan": 62}),
    (4, "2 hoạt động, 45 lượt", {"hoat_dong_khoi_nghiep": 2, "luot_khoi_nghiep": 45}),
    (4, "có 2 hoạt động với 45 lượt thanh niên", {"hoat_dong_khoi_nghiep": 2, "luot_khoi_nghiep": 45}),
    (4, "hỗ trợ khởi nghiệp 2 hoạt động, 45 lượt", {"hoat_dong_khoi_nghiep": 2, "luot_khoi_nghiep": 45}),
    (4, "2 buổi, 45 lượt", {"hoat_dong_khoi_nghiep": 2, "luot_khoi_nghiep": 45}),
    (2, "ra quân 3 buổi, 62 lượt", {"don_ve_sinh": 3, "luot_don_ve_sinh": 62}),
    (2, "3 buổi, 62 lượt, 120 cây, 0,5 km",
     {"don_ve_sinh": 3, "luot_don_ve_sinh": 62, "cay_xanh": 120, "km_thap_sang": 500}),
    (2, "trồng được 200 cây", {"cay_xanh": 200}),
    (2, "200 cây keo", {"cay_xanh": 200}),
    (2, "200 cây hoa giấy", {"cay_xanh": 200}),
    (2, "dọn vệ sinh đường thôn 3 buổi", {"don_ve_sinh": 3}),
    (3, "trao 20 suất, 8 triệu", {"suat_qua": 20, "tien_an_sinh": 8_000_000}),
    (5, "kết nạp 20 hội viên", {"hoi_vien_moi": 20}),
    (5, "3, 62, 18, 2, 5",
     {"sinh_hoat_chi_doan": 3, "luot_sinh_hoat_chi_doan": 62, "tong_doan_vien": 18, "doan_vien_moi": 2,
      "hoi_vien_moi": 5}),
    (5, "kết nạp 2 đoàn viên và 5 hội viên", {"doan_vien_moi": 2, "hoi_vien_moi": 5}),
    (4, "20 30 1 2 45",
     {"ho_so_truc_tuyen": 20, "tai_khoan_vneid": 30, "y_tuong_sang_tao": 1, "hoat_dong_khoi_nghiep": 2,
      "luot_khoi_nghiep": 45}),
    (4, "20 hồ sơ, 30 tk, 1 ý tưởng, 2 hđ, 45 lượt",
     {"ho_so_truc_tuyen": 20, "tai_khoan_vneid": 30, "y_tuong_sang_tao": 1, "hoat_dong_khoi_nghiep": 2,
      "luot_khoi_nghiep": 45}),
    (6, "3 hoạt động, 2 em", {"hoat_dong_thieu_nhi": 3, "em_nuoi": 2}),
    (6, "tổ chức 3 hoạt động cho các em", {"hoat_dong_thieu_nhi": 3}),
    (1, "3 hoạt động sinh hoạt chính trị, 50 lượt", {"sinh_hoat_chinh_tri": 3, "luot_hoc_tap_tuyen_truyen": 50}),
]  # fmt: skip


@pytest.mark.parametrize(("number", "text", "stored"), NAMED_SOMETHING_ELSE + NAMED_NOTHING_ELSE)
def test_a_number_answers_what_is_asked_unless_its_clause_says_something_else(
    number: int, text: str, stored: dict[str, int]
) -> None:
    asked = BRANCH.questions[number - 1].indicators
    answer = read_text(text, CATALOGUE, "chi_doan", asked)
    assert amounts(answer) == stored
    assert trouble(answer) is None or (number, text, stored) in NAMED_SOMETHING_ELSE
    assert stored or trouble(answer) is not None


def test_a_zero_with_a_unit_is_the_zero_of_that_alone() -> None:
    assert amounts(read("0 em", "tong_doan_vien", "em_nuoi")) == {"em_nuoi": 0}


@pytest.mark.parametrize("text", ["The report: 120 trees", "report 120 things"])
@pytest.mark.parametrize("code", ["report_xau_doc", "cay_xanh"])
def test_a_word_nobody_knows_behind_a_named_number_makes_it_a_question(text: str, code: str) -> None:
    answer = read(text, code)
    assert (amounts(answer), trouble(answer)) == ({}, "ambiguous")


@pytest.mark.parametrize("text", ["report được 120 nhé", "report 120 lượt", "report: 120", "dạ report 120 ạ"])
def test_a_named_number_with_words_that_say_nothing_is_taken(text: str) -> None:
    assert amounts(read(text, "report_xau_doc")) == {"report_xau_doc": 120}


@pytest.mark.parametrize(
    "why", ["vì đếm thiếu 50 cây", "vi dem thieu 50 cay o to 3", "do hôm trước tính sót 50", "tại ghi trùng 50 cây"]
)
def test_by_how_much_a_figure_was_wrong_is_no_part_of_the_new_one(why: str) -> None:
    answer = read(f"cây xanh 300 {why}", "cay_xanh")
    assert (amounts(answer) == {"cay_xanh": 300}) or proposed(answer) == "300"


@pytest.mark.parametrize(
    "text", ["dự sinh hoạt chính trị 490", "du sinh hoat chinh tri 490", "có mặt sinh hoạt chính trị 20"]
)
def test_who_came_to_sessions_is_not_how_many_there_were(text: str) -> None:
    answer = read(text, "sinh_hoat_chinh_tri", "luot_hoc_tap_tuyen_truyen")
    assert "sinh_hoat_chinh_tri" not in amounts(answer)
    assert answer.asks
