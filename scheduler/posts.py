"""What clusters' groups and leaders are told unasked: the cluster's summary, the week's summary."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any

from handlers.summaries import Summaries, figures
from handlers.turn import body
from handlers.wording.speech import Wording
from reporting.calendar import day_name, day_range, local_day, moment, week_of
from reporting.deadlines import due_on
from reporting.plan import Entry, Kind
from reporting.totals import Coverage, progress
from scheduler.reminders import planner_of
from storage import groups, holidays, outbox, people, planning, rounds, submissions, targets, units
from storage.database import Database, Statement
from storage.rounds import Round


async def _due(db: Database, kind: Kind, now: datetime, channels: Sequence[str]) -> list[Entry]:
    """What the plan says of today, as far as its hour has come and the day is not over."""
    today = local_day(now)
    planner = await planner_of(db)
    if not planner.rules.morning(today) <= now < planner.rules.closing(today):
        return []
    facts = await planning.occasions(db, today, channels, planner.calendar)
    return [e for e in planner.day(facts, today) if e.kind == kind and not e.why and e.at <= now]


DAYS_COMPARED = 31  # a post longer ago is not what the group has in mind
LATE_NAMED = 3  # of a cluster, in the week of a leader who reads four of them on a phone


class GroupPosts:
    """A cluster's summary into its groups: when the period opens, ahead of the day it is due, after the briefing.

    Ahead of the day a group that has seen the same figures hears in one line that nothing has changed.
    """

    def __init__(self, db: Database, summaries: Summaries, channels: Sequence[str]) -> None:
        self._db = db
        self._summaries = summaries
        self._channels = channels

    async def tick(self, now: datetime) -> int:
        """Queues the posts due now; returns how many were new."""
        due = await _due(self._db, "group_post", now, self._channels)
        if not due:
            return 0
        open_ = {round_.id: round_ for round_ in await rounds.open_rounds(self._db)}
        unit: list[Statement] = []
        for entry in due:
            if entry.cluster_id is not None and entry.round_id in open_:
                unit += await self._posts(open_[entry.round_id], entry.cluster_id, entry.rung, now)
        return sum(await self._db.write(unit)) if unit else 0

    async def _posts(self, round_: Round, cluster_id: int, rung: str, now: datetime) -> list[Statement]:
        chats = await groups.of_cluster(self._db, cluster_id)
        # By its day: after a move the same rung comes again, ahead of the new one; and by the half of the day, so that
        # a group that has heard this morning does not hear once more because the move made today another rung.
        half = f"{local_day(now)}:{'after' if rung == 'after' else 'ahead'}"
        keys = [f"post:{round_.code}:{cluster_id}:{half}:{channel}:{chat}" for channel, chat in chats]
        known = await outbox.known(self._db, keys)
        if len(known) == len(keys):
            return []
        content = body(await self._text(round_, cluster_id, rung, now))
        same: dict[str, dict[str, Any]] = {}
        if rung != "open":
            content["seen"] = seen = _seen(content["text"], now)
        if rung not in ("open", "after"):
            for key in keys:
                last = await outbox.last_sent(self._db, _earlier(key, local_day(now)))
                if last is not None and last[1].get("seen") == seen:
                    text = await self._summaries.unchanged(round_, cluster_id, last[0], now)
                    same[key] = {**body(text), "seen": seen}
        return [
            outbox.say(key, "group_post", channel, chat, same.get(key, content), now)
            for key, (channel, chat) in zip(keys, chats, strict=True)
            if key not in known
        ]

    async def _text(self, round_: Round, cluster_id: int, rung: str, now: datetime) -> str:
        """The cluster's summary; at the opening there is none yet, and its days are told."""
        if rung != "open":
            return await self._summaries.cluster(round_, cluster_id, now)
        say = self._summaries.wording.say
        cluster = next(c for c in await units.all_clusters(self._db, local_day(now)) if c.id == cluster_id)
        briefing = next((b for b in await rounds.briefings(self._db, round_.id) if b.cluster_id == cluster_id), None)
        met_on = local_day(briefing.starts_at) if briefing else None
        due = due_on(round_.period, round_.terms, await holidays.calendar(self._db), met_on)
        lines = [say("post.open", cluster=cluster.name, period=round_.period.name, day=day_name(due))]
        if briefing is not None:
            lines.append(self._summaries.meeting(briefing))
        return "\n".join(lines)


def _seen(text: str, now: datetime) -> str:
    """Tells one summary from another: all of it but the moment it was made."""
    return sha256(text.replace(moment(now), "", 1).encode()).hexdigest()[:16]


def _earlier(key: str, today: date) -> list[str]:
    """The keys that the same group's posts ahead of a meeting had on the days before."""
    days = [today - timedelta(days=back) for back in range(1, DAYS_COMPARED + 1)]
    return [key.replace(f":{today}:", f":{day}:", 1) for day in days]


class Digests:
    """The week in one message for each leader who has not chosen less."""

    def __init__(self, db: Database, summaries: Summaries, wording: Wording, channels: Sequence[str]) -> None:
        self._db = db
        self._summaries = summaries
        self._wording = wording
        self._channels = channels

    async def tick(self, now: datetime) -> int:
        """Queues this week's summary once its hour has come; returns how many were new."""
        day = local_day(now)
        due = await _due(self._db, "digest", now, self._channels)
        year, week = week_of(day)
        keys = {e.person_id: f"digest:{year}-W{week:02}:{e.person_id}" for e in due if e.person_id is not None}
        known = await outbox.known(self._db, list(keys.values()))
        new = [person for person, key in keys.items() if key not in known]
        accounts = await people.best_accounts(self._db, new, self._channels)
        if not accounts:
            return 0
        texts = [await self.text(round_, day, now) for round_ in await rounds.open_rounds(self._db)]
        content = body("\n\n".join(texts))
        unit = [outbox.say(keys[a.person_id], "digest", a.channel, a.chat_id, content, now) for a in accounts.values()]
        return sum(await self._db.write(unit))

    async def text(self, round_: Round, day: date, now: datetime) -> str:
        """Coverage, what needs attention, the clusters, the province's totals, targets met."""
        say = self._wording.say
        today = day.isoformat()
        last_monday = day - timedelta(days=day.weekday() + 7)
        coverage = await submissions.coverage(self._db, round_.id, today)
        head = say(
            "week.head",
            week=week_of(last_monday)[1],
            days=day_range(last_monday, last_monday + timedelta(days=6)),
            period=round_.period.name[:1].upper() + round_.period.name[1:],
            filed=sum(c.filed for c in coverage.values()),
            owing=sum(c.owing for c in coverage.values()),
        )
        lines = [head]
        briefings = {b.cluster_id: b for b in await rounds.briefings(self._db, round_.id)}
        for cluster in await units.all_clusters(self._db, day):
            filed = coverage.get(cluster.id, Coverage(0, 0))
            late = await submissions.not_filed(self._db, round_.id, cluster.id, today)
            briefing = briefings.get(cluster.id)
            held = briefing is not None and briefing.starts_at <= now
            lines.append(
                say(
                    "week.cluster_alone" if not briefing else "week.cluster_held" if held else "week.cluster",
                    cluster=cluster.name,
                    filed=filed.filed,
                    owing=filed.owing,
                    not_filed=self._summaries.late(late, LATE_NAMED),
                    day=day_name(local_day(briefing.starts_at)) if briefing else "",
                )
            )
        reached = await figures(self._db, self._summaries.catalogue, round_, None, today)
        board = progress(await targets.of_province(self._db, round_.id), reached, day)
        if concern := [self._summaries.target(item) for item in board if item.state != "met"]:
            lines.insert(1, say("week.concern", targets="; ".join(concern)))
        lines += [say("week.totals"), *self._summaries.totals(reached, brief=True)]
        if met := [self._summaries.target(item) for item in board if item.state == "met"]:
            lines.append(say("week.targets_met", targets="; ".join(met)))
        return "\n".join(lines)
