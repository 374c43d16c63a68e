"""What the office has changed is told once to those it concerns, at decent hours: moved briefings, other deadlines."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time

from handlers.briefing_decisions import BriefingDecisions
from handlers.turn import body
from handlers.wording.speech import Wording
from reporting.calendar import VIETNAM, day_name, local_day
from reporting.deadlines import due_on
from storage import briefings, extensions, groups, holidays, outbox, people, rounds
from storage.briefings import Moved
from storage.database import Conflict, Database, Statement
from storage.people import Account

# Local hours in which somebody may be told what he did not ask for.
FIRST, LAST = time(7, 0), time(20, 0)


def decent(now: datetime) -> bool:
    """Whether it is an hour to tell anybody anything unasked."""
    return FIRST <= now.astimezone(VIETNAM).time() < LAST


class Notices:
    """Rows say what has been told: a night, a restart or a second worker changes nothing; two moves are one notice."""

    def __init__(self, db: Database, wording: Wording, channels: Sequence[str]) -> None:
        self._db = db
        self._wording = wording
        self._channels = channels

    async def tick(self, now: datetime) -> int:
        """Queues what has not been told; returns how many messages were new."""
        if not decent(now):
            return 0
        units = [await self._moved(moved, now) for moved in await briefings.untold(self._db)]
        units += await self._extended(now)
        queued = 0
        for unit in units:
            try:
                queued += sum((await self._db.write(unit))[1:])
            except Conflict:
                continue  # another worker was quicker, or it has just been changed once more
        return queued

    async def _moved(self, moved: Moved, now: datetime) -> list[Statement]:
        unit: list[Statement] = [briefings.told(moved)]
        round_ = next(r for r in await rounds.all_rounds(self._db) if r.id == moved.period_id)
        briefing = next(b for b in await rounds.briefings(self._db, round_.id) if b.cluster_id == moved.cluster_id)
        if briefing.starts_at <= now:
            return unit  # it would tell of a meeting that is over
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
        for channel, chat in await groups.of_cluster(self._db, moved.cluster_id):
            unit.append(outbox.say(f"{key}:{channel}:{chat}", "group_post", channel, chat, body(text), now))
        due = due_on(round_.period, round_.terms, calendar, local_day(briefing.starts_at))
        follows = round_.terms.deadline_on is None and round_.terms.deadline_lead is not None
        line = say("changed.due", day=day_name(due)) if follows and due >= local_day(now) else ""
        reporters = await people.to_tell(self._db, local_day(now), cluster_id=moved.cluster_id)
        chairs = await people.accounts_of(self._db, briefing.chair_id or 0)
        for account in self._once([*chairs, *reporters]):
            mine = text if account in chairs or not line else f"{text} {line}"
            unit.append(self._notice(f"{key}:{account.person_id}", account, mine, now))
        return unit

    async def _extended(self, now: datetime) -> list[list[Statement]]:
        units: list[list[Statement]] = []
        found = await extensions.untold(self._db)
        every = {r.id: r for r in await rounds.all_rounds(self._db)} if found else {}
        for extension in found:
            round_ = every[extension.period_id]
            unit: list[Statement] = [extensions.told(extension, now)]
            if extension.deadline_on >= local_day(now) and round_.state in ("open", "locked"):
                text = self._wording.say(
                    "changed.extended", unit=extension.unit_name, period=round_.period.name,
                    day=day_name(extension.deadline_on),
                )  # fmt: skip
                key = f"extended:{round_.code}:{extension.unit_id}:{extension.deadline_on}"
                reporters = await people.to_tell(self._db, local_day(now), unit_id=extension.unit_id)
                unit += [self._notice(f"{key}:{a.person_id}", a, text, now) for a in self._once(reporters)]
            units.append(unit)
        return units

    def _once(self, accounts: Sequence[Account]) -> list[Account]:
        """Of each person the account used last, on a channel that is running."""
        return list({a.person_id: a for a in accounts if a.channel in self._channels}.values())

    def _notice(self, key: str, account: Account, text: str, now: datetime) -> Statement:
        return outbox.say(key, "notice", account.channel, account.chat_id, body(text), now)
