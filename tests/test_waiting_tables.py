"""A table that was read waits for its answer: whatever else is said, whoever else stores, whatever comes on top."""

import pytest
from test_dialogue import CATALOGUE, Talk, of

from handlers.wording import figure_lines
from reporting.dialogue import effects as on
from reporting.dialogue.draft import Draft, Position, UnclearWords, taken_over
from reporting.dialogue.effects import Effect
from reporting.dialogue.events import Act, Did
from reporting.figures.values import Value

REPORT = "Báo cáo\n- sinh hoạt chi đoàn 3 buổi, 62 lượt\n- cây xanh 40\n- 20 suất quà"
READ = {"sinh_hoat_chi_doan": 3, "luot_sinh_hoat_chi_doan": 62, "cay_xanh": 40, "suat_qua": 20}


def shown() -> Talk:
    talk = Talk()
    talk.says(REPORT)
    return talk


def table(effects: tuple[Effect, ...]) -> dict[str, int]:
    [found] = of(effects, on.ConfirmTable)
    assert isinstance(found, on.ConfirmTable)
    return {code: value.amount for code, value in found.values}


@pytest.mark.parametrize(
    "text", ["cảm ơn", "cảm ơn trợ lý nhiều", "😀", "đúng không em?", "là sao", "150", "em chào anh"]
)
@pytest.mark.parametrize("answer", ["1", "đúng", "1."])
def test_what_is_said_beside_a_table_leaves_it_waiting(text: str, answer: str) -> None:
    talk = shown()
    assert of(talk.says(text), on.AwaitYes)
    assert talk.amounts() == {}
    talk.says(answer)
    assert talk.amounts() == READ


@pytest.mark.parametrize("act", ["begin", "show", "submit", "back", "later", "leave", "edit", "none", "before", "keep"])
@pytest.mark.parametrize("complete", [False, True])
def test_every_command_leaves_a_table_waiting(act: Act, complete: bool) -> None:
    talk = Talk()
    if complete:
        talk.draft = talk.draft.having({i.code: Value(1) for q in talk.dialogue.form.questions for i in q.indicators})
    talk.says(REPORT)
    before = talk.amounts()
    effects = talk.does(Did(act))
    assert talk.amounts() == before
    assert not of(effects, on.Submit)
    assert talk.position.has_table
    assert Position.from_json(talk.position.to_json()) == talk.position
    talk.says("1")
    assert READ.items() <= talk.amounts().items()


def test_two_under_a_table_asks_for_the_correction_and_is_no_number() -> None:
    talk = shown()
    assert talk.says("2") == (on.HowToCorrect(),)
    assert table(talk.says("cây xanh 50"))["cay_xanh"] == 50


def test_what_somebody_else_stored_meanwhile_is_shown_before_it_is_replaced() -> None:
    talk = shown()
    talk.draft = talk.draft.having({"cay_xanh": Value(7), "suat_qua": Value(20)})
    old_button = talk.position.mark
    outdated, again = talk.says("1")
    assert outdated == on.Outdated()
    assert isinstance(again, on.ConfirmTable)
    assert again.old["cay_xanh"].amount == 7
    assert talk.amounts()["cay_xanh"] == 7
    assert of(talk.does(Did("yes", old_button)), on.Stale), "the button of the table without the other's values"
    assert talk.amounts()["cay_xanh"] == 7
    [put] = of(talk.says("1"), on.Put)[-1:]
    assert talk.amounts() == READ
    assert isinstance(put, on.Put)


def test_a_doubted_answer_does_not_replace_what_somebody_stored_meanwhile_unseen() -> None:
    talk = Talk()
    talk.says("cây xanh 9.000")
    talk.draft = talk.draft.having({"cay_xanh": Value(7)})
    assert talk.says("đúng")[0] == on.Outdated()
    assert talk.amounts() == {"cay_xanh": 7}


def test_the_very_table_s_button_works_after_other_things_were_said() -> None:
    talk = shown()
    button = talk.position.mark
    talk.says("cảm ơn")
    talk.does(Did("show"))
    talk.draft = talk.draft.having({"doan_vien_moi": Value(2)})
    talk.does(Did("yes", button))
    assert READ.items() <= talk.amounts().items()


@pytest.mark.parametrize("text", ["à mà thêm 5 suất quà nữa", "thêm 5 suất quà", "+5 suất quà", "cộng 5 suất quà"])
def test_more_under_a_table_is_added_and_says_so(text: str) -> None:
    talk = shown()
    summed, *_ = effects = talk.says(text)
    assert isinstance(summed, on.Summed)
    assert (summed.known.amount, summed.more.amount, summed.total.amount) == (20, 5, 25)
    assert table(effects) == {**READ, "suat_qua": 25}


@pytest.mark.parametrize("text", ["thêm 3 cây", "trồng thêm 3 cây xanh nữa", "cộng thêm 3 cây xanh"])
@pytest.mark.parametrize("asking", [False, True])
def test_more_of_what_is_stored_is_added_and_confirmed(text: str, asking: bool) -> None:
    talk = Talk()
    talk.draft = talk.draft.having({"cay_xanh": Value(40, source="40 cây")})
    if asking:
        talk.does(Did("begin"))
    assert table(talk.says(text)) == {"cay_xanh": 43}
    assert talk.amounts() == {"cay_xanh": 40}
    talk.says("1")
    assert talk.amounts() == {"cay_xanh": 43}


@pytest.mark.parametrize("text", ["tổng cộng 45 cây xanh", "cây xanh 45, thêm 2 hội viên mới"])
def test_a_total_is_not_added(text: str) -> None:
    assert table(shown().says(text))["cay_xanh"] == 45


@pytest.mark.parametrize("text", ["trồng 30 cây, đúng ra là 50 cây", "30 cây xanh, thật ra là 50 cây"])
@pytest.mark.parametrize("act", ["begin", "show"])
def test_the_number_behind_a_correction_in_words_is_the_one(text: str, act: Act) -> None:
    talk = Talk()
    talk.does(Did(act))
    talk.says(text)
    assert talk.amounts() == {"cay_xanh": 50}


# --- taken out again ------------------------------------------------------------------------------------------


def test_what_is_taken_out_of_a_table_is_told_and_stands_in_it_as_missing() -> None:
    talk = shown()
    removed, again = talk.says("bỏ cây xanh")
    assert removed == on.Removed("cay_xanh", Value(40, source="cây xanh 40"), stored=False)
    assert isinstance(again, on.ConfirmTable)
    assert "cay_xanh" in again.missing
    talk.says("1")
    assert talk.amounts() == {code: amount for code, amount in READ.items() if code != "cay_xanh"}


@pytest.mark.parametrize("text", ["cây xanh 150, quà thì bỏ", "bỏ quà tặng đi; cây xanh 150"])
def test_a_correction_and_a_removal_in_one_message_are_both_done(text: str) -> None:
    talk = shown()
    effects = talk.says(text)
    assert of(effects, on.Removed)
    assert table(effects)["cay_xanh"] == 150
    assert "suat_qua" not in table(effects)


def test_what_has_no_number_cannot_be_taken_out_and_that_is_said() -> None:
    talk = shown()
    unread, again = talk.says("cây xanh 150, máu thì bỏ")
    assert isinstance(unread, on.Unread)
    assert (unread.reason, unread.source) == ("not_there", "máu thì bỏ")
    assert isinstance(again, on.ConfirmTable)
    assert dict(again.values)["cay_xanh"].amount == 150


@pytest.mark.parametrize("text", ["bỏ cây xanh", "xóa cây xanh đi ạ", "bo cay xanh", "cây xanh thì bỏ"])
def test_a_stored_value_is_taken_out_and_its_question_is_asked(text: str) -> None:
    talk = Talk()
    talk.says("cây xanh 40")
    [removed] = of(effects := talk.says(text), on.Removed)
    assert removed == on.Removed("cay_xanh", Value(40, source="cây xanh 40"))
    [ask] = of(effects, on.Ask)
    assert isinstance(ask, on.Ask)
    assert "cay_xanh" in ask.missing
    assert talk.amounts() == {}


@pytest.mark.parametrize("text", ["bộ cây xanh", "bỏ cây xanh 3", "bỏ gì vậy?", "rác thải xây dựng"])
def test_other_words_take_nothing_out(text: str) -> None:
    talk = Talk()
    talk.says("cây xanh 40")
    assert not of(talk.says(text), on.Removed)


def test_a_report_that_was_sent_is_not_left_with_a_gap() -> None:
    talk = Talk(draft=Draft("2026-Q1", {"cay_xanh": Value(40)}, "submitted"))
    unread, *_ = talk.says("bỏ cây xanh")
    assert isinstance(unread, on.Unread)
    assert unread.reason == "sent_whole"
    assert talk.amounts() == {"cay_xanh": 40}


# --- unclear, and not of this form ----------------------------------------------------------------------------


@pytest.mark.parametrize("act", ["before", "keep"])
def test_an_unclear_item_is_taken_over_from_last_period_with_its_word_of_rounding(act: Act) -> None:
    unclear = UnclearWords("vài đơn vị", ("don_vi_mau",), "indefinite")
    talk = Talk(draft=Draft("2026-Q1", {}, "none", {"don_vi_mau": Value(4, True, "khoảng 4 đơn vị")}))
    talk.position = Position("clarifying", unclear=(unclear,))
    talk.does(Did(act))
    assert figure_lines.amount(CATALOGUE["don_vi_mau"], talk.draft.values["don_vi_mau"]) == "khoảng 4 đơn vị máu"
    again = taken_over(talk.draft.values["don_vi_mau"])
    assert again == talk.draft.values["don_vi_mau"], "from period to period the words do not grow"


def test_an_unclear_item_of_which_nothing_is_known_of_last_period_is_asked_once_more_with_the_reason() -> None:
    talk = Talk()
    talk.position = Position("clarifying", unclear=(UnclearWords("vài đơn vị", ("don_vi_mau",), "indefinite"),))
    unread, asked = talk.does(Did("before"))
    assert unread == on.Unread("no_history", "")
    assert isinstance(asked, on.Clarify)
    [put] = of(talk.does(Did("none")), on.Put)
    assert isinstance(put, on.Put)
    assert (put.code, put.value.amount) == ("don_vi_mau", 0)


def test_what_a_report_gives_and_the_form_does_not_ask_is_named() -> None:
    [shown] = Talk().says(f"{REPORT}\n- Khen thưởng: 3 tập thể, 5 cá nhân")
    assert isinstance(shown, on.ConfirmTable)
    assert [(code, value.amount) for code, value in shown.foreign] == [("khen_tap_the", 3), ("khen_ca_nhan", 5)]
    assert not {"khen_tap_the", "khen_ca_nhan"} & {code for code, _ in shown.values}


def test_no_number_of_an_answer_is_gone_without_a_word() -> None:
    talk = Talk()
    talk.position = Position("asking", "xay_dung_doan.1")
    effects = talk.says("3 buổi, 66 lượt, 26 đoàn viên")
    assert talk.amounts() == {"sinh_hoat_chi_doan": 3, "luot_sinh_hoat_chi_doan": 66}
    assert [effect.source for effect in effects if isinstance(effect, on.Unread)] == ["26 đoàn viên"]


def test_two_numbers_of_one_item_are_proposed_as_their_sum() -> None:
    talk = Talk()
    talk.position = Position("asking", "xay_dung_doan.1")
    effects = talk.says("2 buổi, 30 lượt, 12 lượt")
    assert talk.amounts() == {"sinh_hoat_chi_doan": 2}
    [confirm] = [effect for effect in effects if isinstance(effect, on.Confirm)]
    assert [(code, value.amount, value.source) for code, value, _ in confirm.values] == [
        ("luot_sinh_hoat_chi_doan", 42, "30 lượt; 12 lượt")
    ]


def test_more_in_a_second_part_is_added_once_and_the_same_part_once_more_is_not() -> None:
    second = "Báo cáo phần hai\n- hiến máu 4 đơn vị\n- trồng thêm 5 cây xanh\n- 2 hội viên mới"
    talk = shown()
    summed, again = talk.says(second)
    assert isinstance(summed, on.Summed)
    assert isinstance(again, on.ConfirmTable)
    assert {code: value.amount for code, value in again.values} == {
        **READ, "cay_xanh": 45, "don_vi_mau": 4, "hoi_vien_moi": 2,
    }  # fmt: skip
    assert table(talk.says(second))["cay_xanh"] == 45, "the same part sent twice"
    other = Talk()
    other.says(second)
    assert table(other.says(second))["cay_xanh"] == 5
