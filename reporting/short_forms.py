"""How secretaries shorten the names of activities, and the small words they put between."""

from collections.abc import Mapping

from reporting.words import Lexicon

# Phrases and how secretaries shorten them: every synonym is also understood with these.
ABBREVIATIONS: Mapping[str, tuple[str, ...]] = {
    "nghị quyết": ("nq",),
    "vệ sinh": ("vs",),
    "môi trường": ("mt",),
    "tuyên truyền": ("tt",),
    "kết nạp": (
        "kn",
        "k/n",
    ),
    "đoàn viên": (
        "đv",
        "đvtn",
    ),
    "chi đoàn": ("cđ",),
    "sinh hoạt": ("sh",),
    "công trình": ("ct",),
    "thanh niên": ("tn",),
    "hoạt động": ("hđ",),
    "học bổng": ("hb",),
    "tình nguyện": ("tn",),
    "giới thiệu": ("gt",),
    "việc làm": ("vl",),
    "hội viên": ("hv",),
    "tài khoản": ("tk",),
    "hồ sơ": ("hs",),
    "mô hình": ("mh",),
    "kinh tế": ("kt",),
    "kiểm tra": ("kt",),
    "giám sát": ("gs",),
    "phần mềm": ("pm",),
    "pháp luật": ("pl",),
    "đội hình": ("đh",),
    "trực tuyến": ("tt",),
    "dịch vụ công": ("dvc",),
    "xếp loại": ("xl",),
    "đánh giá": ("đg",),
    "cán bộ": ("cb",),
    "chủ nhật": ("cn",),
    "thành lập": ("tl",),
    "chương trình": (
        "ctr",
        "ct",
    ),
    "chính trị": ("ct",),
    "khởi nghiệp": ("khởi nghiêp",),  # KN is kết nạp
    "chuyển giao": ("cg",),
    "hướng dẫn": ("hd",),
    "tư vấn": ("tv",),
    "hướng nghiệp": ("hn",),
    "quán triệt": ("qt",),
    "phổ biến": ("pb",),
    "đoàn viên ưu tú": (
        "đvưt",
        "đvut",
    ),
    "quản lý": ("ql",),
    "bồi dưỡng": ("bd",),
    "tổng số": ("ts",),
    "sáng tạo": ("st",),
    "thiếu nhi": ("tnhi",),
}

# Words that may stand inside a synonym without changing what it names.
FILLERS: Lexicon[bool] = Lexicon(
    (word, True)
    for word in (
        "được",
        "đã",
        "các",
        "cho",
        "những",
        "về",
        "của",
        "thêm",
        "mới",
        "ra",
        "cùng",
        "tại",
        "nhiều",
        "lại",
        "toàn",
        "tổng",
        "số",
        "và",
        "cuộc",
        "luôn",
        "có",
        "dự",
        "là",
        "cả",
        "-",
        ",",
        '"',
        "(",
        ")",
    )
)
