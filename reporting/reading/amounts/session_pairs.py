"""Ranges behind the name of sessions in; where they can be none, sessions and those who came to propose out.

"sh 3 - 48" in a list is hardly a range of meetings, but three meetings with 48 people.
"""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from reporting.numbers.quantity import Placed, place_of
from reporting.numbers.units import ATTENDANCE
from reporting.reading.found.mentions import Labels, Mention
from reporting.text.words import Token

_TIMES = 4  # at least so many people come to each session
_SESSIONS_MOST = 60


def with_session_pairs(
    text: str, tokens: Sequence[Token], placed: Sequence[Placed], mentions: Sequence[Mention], labels: Labels
) -> list[Placed]:
    """The quantities with each such range as two."""
    behind = {mention.last: mention for mention in mentions if mention.around is None and len(mention.codes) == 1}
    found: list[Placed] = []
    for one in placed:
        mention = behind.get(one.first) if one.quantity.problem == "range" else None
        if mention is None or not _came_to(labels, mention.codes[0]):
            found.append(one)
            continue
        found.extend(_pair(text, tokens, one) or [one])
    return found


def _came_to(labels: Labels, code: str) -> bool:
    pair = labels.catalogue[code].pair
    return pair is not None and labels.catalogue[pair].unit == ATTENDANCE


def _pair(text: str, tokens: Sequence[Token], one: Placed) -> list[Placed]:
    """The two numbers of "3 - 48" or "3 - 48 lượt"; none where they may be a range."""
    first, dash, second = one.digits, one.digits + 1, one.digits + 2
    if second >= len(tokens) or tokens[dash].text != "-" or one.tail != second + 1:
        return []
    sessions, came = tokens[first].text, tokens[second].text
    if not (sessions.isdigit() and came.isdigit()) or one.quantity.unit not in (None, ATTENDANCE):
        return []
    if not 0 < int(sessions) <= _SESSIONS_MOST or int(came) < _TIMES * int(sessions):
        return []
    held = replace(one.quantity, unit=None, problem="ambiguous", number=Decimal(sessions), proposed=Decimal(sessions))
    there = replace(one.quantity, unit=ATTENDANCE, problem="ambiguous", number=Decimal(came), proposed=Decimal(came))
    return [
        place_of(text, tokens, held, one.first, first, dash, dash),
        place_of(text, tokens, there, second, second, one.tail, one.last),
    ]
