"""The lists of reporting/data/lexicon.yaml: no word stands in code, each list is told and used, none is mistyped."""

import ast
import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import get_args

import pytest

from reporting.numbers.units import Family
from reporting.text.lexicon import sense
from reporting.text.word_lists import WordListError, listed, loosely, one_of, parse_word_lists
from reporting.text.words import form_of

REPORTING = Path(__file__).parent.parent / "reporting"
LEXICON = (REPORTING / "data" / "lexicon.yaml").read_text("utf-8")
LISTS = parse_word_lists(LEXICON)

# English words, and a few of everywhere, that are Vietnamese ones without their marks as well.
ENGLISH_TOO = {
    "account", "an", "be", "can", "day", "do", "go", "help", "ii", "iii", "iv", "it", "km", "like", "may", "me",
    "met", "no", "ok", "on", "online", "page", "percent", "person", "post", "so", "status", "ten", "than",
    "thanks", "that", "the", "them", "time", "to", "top", "version", "yes", "zero",
}  # fmt: skip
# Codes of periods, which are stored, and names of rows.
CODES = {"thang", "quy", "nam", "dong", "tet"}
MARKED = re.compile(r"[\u0300-\u0309\u031b\u0323]|đ")
# Foreign words and short forms are no syllables; a word with a mark that is none of these has to be one.
SHORT_FORMS = {
    "bcđ", "cbđ", "cđ", "gtđb", "hđ", "kpă", "nđ", "qđ", "qsự", "quỳnh", "sđt", "trđ", "vnđ", "ạh", "đ", "đbp", "đc",
    "đg", "đh", "đk", "đt", "đv", "đvm", "đvtn", "đvut", "đvưt", "đvị", "shcđ", "đvt",
}  # fmt: skip


@cache
def _shipped_words() -> frozenset[str]:
    """Every word of the lists in plain letters, of two letters or more."""
    said = " ".join(phrase for name in LISTS.names() if not name.startswith("letters.") for phrase in _phrases(name))
    return frozenset(form_of(word).fold for word in re.findall(r"[^\W\d_]{2,}", re.sub(r"\{\w+\}", "", said).lower()))


def _phrases(name: str) -> Iterator[str]:
    try:
        yield from LISTS.listed(name)
    except WordListError:
        for row, phrases in LISTS.table(name).items():
            yield from (*phrases, row) if MARKED.search(unicodedata.normalize("NFD", row)) else phrases


def _constants(module: str) -> Iterator[tuple[int, str]]:
    tree = ast.parse(module)
    told = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}  # docstrings
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
            yield node.lineno, node.value


def vietnamese_in(module: str) -> list[str]:
    """The line and the word of every Vietnamese word in the code of a module, with its marks or without."""
    found = []
    for line, said in _constants(module):
        if re.fullmatch(r"[a-z_]+\.[a-z_]+", said):  # the name of a list
            continue
        for word in re.findall(r"[^\W\d]{2,}", re.sub(r"[\\%][a-zA-Z]", " ", said)):
            marked = MARKED.search(unicodedata.normalize("NFD", word.lower())) is not None
            plain = not word.isupper() and word.lower() in _shipped_words() - ENGLISH_TOO - CODES
            if marked or plain:
                found.append(f"{line}: {word}")
    return found


# Files of handlers whose code still holds words, and how many: fewer only.
STILL_SPOKEN = {
    "handlers/access/code_desk.py": 4, "handlers/access/codes.py": 1, "handlers/access/enrolment.py": 1,
    "handlers/access/office_desk.py": 4, "handlers/commands.py": 67, "handlers/leaders/asked_figures.py": 8,
    "handlers/leaders/named_cluster.py": 3, "handlers/leaders/pack_desk.py": 7, "handlers/leaders/page_link.py": 2,
    "handlers/leaders/petition_desk.py": 18, "handlers/leaders/post_desk.py": 2, "handlers/leaders/questions.py": 1,
    "handlers/leaders/unit_lists.py": 3, "handlers/meetings/called_units.py": 8, "handlers/meetings/card.py": 3,
    "handlers/meetings/concluded.py": 3, "handlers/named.py": 5, "handlers/narratives/desk.py": 8,
    "handlers/office/briefing_files.py": 5,
    "handlers/office/meant.py": 14, "handlers/office/office_words.py": 1,
    "handlers/person/advice.py": 2, "handlers/person/asides.py": 68, "handlers/person/data_desk.py": 7,
    "handlers/petition_words.py": 10, "handlers/photos/showing.py": 1, "handlers/quick_counts/quick_orders.py": 118,
    "handlers/reminders/month_sheet.py": 1, "handlers/reminders/reminding.py": 5,
    "handlers/report/named_periods.py": 25, "handlers/report/named_units.py": 17,
    "handlers/report/which_period.py": 6, "handlers/report/word_file.py": 2, "handlers/report/words.py": 1,
    "handlers/review/desk.py": 10, "handlers/routes.py": 3, "handlers/targets/desk.py": 8,
    "handlers/targets/target_orders.py": 29, "handlers/wording/figure_lines.py": 7,
    "handlers/wording/figure_rows.py": 1,
}  # fmt: skip


def _spoken(room: Path) -> dict[str, list[str]]:
    """By its path in the program, the words in the code of each file of the room that holds some."""
    found = {path: vietnamese_in(path.read_text("utf-8")) for path in sorted(room.rglob("*.py"))}
    return {path.relative_to(REPORTING.parent).as_posix(): words for path, words in found.items() if words}


def test_the_code_of_reporting_holds_no_vietnamese_word() -> None:
    assert not (spoken := _spoken(REPORTING)), f"move them to reporting/data/lexicon.yaml: {spoken}"


def test_the_code_of_handlers_holds_fewer_and_fewer_vietnamese_words() -> None:
    spoken = _spoken(REPORTING.parent / "handlers")
    more = {path: words for path, words in spoken.items() if len(words) > STILL_SPOKEN.get(path, 0)}
    assert not more, f"move them to reporting/data/lexicon.yaml: {more}"
    fewer = {path: len(spoken.get(path, ())) for path, most in STILL_SPOKEN.items() if len(spoken.get(path, ())) < most}
    assert not fewer, f"lower these numbers in STILL_SPOKEN, or take the file out: {fewer}"


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ('A = "báo cáo"', ["1: báo", "1: cáo"]),
        ('A = "bao cao"', ["1: bao", "1: cao"]),
        ('A = f"khong {1}"', ["1: khong"]),
        (r'A = r"\bnham\b"', ["1: nham"]),
        ('A = words("names.named_before")', []),
        ('"""báo cáo"""  # báo cáo', []),
        ('A = ("chi_doan", "thang", "an instant needs its zone", "đ")', []),
    ],
)
def test_a_word_is_found_with_its_marks_and_without_and_no_docstring_code_or_english(
    code: str, found: list[str]
) -> None:
    assert vietnamese_in(code) == found


def test_only_the_word_lists_are_read_from_a_file_in_reporting() -> None:
    reads = re.compile(r"importlib|pathlib|(?<![.\w])(?<!def )open\(|import io\b|read_text")
    found = {
        path.relative_to(REPORTING).as_posix() for path in REPORTING.rglob("*.py") if reads.search(path.read_text())
    }
    assert found == {"text/word_lists.py"}


def test_every_list_is_told_in_a_comment_above_it() -> None:
    lines = LEXICON.splitlines()
    for place, line in enumerate(lines):
        listed_here = re.match(r"(  )?([a-z_]+):", line)
        if listed_here and not listed_here[2].endswith("_parts"):
            above = lines[place - 1].removeprefix(listed_here[1] or "")
            assert above.startswith("# "), f"lexicon.yaml, line {place + 1}: {listed_here[2]} needs a comment"


def test_every_list_is_used() -> None:
    rooms = (REPORTING, REPORTING.parent / "handlers")
    code = "\n".join(path.read_text("utf-8") for room in rooms for path in room.rglob("*.py"))
    families = {f"units.{family}" for family in get_args(Family)}
    unused = [n for n in LISTS.names() if not re.search(rf"['\"]{n.removesuffix('_parts')}['\"]", code)]
    assert set(unused) <= families


def test_no_list_holds_a_phrase_twice_or_letters_that_are_not_composed() -> None:
    assert unicodedata.is_normalized("NFC", LEXICON)
    for name in LISTS.names():
        rows = LISTS.table(name).values() if _is_table(name) else [LISTS.listed(name)]
        for phrases in rows:
            assert len(set(phrases)) == len(phrases), f"{name}: {[one for one in phrases if phrases.count(one) > 1]}"
            assert all(phrase == " ".join(phrase.split()) for phrase in phrases), name


def _is_table(name: str) -> bool:
    try:
        return bool(LISTS.table(name))
    except WordListError:
        return False


def test_no_key_of_the_file_stands_twice() -> None:
    section = ""
    seen = set()
    for line in LEXICON.splitlines():
        if found := re.match(r"( {0,2})([a-z_]+):", line):
            section = section if found[1] else found[2]
            name = f"{section}.{found[2]}" if found[1] else section
            assert name not in seen, f"lexicon.yaml has {name} twice"
            seen.add(name)


@pytest.mark.parametrize("name", ["lexicon.yaml", "plain_words.yaml"])
def test_a_word_with_marks_is_a_syllable_that_can_be_vietnamese(name: str) -> None:
    """A syllable that ends in a stop has the tone sắc or nặng: "thực" and "tập", never "thưc" or "nghiêp"."""
    syllable = re.compile(f"{one_of(listed('letters.onsets'))}?{one_of(listed('letters.rhymes'))}")
    text = (REPORTING / "data" / name).read_text("utf-8")
    said = re.sub(r"#.*|  read_as_written: >-\n.*", "", text)
    mistyped = []
    for word in set(re.findall(r"[^\W\d_]+", said.lower())) - SHORT_FORMS:
        form = form_of(word)
        if form.plain:
            continue
        if not syllable.fullmatch(form.fold) or (
            form.fold.endswith(("p", "t", "c", "ch")) and form.tone not in ("s", "j")
        ):
            mistyped.append(word)
    assert not mistyped


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("a: [", "not valid YAML"),
        ("- a", "need sections"),
        ("a: b", "section a "),
        ("a: {b: [c]}", "a.b "),
        ("a: {b: ''}", "a.b "),
        ("a: {b: {c: ' , '}}", "a.b "),
    ],
)
def test_a_file_of_another_shape_is_refused_with_the_name_of_the_list(text: str, fault: str) -> None:
    with pytest.raises(WordListError, match=re.escape(fault)):
        parse_word_lists(text)


def test_a_list_that_is_not_there_is_named() -> None:
    with pytest.raises(WordListError, match=re.escape("no list names.rivers: add it to")):
        listed("names.rivers")


def test_commas_divide_phrases_and_semicolons_where_one_holds_a_comma() -> None:
    lists = parse_word_lists("a:\n  b: no, on, 1\n  c: tin, bài; clip\n  d: {buổi: buổi; b}")
    assert lists.names() == ("a.b", "a.c", "a.d")
    assert lists.listed("a.b") == ("no", "on", "1")
    assert lists.listed("a.c") == ("tin, bài", "clip")
    assert lists.table("a.d") == {"buổi": ("buổi", "b")}


def test_a_pattern_meets_the_longer_phrase_first_and_loosely_words_without_marks() -> None:
    assert re.match(one_of(["số", "số định danh", "a.b"]), "số định danh 1")[0] == "số định danh"  # type: ignore[index]
    assert re.fullmatch(one_of(["a.b"]), "axb") is None
    assert re.fullmatch(loosely(["căn cước"]), "can cước")
    assert re.fullmatch(loosely(["căn cước"]), "cằn cước") is None


def test_a_row_in_braces_stands_for_any_of_its_phrases() -> None:
    later = re.compile(sense("small_talk.later"))
    assert later.fullmatch("bao cao lai sau")
    assert later.fullmatch("toi mai em")
    assert later.fullmatch("chi ban") is None
