"""Names or titles as the office writes them in, the people or posts that are to chair out."""

import re
from collections.abc import Sequence
from datetime import date

from handlers.named import meant
from handlers.office.decisions import DecisionRefused
from reporting.text.word_lists import listed, loosely
from storage.database import Database
from storage.periods import chairs
from storage.periods.chairs import Chair

_BETWEEN = re.compile(rf"\s*(?:[,;]|\b{loosely(listed('unit_orders.and_unit'))}\b)\s*", re.IGNORECASE)
MOST_KNOWN = 8  # names in a refusal


async def chairs_called(db: Database, names: Sequence[str], cluster_id: int, today: date) -> tuple[Chair, ...]:
    """Those chairs and leaders, each once, in the order named. Raises DecisionRefused."""
    return called(names, await chairs.candidates(db, today), cluster_id)


def called(names: Sequence[str], known: Sequence[Chair], cluster_id: int) -> tuple[Chair, ...]:
    """The same among those who are known, enrolled or to come."""
    # A person may be the chair of several clusters: then as the chair of this one.
    others_first = sorted(known, key=lambda chair: chair.cluster_id == cluster_id)
    everybody = list({_who(chair): chair for chair in others_first}.values())
    found = {}
    for one in names:
        for chair in _meant(one, everybody, cluster_id):
            found[chair.key] = chair
    return tuple(found.values())


def _meant(words: str, known: Sequence[Chair], cluster_id: int) -> list[Chair]:
    """One person, or several with a comma or "và" between; a title may hold these, so the whole is tried first."""
    whole = _one(words, known, cluster_id)
    if len(whole) == 1:
        return whole
    parts = [part for part in _BETWEEN.split(words) if part]
    found = []
    for part in parts:
        fitting = _one(part, known, cluster_id)
        if len(fitting) != 1:
            named = ", ".join(_shown(chair) for chair in (fitting or known)[:MOST_KNOWN])
            key = "briefing.which_chair" if fitting else "briefing.unknown_chair"
            raise DecisionRefused(key, chair=part, known=named)
        found += fitting
    return found


def _one(words: str, known: Sequence[Chair], cluster_id: int) -> list[Chair]:
    """Whom the words fit; the cluster's own chair before others."""
    found = meant(words, known, lambda chair: chair.names, lambda chair: chair.title)
    own = [chair for chair in found if chair.cluster_id == cluster_id]
    return own if len(own) == 1 else found


def _who(chair: Chair) -> object:
    """Of posts to be held, those of one name and title are one person's."""
    return chair.person_id or (chair.names[0].casefold(), chair.title.casefold())


def _shown(chair: Chair) -> str:
    return f"{chair.title} ({chair.names[0]})" if chair.title else chair.names[0]
