"""The XML of a worksheet in, its merged areas out, by the cell in which an area's value stands."""

import re
from collections.abc import Iterator
from typing import IO, Final

from openpyxl.utils import coordinate_to_tuple

_AREA: Final = re.compile(rb"""<(?:\w+:)?mergeCell\s[^>]*?ref\s*=\s*["']([A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7})["']""")
_PIECE: Final = 1_000_000  # bytes
_LONGEST: Final = 500  # bytes one area takes in the XML
MOST_AREAS: Final = 100_000

Areas = dict[tuple[int, int], tuple[int, int]]
"""(row, column) of the first cell, the only one with a value: (row, column) of the last one; all from 1."""


def merged_areas(sheet: IO[bytes]) -> Areas:
    """The merged areas of the sheet. The library drops them where it reads row by row, and reads a sheet whole else:
    the areas stand behind the last row.
    """
    areas: Areas = {}
    for name in _names(sheet):
        first, _, last = name.partition(":")
        areas[coordinate_to_tuple(first)] = coordinate_to_tuple(last)
        if len(areas) >= MOST_AREAS:
            break
    return areas


def _names(sheet: IO[bytes]) -> Iterator[str]:
    kept = b""
    while piece := sheet.read(_PIECE):
        kept += piece
        end = 0
        for match in _AREA.finditer(kept):
            end = match.end()
            yield match[1].decode()
        kept = kept[max(end, len(kept) - _LONGEST) :]
