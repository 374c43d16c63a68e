"""The word for the leaders' page in, a link out that opens it once, in one browser, for a quarter of an hour."""

import hashlib
import secrets
from collections.abc import Callable
from datetime import timedelta

from handlers.routes import Asked
from handlers.turn import Turn
from storage.people import page_links

LINK_LASTS = timedelta(minutes=15)
SESSION_LASTS = timedelta(minutes=30)
PATH = "/bang"
_RANDOM_BYTES = 24  # 192 bits, beyond all guessing


class PageLink:
    """Gives links to the page. address: where this bot's pages are reached from outside, "" if they are not."""

    def __init__(self, address: Callable[[], str]) -> None:
        self._address = address

    async def give(self, turn: Turn, asked: Asked) -> None:
        """A new link; the one before is no longer good."""
        address, person_id = self._address(), turn.standing.person_id
        if not address or person_id is None:
            turn.say_key("page.no_address")
            return
        token = new_token()
        turn.rows += page_links.give(hashed(token), person_id, turn.now, turn.now + LINK_LASTS)
        turn.say_key("page.link", url=f"{address}{PATH}/vao/{token}")


def new_token() -> str:
    """A fresh secret for a link or a session."""
    return secrets.token_urlsafe(_RANDOM_BYTES)


def hashed(token: str) -> str:
    """By what the database knows the secret."""
    return hashlib.sha256(token.encode()).hexdigest()
