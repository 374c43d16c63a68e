"""A link in, the square code that phones scan out, as PNG."""

from collections.abc import Mapping
from io import BytesIO
from typing import Any


def qr_png(link: str, scale: int = 8) -> bytes:
    """The picture of a link; scale: pixels of each square."""
    import segno

    picture = BytesIO()
    segno.make(link, error="m").save(picture, kind="png", scale=scale)
    return picture.getvalue()


async def qr_file(kept: Mapping[str, Any]) -> bytes:
    """The maker of files of the kind "qr", whose rows keep the "link"."""
    return qr_png(kept["link"])
