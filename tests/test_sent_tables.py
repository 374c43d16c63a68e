"""A table that holds a whole report is sent with one yes; one that does not is never sent by it."""

from dataclasses import replace

import pytest
from test_dialogue import BRANCH, CATALOGUE, Talk, of
from test_fewest_messages import BRANCH_PASTE

from handlers.wording import figure_lines
from reporting.dialogue import effects as on
from reporting.dialogue.draft import Draft
from reporting.dialogue.events import Did, Event, Said
from reporting.figures.values import Value

KNOWN = {"tong_doan_vien": Value(32), "em_nuoi": Value(1)}
SOME = BRANCH_PASTE.removesuffix("\nCác nội dung khác không phát sinh.").replace("; ý tưởng sáng tạo: 1", "")


def talk(**draft: object) -> Talk:
    return Talk(BRANCH, replace(Draft("2026-Q1", {}, "none", KNOWN), **draft))  # type: ignore[arg-type]


def table_of(effects: tuple[on.Effect, ...]) -> on.ConfirmTable:
    [table] = of(effects, on.ConfirmTable)
    assert isinstance(table, on.ConfirmTable)
    return table


@pytest.mark.parametrize("yes", [Said("1"), Said("đúng rồi ạ"), Said("ok"), Did("submit"), Did("yes")])
def test_any_yes_to_a_whole_report_sends_it(yes: Event) -> None:
    chat = talk()
    assert table_of(chat.says(BRANCH_PASTE)).sends == "whole"
    assert of(chat.does(yes), on.Submit)
    assert chat.draft.sent
    assert chat.amounts().keys() == {i.code for q in BRANCH.questions for i in q.indicators}


def test_the_button_that_only_confirms_stores_and_shows_the_report() -> None:
    chat = talk()
    chat.says(BRANCH_PASTE)
    assert of(chat.does(Did("yes", chat.position.mark)), on.Review)
    assert not chat.draft.sent


def test_what_is_lacking_is_nothing_only_by_the_button_that_says_so() -> None:
    for event in (Said("1"), Did("submit"), Said("ok")):
        chat = talk()
        table = table_of(chat.says(SOME))
        assert (table.sends, set(table.missing) - KNOWN.keys()) == ("rest", {
            "y_tuong_sang_tao", "hoat_dong_khoi_nghiep", "luot_khoi_nghiep",
        })  # fmt: skip
        assert not of(chat.does(event), on.Submit)
    chat = talk()
    chat.says(SOME)
    assert of(chat.does(Did("rest", chat.position.mark)), on.Submit)
    assert [chat.amounts()[code] for code in ("y_tuong_sang_tao", "luot_khoi_nghiep", "tong_doan_vien")] == [0, 0, 32]


@pytest.mark.parametrize("act", ["submit", "rest"])
def test_a_button_of_another_table_sends_nothing(act: str) -> None:
    chat = talk()
    chat.says(BRANCH_PASTE if act == "submit" else SOME)
    old = chat.position.mark
    chat.says("cây xanh 150")
    assert of(chat.does(Did(act, old)), on.Stale) or of(chat.does(Did(act, old)), on.ConfirmTable)  # type: ignore[arg-type]
    assert (chat.draft.sent, chat.draft.values) == (False, {})


def test_nothing_is_sent_that_was_not_shown_or_is_to_be_asked() -> None:
    assert table_of(talk(values={"cay_xanh": Value(1), "suat_hoc_bong": Value(2)}).says(BRANCH_PASTE)).sends == ""
    assert table_of(talk(before={}).says(BRANCH_PASTE)).sends == ""
    unclear = BRANCH_PASTE.replace("hiến máu 5 đơn vị", "hiến máu vài đơn vị")
    assert table_of(talk().says(unclear)).sends == ""
    few = "Báo cáo:\n- Trồng 100 cây xanh\n- Hiến máu 5 đơn vị\n- Sinh hoạt chi đoàn: 3 buổi, 60 lượt"
    assert table_of(talk().says(few)).sends == ""
    values = {i.code: Value(1) for q in BRANCH.questions for i in q.indicators}
    assert table_of(talk(values=values, state="submitted").says(BRANCH_PASTE)).sends == ""


def test_somebody_elses_change_meanwhile_is_shown_before_anything_is_sent() -> None:
    chat = talk()
    chat.says(BRANCH_PASTE)
    chat.draft = replace(chat.draft, values={"cay_xanh": Value(7)})
    effects = chat.does(Did("submit", chat.position.mark))
    assert of(effects, on.Outdated)
    assert not chat.draft.sent
    assert "7 cây" in figure_lines.amount(CATALOGUE["cay_xanh"], table_of(effects).old["cay_xanh"])
