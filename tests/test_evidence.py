"""Numbers that a name stands beside and that still are not stored, because the words around them say otherwise."""

import pytest

from bot.resources import load_catalogue
from reporting.figures.values import plain
from reporting.reading.outcome import Reading
from reporting.reading.reader import read as read_text

CATALOGUE = load_catalogue(None)


def read(text: str) -> Reading:
    return read_text(text, CATALOGUE, "doan_co_so")


def values(text: str) -> dict[str, float]:
    return {r.code: plain(r.value.amount, CATALOGUE[r.code].kind) for r in read(text).values}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Bị loại 3 hồ sơ dịch vụ công", "ho_so_truc_tuyen"),
        ("tạo 175 hồ sơ đoàn viên giấy", "ho_so_truc_tuyen"),
        ("cần 5 người nữa cho hội viên mới", "hoi_vien_moi"),
        ("cây xanh âm 5", "cay_xanh"),
        ("nhổ 40 cây xanh", "cay_xanh"),
        ("nhận 5 suất quà", "suat_qua"),
        ("Hội phụ nữ trồng 100 cây xanh", "cay_xanh"),
        ("Có 2 cuộc kiểm tra của Tỉnh đoàn", "cuoc_kiem_tra"),
        ("hiện có 11 mô hình kinh tế", "mo_hinh_kinh_te"),
        ("3 mô hình kinh tế thất bại", "mo_hinh_kinh_te"),
        ("1 công trình thanh niên đang thi công", "cong_trinh_thanh_nien"),
        ("2 công trình thanh niên dở dang", "cong_trinh_thanh_nien"),
        ("3 sân chơi xuống cấp", "khu_vui_choi"),
        ("4 ý tưởng sáng tạo trùng nhau", "y_tuong_sang_tao"),
        ("5 hồ sơ trực tuyến trả về", "ho_so_truc_tuyen"),
        ("20 suất quà Tết dư từ năm ngoái", "suat_qua"),
        ("15 suất quà của Hội Chữ thập đỏ", "suat_qua"),
        ("được Tỉnh đoàn tặng 20 suất học bổng", "suat_hoc_bong"),
        ("1 km đường hoa Hội Phụ nữ", "km_duong_xanh"),
        ("2 sân chơi của xã bạn", "khu_vui_choi"),
        ("5 hồ sơ trực tuyến quá hạn", "ho_so_truc_tuyen"),
        ("làm sạch 2 bãi biển", "don_ve_sinh"),
        ("thăm 2 mẹ Việt Nam anh hùng", "hoat_dong_ve_nguon"),
        ("tặng quà 14 tân binh", "tien_bien_gioi"),
        ("sửa 1 km 20 đường nội đồng", "km_duong_sua_chua"),
        ("thắp sáng 2 cây đường quê", "km_thap_sang"),
    ],
)
def test_a_number_beside_an_unexplained_word_is_asked_about(text: str, code: str) -> None:
    assert values(text) == {}
    assert code in {code for ask in read(text).asks for code in ask.codes}


@pytest.mark.parametrize(
    ("text", "expect"),
    [
        ("Đoàn xã Hòa An đã trồng 50 cây xanh", {"cay_xanh": 50}),
        ("chi doan thon khanh hoa trong 50 cay xanh", {"cay_xanh": 50}),
        ("Phối hợp trạm y tế hiến 42 đơn vị máu", {"don_vi_mau": 42}),
        ("trồng 50 cây bàng và nạo vét mương", {"cay_xanh": 50}),
        ("Ủng hộ đồng bào bị bão 12 triệu", {"tien_an_sinh": 12}),
        ("sửa được 1 km 200 đường nội đồng", {"km_duong_sua_chua": 1.2}),
        ("thắp sáng đường quê 0,7", {"km_thap_sang": 0.7}),
        ("sáng 26/3 đoàn viên dọn vệ sinh 2 buổi", {"don_ve_sinh": 2}),
        ("ĐV ƯU TÚ: 5 / KẾT NẠP ĐẢNG: 2 / ĐV MỚI: 11", {"doan_vien_uu_tu": 5, "dang_vien_moi": 2, "doan_vien_moi": 11}),
        ("quys nayf khoong phats sinh hieens maus", {"don_vi_mau": 0}),
    ],
)
def test_names_places_helpers_and_reasons_leave_a_number_clear(text: str, expect: dict[str, float]) -> None:
    assert values(text) == expect


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Quà: 5 phần cho cựu chiến binh; 3 phần cho hộ nghèo", "suat_qua"),
        ("Hiến máu 2 đợt: đợt 1: 15 đơn vị, đợt 2: 18 đơn vị; tổng cộng 40 đơn vị", "don_vi_mau"),
        ("Tổng thu an sinh 82 triệu, trong đó tặng bộ đội đảo 30 triệu", "tien_an_sinh"),
        ("sân chơi: làm mới 1, sửa 1", "khu_vui_choi"),
    ],
)
def test_a_figure_is_not_stored_while_another_may_belong_to_the_same_whole(text: str, code: str) -> None:
    assert code not in values(text)
    assert read(text).asks


def test_a_name_said_to_be_zero_takes_no_number_behind_a_comma() -> None:
    assert values("ko có ai kết nạp đảng quý này đâu anh, ưu tú thì được 2") == {
        "dang_vien_moi": 0, "doan_vien_uu_tu": 2,
    }  # fmt: skip


def test_a_part_turned_away_leaves_the_number_of_the_others() -> None:
    assert values("Sinh hoạt chi đoàn 1 buổi, 19 bạn dự, 2 bạn vắng") == {
        "sinh_hoat_chi_doan": 1, "luot_sinh_hoat_chi_doan": 19,
    }  # fmt: skip


def test_the_row_of_a_table_says_what_it_counts() -> None:
    assert values("Nội dung | Kết quả\nHọp chi đoàn | 2 buổi\nLượt dự họp | 41") == {
        "sinh_hoat_chi_doan": 2, "luot_sinh_hoat_chi_doan": 41,
    }  # fmt: skip
    assert values("Kết quả hoạt động\tSố lượng\tĐơn vị tính\nSinh hoạt chi đoàn\t9\tbuổi") == {"sinh_hoat_chi_doan": 9}
