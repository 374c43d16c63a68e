"""Changes of the organisation in, one notice to each person who reports for a unit they concern out."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from zlib import crc32

from handlers.leaders.summaries import listed_units
from handlers.telling import waking
from handlers.turn import body
from handlers.wording.speech import Wording
from reporting.organisation.units import (
    Change,
    ClusterChanged,
    Organisation,
    OrgUnit,
    UnitEnded,
    UnitMoved,
    UnitRenamed,
)
from reporting.time.calendar import day_name, local_day
from storage.database import Database, Statement
from storage.messages import outbox
from storage.people import people
from storage.people.people import Account

EndedPost = tuple[int, str, str, date]  # id of the post, role, unit or cluster, last day


async def unit_notices(
    db: Database,
    wording: Wording,
    organisation: Organisation,
    now: datetime,
    ahead: Iterable[tuple[int, str]] = (),
    posts: Iterable[EndedPost] = (),
) -> list[Statement]:
    """Messages to secretaries and deputies of units that end, move or are named anew; never in quiet hours.

    ahead: unit id and line of what was prepared and is no change yet. posts: those whose holders the office has ended.
    """
    today = local_day(now)
    lines: dict[int, list[str]] = defaultdict(list)
    for change in organisation.changes:
        if said := _said(wording, organisation, change, today):
            lines[said[0]].append(said[1])
    moved = [
        (change.parent_id, change.unit.name)
        for change in organisation.changes
        if isinstance(change, UnitMoved) and not _follows(organisation, change.unit.parent_id)
    ]
    for unit_id, line in (*_joined(wording, organisation), *received(wording, organisation, moved, today), *ahead):
        lines[unit_id].append(line)
    told: dict[Account, list[str]] = defaultdict(list)
    for unit_id, own in lines.items():
        for account in await people.reporters(db, unit_id, today):
            told[account] += own
    gone = {change.unit.name for change in organisation.changes if isinstance(change, UnitEnded)}
    for post_id, role, area, last_on in posts:
        line = wording.say("units.post_ended", role=wording.say(f"role.{role}"), area=area, day=_day(last_on))
        for person in await people.holders_of_post(db, post_id, today) if area not in gone else ():
            for account in (await people.accounts_of(db, person))[-1:]:
                told[account].append(line)
    when = await waking(db, now)
    rows = []
    for account, own in told.items():
        text = "\n".join(dict.fromkeys(own))
        key = f"units:{today}:{account.person_id}:{crc32(text.encode()):08x}"
        rows.append(outbox.say(key, "notice", account.channel, account.chat_id, body(text), now, when))
    return rows


def received(
    wording: Wording, org: Organisation, moved: Iterable[tuple[int | None, str]], day: date
) -> list[tuple[int, str]]:
    """By the id of the unit that others are put under, by name, from that day on: the line its people are told."""
    found: dict[int, list[str]] = defaultdict(list)
    for parent_id, name in moved:
        if parent_id is not None and org.units[parent_id].parent_id is not None:
            found[parent_id].append(name)
    return [
        (
            one,
            wording.say("units.receives", units=listed_units(wording, own), parent=org.units[one].name, day=_day(day)),
        )
        for one, own in found.items()
    ]


def _joined(wording: Wording, org: Organisation) -> Iterable[tuple[int, str]]:
    """By the id of a heir that was there before: who is merged into it, from when, and how many units come along."""
    found: dict[tuple[int, date], list[OrgUnit]] = defaultdict(list)
    for change in org.changes:
        if isinstance(change, UnitEnded) and change.successors:
            found[change.successors[0], change.last_on + timedelta(days=1)].append(change.unit)
    for (heir, day), ended in found.items():
        names, gone = listed_units(wording, [one.name for one in ended]), {one.id for one in ended}
        line = wording.say("units.joined", units=names, heir=org.units[heir].name, day=_day(day))
        moved = {c.unit.id for c in org.changes if isinstance(c, UnitMoved) and c.unit.parent_id in gone}
        moved |= {one.id for unit_id in gone for one in org.below(unit_id) if one.parent_id == unit_id}
        yield heir, line + (f" {wording.say('units.follow', count=len(moved))}" if moved else "")


def _follows(org: Organisation, parent_id: int | None) -> bool:
    """Whether a unit below that one goes along with its end, of which the heir has been told."""
    return parent_id is not None and org.units[parent_id].last_on is not None and bool(org.units[parent_id].successors)


def _said(wording: Wording, org: Organisation, change: Change, today: date) -> tuple[int, str] | None:
    """The unit and the line of a change that its people should know of."""
    say = wording.say
    match change:
        case UnitEnded(unit, last_on, successors, _):
            heirs = ", ".join(org.units[one].name for one in successors)
            key = "units.ended_to" if heirs else "units.ended"
            return unit.id, say(key, unit=unit.name, day=_day(last_on), heirs=heirs)
        case UnitRenamed(unit, name):
            return unit.id, say("units.renamed", unit=unit.name, name=name, day=_day(today))
        case UnitMoved(unit, parent_id) if parent_id is not None and unit.parent_id is not None:
            return unit.id, say("units.under", unit=unit.name, parent=org.units[parent_id].name, day=_day(today))
        case ClusterChanged(unit, old, cluster_id, since) if old is not None and cluster_id is not None:
            cluster = org.clusters[cluster_id].name
            return unit.id, say("units.cluster", unit=unit.name, cluster=cluster, day=_day(since))
    return None


def _day(day: date) -> str:
    return f"{day_name(day)}/{day.year}"
