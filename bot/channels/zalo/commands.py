"""The commands `giaoban zalo …`: the bots of the settings in, what was done with each or found out printed."""

import sys
from collections.abc import Awaitable, Callable
from datetime import date
from typing import TYPE_CHECKING

from bot.channels.folder import Given
from bot.channels.zalo.channel import Zalo, ZaloBot, unhook
from bot.channels.zalo.client import ZaloFault
from bot.channels.zalo.settings import ZaloSettings
from bot.channels.zalo.trial import Trial
from bot.channels.zalo.updates import CHANNEL
from bot.clock import SystemClock
from bot.failures import failed, said
from bot.settings import Settings
from reporting.time.calendar import local_day
from storage.messages import allowances
from storage.messages.allowances import Allowance

if TYPE_CHECKING:
    from scheduler.planned.forecast import Enrolled


MONTHS_AHEAD = 6


async def show_quota(settings: Settings) -> None:
    """Prints for each bot what it has sent, what it has left, what the calendar needs until the month ends, and how
    many people it has; then what is short or left out of the settings, with the remedy. Raises Failed.
    """
    from bot.chosen_database import opened
    from scheduler.planned.forecast import Need, last_of_month, needs, when_enrolled

    assert isinstance(settings, ZaloSettings)
    now, bots = SystemClock().now(), [token.partition(":")[0] for token in settings.zalo_tokens()]
    if not bots:
        raise failed("no_zalo_token")
    last = last_of_month(local_day(now))
    db = await opened(settings)
    try:
        months = await allowances.of_month(db, allowances.month_of(last))
        people = await allowances.people_of(db, CHANNEL)
        need = await needs(db, now, last, (CHANNEL,))
        whole = await when_enrolled(db, now, MONTHS_AHEAD)
    finally:
        await db.close()
    used = {one.bot: one for one in months if one.channel == CHANNEL}
    _say(said("zalo_columns").replace("|", "\t"))
    most, marks = settings.zalo_monthly_messages, list[str]()
    for bot in bots:
        wanted, month = need.get((CHANNEL, bot), Need()), used.get(bot) or Allowance(CHANNEL, bot, 0, 0, "")
        left = month.left(most) if most else said("zalo_any_size")
        room = f"{people.get(bot, 0)}/{settings.zalo_people or said('zalo_any_size')}"
        _say(f"{bot}\t{month.used}\t{left}\t{wanted.planned}\t{wanted.replies}\t{room}")
        marks += _marks(month, most, wanted.all, last) if most else []
    for bot in sorted({*used, *people} - {*bots, ""}):
        sent = used[bot].used if bot in used else 0
        marks.append(said("zalo_left_out", bot=bot, people=people.get(bot, 0), sent=sent))
    for line in marks:
        _say(line)
    _say_whole(settings, len(bots), whole)


def _marks(month: Allowance, most: int, wanted: int, last: date) -> list[str]:
    """A line, with its remedy, for how much one bot has used up, and for a rest that will not do."""
    from scheduler.sending.allowance_watch import WARNED_AT

    left = month.left(most)
    percent = month.used * 100 // most if left else 100
    step = next((step for step in (100, *WARNED_AT) if percent >= step), 0)
    lines = [said(f"zalo_used_{step}", bot=month.bot, percent=percent, last=last)] if step else []
    if left < wanted:
        lines.append(said("zalo_short", bot=month.bot, last=last, left=left, wanted=wanted))
    return lines


def _say_whole(settings: ZaloSettings, bots: int, whole: "Enrolled") -> None:
    """What the office is to know before people enrol: how many bots, and whether a month's messages will do."""
    most, messages = settings.zalo_people, settings.zalo_monthly_messages
    needed = max(1, -(-whole.people // most)) if most else 1
    size = most or said("zalo_any_size")
    _say(said("zalo_whole", people=whole.people, size=size, needed=needed, bots=bots))
    _say(said("zalo_months").replace("|", "\t"))
    for last, need in whole.months.items():
        _say(f"{last:%Y-%m}\t{need.planned}\t{need.replies}\t{-(-need.all // needed)}\t{messages}")


async def try_out(settings: Settings) -> None:
    """Tries each bot in turn and prints what was found out. Raises Failed once all were tried."""

    async def tried(bot: ZaloBot) -> None:
        _say(f"{bot.reader.names[0]}: bot {bot.id}")
        await Trial(bot, _say).run()

    await _with_each(settings, tried, "zalo_trial")


async def unhook_all(settings: Settings) -> None:
    """Takes down the webhook of every bot. Raises Failed once that was tried of all."""

    async def unhooked(bot: ZaloBot) -> None:
        await unhook(bot)
        _say(said("zalo_unhooked", bot=bot.reader.names[0]))

    await _with_each(settings, unhooked, "zalo_stays")


async def _with_each(settings: Settings, act: Callable[[ZaloBot], Awaitable[None]], fault_key: str) -> None:
    """A bot that fails has its line, and keeps no other from its turn."""
    assert isinstance(settings, ZaloSettings)
    if not settings.zalo_tokens():
        raise failed("no_zalo_token")
    zalo, failing = Zalo(settings, Given(SystemClock().now)), list[str]()
    try:
        wrong = await zalo.connect()
        for bot in zalo.bots.values():
            told = str(wrong.get(bot.id, ""))
            if not told:
                try:
                    await act(bot)
                except ZaloFault as fault:
                    told = said(fault_key, bot=bot.id, why=fault)
            if told:
                failing.append(bot.id)
                _say(told)
    finally:
        await zalo.stop()
    if failing:
        raise failed("zalo_failing", bots=", ".join(failing))


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
