"""The sheets and columns of the office's spreadsheet, with the words that explain them."""

from dataclasses import dataclass, field
from typing import Final, Literal

Kind = Literal["text", "code", "codes", "day", "time", "number", "level", "role", "mode", "indicator", "period"]

EXAMPLE: Final = "VÍ DỤ"  # a row whose first cell begins so is not read
PROVINCE = "tinh_doan"  # units below this level report in the cluster of the unit above them
NO_CLUSTER: Final = "-"  # in the cluster's cell of a unit: in none
GUIDE: Final = "Hướng dẫn"
LISTS: Final = "Danh mục"


@dataclass(frozen=True, slots=True)
class Column:
    """One column. heading: its first cell, by which it is found; longest: characters a cell may have."""

    key: str
    heading: str
    kind: Kind
    note: str
    example: str = ""
    required: bool = False
    width: int = 14
    longest: int = 60


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet. by: keys of the columns that tell its rows apart."""

    key: str
    name: str
    note: str
    columns: tuple[Column, ...]
    by: tuple[str, ...] = field(default=("code",))

    def column(self, key: str) -> Column:
        """The column of that key."""
        return next(column for column in self.columns if column.key == key)


UNITS: Final = Sheet(
    "units",
    "Đơn vị",
    "Mỗi dòng một đơn vị, từ tỉnh đến chi đoàn.",
    (
        Column("code", "Mã", "code", "Mã riêng của đơn vị, đặt một lần và không đổi: chữ không dấu, số, . _ -",
               f"{EXAMPLE}: CD0101", True, 16, 32),
        Column("name", "Tên", "text", "Tên đầy đủ. Sửa ô này là đổi tên đơn vị.", "Chi đoàn thôn Đông", True, 36, 120),
        Column("level", "Cấp", "level", "Chọn trong danh sách.", "Chi đoàn", True, 24),
        Column("parent", "Đơn vị cấp trên", "code", "Mã đơn vị cấp trên trực tiếp. Cấp cao nhất để trống.", "DX01",
               False, 17, 32),
        Column("cluster", "Cụm", "code", "Mã cụm. Để trống: theo đơn vị cấp trên (chi đoàn), hoặc giữ như đang có; "
               f"“{NO_CLUSTER}”: không thuộc cụm nào.", "C1", False, 12, 32),
        Column("from_on", "Từ ngày", "day", "Ngày thành lập, ví dụ 01/07/2025. Để trống: ngày nhập tệp.", "01/07/2025",
               False, 13),
        Column("last_on", "Đến ngày", "day", "Ngày cuối cùng của đơn vị đã sáp nhập, chia tách.", "", False, 13),
        Column("successors", "Đơn vị kế thừa", "codes", "Mã đơn vị kế thừa; nhiều đơn vị thì cách nhau dấu phẩy, "
               "đơn vị nhận số liệu đứng đầu.", "", False, 20, 400),
    ),
)  # fmt: skip

CLUSTERS: Final = Sheet(
    "clusters",
    "Cụm",
    "Mỗi dòng một cụm thi đua.",
    (
        Column("code", "Mã", "code", "Mã riêng của cụm, không đổi.", f"{EXAMPLE}: C1", True, 16, 32),
        Column("name", "Tên", "text", "Tên đầy đủ.", "Cụm thi đua số 1", True, 30, 120),
        Column("position", "Thứ tự", "number", "Thứ tự trong tổng hợp. Để trống: theo dòng.", "1", False, 9),
        Column("organiser", "Đơn vị tổ chức", "code", "Mã đơn vị lập ra cụm. Để trống: đơn vị cấp cao nhất.", "TD",
               False, 16, 32),
        Column("from_on", "Từ ngày", "day", "Để trống: ngày nhập tệp.", "01/07/2025", False, 13),
        Column("last_on", "Đến ngày", "day", "Ngày cuối cùng của cụm.", "", False, 13),
    ),
)  # fmt: skip

PEOPLE: Final = Sheet(
    "people",
    "Người",
    "Mỗi dòng một vai của một người. Không ghi số điện thoại, căn cước: chương trình không cần và không nhận.",
    (
        Column("name", "Tên hiển thị", "text", "Tên để ghi trên phiếu mã đăng ký.", f"{EXAMPLE}: Lan", True, 26, 80),
        Column("role", "Vai trò", "role", "Chọn trong danh sách.", "Bí thư", True, 24),
        Column("unit", "Đơn vị", "code", "Mã đơn vị, cho mọi vai trừ chủ trì cụm.", "CD0101", False, 14, 32),
        Column("cluster", "Cụm", "code", "Mã cụm, chỉ cho chủ trì cụm.", "", False, 12, 32),
        Column("title", "Chức danh", "text", "Chức danh đầy đủ. Để trống: như vai trò.", "Bí thư Chi đoàn",
               False, 34, 120),
        Column("from_on", "Từ ngày", "day", "Để trống: ngày nhập tệp.", "01/07/2025", False, 13),
        Column("last_on", "Đến ngày", "day", "Ngày cuối cùng giữ vai này.", "", False, 13),
    ),
    ("name", "role", "unit", "cluster"),
)  # fmt: skip

ROUNDS: Final = Sheet(
    "rounds",
    "Kỳ",
    "Mỗi dòng một kỳ mà văn phòng muốn khác thông lệ. Kỳ không có dòng nào theo thông lệ; ô trống giữ như đang có.",
    (
        Column("period", "Kỳ", "period", "2026-Q1, 2026-H1 (6 tháng), 2026-9M, 2026-Y (năm), 2026-03 (tháng), "
               "2025-2026-S (năm học).", f"{EXAMPLE}: 2026-03", True, 16),
        Column("owes", "Đơn vị nộp", "text", "tất cả; các cụm có giao ban; mã cụm, mã đơn vị cách nhau dấu phẩy; đoàn "
               "xã; chi đoàn. Thông lệ: tất cả; kỳ tháng: các cụm có giao ban.", "C1, C2", False, 30, 20_000),
        Column("opens_on", "Tự mở ngày", "day", "Để trống: 21 ngày trước giao ban đầu tiên.", "01/03/2026", False, 13),
        Column("deadline_on", "Hạn nộp", "day", "Một ngày cho mọi cụm. Để trống: 5 ngày làm việc trước giao ban của "
               "từng cụm.", "", False, 13),
        Column("cutoff_on", "Số liệu đến", "day", "Ngày cuối cùng tính số liệu. Để trống: trước hạn của cụm một ngày "
               "nếu hạn trước ngày cuối kỳ.", "", False, 13),
    ),
    ("period",),
)  # fmt: skip

BRIEFINGS: Final = Sheet(
    "briefings",
    "Giao ban",
    "Mỗi dòng một cuộc giao ban của một cụm trong một kỳ. Nhắc việc tính lùi từ ngày này.",
    (
        Column("period", "Kỳ", "period", "2026-Q1, 2026-H1 (6 tháng), 2026-9M, 2026-Y (năm), 2026-03 (tháng), "
               "2025-2026-S (năm học).", f"{EXAMPLE}: 2026-Q1", True, 16),
        Column("cluster", "Cụm", "code", "Mã cụm.", "C1", True, 12, 32),
        Column("on", "Ngày", "day", "Ngày giao ban.", "14/04/2026", True, 13),
        Column("time", "Giờ", "time", "Giờ bắt đầu.", "08:00", True, 9),
        Column("place", "Địa điểm", "text", "Nơi họp, hoặc đường dẫn cuộc họp trực tuyến.", "Hội trường Tỉnh đoàn",
               True, 36, 300),
        Column("mode", "Hình thức", "mode", "Để trống: trực tiếp. Ghi “hủy” là hủy cuộc giao ban.", "trực tiếp",
               False, 14),
        Column("chair", "Chủ trì", "text", "Tên hiển thị ở trang Người; nhiều người cách nhau bằng dấu chấm phẩy. Cụm "
               "có một chủ trì thì để trống.", "", False, 26, 300),
        Column("host", "Đơn vị đăng cai", "code", "Mã đơn vị.", "DX01", False, 16, 32),
    ),
    ("period", "cluster"),
)  # fmt: skip

TARGETS: Final = Sheet(
    "targets",
    "Chỉ tiêu",
    "Mỗi dòng một chỉ tiêu giao cho một đơn vị hoặc một cụm trong một kỳ; chỉ tiêu cả năm ghi kỳ 2026-Y.",
    (
        Column("period", "Kỳ", "period", "Như ở trang Giao ban.", f"{EXAMPLE}: 2026-Y", True, 16),
        Column("unit", "Đơn vị", "code", "Mã đơn vị; của tỉnh: mã tỉnh; của cụm: để trống.", "TD", False, 14, 32),
        Column("indicator", "Chỉ tiêu", "indicator", "Chọn trong danh sách.", "don_vi_mau", True, 60, 200),
        Column("amount", "Mức", "number", "Theo đơn vị tính ghi trong danh sách; tiền ghi bằng triệu đồng.", "1500",
               True, 14),
        Column("due_on", "Hạn", "day", "Ngày phải đạt. Để trống: ngày cuối kỳ.", "31/12/2026", False, 13),
        Column("cluster", "Cụm", "code", "Mã cụm, cho chỉ tiêu giao cho cụm.", "", False, 12, 32),
    ),
    ("period", "unit", "indicator", "cluster"),
)  # fmt: skip

HISTORY: Final = Sheet(
    "history",
    "Số liệu cũ",
    "Mỗi dòng một số của một đơn vị trong một kỳ đã qua, để so với cùng kỳ. Số của xã hay tỉnh là số chung, gồm cả cấp "
    "dưới; khi đó không ghi số riêng của cấp dưới.",
    (
        Column("period", "Kỳ", "period", "Kỳ đã qua, như ở trang Giao ban.", f"{EXAMPLE}: 2025-Q1", True, 16),
        Column("unit", "Đơn vị", "code", "Mã đơn vị.", "DX01", True, 14, 32),
        Column("indicator", "Mục", "indicator", "Mã hoặc tên mục của báo cáo; không ghi tỷ lệ.", "don_vi_mau", True, 60,
               200),
        Column("amount", "Số", "number", "Theo đơn vị tính của mục; tiền ghi bằng triệu đồng.", "96", True, 14),
    ),
    ("period", "unit", "indicator"),
)  # fmt: skip

WORDS: Final = Sheet(
    "words",
    "Từ riêng",
    "Mỗi dòng một cách gọi riêng của các đơn vị cho một mục của báo cáo. Bỏ một cách gọi thì nhắn BỎ TỪ RIÊNG.",
    (
        Column("phrase", "Cách gọi", "text", "Nhiều nhất 6 từ, không có số, không có từ đổi nghĩa (không, bị, kế "
               "hoạch…).", f"{EXAMPLE}: phủ xanh đồi trọc", True, 36, 60),
        Column("indicator", "Mục", "indicator", "Mã hoặc tên mục của báo cáo.", "cay_xanh", True, 60, 200),
    ),
    ("phrase",),
)  # fmt: skip

SHEETS: Final = (UNITS, CLUSTERS, PEOPLE, ROUNDS, BRIEFINGS, TARGETS, HISTORY, WORDS)

CANCELLED: Final = "cancelled"
MODES: Final = {"in_person": "trực tiếp", "online": "trực tuyến", CANCELLED: "hủy"}
# As in the list of the template; the stored names and those of 'giaoban invite' are taken, too.
ROLES: Final = {
    "secretary": "Bí thư",
    "deputy": "Phó Bí thư",
    "chair": "Chủ trì cụm",
    "department": "Ban chuyên môn",
    "office": "Văn phòng",
    "leader": "Lãnh đạo",
    "mentor": "Phụ trách (3 cùng)",
    "reader": "Người theo dõi số liệu",
}
