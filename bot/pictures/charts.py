"""What a chart shows, in words and shares, in; its SVG out: bars, pairs of bars, a table of shades."""

from collections.abc import Mapping
from typing import Any

from bot.pictures.canvas import HATCH, MARGIN, WIDTH, Box, Canvas
from bot.pictures.letters import GREY, INK, Letters

# Told apart by people who see no red or no green, and by their lightness on grey paper.
BLUE, ORANGE, RED, PALE, TRACK, EDGE = "#0072b2", "#e69f00", "#d55e00", "#9fb4c4", "#e8eaed", "#c4c8cc"
_LOOKS = {"": BLUE, "met": BLUE, "unmet": ORANGE, "overdue": RED}
_INSIDE = WIDTH - 2 * MARGIN

_TITLE, _SMALL = Letters(44, bold=True), Letters(28, ink=GREY)
_LABEL, _VALUE, _SAID = Letters(32, bold=True), Letters(32, side="end"), Letters(28, ink=GREY)
_BAR, _GAP = 30, 26


def bars(sheet: Mapping[str, Any]) -> str:
    """Bars against a whole: {"title", "note", "foot", "rows": [{"label", "value", "share", "said", "look"}]}.

    share: 1.0 fills the bar, more is drawn full; said: a line under it; look: met, unmet, overdue or "".
    """
    canvas = _begun(sheet)
    for row in sheet["rows"]:
        _named(canvas, row["label"], row["value"])
        share = min(max(float(row["share"]), 0.0), 1.0)
        canvas.box(Box(MARGIN, canvas.down, _INSIDE, _BAR), TRACK, corner=6)
        if share:
            canvas.box(Box(MARGIN, canvas.down, max(_INSIDE * share, 8), _BAR), _LOOKS[row.get("look", "")], corner=6)
        canvas.down += _BAR + 6
        canvas.flow(row.get("said", ""), _SAID)
        canvas.down += _GAP
    return _ended(canvas, sheet)


def pairs(sheet: Mapping[str, Any]) -> str:
    """Two bars a row, now and then: {"legend": [now, then], "rows": [{"label", "said", "now", "then"}]}.

    now, then: {"text", "share"}, the share of the longer of the two, which fills the row; then: None where there is
    nothing to compare with, and `said` tells why.
    """
    canvas = _begun(sheet)
    x = float(MARGIN)
    for name, fill in zip(sheet["legend"], (BLUE, PALE), strict=True):
        canvas.box(Box(x, canvas.down + 6, 28, 28), fill, corner=4)
        canvas.text(x + 40, canvas.down, name, _SMALL)
        x += 40 + _SMALL.width(name) + 40
    canvas.down += _SMALL.leading + 20
    for row in sheet["rows"]:
        _named(canvas, row["label"], row["said"])
        widest = max(Letters(30, bold=True).width(side["text"]) for side in (row["now"], row["then"]) if side)
        room = _INSIDE - widest - 16
        for side, fill in ((row["now"], BLUE), (row["then"], PALE)):
            if side is None:
                continue
            long = max(room * min(max(float(side["share"]), 0.0), 1.0), 4)
            canvas.box(Box(MARGIN, canvas.down, long, _BAR), fill, corner=6)
            canvas.text(MARGIN + long + 12, canvas.down - 5, side["text"], Letters(30, bold=fill == BLUE))
            canvas.down += _BAR + 8
        canvas.down += _GAP
    return _ended(canvas, sheet)


def shades(sheet: Mapping[str, Any]) -> str:
    """A table of shades: {"columns": [heads], "rows": [{"label", "cells": [{"text", "share"} or None]}], "legend"}.

    A row whose unit has reported nothing has None in every cell, which is hatched; legend: a line for each column.
    """
    canvas = _begun(sheet)
    columns = sheet["columns"]
    wide = min(76.0, 0.68 * _INSIDE / max(len(columns), 1))
    left = WIDTH - MARGIN - wide * len(columns)
    for index, head in enumerate(columns):
        centre = left + wide * (index + 0.5)
        canvas.text(centre, canvas.down, head, Letters(28, bold=True, side="middle"))
    canvas.down += Letters().leading + 6
    label = Letters(28)
    for row in sheet["rows"]:
        lines = label.lines(row["label"], left - MARGIN - 16)
        high = max(52.0, len(lines) * label.leading + 12)
        canvas.paragraph(
            Box(MARGIN, canvas.down + (high - len(lines) * label.leading) / 2, left - MARGIN - 16, 0),
            row["label"], label,
        )  # fmt: skip
        for index, cell in enumerate(row["cells"]):
            box = Box(left + wide * index, canvas.down, wide, high)
            canvas.box(box, HATCH if cell is None else _shade(float(cell["share"])), edge="#ffffff")
            if cell is not None:
                ink = "#ffffff" if float(cell["share"]) > 0.7 else INK
                middle = canvas.down + (high - label.leading) / 2
                canvas.text(box.x + wide / 2, middle, cell["text"], Letters(28, ink=ink, side="middle"))
        canvas.down += high
    canvas.down += 20
    for line in sheet.get("legend", ()):
        canvas.flow(line, _SMALL)
    return _ended(canvas, sheet)


def _shade(share: float) -> str:
    """From nearly white to the darkest blue."""
    part = min(max(share, 0.0), 1.0)
    low, high = (238, 244, 249), (0, 83, 140)
    return "#" + "".join(f"{round(a + (b - a) * part):02x}" for a, b in zip(low, high, strict=True))


def _begun(sheet: Mapping[str, Any]) -> Canvas:
    canvas = Canvas()
    canvas.flow(sheet["title"], _TITLE, gap=4)
    canvas.flow(sheet.get("note", ""), _SMALL)
    canvas.down += 24
    return canvas


def _named(canvas: Canvas, label: str, value: str) -> None:
    """A row's name on the left, its value on the right, beside it where there is room."""
    taken = _VALUE.width(value) + 24 if value else 0
    narrow = taken > _INSIDE * 0.5
    ends = canvas.paragraph(Box(MARGIN, canvas.down, _INSIDE - (0 if narrow else taken), 0), label, _LABEL)
    if narrow:
        ends = canvas.paragraph(Box(MARGIN, ends, _INSIDE, 0), value, Letters(32))
    elif value:
        canvas.text(WIDTH - MARGIN, ends - _VALUE.leading, value, _VALUE)
    canvas.down = ends + 4


def _ended(canvas: Canvas, sheet: Mapping[str, Any]) -> str:
    if not sheet["rows"]:
        canvas.flow(sheet.get("empty", ""), Letters(32))
    canvas.flow(sheet.get("foot", ""), _SMALL)
    return canvas.svg()
