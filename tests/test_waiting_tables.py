"""A table that was read waits for its answer: whatever else is said, whoever else stores, whatever comes on top."""

import pytest
from test_dialogue import Talk, of

from reporting import effects as on
from reporting.draft import Position
from reporting.effects import Effect
from reporting.events import Act, Did
from reporting.values import Value

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
