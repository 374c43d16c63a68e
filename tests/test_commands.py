"""The words people give as commands: any case, with or without diacritics and slash, and nothing else."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.commands import _WHOLE, Spoken, asked_beside, folded, spoken
from handlers.leaders.asked_figures import may_ask
from handlers.report.named_units import may_name_one
from handlers.wording.speech import Wording


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("BC", "report"), ("bc", "report"), ("/bc", "report"), ("Báo cáo", "report"), ("bao cao", "report"),
        ("/baocao", "report"), ("BC.", "report"), ("  bc  ", "report"), ("XEM", "show"), ("/xem", "show"),
        ("gửi", "submit"), ("GUI", "submit"), ("nộp báo cáo", "submit"), ("để sau", "later"), ("hủy", "leave"),
        ("huỷ", "leave"), ("tiến độ", "progress"), ("/tiendo", "progress"), ("/tiendo@giaoban_bot", "progress"),
        ("tổng hợp", "totals"), ("/tonghop", "totals"), ("kiến nghị", "petition"), ("dữ liệu", "mydata"),
        ("/xoa", "erase"), ("xóa", "erase"), ("xoá", "erase"), ("trợ giúp", "help"), ("/help", "help"),
        ("không phát sinh", "none"), ("KPS", "none"), ("như kỳ trước", "before"), ("quay lại", "back"),
        ("Đúng rồi", "right"), ("/start", "start"), ("sửa", "correct"),
        ("mã", "issue"), ("Cấp mã", "issue"), ("/capma", "issue"), ("bàn giao", "handover"), ("/lienket", "link"),
        ("liên kết", "link"), ("đơn vị", "unit"), ("doi don vi", "unit"),
        # Telex that the keyboard did not turn into marks.
        ("khoong phats sinh", "none"), ("baso cao", "report"), ("guwir", "submit"), ("tieens ddoo", "progress"),
        ("giữ nguyên", "keep"), ("không thay đổi", "keep"),
    ],
)  # fmt: skip
def test_a_command_is_known_however_it_is_written(text: str, command: str) -> None:
    assert spoken(text.partition("@")[0]) == Spoken(command)  # type: ignore[arg-type]
    assert spoken(unicodedata.normalize("NFD", text.partition("@")[0])) == Spoken(command)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text",
    ["3 buổi, 62 lượt", "báo cáo 3 buổi", "gửi 10 suất quà", "xem phim 2 buổi", "", "   ", "đúng 5", "xóa 3 điểm đen",
     "sửa chữa 2,5 km đường", "sửa đường 2 km", "hiến máu 4", "không", "0", "1",
     "bàn giao 2 nhà nhân ái", "liên kết 3 doanh nghiệp", "5 đơn vị máu", "đơn vị 3",
     "tổng hợp quý I: cây xanh 160", "quý I tổng hợp 3 buổi", "cụm 2 trồng 30 cây", "tháng 3 ra quân 2 buổi"],
)  # fmt: skip
def test_what_only_begins_like_a_command_is_none(text: str) -> None:
    assert spoken(text) is None


@pytest.mark.parametrize(
    ("text", "command", "rest"),
    [
        ("sửa cây xanh 150", "correct", "cây xanh 150"),
        ("Sửa: cây xanh 150", "correct", "cây xanh 150"),
        ("sửa lại hiến máu 5", "correct", "hiến máu 5"),
        ("kiến nghị hỗ trợ máy chiếu", "petition", "hỗ trợ máy chiếu"),
        ("/kiennghi Xin thêm sách", "petition", "Xin thêm sách"),
        ("/start K7M2Q9XD4R", "start", "K7M2Q9XD4R"),
        ("cấp mã thôn Đông", "issue", "thôn Đông"),
        ("/capma phó CD01", "issue", "phó CD01"),
        ("quý I chưa gửi cụm 3", "late", "cum 3 quy i"),
        ("Cụm 3 tiến độ tháng này", "progress", "cum 3 thang nay"),
        ("tổng hợp 6 tháng đầu năm", "totals", "6 thang dau nam"),
    ],
)
def test_what_follows_a_command_is_what_it_is_about(text: str, command: str, rest: str) -> None:
    assert spoken(text) == Spoken(command, rest)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("hạn nộp ngày nào?", "due"), ("bao giờ hết hạn ạ", "due"), ("Hạn báo cáo", "due"),
        ("hạn nộp là khi nào", "due"), ("gửi chưa?", "sent"),
        ("báo cáo của em đã gửi chưa?", "sent"), ("em nộp báo cáo chưa nhỉ?", "sent"),
        ("nhận được báo cáo chưa", "sent"),
    ],
)  # fmt: skip
def test_a_question_about_the_own_report_is_one_of_progress(text: str, rest: str) -> None:
    assert spoken(text) == Spoken("progress", rest)


@pytest.mark.parametrize(
    "text",
    ["em gửi chưa đủ", "gia hạn đến 15/4?", "hết hạn hán trồng 40 cây", "nộp 3 báo cáo chưa?", "quá hạn"],
)
def test_what_only_speaks_of_sending_or_of_days_is_no_question(text: str) -> None:
    assert spoken(text) is None


def test_every_label_that_is_also_a_command_means_the_same() -> None:
    texts = Wording.vietnamese().texts
    meant = {"right": "right", "correct": "correct", "none": "none", "before": "before", "submit": "submit",
             "later": "later", "begin": "report", "erase": "erase"}  # fmt: skip
    assert {name: spoken(texts[f"label.{name}"]) for name in meant} == {n: Spoken(c) for n, c in meant.items()}  # type: ignore[arg-type]


def test_every_word_of_the_table_is_written_as_it_is_compared() -> None:
    assert [word for word in _WHOLE if folded(word) != word] == []


@given(st.text(max_size=200))
def test_no_text_breaks_the_reading_of_commands(text: str) -> None:
    found = spoken(text)
    assert found is None or found.rest in text


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("chi đoàn nào chưa nộp?", "late"), ("don vi nao chua gui vay", "progress"),
        ("còn ai chưa báo cáo", "progress"),
        ("hạn khi nào?", "progress"), ("bao giờ phải nộp ạ", "progress"), ("tôi nhập sai thì sao?", "mistake"),
        ("lỡ gửi rồi có sửa được không", "mistake"), ("ai xem được số liệu của em?", "readers"),
        ("bot này của ai vậy", "readers"), ("cho em xin lại mã biên nhận", "receipt"), ("em nghỉ thai sản", "away"),
        ("e nghi sinh roi, ai thay em", "away"), ("sao nhắc hoài vậy, đã gửi rồi mà", "nagged"),
        ("bận quá tuần sau gửi", "busy"),
    ],
)  # fmt: skip
def test_what_is_asked_in_a_sentence_has_its_act(text: str, act: str) -> None:
    command = spoken(text)
    assert command is not None
    assert command.command == act


@pytest.mark.parametrize(
    "text",
    ["sinh hoạt 3 buổi, em nghỉ thai sản 1 buổi", "các bạn qua thăm gia đình chính sách", "nhắc nhở 2 lượt",
     "tuần sau chi đoàn tổ chức 2 buổi", "trao biên nhận cho gia đình bạn An"],
)  # fmt: skip
def test_a_sentence_with_a_figure_or_other_words_asks_nothing(text: str) -> None:
    assert spoken(text) is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("trồng 100 cây. Hạn khi nào?", ("trồng 100 cây.", "progress")),
        ("trồng 1.200 cây, hạn nộp ngày nào ạ", ("trồng 1.200 cây,", "progress")),
        ("ba buổi, sáu mươi lượt\nnhập sai thì sao ạ?", ("ba buổi, sáu mươi lượt", "mistake")),
        ("Hạn nộp khi nào ạ? Vệ sinh 3 buổi", ("Vệ sinh 3 buổi", "progress")),
        ("trồng 100 cây. Có được tính không ạ?", None), ("trồng 100 cây hạn 15/3", None),
        ("Nhập sai thì sao ạ? Ba buổi, sáu mươi lượt", ("Ba buổi, sáu mươi lượt", "mistake")),
        ("dạ em chào. Hạn nộp khi nào?", None), ("hiến máu 4, trồng cây 100", None),
    ],
)  # fmt: skip
def test_a_question_that_has_its_answer_is_told_apart_from_the_figures_beside_it(
    text: str, found: tuple[str, str] | None
) -> None:
    assert asked_beside(text) == found


@pytest.mark.parametrize(
    "text", ["hiến máu cụm 2 quý này", "cây xanh so cùng kỳ", "đơn vị nào 0 buổi sinh hoạt", "chỉ tiêu"]
)
def test_a_question_of_figures_may_ask(text: str) -> None:
    assert may_ask(text)


@pytest.mark.parametrize(
    "text", ["3 buổi; 62 lượt; tổng số đoàn viên 30 người", "quý này trồng 20 cây", "so cùng kỳ hơn 3 cây"]
)
def test_what_counts_something_asks_nothing_and_is_not_compared_with_a_province(text: str) -> None:
    assert not may_ask(text)


@pytest.mark.parametrize(
    "text", ["Chi đoàn thôn Đông: 3 buổi", "Em gửi báo cáo\nĐoàn xã An Thượng", "BC chi đoàn Viễn thông 5"]
)
def test_a_head_with_the_word_for_the_union_may_name_a_unit(text: str) -> None:
    assert may_name_one(text)


@pytest.mark.parametrize(
    "text", ["kết nạp 3 đoàn viên", "Đoàn viên mới: 3", "tổng số đoàn viên 30 người", "3 buổi, 20 lượt"]
)
def test_members_of_the_union_name_no_unit(text: str) -> None:
    assert not may_name_one(text)
