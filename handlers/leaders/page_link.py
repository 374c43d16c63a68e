"""The word for the leaders' page in, a link out that opens it once, in one browser, for a quarter of an hour."""

import hashlib
import secrets
from collections import defaultdict
from collections.abc import Callable
from datetime import timedelta

from handlers.routes import Asked
from handlers.turn import Turn
from reporting.time.calendar import short_day
from storage.database import Database
from storage.people import page_links, seen

LINK_LASTS = timedelta(minutes=15)
SESSION_LASTS = timedelta(minutes=30)
VIEWED_WITHIN = timedelta(days=14)
PATH = "/bang"
_RANDOM_BYTES = 24  # 192 bits, beyond all guessing


class PageLink:
    """Gives links to the page. address: where this bot's pages are reached from outside, "" if they are not."""

    def __init__(self, db: Database, address: Callable[[], str]) -> None:
        self._db = db
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

    async def viewed(self, turn: Turn, asked: Asked) -> None:
        """Which roles but the office opened the page or a paper of late, and on which days; never who."""
        say = turn.wording.say
        lines = []
        for what in (seen.PAGE, seen.PACK):
            found = await seen.since(self._db, what, turn.today - VIEWED_WITHIN)
            days: dict[tuple[str, str], list[str]] = defaultdict(list)
            for one in reversed(found):
                if one.role != "office":
                    days[one.role, one.area].append(short_day(one.day))
            roles = [
                say("page.viewer", role=say(f"role.{role}"), area=area, days=", ".join(on)).replace("  ", " ")
                for (role, area), on in days.items()
            ]
            if roles:
                lines.append(say(f"page.viewed_{what}", roles="; ".join(roles)))
        turn.say("\n".join(lines) or say("page.nobody_viewed", days=VIEWED_WITHIN.days))


def new_token() -> str:
    """A fresh secret for a link or a session."""
    return secrets.token_urlsafe(_RANDOM_BYTES)


def hashed(token: str) -> str:
    """By what the database knows the secret."""
    return hashlib.sha256(token.encode()).hexdigest()
