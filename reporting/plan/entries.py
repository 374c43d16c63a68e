"""A plan's entries as data: who is told what and when, or why not."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

# question: whether estimated figures are final. notice: what was changed, or missed while the machine was off.
Kind = Literal["reminder", "group_post", "digest", "question", "notice"]

# What a message says about a unit. own: to who reports for it. watched: to who is in charge of it. cluster, office:
# in a list of those who are late. lost: in the office's list of units that no reminder reaches. Without a unit: post
# and digest, the figures of a period; change, what the office has changed; missed, what an outage has left out; unsure,
# follow, waiting: see Announced in facts.py. quick: a quick count that is asked of the unit.
# aim: targets that are not met. pack: the papers of a meeting. task: what a meeting gave the unit to do.
Part = Literal[
    "own", "watched", "cluster", "office", "lost", "post", "digest", "change", "missed", "unsure", "follow", "waiting",
    "quick", "aim", "task", "pack",
]  # fmt: skip

# Why a message is not sent. filed: nothing is owed. final: the figures are confirmed. unfiled: there are none to
# confirm. blocked, never, nobody: it would reach nobody. silence: Tết, or a day the office has marked. off: it is due
# on a day off. past: what it tells of is over. merged: another rung falls on the same day. fewer: the person wants
# fewer. snoozed: the person has asked for another hour. second: the person has had today's reminder. limit: the person
# has as many this month as the office allows, and hears it with the next. settled: every period is filed, over or not
# begun, and no figures are being confirmed.
Why = Literal[
    "", "filed", "final", "unfiled", "blocked", "never", "nobody", "silence", "off", "past", "merged", "fewer",
    "snoozed", "second", "limit", "settled",
]  # fmt: skip


@dataclass(frozen=True, slots=True, order=True)
class Item:
    """One thing a message is about; without a round or unit those are 0.

    rung: T-3, T+1, "open", "again", "help", "asked", "above", "lost"; of a
    quick count "call", "H-3"; of tasks "task-" and the last one's number;
    of a post "open", "T-3", "after"; of a question "first", "last"; of a change
    "moved", "place", "cancelled", "extended", "chair", "no_chair".
    cluster_id: of a pack, 0 for the whole province.
    """

    part: Part
    round_id: int
    unit_id: int
    rung: str
    to: str
    cluster_id: int = 0


@dataclass(frozen=True, slots=True)
class Entry:
    """One message to one person or to a cluster's groups; `why` tells why it is not sent, '' that it is.

    to: the role in which it is received. cluster_id: whose groups get it; with a person, whose briefing it is about.
    A message that nobody would get has neither a person nor a cluster.
    """

    at: datetime
    kind: Kind
    to: str
    items: tuple[Item, ...] = ()
    person_id: int | None = None
    cluster_id: int | None = None
    why: Why = ""
