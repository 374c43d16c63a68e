"""The plan's posts in, messages to clusters' groups out, or to a chair who passes them on."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from hashlib import sha256

from handlers.leaders.summaries import Summaries
from handlers.turn import body
from reporting.plan.entries import Entry
from reporting.time.calendar import day_name, local_day, moment
from scheduler.planned.reminders import planner_of
from storage.database import Database, Statement
from storage.messages import outbox
from storage.organisation import units
from storage.people import groups, people
from storage.periods import holidays, planning, rounds
from storage.periods.rounds import Round

_FINGERPRINT = 16  # hexadecimal digits by which a text is known again

DAYS_COMPARED = 31  # a post longer ago is not what the group has in mind


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
        due = await self._due(now)
        if not due:
            return 0
        named = {item.round_id for entry in due for item in entry.items}
        every = await rounds.in_state(self._db, "open", "locked")
        # One that was locked ahead of the meeting is posted about until it is over; of older ones nobody asks.
        running = {round_.id: round_ for round_ in every if round_.state == "open" or round_.id in named}
        unit: list[Statement] = []
        chairs = [entry.person_id for entry in due if entry.person_id is not None]
        accounts = await people.best_accounts(self._db, chairs, self._channels)
        for entry in due:
            if entry.person_id is None:
                chats = await groups.of_cluster(self._db, entry.cluster_id or 0)
            else:
                own = accounts.get(entry.person_id)
                chats = [(own.channel, own.chat_id)] if own is not None else []
            for channel, chat in chats:
                unit += await self._post(running, entry, channel, chat, now)
        return sum(await self._db.write(unit)) if unit else 0

    async def _due(self, now: datetime) -> list[Entry]:
        """What the plan says of today, as far as its hour has come and the day is not over."""
        today, planner = local_day(now), await planner_of(self._db)
        if not planner.rules.morning(today) <= now < planner.rules.closing(today):
            return []
        facts = await planning.occasions(self._db, now, self._channels, planner.calendar)
        return [entry for entry in planner.posts.posts(facts, today) if not entry.why and entry.at <= now]

    async def _post(
        self, running: Mapping[int, Round], entry: Entry, channel: str, chat: str, now: datetime
    ) -> list[Statement]:
        """One message about every period of the entry that the group has not heard of in this half of the day.

        By its day: after a move the same rung comes again, ahead of the new one; and by the half of the day, so that
        a group that has heard this morning does not hear once more because the move made today another rung.
        """
        today, cluster_id = local_day(now), entry.cluster_id or 0
        half = "after" if any(item.rung == "after" for item in entry.items) else "ahead"

        def keys(of: str, days: Iterable[date]) -> list[str]:
            about = f"{cluster_id}:{{}}:{of}:{channel}:{chat}"
            return [f"post:{round_.code}:{about.format(day)}" for round_ in running.values() for day in days]

        told = {code for about in await outbox.bodies(self._db, keys(half, [today])) for code in about.body["about"]}
        new = [(running[i.round_id], i.rung) for i in entry.items if i.round_id in running]
        new = [(round_, rung) for round_, rung in new if round_.code not in told]
        if not new:
            return []
        days = [today - timedelta(days=back) for back in range(1, DAYS_COMPARED + 1)]
        before = await outbox.bodies(self._db, keys("ahead", days), "sent")
        texts, seen = [], {}
        for round_, rung in new:
            text = await self._text(round_, cluster_id, rung, now)
            if rung != "open":
                seen[round_.code] = mark = _seen(text, now)
                last = next((said for said in before if round_.code in said.body["seen"]), None)
                if rung != "after" and last is not None and last.body["seen"][round_.code] == mark:
                    text = await self._summaries.unchanged(round_, cluster_id, last.created_at, now)
            texts.append(text)
        content = body("\n\n".join(texts)) | {"about": [round_.code for round_, _ in new], "seen": seen}
        key = f"post:{new[0][0].code}:{cluster_id}:{today}:{half}:{channel}:{chat}"
        if entry.person_id is None:
            return [outbox.say(key, "group_post", channel, chat, content, now)]
        if picture := await self._summaries.picture(new[0][0], cluster_id, now):
            content["file"] = picture
        return [outbox.say(key, "digest", channel, chat, content, now)]

    async def _text(self, round_: Round, cluster_id: int, rung: str, now: datetime) -> str:
        """The cluster's summary; at the opening there is none yet, and its days are told."""
        if rung != "open":
            return await self._summaries.cluster(round_, cluster_id, now)
        say = self._summaries.wording.say
        cluster = await units.cluster_by_id(self._db, cluster_id)
        briefing = await rounds.briefing_of(self._db, round_.id, cluster_id)
        met_on = local_day(briefing.starts_at) if briefing else None
        told = (await rounds.announced(self._db, round_.id)).get(cluster_id)
        due = round_.due_on(await holidays.calendar(self._db), met_on, None, told)
        lines = [say("post.open", cluster=cluster.name, period=round_.period.name, day=day_name(due))]
        if briefing is not None:
            lines.append(self._summaries.meeting(briefing))
        return "\n".join(lines)


def _seen(text: str, now: datetime) -> str:
    """Tells one summary from another: all of it but the moment it was made."""
    return fingerprint(text.replace(moment(now), "", 1))


def fingerprint(text: str) -> str:
    """The hexadecimal digits by which a text is known again."""
    return sha256(text.encode()).hexdigest()[:_FINGERPRINT]
