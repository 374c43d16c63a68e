"""The secretary's dialogue: what every event may and may not do to a draft, whoever asks and whenever it restarts."""

import json
from dataclasses import replace
from typing import get_args

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.resources import load_catalogue, load_forms
from handlers.wording import figure_lines
from reporting.dialogue import effects as on
from reporting.dialogue.advance import Dialogue
from reporting.dialogue.draft import Draft, Position, SubmissionState, UnclearWords
from reporting.dialogue.effects import Step
from reporting.dialogue.events import Act, Did, Event, Said
from reporting.figures.catalogue import LEVELS, Frequency, Level
from reporting.figures.forms import Form, Question
from reporting.figures.values import Value
from reporting.reading.reader import read as read_text

CATALOGUE = load_catalogue(None)
FREQUENCIES: tuple[Frequency, ...] = get_args(Frequency)
FORMS = load_forms(CATALOGUE)
BRANCH = FORMS.form("chi_doan", "quy")
BEFORE = {"hoi_vien_moi": Value(5, source="5"), "sinh_hoat_chi_doan": Value(3, source="3")}
ACTS: tuple[Act, ...] = (
    "begin", "back", "later", "leave", "show", "edit", "submit", "yes", "none", "before", "keep", "pick", "skip",
)  # fmt: skip


class Talk:
    """One chat with one draft; what the effects store is kept apart, as the database would."""

    def __init__(self, form: Form = BRANCH, draft: Draft | None = None) -> None:
        self.dialogue = Dialogue(form, CATALOGUE)
        self.draft = draft or Draft("2026-Q1", {}, "none", BEFORE)
        self.position = Position()

    def does(self, event: Event) -> tuple[on.Effect, ...]:
        step = self.dialogue.advance(self.draft, self.position, event)
        self.draft, self.position = step.draft, step.position
        return step.effects

    def says(self, text: str) -> tuple[on.Effect, ...]:
        return self.does(Said(text))

    def amounts(self) -> dict[str, int]:
        return {code: value.amount for code, value in self.draft.values.items()}


def asked(effects: tuple[on.Effect, ...]) -> on.Ask:
    found = [effect for effect in effects if isinstance(effect, on.Ask)]
    assert len(found) == 1, effects
    return found[0]


def of(effects: tuple[on.Effect, ...], kind: type) -> list[on.Effect]:
    return [effect for effect in effects if isinstance(effect, kind)]


def filled(form: Form = BRANCH, state: SubmissionState = "draft") -> Draft:
    return Draft("2026-Q1", {i.code: Value(1) for q in form.questions for i in q.indicators}, state)


# --- what is asked next ---------------------------------------------------------------------------------------


def test_the_next_question_is_the_first_one_with_something_missing() -> None:
    first, second = BRANCH.questions[:2]
    draft = Draft("2026-Q1", {i.code: Value(1) for i in first.indicators}, "draft")
    ask = asked(Talk(draft=draft).does(Did("begin")))
    assert (ask.question, ask.number, ask.total) == (second, 2, len(BRANCH.questions))


def test_only_what_is_missing_of_a_question_is_asked() -> None:
    first = BRANCH.questions[0]
    draft = Draft("2026-Q1", {first.indicators[0].code: Value(1)}, "draft")
    assert asked(Talk(draft=draft).does(Did("begin"))).missing == tuple(i.code for i in first.indicators[1:])


def test_progress_counts_the_figures_that_are_there() -> None:
    talk, every = Talk(), [i for question in BRANCH.questions for i in question.indicators]
    talk.does(Did("begin"))
    for number in range(1, len(BRANCH.questions) + 1):
        [paused] = talk.does(Did("later"))
        given = sum(not i.stands for q in BRANCH.questions[: number - 1] for i in q.indicators)
        assert paused == on.Paused(given, len(every))
        assert asked(talk.does(Did("begin"))).number == number
        talk.does(Did("none"))
    talk.says("tổng số đoàn viên 32, em nuôi 1")
    assert talk.does(Did("later")) == (on.Paused(len(every), len(every)),)


def test_what_somebody_else_answered_meanwhile_is_not_asked_again() -> None:
    talk = Talk()
    talk.does(Did("begin"))
    second = BRANCH.questions[1]
    talk.draft = talk.draft.having({i.code: Value(7) for i in second.indicators})
    assert asked(talk.does(Did("none"))).question == BRANCH.questions[2]
    assert all(talk.amounts()[i.code] == 7 for i in second.indicators)


def test_a_complete_report_is_reviewed_and_sent_only_when_the_person_says_so() -> None:
    talk = Talk()
    talk.does(Did("begin"))
    for _ in BRANCH.questions[:-1]:
        assert not of(talk.does(Did("none")), on.Review)
    assert asked(talk.does(Did("none"))).missing == ("tong_doan_vien", "em_nuoi")
    assert of(talk.says("tổng số đoàn viên 32, em nuôi 1"), on.Review)
    assert talk.draft.state == "draft"
    assert talk.does(Did("submit")) == (on.Submit(),)
    assert talk.draft.state == "submitted"


def test_an_incomplete_report_cannot_be_sent() -> None:
    talk = Talk()
    talk.says("hội viên mới 5")
    effects = talk.does(Did("submit"))
    assert not of(effects, on.Submit)
    assert of(effects, on.Unread) == [on.Unread("incomplete", "")]
    assert asked(effects).number == 1


def test_a_second_submit_sends_nothing() -> None:
    talk = Talk(draft=filled())
    assert talk.does(Did("submit")) == (on.Submit(),)
    assert talk.does(Did("submit")) == (on.Already(closed=False),)


def test_a_sent_report_can_still_be_corrected_by_name() -> None:
    talk = Talk(draft=filled(state="submitted"))
    assert talk.says("cây xanh 15") == (on.Put("cay_xanh", Value(15, False, "cây xanh 15"), Value(1)),)
    assert talk.draft.state == "submitted"


@pytest.mark.parametrize("state", ["accepted", "locked"])
@pytest.mark.parametrize("event", [Said("cây xanh 150"), *(Did(act) for act in ACTS)], ids=str)
def test_nothing_changes_a_report_that_is_closed(state: SubmissionState, event: Event) -> None:
    talk = Talk(draft=filled(state=state))
    assert talk.does(event) == (on.Already(closed=True),)
    assert talk.draft == filled(state=state)


# --- going back, correcting, last period ----------------------------------------------------------------------


def test_back_asks_the_question_before_with_all_its_indicators() -> None:
    talk = Talk()
    talk.does(Did("begin"))
    talk.does(Did("none"))
    ask = asked(talk.does(Did("back")))
    assert ask.number == 1
    assert ask.missing == tuple(i.code for i in BRANCH.questions[0].indicators)


def test_back_at_the_first_question_stays_there() -> None:
    talk = Talk()
    talk.does(Did("begin"))
    assert asked(talk.does(Did("back"))).number == 1


def test_back_from_the_review_asks_the_last_question() -> None:
    talk = Talk(draft=filled())
    talk.does(Did("begin"))
    assert asked(talk.does(Did("back"))).number == len(BRANCH.questions)


def test_back_goes_to_the_question_before_the_open_one_also_after_a_pause_or_a_doubt() -> None:
    for position in (
        Position(),
        Position("clarifying", unclear=(UnclearWords("5 buổi", ("don_ve_sinh",), "ambiguous"),)),
    ):
        talk = Talk()
        talk.does(Did("begin"))
        talk.does(Did("none"))
        talk.does(Did("none"))
        talk.position = position
        assert asked(talk.does(Did("back"))).number == 2


def test_an_answer_after_going_back_replaces_the_value_and_tells_the_old_one() -> None:
    talk = Talk()
    talk.says("hội viên mới 5")
    [put] = of(talk.says("hội viên mới 7"), on.Put)
    assert put == on.Put("hoi_vien_moi", Value(7, False, "hội viên mới 7"), Value(5, False, "hội viên mới 5"))


def members_open() -> Talk:
    """A talk in which the new members are all that the open question still lacks."""
    [question] = [q for q in BRANCH.questions if q.code == "xay_dung_doan.1"]
    known = {i.code: Value(1) for i in question.indicators if i.code != "hoi_vien_moi"}
    talk = Talk(draft=Draft("2026-Q1", known, "draft", BEFORE))
    talk.position = Position("asking", question.code)
    return talk


def test_last_periods_values_are_taken_over_as_they_are() -> None:
    talk = members_open()
    [put] = of(talk.does(Did("before", "xay_dung_doan.1")), on.Put)
    assert put == on.Put("hoi_vien_moi", Value(5, source="Như kỳ trước", note="Như kỳ trước"))


def test_without_last_periods_values_nothing_is_taken_over() -> None:
    talk = Talk()
    talk.does(Did("begin"))
    effects = talk.does(Did("before"))
    assert effects[0] == on.Unread("no_history", "")
    assert not talk.draft.values


def test_nothing_to_report_keeps_what_was_answered_of_the_question() -> None:
    talk = Talk()
    talk.does(Did("begin"))
    first = talk.says("sinh hoạt chính trị 3, 120 lượt")
    assert of(first, on.Put)
    talk.does(Did("none"))
    amounts = talk.amounts()
    assert (amounts["sinh_hoat_chinh_tri"], amounts["luot_hoc_tap_tuyen_truyen"]) == (3, 120)
    assert (amounts["hoat_dong_ve_nguon"], amounts["tin_bai_fanpage"]) == (0, 0)


# --- doubts ---------------------------------------------------------------------------------------------------


def test_a_value_far_above_the_usual_is_stored_only_after_a_yes() -> None:
    talk = Talk()
    [high] = talk.says("hội viên mới 5.000")
    assert high == on.Confirm((("hoi_vien_moi", Value(5000, False, "hội viên mới 5.000"), "high"),))
    assert not talk.draft.values
    talk.does(Did("yes", talk.position.mark))
    assert talk.amounts() == {"hoi_vien_moi": 5000}


@pytest.mark.parametrize("text", ["không", "Không ạ", "sai rồi", "chưa đúng"])
def test_a_no_to_a_doubt_is_not_a_zero(text: str) -> None:
    talk = members_open()
    talk.says("5.000")
    effects = talk.says(text)
    assert "hoi_vien_moi" not in talk.draft.values
    assert asked(effects).missing == ("hoi_vien_moi",)


@pytest.mark.parametrize("text", ["không có gì nữa", "còn lại không có gì"])
def test_that_there_is_nothing_more_takes_no_doubted_figure_back(text: str) -> None:
    talk = members_open()
    talk.says("5.000")
    talk.says(text)
    talk.says("đúng")
    assert talk.amounts()["hoi_vien_moi"] == 5000


def test_people_and_sessions_of_one_sentence_belong_together_in_either_order() -> None:
    talk = Talk()
    talk.says("250 ĐVTN tham gia 12 buổi dọn vệ sinh")
    assert talk.amounts() == {"luot_don_ve_sinh": 250, "don_ve_sinh": 12}


def test_no_part_of_a_message_is_passed_over_in_silence() -> None:
    talk = Talk()
    effects = talk.says("hiến máu 4; hồ sơ trực tuyến 78; hướng dẫn 30 người dân dùng dịch vụ công; 20 cái khác")
    assert any(of(effects, kind) for kind in (on.Unread, on.LeftOut, on.Clarify, on.ConfirmTable))


def test_an_older_yes_does_not_confirm_another_value() -> None:
    talk = Talk()
    talk.says("hội viên mới 5.000")
    old = talk.position.mark
    talk.says("hội viên mới 6.000")
    effects = talk.does(Did("yes", old))
    assert of(effects, on.Stale)
    assert not talk.draft.values


def test_the_plain_part_of_a_doubtful_message_is_kept_and_the_rest_is_asked_again() -> None:
    talk = Talk()
    talk.does(Did("begin"))
    effects = talk.says("sinh hoạt chính trị 2-3, về nguồn 1")
    assert [(e.code, e.value.amount) for e in of(effects, on.Put)] == [("hoat_dong_ve_nguon", 1)]
    assert of(effects, on.Unread)
    assert "sinh_hoat_chinh_tri" in asked(effects).missing


@pytest.mark.parametrize("text", ["abc", "???", "2-3", "vài cây", "mấy chục", "1" * 4000, "chào " * 800, "đ", "\u200b"])
def test_what_cannot_be_read_stores_nothing_and_the_question_comes_again(text: str) -> None:
    talk = members_open()
    effects = talk.says(text)
    assert "hoi_vien_moi" not in talk.draft.values
    assert asked(effects).missing == ("hoi_vien_moi",)


@pytest.mark.parametrize("act", ["none", "before", "yes", "pick", "skip"])
def test_a_button_of_another_question_changes_nothing(act: Act) -> None:
    talk = Talk()
    talk.does(Did("begin"))
    before = talk.position
    effects = talk.does(Did(act, "tinh_nguyen.2"))
    assert effects[0] == on.Stale()
    assert asked(effects).number == 1
    assert (talk.position, talk.draft.values) == (before, {})


def test_an_attendance_belongs_to_the_sessions_named_before_it_whatever_is_asked() -> None:
    talk = Talk()
    talk.does(Did("begin"))
    talk.says("sinh hoạt chi đoàn 3 buổi, 62 lượt")
    assert talk.amounts() == {"sinh_hoat_chi_doan": 3, "luot_sinh_hoat_chi_doan": 62}


@pytest.mark.parametrize(
    ("text", "amounts"),
    [
        ("80 tin bài fanpage, 200 tin bài báo đài", {"tin_bai_fanpage": 80, "tin_bai_bao_dai": 200}),
        ("100 hồ sơ, 80 tài khoản VNeID", {"ho_so_truc_tuyen": 100, "tai_khoan_vneid": 80}),
        (
            "1.000 ĐVTN tham gia 80 buổi, 1,5 km đường xanh, sửa 2,5km đường",
            {"don_ve_sinh": 80, "luot_don_ve_sinh": 1000, "km_duong_xanh": 1500, "km_duong_sua_chua": 2500},
        ),
    ],
)
def test_a_unit_may_be_the_first_words_of_the_name(text: str, amounts: dict[str, int]) -> None:
    form = FORMS.form("doan_co_so", "quy")
    talk = Talk(form)
    question = form.holding(next(iter(amounts)))
    assert question is not None
    talk.position = Position("asking", question.code)
    talk.says(text)
    assert talk.amounts() == amounts


@pytest.mark.parametrize(
    ("text", "amounts"),
    [
        ("cây xanh 10, à nhầm 12", {"cay_xanh": 12}),
        ("cây xanh 12 chứ không phải 10", {"cay_xanh": 12}),
        ("lũy kế 63 cây xanh, riêng quý này 20", {"cay_xanh": 20}),
        ("kế hoạch quý tới trồng 500 cây xanh", {}),
        ("so với cùng kỳ 210 cây xanh, tăng 12", {}),
        ("trồng 120 cây xanh, dự kiến quý tới 200 cây", {"cay_xanh": 120}),
        ("chỉ tiêu 40, đạt 30", {}),
        ("30, à nhầm 35", {}),
    ],
)
@pytest.mark.parametrize("question", ["", "tinh_nguyen.1", "xay_dung_doan.1"])
def test_plans_comparisons_and_numbers_taken_back_are_never_stored(
    text: str, amounts: dict[str, int], question: str
) -> None:
    talk = Talk()
    talk.position = Position("asking", question) if question else Position()
    talk.says(text)
    assert talk.amounts() == amounts


def test_one_number_for_two_counts_of_the_same_unit_is_asked_about() -> None:
    talk = Talk(draft=Draft("2026-Q1", {"sinh_hoat_chi_doan": Value(3), "luot_sinh_hoat_chi_doan": Value(62)}, "draft"))
    talk.position = Position("asking", "xay_dung_doan.1")
    [clarify] = talk.says("5")
    assert isinstance(clarify, on.Clarify)
    assert [point.codes for point in clarify.points] == [("tong_doan_vien", "doan_vien_moi", "hoi_vien_moi")]
    assert clarify.proposed == {}


@pytest.mark.parametrize("text", ["4 đợt", "2 hoạt động"])
def test_a_number_that_fits_many_things_is_asked_about_and_then_the_open_question(text: str) -> None:
    talk = Talk()
    talk.does(Did("begin"))
    [clarify] = talk.says(text)
    assert isinstance(clarify, on.Clarify)
    assert len(clarify.points[0].codes) > 1
    assert talk.amounts() == {}
    assert asked(talk.does(Did("skip"))).number == 1


@pytest.mark.parametrize("act", ["none", "before", "yes"])
def test_a_word_typed_where_nothing_is_open_is_not_called_an_old_button(act: Act) -> None:
    for position in (
        Position(),
        Position("reviewing"),
        Position("clarifying", unclear=(UnclearWords("5", (), "range"),)),
    ):
        talk = Talk()
        talk.position = position
        effects = talk.does(Did(act))
        assert not of(effects, on.Stale)
        assert of(effects, on.Ask) or of(effects, on.Clarify)
        assert not talk.draft.values


def test_a_long_answer_to_the_question_is_an_answer_and_not_a_report() -> None:
    question = FORMS.form("doan_co_so", "quy").questions[1]
    talk = Talk(FORMS.form("doan_co_so", "quy"))
    talk.position = Position("asking", question.code)
    text = (
        "hơn 20 hoạt động về nguồn, trên 80 tin bài fanpage, trên 200 tin bài báo đài, report trên 2.500 lượt,"
        " kiểm tra nghị quyết 0"
    )
    assert len(text) > 120
    talk.says(text)
    assert talk.amounts() == {
        "hoat_dong_ve_nguon": 20, "tin_bai_fanpage": 80, "tin_bai_bao_dai": 200, "report_xau_doc": 2500,
    }  # fmt: skip
    talk.says("đúng ạ")  # a stock said to be none is confirmed first
    assert talk.amounts()["nguoi_da_kiem_tra_nq"] == 0


def test_a_pasted_report_is_stored_only_after_a_yes() -> None:
    talk = Talk()
    [table] = talk.says("SHCĐ: 3 buổi, 62 lượt\nCây xanh: 120 cây\nHiến máu: 4 đơn vị")
    assert isinstance(table, on.ConfirmTable)
    assert not talk.draft.values
    talk.does(Did("yes", talk.position.mark))
    amounts = {"sinh_hoat_chi_doan": 3, "luot_sinh_hoat_chi_doan": 62, "cay_xanh": 120, "don_vi_mau": 4}
    assert talk.amounts() == amounts


# --- examples -------------------------------------------------------------------------------------------------


def every_question() -> list[tuple[Level, Frequency, Question]]:
    return [
        (level, frequency, question)
        for level in LEVELS
        for frequency in FREQUENCIES
        for question in FORMS.form(level, frequency).questions
    ]


@pytest.mark.parametrize(
    ("level", "frequency", "question"),
    every_question(),
    ids=lambda part: part.code if isinstance(part, Question) else str(part),
)
def test_the_example_under_a_question_is_read_as_what_it_shows(
    level: Level, frequency: Frequency, question: Question
) -> None:
    codes = [indicator.code for indicator in question.indicators]
    for first in range(len(codes)):
        missing = codes[first:]
        text = figure_lines.example(question, missing, level)
        shown = {code: figure_lines._example_amount(CATALOGUE[code], level) for code in missing}
        answer = read_text(text, CATALOGUE, level, [CATALOGUE[code] for code in missing])
        assert (answer.asks, dict(answer.amounts)) == ((), shown), text


# --- random conversations -------------------------------------------------------------------------------------

TEXTS = (
    "3 buổi, 62 lượt", "0", "không", "5", "2, 55, 1, 12", "trồng 120 cây xanh", "cây xanh 92.000", "hội viên mới 5000",
    "3 buổi", "1.250 km", "2-3", "vài cây", "chào em", "sinh hoạt chi đoàn 3 buổi, 62 lượt", "hơn 40",
    "1", "2", "chưa có hiến máu", "kết nạp 2", "SHCĐ: 3 buổi, 62 lượt\nCây xanh: 120 cây\nHiến máu: 4 đơn vị\n5 buổi",
    "", "hết rồi", "vậy thôi ạ", "4 đợt", "200 triệu", "sửa chữa 2,5 km", "tổ chức 03 chương trình.",
)  # fmt: skip
ABOUTS = ("", "tuyen_truyen_giao_duc.1", "xay_dung_doan.1", "nowhere.9", "0", "1.1-0-5", "99", "1-0-5000", "stale")
EVENTS = st.lists(
    st.one_of(
        st.builds(Said, st.sampled_from(TEXTS)),
        st.builds(Said, st.text(max_size=30)),
        st.builds(Did, st.sampled_from(ACTS)),
        st.builds(Did, st.sampled_from(ACTS), st.sampled_from(ABOUTS)),
        st.just("own yes"),
    ),
    max_size=14,
)


def carried(position: Position) -> Position:
    """The position after the process was stopped and started."""
    return Position.from_json(json.loads(json.dumps(position.to_json(), ensure_ascii=False)))


def same(left: Value, right: Value) -> bool:
    return (left.amount, left.approx) == (right.amount, right.approx)


@settings(max_examples=250, deadline=None)
@given(st.sampled_from([("chi_doan", "quy"), ("doan_co_so", "6_thang")]), EVENTS)
@example(
    ("chi_doan", "quy"),
    [Said("hội viên mới 5000"), Said("1.250 km"), Did("before"), Said("hội viên mới 5000"), Said("hết rồi")],
)
def test_a_restart_changes_nothing_and_no_stored_value_changes_in_silence(
    kind: tuple[Level, Frequency], events: list[Event]
) -> None:
    form = FORMS.form(*kind)
    dialogue = Dialogue(form, CATALOGUE)
    draft, position = Draft("2026-Q1", {}, "none", BEFORE), Position()
    stored: dict[str, Value] = {}
    for given_event in events:
        event = Did("yes", position.mark) if given_event == "own yes" else given_event
        step: Step = dialogue.advance(draft, position, event)
        assert dialogue.advance(draft, carried(position), event) == step
        assert step.effects, "the bot always says something"
        for effect in of(step.effects, on.Put):
            assert isinstance(effect, on.Put)
            assert stored.get(effect.code) == effect.old
            stored[effect.code] = effect.value
        assert stored.keys() == step.draft.values.keys()
        assert all(same(stored[code], value) for code, value in step.draft.values.items())
        stored = dict(step.draft.values)
        assert all(form.accepts(code) for code in stored)
        if of(step.effects, on.Submit):
            assert step.draft.next_question(form) is None
        for ask in of(step.effects, on.Ask):
            assert isinstance(ask, on.Ask)
            assert (ask.number, ask.total) == (form.number(ask.question), len(form.questions))
        draft, position = step.draft, step.position


@settings(max_examples=150, deadline=None)
@given(EVENTS)
def test_show_and_begin_store_nothing_wherever_the_chat_stands(events: list[Event]) -> None:
    talk = Talk()
    for event in events:
        talk.does(Did("yes", talk.position.mark) if event == "own yes" else event)
        for quiet in (Did("show"), Did("begin"), Did("later"), Did("edit"), Did("back")):
            step = talk.dialogue.advance(talk.draft, talk.position, quiet)
            assert step.draft == talk.draft
            assert not of(step.effects, on.Put)


@pytest.mark.parametrize(
    ("before", "said", "code", "amount"),
    [
        ("công trình 1", "sua cong trinh 0", "cong_trinh_thanh_nien", 0),
        ("tin bài fanpage 5", "sửa tin bài 0", "tin_bai_fanpage", 0),
        ("cay xanh 30", "chu ko phai 30 cay ma la 13", "cay_xanh", 13),
        ("hiến máu 6", "ủa sai rồi, hiến máu 8 chớ không phải 6", "don_vi_mau", 8),
        ("an sinh xã hội 9 triệu rưỡi", "9 triệu rưỡi cũng sai, 12 triệu mới đúng", "tien_an_sinh", 12_000_000),
    ],
)
def test_a_correction_sets_the_figure_also_to_zero_and_by_the_old_one(
    before: str, said: str, code: str, amount: int
) -> None:
    talk = Talk()
    talk.says(before)
    assert talk.draft.values[code].amount != amount
    talk.says(said)
    assert (talk.amounts(), talk.position.mode) == ({code: amount}, "asking")


@pytest.mark.parametrize("closing", [Did("none"), Said("còn lại không"), Did("submit")], ids=str)
def test_a_number_that_was_not_read_is_named_once_before_zeros_and_before_the_report(closing: Event) -> None:
    talk = Talk()
    talk.says("cây xanh 20")
    talk.says("chu ko phai 30 cay ma la 13")
    before = talk.amounts()
    assert of(told := talk.does(closing), on.StillUnread) == [on.StillUnread(("13",))]
    assert talk.amounts() == before
    assert of(told, on.Confirm) or closing == Did("submit")  # what would be zero is named
    assert not of(talk.does(closing), on.StillUnread)


def test_a_second_tap_puts_no_zeros_that_the_first_one_asks_about() -> None:
    talk = Talk()
    talk.does(Did("begin"))
    talk.says("12 chuyến đi chơi")
    tap = Did("none", talk.position.question)
    first, second = talk.does(tap), talk.does(tap)
    assert (of(first, on.StillUnread), of(second, on.Confirm)) == (
        [on.StillUnread(("12 chuyến đi",))],
        of(first, on.Confirm),
    )
    assert not talk.amounts()
    talk.does(Did("yes"))
    assert set(talk.amounts().values()) == {0}


def test_what_stands_is_shown_beside_a_doubted_number_and_stays_when_that_is_left_out() -> None:
    talk = Talk()
    talk.says("cây xanh 30")
    [doubted] = of(talk.says("sửa cây xanh 5000"), on.Confirm)
    assert doubted == replace(doubted, old={"cay_xanh": talk.draft.values["cay_xanh"]})
    assert of(talk.says("bỏ"), on.Kept) == [on.Kept("cay_xanh", talk.draft.values["cay_xanh"])]
    assert talk.amounts() == {"cay_xanh": 30}


def test_the_draft_is_shown_with_the_doubt_that_waits_so_that_a_digit_is_its_choice() -> None:
    talk = Talk()
    doubt = of(talk.says("cây xanh 5000"), on.Confirm)
    assert of(talk.does(Did("show")), on.Confirm) == doubt


def test_a_number_that_was_not_read_is_forgotten_once_its_item_is_named() -> None:
    talk = Talk()
    talk.says("cây xanh 20")
    talk.says("chu ko phai 30 cay ma la 13")
    talk.says("cây xanh 13")
    assert not of(talk.does(Did("none")), on.StillUnread)


def test_no_zero_is_put_for_sessions_while_it_is_asked_who_came() -> None:
    came = UnclearWords("30 bạn", ("luot_sinh_hoat_chi_doan",), "unit_rate")
    talk = Talk()
    talk.position = Position("clarifying", unclear=(came,))
    talk.says("còn lại không có gì")
    talk.does(Did("yes"))
    assert talk.amounts()["don_vi_mau"] == 0
    assert talk.amounts().keys().isdisjoint({"sinh_hoat_chi_doan", "luot_sinh_hoat_chi_doan"})


def test_a_position_with_everything_in_it_survives_a_restart() -> None:
    unclear = UnclearWords("5 buổi", ("don_ve_sinh", "sinh_hoat_chi_doan"), "ambiguous", Value(5, True, "5 buổi"))
    pending = (("cay_xanh", Value(9, True, "hơn 9")),)
    whole = Position("confirming", "tinh_nguyen.1", True, pending, (unclear,), unread=("13",))
    assert carried(whole) == whole
    assert carried(replace(whole, unclear=(replace(unclear, value=None),))).unclear[0].value is None


# --- two things in one reply ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "said", ["Đúng rồi ạ, gửi giúp tôi", "dung roi do, gui di", "ok gửi luôn", "dạ em nộp báo cáo nha"]
)
def test_the_report_is_sent_with_a_yes_before_the_word(said: str) -> None:
    talk = Talk(draft=filled())
    talk.does(Did("begin"))
    assert of(talk.says(said), on.Submit)


def test_what_is_said_before_the_word_to_send_is_read_first() -> None:
    talk = Talk()
    talk.does(Did("begin"))
    talk.says("sinh hoạt chính trị 3, con lai ko co, em gui luon nha")
    assert talk.amounts()["sinh_hoat_chinh_tri"] == 3
    assert talk.amounts()["tin_bai_fanpage"] == 0
    assert not talk.draft.sent


def test_marks_and_figures_of_one_reply_are_both_read() -> None:
    blood = UnclearWords("3 đơn vị", ("don_vi_mau", "cong_trinh_thanh_nien"), "ambiguous", Value(3, source="3 đơn vị"))
    talk = Talk()
    talk.position = Position("clarifying", unclear=(blood,))
    talk.says("1a, cây xanh 12")
    assert talk.amounts() == {"don_vi_mau": 3, "cay_xanh": 12}


def test_a_yes_and_nothing_more_settle_the_doubt_and_the_rest() -> None:
    talk = Talk()
    talk.does(Did("begin"))
    talk.says("cây xanh 5000")
    [doubt] = of(talk.says("đúng rồi còn lại ko có gì nha"), on.Confirm)
    assert talk.amounts() == {"cay_xanh": 5000}
    assert {value.amount for _, value, _ in doubt.values} == {0}  # type: ignore[attr-defined]


@pytest.mark.parametrize("said", [Did("submit"), Said("hết rồi ạ")], ids=str)
def test_a_card_without_a_number_is_left_after_two_words_that_end(said: Event) -> None:
    lacking = UnclearWords("mấy cây", ("cay_xanh",), "indefinite")
    draft = filled()
    talk = Talk(draft=replace(draft, values={c: v for c, v in draft.values.items() if c != "cay_xanh"}))
    talk.position = Position("clarifying", unclear=(lacking,))
    assert not of(talk.does(said), on.SetAside)
    left = talk.does(said)
    assert of(left, on.SetAside)
    assert asked(left).missing == ("cay_xanh",)


def test_a_zero_said_to_a_doubted_number_is_no_zero_of_the_question() -> None:
    talk = Talk()
    talk.does(Did("begin"))
    talk.says("cây xanh 5000, hiến máu 900")
    talk.says("0")
    assert not talk.amounts()


def test_a_list_over_figures_that_stand_counts_only_after_both_were_seen() -> None:
    talk = Talk()
    talk.does(Did("begin"))
    talk.says("2, 40, 1, 8")
    talk.does(Did("back"))
    [doubt] = of(talk.says("2, 41, 1, 8"), on.Confirm)
    assert list(doubt.old) == [code for code, _, _ in doubt.values] == ["luot_hoc_tap_tuyen_truyen"]  # type: ignore[attr-defined]
    assert talk.amounts()["luot_hoc_tap_tuyen_truyen"] == 40


def test_a_number_of_something_else_said_to_a_doubt_replaces_nothing() -> None:
    talk = Talk()
    talk.does(Did("begin"))
    talk.says("2, 90, 1, 8")
    talk.says("cây xanh 5000")
    talk.says("41 đoàn viên")
    assert talk.amounts()["luot_hoc_tap_tuyen_truyen"] == 90


@pytest.mark.parametrize(
    "said",
    [
        "ko có tin bài nào",
        "hổng có tin bài chi",
        "nỏ có tin bài",
        "tin bài fanpage chẳng có chi",
        "nỏ có chi hết",
        "hổng có",
    ],
)
def test_denials_of_home_are_zeros(said: str) -> None:
    talk = Talk()
    talk.does(Did("begin"))
    talk.says("sinh hoạt chính trị 2, 40 lượt, về nguồn 1")
    talk.says(said)
    assert talk.amounts()["tin_bai_fanpage"] == 0
