"""A month's sheet in, its SVG out: a field for each day, as high as what stands in it."""

from calendar import Calendar
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from bot.pictures.canvas import MARGIN, WIDTH, Box, Canvas
from bot.pictures.letters import Letters

_LOOKS = {"met": "#ffe3b3", "due": "#d9e8fb", "off": "#ececec", "": "#ffffff"}
_NARROW, _INSET, _BETWEEN, _EDGE = 92.0, 8.0, 10.0, "#8a8f94"
_LINE, _DAY = Letters(28), Letters(32, bold=True)


def month(sheet: Mapping[str, Any]) -> str:
    """What handlers/reminders/month_sheet.py put together; a weekday on which nothing happens is narrow."""
    first = date.fromisoformat(sheet["first"])
    weeks = Calendar().monthdatescalendar(first.year, first.month)
    fields = {date.fromisoformat(f"{first:%Y-%m}-{int(day):02}"): field for day, field in sheet["days"].items()}
    edges = _edges([any(fields.get(week[column], {}).get("lines") for week in weeks) for column in range(7)])
    canvas = Canvas()
    canvas.flow(sheet["title"], Letters(44, bold=True), gap=12)
    top = canvas.down
    ends = []
    for column, name in enumerate(sheet["week"]):
        across = edges[column + 1] - edges[column] - 4
        ends.append(canvas.paragraph(Box(edges[column] + 2, top, across, 0), name, Letters(28, side="middle")))
    canvas.down = max(ends) + 4
    for week in weeks:
        _week(canvas, [(day, fields.get(day, {"look": "", "lines": []})) for day in week], first.month, edges)
    return canvas.svg()


def _edges(used: Sequence[bool]) -> list[float]:
    """Where the seven columns begin, and where the last one ends."""
    inside = WIDTH - MARGIN
    narrow = _NARROW if any(used) else inside / 7
    wide = (inside - narrow * used.count(False)) / max(used.count(True), 1)
    edges = [MARGIN / 2]
    for one in used:
        edges.append(edges[-1] + (wide if one else narrow))
    return edges


def _week(canvas: Canvas, days: Sequence[tuple[date, Mapping[str, Any]]], month_: int, edges: Sequence[float]) -> None:
    texts = [
        [_LINE.lines(text, edges[n + 1] - edges[n] - 2 * _INSET) for text in field["lines"]]
        for n, (_, field) in enumerate(days)
    ]
    high = _DAY.leading + max(sum(map(_high, entries)) for entries in texts) + 2 * _INSET
    for n, (day, field) in enumerate(days):
        if day.month != month_:
            continue
        canvas.box(Box(edges[n], canvas.down, edges[n + 1] - edges[n], high), _LOOKS[field["look"]], edge=_EDGE)
        canvas.text(edges[n] + _INSET, canvas.down + 4, str(day.day), _DAY)
        top = canvas.down + 4 + _DAY.leading
        for entry in texts[n]:
            for row, line in enumerate(entry):
                canvas.text(edges[n] + _INSET, top + row * _LINE.leading, line, _LINE)
            top += _high(entry)
    canvas.down += high


def _high(entry: Sequence[str]) -> float:
    return len(entry) * _LINE.leading + _BETWEEN
