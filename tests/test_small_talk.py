"""What people say around their figures: thanks, later, what?, oops, a report in two messages."""

from datetime import date

import pytest
from test_dialogue import BRANCH, FORMS, Talk, asked, of
from test_doubts import BEFORE, at

from handlers.commands import spoken
from handlers.report.named_periods import titled_otherwise
from reporting.dialogue import effects as on
from reporting.dialogue.draft import Draft, Position, UnclearWords
from reporting.dialogue.events import Did
from reporting.dialogue.rest_in_words import says_no_more
from reporting.dialogue.small_talk import asks_meaning, puts_off, regrets
from reporting.figures.values import Value
from reporting.time.periods import parse_period

PART_ONE = (
    "BÁO CÁO QUÝ\n1. Sinh hoạt chính trị 2 buổi, 55 lượt\n2. Ra quân vệ sinh môi trường 3 buổi, 62 lượt; 120 cây xanh"
)
PART_TWO = (
    "3. Hỗ trợ 40 hồ sơ trực tuyến, 32 tài khoản VNeID\n4. Sinh hoạt chi đoàn 3 buổi, 66 lượt; đoàn viên mới 2\n"
    "5. 1 hoạt động thiếu nhi; hiến máu vài đơn vị. Các nội dung khác không phát sinh."
)


@pytest.mark.parametrize(
    "text",
    [
        "cảm ơn trợ lý nhiều",
        "ok ạ, cảm ơn đồng chí",
        "👍",
        "🙏🙏",
        "Trân trọng cảm ơn đồng chí",
        "dạ vâng ạ",
        "em chào anh",
    ],
)
def test_courtesies_and_smiles_are_answered_with_what_is_open(text: str) -> None:
    talk = at("tinh_nguyen.1")
    assert isinstance(talk.says(text)[0], on.StillOpen)
    assert talk.amounts() == {}


def test_thanks_under_a_table_keep_it_and_ask_for_the_yes_in_one_line() -> None:
    talk = Talk()
    talk.says(PART_ONE)
    for text in ("cảm ơn", "để em gửi sau nhé", "là sao"):
        assert talk.says(text) == (on.AwaitYes(),)
    [table] = talk.says("hết rồi")  # nothing but what it shows: one yes sends it
    assert isinstance(table, on.ConfirmTable)
    assert not [code for code in table.missing if code not in ("tong_doan_vien", "em_nuoi")]
    assert of(talk.does(Did("begin")), on.ConfirmTable)
    talk.does(Did("yes"))
    assert talk.amounts()["cay_xanh"] == 120


def test_a_table_waits_when_it_is_put_off_and_is_gone_when_it_is_left_twice() -> None:
    talk = Talk()
    talk.says(PART_ONE)
    assert talk.does(Did("later")) == (on.AwaitYes(),)
    assert talk.does(Did("leave")) == (on.AwaitYes(leaving=True),)
    assert of(talk.does(Did("begin")), on.ConfirmTable)
    assert talk.does(Did("leave")) == (on.AwaitYes(leaving=True),), "only twice in a row is meant"
    assert talk.does(Did("leave")) == (on.Dropped(),)
    talk.does(Did("yes"))
    assert talk.amounts() == {}


def test_what_is_unclear_beside_a_table_is_said_and_does_not_join_it() -> None:
    talk = Talk()
    talk.says(PART_ONE)
    assert talk.says("khoảng 3 hoạt động")[1:] == (on.AwaitYes(),)
    assert not talk.position.unclear


def test_the_rest_in_a_short_answer_is_the_rest_of_the_question() -> None:
    talk = at("sang_tao_chuyen_doi_so.1")
    [table] = talk.says("2 công trình, còn lại không")
    assert isinstance(table, on.ConfirmTable)
    asked = {"ho_so_truc_tuyen", "tai_khoan_vneid", "y_tuong_sang_tao", "hoat_dong_khoi_nghiep", "luot_khoi_nghiep"}
    assert {code for code, _ in table.values} == asked


def test_right_said_to_the_whole_report_sends_it_and_thanks_do_not() -> None:
    values = {i.code: Value(1) for q in BRANCH.questions for i in q.indicators}
    talk = Talk(draft=Draft("2026-Q1", values, "draft"))
    talk.does(Did("begin"))
    assert of(talk.says("ok cảm ơn"), on.Review)
    assert of(talk.does(Did("yes")), on.Submit)


@pytest.mark.parametrize(
    ("title", "named"),
    [
        ("BÁO CÁO KẾT QUẢ QUÝ IV NĂM 2025", "quý IV/2025"), ("Báo cáo quý I/2026", ""),
        ("Báo cáo quý 2", "quý II/2026"),
        ("Báo cáo quý I", ""), ("Báo cáo quý I, phương hướng quý II/2026", ""), ("Báo cáo năm 2025", "năm 2025"),
        ("Kết quả Tháng Thanh niên năm 2026", ""), ("Sinh hoạt 3 buổi\nso với quý IV/2025 tăng", ""), ("", ""),
    ],
)  # fmt: skip
def test_a_report_titled_for_another_period_is_told_so(title: str, named: str) -> None:
    period = parse_period("2026-Q1")
    assert titled_otherwise(f"{title}\n- cây xanh 5", period, date(2026, 4, 2)) == named


def test_the_second_part_of_a_paste_joins_the_table_with_what_is_unclear_and_the_rest() -> None:
    talk = Talk()
    talk.says(PART_ONE)
    [table] = talk.says(PART_TWO)
    assert isinstance(table, on.ConfirmTable)
    values = {code: value.amount for code, value in table.values}
    assert (values["cay_xanh"], values["ho_so_truc_tuyen"], values["luot_sinh_hoat_chi_doan"]) == (120, 40, 66)
    assert values["suat_qua"] == 0, "the rest is said to be nothing"
    assert "don_vi_mau" not in values, "what is unclear is no zero"
    assert table.unclear


def test_a_short_correction_of_a_table_tells_what_of_it_was_not_read() -> None:
    talk = Talk()
    talk.says(PART_ONE)
    unread, table = talk.says("cây xanh 150, sinh hoạt chi đoàn 2-3 buổi")
    assert isinstance(unread, on.Unread)
    assert isinstance(table, on.ConfirmTable)
    assert dict(table.values)["cay_xanh"].amount == 150


@pytest.mark.parametrize("text", ["nhầm, 150", "à nhầm rồi, 150 cây", "ghi lộn, 150", "Nhầm: 150"])
def test_oops_corrects_what_was_entered_last_and_tells_the_old_number(text: str) -> None:
    talk = at("xay_dung_doan.1", {"cay_xanh": BEFORE["cay_xanh"]})
    talk.says("cây xanh 120")
    [put] = of(talk.says(text), on.Put)
    assert isinstance(put, on.Put)
    assert put.old is not None
    assert (put.code, put.value.amount, put.old.amount) == ("cay_xanh", 150, 120)


def test_oops_without_a_number_says_how_to_correct_and_of_several_is_asked_about() -> None:
    talk = at("tinh_nguyen.1")
    talk.says("3 buổi 62 lượt")
    assert talk.says("nhầm rồi") == (on.HowToCorrect(),)
    assert of(talk.says("nhầm, 70"), on.Unread)
    assert talk.amounts() == {"don_ve_sinh": 3, "luot_don_ve_sinh": 62}
    talk.says("nhầm, 70 lượt")
    assert talk.amounts()["luot_don_ve_sinh"] == 70


@pytest.mark.parametrize("text", ["xin lỗi em nhắn nhầm", "em muốn sửa lại số cây", "sửa thế nào ạ"])
def test_who_wants_to_correct_is_told_how(text: str) -> None:
    talk = at("tinh_nguyen.1")
    assert talk.says(text) == (on.HowToCorrect(),)


@pytest.mark.parametrize("text", ["là sao?", "la sao", "về nguồn là gì ạ", "em không hiểu", "giúp em với"])
def test_who_asks_back_is_told_what_the_question_means(text: str) -> None:
    talk = at("tinh_nguyen.1")
    [explain] = talk.says(text)
    assert isinstance(explain, on.Explain)
    assert explain.ask.question.code == "tinh_nguyen.1"


@pytest.mark.parametrize("text", ["tối nay em gửi nhé", "để em báo cáo sau", "em đang bận", "lát nữa ạ"])
def test_who_puts_off_hears_that_all_is_kept(text: str) -> None:
    talk = at("tinh_nguyen.1")
    assert talk.says(text) == (on.Paused(0, 26),)


@pytest.mark.parametrize("text", ["ra quân ba buổi, cây xanh em chưa biết", "hai buổi ra quân, tối nay em gửi tiếp"])
def test_what_is_said_beside_a_number_in_words_does_not_hide_it(text: str) -> None:
    talk = at("tinh_nguyen.1")
    talk.says(text)
    assert talk.amounts()["don_ve_sinh"] in (2, 3)


def test_a_greeting_is_answered_with_the_question_and_without_reproach() -> None:
    talk = Talk()
    [ask] = talk.says("Kính gửi Ban Thường vụ, tôi xin phép được báo cáo ạ")
    assert isinstance(ask, on.Ask)


def test_the_rest_of_a_question_not_begun_is_asked_about_before_it_is_a_zero() -> None:
    talk = at("tinh_nguyen.1")
    assert of(talk.says("còn lại không ạ"), on.Confirm)
    assert talk.amounts() == {}


@pytest.mark.parametrize("text", ["không phát sinh", "hết rồi", "0", "còn lại không"])
def test_nobody_at_sessions_that_were_held_is_confirmed_before_it_is_a_zero(text: str) -> None:
    talk = at("xay_dung_doan.1")
    talk.says("sinh hoạt chi đoàn 3 buổi")
    talk.position = Position("asking", "xay_dung_doan.1")
    [confirm] = of(talk.says(text), on.Confirm)
    assert isinstance(confirm, on.Confirm)
    assert [code for code, _, _ in confirm.values] == ["luot_sinh_hoat_chi_doan"]
    assert talk.amounts() == {"sinh_hoat_chi_doan": 3, "doan_vien_moi": 0, "hoi_vien_moi": 0}
    talk.says("62")
    assert talk.amounts()["luot_sinh_hoat_chi_doan"] == 62


def test_the_rest_of_a_report_leaves_the_attendance_of_held_sessions_open() -> None:
    talk = Talk()
    talk.says("Báo cáo:\n- sinh hoạt chi đoàn 3 buổi\n- cây xanh 5\nCác nội dung khác không phát sinh.")
    talk.does(Did("yes", talk.position.mark))
    assert "luot_sinh_hoat_chi_doan" not in talk.amounts()
    assert talk.amounts()["luot_don_ve_sinh"] == 0


def test_keycap_digits_are_digits() -> None:
    talk = at("tuyen_truyen_giao_duc.1")
    talk.says("sinh hoạt chính trị 2️⃣ buổi 👥 45 lượt ✅")
    assert talk.amounts() == {"sinh_hoat_chinh_tri": 2, "luot_hoc_tap_tuyen_truyen": 45}


@pytest.mark.parametrize(
    ("text", "command"),
    [("gửi đi", "submit"), ("xong rồi gửi giúp em", "submit"), ("cho em xem lại với ạ", "show"),
     ("em gửi báo cáo nhé", "submit"), ("Dừng", "leave"), ("đúng", "right"), ("cho em xin báo cáo", "report")],
)  # fmt: skip
def test_courtesies_around_a_word_do_not_hide_it(text: str, command: str) -> None:
    found = spoken(text)
    assert found is not None
    assert found.command == command


@pytest.mark.parametrize("text", ["gửi 10 suất quà", "3 buổi", "nhầm, 5", "5 bạn đi làm xa", "trồng 30 cây sau Tết"])
def test_answers_are_no_asides(text: str) -> None:
    assert spoken(text) is None
    assert not puts_off(text)
    assert not asks_meaning(text)
    assert regrets(text) == text.startswith("nhầm")


@pytest.mark.parametrize(("text", "trees"), [("đúng ạ", 60), ("vâng", 60), ("không phải", None), ("bỏ đi", None)])
def test_an_unclear_piece_with_one_answer_is_agreed_to_or_left_out(text: str, trees: int | None) -> None:
    talk = Talk()
    unclear = UnclearWords("60 cây", ("cay_xanh",), "ambiguous", Value(60, source="60 cây"))
    talk.position = Position("clarifying", unclear=(unclear,))
    talk.says(text)
    assert talk.amounts().get("cay_xanh") == trees


def test_an_answer_said_anew_to_a_doubt_replaces_all_of_it() -> None:
    talk = at("tinh_nguyen.1", {"cay_xanh": Value(100)})
    assert of(talk.says("1 2 3 4"), on.Confirm)
    talk.says("2 buổi 40 lượt 30 cây 0 km")
    assert talk.amounts() == {"don_ve_sinh": 2, "luot_don_ve_sinh": 40, "cay_xanh": 30, "km_thap_sang": 0}


def test_a_number_that_is_not_read_is_told_beside_what_is_none() -> None:
    talk = at("tinh_nguyen.2")
    effects = talk.says("hs 12, vneid 8, ko ý tưởng")
    (doubt,) = of(effects, on.Confirm)
    assert [(code, value.amount) for code, value, _ in doubt.values] == [("ho_so_truc_tuyen", 12)]
    effects = at("tinh_nguyen.2").says("cnđ 14, vneid 8, ko ý tưởng")
    told = [one.source for effect in effects if isinstance(effect, on.LeftOut) for one in effect.parts]
    assert "14" in "".join(told + [effect.source for effect in effects if isinstance(effect, on.Unread)])


@pytest.mark.parametrize("text", ["các mục khác ko phát sinh", "các mục khác k phát sinh ạ", "còn lại ko phát sinh"])
def test_none_in_short_ends_the_rest_too(text: str) -> None:
    assert says_no_more(text)


def test_later_is_understood_in_the_south_too() -> None:
    assert puts_off("tối tui làm tiếp")
    assert not puts_off("tối 15/3 tui trồng 20 cây")


def test_going_on_after_an_aside_keeps_the_question() -> None:
    talk = at("tinh_nguyen.1")
    talk.says("là sao?")
    assert asked(talk.does(Did("begin"))).number == 1


# --- questions, and the end of a section ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "Cho em hỏi trồng 100 cây có phải làm hồ sơ không ạ?",
        "cho hoi hien mau 5 don vi thi tinh ca gia dinh khong",
        "trồng 30 cây ăn quả có tính không?",
        "Dạ cho em hỏi tặng 10 suất quà ghi ở đâu",
    ],
)
def test_a_question_stores_nothing_and_what_was_asked_stays_open(text: str) -> None:
    talk = at("tinh_nguyen.1")
    effects = talk.says(text)
    assert effects[0] == on.NoAnswer(figures=any(char.isdecimal() for char in text))
    assert asked(effects).question.code == "tinh_nguyen.1"
    assert talk.amounts() == {}


def test_a_question_without_a_figure_is_answered_as_one() -> None:
    assert at("tinh_nguyen.1").says("chi đoàn ghép thì báo cáo ở đâu?")[0] == on.NoAnswer(figures=False)


@pytest.mark.parametrize(
    "text",
    ["ko có gì nữa", "hết r", "chừng đó thôi", "như trên", "ko còn gì nữa ạ", "nhiêu đó thôi", "tới đây là hết"],
)
def test_the_ways_to_say_that_a_section_ends(text: str) -> None:
    talk = at("tinh_nguyen.1")
    talk.says("3 buổi 62 lượt")
    talk.position = Position("asking", "tinh_nguyen.1")
    talk.says(text)
    assert talk.amounts() == {"don_ve_sinh": 3, "luot_don_ve_sinh": 62, "cay_xanh": 0, "km_thap_sang": 0}


@pytest.mark.parametrize(
    "text", ["các mục khác không phát sinh", "những mục còn lại ko có ạ", "Các nội dung khác: không"]
)
def test_all_other_items_said_to_be_nothing_are_asked_once_and_end_the_report(text: str) -> None:
    talk = Talk(draft=Draft("2026-Q1", {}, "none", {"tong_doan_vien": Value(32), "em_nuoi": Value(2)}))
    talk.does(Did("begin"))
    talk.says("3, 62, 1, 15")
    [confirm] = of(talk.says(text), on.Confirm)
    assert isinstance(confirm, on.Confirm)
    happenings = {i.code for q in BRANCH.questions[1:] for i in q.indicators if not i.stands}
    assert {code for code, _, _ in confirm.values} == happenings
    assert talk.amounts().keys() & happenings == set()
    assert of(talk.says("đúng"), on.Review)
    assert {talk.amounts()[code] for code in happenings} == {0}


def test_nobody_came_to_what_did_not_take_place() -> None:
    talk = at("sang_tao_chuyen_doi_so.1")
    effects = talk.says("Không có hoạt động khởi nghiệp.")
    assert talk.amounts() == {"hoat_dong_khoi_nghiep": 0, "luot_khoi_nghiep": 0}
    assert len(of(effects, on.Put)) == 2


def test_attendance_of_two_kinds_of_sessions_stays_open_while_one_is_unknown() -> None:
    talk = Talk(FORMS.form("doan_co_so", "quy"), Draft("2026-Q1", {}))
    talk.position = Position("asking", "tuyen_truyen_giao_duc.1")
    talk.says("sinh hoạt chính trị 0")
    assert "luot_hoc_tap_tuyen_truyen" not in talk.amounts()
