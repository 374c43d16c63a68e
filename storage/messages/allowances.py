"""How many messages each bot has sent in a month as rows, where its channel lets it send only so many."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from storage.database import Database, Statement

Saving = Literal["", "reminders", "replies"]


@dataclass(frozen=True, slots=True)
class Allowance:
    """One bot's month, as the table says it. spent: the channel takes no more, whatever was counted."""

    channel: str
    bot: str
    used: int
    told: int
    saving: Saving
    spent: int = 0

    def left(self, most: int) -> int:
        """How many of so many it may still send."""
        return 0 if self.spent else max(0, most - self.used)


def month_of(day: date) -> str:
    """The month of a local day: "2026-04"."""
    return day.isoformat()[:7]


def bot_of(chat_id: str) -> str:
    """The bot that the id of a chat begins with, where a channel has several: "12" of "12/6ede" and "group:12/77"."""
    bot, found, _ = chat_id.rpartition(":")[2].partition("/")
    return bot if found else ""


def spend(channel: str, bot: str, month: str, messages: int) -> Statement:
    """So many more were sent, or may have been."""
    return (
        "insert into allowance (channel, bot, month, used) values (?, ?, ?, ?)"
        " on conflict (channel, bot, month) do update set used = allowance.used + excluded.used",
        (channel, bot, month, messages),
    )


def exhaust(channel: str, bot: str, month: str) -> Statement:
    """The channel takes no more from the bot, whatever was counted: until it does."""
    return (
        "insert into allowance (channel, bot, month, spent) values (?, ?, ?, 1)"
        " on conflict (channel, bot, month) do update set spent = 1",
        (channel, bot, month),
    )


def relent(channel: str, bot: str, month: str) -> Statement:
    """The channel has taken a message: what it refused, what was told of that and what is saved for it are over."""
    return (
        "update allowance set spent = 0, told = 0, saving = '' where channel = ? and bot = ? and month = ?"
        " and spent = 1",
        (channel, bot, month),
    )


def save(channel: str, bot: str, month: str, saving: Saving) -> Statement:
    """What the bot leaves out from now on."""
    return (
        "insert into allowance (channel, bot, month, saving) values (?, ?, ?, ?)"
        " on conflict (channel, bot, month) do update set saving = excluded.saving",
        (channel, bot, month, saving),
    )


def tell(channel: str, bot: str, month: str, percent: int) -> Statement:
    """The office hears that so much is used up; fails the unit if it has heard already."""
    return (
        "update allowance set told = ? where channel = ? and bot = ? and month = ? and told < ?",
        (percent, channel, bot, month, percent),
        1,
    )


async def of_month(db: Database, month: str) -> list[Allowance]:
    """Every bot that has sent anything that month."""
    rows = await db.read(
        "select channel, bot, used, told, saving, spent from allowance where month = ? order by channel, bot", (month,)
    )
    return [Allowance(*row) for row in rows]


async def people_of(db: Database, channel: str) -> dict[str, int]:
    """How many people each bot of the channel has, by the ids of their chats."""
    found: dict[str, int] = {}
    for row in await db.read(
        "select distinct chat_id from account where channel = ? and consent in ('asked', 'given')", (channel,)
    ):
        found[bot_of(row[0])] = found.get(bot_of(row[0]), 0) + 1
    return found
