"""The plan's digests in, one summary of the week to each leader out: one picture with a few lines under it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from handlers.leaders.chart_sheets import ChartHead, ChartSheets, Sheet
from handlers.leaders.summaries import Summaries
from handlers.messages import Choice
from handlers.turn import body
from handlers.wording import figure_lines, figure_rows
from handlers.wording.speech import Wording
from reporting.figures.comparison import ComparedRow, telling
from reporting.figures.totals import Coverage, Total, together
from reporting.organisation.part import WHOLE
from reporting.plan.entries import Entry
from reporting.time.calendar import at, day_name, day_range, local_day, moment, week_of
from reporting.time.owing import ALL
from scheduler.planned.group_posts import fingerprint
from scheduler.planned.outlook import Outlooks
from storage.database import Database
from storage.messages import outbox
from storage.organisation import units
from storage.people import people
from storage.people.people import Account
from storage.periods import rounds, tasks
from storage.periods.comparing import compared
from storage.periods.rounds import Briefing, Round
from storage.reports import petitions, submissions

MOST_OF_WEEK = 900  # characters of a leader's week: they stand under a picture, with numbered choices where need be
LEAST_OF_WEEK = 500  # below a reminder that is long itself
WEEKS_COMPARED = 10  # who reads once a month compares with a month ago; of weeks without news nothing was sent
LATE = timedelta(days=30)  # without an answer a petition is late
LATE_NAMED = 3  # petitions
MOST_CONCERN, MOST_CHANGES, MOST_MEETINGS = 3, 4, 4


@dataclass(frozen=True, slots=True)
class _Week:
    """A period's week in words. first: what needs attention; rest: meetings and figures; mark: by which it is known
    again; rows: the figures told, by code."""

    code: str
    head: str
    first: Sequence[str]
    rest: Sequence[str]
    mark: str
    filed: int
    rows: Mapping[str, ComparedRow]


class Digests:
    """The week in one message for each leader who has not chosen less."""

    def __init__(self, db: Database, summaries: Summaries, wording: Wording, outlooks: Outlooks) -> None:
        self._db = db
        self._summaries = summaries
        self._wording = wording
        self._outlooks = outlooks
        self._looked: tuple[date, int] | None = None

    async def tick(self, now: datetime) -> int:
        """Queues this week's summary once its hour has come; returns how many were new."""
        day = local_day(now)
        due = await self._due(now)
        keys = {e.person_id: _week_key(day, e.person_id) for e in due if e.person_id is not None}
        known = await outbox.known(self._db, list(keys.values()))
        new = [person for person, key in keys.items() if key not in known]
        accounts = await people.best_accounts(self._db, new, self._outlooks.channels)
        if not accounts:
            return 0
        weeks, picture = await self._weeks(due[0], now)
        unit = [
            outbox.say(keys[a.person_id], "digest", a.channel, a.chat_id, content, now)
            for a in accounts.values()
            if (content := await self._body(a, weeks, picture, day)) is not None
        ]
        return sum(await self._db.write(unit)) if unit else 0

    async def with_week(self, content: dict[str, Any], entry: Entry, account: Account, now: datetime) -> dict[str, Any]:
        """A reminder that goes out on the summary's day, with the summary below it; see `Weeks` of reminders.py.

        The picture goes along where the words are short enough to stand under it.
        """
        weeks, picture = await self._weeks(entry, now)
        room = MOST_OF_WEEK - len(content["text"])
        week = await self._body(account, weeks, picture, local_day(now), room)
        if week is None:
            return content
        text = f"{content['text']}\n\n{week['text']}"
        if len(text) > MOST_OF_WEEK:
            week.pop("file", None)
        choices = [*content.get("choices", ()), *week["choices"]]
        return {**week, **content, "text": text, "choices": choices}

    async def _weeks(self, entry: Entry, now: datetime) -> tuple[list[_Week], Sheet | None]:
        """(the periods that are told of in words, the one picture)."""
        day = local_day(now)
        every = {round_.id: round_ for round_ in await rounds.in_state(self._db, "open", "locked")}
        about = [item.round_id for item in entry.items if item.part == "digest" and item.round_id in every]
        told = [every[round_id] for round_id in about]
        if entry.kind == "reminder":  # in whose items they have no order of their own
            told.sort(key=lambda round_: (round_.period.end_on, round_.code))
        late = await self._late(day, now)
        weeks = [await self._week(round_, day, now, late if round_ is told[0] else ()) for round_ in told]
        return weeks, await self._picture(told[0], now) if told else None

    async def _due(self, now: datetime) -> list[Entry]:
        """What the plan says of today, from its hour to the end of the day; looked at once an hour."""
        today, outlook = local_day(now), await self._outlooks.at(now)
        planner = outlook.planner
        hour = planner.rules.summaries
        if not at(today, hour.hour, hour.minute) <= now < planner.rules.closing(today):
            return []
        if self._looked == (today, now.hour):
            return []
        facts = (await outlook.situation()).facts
        self._looked = (today, now.hour)
        return [entry for entry in planner.posts.digests(facts, today) if not entry.why]

    async def _body(
        self, account: Account, weeks: Sequence[_Week], picture: Sheet | None, day: date, room: int = MOST_OF_WEEK
    ) -> dict[str, Any] | None:
        """The week of each period in words short enough to stand under the one picture, and where to go on from there.

        Of a period that stands as this person last read it, one line, and once that was all there is to say, None; a
        picture only where something is new.
        """
        say = self._wording.say
        before = [day - timedelta(weeks=back) for back in range(1, WEEKS_COMPARED + 1)]
        earlier = await outbox.bodies(self._db, [_week_key(week, account.person_id) for week in before], "sent")
        parts: list[str] = []
        same = 0
        for week in weeks:
            last = next((e for e in earlier if week.code in e.body.get("seen", {})), None)
            since = day_name(local_day(last.created_at)) if last is not None else ""
            if last is not None and last.body["seen"][week.code] == week.mark:
                parts.append(say("week.same", head=week.head, since=since))
                same += 1
                continue
            stood = last.body.get("stood", {}).get(week.code) if last is not None else None
            moved = [say("week.moved", since=since, changes="; ".join(told))] if (
                told := self._changes(week, stood)) else []  # fmt: skip
            parts.append("\n".join([week.head, *week.first, *moved, *week.rest]))
        if same == len(weeks) and earlier and earlier[0].body.get("same"):
            return None
        leads = (("progress", weeks[0].code), ("totals", weeks[0].code), ("petitions", ""))
        choices = [Choice(say(f"label.week_{act}"), f"{act}:{rest}") for act, rest in leads]
        text = _within(parts, say("week.more"), max(room, LEAST_OF_WEEK))
        found = body(text, choices, file=picture if picture is not None and same < len(weeks) else None)
        kept = {week.code: [week.filed, {code: row.value.amount for code, row in week.rows.items() if row.value}]
                for week in weeks}  # fmt: skip
        found |= {"same": True} if same == len(weeks) else {}
        return found | {"seen": {week.code: week.mark for week in weeks}, "stood": kept}

    def _changes(self, week: _Week, stood: Any) -> list[str]:
        """What has come in since the week before: units, and the figures that are told."""
        if not stood:
            return []
        say, (filed, figures) = self._wording.say, stood
        found = [say("week.units_more", count=week.filed - filed)] if week.filed > filed else []
        for code, row in week.rows.items():
            by = (row.value.amount if row.value else 0) - figures.get(code, 0)
            if by and not row.indicator.is_rate:
                told = figure_lines.total(self._wording, row.indicator, Total(abs(by), False, 0))
                found.append(say("week.rose" if by > 0 else "week.fell", label=row.indicator.short, by=told))
        return found[:MOST_CHANGES]

    async def _late(self, day: date, now: datetime) -> list[str]:
        """What has waited too long: petitions without an answer, conclusions that are not done."""
        waiting = await petitions.still_open(self._db, None, (), day.isoformat(), now - LATE)
        overdue = [one for one in await tasks.of_area(self._db, None, (), day) if one.is_overdue(day)]
        found = []
        for key, numbers in (
            ("petition.late", [one.known_as for one in waiting]),
            ("week.tasks_late", list(dict.fromkeys(one.known_as for one in overdue))),
        ):
            if numbers:
                named = ", ".join(numbers[:LATE_NAMED]) + ("…" if len(numbers) > LATE_NAMED else "")
                found.append(self._wording.say(key, count=len(numbers), numbers=named))
        return found

    async def _week(self, round_: Round, day: date, now: datetime, late: Sequence[str]) -> _Week:
        """What needs attention first, the coming briefings, a few figures; who has filed where is in the picture."""
        say = self._wording.say
        last_monday = day - timedelta(days=day.weekday() + 7)
        found = await compared(self._db, self._summaries.catalogue, round_, WHOLE, day)
        covered = found.now.coverage
        head = say(
            "week.head",
            week=week_of(last_monday)[1],
            days=day_range(last_monday, last_monday + timedelta(days=6)),
            period=round_.period.name[:1].upper() + round_.period.name[1:],
            sent=figure_rows.sent(self._wording, covered),
        )
        first = list(late)
        unmet = [row.target for row in found.rows if row.target is not None and not row.target.met]
        if unmet:
            first.append(say("week.concern", targets="; ".join(map(self._summaries.target, unmet[:MOST_CONCERN]))))
        rest = []
        if ahead := await self._meetings(round_, now):
            rest.append(say("week.meetings", meetings="; ".join(ahead)))
        concern = {target.target.indicator for target in unmet[:MOST_CONCERN]}
        rows = telling([row for row in found.rows if row.indicator.code not in concern])
        rest += [f"- {figure_rows.figure(self._wording, found, row)}" for row in rows]
        if not rows and not unmet:
            rest.append(say("summary.nothing"))
        told = {row.indicator.code: row for row in found.rows if row in rows or row.indicator.code in concern}
        mark = fingerprint("\n".join([head.partition(" ")[0], str(covered.filed), *first, *rest]))
        return _Week(round_.code, head, first, rest, mark, covered.filed, told)

    async def _meetings(self, round_: Round, now: datetime) -> list[str]:
        """The next briefings: "Cụm 1 thứ Ba 14/4"."""
        ahead = sorted((b for b in await rounds.briefings(self._db, round_.id) if b.starts_at > now), key=_starts)
        told = [
            f"{one.cluster_name} {day_name(local_day(one.starts_at), local_day(now))}" for one in ahead[:MOST_MEETINGS]
        ]
        more = len(ahead) - MOST_MEETINGS
        return [*told, self._wording.say("week.meetings_more", count=more)] if more > 0 else told

    async def _picture(self, round_: Round, now: datetime) -> Sheet | None:
        """One picture of who has filed, a bar for each cluster that is asked."""
        day = local_day(now)
        coverage = await submissions.coverage(self._db, round_.id, day.isoformat())
        groups = [
            (one.name, coverage.get(one.id, Coverage(0, 0)))
            for one in await units.all_clusters(self._db, day)
            if one.id in coverage or round_.terms.owes == ALL
        ]
        if not groups:
            return None
        whole = together(c for _, c in groups)
        head = ChartHead(self._wording.say("figures.whole"), round_.period.name, moment(now), moment(now))
        return ChartSheets(self._wording, self._summaries.catalogue, head).completeness(groups, whole)


def _starts(briefing: Briefing) -> datetime:
    return briefing.starts_at


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
