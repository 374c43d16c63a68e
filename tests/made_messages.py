"""Messages made by a rule from the names of the catalogue, with what each of them says: no label is written by hand."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random


@dataclass(frozen=True, slots=True)
class Made:
    """One message, the values it gives, and the indicators that it must not store."""

    kind: str
    text: str
    expect: dict[str, float]


# sessions -> (name, attendance); things -> (name, unit); new members -> (name, unit).
SESSIONS = {
    "sinh_hoat_chi_doan": (("sinh hoạt chi đoàn", "SHCĐ", "họp chi đoàn"), "luot_sinh_hoat_chi_doan"),
    "don_ve_sinh": (
        ("dọn vệ sinh", "vệ sinh môi trường", "chủ nhật xanh", "VSMT", "thu gom rác", "ngày chủ nhật xanh"),
        "luot_don_ve_sinh",
    ),
    "quan_triet_nghi_quyet": (("quán triệt nghị quyết", "học nghị quyết"), "luot_hoc_tap_tuyen_truyen"),
    "hoc_tap_chuyen_de_bac": (("học tập chuyên đề về Bác", "học chuyên đề Bác"), "luot_hoc_tap_tuyen_truyen"),
    "tuyen_truyen_phap_luat": (
        ("tuyên truyền pháp luật", "tuyên truyền an toàn giao thông", "phòng chống ma túy"),
        "luot_hoc_tap_tuyen_truyen",
    ),
    "buoi_tu_van_viec_lam": (("tư vấn việc làm", "tư vấn hướng nghiệp"), "luot_tu_van_viec_lam"),
    "hoat_dong_khoi_nghiep": (("hỗ trợ khởi nghiệp",), "luot_khoi_nghiep"),
}  # fmt: skip
THINGS = {
    "cay_xanh": ("trồng {n} cây xanh", "cây"),
    "don_vi_mau": ("hiến {n} đơn vị máu", "đơn vị"),
    "suat_qua": ("tặng {n} suất quà", "suất"),
    "suat_hoc_bong": ("trao {n} suất học bổng", "suất"),
    "y_tuong_sang_tao": ("đề xuất {n} ý tưởng sáng tạo", "ý tưởng"),
    "tin_bai_fanpage": ("đăng {n} tin bài trên fanpage", "tin bài"),
    "mo_hinh_kinh_te": ("thêm {n} mô hình kinh tế mới", "mô hình"),
    "doan_vien_moi": ("kết nạp {n} đoàn viên mới", "đồng chí"),
    "hoi_vien_moi": ("phát triển {n} hội viên mới", "người"),
    "dang_vien_moi": ("kết nạp Đảng {n} đồng chí", "đồng chí"),
    "doan_vien_uu_tu": ("giới thiệu {n} đoàn viên ưu tú cho Đảng", "đồng chí"),
    "report_xau_doc": ("phản bác {n} lượt tin xấu độc", "lượt"),
    "luot_can_bo_tap_huan": ("tập huấn cán bộ đoàn: {n} lượt", "lượt"),
    "ho_so_truc_tuyen": ("hỗ trợ {n} hồ sơ trực tuyến", "hồ sơ"),
    "tai_khoan_vneid": ("cài đặt {n} tài khoản VNeID", "tài khoản"),
    "khu_vui_choi": ("làm mới {n} sân chơi thiếu nhi", "công trình"),
    "em_nuoi": ("nhận đỡ đầu {n} em nuôi", "em"),
    "km_thap_sang": ("thắp sáng {n} km đường quê", "km"),
    "cong_trinh_thanh_nien": ("{n} công trình thanh niên", "công trình"),
    "tien_an_sinh": ("ủng hộ {n} triệu đồng cho hộ nghèo", "triệu đồng"),
    "chi_doan_moi": ("thành lập mới {n} chi đoàn", "tổ chức"),
}  # fmt: skip
LABELS = {
    "cay_xanh": "Cây xanh", "don_vi_mau": "Hiến máu", "suat_qua": "Tặng quà", "suat_hoc_bong": "Học bổng",
    "y_tuong_sang_tao": "Ý tưởng sáng tạo", "doan_vien_moi": "Đoàn viên mới", "hoi_vien_moi": "Hội viên mới",
}  # fmt: skip
PLACES = ("thôn Đông", "thôn Tây", "xóm Bãi", "ấp Hòa Thành", "thôn Hạ")
SEPARATORS = (", ", "; ", ". ", "\n", " và ", " + ")

_ORDERS: tuple[Callable[[str, int, int], str], ...] = (
    lambda name, n, m: f"{name} {n} buổi, {m} lượt",
    lambda name, n, m: f"{name} {n} buổi {m} lượt",
    lambda name, n, m: f"{n} buổi {name}, {m} lượt tham gia",
    lambda name, n, m: f"{m} lượt đoàn viên tham gia {n} buổi {name}",
    lambda name, n, m: f"{name}: {n} buổi ({m} lượt)",
    lambda name, n, m: f"tổ chức {n} buổi {name} với {m} lượt đoàn viên tham gia",
    lambda name, n, m: f"{name} được {n} buổi, thu hút {m} lượt đoàn viên",
    lambda name, n, m: f"{name}: {n} buổi/{m} lượt",
    lambda name, n, m: f"{name} {n} buổi, có {m} bạn dự",
    lambda name, n, m: f"{name} {n} lần với {m} lượt người",
)


def made(seed: int, count: int) -> Iterator[Made]:
    """So many messages, always the same ones for a seed."""
    rnd = Random(seed)
    kinds = (_sessions, _things, _list, _rate, _months, _hamlets, _total, _target, _comparison, _correction, _standing)
    for number in range(count):
        yield kinds[number % len(kinds)](rnd)


def _session(rnd: Random, taken: set[str]) -> tuple[str, dict[str, float]]:
    code = rnd.choice([one for one in SESSIONS if not {one, SESSIONS[one][1]} & taken])
    names, came = SESSIONS[code]
    taken |= {code, came}
    n, m = rnd.randint(2, 9), rnd.randint(20, 190)
    return rnd.choice(_ORDERS)(rnd.choice(names), n, m), {code: n, came: m}


def _thing(rnd: Random, taken: set[str]) -> tuple[str, dict[str, float]]:
    code = rnd.choice([one for one in THINGS if one not in taken])
    taken.add(code)
    n = rnd.randint(2, 180)
    return THINGS[code][0].format(n=n), {code: n}


def _joined(rnd: Random, kind: str, parts: list[tuple[str, dict[str, float]]]) -> Made:
    expect: dict[str, float] = {}
    for _, values in parts:
        expect |= values
    return Made(kind, rnd.choice(SEPARATORS).join(text for text, _ in parts), expect)


def _sessions(rnd: Random) -> Made:
    taken: set[str] = set()
    return _joined(rnd, "sessions", [_session(rnd, taken), _session(rnd, taken), _thing(rnd, taken)])


def _things(rnd: Random) -> Made:
    taken: set[str] = set()
    return _joined(rnd, "things", [_thing(rnd, taken) for _ in range(rnd.randint(1, 4))])


def _list(rnd: Random) -> Made:
    codes = rnd.sample(sorted(LABELS), 4)
    values = {code: rnd.randint(2, 90) for code in codes}
    return Made("list", "\n".join(f"{n}. {LABELS[c]}: {values[c]}" for n, c in enumerate(codes, 1)), dict(values))


def _rate(rnd: Random) -> Made:
    code = rnd.choice(sorted(SESSIONS))
    n, m = rnd.randint(2, 9), rnd.randint(12, 40)
    form = rnd.choice(("{m} bạn mỗi buổi", "mỗi buổi {m} bạn", "{m} bạn dự mỗi buổi", "{m} bạn/buổi"))
    return Made("rate", f"{rnd.choice(SESSIONS[code][0])} {n} buổi, {form.format(m=m)}", {code: n})


def _months(rnd: Random) -> Made:
    code = rnd.choice(sorted(SESSIONS))
    a, b = rnd.randint(2, 5), rnd.randint(2, 5)
    text = f"{rnd.choice(SESSIONS[code][0])}: tháng 4: {a} buổi, tháng 5: {b} buổi. Cộng: {a + b} buổi"
    return Made("months", text, {code: a + b})


def _hamlets(rnd: Random) -> Made:
    """Parts without their total: nothing is stored, their sum is proposed."""
    one, two = rnd.sample(PLACES, 2)
    a, b = rnd.randint(10, 90), rnd.randint(10, 90)
    return Made("hamlets", f"Trồng cây xanh: {one} {a} cây, {two} {b} cây", {})


def _total(rnd: Random) -> Made:
    one, two = rnd.sample(PLACES, 2)
    a, b = rnd.randint(10, 90), rnd.randint(91, 190)
    forms = (
        "Trồng {t} cây xanh (trong đó {p} {a} cây, {q} {b} cây)",
        "Trồng cây xanh: {p} {a} cây, {q} {b} cây, tổng cộng {t} cây",
        "Tổng số cây xanh đã trồng {t} cây, gồm {p} {a} cây, {q} {b} cây",
    )
    return Made("total", rnd.choice(forms).format(t=a + b, p=one, q=two, a=a, b=b), {"cay_xanh": a + b})


def _target(rnd: Random) -> Made:
    a, b = rnd.randint(20, 60), rnd.randint(61, 99)
    forms = (
        "Chỉ tiêu {b} đoàn viên mới, đã kết nạp {a} đoàn viên mới",
        "Kết nạp {a} đoàn viên mới, chỉ tiêu giao {b}",
        "Kết nạp {a}/{b} đoàn viên mới theo chỉ tiêu",
        "Chỉ tiêu năm {b} đoàn viên mới, đến nay đã kết nạp {a}",
    )
    return Made("target", rnd.choice(forms).format(a=a, b=b), {"doan_vien_moi": a})


def _comparison(rnd: Random) -> Made:
    taken: set[str] = set()
    text, values = _thing(rnd, taken)
    tails = (", tăng {n} so với cùng kỳ", " (cùng kỳ năm trước {n})", ", giảm {n} so với quý trước")
    return Made("comparison", text + rnd.choice(tails).format(n=rnd.randint(2, 30)), values)


def _correction(rnd: Random) -> Made:
    a, b = rnd.sample(range(20, 99), 2)
    forms = (
        "Trồng {a} cây xanh ạ, sáng nay em bấm nhầm {b}",
        "Trồng {b} cây xanh, à nhầm {a} cây xanh",
        "cây xanh {a} chứ không phải {b}",
        "đính chính: cây xanh là {a} cây, lúc nãy ghi nhầm {b}",
        "Trồng {b} cây xanh. Em sửa lại: trồng {a} cây xanh",
    )
    return Made("correction", rnd.choice(forms).format(a=a, b=b), {"cay_xanh": a})


def _standing(rnd: Random) -> Made:
    a, b = rnd.randint(2, 15), rnd.randint(40, 120)
    forms = ("kết nạp {a} đoàn viên mới, tổng số {b}", "{a} đoàn viên mới, tổng số {b} đồng chí")
    return Made("standing", rnd.choice(forms).format(a=a, b=b), {"doan_vien_moi": a})
