"""What the office has changed is told once to those it concerns, by the plan: moved briefings, other deadlines."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from handlers.briefing_decisions import BriefingDecisions
from handlers.turn import body
from handlers.wording.speech import Wording
from reporting.calendar import VIETNAM, day_name, local_day
from reporting.deadlines import due_on
from reporting.plan_entries import Entry
from scheduler.reminders import planner_of
from storage import briefings, extensions, groups, holidays, outbox, people, planning, rounds
from storage.briefings import Moved
from storage.database import Conflict, Database, Statement
from storage.extensions import Extension
from storage.people import Account


class Notices:
    """The plan says whom, and at which hour; rows say what has been told.

    A night, a restart or a second worker changes nothing; two moves are one notice.
    """

    def __init__(self, db: Database, wording: Wording, channels: Sequence[str]) -> None:
        self._db = db
        self._wording = wording
        self._channels = channels

    async def tick(self, now: datetime) -> int:
        """Queues what has not been told and may be by the plan; returns how many messages were new."""
        moved, extended = await briefings.untold(self._db), await extensions.untold(self._db)
        if not moved and not extended:
            return 0
        planner = await planner_of(self._db)
        if planner.rules.is_quiet(now.astimezone(VIETNAM).time()):
            return 0
        facts = (await planning.situation(self._db, now, self._channels, planner.calendar)).facts
        told: dict[tuple[int, int, int], list[Entry]] = {}
        for entry in planner.changes.notices(facts, local_day(now)):
            if entry.at <= now:
                (item,) = entry.items
                told.setdefault((item.round_id, entry.cluster_id or 0, item.unit_id), []).append(entry)
        units = [await self._moved(m, told[k], now) for m in moved if (k := (m.period_id, m.cluster_id, 0)) in told]
        units += [await self._extended(e, told[k], now) for e in extended if (k := (e.period_id, 0, e.unit_id)) in told]
        queued = 0
        for unit in units:
            try:
                queued += sum((await self._db.write(unit))[1:])
            except Conflict:
                continue  # another worker was quicker, or it has just been changed once more
        return queued

    async def _moved(self, moved: Moved, told: Sequence[Entry], now: datetime) -> list[Statement]:
        unit: list[Statement] = [briefings.told(moved)]
        if not any(entry.why == "" for entry in told):
            return unit  # it would reach nobody, or tell of a meeting that is over
        round_ = next(r for r in await rounds.all_rounds(self._db) if r.id == moved.period_id)
        briefing = next(b for b in await rounds.briefings(self._db, round_.id) if b.cluster_id == moved.cluster_id)
        say = self._wording.say
        calendar = await holidays.calendar(self._db)
        meetings = BriefingDecisions(self._db, calendar, self._wording)
        parts = meetings.parts(briefing) | {"period": round_.period.name}
        if moved.was_at != briefing.starts_at:
            was = meetings.when(replace(briefing, starts_at=moved.was_at))
            text = say("changed.moved", **parts, was=was)
        else:
            text = say("changed.place", **parts)
        key = f"moved:{round_.code}:{moved.cluster_id}:{moved.sequence}"
        if any(entry.to == "group" for entry in told):
            for channel, chat in await groups.of_cluster(self._db, moved.cluster_id):
                unit.append(outbox.say(f"{key}:{channel}:{chat}", "group_post", channel, chat, body(text), now))
        due = due_on(round_.period, round_.terms, calendar, local_day(briefing.starts_at))
        follows = round_.terms.deadline_on is None and round_.terms.deadline_lead is not None
        line = say("changed.due", day=day_name(due)) if follows and due >= local_day(now) else ""
        for role, account in await self._accounts(told):
            mine = text if role == "chair" or not line else f"{text} {line}"
            unit.append(self._notice(f"{key}:{account.person_id}", account, mine, now))
        return unit

    async def _extended(self, extension: Extension, told: Sequence[Entry], now: datetime) -> list[Statement]:
        unit: list[Statement] = [extensions.told(extension, now)]
        round_ = next(r for r in await rounds.all_rounds(self._db) if r.id == extension.period_id)
        text = self._wording.say(
            "changed.extended", unit=extension.unit_name, period=round_.period.name,
            day=day_name(extension.deadline_on),
        )  # fmt: skip
        key = f"extended:{round_.code}:{extension.unit_id}:{extension.deadline_on}"
        unit += [self._notice(f"{key}:{a.person_id}", a, text, now) for _, a in await self._accounts(told)]
        return unit

    async def _accounts(self, told: Sequence[Entry]) -> list[tuple[str, Account]]:
        """Whom the plan has told, with the role in which each is."""
        roles = {e.person_id: e.to for e in told if e.person_id is not None and not e.why}
        accounts = await people.best_accounts(self._db, list(roles), self._channels)
        return [(roles[person], account) for person, account in accounts.items()]

    def _notice(self, key: str, account: Account, text: str, now: datetime) -> Statement:
        return outbox.say(key, "notice", account.channel, account.chat_id, body(text), now)
