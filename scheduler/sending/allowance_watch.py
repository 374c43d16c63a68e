"""What bots have left of a month's messages: the office hears of it in time, and what can wait is left out in need."""

from collections.abc import Mapping
from datetime import date, datetime

from handlers.channel import Channel
from handlers.turn import body
from handlers.wording.speech import Wording
from reporting.time.calendar import VIETNAM, local_day
from reporting.time.rules import MOST_DAYS, Rules
from scheduler.planned.forecast import Need, last_of_month, needs
from storage.database import Conflict, Database, Statement
from storage.messages import allowances, outbox
from storage.messages.allowances import Allowance, Saving, month_of
from storage.people import people, preferences
from storage.periods import rounds

WARNED_AT = (95, 80)  # percent of a month's messages
KEPT_FOR_REPLIES = 5  # percent
MONDAY = 0


class AllowanceWatch:
    """Once a day the plan of the rest of the month is held against what is left; on Mondays the office is told both."""

    def __init__(self, db: Database, wording: Wording, channels: Mapping[str, Channel]) -> None:
        self._db = db
        self._say = wording.say
        self._channels = channels
        self._metered = {name: channel for name, channel in channels.items() if channel.limits.bot_messages}
        self._planned_on: date | None = None

    async def tick(self, now: datetime) -> int:
        """Queues what the office is to know; returns how many messages were queued."""
        if not self._metered:
            return 0
        rules, today = await preferences.rules(self._db), local_day(now)
        if rules.is_quiet(now.astimezone(VIETNAM).time()):
            return 0
        queued = await self._warned(now)
        if self._planned_on != today and now >= rules.morning(today):
            queued += await self._planned(rules, now)
            self._planned_on = today
        return queued

    async def _warned(self, now: datetime) -> int:
        """Of each bot that has just used up so much."""
        month, queued = month_of(local_day(now)), 0
        for one in await allowances.of_month(self._db, month):
            if one.channel not in self._metered:
                continue
            most = self._most(one.channel)
            left = one.left(most)
            used = one.used if left else max(one.used, most)
            percent = used * 100 // most
            step = next((step for step in WARNED_AT if percent >= step), 0)
            if step <= one.told:
                continue
            text = self._say(
                "allowance.used", bot=self._name(one.channel, one.bot), used=used, most=most, left=left,
            )  # fmt: skip
            if step == WARNED_AT[0]:
                text += "\n" + self._say("allowance.nearly")
            unit = [allowances.tell(one.channel, one.bot, month, step)]
            queued += await self._tell(f"allowance:{month}:{one.channel}:{one.bot}:{step}", text, now, unit)
        return queued

    async def _planned(self, rules: Rules, now: datetime) -> int:
        """Sets what each bot saves from today on, and tells of it when that is new, and on Mondays of all."""
        today = local_day(now)
        month, last = month_of(today), last_of_month(today)
        known = {(one.channel, one.bot): one for one in await allowances.of_month(self._db, month)}
        need = await needs(self._db, now, last, tuple(self._channels))
        lines, unit, newly = list[str](), list[Statement](), False
        for key in sorted(key for key in {*known, *need} if key[0] in self._metered):
            one, wanted = known.get(key, Allowance(*key, 0, 0, "")), need.get(key, Need())
            left = one.left(self._most(key[0]))
            saving = _saving(left, wanted, self._most(key[0]), rules)
            newly = newly or (bool(saving) and not one.saving)
            if saving != one.saving:
                unit.append(allowances.save(*key, month, saving))
            lines.append(
                self._say(
                    "allowance.line", bot=self._name(*key), day=f"{last.day}/{last.month}", left=left,
                    needed=wanted.all, planned=wanted.planned, replies=wanted.replies,
                )
            )  # fmt: skip
        running = today.weekday() == MONDAY and await rounds.open_rounds(self._db)
        if not newly and not (running and lines):
            if unit:
                await self._db.write(unit)
            return 0
        parts = [self._say("allowance.head"), *lines]
        if newly:
            parts.append(self._say("allowance.saving", days=rules.saving, most=MOST_DAYS))
        return await self._tell(f"allowance:{today}", "\n".join(parts), now, unit)

    async def _tell(self, key: str, text: str, now: datetime, unit: list[Statement]) -> int:
        office = [account.person_id for account in await people.office(self._db, local_day(now))]
        accounts = await people.best_accounts(self._db, office, tuple(self._channels))
        says = [
            outbox.say(f"{key}:{person}", "notice", account.channel, account.chat_id, body(text), now)
            for person, account in accounts.items()
        ]
        try:
            return sum((await self._db.write([*unit, *says]))[len(unit) :])
        except Conflict:
            return 0  # another worker was quicker

    def _most(self, channel: str) -> int:
        return self._channels[channel].limits.bot_messages

    def _name(self, channel: str, bot: str) -> str:
        return f"{self._channels[channel].title} {bot}".strip()


def _saving(left: int, need: Need, most: int, rules: Rules) -> Saving:
    """What a bot leaves out: at the end everything but replies, before that what the calendar cannot afford."""
    if rules.saving >= MOST_DAYS:
        return ""
    if left * 100 < most * KEPT_FOR_REPLIES:
        return "replies"
    return "reminders" if left < need.all else ""
