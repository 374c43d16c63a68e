"""Standing numbers, doubts and what is said to them: nothing is called none that was not, and reasons are kept."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from test_dialogue import BRANCH, CATALOGUE, Talk, asked, filled, of

from reporting.dialogue import effects as on
from reporting.dialogue.doubts import Known, doubt_of, doubted
from reporting.dialogue.draft import Draft, Position
from reporting.dialogue.events import Did
from reporting.dialogue.rest_in_words import says_no_more, without_rest
from reporting.dialogue.small_talk import expects_no_entry, gives_reason, says_no, says_yes
from reporting.figures.values import Value
from reporting.time.quick_counts import Counted, quick_count

NOW = datetime(2026, 9, 25, 1, tzinfo=UTC)
BEFORE = {"tong_doan_vien": Value(32), "em_nuoi": Value(0), "cay_xanh": Value(100)}


def at(question: str, before: dict[str, Value] | None = None) -> Talk:
    talk = Talk(draft=Draft("2026-Q1", {}, "none", before or {}))
    talk.position = Position("asking", question)
    return talk


@pytest.mark.parametrize("text", ["0", "không", "không có ạ", "khoong cos"])
def test_nothing_to_report_zeroes_what_happens_and_leaves_stocks_open(text: str) -> None:
    talk = at("xay_dung_doan.1")
    talk.says(text)
    happenings = ("sinh_hoat_chi_doan", "luot_sinh_hoat_chi_doan", "doan_vien_moi", "hoi_vien_moi")
    assert talk.amounts() == dict.fromkeys(happenings, 0)


def test_the_button_leaves_stocks_open_too_and_a_stock_that_was_none_stays_none() -> None:
    talk = at("doi_thieu_nhi.1", BEFORE)
    talk.does(Did("none"))
    assert talk.amounts() == {"hoat_dong_thieu_nhi": 0, "em_nuoi": 0, "doan_vien_uu_tu": 0, "dang_vien_moi": 0}


def nothing_everywhere(before: dict[str, Value]) -> tuple[Talk, tuple[on.Effect, ...]]:
    talk = Talk(draft=Draft("2026-Q1", {}, "none", before))
    talk.does(Did("begin"))
    for _ in BRANCH.questions[:-1]:
        talk.does(Did("none"))
    return talk, talk.does(Did("none"))


def test_stocks_left_open_that_nobody_told_before_are_asked_once_at_the_end() -> None:
    talk, effects = nothing_everywhere({"tong_doan_vien": Value(32)})
    last = asked(effects)
    assert (last.question.code, last.number, last.missing, dict(last.before)) == (
        "dang_co", 0, ("tong_doan_vien", "em_nuoi"), {"tong_doan_vien": Value(32)},
    )  # fmt: skip
    [review] = of(talk.says("em nuôi 1"), on.Review)
    assert review == on.Review((("tong_doan_vien", Value(32, source="Như kỳ trước")),))


def test_stocks_left_open_are_shown_with_the_report_and_sent_as_last_period() -> None:
    talk, effects = nothing_everywhere({"tong_doan_vien": Value(32, True), "em_nuoi": Value(2)})
    kept = (("tong_doan_vien", Value(32, True, "Như kỳ trước")), ("em_nuoi", Value(2, source="Như kỳ trước")))
    assert of(effects, on.Review) == [on.Review(kept)]
    assert "tong_doan_vien" not in talk.amounts()
    effects = talk.does(Did("submit"))
    assert effects == (*(on.Put(code, value) for code, value in kept), on.Submit())
    assert (talk.amounts()["tong_doan_vien"], talk.amounts()["em_nuoi"]) == (32, 2)


def test_a_stock_named_at_the_review_is_no_longer_kept() -> None:
    talk, _ = nothing_everywhere({"tong_doan_vien": Value(32), "em_nuoi": Value(2)})
    [review] = of(talk.says("tổng số đoàn viên 34"), on.Review)
    assert review == on.Review((("em_nuoi", Value(2, source="Như kỳ trước")),))
    talk.does(Did("submit"))
    assert (talk.amounts()["tong_doan_vien"], talk.amounts()["em_nuoi"]) == (34, 2)


@pytest.mark.parametrize("quiet", [(), (Did("later"),), (Did("edit"),), (Did("back"),)], ids=str)
def test_what_is_kept_as_last_period_is_shown_before_it_is_sent(quiet: tuple[Did, ...]) -> None:
    before = {"tong_doan_vien": Value(32), "em_nuoi": Value(2)}
    values = {i.code: Value(1) for q in BRANCH.questions for i in q.indicators if not i.stands}
    talk = Talk(draft=Draft("2026-Q1", values, "draft", before))
    for event in quiet:
        talk.does(event)
    assert of(talk.does(Did("submit")), on.Review)
    assert talk.draft.state == "draft"
    assert of(talk.does(Did("submit")), on.Submit)


@pytest.mark.parametrize("text", ["hết rồi", "xong rồi ạ", "Chỉ vậy thôi em nhé", "không còn gì", "du roi", "dạ hết"])
def test_no_more_is_nothing_for_the_rest_of_a_question_that_was_begun(text: str) -> None:
    talk = at("tinh_nguyen.1", BEFORE)
    talk.says("3 buổi 62 lượt")
    talk.position = Position("asking", "tinh_nguyen.1")
    talk.says(text)
    assert talk.amounts() == {"don_ve_sinh": 3, "luot_don_ve_sinh": 62, "cay_xanh": 0, "km_thap_sang": 0}
    assert talk.draft.values["cay_xanh"].source == text


def test_no_more_leaves_stocks_open() -> None:
    talk = at("xay_dung_doan.1")
    talk.says("sinh hoạt chi đoàn 3 buổi 62 lượt")
    talk.position = Position("asking", "xay_dung_doan.1")
    talk.says("hết rồi")
    assert set(talk.amounts()) == {"sinh_hoat_chi_doan", "luot_sinh_hoat_chi_doan", "doan_vien_moi", "hoi_vien_moi"}


def test_no_more_to_a_question_not_begun_is_asked_about_before_it_is_a_zero() -> None:
    talk = at("tinh_nguyen.1", BEFORE)
    [confirm] = talk.says("hết rồi")
    assert isinstance(confirm, on.Confirm)
    assert [(code, value.amount, doubt) for code, value, doubt in confirm.values] == [
        (code, 0, "likely") for code in ("don_ve_sinh", "luot_don_ve_sinh", "cay_xanh", "km_thap_sang")
    ]
    assert talk.amounts() == {}
    talk.says("đúng ạ")
    assert talk.amounts() == {"don_ve_sinh": 0, "luot_don_ve_sinh": 0, "cay_xanh": 0, "km_thap_sang": 0}


@pytest.mark.parametrize(
    "text", ["hết 20 triệu", "xong 2 km đường", "đủ 30 suất quà", "hết chưa?", "xong rồi gửi giúp em"]
)
def test_words_of_which_no_more_is_only_a_part_say_something_else(text: str) -> None:
    assert not says_no_more(text)


def test_back_shows_what_is_recorded_and_keeps_it_with_one_tap() -> None:
    talk = at("tinh_nguyen.1", {"cay_xanh": Value(100), "don_ve_sinh": Value(2)})
    talk.says("3 buổi 62 lượt, 120 cây, 1 km")
    stood = dict(talk.draft.values)
    talk.position = Position("asking", "tinh_nguyen.2")
    ask = asked(talk.does(Did("back")))
    assert (ask.question.code, dict(ask.recorded)) == ("tinh_nguyen.1", stood)
    effects = talk.does(Did("keep", "tinh_nguyen.1"))
    assert not of(effects, on.Put)
    assert asked(effects).question.code != "tinh_nguyen.1"
    assert talk.draft.values == stood


def test_as_it_was_means_last_period_only_where_nothing_is_recorded() -> None:
    [question] = [q for q in BRANCH.questions if q.code == "xay_dung_doan.1"]
    others = {i.code: Value(3) for i in question.indicators if i.code != "hoi_vien_moi"}
    talk = Talk(draft=Draft("2026-Q1", others, "draft", {"hoi_vien_moi": Value(5)}))
    talk.position = Position("asking", "xay_dung_doan.1")
    talk.does(Did("keep"))
    assert talk.draft.values["hoi_vien_moi"].source == "Như kỳ trước"
    assert talk.draft.values.items() >= others.items()


@pytest.mark.parametrize("text", ["0", "tổng số đoàn viên 0", "không"])
def test_a_stock_said_to_be_none_is_stored_only_after_one_confirmation(text: str) -> None:
    values = {i.code: Value(1) for q in BRANCH.questions for i in q.indicators if i.code != "tong_doan_vien"}
    talk = Talk(draft=Draft("2026-Q1", values, "draft"))
    talk.position = Position("asking", "dang_co")
    [confirm] = of(talk.says(text), on.Confirm)
    assert isinstance(confirm, on.Confirm)
    assert [(code, doubt) for code, _, doubt in confirm.values] == [("tong_doan_vien", "zero")]
    assert "tong_doan_vien" not in talk.amounts()
    talk.says("đúng rồi ạ")
    assert talk.amounts()["tong_doan_vien"] == 0


@pytest.mark.parametrize(
    ("code", "amount", "before", "doubt"),
    [
        ("tong_doan_vien", 0, 32, "zero"), ("tong_doan_vien", 0, 0, None), ("tong_doan_vien", 120, 32, "far"),
        ("tong_doan_vien", 4, 32, "far"), ("tong_doan_vien", 40, 32, None), ("em_nuoi", 4, 1, None),
        ("tong_doan_vien", 1000, None, "high"), ("cay_xanh", 0, 100, None), ("cay_xanh", 2000, 100, "high"),
        ("cay_xanh", 1200, 154, "high"), ("cay_xanh", 1, 154, "far"), ("cay_xanh", 500, 100, "high"),
        ("cay_xanh", 499, 100, None), ("cay_xanh", 10, 100, "far"), ("cay_xanh", 11, 100, None),
        ("cay_xanh", 12, 1, None), ("cay_xanh", 20, 4, "high"), ("cay_xanh", 1, 19, None),
    ],
)  # fmt: skip
def test_what_is_doubted_follows_from_the_catalogue_and_the_units_own_history(
    code: str, amount: int, before: int | None, doubt: str | None
) -> None:
    assert doubt_of(CATALOGUE[code], Value(amount), "chi_doan", Known(before)) == doubt


@pytest.mark.parametrize(
    ("amount", "past", "before", "year_ago", "doubt"),
    [
        (22, (3, 3, 3), 3, None, "usual"),  # sessions of a branch that holds three
        (12, (3, 3, 3), 3, None, None),
        (120, (40, 45, 50, 38), 40, None, "usual"),
        (90, (40, 45, 50, 38), 40, None, None),
        (120, (40, 120, 60, 100), 40, None, None),  # one whose figures always spread
        (120, (40, 45, 50, 110), 45, 110, None),  # every spring
        (4, (40, 45, 50, 38), 40, None, "far"),
        (0, (40, 45, 50, 38), 40, None, None),
        (120, (), None, 12, "year"),
        (120, (), None, 100, None),
        (120, (12,), 12, None, "high"),  # a history of one period is last period's
        (120, (), None, None, None),  # and of none asks nothing
    ],
)
def test_a_figure_is_held_against_the_units_own_history(
    amount: int, past: tuple[int, ...], before: int | None, year_ago: int | None, doubt: str | None
) -> None:
    known = Known(before, year_ago, past)
    assert doubt_of(CATALOGUE["cay_xanh"], Value(amount), "chi_doan", known) == doubt


@pytest.mark.parametrize(
    ("stored", "new", "doubts"),
    [
        ({"sinh_hoat_chi_doan": 3}, {"luot_sinh_hoat_chi_doan": 2}, {"luot_sinh_hoat_chi_doan": "few"}),
        ({"luot_sinh_hoat_chi_doan": 2}, {"sinh_hoat_chi_doan": 3}, {"sinh_hoat_chi_doan": "few"}),
        ({}, {"sinh_hoat_chi_doan": 3, "luot_sinh_hoat_chi_doan": 2}, {"luot_sinh_hoat_chi_doan": "few"}),
        ({"sinh_hoat_chi_doan": 3}, {"luot_sinh_hoat_chi_doan": 0}, {"luot_sinh_hoat_chi_doan": "unmatched"}),
        ({"sinh_hoat_chi_doan": 3}, {"luot_sinh_hoat_chi_doan": 60}, {}),
        ({"tong_doan_vien": 20}, {"doan_vien_tren_phan_mem": 25}, {"doan_vien_tren_phan_mem": "part"}),
        ({"doan_vien_tren_phan_mem": 25}, {"tong_doan_vien": 20}, {"tong_doan_vien": "whole"}),
        ({"tong_doan_vien": 20}, {"doan_vien_tren_phan_mem": 20}, {}),
        ({"suat_qua": 30}, {"tien_an_sinh": 6}, {}),  # money is no attendance
        ({"tong_doan_vien": 20}, {"doan_vien_moi": 30}, {}),  # new ones are no part of them
        ({"tong_doan_vien": 4, "sinh_hoat_chi_doan": 3}, {"luot_sinh_hoat_chi_doan": 12}, {}),
        (
            {"tong_doan_vien": 4, "sinh_hoat_chi_doan": 3},
            {"luot_sinh_hoat_chi_doan": 13},
            {"luot_sinh_hoat_chi_doan": "members"},
        ),
    ],
)
def test_a_figure_is_held_against_the_one_it_belongs_to(
    stored: dict[str, int], new: dict[str, int], doubts: dict[str, str]
) -> None:
    draft = Draft("2026-Q1", {code: Value(amount) for code, amount in stored.items()})
    found = doubted(CATALOGUE, "chi_doan", draft, [(code, Value(amount)) for code, amount in new.items()])
    assert {code: why for code, _, why in found if why != "likely"} == doubts


def test_members_are_held_against_how_many_the_unit_last_reported() -> None:
    counted = quick_count(
        "2026-N-0925-1700", "", NOW, NOW, [Counted("Số đoàn viên trực", "đoàn viên trực", "đoàn viên"),
                                           Counted("Số người trực", "người trực", "người")],
    ).own  # fmt: skip
    own = CATALOGUE.of(counted)
    assert own.stocks_beside([one.code for one in counted]) == ("tong_doan_vien",)
    new = [(one.code, Value(25)) for one in counted]
    found = doubted(own, "chi_doan", Draft("", {}, last={"tong_doan_vien": 24}), new)
    assert [why for _, _, why in found] == ["members", "likely"]
    rated = [("doan_vien_tren_phan_mem", Value(25))]
    kept = Draft("2026-Q2", {}, last={"tong_doan_vien": 24})
    assert doubted(CATALOGUE, "chi_doan", kept, rated)[0][2] == "members"
    now = Draft("2026-Q2", {"tong_doan_vien": Value(30)}, last={"tong_doan_vien": 24})
    assert doubted(CATALOGUE, "chi_doan", now, rated)[0][2] == "likely"


@pytest.mark.parametrize(
    "text", ["do xã phát động trồng cây 19/5", "vì cả ba thôn cùng trồng", "Chiến dịch Chủ nhật xanh của huyện"]
)
def test_a_reason_confirms_a_doubted_value_and_is_kept_with_it(text: str) -> None:
    talk = at("tinh_nguyen.1", BEFORE)
    talk.says("cây xanh 9.000")
    [put] = of(talk.says(text), on.Put)
    assert isinstance(put, on.Put)
    assert (put.code, put.value.amount, put.value.note, put.confirmed) == ("cay_xanh", 9000, text, True)


@pytest.mark.parametrize(
    "text", ["để em kiểm tra lại", "em ghi nhầm do vội", "vì sao?", "nhầm rồi ạ", "chờ em chút nhé", "em cảm ơn ạ"]
)
def test_words_that_put_off_or_take_back_store_nothing(text: str) -> None:
    talk = at("tinh_nguyen.1", BEFORE)
    talk.says("cây xanh 9.000")
    talk.says(text)
    assert talk.amounts() == {}


def test_a_doubted_number_said_again_is_confirmed_and_another_one_replaces_it() -> None:
    talk = at("tinh_nguyen.1", BEFORE)
    talk.says("cây xanh 9.000")
    talk.says("cây xanh 9.000")
    assert talk.amounts() == {"cay_xanh": 9000}
    talk = at("tinh_nguyen.1", BEFORE)
    talk.says("cây xanh 9.000")
    talk.says("cây xanh 90")
    assert talk.amounts() == {"cay_xanh": 90}


def test_a_number_with_a_doubtful_separator_is_proposed_and_taken_with_one_yes() -> None:
    talk = at("tinh_nguyen.1")
    [confirm] = of(talk.says("cây xanh 2,500"), on.Confirm)
    assert isinstance(confirm, on.Confirm)
    assert [(code, value.amount, doubt) for code, value, doubt in confirm.values] == [("cay_xanh", 2500, "likely")]
    talk.does(Did("yes", talk.position.mark))
    assert talk.amounts() == {"cay_xanh": 2500}


def test_every_problem_of_a_reply_is_named_and_the_question_asked_once() -> None:
    talk = at("tinh_nguyen.1")
    effects = talk.says("vệ sinh 2-3 buổi, cây xanh -5, thắp sáng 1 km")
    assert [unread.reason for unread in of(effects, on.Unread)] == ["range", "negative"]  # type: ignore[attr-defined]
    assert talk.amounts() == {"km_thap_sang": 1000}
    asked(effects)


@pytest.mark.parametrize(
    "rest", ["còn lại không", "còn lại 0 ạ", "các mục khác không phát sinh", "còn lại thì chưa có", "ngoài ra không có"]
)
def test_the_rest_that_is_nothing_is_zero_for_what_the_question_asks(rest: str) -> None:
    talk = at("tinh_nguyen.1")
    talk.says(f"3 buổi 62 lượt {rest}")
    assert talk.amounts() == {"don_ve_sinh": 3, "luot_don_ve_sinh": 62, "cay_xanh": 0, "km_thap_sang": 0}
    assert talk.draft.values["cay_xanh"].source == rest.removesuffix(" ạ")


def test_the_rest_that_is_nothing_spares_what_the_message_names() -> None:
    talk = Talk()
    talk.says(
        "Hiến máu 4 đơn vị, trồng cây xanh 20-30 cây, đoàn viên mới 2 đồng chí.\nTặng 5 suất quà\nCác mục khác không có"
    )
    shown = dict(talk.position.pending)
    assert (shown["don_vi_mau"].amount, shown["doan_vien_moi"].amount, shown["don_ve_sinh"].amount) == (4, 2, 0)
    assert "cay_xanh" not in shown
    assert [piece.codes for piece in talk.position.unclear] == [("cay_xanh",)]


@pytest.mark.parametrize(
    "text", ["vneid 40, dvc 230 nguoi", "dvc 230 nguoi", "hồ sơ 12, dvc 230 người", "hồ sơ 12, 30 bà con"]
)
def test_a_number_without_its_place_leaves_no_zero_for_what_it_may_be_of(text: str) -> None:
    talk = at("sang_tao_chuyen_doi_so.1")
    talk.says(f"{text}, con lai khong co")
    zeros = [code for code, value in {**talk.draft.values, **dict(talk.position.pending)}.items() if not value.amount]
    assert zeros == []


def test_a_pasted_report_that_ends_with_no_more_calls_the_rest_nothing() -> None:
    talk = Talk()
    talk.says("Trồng cây: 120 cây\nHiến máu: 6 đơn vị\nhết ạ")
    shown = dict(talk.position.pending)
    assert (shown["don_vi_mau"].amount, shown["don_ve_sinh"].amount) == (6, 0)


@pytest.mark.parametrize("text", ["còn lại 5 cây", "còn lại không tham gia", "2 hoạt động khác không tính"])
def test_a_rest_that_says_something_else_is_left_alone(text: str) -> None:
    assert without_rest(text) == (text, "")


def test_a_value_given_again_is_acknowledged() -> None:
    talk = at("tinh_nguyen.1")
    talk.says("cây xanh 50")
    assert of(talk.says("cây xanh 50"), on.Kept) == [on.Kept("cay_xanh", Value(50, source="cây xanh 50"))]


def test_people_who_came_to_sessions_are_not_the_people_that_are_asked() -> None:
    values = {i.code: Value(1) for q in BRANCH.questions for i in q.indicators if i.code != "tong_doan_vien"}
    talk = Talk(draft=Draft("2026-Q1", values, "draft"))
    talk.position = Position("asking", "dang_co")
    talk.says("1.000 ĐVTN tham gia 80 buổi, hơn 50.000 cây xanh")
    talk.position = Position("asking", "dang_co")
    talk.says("dọn vs 12 buổi 500 người; 1500 cây, còn lại ko")
    assert "tong_doan_vien" not in talk.amounts()


@pytest.mark.parametrize("text", ["90", "nhầm, 90", "à nhầm rồi, 90 cây"])
def test_a_bare_number_said_to_a_doubt_replaces_what_is_doubted(text: str) -> None:
    talk = at("tinh_nguyen.1", BEFORE)
    talk.says("cây xanh 9.000")
    talk.says(text)
    assert talk.amounts() == {"cay_xanh": 90}


@pytest.mark.parametrize("text", ["âm 5", "-5"])
def test_a_negative_number_is_refused_in_one_line(text: str) -> None:
    talk = at("xay_dung_doan.1")
    assert [unread.reason for unread in of(talk.says(text), on.Unread)] == ["negative"]  # type: ignore[attr-defined]
    assert talk.amounts() == {}


def test_correcting_a_pasted_table_keeps_the_table() -> None:
    talk = Talk()
    talk.says("Báo cáo quý:\n- cây xanh 120\n- hiến máu 4\n- hội viên mới 5")
    talk.does(Did("edit"))
    talk.says("cây xanh 150")
    talk.does(Did("yes", talk.position.mark))
    assert talk.amounts() == {"cay_xanh": 150, "don_vi_mau": 4, "hoi_vien_moi": 5}


def test_a_report_that_says_the_rest_is_nothing_leaves_only_stocks_to_ask() -> None:
    talk = Talk()
    talk.says("Báo cáo quý:\n- cây xanh 120\n- hiến máu 4\n- hội viên mới 5\nCác nội dung khác không phát sinh.")
    assert asked(talk.does(Did("yes", talk.position.mark))).missing == ("tong_doan_vien", "em_nuoi")
    assert talk.amounts()["cay_xanh"] == 120
    assert talk.amounts()["suat_qua"] == 0


def test_yes_no_and_reasons_are_told_apart() -> None:
    assert [says_yes(t) for t in ("vâng ạ", "Vâng", "đúng ạ", "đúng 5", "không")] == [True, True, True, False, False]
    assert [says_no(t) for t in ("không", "nhầm rồi", "nhầm, 120 cây", "đúng")] == [True, True, False, False]
    assert [gives_reason(t) for t in ("do mưa", "vì sao?", "nhầm do vội", "120")] == [True, False, False, False]


@pytest.mark.parametrize(
    "text", ["cảm ơn", "ok", "vâng", "dạ", "vâng ạ", "em cảm ơn ạ", "còn mấy câu nữa", "còn bao nhiêu câu"]
)
def test_a_courtesy_or_a_look_ahead_is_answered_in_one_line(text: str) -> None:
    talk = at("tinh_nguyen.1", BEFORE)
    talk.says("3 buổi 62 lượt")
    talk.position = Position("asking", "tinh_nguyen.1")
    assert talk.says(text) == (on.StillOpen(("cay_xanh", "km_thap_sang"), 2, 26),)
    assert talk.position.question == "tinh_nguyen.1"


@pytest.mark.parametrize("text", ["không", "0", "ok 3 buổi", "còn 3 câu lạc bộ", "dạ 5", "có", ""])
def test_an_answer_is_no_mere_courtesy(text: str) -> None:
    assert not expects_no_entry(text)


# --- what is left out is told -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "rule", "source"),
    [
        ("chỉ tiêu 50 cây, đã trồng 70 cây", "target", "50 cây"),
        ("tháng sau trồng 100 cây", "plan", "100 cây"),
        ("sinh hoạt chính trị ba buổi về nguồn một hoạt động mười lăm tin bài", "unit", "mười lăm tin bài"),
    ],
)
def test_what_is_read_and_not_stored_is_told_once_with_why(text: str, rule: str, source: str) -> None:
    talk = at("tinh_nguyen.1")
    [left] = of(talk.says(text), on.LeftOut)
    assert isinstance(left, on.LeftOut)
    assert [(one.rule, one.source) for one in left.parts] == [(rule, source)]
    assert not of(talk.says(text), on.Unread)
    assert not of(talk.says("hết rồi"), on.LeftOut)


def test_a_pasted_report_tells_what_it_leaves_out_above_its_table() -> None:
    effects = Talk().says("Báo cáo quý:\n- cây xanh 120 (chỉ tiêu 150 cây)\n- hiến máu 4\n- hội viên mới 5")
    assert [type(effect) for effect in effects] == [on.LeftOut, on.ConfirmTable]


def test_what_is_counted_in_another_figure_is_not_told_as_left_out() -> None:
    assert not of(at("tinh_nguyen.2").says("tặng 15 suất quà cho 3 mẹ Việt Nam anh hùng"), on.LeftOut)


# --- the same as last period ----------------------------------------------------------------------------------


def test_what_happened_and_only_repeats_last_period_carries_a_note_a_stock_does_not() -> None:
    before = {i.code: Value(5) for q in BRANCH.questions for i in q.indicators}
    talk = at("xay_dung_doan.1", before)
    talk.does(Did("before"))
    assert talk.draft.values["hoi_vien_moi"].note == "Như kỳ trước"
    assert all(value.note == "" for _, value in talk.draft.kept(BRANCH))


def test_what_only_repeats_last_period_is_shown_before_it_is_sent() -> None:
    values = {i.code: Value(1) for q in BRANCH.questions for i in q.indicators if i.code != "hoi_vien_moi"}
    talk = Talk(draft=Draft("2026-Q1", values, "draft", {"hoi_vien_moi": Value(5)}))
    talk.position = Position("asking", "xay_dung_doan.1")
    assert of(talk.does(Did("before")), on.Review)
    talk.does(Did("later"))
    assert of(talk.does(Did("submit")), on.Review)
    assert not talk.draft.sent
    assert of(talk.does(Did("submit")), on.Submit)


def test_sending_while_little_is_missing_asks_once_whether_the_rest_is_nothing() -> None:
    before = {"tong_doan_vien": Value(32), "em_nuoi": Value(2)}
    talk = Talk(draft=Draft("2026-Q1", {}, "none", before))
    talk.does(Did("begin"))
    assert not of(talk.does(Did("submit")), on.Confirm)
    for _ in BRANCH.questions[:-1]:
        talk.does(Did("none"))
    for _ in range(9):
        effects = talk.does(Did("submit"))
        [confirm] = of(effects, on.Confirm)
        assert isinstance(confirm, on.Confirm)
        assert [value.amount for _, value, _ in confirm.values] == [0, 0, 0]
        assert talk.draft.state == "draft"
    assert of(talk.says("đúng"), on.Review)
    assert of(talk.does(Did("submit")), on.Submit)


def test_a_correction_to_a_multiple_of_what_was_sent_is_asked_once() -> None:
    talk = Talk(draft=Draft("2026-Q1", {"cay_xanh": Value(92), "don_vi_mau": Value(2)}, "submitted"))
    [asked_] = talk.says("cây xanh 300")
    doubt = ("cay_xanh", Value(300, source="cây xanh 300"), "raised")
    assert asked_ == on.Confirm((doubt,), {"cay_xanh": Value(92)})
    [put] = talk.says("đúng")
    assert (put.code, put.value.amount, put.confirmed) == ("cay_xanh", 300, True)  # type: ignore[union-attr]
    assert [effect.code for effect in of(talk.says("hiến máu 9"), on.Put)] == ["don_vi_mau"]  # small numbers change so


@pytest.mark.parametrize(
    ("told", "said", "left"),
    [
        ("tặng 20 phần", "quà tặng không có", {"suat_qua": 0}),
        ("Nếu cuối tháng này làm nữa thì được 4 buổi vệ sinh", "không có vệ sinh môi trường", {"don_ve_sinh": 0}),
        ("30 cây gì đó, 5 bạn đi", "chưa có cây xanh ạ", {"cay_xanh": 0}),
    ],
)
def test_whoever_denies_a_doubted_item_by_its_name_has_none(told: str, said: str, left: dict[str, int]) -> None:
    talk = Talk()
    talk.says(told)
    talk.says(said)
    assert talk.amounts().items() >= left.items()
    assert not talk.amounts().keys() & {code for code, _ in talk.position.pending}


def test_what_is_filled_in_on_a_table_is_taken_off_by_its_name() -> None:
    talk = Talk()
    talk.says(
        "Vận động hỗ trợ cột cờ trị giá 15 triệu đồng cho nhà văn hóa, tặng 10 suất quà trị giá 3 triệu đồng cho bộ đội"
        " biên phòng"
    )
    effects = talk.says("bỏ an sinh xã hội")
    assert [(one.code, one.stored) for one in effects if isinstance(one, on.Removed)] == [("tien_an_sinh", False)]
    talk.says("đúng")
    assert talk.amounts()["suat_qua"] == 10
    assert "tien_an_sinh" not in talk.amounts()


def test_a_number_that_may_be_of_several_items_loses_none_that_wait() -> None:
    talk = Talk()
    talk.does(Did("begin"))
    talk.says("Hoạt động chính trị: 5 (trong đó 2 trực tuyến); 150 lượt; về nguồn 1; 20 tin")
    talk.says("2 buổi vệ sinh/46 lượt, 100 cây (đợt 1: 60, đợt 2: 40), đường 1 km")
    waited = {code for code, _ in talk.position.pending}
    talk.says("20 hồ sơ, 15 tài khoản, 1 ý tưởng, khởi nghiệp không")
    assert {"hoat_dong_ve_nguon", "cay_xanh"} <= waited <= {code for code, _ in talk.position.pending}


def test_no_zero_is_offered_for_what_an_unread_number_counts() -> None:
    draft = filled()
    left = ("tai_khoan_vneid", "ho_so_truc_tuyen")
    talk = Talk(draft=replace(draft, values={c: v for c, v in draft.values.items() if c not in left}))
    talk.position = Position("asking", "sang_tao_chuyen_doi_so.1", unread=("15 tài khoản",))
    effects = talk.does(Did("submit"))
    assert of(effects, on.StillUnread)
    assert "tai_khoan_vneid" not in {code for code, _ in talk.position.pending} | talk.amounts().keys()
