"""Every rule and constraint of the reader has its name, one message that shows it, and a line in docs/reading.md."""

import json
from pathlib import Path

import pytest

from bot.resources import load_catalogue, load_forms
from reporting.dialogue.reply import Reply, read_paste, read_reply
from reporting.reading.outcome import Fate
from reporting.reading.reader import read
from reporting.reading.rules import RULES, Rule

CATALOGUE = load_catalogue(None)
DOCUMENT = Path(__file__).parent.parent / "docs" / "reading.md"
MESSAGES = Path(__file__).parent / "reading"

# rule -> message, the number it decides about, what becomes of that, and the open question
SHOWN: dict[Rule, tuple[str, str, Fate, tuple[str, ...]]] = {
    "named": ("trồng 120 cây xanh", "120 cây", "stored", ()),
    "carried": ("Chủ nhật xanh:\n- 3 buổi", "3 buổi", "stored", ()),
    "asked": ("120", "120", "stored", ("cay_xanh",)),
    "label": ("shcđ 3, học nq 2, cây 50", "50", "stored", ()),
    "total": ("Hiến máu: thôn Đông 4 đơn vị, thôn Tây 5 đơn vị, tổng 9 đơn vị", "9 đơn vị", "stored", ()),
    "correction": ("hội viên mới 12, à nhầm 15 ạ", "15", "stored", ()),
    "sum": ("Tỉnh đoàn khen 1 tập thể; Đoàn xã khen 3 tập thể", "1 tập thể", "stored", ()),
    "margin": ("sân chơi: làm mới 1, sửa 1", "1", "asked", ()),
    "one_value": ("trồng 20 cây xanh. Trồng 30 cây xanh", "20 cây", "asked", ()),
    "words": ("nhổ 40 cây xanh", "40 cây", "asked", ()),
    "unit": ("hiến máu 5 người", "5 người", "asked", ()),
    "number": ("cây xanh 40-50", "40-50", "asked", ()),
    "sessions": (
        "- Sinh hoạt chi đoàn:\n  + Số buổi: 3\n  + Số ĐV tham gia: 66 lượt\n- Chủ nhật xanh:\n  + Số buổi: 4\n"
        "  + Số ĐVTN: 100",
        "100",
        "asked",
        (),
    ),
    "own_part": ("cùng xã trồng 500 cây, riêng chi đoàn em trồng 60 cây", "60 cây", "stored", ()),
    "parts": ("nộp 15 hồ sơ trực tuyến, trong đó 3 hồ sơ lỗi mạng", "3 hồ sơ", "left", ()),
    "open_whole": ("SHCĐ: CĐ thôn Đông 3 buổi, CĐ thôn Tây 2 buổi", "3 buổi", "asked", ()),
    "elsewhere": ("hội phụ nữ trồng 50 cây xanh", "50 cây", "asked", ()),
    "stock": ("kết nạp 6 đoàn viên mới, tổng số 88", "88", "left", ()),
    "running_total": ("Đoàn viên ưu tú giới thiệu quý này 4, lũy kế 11", "11", "left", ()),
    "target": ("Chỉ tiêu hiến máu 50 đơn vị, đã hiến 38 đơn vị", "50 đơn vị", "left", ()),
    "plan": ("dự kiến trồng 60 cây xanh", "60 cây", "left", ()),
    "comparison": ("trồng 120 cây xanh, tăng 20 cây so với cùng kỳ", "20 cây", "left", ()),
    "earlier": (
        "Báo cáo kỳ trước:\nHiến máu: 12 đơn vị\nBáo cáo kỳ này:\nHiến máu: 15 đơn vị", "12 đơn vị", "left", (),
    ),
    "question": ("trồng 100 cây xanh có phải làm hồ sơ không ạ?", "100 cây", "left", ()),
    "old_figure": ("Trồng cây: 64 cây ạ, sáng nay em bấm nhầm 46", "46", "left", ()),
    "nobody": ("thu gom 12 bao rác", "12 bao", "left", ()),
    "receivers": ("tặng quà 3 mẹ VNAH, 12 gia đình chính sách", "3", "asked", ()),
    "repeated": (
        "giúp được 5 thanh niên yếu thế, có 3 đ/c cán bộ đoàn đi tập huấn (3 lượt)", "3 lượt", "left", (),
    ),
    "lost": ("họp chi đoàn 1 buổi, 19 bạn dự, 2 bạn vắng", "2 bạn", "left", ()),
    "denied": ("không có hiến máu", "hiến máu", "stored", ()),
    "price": ("ủng hộ 15 triệu xây cầu", "15 triệu", "asked", ()),
    "fraction": ("cây xanh 150/200 cây", "150/200", "asked", ()),
    "naming": ("Nội dung 3: hiến máu 12 đơn vị", "3", "left", ()),
    "rate": ("sinh hoạt chi đoàn 3 buổi, bình quân 22 bạn/buổi, tổng 66 lượt", "22 bạn", "left", ()),
    "other_question": (
        "dọn 3 tuyến đường (4,5 km), 2 đợt, 88 lượt đoàn viên", "2 đợt", "asked", ("sinh_hoat_chinh_tri",),
    ),
    "unnamed": ("quý này làm được 5 buổi", "5 buổi", "asked", ()),
}  # fmt: skip


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_decides_about_a_number_and_says_so(rule: Rule) -> None:
    text, number, fate, asked = SHOWN[rule]
    reading = read(text, CATALOGUE, "chi_doan", [CATALOGUE[code] for code in asked])
    decided = [(one.rule, one.fate) for one in reading.decisions if number in one.source]
    assert (rule, fate) in decided


def test_every_rule_stands_in_the_document() -> None:
    document = DOCUMENT.read_text("utf-8")
    assert [rule for rule in RULES if f"`{rule}`" not in document] == []
    assert set(SHOWN) == set(RULES)


# Rules whose numbers count something that nobody reports, or nothing: they are not listed.
COUNTING_NOTHING = {
    "naming",
    "rate",
    "nobody",
    "price",
    "question",
    "unit",
    "unnamed",
    "old_figure",
    "comparison",
    "target",
}


def test_no_number_that_could_count_something_is_left_out_without_a_word() -> None:
    silent = []
    for row in (json.loads(line) for path in MESSAGES.glob("*.jsonl") for line in path.read_text("utf-8").splitlines()):
        reading = read(row["text"], CATALOGUE, row.get("level", "doan_co_so"))
        told = {one.source for one in (*reading.left, *reading.asks)}
        for one in reading.decisions:
            silent_one = one.fate == "left" and one.source not in told and not one.source.endswith("%")
            if silent_one and (one.codes or one.rule not in COUNTING_NOTHING):
                silent.append((row["id"], one.source, one.rule))
    assert silent == []


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("hiến máu 5 đơn vị, dự kiến trồng 60 cây xanh", [("60 cây xanh", ("cay_xanh",), "plan")]),
        # beside a value of its own as well: who sees 9 should not have to wonder where the 20 went
        ("kế hoạch hiến máu 20 đơn vị, đã được 9", [("20 đơn vị", ("don_vi_mau",), "target")]),
        ("Trồng 40 cây xanh, tháng tới tặng 8 suất quà", [("8 suất quà", ("suat_qua",), "plan")]),
    ],
)
def test_a_reply_and_a_paste_say_what_they_left_out(text: str, left: list[tuple[str, tuple[str, ...], str]]) -> None:
    form = load_forms(CATALOGUE).form("chi_doan", "quy")
    reply = read_reply(text, (), form, CATALOGUE, "chi_doan")
    paste = read_paste(text, Reply(), (), form, CATALOGUE, "chi_doan")
    assert paste is not None
    for found in (reply.left, paste.left):
        assert [(one.source, one.codes, one.rule) for one in found] == left


@pytest.mark.parametrize(
    ("text", "months", "proposed"),
    [
        ("họp chi đoàn đều 1 tháng/1 lần", 3, 3),
        ("sinh hoạt chi đoàn mỗi tháng 1 buổi", 12, 12),
        ("sinh hoạt chi đoàn mỗi tháng 1 buổi", 0, None),  # of a period nobody knows
        ("sinh hoạt chi đoàn hằng tháng 3 buổi", 3, None),  # perhaps all of the quarter
        ("SHCĐ 3 buổi (T1: 22, T2: 19, T3: 25 bạn)", 3, 66),
        ("SHCĐ 3 buổi (22, 19, 25 bạn)", 3, 66),
        ("SHCĐ 3 buổi, mỗi buổi 22 bạn", 3, 66),
        ("họp chi đoàn 3 buổi, 22 bạn dự mỗi buổi", 0, 66),
    ],
)
def test_what_is_told_by_the_month_or_the_session_is_proposed_for_the_period(
    text: str, months: int, proposed: int | None
) -> None:
    [ask] = read(text, CATALOGUE, "chi_doan", months=months).asks
    assert (None if ask.value is None else ask.value.amount) == proposed


@pytest.mark.parametrize(
    ("text", "stored", "proposed"),
    [
        ("ve sinh 2 buoi 60", {"don_ve_sinh": 2}, {"luot_don_ve_sinh": 60}),
        ("ve sinh 2 buoi 60 a nham 3 buoi 65", {"don_ve_sinh": 3}, {"luot_don_ve_sinh": 65}),
        (
            "shct 2 buoi 40 ban, pháp luật 6 buổi",
            {},
            {"sinh_hoat_chinh_tri": 2, "luot_hoc_tap_tuyen_truyen": 40, "tuyen_truyen_phap_luat": 6},
        ),
        ("shcd 3 buoi 50 ban, dv co 14 ban", {"sinh_hoat_chi_doan": 3}, {"luot_sinh_hoat_chi_doan": 50}),
        ("cay 30, vậy đúng chưa ạ?", {}, {"cay_xanh": 30}),
        (
            "shcd 2 buoi 60, cây 30, à nhầm 3 buổi 65, cây 40",
            {"sinh_hoat_chi_doan": 3, "cay_xanh": 40},
            {"luot_sinh_hoat_chi_doan": 65},
        ),
    ],
)
def test_figures_of_other_kinds_and_names_are_never_summed_in_a_proposal(
    text: str, stored: dict[str, int], proposed: dict[str, int]
) -> None:
    reading = read(text, CATALOGUE, "chi_doan")
    assert {one.code: one.value.amount for one in reading.values} == stored
    assert {ask.codes[0]: ask.value.amount for ask in reading.asks if ask.value is not None} == proposed


def test_of_a_table_with_a_row_of_other_cells_than_its_head_nothing_is_stored_and_one_thing_asked() -> None:
    reading = read("Thôn\tCây xanh\tHiến máu\nĐông\t20\t3\nTây\t30\n", CATALOGUE, "doan_co_so")
    assert reading.values == ()
    assert [(ask.source, set(ask.codes)) for ask in reading.asks] == [("30; 20; 3", {"cay_xanh", "don_vi_mau"})]
