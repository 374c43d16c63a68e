"""The pictures: letters large enough, no label cut, told apart without colours, every Vietnamese letter drawn."""

import json
import re
import sys
import unicodedata
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import yaml

from bot.pictures import charts, letters
from bot.pictures.canvas import WIDTH, Canvas
from bot.pictures.drawing import KINDS, draw, drawn_as_svg
from bot.pictures.letters import SMALLEST, Letters, readable

FIXTURE = Path(__file__).parent / "fixtures" / "longest_unit_names.yaml"
LONGEST: list[str] = yaml.safe_load(FIXTURE.read_text("utf-8"))
SVG = "{http://www.w3.org/2000/svg}"
ROMAN = ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X"]


def sheet_of(kind: str, name: str) -> dict[str, Any]:
    """A sheet of that kind whose rows bear the name."""
    head = {"kind": kind, "title": f"Quý I/2026, {name}", "note": f"Số liệu của {name}.", "foot": "Bản 1234"}
    bar = {"label": name, "value": "trên 92.000/80.000 cây", "share": 0.4, "said": f"{name}: 40%", "look": "unmet"}
    side = {"text": "trên 1.028 đơn vị máu", "share": 1.0}
    cells = [{"text": "100", "share": n / 10} for n in range(10)]
    return {
        "bars": {**head, "rows": [bar, bar]},
        "pairs": {**head, "legend": ["quý I/2026", "quý I/2025"],
                  "rows": [{"label": name, "said": "tăng 12%", "now": side, "then": {**side, "share": 0.5}},
                           {"label": name, "said": "không so sánh được", "now": side, "then": None}]},
        "shades": {**head, "columns": ROMAN, "legend": [f"I. {name}"],
                   "rows": [{"label": name, "cells": cells}, {"label": name, "cells": [None] * 10}]},
        "month": {**head, "first": "2026-04-01", "week": ["Thứ Hai", "Ba", "Tư", "Năm", "Sáu", "Bảy", "Chủ nhật"],
                  "days": {str(day): {"look": "met", "lines": [name, "12 tin nhắc"]} for day in (1, 3, 14, 26)}},
    }[kind]  # fmt: skip


def texts(svg: str) -> list[tuple[float, float, Letters, str]]:
    """(x where it begins, y, letters, words) of every text of a picture."""
    found = []
    for node in ElementTree.fromstring(svg).iter(f"{SVG}text"):
        look = Letters(
            int(node.attrib["font-size"]), node.attrib["font-weight"] == "700", side=node.attrib["text-anchor"]
        )
        words = node.text or ""
        back = {"start": 0.0, "middle": 0.5, "end": 1.0}[look.side] * look.width(words)
        found.append((float(node.attrib["x"]) - back, float(node.attrib["y"]), look, words))
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_no_label_is_cut_or_leaves_the_picture_whatever_a_unit_is_called(kind: str) -> None:
    assert len(LONGEST) == 40
    for name in LONGEST:
        drawn = texts(drawn_as_svg(sheet_of(kind, name)))
        assert all(x >= 0 and x + look.width(words) <= WIDTH for x, _, look, words in drawn), name
        whole = "".join(words for *_, words in drawn).replace(" ", "")
        assert whole.count(name.replace(" ", "")) >= 3, name


@pytest.mark.parametrize("kind", KINDS)
def test_lines_of_a_picture_do_not_lie_on_one_another(kind: str) -> None:
    for name in LONGEST[:8]:
        drawn = texts(drawn_as_svg(sheet_of(kind, name)))
        for x, y, look, words in drawn:
            for other_x, other_y, other, others in drawn:
                if 0 < other_y - y < SMALLEST * 0.9:
                    apart = x + look.width(words) <= other_x or other_x + other.width(others) <= x
                    assert apart or other_y - y >= SMALLEST * 0.6, (words, others)


@pytest.mark.parametrize("kind", KINDS)
def test_every_letter_is_large_enough_for_a_phone(kind: str) -> None:
    sizes = [look.size for _, _, look, _ in texts(drawn_as_svg(sheet_of(kind, "Đoàn xã An Lộc")))]
    assert sizes
    assert min(sizes) >= 28
    with pytest.raises(ValueError, match="27 pixels"):
        Canvas().text(0, 0, "nhỏ", Letters(27))


def test_the_font_has_every_vietnamese_letter_and_a_picture_shows_them_composed() -> None:
    plain = "aăâeêioôơuưy"
    marks = ["", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323"]
    every = [unicodedata.normalize("NFC", letter + mark) for letter in plain for mark in marks]
    alphabet = "".join([*every, *"đbcdghklmnpqrstvx0123456789,.:;/()%“”–-·"])
    for bold in (False, True):
        assert readable(alphabet, bold) == alphabet
        assert readable(alphabet.upper(), bold) == alphabet.upper()
    assert readable(unicodedata.normalize("NFD", "Đoàn phường Nguyễn")) == "Đoàn phường Nguyễn"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Chi đoàn 🌱 thôn\tĐông", "Chi đoàn thôn Đông"),
        ("🌱🌱", "?"),
        ("", ""),
        ("  ", ""),
        ('a & b <c> "d"', 'a & b <c> "d"'),
    ],
)
def test_what_the_font_cannot_draw_is_left_out_and_the_rest_stays(name: str, shown: str) -> None:
    assert readable(name) == shown
    assert draw(sheet_of("bars", name)).startswith(b"\x89PNG")


def test_colours_can_be_told_apart_on_grey_paper() -> None:
    def light(colour: str) -> float:
        red, green, blue = (int(colour[n : n + 2], 16) for n in (1, 3, 5))
        return 0.299 * red + 0.587 * green + 0.114 * blue

    told_apart = sorted(light(colour) for colour in (charts.BLUE, charts.PALE, charts.TRACK))
    assert all(high - low > 40 for low, high in pairwise(told_apart))
    assert light(charts.ORANGE) - light(charts.BLUE) > 40
    shades = [light(charts._shade(part / 10)) for part in range(11)]
    assert shades == sorted(shades, reverse=True)


def test_a_missing_font_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(letters, "_FILES", {False: tmp_path / "BeVietnamPro-Regular.ttf"})
    with pytest.raises(FileNotFoundError, match="BeVietnamPro-Regular"):
        draw(sheet_of("bars", "Cụm 1"))


@pytest.mark.parametrize("kind", KINDS)
def test_a_picture_is_as_wide_as_a_phone_shows_and_the_same_each_time(kind: str) -> None:
    known = json.loads(json.dumps(sheet_of(kind, LONGEST[0])))
    first = draw(known)
    assert first == draw(known)
    assert int.from_bytes(first[16:20]) == WIDTH
    assert "matplotlib" not in sys.modules


def test_a_bar_is_as_long_as_its_share() -> None:
    def bar(share: float) -> float:
        svg = drawn_as_svg({"kind": "bars", "title": "x", "rows": [{"label": "a", "value": "1", "share": share}]})
        widths = re.findall(r'width="([\d.]+)"[^>]*fill="#0072b2"', svg)
        return float(widths[0]) if widths else 0.0

    assert bar(0) == 0
    assert bar(0.5) == pytest.approx(500)
    assert bar(1) == bar(3) == pytest.approx(1000)


def test_an_empty_picture_says_so() -> None:
    for kind in ("bars", "pairs", "shades"):
        sheet = {"kind": kind, "title": "Quý I", "rows": [], "legend": ["a", "b"], "columns": ROMAN}
        sheet["empty"] = "Chưa có số liệu."
        assert "Chưa có số liệu." in [words for *_, words in texts(drawn_as_svg(sheet))]
