"""Doubts on one card, and every way people answer one: by name, by number, by a word, in any order."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_dialogue import BRANCH, Talk, asked, of
from test_doubts import at

from reporting.dialogue import effects as on
from reporting.dialogue.card_replies import bare_list
from reporting.dialogue.draft import Draft, Mode, Position, UnclearWords
from reporting.dialogue.events import Did, Event, Said
from reporting.figures.values import Value

FIVE = UnclearWords("05 bạn", ("doan_vien_moi", "doan_vien_uu_tu"), "ambiguous", Value(5, source="05 bạn"))
TREES = UnclearWords("200 cây", ("cay_xanh",), "ambiguous", Value(200, source="200 cây"))
BLOOD = UnclearWords("6ng", ("don_vi_mau",), "unit", Value(6, source="6ng"))
SOME = UnclearWords("vài suất", ("suat_qua",), "indefinite")


def before_card(*points: UnclearWords, values: dict[str, Value] | None = None) -> Talk:
    talk = Talk(draft=Draft("2026-Q1", values or {}, "draft"))
    talk.position = Position("clarifying", unclear=points)
    return talk


def card(effects: tuple[on.Effect, ...]) -> on.Clarify:
    [found] = of(effects, on.Clarify)
    assert isinstance(found, on.Clarify)
    return found


# --- what stands on a card ------------------------------------------------------------------------------------


def test_a_card_holds_three_points_and_says_how_many_follow() -> None:
    talk = before_card(TREES, FIVE, SOME, BLOOD)
    shown = card(talk.does(Did("begin")))
    assert (shown.points, shown.left) == ((TREES, FIVE, SOME), 1)
    assert dict(shown.proposed) == {"cay_xanh": TREES.value}


def test_one_yes_takes_all_that_is_filled_in_and_leaves_the_rest_on_the_card() -> None:
    talk = before_card(TREES, BLOOD, FIVE)
    shown = card(talk.says("đúng cả"))
    assert talk.amounts() == {"cay_xanh": 200, "don_vi_mau": 6}
    assert shown.points == (FIVE,)


def test_a_tap_changes_one_point_and_keeps_the_others() -> None:
    talk = before_card(TREES, FIVE, BLOOD)
    shown = card(talk.does(Did("pick", f"1@1.{talk.position.mark}")))
    assert talk.amounts() == {"doan_vien_uu_tu": 5}
    assert shown.points == (TREES, BLOOD)
    shown = card(talk.does(Did("skip", f"0@0.{talk.position.mark}")))
    assert shown.points == (BLOOD,)
    assert talk.amounts() == {"doan_vien_uu_tu": 5}


def test_a_button_of_an_older_card_changes_nothing() -> None:
    talk = before_card(TREES, FIVE)
    old = talk.position.mark
    talk.does(Did("pick", f"0@1.{old}"))
    amounts = talk.amounts()
    for about in (f"0@0.{old}", f"all.{old}", "7@3", "x"):
        assert of(talk.does(Did("pick" if about != f"all.{old}" else "skip", about)), on.Stale)
    assert talk.amounts() == amounts


def test_several_numbers_for_one_item_are_one_point_that_asks_for_the_number() -> None:
    other = UnclearWords("30 cây", ("cay_xanh",), "ambiguous", Value(30, source="30 cây"))
    talk = Talk()
    step = talk.dialogue.questions.onward(talk.draft, (), Position(unclear=(TREES, other, FIVE)))
    shown = card(step.effects)
    assert [(point.source, point.value) for point in shown.points] == [
        ("200 cây”, “30 cây", None),
        ("05 bạn", FIVE.value),
    ]
    assert dict(shown.proposed) == {}


def test_no_to_a_card_leaves_out_all_that_stands_on_it() -> None:
    talk = before_card(FIVE, TREES)
    effects = talk.says("không có")
    assert talk.amounts() == {}
    assert not of(effects, on.Clarify)


@pytest.mark.parametrize("reason", ["plan", "cumulative", "correction", "parts", "range"])
def test_a_plan_or_a_running_total_is_never_filled_in(reason: str) -> None:
    talk = before_card(UnclearWords("200 cây", ("cay_xanh",), reason, Value(200)), BLOOD)
    talk.says("đúng")
    assert talk.amounts() == {"don_vi_mau": 6}


@pytest.mark.parametrize(
    ("text", "amounts"),
    [
        ("1a 2a", {"doan_vien_moi": 5, "cay_xanh": 200}),
        ("1B,2a ạ", {"doan_vien_uu_tu": 5, "cay_xanh": 200}),
        ("em chọn 2a và 1 b", {"doan_vien_uu_tu": 5, "cay_xanh": 200}),
        ("a b", {"doan_vien_moi": 5}),
        ("1a, bỏ 2", {"doan_vien_moi": 5}),
        ("2", {"cay_xanh": 200}),
        ("1", {}),
        ("1a 2c", {}),
        ("0", {}),
        ("cây xanh 180, 1a", {"cay_xanh": 180, "doan_vien_moi": 5}),
    ],
)
def test_marks_are_taken_in_any_manner_or_not_at_all(text: str, amounts: dict[str, int]) -> None:
    talk = before_card(FIVE, TREES)
    talk.says(text)
    assert talk.amounts() == amounts


@pytest.mark.parametrize(("text", "waits"), [("6, 8", False), ("6\n8", False), ("1: 6\n2: 8", False), ("6", True)])
def test_numbers_are_of_the_points_in_their_order(text: str, waits: bool) -> None:
    talk = before_card(UnclearWords("mấy đơn vị", ("don_vi_mau",), "indefinite"), SOME)
    talk.says(text)
    assert talk.amounts() == ({} if waits else {"don_vi_mau": 6, "suat_qua": 8})


@pytest.mark.parametrize("texts", [("kỳ ta", "lạ ghê"), ("đúng hết", "chắc vậy"), ("1d", "x")])
def test_a_doubt_is_put_aside_after_two_replies_that_say_nothing(texts: tuple[str, str]) -> None:
    talk = before_card(FIVE)
    assert not of(talk.says(texts[0]), on.Clarify)
    effects = talk.says(texts[1])
    assert of(effects, on.SetAside) == [on.SetAside(("05 bạn",))]
    assert asked(effects).number == 1
    assert talk.amounts() == {}


def test_what_was_told_meanwhile_is_not_offered_again_nor_replaced() -> None:
    talk = before_card(FIVE, TREES)
    talk.says("cây xanh 180")
    shown = card(talk.does(Did("begin")))
    assert shown.points == (FIVE,)
    talk.says("đoàn viên mới 6")  # another number is the answer, too
    assert talk.amounts() == {"cay_xanh": 180, "doan_vien_moi": 6}
    assert talk.position.unclear == ()


# --- replies --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["đoàn viên mới", "doan vien moi", "là đoàn viên mới ạ", "mới"])
def test_the_name_of_an_item_alone_ends_its_doubt(text: str) -> None:
    talk = before_card(FIVE)
    effects = talk.says(text)
    assert talk.amounts() == {"doan_vien_moi": 5}
    assert not of(effects, on.Unread)


def test_the_name_finds_its_point_wherever_it_stands_on_the_card() -> None:
    talk = before_card(TREES, FIVE)
    shown = card(talk.says("đoàn viên ưu tú"))
    assert talk.amounts() == {"doan_vien_uu_tu": 5}
    assert shown.points == (TREES,)


def test_a_number_alone_is_of_the_only_point_that_lacks_one() -> None:
    talk = before_card(TREES, SOME)
    talk.says("12")
    assert talk.amounts() == {"suat_qua": 12}


@pytest.mark.parametrize(
    "text", ["bỏ", "bỏ qua", "thôi không ghi", "của quý trước", "số đó của kỳ trước ạ", "không phải"]
)
def test_a_word_leaves_out_what_is_doubted(text: str) -> None:
    talk = before_card(TREES)
    effects = talk.says(text)
    assert talk.amounts() == {}
    assert asked(effects).number == 1
    assert talk.position.unclear == ()


def test_a_word_and_a_name_leave_out_that_one() -> None:
    talk = before_card(TREES, FIVE)
    shown = card(talk.says("bỏ cây xanh"))
    assert shown.points == (FIVE,)


def test_both_takes_what_is_filled_in_and_never_one_number_twice() -> None:
    talk = before_card(TREES, BLOOD)
    talk.says("cả hai ạ")
    assert talk.amounts() == {"cay_xanh": 200, "don_vi_mau": 6}
    talk = before_card(FIVE)
    assert of(talk.says("cả hai"), on.Unread) == [on.Unread("each", "05 bạn")]
    assert talk.amounts() == {}


def test_a_doubt_waits_while_something_else_is_said_and_is_gone_once_it_is_settled() -> None:
    talk = before_card(TREES, FIVE)
    assert not of(talk.says("hiến máu 4"), on.Clarify)
    assert talk.position.unclear == (TREES, FIVE)
    talk.says("cây xanh 180")
    assert talk.position.unclear == (FIVE,)
    effects = talk.says("đoàn viên mới 3, đoàn viên ưu tú 5")
    assert talk.amounts() == {"don_vi_mau": 4, "cay_xanh": 180, "doan_vien_moi": 3, "doan_vien_uu_tu": 5}
    assert not of(effects, on.Clarify)


def test_an_answer_to_the_question_that_comes_next_is_read_while_a_card_waits() -> None:
    talk = before_card(FIVE)
    talk.says("15 bài")
    assert talk.amounts() == {"tin_bai_fanpage": 15}
    assert talk.position.unclear == (FIVE,)


def test_a_card_comes_again_once_no_other_question_is_left() -> None:
    few = {"cay_xanh", "hoi_vien_moi", "suat_qua"}
    known = {i.code: Value(1) for q in BRANCH.questions for i in q.indicators if i.code not in few}
    talk = before_card(TREES, values=known)
    assert asked(talk.says("suất quà 4")).question.code == "xay_dung_doan.1"
    assert card(talk.says("5")).points == (TREES,)
    assert of(talk.says("đúng"), on.Review)
    assert {code: talk.amounts()[code] for code in few} == {"cay_xanh": 200, "hoi_vien_moi": 5, "suat_qua": 4}


def test_no_doubt_asks_for_another_number_of_what_has_one() -> None:
    price = UnclearWords("300k", ("suat_qua",), "unit_rate")
    talk = before_card(TREES, price, values={"suat_qua": Value(10)})
    effects = talk.says("bỏ cây xanh")
    assert of(effects, on.Unread) == [on.Unread("left_out", "300k")]
    assert not of(effects, on.Clarify)


@pytest.mark.parametrize("text", ["bỏ", "của quý trước", "không phải", "sai rồi"])
def test_a_doubted_value_that_is_refused_is_not_stored_and_asked_again(text: str) -> None:
    talk = at("tinh_nguyen.1")
    talk.says("cây xanh 90000")
    effects = talk.says(text)
    assert talk.amounts() == {}
    assert talk.position.mode == "asking"
    assert asked(effects).question.code == "tinh_nguyen.1"


def test_of_two_doubted_values_one_is_left_out_by_name_and_the_other_waits() -> None:
    talk = at("tinh_nguyen.1")
    talk.says("cây xanh 90000, vệ sinh môi trường 900 buổi")
    effects = talk.says("bỏ cây xanh")
    [confirm] = of(effects, on.Confirm)
    assert isinstance(confirm, on.Confirm)
    assert [code for code, _, _ in confirm.values] == ["don_ve_sinh"]
    talk.says("đúng")
    assert talk.amounts() == {"don_ve_sinh": 900}


# --- what waits is never lost, and never zero -----------------------------------------------------------------

BESIDE: tuple[Event, ...] = (
    *(
        Said(text)
        for text in ("66 lượt sinh hoạt chi đoàn", "các mục khác không phát sinh", "hội viên mới 4, còn lại không")
    ),
    *(Said(text) for text in ("cảm ơn", "hết rồi", "là sao?", "dự sinh hoạt chính trị bao nhiêu người?", "tối em gửi")),
    *(Did(act) for act in ("submit", "back", "later", "begin", "show", "leave")),
    *(Did("none", question.code) for question in BRANCH.questions),
)


@settings(max_examples=150, deadline=None)
@given(beside=st.lists(st.sampled_from(BESIDE), max_size=8), nearly=st.booleans())
def test_a_doubt_outlasts_whatever_else_is_said_and_is_stored_with_its_yes(beside: list[Event], nearly: bool) -> None:
    known = (
        {i.code: Value(1) for q in BRANCH.questions[:4] for i in q.indicators if i.code != "cay_xanh"} if nearly else {}
    )
    talk = Talk(draft=Draft("2026-Q1", known, "draft", {"tong_doan_vien": Value(30), "em_nuoi": Value(2)}))
    talk.position = Position("asking", "tinh_nguyen.1")
    talk.says("cây xanh 90000")
    for event in beside:
        talk.does(event)
        assert "cay_xanh" not in talk.amounts()
        assert "cay_xanh" in talk.position.waiting
        assert not talk.draft.sent
    for _ in range(4):
        talk.does(Did("submit" if talk.position.mode == "asking" else "yes"))
    assert talk.amounts()["cay_xanh"] == 90000


@settings(max_examples=150, deadline=None)
@given(beside=st.lists(st.sampled_from(BESIDE), max_size=8))
def test_a_point_outlasts_whatever_else_is_said(beside: list[Event]) -> None:
    talk = before_card(SOME, FIVE)
    for event in beside:
        talk.does(event)
        assert {"doan_vien_moi", "doan_vien_uu_tu", "suat_qua"}.isdisjoint(talk.amounts())
        assert {"doan_vien_moi", "doan_vien_uu_tu", "suat_qua"} <= talk.position.waiting


@pytest.mark.parametrize("early", [Did("submit"), Said("các mục khác không phát sinh")], ids=["sent", "said"])
def test_one_yes_takes_a_doubt_and_the_zeros_beside_it(early: Event) -> None:
    few = {"hoi_vien_moi", "cay_xanh", "suat_qua"}
    known = {i.code: Value(1) for q in BRANCH.questions for i in q.indicators if i.code not in few}
    talk = Talk(draft=Draft("2026-Q1", known, "draft"))
    talk.position = Position("asking", "tinh_nguyen.1")
    talk.says("cây xanh 90000")
    [confirm] = of(talk.does(early), on.Confirm)
    assert isinstance(confirm, on.Confirm)
    told = {code: (value.amount, doubt) for code, value, doubt in confirm.values}
    assert told == {"cay_xanh": (90000, "high"), "suat_qua": (0, "likely"), "hoi_vien_moi": (0, "likely")}
    talk.says("đúng")
    assert {code: talk.amounts()[code] for code in few} == {"cay_xanh": 90000, "suat_qua": 0, "hoi_vien_moi": 0}


def test_a_number_said_to_a_doubt_beside_zeros_is_of_the_doubt() -> None:
    few = {"hoi_vien_moi", "cay_xanh", "suat_qua"}
    known = {i.code: Value(1) for q in BRANCH.questions for i in q.indicators if i.code not in few}
    talk = Talk(draft=Draft("2026-Q1", known, "draft"))
    talk.position = Position("asking", "tinh_nguyen.1")
    talk.says("cây xanh 90000")
    talk.does(Did("submit"))
    talk.says("90")
    talk.says("đúng")
    assert {code: talk.amounts()[code] for code in few} == {"cay_xanh": 90, "suat_qua": 0, "hoi_vien_moi": 0}


def test_a_correction_that_is_doubted_is_settled_before_the_report_is_sent() -> None:
    talk = Talk(draft=Draft("2026-Q1", {i.code: Value(1) for q in BRANCH.questions for i in q.indicators}, "draft"))
    talk.position = Position("reviewing")
    talk.says("cây xanh 90000")
    assert of(talk.does(Did("submit")), on.Confirm)
    assert not talk.draft.sent


@pytest.mark.parametrize("text", ["vệ sinh môi trường 2-3 buổi", "vệ sinh môi trường vài buổi"])
@pytest.mark.parametrize("mode", ["reviewing", "idle"])
def test_a_number_that_is_asked_for_while_no_question_is_open_is_the_next_that_is_said(text: str, mode: Mode) -> None:
    talk = Talk(
        draft=Draft(
            "2026-Q1",
            {i.code: Value(9) for q in BRANCH.questions for i in q.indicators if i.code != "don_ve_sinh"},
            "draft",
        )
    )
    talk.position = Position(mode)
    assert [point.codes for point in card(talk.says(text)).points] == [("don_ve_sinh",)]
    talk.says("3")
    assert talk.amounts()["don_ve_sinh"] == 3


# --- a table, a list ------------------------------------------------------------------------------------------


def test_what_is_filled_in_stands_first_in_the_table_and_one_yes_takes_all() -> None:
    talk = Talk()
    values = {"hoi_vien_moi": Value(3, source="3")}
    step = talk.dialogue.questions.table(talk.draft, values, (TREES, FIVE))
    [table] = step.effects
    assert isinstance(table, on.ConfirmTable)
    assert dict(table.proposed) == {"cay_xanh": TREES.value}
    assert "cay_xanh" not in table.missing
    talk.position = step.position
    shown = card(talk.does(Did("yes", talk.position.mark)))
    assert talk.amounts() == {"hoi_vien_moi": 3, "cay_xanh": 200}
    assert shown.points == (FIVE,)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("3, 62, 1", ("3", "62", "1")), ("3\n62\n1\n15", ("3", "62", "1", "15")),
        ("3; 1.200; 0,5", ("3", "1.200", "0,5")),
        ("3 62 1", ("3", "62", "1")), ("3,62", ()), ("3", ()), ("3 buổi, 62", ()), ("0912 345 678 x", ()),
    ],
)  # fmt: skip
def test_a_bare_list_is_numbers_and_marks_alone(text: str, numbers: tuple[str, ...]) -> None:
    assert bare_list(text) == numbers


@pytest.mark.parametrize("text", ["3, 120, 2, 20", "3\n120\n2\n20"])
def test_a_bare_list_answers_the_question_in_its_order(text: str) -> None:
    talk = Talk()
    talk.does(Did("begin"))
    talk.says(text)
    assert list(talk.amounts().values()) == [3, 120, 2, 20]


def test_a_list_with_another_count_is_echoed_with_names_before_it_counts() -> None:
    talk = Talk()
    talk.does(Did("begin"))
    [confirm] = of(talk.says("3, 120, 2"), on.Confirm)
    assert isinstance(confirm, on.Confirm)
    first = [i.code for i in BRANCH.questions[0].indicators]
    assert [(code, value.amount) for code, value, _ in confirm.values] == list(zip(first, (3, 120, 2), strict=False))
    assert talk.amounts() == {}
    talk.says("đúng")
    assert list(talk.amounts().values()) == [3, 120, 2]


def test_a_list_of_more_numbers_than_are_asked_stores_nothing() -> None:
    talk = Talk()
    talk.does(Did("begin"))
    talk.says("3, 120, 2, 20, 7, 9")
    assert talk.amounts() == {}


def test_a_list_without_the_standing_number_is_of_what_happened() -> None:
    talk = at("xay_dung_doan.1", {"tong_doan_vien": Value(30)})
    [confirm] = of(talk.says("3, 60, 2, 4"), on.Confirm)
    assert isinstance(confirm, on.Confirm)
    told = {code: value.amount for code, value, _ in confirm.values}
    assert told == {"sinh_hoat_chi_doan": 3, "luot_sinh_hoat_chi_doan": 60, "doan_vien_moi": 2, "hoi_vien_moi": 4}
