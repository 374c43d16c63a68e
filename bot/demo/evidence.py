"""A report of the demo in, the photo that came with it out: drawn, as lines of its sender's chat and as evidence."""

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Final

from bot.channels.local.channel import BOT, SAID, Local
from handlers.wording.speech import Wording
from storage.database import Statement
from storage.messages import local_chat
from storage.review import photos
from storage.review.photos import Photo

INDICATOR: Final = "cay_xanh"
_SAYS: Final = "Ra quân trồng cây"
_TREES: Final = "".join(
    f'<rect x="{x + 18}" y="{y + 60}" width="8" height="40" fill="#6b4a2b"/>'
    f'<circle cx="{x + 22}" cy="{y + 40}" r="34" fill="#2f7d3b"/>'
    for x, y in ((40, 170), (150, 150), (270, 175), (390, 155))
)
_DRAWING: Final = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="480" height="320"><rect width="480" height="320" fill="#bfe0f5"/>'
    '<circle cx="410" cy="60" r="34" fill="#ffd75e"/>'
    f'<path d="M0 230 Q240 170 480 230 V320 H0 Z" fill="#8cc063"/>{_TREES}</svg>'
)


def evidence(
    sender: tuple[int, str, str], about: tuple[int, int, int], names: Mapping[str, str], sent_at: datetime
) -> list[Statement]:
    """The rows. sender: person, chat, name; about: ids of photo, period and unit; names: as the bot says them."""
    from resvg_py import svg_to_bytes

    content = bytes(svg_to_bytes(svg_string=_DRAWING))
    (person_id, chat, name), mark, key = sender, sha256(content).hexdigest(), f"{SAID}demo-photo"
    said = Wording.vietnamese().say("photo.kept_of", **names)
    return [
        local_chat.write(chat, name, _SAYS, [], sent_at, key),
        local_chat.enclose(key, "trong-cay.png", True, content, mark),
        local_chat.write(chat, BOT, said, [], sent_at, f"{key}/kept"),
        photos.keep(Photo(*about, Local.name, mark, mark, INDICATOR, _SAYS, person_id, sent_at)),
    ]
