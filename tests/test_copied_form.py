"""The form that is copied and filled in is read exactly, whatever is added to it or taken out."""

import random
from decimal import Decimal
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_dialogue import CATALOGUE, FORMS, Talk, of

from handlers.wording import figure_lines
from handlers.wording.speech import Wording
from reporting.dialogue import effects as on
from reporting.dialogue.draft import Draft
from reporting.figures.catalogue import Frequency, Indicator, Level
from reporting.figures.copied_form import copied_form, form_name
from reporting.figures.forms import Form
from reporting.figures.values import Value, scaled
from reporting.text.words import form_of
from scheduler.sending.parts import split_text

LEVELS_ASKED: tuple[Level, ...] = ("chi_doan", "doan_co_so", "tinh_doan")
# The items of a quick count come with it; it has no form of its own.
FREQUENCIES = [frequency for frequency in get_args(Frequency) if frequency != "quick"]
ALL = [FORMS.form(level, frequency) for level in LEVELS_ASKED for frequency in FREQUENCIES]
BRANCH = FORMS.form("chi_doan", "quy")
WORDING = Wording.vietnamese()
NAMES = {"period": "quý I/2026", "unit": "Chi đoàn thôn Đông"}
ABOVE = ("", "Em gửi báo cáo ạ", "Chào đồng chí, chi đoàn em báo cáo", "BÁO CÁO CHI ĐOÀN QUÝ I/2026")
BELOW = ("", "Em cảm ơn ạ", "Hết ạ.", "Bí thư: Nguyễn Thị Lan")


def asked(form: Form) -> list[Indicator]:
    return [i for question in form.questions for i in question.indicators]


def sent(form: Form, values: dict[str, Value] | None = None, most: int = 4096) -> list[str]:
    """The lines of the form as the bot sends it."""
    return figure_lines.form_text(WORDING, CATALOGUE, form, values or {}, most=most, **NAMES).split("\n")


def filled(lines: list[str], words: dict[str, str], form: Form) -> list[str]:
    """The form with these words behind the names of their figures."""
    by_name = {f"{form_name(i)}:": words.get(i.code, "") for i in asked(form)}
    return [f"{line} {by_name[line]}".rstrip() if line in by_name else line for line in lines]


def table_of(form: Form, text: str, draft: Draft | None = None) -> on.ConfirmTable:
    talk = Talk(form, draft or Draft("2026-Q1", {}, "none", {}))
    [table] = of(talk.says(text), on.ConfirmTable)
    assert isinstance(table, on.ConfirmTable)
    return table


@pytest.mark.parametrize("form", ALL, ids=lambda form: f"{form.level}-{form.frequency}")
def test_the_form_of_any_level_is_one_short_message_and_each_line_names_its_figure(form: Form) -> None:
    lines = sent(form, most=2000)
    assert len(split_text("\n".join(lines), 2000, "utf16")) == 1
    words = {i.code: str(number) for number, i in enumerate(asked(form), 2)}
    found = copied_form("\n".join(filled(lines, words, form)), form, CATALOGUE)
    if len(words) < 3:
        assert found is None
        return
    assert found is not None
    assert {i.code: answer for i, answer in found.answers} == words
    assert found.left == ""


def written(indicator: Indicator, amount: int, rng: random.Random) -> str:
    """A whole number as people write it behind its name."""
    number = f"{amount:,}".replace(",", ".") if indicator.kind != "decimal" and rng.random() < 0.5 else str(amount)
    forms = [number, f"{number} {indicator.unit}", f"{number} {indicator.unit} ạ", f" {number}", f"{number}."]
    if not amount:
        forms = ["0", "không", "Không có", "kps", "không phát sinh", f"0 {indicator.unit}"]
    return rng.choice(forms)


def edited(lines: list[str], rng: random.Random) -> list[str]:
    """What happens to a message on its way: lines left out, moved, numbered, marked, written otherwise."""
    names = [line for line in lines if ":" in line and not line.startswith("»")]
    others = [line for line in lines if line not in names and rng.random() < 0.7]
    kept = [line for line in names if not line.endswith(":") or rng.random() < 0.7]
    if rng.random() < 0.3:
        rng.shuffle(kept)
    lines = others + kept if rng.random() < 0.3 else [line for line in lines if line in {*kept, *others}]
    if rng.random() < 0.3:
        lines = [line.replace(":", rng.choice((" :", ":  ", ": ", " = "))) if line in kept else line for line in lines]
    for mark in ("- ", "• ", "+ "):
        lines = [mark + line if line in kept and rng.random() < 0.2 else line for line in lines]
    if rng.random() < 0.2:
        lines = [f"{number}. {line}" for number, line in enumerate(lines, 1)]
    if rng.random() < 0.2:
        lines = [" ".join(form_of(word).fold for word in line.split(" ")) for line in lines]
    if rng.random() < 0.2:
        lines = [line.upper() for line in lines]
    spaced = [text for line in lines for text in ((line, "") if rng.random() < 0.1 else (line,))]
    return [rng.choice(ABOVE), *spaced, rng.choice(BELOW)]


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2**32), st.sampled_from(LEVELS_ASKED), st.sampled_from(FREQUENCIES))
def test_any_form_filled_in_and_edited_in_any_way_is_read_exactly(
    seed: int, level: Level, frequency: Frequency
) -> None:
    rng, form = random.Random(seed), FORMS.form(level, frequency)
    amounts = {i.code: rng.choice((0, 0, 1, 2, 3, 12, 40, 45, 120, 1250)) for i in asked(form) if rng.random() < 0.7}
    amounts |= {i.code: 4 for i in asked(form)[:4]}
    for indicator in asked(form):  # a road of more kilometres is asked about
        if indicator.kind == "decimal" and indicator.code in amounts:
            amounts[indicator.code] = min(amounts[indicator.code], 45)
    words = {code: written(CATALOGUE[code], amount, rng) for code, amount in amounts.items()}
    text = "\n".join(edited(filled(sent(form), words, form), rng))
    table = table_of(form, text)
    wanted = {code: scaled(Decimal(amount), CATALOGUE[code].kind) for code, amount in amounts.items()}
    assert {code: value.amount for code, value in table.values} == wanted, text
    assert table.unclear == ()
    assert set(table.missing) == {i.code for i in asked(form)} - amounts.keys()


def filled_in(**words: str) -> list[str]:
    return filled(sent(BRANCH), {"cay_xanh": "120", "don_vi_mau": "4", "suat_qua": "20", **words}, BRANCH)


def amounts_of(table: on.ConfirmTable) -> dict[str, int]:
    return {code: value.amount for code, value in table.values if code not in ("cay_xanh", "don_vi_mau", "suat_qua")}


@pytest.mark.parametrize(
    ("words", "amounts"),
    [
        ("3 buổi, 62 lượt", {"sinh_hoat_chi_doan": 3, "luot_sinh_hoat_chi_doan": 62}),
        ("5 (thôn 3)", {"sinh_hoat_chi_doan": 5}), ("4 (quý trước 6)", {"sinh_hoat_chi_doan": 4}),
        ("hai buổi", {"sinh_hoat_chi_doan": 2}), ("0", {"sinh_hoat_chi_doan": 0}), ("", {}), ("….", {}), ("____", {}),
    ],
)  # fmt: skip
def test_words_beside_a_figure_are_read_as_the_answer_to_it(words: str, amounts: dict[str, int]) -> None:
    table = table_of(BRANCH, "\n".join(filled_in(sinh_hoat_chi_doan=words)))
    assert (amounts_of(table), table.unclear) == (amounts, ())


@pytest.mark.parametrize("words", ["20-25", "x", "vài buổi", "mỗi tháng một buổi", "3 hoặc 4"])
def test_what_is_unclear_beside_a_figure_is_asked_about_as_that_figure(words: str) -> None:
    table = table_of(BRANCH, "\n".join(filled_in(sinh_hoat_chi_doan=words)))
    assert amounts_of(table) == {}
    assert [point.codes for point in table.unclear] == [("sinh_hoat_chi_doan",)]


def test_a_number_on_the_line_below_its_name_is_its_answer() -> None:
    lines = filled_in()
    lines.insert(lines.index("Sinh hoạt chi đoàn (buổi):") + 1, "3 buổi")
    assert amounts_of(table_of(BRANCH, "\n".join(lines))) == {"sinh_hoat_chi_doan": 3}


def test_the_rest_said_to_be_nothing_is_what_was_left_empty() -> None:
    table = table_of(BRANCH, "\n".join([*filled_in(sinh_hoat_chi_doan="x"), "Còn lại không"]))
    nothing = {code for code, value in table.values if not value.amount}
    known = {"cay_xanh", "don_vi_mau", "suat_qua", "sinh_hoat_chi_doan", "tong_doan_vien", "em_nuoi"}
    known |= {"tien_an_sinh"}  # gifts that were given are worth something
    assert nothing == {i.code for i in asked(BRANCH)} - known


def test_two_numbers_for_one_figure_are_asked_about() -> None:
    table = table_of(BRANCH, "\n".join([*filled_in(sinh_hoat_chi_doan="3"), "Sinh hoạt chi đoàn (buổi): 4"]))
    assert [point.codes for point in table.unclear] == [("sinh_hoat_chi_doan",)]
    table = table_of(BRANCH, "\n".join([*filled_in(sinh_hoat_chi_doan="3"), "Sinh hoạt chi đoàn được 4 buổi"]))
    assert [point.codes for point in table.unclear] == [("sinh_hoat_chi_doan",)]


def test_a_form_sent_back_as_it_came_changes_nothing() -> None:
    known = {"cay_xanh": Value(120), "km_thap_sang": Value(1500), "tien_an_sinh": Value(5_000_000, approx=True),
             "sinh_hoat_chi_doan": Value(3, approx=True, source="hơn 3 buổi")}  # fmt: skip
    draft = Draft("2026-Q1", known, "draft", {})
    table = table_of(BRANCH, "\n".join(sent(BRANCH, known)), draft)
    assert [(c, v.amount, v.approx) for c, v in table.values] == [(c, v.amount, v.approx) for c, v in known.items()]


def test_a_list_of_ones_own_is_no_form() -> None:
    assert copied_form("Cây xanh: 120\nHiến máu: 4\nQuà tặng: 20\nSinh hoạt chi đoàn: 3", BRANCH, CATALOGUE) is None
    assert copied_form("\n".join(sent(BRANCH)[:7]), BRANCH, CATALOGUE) is not None
