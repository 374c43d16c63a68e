"""Messages that a channel keeps from the bot, counted by the chat they came from; the units of these, to tell."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from storage.database import Database, Statement
from storage.engine.instants import stamp


@dataclass(frozen=True, slots=True)
class Withheld:
    """A chat's messages of which the office has not heard. units: those its person has a role in; none for a stranger."""

    channel: str
    chat_id: str
    count: int
    units: tuple[str, ...]


def note(channel: str, chat_id: str, now: datetime) -> Statement:
    """One more came."""
    return (
        "insert into withheld (channel, chat_id, count, last_at) values (?, ?, 1, ?)"
        " on conflict (channel, chat_id) do update set count = withheld.count + 1, last_at = excluded.last_at",
        (channel, chat_id, stamp(now)),
    )


async def untold(db: Database) -> list[Withheld]:
    """What the office does not know yet, by chat."""
    rows = await db.read(
        "select w.channel, w.chat_id, w.count - w.told, coalesce(u.name, c.name, '') from withheld w"
        " left join account a on a.channel = w.channel and a.chat_id = w.chat_id"
        " left join role r on r.person_id = a.person_id and r.valid_to_on is null"
        " left join unit u on u.id = r.unit_id left join cluster c on c.id = r.cluster_id"
        " where w.count > w.told order by 4, w.channel, w.chat_id"
    )
    found: dict[tuple[str, str], Withheld] = {}
    for channel, chat, count, unit in rows:
        known = found.get((channel, chat), Withheld(channel, chat, count, ()))
        found[channel, chat] = Withheld(channel, chat, count, (*known.units, *((unit,) if unit else ())))
    return list(found.values())


async def nameless(db: Database, since: datetime) -> int:
    """How many came since then of which not even the chat is known."""
    rows = await db.read(
        "select count(*) from inbox where received_at >= ? and error like 'withheld:%'", (stamp(since),)
    )
    return int(rows[0][0])


def told(found: Sequence[Withheld]) -> list[Statement]:
    """The office is told of these; fails the unit if another worker was quicker."""
    return [
        (
            "update withheld set told = told + ? where channel = ? and chat_id = ? and count - told >= ?",
            (one.count, one.channel, one.chat_id, one.count),
            1,
        )
        for one in found
    ]
