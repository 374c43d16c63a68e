"""The plan's reminders in, stored rows and, at their hour, one message a person and day out."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Protocol
from zlib import crc32

import structlog

from handlers.reminders.texts import ReminderTexts
from handlers.wording.speech import Wording
from reporting.figures.catalogue import Catalogue
from reporting.figures.forms import Forms
from reporting.plan.entries import Entry
from reporting.plan.planner import Planner
from reporting.time.calendar import local_day
from scheduler.planned.outlook import Outlooks
from storage.database import Conflict, Database, Statement
from storage.messages import conversations, outbox, reminders
from storage.messages.outbox import Joinable
from storage.messages.reminders import ReminderRow
from storage.people import people
from storage.people.people import Account
from storage.periods.planning import Situation

log = structlog.get_logger()

TOGETHER = 100  # reminders that are settled at the same time


class Weeks(Protocol):
    """What words a leader's week (scheduler/planned/digests.py)."""

    async def with_week(self, content: dict[str, Any], entry: Entry, account: Account, now: datetime) -> dict[str, Any]:
        """The message with the summary of the entry's periods below it."""
        ...


class Reminders:
    """The job that writes reminders down and queues all that are due by now, however late it is called.

    What the plan says of today and tomorrow is written down as rows once an hour; in the hours of reminders the
    rows whose time has come are sent. A row that a submission cancels meanwhile stops its message.
    """

    def __init__(
        self, db: Database, catalogue: Catalogue, forms: Forms, wording: Wording, outlooks: Outlooks, weeks: Weeks
    ) -> None:
        self._db = db
        self._catalogue = catalogue
        self._forms = forms
        self._wording = wording
        self._outlooks = outlooks
        self._weeks = weeks
        self._planned: tuple[date, int] | None = None

    async def tick(self, now: datetime) -> int:
        """Plans what is due by tomorrow and queues what is due now; returns how many were queued."""
        outlook = await self._outlooks.at(now)
        today, planner = local_day(now), outlook.planner
        open_hours = planner.rules.may_remind(now)
        hour = (today, now.hour)
        if self._planned == hour and not (open_hours and await reminders.any_due(self._db, now)):
            return 0
        days = {day: await outlook.day(day) for day in (today, today + timedelta(days=1))}
        await self._write_down(planner, days, now)
        self._planned = hour
        if not open_hours:
            return 0
        situation = await outlook.situation()
        busy = await conversations.busy(self._db, now - timedelta(minutes=planner.rules.busy))
        due = [e for e in days[today] if _goes_out(e) and e.at <= now and e.person_id not in busy]
        return await self._send(situation, due, today, now)

    async def _write_down(self, planner: Planner, days: dict[date, list[Entry]], now: datetime) -> None:
        """Makes the rows what the plan says, beside those that are settled."""
        today = min(days)
        over = now >= planner.rules.closing(today)
        wanted = {
            ReminderRow(item.round_id, item.unit_id, entry.person_id, item.rung, day): entry.at
            for day, entries in days.items()
            for entry in entries
            if _goes_out(entry) and entry.person_id is not None and not (over and day == today)
            for item in entry.items
            if item.part != "digest"
        }
        known = {kept.row: kept for kept in await reminders.kept(self._db, today, max(days))}
        # What was sent stays sent; what was dropped or cancelled may have become due anew.
        settled = {row for row, kept in known.items() if kept.state in ("sent", "unsure", "failed")}
        planned = {(row, kept.due_at) for row, kept in known.items() if kept.state == "planned"}
        new = [(row, at) for row, at in wanted.items() if row not in settled and (row, at) not in planned]
        old = [row for row, kept in known.items() if kept.state == "planned" and row not in wanted]
        if new or old:
            await self._db.write([*reminders.drop(old, now), *reminders.plan(sorted(new))])

    async def _send(self, situation: Situation, due: Sequence[Entry], today: date, now: datetime) -> int:
        texts = ReminderTexts(self._wording, self._catalogue, self._forms, situation)
        accounts = await people.best_accounts(self._db, [e.person_id or 0 for e in due], self._outlooks.channels)
        waiting = await outbox.joinable(self._db, now) if due else {}
        queued = 0
        for begin in range(0, len(due), TOGETHER):
            units = [
                await self._message(texts, entry, accounts[entry.person_id], waiting, now)
                for entry in due[begin : begin + TOGETHER]
                if entry.person_id in accounts
            ]
            # Each is a unit of its own, but they are handed in together and share a commit.
            queued += sum(await asyncio.gather(*(self._settle(unit) for unit in units)))
        return queued

    async def _message(
        self,
        texts: ReminderTexts,
        entry: Entry,
        account: Account,
        waiting: Mapping[str, Sequence[Joinable]],
        now: datetime,
    ) -> list[Statement]:
        """The rows of one message: the day's reminder, below what the person is to be told beside it."""
        today = local_day(now)
        # Another set of units makes another message: where one of them filed while it waited, it is said anew.
        about = crc32(repr([entry.at, *((i.round_id, i.unit_id, i.rung) for i in entry.items)]).encode())
        key, content = f"reminder:{today}:{account.person_id}:{about:08x}", texts.body(entry, today)
        rows = {(item.round_id, item.unit_id, item.rung) for item in entry.items if item.part != "digest"}
        if any(item.part == "digest" for item in entry.items):
            key = f"digest:{key}"
            content = await self._weeks.with_week(content, entry, account, now)
        joined, content = _joined(waiting.get(f"{account.channel}:{account.chat_id}", ()), content)
        return [
            reminders.send(account.person_id, today, len(rows), key, now),
            *joined,
            outbox.say(key, "reminder", account.channel, account.chat_id, content, now),
        ]

    async def _settle(self, unit: list[Statement]) -> int:
        try:
            await self._db.write(unit)
        except Conflict:
            return 0  # a unit filed between reading and writing, or another worker was quicker
        return 1


def _joined(waiting: Sequence[Joinable], content: dict[str, Any]) -> tuple[list[Statement], dict[str, Any]]:
    """(rows that take these notices out of the queue, the message with their words above its own).

    Of two files one stays a message of its own.
    """
    rows = list[Statement]()
    for one in reversed(waiting):
        if one.file is not None and "file" in content:
            continue
        content = {**content, "text": f"{one.text}\n{content['text']}", **({"file": one.file} if one.file else {})}
        rows.append(outbox.join(one.id))
    return rows, content


def _goes_out(entry: Entry) -> bool:
    """Whether it is sent here; what has the papers of a meeting in it is sent by MeetingPacks."""
    return entry.kind == "reminder" and not entry.why and all(item.part != "pack" for item in entry.items)
