"""The files of catalogue and forms: every fault at once, in Vietnamese, with line and remedy; nothing right refused."""

from pathlib import Path

import pytest
import yaml

import reporting
from bot.failures import one_line
from bot.resources import MOST_FAULTS, CatalogueError, load_catalogue, load_forms, load_plain_words
from reporting.figures.catalogue_file import IndicatorEntry, parse_catalogue
from reporting.figures.forms_file import parse_forms
from reporting.text.checked_yaml import FileRefused

DATA = Path(reporting.__file__).parent / "data"
SHIPPED = (DATA / "catalogue.yaml").read_text("utf-8")
CATALOGUE = load_catalogue(None)

SMALL = """\
sections:
  - {code: cay, order: 1, title_vi: I. Cây}
indicators:
  - code: cay_xanh
    section: cay
    label_vi: Cây xanh
    short_vi: cây xanh
    question_vi: Mấy cây?
    unit: cây
    type: int
    aggregation: sum
    aggregation_units: sum
    levels: [chi_doan]
    frequency: [quy]
    targetable: true
    synonyms: [cây xanh]
    definition: Trees.
"""
ENTRY = SMALL[SMALL.index("  - code: cay_xanh") :]


def faults(text: str) -> list[str]:
    """What is wrong with a catalogue, as line, place and reason."""
    with pytest.raises(FileRefused) as refused:
        parse_catalogue(text, load_plain_words())
    return [f"{fault.line} {fault.location} {fault.reason}" for fault in refused.value.faults]


def test_the_shipped_catalogue_is_read_whole_and_no_name_in_it_is_unknown() -> None:
    raw = yaml.safe_load(SHIPPED)
    assert list(CATALOGUE.indicators) == [one["code"] for one in raw["indicators"]]
    assert {name for one in raw["indicators"] for name in one} <= set(IndicatorEntry.model_fields)
    trees = next(one for one in raw["indicators"] if one["code"] == "cay_xanh")
    read = CATALOGUE["cay_xanh"]
    assert (read.label, read.kind, list(read.synonyms)) == (trees["label_vi"], trees["type"], trees["synonyms"])
    assert (list(read.levels), read.soft_max) == (trees["levels"], trees["soft_max_per_quarter"])


def test_an_office_may_write_remarks_and_numbers_where_a_word_is_meant() -> None:
    text = SMALL.replace("    code: cay_xanh\n", "    code: cay_xanh\n    nguon: Công văn 12\n")
    read = parse_catalogue(text.replace("[cây xanh]", "[cây xanh, 30]"), load_plain_words())
    assert read["cay_xanh"].synonyms == ("cây xanh", "30")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("unit: cây", "units: cây", ["4 indicators/cay_xanh/unit missing", "9 indicators/cay_xanh/units mistyped"]),
        ("type: int", "type: number", ["10 indicators/cay_xanh/type not_choice"]),
        ("[chi_doan]", "[chi_doan, xa]", ["13 indicators/cay_xanh/levels/#2 not_choice"]),
        ("[quy]", "quy", ["14 indicators/cay_xanh/frequency not_list"]),
        ("[quy]", "[]", ["14 indicators/cay_xanh/frequency empty"]),
        ("targetable: true", "targetable: có", ["15 indicators/cay_xanh/targetable not_yes_or_no"]),
        ("[cây xanh]", "[cây xanh, no]", ["16 indicators/cay_xanh/synonyms/#2 not_text"]),
        ("order: 1", "order: một", ["2 sections/cay/order not_whole"]),
        ("section: cay", "section: rung", ["5 indicators/cay_xanh/section no_section"]),
        ("    unit", "    pair: rung\n    unit", ["9 indicators/cay_xanh/pair no_indicator"]),
        ("    unit", "    soft_max_per_quarter: {chi_doan: -1}\n    unit",
         ["9 indicators/cay_xanh/soft_max_per_quarter/chi_doan negative"]),
        ("    unit", "    soft_max_per_quarter: {xa: 1}\n    unit",
         ["9 indicators/cay_xanh/soft_max_per_quarter/xa not_choice"]),
        ("    unit", "    sinonyms: [x]\n    unit", ["9 indicators/cay_xanh/sinonyms mistyped"]),
        ("aggregation: sum", "aggregation: ratio",
         ["4 indicators/cay_xanh/numerator missing", "4 indicators/cay_xanh/denominator missing"]),
        ("    definition: Trees.\n", f"    definition: Trees.\n{ENTRY}", ["18 indicators/cay_xanh/code twice"]),
        ("    definition: Trees.\n", "    definition: Trees.\n  - cây\n", ["18 indicators/#2 not_mapping"]),
        ("Trees.\n", "Trees.\n   x: [\n", ["18  not_yaml"]),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_its_line(old: str, new: str, told: list[str]) -> None:
    assert old in SMALL
    assert faults(SMALL.replace(old, new, 1)) == told


def test_all_faults_are_told_at_once_even_beside_an_entry_that_cannot_be_read() -> None:
    wrong = SMALL.replace("type: int", "type: number").replace("section: cay", "section: rung").replace("[quy]", "quy")
    assert faults(wrong) == [
        "5 indicators/cay_xanh/section no_section",
        "10 indicators/cay_xanh/type not_choice",
        "14 indicators/cay_xanh/frequency not_list",
    ]


@pytest.mark.parametrize("text", ["", "một: hai", "- 1", "sections: []\nindicators: []", "sections: 3\nindicators: x"])
def test_a_file_of_something_else_is_refused(text: str) -> None:
    assert faults(text)


def test_the_office_reads_one_line_in_vietnamese_with_file_line_and_remedy(tmp_path: Path) -> None:
    file = tmp_path / "danh-muc.yaml"
    file.write_text(SMALL.replace("type: int", "type: number").replace("unit: cây", "units: cây"), "utf-8")
    with pytest.raises(CatalogueError) as refused:
        load_catalogue(file)
    assert one_line(refused.value) == (
        1,
        f"GIAOBAN_CATALOGUE: {file}: 3 lỗi: "
        "dòng 4, indicators/cay_xanh/unit: thiếu mục này; ghi thêm như trong tệp mẫu; "
        "dòng 9, indicators/cay_xanh/units: không có mục tên như vậy; có phải unit?; "
        "dòng 10, indicators/cay_xanh/type: “number” không dùng được; chọn trong int, decimal, money",
    )


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"\xff\xfe\x00", "không phải tệp văn bản UTF-8"),
        (b"sections: [", r"dòng \d: sai cú pháp YAML"),
        (None, "không đọc được tệp"),
    ],
)
def test_a_file_that_is_no_catalogue_is_one_line(tmp_path: Path, content: bytes | None, told: str) -> None:
    file = tmp_path / "danh-muc.yaml"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(CatalogueError, match=told) as refused:
        load_catalogue(file)
    assert str(file) in str(refused.value)
    assert "\n" not in str(refused.value)


def test_of_very_many_faults_the_first_are_told_and_the_rest_counted(tmp_path: Path) -> None:
    file = tmp_path / "danh-muc.yaml"
    file.write_text(SHIPPED.replace("type: int", "type: số"), "utf-8")
    with pytest.raises(CatalogueError) as refused:
        load_catalogue(file)
    assert str(refused.value).count("dòng ") == MOST_FAULTS
    assert str(refused.value).endswith(" lỗi nữa")


def test_a_catalogue_that_lacks_what_the_forms_ask_is_refused_with_each_code(tmp_path: Path) -> None:
    file = tmp_path / "danh-muc.yaml"
    file.write_text(SMALL, "utf-8")
    with pytest.raises(CatalogueError, match="không có chỉ tiêu sinh_hoat_chinh_tri trong danh mục") as refused:
        load_forms(load_catalogue(file))
    assert "forms.yaml" in str(refused.value)


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ("ask: []", "1 forms/doan_co_so/q/ask empty"),
        ("ask: [a, b, c, d, e, f, g, h, i]", "1 forms/doan_co_so/q/ask too_many"),
        ("ask: [cay_xanh, cay_xanh]", "1 forms/doan_co_so/q/ask/#2 asked_twice"),
        ("ask: [em_nuoi]", "1 forms/doan_co_so/q/ask/#1 other_section"),
        ("ask: [rung]", "1 forms/doan_co_so/q/ask/#1 no_indicator"),
        ("", "1 forms/doan_co_so/q/ask missing"),
    ],
)
def test_a_fault_of_a_form_names_its_question(form: str, told: str) -> None:
    entry = "code: q, section: tinh_nguyen" + (f", {form}" if form else "")
    with pytest.raises(FileRefused) as refused:
        parse_forms(f"forms: {{doan_co_so: [{{{entry}}}]}}", CATALOGUE)
    assert [f"{fault.line} {fault.location} {fault.reason}" for fault in refused.value.faults] == [told]


@pytest.mark.parametrize("text", ["", "x: 1", "forms: {}", "forms: {xa: []}", "forms: {doan_co_so: []}", "forms: ["])
def test_a_file_that_holds_no_forms_is_refused(text: str) -> None:
    with pytest.raises(FileRefused):
        parse_forms(text, CATALOGUE)
