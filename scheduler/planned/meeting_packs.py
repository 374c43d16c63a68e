"""The plan's packs in, the papers of the next working day's meetings to those who chair them and to the office out."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any

from handlers import permissions
from handlers.leaders.pack_desk import REPORT, followers, pack_file
from handlers.leaders.summaries import local_time
from handlers.reminders.texts import ReminderTexts
from handlers.turn import body
from handlers.wording.speech import Wording
from reporting.figures.catalogue import Catalogue
from reporting.figures.forms import Forms
from reporting.plan.entries import Entry, Item
from reporting.time.calendar import day_name, local_day, moment
from scheduler.planned.outlook import Outlooks
from scheduler.planned.reminders import Weeks
from storage.database import Conflict, Database, Statement
from storage.messages import outbox, reminders
from storage.messages.reminders import ReminderRow
from storage.people import people
from storage.people.people import Account, Role
from storage.periods import rounds
from storage.periods.planning import Situation
from storage.reports import packs
from storage.reports.packs import PackRow

OPEN = {"ready", "leased"}  # states of messages that may still bring a pack
TOLD_FOR = timedelta(days=1)  # so long after a pack failed the office is told of it


class MeetingPacks:
    """The day's one message to who chairs tomorrow's meeting: the lists there are to tell and the pack, once.

    A pack that could not be made leaves the lists, and the office is told.
    """

    def __init__(
        self, db: Database, catalogue: Catalogue, forms: Forms, wording: Wording, outlooks: Outlooks, weeks: Weeks
    ) -> None:
        self._db = db
        self._catalogue = catalogue
        self._forms = forms
        self._wording = wording
        self._outlooks = outlooks
        self._weeks = weeks
        self._looked: tuple[date, int] | None = None

    async def tick(self, now: datetime) -> int:
        """Queues what is due and not told yet; returns how many messages were new."""
        today, outlook = local_day(now), await self._outlooks.at(now)
        planner = outlook.planner
        if not planner.rules.morning(today) <= now < planner.rules.closing(today):
            return 0
        queued = await self._failed(now)
        if self._looked == (today, now.hour):
            return queued
        situation = await outlook.situation()
        due = [entry for entry in await outlook.day(today) if _is_due(entry, now)]
        keys = {packs.told(today, entry.person_id): entry for entry in due if entry.person_id is not None}
        for known in await outbox.known(self._db, list(keys)):
            del keys[known]
        persons = [entry.person_id for entry in keys.values() if entry.person_id is not None]
        accounts = await people.best_accounts(self._db, persons, self._outlooks.channels)
        for key, entry in keys.items():
            if (account := accounts.get(entry.person_id or 0)) is not None:
                try:
                    await self._db.write(await self._unit(situation, key, entry, account, now))
                except Conflict:
                    return queued  # a unit filed between reading and writing, or another worker was quicker
                queued += 1
        self._looked = (today, now.hour)
        return queued

    async def _unit(
        self, situation: Situation, key: str, entry: Entry, account: Account, now: datetime
    ) -> list[Statement]:
        """The packs asked for, the message with the first one's report, and those behind it."""
        today, to = local_day(now), (account.channel, account.chat_id)
        roles = await people.roles_of(self._db, account.person_id, today)
        items = [item for item in entry.items if item.part == "pack" and _may(item, roles)]
        rows: list[Statement] = []
        behind: list[Statement] = []
        paragraphs, files = list[str](), list[dict[str, Any]]()
        for item in items:
            area = f"cluster:{situation.facts.clusters[item.cluster_id].code}" if item.cluster_id else "province"
            code = situation.rounds[item.round_id].code
            # One pack for all who hear of it on that day: the same papers lie on every table.
            pack_id = int.from_bytes(sha256(f"{code} {area} {today}".encode()).digest()[:6])
            rows.append(packs.ask(pack_id, item.round_id, area, now))
            listed = any(one.part == "cluster" and one.round_id == item.round_id for one in entry.items)
            paragraphs.append(self._about(situation, item, now, listed and not paragraphs))
            files.append(pack_file(self._wording, pack_id, REPORT))
            if len(files) > 1:
                more = body("", file=files[-1] | {"words": paragraphs[-1]}) | {"silent": True}
                behind.append(outbox.say(f"{packs.follower(pack_id, REPORT)}:{':'.join(to)}", "notice", *to, more, now))
            behind += followers(self._wording, pack_id, "notice", to, now)
        content = self._content(situation, entry, today)
        text = "\n".join(part for part in (content["text"], *paragraphs[:1]) if part)
        if not text:
            return []
        content |= {"text": text}
        if any(item.part == "digest" for item in entry.items):
            content = await self._weeks.with_week(content, entry, account, now)
        content |= {"file": files[0]} if files else {}
        said = {
            ReminderRow(item.round_id, item.unit_id, account.person_id, item.rung, today)
            for item in entry.items
            if item.part not in ("pack", "digest")
        }
        if said:
            rows += reminders.plan([(row, entry.at) for row in sorted(said)])
            rows.append(reminders.send(account.person_id, today, len(said), key, now))
        return [*rows, outbox.say(key, "reminder", *to, content, now), *behind]

    def _content(self, situation: Situation, entry: Entry, today: date) -> dict[str, Any]:
        """What there is to tell beside the pack: who is late, and the buttons that go with it."""
        lists = tuple(item for item in entry.items if item.part not in ("pack", "digest"))
        if not lists:
            return body("")
        texts = ReminderTexts(self._wording, self._catalogue, self._forms, situation)
        return texts.body(replace(entry, items=lists), today)

    def _about(self, situation: Situation, item: Item, now: datetime, listed: bool) -> str:
        """When and who meets, unless a list over it says so, and of which moment the figures are."""
        say = self._wording.say
        parts: Mapping[str, Any] = {"period": situation.rounds[item.round_id].period.name, "moment": moment(now)}
        if item.cluster_id:
            met, papers = situation.briefings[item.round_id, item.cluster_id], say("pack.before_papers", **parts)
            if listed:
                return papers
            day = day_name(local_day(met.starts_at), local_day(now))
            return say("pack.before", cluster=met.cluster_name, time=local_time(met.starts_at), day=day, papers=papers)
        ahead = [one.starts_at for one in situation.facts.meetings if one.starts_at is not None and one.starts_at > now]
        return say("pack.before_several", day=day_name(local_day(min(ahead)), local_day(now)), **parts)

    async def _failed(self, now: datetime) -> int:
        """Tells the office once of each pack whose messages have left without it."""
        lost = [
            row
            for row in await packs.unmade(self._db, now - TOLD_FOR)
            if (states := await outbox.states(self._db, packs.follower(row.id))) and not states & OPEN
        ]
        if not lost:
            return 0
        office = [account.person_id for account in await people.with_role(self._db, "office", local_day(now))]
        accounts = await people.best_accounts(self._db, office, self._outlooks.channels)
        unit = [
            outbox.say(f"pack_failed:{row.id}:{person}", "notice", a.channel, a.chat_id, body(text), now)
            for row in lost
            for text in (await self._failure(row),)
            for person, a in accounts.items()
        ]
        return sum(await self._db.write(unit)) if unit else 0

    async def _failure(self, row: PackRow) -> str:
        round_ = await rounds.round_by_code(self._db, row.period)
        period = round_.period.name if round_ else row.period
        area = row.area.partition(":")[2] or self._wording.say("pack.whole_province")
        return self._wording.say("pack.failed", period=period, area=area)


def _is_due(entry: Entry, now: datetime) -> bool:
    return not entry.why and entry.at <= now and any(item.part == "pack" for item in entry.items)


def _may(item: Item, roles: Sequence[Role]) -> bool:
    """Whether the person may see that pack: who chairs another cluster's meeting is told who is late, no more."""
    clusters = permissions.clusters("pack", roles)
    return clusters is None or item.cluster_id in clusters
