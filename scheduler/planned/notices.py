"""Changes the office made in (briefings, deadlines), one notice to each person they concern out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from handlers.office.briefing_decisions import BriefingDecisions
from handlers.office.briefing_files import briefing_file
from handlers.turn import body
from handlers.wording.speech import Wording
from reporting.plan.entries import Entry
from reporting.plan.planner import SOON
from reporting.time.calendar import VIETNAM, day_name, local_day
from scheduler.planned.outlook import Outlooks
from storage.database import Conflict, Database, Statement
from storage.messages import outbox, reminders
from storage.organisation import owing
from storage.people import groups, people
from storage.people.people import Account
from storage.periods import briefings, extensions, holidays, rounds
from storage.periods.briefings import Cancelled, Chairing, Moved
from storage.periods.extensions import Extension
from storage.periods.rounds import Briefing, Round

# What was to go with a reminder that did not come goes by itself.
TAKEN = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Note:
    """One thing to tell a person, with the permanent key under which it would go alone."""

    key: str
    account: Account
    text: str
    file: Mapping[str, Any] | None = None


# Statements that say what has been told, posts for groups, and notes for people; written as one.
Unit = tuple[list[Statement], list[Statement], list[Note]]


class Notices:
    """The job that tells of changes: to whom and when by the plan, and once, by rows that say what has been told.

    A night, a restart or a second worker changes nothing; two moves are one notice. All there is to tell a person is
    one message, which waits for the day's reminder where that is due soon.
    """

    def __init__(self, db: Database, wording: Wording, outlooks: Outlooks) -> None:
        self._db = db
        self._wording = wording
        self._outlooks = outlooks

    async def tick(self, now: datetime) -> int:
        """Queues what has not been told and may be by the plan; returns how many messages were new."""
        moved, extended = await briefings.untold(self._db), await extensions.untold(self._db)
        off, chairing = await briefings.cancelled(self._db), await briefings.chairs_untold(self._db, now)
        if not moved and not off and not extended and not chairing:
            return 0
        outlook = await self._outlooks.at(now)
        planner = outlook.planner
        if planner.rules.is_quiet(now.astimezone(VIETNAM).time()):
            return 0
        facts = (await outlook.situation()).facts
        told: dict[tuple[int, int, int], list[Entry]] = {}
        units: list[Unit] = []
        for entry in planner.changes.notices(facts, local_day(now)):
            if entry.at > now:
                continue
            if entry.items[0].rung in ("chair", "no_chair"):
                units.append(await self._chairs(entry, chairing, now))
                continue
            (item,) = entry.items
            told.setdefault((item.round_id, entry.cluster_id or 0, item.unit_id), []).append(entry)
        units += [await self._moved(m, told[k], now) for m in moved if (k := (m.period_id, m.cluster_id, 0)) in told]
        for one in off:
            if (k := (one.briefing.period_id, one.briefing.cluster_id, 0)) in told:
                units.append(await self._cancelled(one, told[k], now))
        units += [await self._extended(e, told[k], now) for e in extended if (k := (e.period_id, 0, e.unit_id)) in told]
        units = [unit for unit in units if unit[0]]
        soon = await reminders.planned_by(self._db, local_day(now), now + SOON) if units else {}
        waits = {person: max(due_at, now) + TAKEN for person, due_at in soon.items()}
        try:
            return await self._write(units, waits, now)
        except Conflict:  # another worker was quicker with some, or it has just been changed once more
            queued = 0
            for unit in units if len(units) > 1 else ():
                try:
                    queued += await self._write([unit], waits, now)
                except Conflict:
                    continue
            return queued

    async def _write(self, units: Sequence[Unit], waits: Mapping[int, datetime], now: datetime) -> int:
        """All of these as one; returns how many messages were new."""
        marks = [mark for own, _, _ in units for mark in own]
        posts = [post for _, own, _ in units for post in own]
        told: dict[int, list[Note]] = {}
        for note in (note for *_, own in units for note in own):
            told.setdefault(note.account.person_id, []).append(note)
        messages = [one for notes in told.values() for one in _together(notes, waits, now)]
        return sum((await self._db.write([*marks, *posts, *messages]))[len(marks) :]) if marks else 0

    async def _moved(self, moved: Moved, told: Sequence[Entry], now: datetime) -> Unit:
        marks, unit, notes = [briefings.told(moved)], list[Statement](), list[Note]()
        if not any(entry.why == "" for entry in told):
            return marks, unit, notes  # it would reach nobody, or tell of a meeting that is over
        round_, briefing = await self._briefing(moved.period_id, moved.cluster_id)
        say = self._wording.say
        calendar = await holidays.calendar(self._db)
        meetings = BriefingDecisions(self._db, calendar, self._wording)
        today = local_day(now)
        parts = meetings.parts(briefing, today) | {"period": round_.period.name}
        if moved.was_at != briefing.starts_at:
            was = meetings.when(replace(briefing, starts_at=moved.was_at), today)
            text = say("changed.moved", **parts, was=was)
        else:
            text = say("changed.place", **parts)
        key = f"moved:{round_.code}:{moved.cluster_id}:{moved.sequence}"
        if any(entry.to == "group" for entry in told):
            for channel, chat in await groups.of_cluster(self._db, moved.cluster_id):
                unit.append(outbox.say(f"{key}:{channel}:{chat}", "group_post", channel, chat, body(text), now))
        announced_on = (await rounds.announced(self._db, round_.id)).get(moved.cluster_id)
        due = round_.due_on(calendar, local_day(briefing.starts_at), None, announced_on)
        follows = round_.terms.deadline_on is None
        line = say("changed.due", day=day_name(due, today)) if follows and due >= today else ""
        for role, account in await self._accounts(told):
            mine, file = text if role == "chair" or not line else f"{text} {line}", None
            if role == "chair":
                file = briefing_file(self._wording, [(round_, briefing)], now)
                marks.append(briefings.chair_told(moved.id, account.person_id, moved.sequence))
            notes.append(Note(f"{key}:{account.person_id}", account, mine, file))
        return marks, unit, notes

    async def _cancelled(self, off: Cancelled, told: Sequence[Entry], now: datetime) -> Unit:
        """That a meeting is off, to its group, its chairs and who reports: until when, or that nothing is owed."""
        was, unit, notes = off.briefing, list[Statement](), list[Note]()
        marks = [briefings.cancel_told(off, now)]
        round_ = next(r for r in await rounds.all_rounds(self._db) if r.id == was.period_id)
        calendar = await holidays.calendar(self._db)
        today = local_day(now)
        parts = BriefingDecisions(self._db, calendar, self._wording).parts(was, today) | {"period": round_.period.name}
        text = self._wording.say("changed.cancelled", **parts)
        key = f"cancelled:{round_.code}:{was.cluster_id}:{was.sequence}"
        if any(entry.to == "group" and not entry.why for entry in told):
            for channel, chat in await groups.of_cluster(self._db, was.cluster_id):
                unit.append(outbox.say(f"{key}:{channel}:{chat}", "group_post", channel, chat, body(text), now))
        owing_units = await owing.owing(self._db, round_.id, round_.terms.owes, local_day(now))
        owes = owing_units is None or was.cluster_id in owing_units.values()
        announced_on = (await rounds.announced(self._db, round_.id)).get(was.cluster_id)
        due = round_.due_on(calendar, None, None, announced_on)
        if not owes:
            line = self._wording.say("changed.nothing_owed", period=round_.period.name)
        else:
            line = self._wording.say("changed.due", day=day_name(due, today)) if due >= today else ""
        for role, account in await self._accounts(told):
            file = briefing_file(self._wording, [(round_, was)], now, cancelled=True) if role == "chair" else None
            mine = text if role == "chair" or not line else f"{text} {line}"
            notes.append(Note(f"{key}:{account.person_id}", account, mine, file))
        return marks, unit, notes

    async def _chairs(self, entry: Entry, chairing: Sequence[Chairing], now: datetime) -> Unit:
        """The briefings for the calendar of who chairs them; or what takes them out, for who no longer does."""
        ended = entry.items[0].rung == "no_chair"
        wanted = {(item.round_id, entry.cluster_id, entry.person_id, ended) for item in entry.items}
        own = [c for c in chairing if (c.period_id, c.cluster_id, c.person_id, c.ended) in wanted]
        accounts = await self._accounts([entry])
        if not own or not accounts:
            return [], [], []
        found = sorted(
            [await self._briefing(c.period_id, c.cluster_id) for c in own], key=lambda meeting: meeting[1].starts_at
        )
        meetings = BriefingDecisions(self._db, await holidays.calendar(self._db), self._wording)
        say = self._wording.say
        told = [say("changed.chaired", **meetings.parts(b, local_day(now)), period=r.period.name) for r, b in found]
        words = "changed.no_chair" if ended else "changed.chair"
        text = say(words, cluster=found[0][1].cluster_name, briefings="; ".join(told))
        file = briefing_file(self._wording, found, now, cancelled=ended)
        about = ",".join(f"{r.code}.{b.sequence}" for r, b in found)
        key = f"{entry.items[0].rung}:{entry.cluster_id}:{about}:{entry.person_id}"
        marks = [
            briefings.chair_released(c.briefing_id, c.person_id)
            if ended
            else briefings.chair_told(c.briefing_id, c.person_id, c.sequence)
            for c in own
        ]
        return marks, [], [Note(key, account, text, file) for _, account in accounts]

    async def _briefing(self, period_id: int, cluster_id: int) -> tuple[Round, Briefing]:
        round_ = next(r for r in await rounds.all_rounds(self._db) if r.id == period_id)
        return round_, next(b for b in await rounds.briefings(self._db, round_.id) if b.cluster_id == cluster_id)

    async def _extended(self, extension: Extension, told: Sequence[Entry], now: datetime) -> Unit:
        round_ = next(r for r in await rounds.all_rounds(self._db) if r.id == extension.period_id)
        text = self._wording.say(
            "changed.extended", unit=extension.unit_name, period=round_.period.name,
            day=day_name(extension.deadline_on, local_day(now)),
        )  # fmt: skip
        key = f"extended:{round_.code}:{extension.unit_id}:{extension.deadline_on}"
        accounts = await self._accounts(told)
        return [extensions.told(extension, now)], [], [Note(f"{key}:{a.person_id}", a, text) for _, a in accounts]

    async def _accounts(self, told: Sequence[Entry]) -> list[tuple[str, Account]]:
        """Whom the plan has told, with the role in which each is."""
        roles = {e.person_id: e.to for e in told if e.person_id is not None and not e.why}
        accounts = await people.best_accounts(self._db, list(roles), self._outlooks.channels)
        return [(roles[person], account) for person, account in accounts.items()]


def _together(notes: Sequence[Note], waits: Mapping[int, datetime], now: datetime) -> list[Statement]:
    """What a person is told at one time as one message; a message has room for one file, so that a second one goes
    with words of its own.
    """
    first, found = notes[0], list[Statement]()
    alone = [note for note in notes if note.file is not None][1:]
    text = "\n".join(note.text for note in notes if note not in alone)
    file = next((note.file for note in notes if note.file is not None), None)
    whole = Note(first.key, first.account, text, file)
    for note in (whole, *alone):
        account, wait = note.account, waits.get(note.account.person_id)
        content = body(note.text, file=note.file)
        found.append(outbox.say(note.key, "notice", account.channel, account.chat_id, content, now, wait))
    return found
