"""The plan's calls of quick counts in, messages that ask for them and remind out; one whose hour has come is ended."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from handlers.quick_counts.running_sums import RunningSums
from handlers.report.assignment import assignment_mark
from handlers.turn import body
from handlers.wording import figure_lines
from handlers.wording.speech import Wording
from reporting.figures.forms import counted_together
from reporting.plan.counts import CALLED
from reporting.plan.entries import Entry
from reporting.plan.facts import Facts
from reporting.time.calendar import hour_of_day, local_day
from scheduler.planned.outlook import planner_of
from storage.database import Conflict, Database, Statement
from storage.messages import conversations, outbox
from storage.people import people
from storage.people.people import Account
from storage.periods import planning, rounds
from storage.periods.rounds import Round
from storage.reports.events import happened


class CountCalls:
    """The job that asks units for a quick count, reminds who has not answered, and ends it at its hour.

    A message has a permanent key, so that asking twice sends once; with the unit's answer what has not left is
    withdrawn (outbox.cancel_reminders).
    """

    def __init__(self, db: Database, sums: RunningSums, wording: Wording, channels: Sequence[str]) -> None:
        self._db = db
        self._sums = sums
        self._wording = wording
        self._channels = channels

    async def tick(self, now: datetime) -> int:
        """Queues what is due by now; returns how many messages were new."""
        running = {round_.id: round_ for round_ in await rounds.quick_rounds(self._db)}
        queued = 0
        for round_ in [one for one in running.values() if one.period.due_at is not None and one.period.due_at <= now]:
            del running[round_.id]
            queued += await self._end(round_, now)
        if not running:
            return queued
        planner = await planner_of(self._db)
        if planner.rules.awake_at(now) > now:
            return queued
        facts = await planning.counting(self._db, now, self._channels)
        due = self._latest([e for e in planner.counts.day(facts, local_day(now)) if not e.why and e.at <= now])
        busy = await conversations.busy(self._db, now - timedelta(minutes=planner.rules.busy))
        due = [e for e in due if e.items[0].rung == CALLED or e.person_id not in busy]
        keys = {f"quick:{facts.code_of(e.items[0].round_id)}:{e.items[0].rung}:{e.person_id}": e for e in due}
        known = await outbox.known(self._db, list(keys))
        new = {key: entry for key, entry in keys.items() if key not in known}
        accounts = await people.best_accounts(self._db, [e.person_id or 0 for e in new.values()], self._channels)
        unit = [
            self._message(key, running[entry.items[0].round_id], entry, facts, account, now)
            for key, entry in new.items()
            if (account := accounts.get(entry.person_id or 0)) is not None
        ]
        return queued + (sum(await self._db.write(unit)) if unit else 0)

    @staticmethod
    def _latest(due: Sequence[Entry]) -> list[Entry]:
        """Of several rungs that are due to a person, as after an outage, the last one of each count."""
        found = {(entry.items[0].round_id, entry.person_id): entry for entry in sorted(due, key=lambda one: one.at)}
        return list(found.values())

    def _message(
        self, key: str, round_: Round, entry: Entry, facts: Facts, account: Account, now: datetime
    ) -> Statement:
        content = self._content(round_, entry, [facts.units[item.unit_id].name for item in entry.items])
        return outbox.say(key, "reminder", account.channel, account.chat_id, content, now)

    def _content(self, round_: Round, entry: Entry, names: Sequence[str]) -> dict[str, Any]:
        say, own = self._wording.say, round_.period.own
        parts = {"title": round_.period.title, "until": hour_of_day(round_.period.due_at or entry.at)}
        counted = "; ".join(f"{one.label[:1].lower()}{one.label[1:]}" for one in own)
        parts |= {"units": ", ".join(names), "counted": counted}
        form = counted_together(own)
        parts["example"] = figure_lines.example(form, [one.code for one in own], "chi_doan")
        rung = "call" if entry.items[0].rung == CALLED else "remind"
        if len(names) > 1:
            return body(say(f"quick.{rung}_several", **parts))
        mark = assignment_mark(round_.code, entry.items[0].unit_id)
        # What the message asks, as a question of the report itself: a bare answer is the answer to it.
        return body(say(f"quick.{rung}", **parts)) | {"asks": [mark, "asking", form.code, "", *(i.code for i in own)]}

    async def _end(self, round_: Round, now: datetime) -> int:
        """Locks it and tells the office what it came to."""
        locked = rounds.set_state(round_, "locked", now)
        event = happened(
            "period.locked", round_.code, None, now, period_id=round_.id, old=round_.state, new="locked"
        )  # fmt: skip
        try:
            await self._db.write([locked, event])
        except Conflict:
            return 0  # the office or another worker was quicker
        ended = await rounds.round_by_code(self._db, round_.code) or round_
        text = await self._sums.told(ended, None, local_day(now))
        when = (await planner_of(self._db)).rules.awake_at(now)
        accounts = {account.person_id: account for account in await people.office(self._db, local_day(now))}
        unit = [
            outbox.say(f"quick:{round_.code}:end:{a.person_id}", "notice", a.channel, a.chat_id, body(text), now, when)
            for a in accounts.values()
        ]
        return sum(await self._db.write(unit)) if unit else 0
