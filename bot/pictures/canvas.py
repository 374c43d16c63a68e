"""Shapes and texts in pixels in, an SVG of a phone's width out."""

from dataclasses import dataclass, field
from html import escape

from bot.pictures.letters import FAMILY, SMALLEST, Letters, readable

WIDTH = 1080  # pixels; channels make wider pictures smaller
MARGIN = 40
PAPER = "#ffffff"
_HATCH = (
    '<pattern id="hatch" width="14" height="14" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<rect width="14" height="14" fill="#ffffff"/><rect width="3" height="14" fill="#c4c8cc"/></pattern>'
)
HATCH = "url(#hatch)"


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pixels, its upper left corner first."""

    x: float
    y: float
    width: float
    height: float


@dataclass(slots=True)
class Canvas:
    """A picture being drawn from the top: `down` is where the next thing begins."""

    down: float = MARGIN
    _parts: list[str] = field(default_factory=list)

    def box(self, box: Box, fill: str, edge: str = "none", corner: float = 0) -> None:
        """A filled rectangle."""
        self._parts.append(
            f'<rect x="{box.x:.1f}" y="{box.y:.1f}" width="{max(box.width, 0):.1f}" height="{box.height:.1f}"'
            f' rx="{corner}" fill="{fill}" stroke="{edge}" stroke-width="1.5"/>'
        )

    def text(self, x: float, top: float, text: str, letters: Letters) -> None:
        """One line; top: of the line, not of its letters."""
        if letters.size < SMALLEST:
            raise ValueError(f"{text[:20]}: letters of {letters.size} pixels, at least {SMALLEST} can be read")
        base = top + letters.leading * 0.78
        self._parts.append(
            f'<text x="{x:.1f}" y="{base:.1f}" font-family="{FAMILY}" font-size="{letters.size}"'
            f' font-weight="{700 if letters.bold else 400}" fill="{letters.ink}" text-anchor="{letters.side}">'
            f"{escape(readable(text, letters.bold), quote=False)}</text>"
        )

    def paragraph(self, at: Box, text: str, letters: Letters) -> float:
        """As many lines as the text takes within the box's width; returns where it ends."""
        x = {"start": at.x, "middle": at.x + at.width / 2, "end": at.x + at.width}[letters.side]
        top = at.y
        for line in letters.lines(text, at.width):
            self.text(x, top, line, letters)
            top += letters.leading
        return top

    def flow(self, text: str, letters: Letters, gap: float = 0) -> None:
        """A paragraph across the picture, at `down`."""
        if text:
            self.down = self.paragraph(Box(MARGIN, self.down, WIDTH - 2 * MARGIN, 0), text, letters) + gap

    def svg(self) -> str:
        """The picture as high as it has become."""
        height = round(self.down + MARGIN)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}"><defs>{_HATCH}</defs>'
            f'<rect width="{WIDTH}" height="{height}" fill="{PAPER}"/>{"".join(self._parts)}</svg>'
        )
