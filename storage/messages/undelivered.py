"""Messages that did not arrive, or may not have, out of the outbox, with the units or cluster each was about."""

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from storage.database import Database, Statement
from storage.engine.instants import instant, stamp
from storage.messages.outbox import FRESH, OPEN, Kind


@dataclass(frozen=True, slots=True)
class Doubtful:
    """A message of which nobody knows whether it arrived. about: the units or the cluster it was about or for."""

    id: int
    kind: Kind
    reason: str
    about: tuple[str, ...]
    written_at: datetime


def stale_reminders(now: datetime) -> Statement:
    """Before `outbox.expire`: the reminders for whose message it is too late follow it."""
    return (
        "update reminder set settled_at = ?, state = case when (select o.maybe_sent from outbox o"
        "   where o.dedupe_key = reminder.message) = 1 then 'unsure' else 'dropped' end"
        " where state = 'sent' and message in (select dedupe_key from outbox"
        f"   where {OPEN} and state = 'ready' and kind = 'reminder' and created_at <= ?)",
        (stamp(now), stamp(now - FRESH)),
    )


def stopped_reminders(channel: str, chat_id: str, now: datetime) -> Statement:
    """Before `outbox.cancel_for_chat`: the reminders that wait for that chat follow."""
    return (
        "update reminder set settled_at = ?, state = 'failed' where state = 'sent' and message in"
        f" (select dedupe_key from outbox where channel = ? and chat_id = ? and {OPEN} and state = 'ready')",
        (stamp(now), channel, chat_id),
    )


_UNTOLD = "state = 'unsure' and told_at is null"  # the words of the index outbox_untold
_UNIT = "u.name || case when w.id is null or w.level = 'tinh_doan' then '' else ' (' || w.name || ')' end"


async def untold(db: Database) -> list[Doubtful]:
    """Those of which the office does not know yet, the oldest first."""
    rows = await db.read(
        f"select id, kind, coalesce(error, ''), channel, chat_id, dedupe_key, created_at from outbox where {_UNTOLD} order by id"
    )
    if not rows:
        return []
    about: dict[str, list[str]] = defaultdict(list)
    for key, name in await db.read(
        f"select r.message, {_UNIT} from reminder r join unit u on u.id = r.unit_id left join unit w on w.id = u.parent_id"
        f" where r.message in (select dedupe_key from outbox where {_UNTOLD}) order by 2"
    ):
        about[key].append(name)
    where: dict[tuple[str, str], list[str]] = defaultdict(list)
    chats = f"select o.channel, o.chat_id from outbox o where {_UNTOLD}"
    for channel, chat, name in await db.read(
        f"select g.channel, g.chat_id, c.name from group_chat g join cluster c on c.id = g.cluster_id"
        f" where (g.channel, g.chat_id) in ({chats})"
        f" union select a.channel, a.chat_id, coalesce({_UNIT}, c.name) from account a join role r on r.person_id = a.person_id"
        " left join unit u on u.id = r.unit_id left join unit w on w.id = u.parent_id"
        " left join cluster c on c.id = r.cluster_id"
        f" where r.valid_to_on is null and (a.channel, a.chat_id) in ({chats}) order by 3"
    ):
        where[channel, chat].append(name)
    return [
        Doubtful(r[0], r[1], r[2], tuple(dict.fromkeys(about[r[5]] or where[r[3], r[4]])), instant(r[6])) for r in rows
    ]


def told(ids: Sequence[int], now: datetime) -> Statement:
    """The office is told of these; fails the unit if another worker was quicker."""
    return (
        f"update outbox set told_at = ? where {_UNTOLD} and id in ({', '.join('?' * len(ids))})",
        (stamp(now), *ids),
        len(ids),
    )


async def unsure(db: Database) -> list[tuple[str, str, str]]:
    """Messages of which nobody knows whether they arrived: (key, channel, chat)."""
    rows = await db.read("select dedupe_key, channel, chat_id from outbox where state = 'unsure' order by id")
    return [(r[0], r[1], r[2]) for r in rows]


async def unsure_posts(db: Database, period: str) -> list[tuple[str, date]]:
    """Group posts on a period that nobody knows the outcome of: (cluster's name, day)."""
    rows = await db.read("select dedupe_key, body from outbox where state = 'unsure' and dedupe_key like 'post:%'"
                         " order by id")  # fmt: skip
    keys = [row[0].split(":") for row in rows if period in (*json.loads(row[1]).get("about", ()), row[0].split(":")[1])]
    names = {row[0]: row[1] for row in await db.read("select id, name from cluster")} if keys else {}
    return [(names.get(int(key[2]), key[2]), date.fromisoformat(key[3])) for key in keys]
