"""Words as the bundled font draws them: a text and a size in, its width, its lines, and only letters it has, out."""

import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FAMILY = "Be Vietnam Pro"
_FOLDER = Path(__file__).with_name("fonts")
_FILES = {False: _FOLDER / "BeVietnamPro-Regular.ttf", True: _FOLDER / "BeVietnamPro-Bold.ttf"}

SMALLEST = 28  # pixels of 1,080 across: what a phone held at arm's length still shows
INK, GREY = "#1b1b1b", "#55595f"
_LEADING = 1.28  # of the size; marks stand above and below Vietnamese letters


@dataclass(frozen=True, slots=True)
class Letters:
    """How a text is set. size: pixels; side: start, middle or end, where its x lies."""

    size: int = SMALLEST
    bold: bool = False
    ink: str = INK
    side: str = "start"

    @property
    def leading(self) -> int:
        """Pixels from one line to the next."""
        return round(self.size * _LEADING)

    def width(self, text: str) -> float:
        """Pixels that the text takes in one line."""
        advances, per_em = _advances(self.bold)
        return sum(advances.get(ord(letter), per_em) for letter in text) * self.size / per_em

    def lines(self, text: str, width: float) -> list[str]:
        """The text in lines of at most that width; nothing is left out, a word too wide is broken between letters."""
        lines = [""]
        for word in readable(text, self.bold).split(" "):
            longer = f"{lines[-1]} {word}".lstrip()
            if self.width(longer) <= width:
                lines[-1] = longer
                continue
            lines.append("")
            for letter in word:
                if lines[-1] and self.width(lines[-1] + letter) > width:
                    lines.append("")
                lines[-1] += letter
        return [line for line in lines if line] or [""]


def font_files() -> list[str]:
    """Where the font lies, for what rasterises. Raises FileNotFoundError with the name of a file that is missing."""
    for file in _FILES.values():
        if not file.is_file():
            raise FileNotFoundError(f"{file.name}: the font of the pictures is missing; install the program again")
    return [str(file) for file in _FILES.values()]


@cache
def _advances(bold: bool) -> tuple[dict[int, int], int]:
    """(advance widths by code point, units per em)."""
    from fontTools.ttLib import TTFont

    with TTFont(_FILES[bold], lazy=True) as font:
        widths = font["hmtx"].metrics
        return {point: widths[name][0] for point, name in font.getBestCmap().items()}, font["head"].unitsPerEm


def readable(text: str, bold: bool = False) -> str:
    """The text in composed letters, without what the font cannot draw (emoji); "?" where nothing would be left."""
    advances, _ = _advances(bold)
    composed = " ".join(unicodedata.normalize("NFC", text).split())
    drawn = " ".join("".join(letter for letter in composed if ord(letter) in advances).split())
    return drawn or ("?" if composed else "")
