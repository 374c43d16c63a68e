"""The texts people read: every key and brace the code uses exists, nothing is left over, the tone holds."""

import ast
import re
import string
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from province import CATALOGUE

from handlers.turn import body
from handlers.wording import figure_lines
from handlers.wording.speech import Wording, bold
from reporting.figures.values import Value

ROOT = Path(__file__).parent.parent
WORDING = Wording.vietnamese()
SPEAKERS = {"say": "", "say_key": "", "has": "", "said": "command.", "failed": "command.", "misused": "command."}


def sources() -> list[Path]:
    return [path for folder in ("handlers", "scheduler", "bot") for path in sorted((ROOT / folder).rglob("*.py"))]


def calls() -> Iterator[tuple[str, ast.Call]]:
    """Every call that names a text: where it stands and the call."""
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                if name in SPEAKERS and node.args:
                    yield f"{path.relative_to(ROOT)}:{node.lineno}", node


def keys_in(call: ast.Call) -> list[str]:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    return keys_of(call.args[0], SPEAKERS[name])


def keys_of(node: ast.expr, table: str = "") -> list[str]:
    """The keys an argument can be: as written, of both branches, or all that fit a made-up one."""
    match node:
        case ast.Constant(value=str(text)):
            return [table + text] if re.fullmatch(r"\w+" if table else r"[a-z]+\.\w+", text) else []
        case ast.IfExp():
            return keys_of(node.body, table) + keys_of(node.orelse, table)
        case ast.JoinedStr():
            parts = [re.escape(p.value) if isinstance(p, ast.Constant) else r"\w+" for p in node.values]
            return [key for key in WORDING.texts if re.fullmatch(table + "".join(parts), key)]
    return []


def braces(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_every_text_the_code_names_exists() -> None:
    missing = [f"{where} {key}" for where, call in calls() for key in keys_in(call) if key not in WORDING.texts]
    assert not missing


def test_every_brace_of_a_text_is_filled_where_it_is_said() -> None:
    wrong = []
    for where, call in calls():
        given = {keyword.arg for keyword in call.keywords}
        if None in given or getattr(call.func, "attr", getattr(call.func, "id", "")) == "has":
            continue  # **names: filled by a dictionary, which the journeys speak
        for key in keys_in(call):
            lacking = braces(WORDING.texts[key]) - given
            if lacking and (given or len(keys_in(call)) == 1):
                wrong.append(f"{where} {key} lacks {sorted(lacking)}")
    assert not wrong


def test_no_text_is_left_over() -> None:
    code = "\n".join(path.read_text("utf-8") for path in sources())
    named = {key for _, call in calls() for key in keys_in(call)}
    assert 'f"problem.{reason}"' in code  # the reasons are those of reporting.numbers and the dialogue
    elsewhere = ("problem.", "does.", "option.")  # the commands' own are held by tests/test_cli.py
    left = {k for k in WORDING.texts if k not in named and f'"{k}"' not in code and not k.startswith(elsewhere)}
    assert left == set()


def test_every_text_is_courteous_and_written_as_the_house_writes() -> None:
    faults = {key: fault for key, text in WORDING.texts.items() if (fault := _fault(text))}
    assert faults == {}


def _fault(text: str) -> str:
    """What is not as the house writes it, "" where nothing is."""
    if text != unicodedata.normalize("NFC", text):
        return "not composed"
    if text.strip() != text or not text or "  " in text:
        return "empty, or spaces too many"
    if "!" in text or re.search(r"[\U0001F000-\U0001FFFF☀-➿]", text):
        return "an exclamation mark or a picture"
    return "too long" if len(text) >= 600 else ""


@pytest.mark.parametrize(
    "text", ["Xin chào!", " dư", "", "hai  cách", "xong 👍", "a" * 600, unicodedata.normalize("NFD", "đã gửi")]
)
def test_a_text_that_is_not_so_is_found(text: str) -> None:
    assert _fault(text)


def test_labels_can_be_told_apart_when_they_are_typed() -> None:
    from handlers.commands import folded

    labels = [text for key, text in WORDING.texts.items() if key.startswith("label.")]
    assert len({folded(label) for label in labels}) == len(labels)
    assert all(len(label) <= 40 for label in labels)


def test_what_is_filled_in_is_not_searched_for_braces() -> None:
    assert "{0} {source}" in WORDING.say("problem.not_a_number", source="{0} {source}")


def test_an_unknown_text_is_a_mistake_of_the_program() -> None:
    with pytest.raises(KeyError):
        WORDING.say("no.such_text")


def test_bold_lines_stand_beside_the_text_and_their_marks_never_in_it() -> None:
    content = body(f"{bold('Báo cáo quý I')}\n\n120 cây xanh")
    assert content == {"text": "Báo cáo quý I\n\n120 cây xanh", "bold": ["Báo cáo quý I"]}
    assert body("120 cây xanh") == {"text": "120 cây xanh"}


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("hơn 50 cây", "hơn 50 cây"),
        ("tren 50 cay xanh", "trên 50 cây"),
        ("cây xanh >50", "hơn 50 cây"),
        ("50 cây xanh trở lên", "ít nhất 50 cây"),
        ("50 cây, tin bài trên báo, đài khoảng 80", "khoảng 50 cây"),
    ],
)
def test_a_rounded_number_keeps_its_own_word(source: str, shown: str) -> None:
    assert figure_lines.amount(CATALOGUE["cay_xanh"], Value(50, True, source)) == shown


def test_counts_have_a_dot_after_the_thousands_and_years_none() -> None:
    assert WORDING.say("chart.units", filed=1440, owing=2124) == "1.440/2.124 đơn vị"
    assert "2027" in WORDING.say("programme.subject", year=2027)
