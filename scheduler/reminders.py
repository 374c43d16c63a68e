"""Reminders: planned a day ahead for whoever owes a report, sent at the hour, cancelled by the submission."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog

from handlers import phrases
from handlers.summaries import local_time
from handlers.turn import body
from handlers.wording.speech import Wording
from reporting.calendar import VietnamCalendar, at, day_name, local_day
from reporting.catalogue import Catalogue
from reporting.forms import Forms
from scheduler.hours import REMINDER_RUNGS, Hours, rung_name
from storage import outbox, reminders, rounds, submissions
from storage.database import Conflict, Database, Statement
from storage.reminders import Planned
from storage.rounds import Briefing, Round

log = structlog.get_logger()

TOGETHER = 100  # reminders that are settled at the same time


class Reminders:
    """Everything due up to now, whenever it is asked: nothing hangs on having been awake at the minute."""

    def __init__(
        self,
        db: Database,
        catalogue: Catalogue,
        forms: Forms,
        wording: Wording,
        calendar: VietnamCalendar,
        hours: Hours,
        channels: Sequence[str],
    ) -> None:
        self._db = db
        self._catalogue = catalogue
        self._forms = forms
        self._wording = wording
        self._calendar = calendar
        self._hours = hours
        self._channels = channels

    async def tick(self, now: datetime) -> int:
        """Plans what is due by tomorrow and queues what is due now; returns how many were queued."""
        queued = 0
        for round_ in await rounds.open_rounds(self._db):
            briefings = {b.cluster_id: b for b in await rounds.briefings(self._db, round_.id)}
            plan = [s for briefing in briefings.values() for s in self._plan(round_, briefing, now)]
            if plan:
                await self._db.write(plan)
            queued += await self._send(round_, briefings, now)
        return queued

    def _plan(self, round_: Round, briefing: Briefing, now: datetime) -> list[Statement]:
        today = local_day(now)
        due_on = local_day(briefing.starts_at)
        return [
            reminders.plan_cluster(
                round_.id, briefing.cluster_id, rung_name(rung), at(day, *self._hours.reminders), today.isoformat()
            )
            for day, rung in self._calendar.rung_days(due_on, REMINDER_RUNGS).items()
            if today <= day <= today + timedelta(days=1)
        ]

    async def _send(self, round_: Round, briefings: dict[int, Briefing], now: datetime) -> int:
        today = local_day(now)
        due = await reminders.due(self._db, round_.id, self._channels, now, today.isoformat())
        told: set[tuple[int, int]] = set()
        queued = 0
        units: list[list[Statement]] = []
        for planned in due:
            if len(units) >= TOGETHER:
                queued += await self._settle_all(units)
                units = []
            briefing = briefings.get(planned.cluster_id)
            fresh = self._hours.due(local_day(planned.due_at), self._hours.reminders, now)
            key = (planned.unit_id, planned.person_id)
            # Of several rungs that have come due together only the latest says something that is still so.
            if not fresh or briefing is None or key in told or not planned.chat_id:
                units.append([reminders.settle(planned, "dropped", now)])
                continue
            told.add(key)
            text = await self._text(round_, briefing, planned, now)
            dedupe = f"reminder:{round_.code}:{planned.unit_id}:{planned.rung}:{planned.person_id}"
            message = outbox.say(dedupe, "reminder", planned.channel, planned.chat_id, body(text), now)
            units.append([reminders.settle(planned, "sent", now), message])
        return queued + await self._settle_all(units)

    async def _settle_all(self, units: list[list[Statement]]) -> int:
        """Each is a unit of its own, but they are handed in together and share a commit."""
        return sum(await asyncio.gather(*(self._settle(unit) for unit in units)))

    async def _settle(self, unit: list[Statement]) -> int:
        try:
            await self._db.write(unit)
        except Conflict:
            return 0  # the unit filed between reading and writing, or another worker was quicker
        return len(unit) - 1

    async def _text(self, round_: Round, briefing: Briefing, planned: Planned, now: datetime) -> str:
        say = self._wording.say
        due_on = local_day(briefing.starts_at)
        days = (due_on - local_day(now)).days
        parts = {"unit": planned.unit_name, "cluster": briefing.cluster_name, "period": round_.period.name}
        if days < 0:
            return say("remind.late", **parts, day=day_name(due_on), days=-days)
        if days <= 1:
            head = say("remind.eve", **parts, time=local_time(briefing.starts_at), day=day_name(due_on))
        else:
            head = say("remind.ahead", unit=parts["unit"], cluster=parts["cluster"], days=days, day=day_name(due_on))
        form = self._forms.form(planned.level, round_.period.frequency)
        held = await submissions.held(self._db, round_.id, round_.code, planned.unit_id)
        if not held.draft.values:
            return f"{head} {say('remind.nothing_yet')}"
        missing = [code for question in form.questions for code in held.draft.missing(question)]
        if not missing:
            return f"{head} {say('remind.complete')}"
        open_ = say(
            "remind.partly",
            answered=held.draft.answered(form),
            total=len(form.questions),
            labels=phrases.labels(self._catalogue, missing, most=3),
        )
        return f"{head} {open_}"
