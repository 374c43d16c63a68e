"""The words after a number: which unit they name, and which units an indicator may be counted in."""

from typing import Literal

from reporting.text.words import Lexicon, tokens_of

Family = Literal["event", "attendance", "people", "thing", "money", "length", "share", "other"]

# Canonical unit -> (family, the words it is written with). Words of the family "other" are counted by nobody:
# they are listed so that "3 tuyến đường hoa" is never taken for 3 km.
_WORDS: dict[str, tuple[Family, str]] = {
    "buổi": ("event", "buổi; bữa; b"),
    "hoạt động": (
        "event",
        "hoạt động; hđ; sự kiện; chuyên đề; lễ; hội thi; cuộc thi; tọa đàm; diễn đàn; hội nghị; "
        "đêm hội; hội thảo; hội trại",
    ),
    "chương trình": ("event", "chương trình; ct; chtr"),
    "đợt": ("event", "đợt; đợt cao điểm"),
    "lần": ("event", "lần; bận"),
    "ngày": ("event", "ngày"),
    "cuộc": ("event", "cuộc; đoàn kiểm tra"),
    "chuyến": ("event", "chuyến; chuyến đi"),
    "kỳ": ("event", "kỳ; kì"),
    "lớp": ("event", "lớp; khóa; khóa học; lớp học"),
    "lượt": (
        "attendance",
        "lượt; lược; l; lượt người; lượt đoàn viên; lượt đv; lượt đvtn; lượt thanh niên; lượt tn; "
        "lượt đoàn viên thanh niên; lượt đoàn viên, thanh niên; lượt học sinh; lượt hs; lượt sinh viên; "
        "lượt hội viên; lượt thanh thiếu nhi; lượt bạn; lượt em; lượt đ/c; lượt đồng chí; lượt cán bộ; "
        "lượt cán bộ đoàn; lượt công nhân; lượt hssv; lượt bạn trẻ; lượt người dân; ng/lượt; "
        "lượt/người; lượt tình nguyện viên; lượt tnv; lượt bà con; lượt nhân dân; lượt người tham gia; lượt tham gia; "
        "lượt cán bộ, đoàn viên; lượt cán bộ đoàn viên; lượt giáo viên; lượt chiến sĩ; lượt thiếu nhi; "
        "lượt công nhân lao động; lượt đoàn viên tham gia; lượt đvtn tham gia",
    ),
    "người": (
        "people",
        "người; ng; đồng chí; đ/c; đ.c; đc; bạn; bạn trẻ; anh chị; đoàn viên; đoàn viên thanh niên; "
        "đoàn viên, thanh niên; đvtn; đv tn; thanh niên; tn; ttn; thanh thiếu nhi; hội viên; cán bộ; "
        "cán bộ đoàn; cbđ; "
        "học sinh; sinh viên; hssv; học sinh sinh viên; công nhân; người dân; bà con; quần chúng; đảng viên; "
        "nữ; nam; mạng; tình nguyện viên; tnv; đại biểu; "
        "đứa; nct; người cao tuổi; thí sinh; học viên; giáo viên; chiến sĩ; lao động; thanh niên tình nguyện; dân",
    ),
    "đv": ("people", "đv"),
    "hs": ("people", "hs"),  # học sinh, or hồ sơ
    "em": (
        "people",
        "em; em nhỏ; cháu; bé; trẻ; trẻ em; thiếu nhi; thiếu niên; em thiếu nhi; em học sinh; nhóc",
    ),
    "cá nhân": ("people", "cá nhân; lượt cá nhân"),
    "tập thể": ("thing", "tập thể; lượt tập thể"),
    "cây": ("thing", "cây; cây xanh; gốc; gốc cây; cây con; cây giống; cây các loại; c"),
    "đơn vị": ("thing", "đơn vị; đvị; đơn vị đoàn"),
    "đơn vị máu": ("thing", "đơn vị máu; đv máu; đvm; đơn vị máu tình nguyện; túi máu; bịch máu"),
    "suất": (
        "thing",
        "suất; xuất; suất quà; phần quà; phần; túi quà; quà; suất học bổng; s; gói quà; món quà; giỏ quà",
    ),
    "tin, bài": (
        "thing",
        "tin bài; tin; bài; tin, bài; tin/bài; tin - bài; tin và bài; tin, bài, phóng sự; "
        "tin bài phóng sự; bài viết; "
        "bài đăng; post; video; clip; tin tức; phóng sự; "
        "bản tin; tin ảnh; status; stt",
    ),
    "lượt tin": (
        "thing",
        "lượt tin; lượt tin bài; lượt tin, bài; lượt bài; lượt bài viết; lượt tin tức; lượt bình luận",
    ),
    "công trình": (
        "thing",
        "công trình; công trình phần việc; công trình, phần việc; phần việc; công trình/phần việc; cttn; "
        "công trình thanh niên; phần việc thanh niên; công trình và phần việc",
    ),
    "sân": ("thing", "sân; sân chơi; khu; khu vui chơi; điểm vui chơi"),
    "đội hình": ("thing", "đội hình; đội; đội hình tình nguyện"),
    "ý tưởng": (
        "thing",
        "ý tưởng; sáng kiến; ý tưởng sáng tạo; đề tài; giải pháp sáng tạo; ý tưởng, sáng kiến",
    ),
    "hồ sơ": ("thing", "hồ sơ; bộ hồ sơ; thủ tục; bộ thủ tục"),
    "tài khoản": ("thing", "tài khoản; tk; acc; account; nick"),
    "bản đồ": ("thing", "bản đồ; tấm bản đồ; bức bản đồ; tấm; bức"),
    "mô hình": ("thing", "mô hình; mh"),
    "tổ chức": ("thing", "tổ chức; tổ chức đoàn; chi đoàn; cđ; chi đoàn doanh nghiệp"),
    "%": ("share", "%; phần trăm; phần trăm (%); percent"),
    "km": ("length", "km; ki lô mét; kilomet; cây số; km đường"),
    "m": ("length", "m; mét; mét đường; m đường"),
    "đồng": ("money", "đồng; đ; vnd; vnđ; đồng việt nam"),
    "other": (
        "other",
        "kg; ký; kí; ki lô; cân; tấn; tạ; yến; lít; ha; héc ta; hecta; m2; m3; mét vuông; mét khối; km2; "
        "sào; công đất; bộ; "
        "quyển; cuốn; quyển vở; quyển sách; tập vở; thùng; bao; chai; hộp; chiếc; cái; con; bóng; "
        "bóng đèn; đèn; trụ; cột; cột đèn; "
        "bóng điện; hộ; hộ dân; hộ nghèo; hộ gia đình; gia đình; thôn; xã; phường; ấp; xóm; bản; tổ; nhóm; "
        "câu lạc bộ; clb; tiết mục; gian hàng; "
        "tuyến; tuyến đường; đoạn đường; con đường; đoạn; cung đường; nhà; căn; căn nhà; ngôi nhà; vườn; "
        "khẩu trang; lá cờ; cờ; "
        "áo; xe; xe đạp; máy; máy tính; giờ; phút; tiếng; tuổi; năm; tháng; quý; tuần; tuần lễ; điểm; "
        "giải; giải thưởng; trường; chi hội; liên đội; "
        "chi bộ; đảng bộ; cụm; nghị quyết; văn bản; kế hoạch; công văn; bài hát; bài thi; bài dự thi; "
        "bài thu hoạch; câu; câu hỏi; "
        "tiêu chí; nội dung; nhiệm vụ; mục tiêu; khâu đột phá; cầu; cây cầu; giống; con giống; lượt xem; "
        "view; like; lượt thích; "
        "lượt tiếp cận; lượt tương tác; lượt chia sẻ; người theo dõi; ngày công; giờ công; trường hợp; vụ; "
        "đội bóng; huy chương; thùng rác; "
        "bồn hoa; luống hoa; chậu hoa; khóm hoa; bảng; biển; pano; băng rôn; tờ rơi; camera; bếp; giếng; "
        "cổng; mộ; phần mộ; ngôi mộ; doanh nghiệp; công ty; hợp tác xã; htx; tổ hợp tác; cơ sở; gian; "
        "lượt phát; lần phát sóng; bàn thắng; trận; đội tuyển; đội thi; suất ăn; suất cơm; suất cháo; phần cơm; "
        "thành viên; phiếu; điểm cầu; lồng đèn; tiết; tiết học; viên gạch; bao xi măng; khối",
    ),
}

_FAMILIES: dict[str, Family] = {unit: family for unit, (family, _) in _WORDS.items()}

# Which units count an indicator whose catalogue unit is the key; an indicator may name more in `also_in`.
_SESSIONS = frozenset({"buổi", "hoạt động", "chương trình", "đợt", "lần", "ngày", "cuộc", "chuyến", "kỳ"})
_COUNTED_IN: dict[str, frozenset[str]] = {
    "buổi": _SESSIONS,
    "hoạt động": _SESSIONS,
    "chương trình": frozenset({"chương trình", "đợt"}),
    "cuộc": frozenset({"cuộc", "lần", "đợt", "buổi"}),
    "lớp": frozenset({"lớp"}),
    "lượt": frozenset({"lượt", "người", "đv", "em", "hs"}),
    "người": frozenset({"người", "đv", "em", "hs"}),
    "em": frozenset({"em", "người", "hs"}),
    "hồ sơ": frozenset({"hồ sơ", "hs"}),
    "tin, bài": frozenset({"tin, bài", "lượt tin"}),
    "công trình, phần việc": frozenset({"công trình"}),
    "công trình": frozenset({"công trình", "sân"}),
    "đơn vị máu": frozenset({"đơn vị máu", "đơn vị", "đv"}),
    "tổ chức": frozenset({"tổ chức"}),
    "triệu đồng": frozenset({"triệu đồng"}),
    "km": frozenset({"km"}),
    "%": frozenset({"%"}),
}

# In reply to a question about one kind of event any of these words counts it: "3 ngày" for three inspections.
ANY_EVENT = _SESSIONS - {"kỳ"}

UNITS: Lexicon[str] = Lexicon((word, unit) for unit, (_, written) in _WORDS.items() for word in written.split("; "))


# Every single word that occurs in a unit, in plain letters.
UNIT_FOLDS = frozenset(
    token.form.fold for _, written in _WORDS.values() for word in written.split("; ") for token in tokens_of(word)
)


def family_of(unit: str | None) -> Family | None:
    """The kind of thing a canonical unit counts; None for no unit, "other" for one nobody reports in."""
    if unit is None:
        return None
    return "money" if unit == "triệu đồng" else _FAMILIES.get(unit, "other")


def counts(unit: str | None, indicator_unit: str) -> bool:
    """Whether a number with this unit (None: written without one) can be a value of an indicator in that unit."""
    if unit is None:
        return True
    return unit in _COUNTED_IN.get(indicator_unit, frozenset({indicator_unit}))
