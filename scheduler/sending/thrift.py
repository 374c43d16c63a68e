"""Counts what each bot sends on a channel that lets it send only so much a month, and holds back what can wait."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from handlers.channel import Channel
from handlers.messages import NotDelivered, Outgoing
from reporting.time.calendar import local_day
from scheduler.sending.parts import parts
from storage.database import Database, Statement
from storage.messages import allowances
from storage.messages.allowances import Saving, bot_of, month_of
from storage.messages.outbox import Kind, OutboxRow

LOOK = timedelta(minutes=1)
# Answers and what the office has changed go as long as anything does.
HELD_BACK: Mapping[Saving, tuple[Kind, ...]] = {
    "": (),
    "reminders": ("digest", "group_post"),
    "replies": ("digest", "group_post", "reminder"),
}


class Thrift:
    """What the sender asks before a message leaves, and tells after."""

    def __init__(self, db: Database, channels: Mapping[str, Channel], now: Callable[[], datetime]) -> None:
        self._db, self._now = db, now
        self._limits = {name: channel.limits for name, channel in channels.items() if channel.limits.bot_messages}
        self._saving: dict[tuple[str, str], Saving] = {}
        self._looked: datetime | None = None

    async def may_go(self, row: OutboxRow) -> None:
        """Raises NotDelivered for what is held back, so that there is enough left for answers."""
        if row.channel not in self._limits:
            return
        now = self._now()
        if self._looked is None or not timedelta() <= now - self._looked < LOOK:
            self._looked = now
            months = await allowances.of_month(self._db, month_of(local_day(now)))
            self._saving = {(one.channel, one.bot): one.saving for one in months}
        if row.kind in HELD_BACK[self._saving.get((row.channel, bot_of(row.chat_id)), "")]:
            raise NotDelivered("spent", "held back: the bot has few messages left this month")

    def after(self, row: OutboxRow, message: Outgoing, failure: NotDelivered | None) -> list[Statement]:
        """What is counted of it. A refusal for want of messages says that all are used until one is taken."""
        limits = self._limits.get(row.channel)
        if limits is None or (failure is not None and failure.kind not in ("unknown", "spent")):
            return []
        month, bot = month_of(local_day(self._now())), bot_of(row.chat_id)
        if failure is None or failure.kind == "unknown":
            spent = allowances.spend(row.channel, bot, month, len(parts(message, limits)))
            return [spent] if failure else [spent, allowances.relent(row.channel, bot, month)]
        if row.kind in HELD_BACK[self._saving.get((row.channel, bot), "")]:
            return []
        return [allowances.exhaust(row.channel, bot, month)]
