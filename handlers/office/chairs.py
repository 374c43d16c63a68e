"""Names or titles as the office writes them in, the people or posts that are to chair out."""

import re
from collections.abc import Sequence
from datetime import date

from handlers.commands import folded
from handlers.office.decisions import DecisionRefused
from storage.database import Database
from storage.periods import chairs
from storage.periods.chairs import Chair

_ADDRESS = re.compile(r"^(?:dong chi|d/c|đ/c|anh|chi|ong|ba)\s+")
_BETWEEN = re.compile(r"\s*(?:[,;]|\bvà\b|\bva\b)\s*", re.IGNORECASE)
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
    """Whom the words fit: the full name or title first, then the given name; the cluster's own chair before others."""
    meant = _ADDRESS.sub("", folded(words))
    if not meant:
        return []  # a full name, which is masked before anything is read: the title is asked for
    as_written = [chair for chair in known if chair.name.casefold() == words.strip().casefold()]
    for called_so in (_name, _title, _given_name):
        found = as_written or [chair for chair in known if called_so(chair) == meant]
        own = [chair for chair in found if chair.cluster_id == cluster_id]
        if found:
            return own if len(own) == 1 else found
    return []


def _who(chair: Chair) -> object:
    """Of posts to be held, those of one name and title are one person's."""
    return chair.person_id or (chair.name.casefold(), chair.title.casefold())


def _shown(chair: Chair) -> str:
    return f"{chair.title} ({chair.name})" if chair.title else chair.name


def _name(chair: Chair) -> str:
    return folded(chair.name)


def _title(chair: Chair) -> str:
    return folded(chair.title)


def _given_name(chair: Chair) -> str:
    return folded(chair.name).rpartition(" ")[2]
