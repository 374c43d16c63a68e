"""The stored organisation in, rows of the spreadsheet out, to be edited and imported again."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from bot.spreadsheet.sheets import (
    BRIEFINGS,
    CLUSTERS,
    HISTORY,
    MODES,
    NO_CLUSTER,
    PEOPLE,
    PROVINCE,
    ROLES,
    ROUNDS,
    TARGETS,
    UNITS,
    WORDS,
)
from reporting.figures.catalogue import Catalogue
from reporting.figures.values import plain
from reporting.organisation.units import Organisation, OrgUnit
from reporting.time.calendar import VIETNAM
from reporting.time.owing import written
from storage.database import Database
from storage.organisation import office_words, snapshot, targets
from storage.people import expected
from storage.periods import history, rounds
from storage.periods.rounds import Briefing


async def filled(
    db: Database, catalogue: Catalogue, today: date
) -> tuple[Organisation, dict[str, Sequence[Mapping[str, Any]]]]:
    """The organisation, and by sheet key its rows as of that day; importing them changes nothing."""
    org = await snapshot.load(db)
    every_post = await expected.all_posts(db)
    names = {post.id: post.name for post in every_post}
    every_round = await rounds.all_rounds(db)
    periods = {round_.id: round_.code for round_ in every_round}
    codes = {unit.id: unit.code for unit in org.units.values()}
    clusters = {cluster.id: cluster.code for cluster in org.clusters.values()}
    meetings = [briefing for period_id in periods for briefing in await rounds.briefings(db, period_id)]
    wanted = await targets.every_target(db)
    came = await snapshot.order_of_units(db)
    lines: dict[str, Sequence[Mapping[str, Any]]] = {
        UNITS.key: [
            {
                "code": unit.code, "name": unit.name, "level": org.levels[unit.level].name,
                "parent": codes[unit.parent_id] if unit.parent_id is not None else None,
                "cluster": cluster_cell(org, unit, today), "from_on": unit.from_on, "last_on": unit.last_on,
                "successors": ", ".join(codes[one] for one in unit.successors),
            }
            for unit in sorted(org.units.values(), key=lambda u: (org.levels[u.level].rank, came.get(u.id, 0), u.code))
        ],
        CLUSTERS.key: [
            {
                "code": cluster.code, "name": cluster.name, "position": cluster.position,
                "organiser": codes[cluster.organiser_id], "from_on": cluster.from_on, "last_on": cluster.last_on,
            }
            for cluster in org.clusters.values()
        ],
        PEOPLE.key: [
            {
                "name": post.name, "role": ROLES[post.role], "title": post.title,
                "unit": codes[post.unit_id] if post.unit_id is not None else None,
                "cluster": clusters[post.cluster_id] if post.cluster_id is not None else None,
                "from_on": post.from_on, "last_on": post.last_on,
            }
            for post in every_post if post.name and (post.last_on is None or post.last_on >= post.from_on)
        ],
        ROUNDS.key: [
            {
                "period": round_.code, "owes": written(round_.terms.owes),
                "opens_on": None if round_.terms.opens_follow else round_.terms.opens_on,
                "deadline_on": round_.terms.deadline_on, "cutoff_on": round_.terms.cutoff_on,
            }
            for round_ in every_round if round_.state != "closed"
        ],
        BRIEFINGS.key: [
            {
                "period": periods[meeting.period_id], "cluster": clusters[meeting.cluster_id],
                "on": (local := meeting.starts_at.astimezone(VIETNAM)).date(), "time": local.time(),
                "place": meeting.place, "mode": MODES[meeting.mode],
                "chair": _chairs(meeting, names),
                "host": codes[meeting.host_unit_id] if meeting.host_unit_id is not None else None,
            }
            for meeting in meetings
        ],
        TARGETS.key: [
            {
                "period": periods[period_id], "unit": codes.get(part.unit_id or 0),
                "cluster": clusters.get(part.cluster_id or 0),
                "indicator": f"{indicator} — {catalogue[indicator].short} ({catalogue[indicator].unit})",
                "amount": plain(one.amount, catalogue[indicator].kind), "due_on": one.due_on,
            }
            for (period_id, part, indicator), one in wanted.items() if indicator in catalogue
        ],
        HISTORY.key: [
            {
                "period": periods[period_id], "unit": codes[unit_id],
                "indicator": f"{indicator} — {catalogue[indicator].short} ({catalogue[indicator].unit})",
                "amount": plain(value.amount, catalogue[indicator].kind),
            }
            for (period_id, unit_id), report in (await history.of_closed(db)).items() if report.imported
            for indicator, value in report.values.items() if indicator in catalogue
        ],
        WORDS.key: [
            {"phrase": word.phrase, "indicator": f"{word.code} — {catalogue[word.code].short}"}
            for word in await office_words.in_use(db) if word.code in catalogue
        ],
    }  # fmt: skip
    return org, lines


def _chairs(meeting: Briefing, names: Mapping[int, str]) -> str | None:
    """The chairs by the names of their posts; nothing where somebody was named who stands in no sheet."""
    held = [meeting.chair_post_id, *(chair.post_id for chair in meeting.co_chairs)]
    named = [names[post] for post in held if post is not None and names.get(post)]
    return "; ".join(named) if len(named) == len(held) else None


def _held(unit: OrgUnit, today: date) -> int | None:
    """The cluster of today, whatever is prepared for a later day; of a unit that has ended, its last one."""
    living = unit.last_on is None or unit.last_on >= today
    held = unit.membership(max(today, unit.from_on)) if living else None
    held = held or next((m for m in reversed(unit.memberships) if m.last_on in (None, unit.last_on)), None)
    return held.cluster_id if held else None


def cluster_cell(org: Organisation, unit: OrgUnit, today: date) -> str | None:
    """What the cluster's cell says: nothing where the unit is in its parent's, or in none as its parent is."""
    held = _held(unit, today)
    parent = org.units[unit.parent_id] if unit.parent_id is not None else None
    follows = parent is not None and org.levels[parent.level].rank > org.levels[PROVINCE].rank
    if follows and parent is not None and _held(parent, today) == held:
        return None
    if held is None:
        return NO_CLUSTER if follows and unit.last_on is None else None
    return org.clusters[held].code
