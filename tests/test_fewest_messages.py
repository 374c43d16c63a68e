"""The fewest messages: counted for every level's form, by paste and question by question, whatever is left open."""

from itertools import pairwise
from typing import get_args

import pytest
from journey import JOURNEYS
from test_dialogue import CATALOGUE, FORMS, Talk, of

from handlers.wording import figure_lines
from reporting.dialogue import effects as on
from reporting.dialogue.draft import Draft
from reporting.dialogue.events import Did, Event, Said
from reporting.figures.catalogue import Frequency, Level
from reporting.figures.forms import Form, Question
from reporting.figures.values import Value

LEVELS_ASKED: tuple[Level, ...] = ("chi_doan", "doan_co_so", "tinh_doan")
FORMS_OF_ALL = [FORMS.form(level, frequency) for level in LEVELS_ASKED for frequency in get_args(Frequency)]
PASTED = 2
MORE_THAN_SECTIONS = 3
GUIDED = 9  # of a branch: six questions, review, receipt, and one doubt


def named(form: Form) -> str:
    return f"{form.level}-{form.frequency}"


def draft(form: Form, known: bool) -> Draft:
    """A fresh draft, of a unit that filed the period before (`known`) or is new."""
    usual = {i.code: Value(figure_lines._example_amount(i, form.level)) for i in indicators(form)}
    return Draft("2026-Q1", {}, "none", usual if known else {})


def indicators(form: Form) -> list:  # type: ignore[type-arg]
    return [i for question in form.questions for i in question.indicators]


def sections(form: Form) -> int:
    return len({i.section for i in indicators(form)})


def answered(question: Question, form: Form, stocks: bool) -> Event:
    """Likely values of all that the question asks, by name; without its standing numbers if these are left open."""
    asked = [i for i in question.indicators if stocks or not i.stands]
    return Said("; ".join(figure_lines.named(i, Value(figure_lines._example_amount(i, form.level))) for i in asked))


def most(form: Form, known: bool) -> int:
    """The messages that a report without a doubt may cost; standing numbers that nobody has told are one more."""
    if form.level == "chi_doan":
        return min(sections(form) + MORE_THAN_SECTIONS, GUIDED - known)
    return sections(form) + MORE_THAN_SECTIONS


WAYS = ("answers", "nothing", "word", "as before", "stocks left open")


@pytest.mark.parametrize("known", [True, False], ids=["has history", "is new"])
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("form", FORMS_OF_ALL, ids=named)
def test_guided_a_branch_needs_eight_messages_and_others_one_a_section_and_three_more(
    form: Form, way: str, known: bool
) -> None:
    if way == "as before" and not known:
        known = True  # there is nothing to take over without a history
    talk = Talk(form, draft(form, known))
    effects, said = talk.does(Did("begin")), 1
    while not of(effects, on.Submit):
        assert said <= most(form, known), (said, talk.position)
        if of(effects, on.Review):
            event: Event = Did("submit")
        else:
            [ask] = of(effects, on.Ask)
            assert isinstance(ask, on.Ask)
            event = {
                "answers": answered(ask.question, form, stocks=True),
                "nothing": Did("none"),
                "word": Said("không có ạ"),
                "as before": Did("before"),
                "stocks left open": answered(ask.question, form, stocks=False),
            }[way]
            if not ask.number:
                event = answered(ask.question, form, stocks=True)
        effects, said = talk.does(event), said + 1
    assert said <= most(form, known)
    assert set(talk.amounts()) == {i.code for i in indicators(form)}


def pasted(form: Form, stocks: bool) -> str:
    """A report of the form as a list, a line for each figure."""
    lines = [
        figure_lines.named(i, Value(figure_lines._example_amount(i, form.level)))
        for i in indicators(form)
        if stocks or not i.stands
    ]
    return "Báo cáo kết quả công tác Đoàn:\n" + "\n".join(f"- {line}" for line in lines)


BRANCH_PASTE = """Báo cáo chi đoàn quý I:
- Sinh hoạt chính trị: 3 hoạt động, 120 lượt
- Về nguồn: 2 hoạt động; tin bài trên fanpage: 20
- Vệ sinh môi trường: 4 buổi, 80 lượt
- Trồng 100 cây xanh, thắp sáng 1,5 km đường
- Công trình thanh niên: 1; hiến máu 5 đơn vị; tặng 10 suất quà; an sinh 5 triệu đồng
- Hồ sơ trực tuyến: 20; tài khoản VNeID: 30; ý tưởng sáng tạo: 1
- Sinh hoạt chi đoàn: 3 buổi, 60 lượt
- Đoàn viên mới: 2; hội viên mới: 5; hoạt động thiếu nhi: 2; đoàn viên ưu tú: 2; đảng viên mới: 1
Các nội dung khác không phát sinh."""


@pytest.mark.parametrize("known", [True, False], ids=["has history", "is new"])
@pytest.mark.parametrize("stocks", [True, False], ids=["stocks in it", "stocks left open"])
def test_a_branch_report_of_twenty_figures_by_paste_costs_two_messages(stocks: bool, known: bool) -> None:
    form = FORMS.form("chi_doan", "quy")
    before = {"tong_doan_vien": Value(32), "em_nuoi": Value(1)} if known else {}
    talk = Talk(form, Draft("2026-Q1", {}, "none", before))
    text = BRANCH_PASTE.replace("- Đoàn viên mới", "- Tổng số đoàn viên: 32; em nuôi: 1\n- Đoàn viên mới")
    [table] = talk.says(text if stocks else BRANCH_PASTE)
    assert isinstance(table, on.ConfirmTable)
    assert not table.unclear
    assert sum(value.amount > 0 for _, value in table.values) >= 20
    said = 1
    if not (stocks or known):  # what nobody has ever told cannot be kept
        assert table.sends == ""
        [table], said = talk.says("tổng số đoàn viên 32, em nuôi 1"), said + 1
        assert isinstance(table, on.ConfirmTable)
    assert table.sends == "whole"
    assert of(talk.does(Did("submit", talk.position.mark)), on.Submit)
    assert said + 1 == PASTED + (not (stocks or known))
    assert (talk.amounts()["tong_doan_vien"], talk.amounts()["em_nuoi"]) == (32, 1)


@pytest.mark.parametrize("form", [FORMS.form(level, "quy") for level in LEVELS_ASKED], ids=named)
def test_a_whole_report_of_any_level_by_paste_costs_two_messages(form: Form) -> None:
    talk = Talk(form, Draft("2026-Q1", {}, "none", {i.code: Value(2) for i in form.standing.indicators}))
    [table] = talk.says(pasted(form, stocks=False))
    assert isinstance(table, on.ConfirmTable)
    assert (table.unclear, [c for c in table.missing if not CATALOGUE[c].stands]) == ((), [])
    assert dict(table.kept).keys() == {i.code for i in form.standing.indicators}
    assert of(talk.does(Did("submit", talk.position.mark)), on.Submit)
    assert set(talk.amounts()) == {i.code for i in indicators(form)}


# --- ten new users --------------------------------------------------------------------------------------------

TEN = sorted(path.stem for path in JOURNEYS.glob("ten_*.txt"))


def bot_messages(name: str) -> int:
    """The bot's messages in a journey up to the receipt: one under each thing the person says or taps."""
    text, receipt, _ = (JOURNEYS / f"{name}.txt").read_text("utf-8").partition("\n< Đã nhận báo cáo")
    lines = (text + receipt).splitlines()
    return sum(line.startswith("<") and before.startswith((">", "[")) for before, line in pairwise(lines))


@pytest.mark.parametrize("name", TEN)
def test_ten_new_users_file_a_report_in_nine_messages_and_one_more_for_what_they_ask(name: str) -> None:
    text = (JOURNEYS / f"{name}.txt").read_text("utf-8")
    assert "< …" not in text
    assert "< Đã nhận báo cáo" in text  # none ends before the receipt
    assert bot_messages(name) <= GUIDED + 1


def test_there_are_ten_of_them() -> None:
    assert len(TEN) == 10
