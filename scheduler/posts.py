"""What clusters' groups and leaders are told unasked: the cluster's summary, the week's summary."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from handlers.summaries import Summaries, figures
from handlers.turn import body
from handlers.wording.speech import Wording
from reporting.calendar import VietnamCalendar, day_name, day_range, local_day, week_of
from reporting.totals import Coverage, progress
from scheduler.hours import POST_RUNGS, Hours, digest_day, rung_name
from storage import groups, outbox, people, rounds, submissions, targets, units
from storage.database import Database, Statement
from storage.rounds import Round


class GroupPosts:
    """A cluster's summary into its groups: ahead of the briefing and after it."""

    def __init__(self, db: Database, summaries: Summaries, calendar: VietnamCalendar, hours: Hours) -> None:
        self._db = db
        self._summaries = summaries
        self._calendar = calendar
        self._hours = hours

    async def tick(self, now: datetime) -> int:
        """Queues the posts due now; returns how many were new."""
        today = local_day(now)
        unit: list[Statement] = []
        for round_ in await rounds.open_rounds(self._db):
            for briefing in await rounds.briefings(self._db, round_.id):
                rung = self._calendar.rung_days(local_day(briefing.starts_at), POST_RUNGS[:-1]).get(today)
                hour = self._hours.summaries
                if today == local_day(briefing.starts_at):
                    rung, hour = 0, self._hours.after_briefing
                if rung is None or not self._hours.due(today, hour, now):
                    continue
                unit += await self._posts(round_, briefing.cluster_id, rung, now)
        return sum(await self._db.write(unit)) if unit else 0

    async def _posts(self, round_: Round, cluster_id: int, rung: int, now: datetime) -> list[Statement]:
        chats = await groups.of_cluster(self._db, cluster_id)
        keys = [f"post:{round_.code}:{cluster_id}:{rung_name(rung)}:{channel}:{chat}" for channel, chat in chats]
        known = await outbox.known(self._db, keys)
        if len(known) == len(keys):
            return []
        text = await self._summaries.cluster(round_, cluster_id, now)
        return [
            outbox.say(key, "group_post", channel, chat, body(text), now)
            for key, (channel, chat) in zip(keys, chats, strict=True)
            if key not in known
        ]


class Digests:
    """The week in one message for each leader."""

    def __init__(
        self,
        db: Database,
        summaries: Summaries,
        wording: Wording,
        calendar: VietnamCalendar,
        hours: Hours,
        channels: Sequence[str],
    ) -> None:
        self._db = db
        self._summaries = summaries
        self._wording = wording
        self._calendar = calendar
        self._hours = hours
        self._channels = channels

    async def tick(self, now: datetime) -> int:
        """Queues this week's summary once its hour has come; returns how many were new."""
        day = digest_day(self._calendar, now)
        if not self._hours.due(day, self._hours.summaries, now):
            return 0
        year, week = week_of(day)
        accounts = {
            a.person_id: a for a in await people.with_role(self._db, "leader", day) if a.channel in self._channels
        }
        keys = {person: f"digest:{year}-W{week:02}:{person}" for person in accounts}
        known = await outbox.known(self._db, list(keys.values()))
        new = [accounts[person] for person, key in keys.items() if key not in known]
        if not new:
            return 0
        texts = [await self.text(round_, day, now) for round_ in await rounds.open_rounds(self._db)]
        if not texts:
            return 0
        content = body("\n\n".join(texts))
        unit = [outbox.say(keys[a.person_id], "digest", a.channel, a.chat_id, content, now) for a in new]
        return sum(await self._db.write(unit))

    async def text(self, round_: Round, day: date, now: datetime) -> str:
        """Coverage by cluster, the province's totals, targets, and what needs attention."""
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
                    not_filed=self._summaries.late(late),
                    day=day_name(local_day(briefing.starts_at)) if briefing else "",
                )
            )
        reached = await figures(self._db, self._summaries.catalogue, round_, None, today)
        lines += [say("week.totals"), *self._summaries.totals(reached)]
        board = progress(await targets.of_province(self._db, round_.id), reached, day)
        if met := [self._summaries.target(item) for item in board if item.state == "met"]:
            lines.append(say("week.targets_met", targets="; ".join(met)))
        if concern := [self._summaries.target(item) for item in board if item.state != "met"]:
            lines.append(say("week.concern", targets="; ".join(concern)))
        return "\n".join(lines)
