"""What a picture shows in, as SVG or PNG out; as a program: JSON on standard input, PNG on standard output."""

import json
import sys
from collections.abc import Callable, Mapping
from typing import Any

from bot.pictures.charts import bars, pairs, shades
from bot.pictures.letters import font_files
from bot.pictures.month import month

_DRAWINGS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "bars": bars,
    "pairs": pairs,
    "shades": shades,
    "month": month,
}
KINDS = tuple(_DRAWINGS)


def drawn_as_svg(sheet: Mapping[str, Any]) -> str:
    """The picture before it is rasterised. Raises KeyError for a kind that is none of KINDS."""
    return _DRAWINGS[sheet["kind"]](sheet)


def draw(sheet: Mapping[str, Any]) -> bytes:
    """The picture as PNG. Raises FileNotFoundError where the font is missing."""
    from resvg_py import svg_to_bytes

    return bytes(svg_to_bytes(svg_string=drawn_as_svg(sheet), skip_system_fonts=True, font_files=font_files()))


if __name__ == "__main__":
    sys.stdout.buffer.write(draw(json.load(sys.stdin)))
