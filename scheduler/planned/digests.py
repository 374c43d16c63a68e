"""The plan's digests in, one summary of the week to each leader out."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from handlers.leaders.summaries import Summaries
from handlers.turn import body
from handlers.wording.speech import Wording
from reporting.figures.totals import Coverage
from reporting.organisation.part import WHOLE
from reporting.plan.entries import Entry
from reporting.time.calendar import at, day_name, day_range, local_day, week_of
from reporting.time.owing import ALL
from scheduler.planned.group_posts import fingerprint
from scheduler.planned.reminders import planner_of
from storage.database import Database
from storage.messages import outbox
from storage.organisation import units
from storage.people import people
from storage.people.people import Account
from storage.periods import planning, rounds, tasks
from storage.periods.comparing import compared
from storage.periods.rounds import Round
from storage.reports import petitions, submissions

MOST_OF_WEEK = 1900  # characters of a leader's week, which is read on a phone
LEAST_OF_WEEK = 600  # below a reminder that is long itself
WEEKS_COMPARED = 5  # who reads once a month compares with a month ago
LATE = timedelta(days=30)  # without an answer a petition is late
LATE_NAMED = 3  # of a cluster, in the week of a leader who reads four of them on a phone


class Digests:
    """The week in one message for each leader who has not chosen less."""

    def __init__(self, db: Database, summaries: Summaries, wording: Wording, channels: Sequence[str]) -> None:
        self._db = db
        self._summaries = summaries
        self._wording = wording
        self._channels = channels
        self._looked: tuple[date, int] | None = None

    async def tick(self, now: datetime) -> int:
        """Queues this week's summary once its hour has come; returns how many were new."""
        day = local_day(now)
        due = await self._due(now)
        keys = {e.person_id: _week_key(day, e.person_id) for e in due if e.person_id is not None}
        known = await outbox.known(self._db, list(keys.values()))
        new = [person for person, key in keys.items() if key not in known]
        accounts = await people.best_accounts(self._db, new, self._channels)
        if not accounts:
            return 0
        told, texts = await self._texts(due[0], now)
        unit = [
            outbox.say(keys[a.person_id], "digest", a.channel, a.chat_id, await self._body(a, told, texts, day), now)
            for a in accounts.values()
        ]
        return sum(await self._db.write(unit))

    async def with_week(self, content: dict[str, Any], entry: Entry, account: Account, now: datetime) -> dict[str, Any]:
        """A reminder that goes out on the summary's day, with the summary below it; see `Weeks` of reminders.py."""
        told, texts = await self._texts(entry, now)
        room = MOST_OF_WEEK - len(content["text"])
        week = await self._body(account, told, texts, local_day(now), room)
        bold = [*content.get("bold", ()), *week.get("bold", ())]
        both = {**week, **content, "text": f"{content['text']}\n\n{week['text']}"}
        return {**both, "bold": bold} if bold else both

    async def _texts(self, entry: Entry, now: datetime) -> tuple[list[Round], dict[str, str]]:
        """(the periods that are told of, the summary of each by its code)."""
        every = {round_.id: round_ for round_ in await rounds.in_state(self._db, "open", "locked")}
        about = [item.round_id for item in entry.items if item.part == "digest" and item.round_id in every]
        told = [every[round_id] for round_id in about]
        if entry.kind == "reminder":  # in whose items they have no order of their own
            told.sort(key=lambda round_: (round_.period.end_on, round_.code))
        return told, {round_.code: await self.text(round_, local_day(now), now) for round_ in told}

    async def _due(self, now: datetime) -> list[Entry]:
        """What the plan says of today, from its hour to the end of the day; looked at once an hour."""
        today, planner = local_day(now), await planner_of(self._db)
        hour = planner.rules.summaries
        if not at(today, hour.hour, hour.minute) <= now < planner.rules.closing(today):
            return []
        if self._looked == (today, now.hour):
            return []
        facts = (await planning.situation(self._db, now, self._channels, planner.calendar)).facts
        self._looked = (today, now.hour)
        return [entry for entry in planner.posts.digests(facts, today) if not entry.why]

    async def _body(
        self, account: Account, told: Sequence[Round], texts: Mapping[str, str], day: date, room: int = MOST_OF_WEEK
    ) -> dict[str, Any]:
        """The week's figures of each period; of one that stands as this person last read it, one line."""
        weeks = [day - timedelta(weeks=back) for back in range(1, WEEKS_COMPARED + 1)]
        earlier = await outbox.bodies(self._db, [_week_key(week, account.person_id) for week in weeks], "sent")
        seen = {code: fingerprint(text.partition("\n")[2]) for code, text in texts.items()}
        parts: list[str] = []
        for round_ in told:
            last = next((e for e in earlier if round_.code in e.body.get("seen", {})), None)
            if last is not None and last.body["seen"][round_.code] == seen[round_.code]:
                since = day_name(local_day(last.created_at))
                head = texts[round_.code].partition("\n")[0]
                parts.append(self._wording.say("week.same", head=head, since=since))
            else:
                parts.append(texts[round_.code])
        return body(_within(parts, self._wording.say("week.more"), max(room, LEAST_OF_WEEK))) | {"seen": seen}

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
            if cluster.id not in coverage and round_.terms.owes != ALL:
                continue
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
        compared_ = await compared(self._db, self._summaries.catalogue, round_, WHOLE, day)
        board = [row.target for row in compared_.rows if row.target is not None]
        if concern := [self._summaries.target(item) for item in board if not item.met]:
            lines.insert(1, say("week.concern", targets="; ".join(concern)))
        if waiting := await petitions.still_open(self._db, None, (), today, now - LATE):
            numbers = ", ".join(one.known_as for one in waiting[:LATE_NAMED])
            more = "…" if len(waiting) > LATE_NAMED else ""
            lines.insert(1, say("petition.late", count=len(waiting), numbers=numbers + more))
        overdue = [one for one in await tasks.of_area(self._db, None, (), day) if one.is_overdue(day)]
        if late_tasks := list(dict.fromkeys(one.known_as for one in overdue)):
            named = ", ".join(late_tasks[:LATE_NAMED]) + ("…" if len(late_tasks) > LATE_NAMED else "")
            lines.insert(1, say("week.tasks_late", count=len(late_tasks), numbers=named))
        lines += [say("week.totals"), *self._summaries.totals(dict(compared_.now.totals), brief=True)]
        if met := [self._summaries.target(item) for item in board if item.met]:
            lines.append(say("week.targets_met", targets="; ".join(met)))
        return "\n".join(lines)


def _within(parts: Sequence[str], more: str, most: int = MOST_OF_WEEK) -> str:
    """The parts as one text of at most so many characters: from the last part on only heads and what needs attention,
    then as many lines as there is room for, and `more`.
    """
    left = list(parts)
    for index in reversed(range(1, len(left))):
        if len("\n\n".join(left)) <= most:
            break
        head, *rest = left[index].split("\n")
        left[index] = "\n".join([head, *rest[: bool(rest and not rest[0].startswith("- "))]])
    text = "\n\n".join(left)
    if len(text) > most:
        text = text[: most - len(more)].rpartition("\n")[0].rstrip("\n")
    return text if left == list(parts) and len(text) == len("\n\n".join(parts)) else f"{text}\n{more}"


def _week_key(day: date, person_id: int) -> str:
    year, week = week_of(day)
    return f"digest:{year}-W{week:02}:{person_id}"
