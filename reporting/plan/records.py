"""A plan's entries in; a JSON record for each message, or lines grouped for people to read, out."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from reporting.plan.entries import Entry, Item, Kind, Why
from reporting.plan.facts import Facts
from reporting.time.calendar import VIETNAM, local_day


@dataclass(frozen=True, slots=True, order=True)
class PlanLine:
    """What is told, or not told, at one hour to everybody in one role about the units of one cluster.

    about: the part an item plays, "question", "posts" or "digest". round, rung: of a post or summary all of its
    periods, and the rung of each, with spaces between. Of what counts back from the briefing due_on is its day, and a
    rung reads M-3. units: codes; others: the other units of the cluster.
    """

    at: datetime
    kind: Kind
    to: str
    about: str
    round: str
    due_on: date | None
    rung: str
    cluster: str
    why: Why
    units: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    persons: int = 0


def records(facts: Facts, entries: Iterable[Entry]) -> Iterator[dict[str, Any]]:
    """One JSON-ready record a message: at, kind, to, about, sent, why_not. No person is named, only role and area."""
    for entry in entries:
        record: dict[str, Any] = {
            "at": entry.at.astimezone(VIETNAM).isoformat(timespec="minutes"), "kind": entry.kind,
            "to": _recipient(facts, entry),
        }  # fmt: skip
        record["about"] = [_about(facts, entry, item) for item in entry.items]
        yield {**record, "sent": not entry.why, "why_not": entry.why or None}


def _about(facts: Facts, entry: Entry, item: Item) -> dict[str, Any]:
    due_on, met_on = _due(facts, item), _before_meeting(facts, entry, item)
    found = {
        "part": item.part,
        "period": facts.code_of(item.round_id) or None,
        "unit": _code(facts, item.unit_id) or None,
        "cluster": facts.clusters[item.cluster_id].code if item.cluster_id else None,
        "rung": item.rung or None,
        "due_on": due_on.isoformat() if due_on else None,
        "met_on": met_on.isoformat() if met_on else None,
    }
    return {name: value for name, value in found.items() if value is not None}


def _before_meeting(facts: Facts, entry: Entry, item: Item) -> date | None:
    """The day of the briefing, of what is told so many days ahead of it: to its chair and to the cluster's group."""
    if item.part not in ("cluster", "post") or not item.rung.startswith("T-"):
        return None
    unit = facts.units.get(item.unit_id)
    return facts.met.get((item.round_id, unit.cluster_id if unit else entry.cluster_id or 0))


def _due(facts: Facts, item: Item) -> date | None:
    """By which day it is asked for; None of what is only told."""
    if item.rung in ("first", "last"):
        return facts.rounds[item.round_id].confirm_by_on
    return facts.due.get((item.round_id, item.unit_id)) if item.unit_id else None


def _code(facts: Facts, unit_id: int) -> str:
    unit = facts.units.get(unit_id)  # a unit of no cluster stands in no plan
    return unit.code if unit else ""


def _recipient(facts: Facts, entry: Entry) -> dict[str, Any]:
    """The role in which it is received and the areas of that role: units, clusters, or none for the province."""
    if entry.cluster_id is not None:
        return {"role": entry.to, "places": [facts.clusters[entry.cluster_id].code]}
    areas = {area for item in entry.items if (area := _area(facts, item))}
    return {"role": entry.to, "places": sorted(areas)}


def _area(facts: Facts, item: Item) -> str:
    unit = facts.units.get(item.unit_id)
    if item.part == "pack":
        return facts.clusters[item.cluster_id].code if item.cluster_id and item.to != "office" else ""
    if unit is None or item.part in ("office", "lost"):
        return ""
    if item.part == "cluster":
        return facts.clusters[unit.cluster_id].code
    above = facts.units.get(unit.parent_id or 0)
    return above.code if item.to == "commune" and above else unit.code


def lines(facts: Facts, entries: Iterable[Entry]) -> list[PlanLine]:
    """The same for reading: what is told alike to many stands in one line, units by their codes."""
    units: dict[PlanLine, set[str]] = defaultdict(set)
    persons: dict[PlanLine, set[int]] = defaultdict(set)
    members: dict[str, set[str]] = defaultdict(set)
    for unit in facts.units.values():
        members[facts.clusters[unit.cluster_id].code].add(unit.code)
    for entry in entries:
        for line, unit_code in _lines_of(facts, entry):
            units[line] |= {unit_code} - {""}
            persons[line] |= {entry.person_id or 0}
    found = []
    for line, codes in units.items():
        others = tuple(sorted(members[line.cluster] - codes)) if codes else ()
        fields = (line.at, line.kind, line.to, line.about, line.round, line.due_on, line.rung, line.cluster, line.why)
        found.append(PlanLine(*fields, tuple(sorted(codes)), others, len(persons[line] - {0})))
    return sorted(found, key=lambda n: (n.at, bool(n.why), n.kind, n.about, n.to, n.round, n.cluster, n.rung, n.why))


def _lines_of(facts: Facts, entry: Entry) -> Iterator[tuple[PlanLine, str]]:
    if entry.kind in ("group_post", "digest"):
        cluster = facts.clusters[entry.cluster_id].code if entry.cluster_id is not None else ""
        codes = " ".join(facts.rounds[item.round_id].code for item in entry.items)
        rungs = " ".join(f"M{i.rung[1:]}" if _before_meeting(facts, entry, i) else i.rung for i in entry.items)
        about = "posts" if entry.kind == "group_post" else "digest"
        yield PlanLine(entry.at, entry.kind, entry.to, about, codes, None, rungs, cluster, entry.why), ""
        return
    for item in entry.items:
        unit = facts.units.get(item.unit_id)
        cluster_id = (item.cluster_id or entry.cluster_id) if unit is None else unit.cluster_id
        cluster = facts.clusters[cluster_id].code if cluster_id else ""
        code = facts.code_of(item.round_id)
        about = "question" if entry.kind == "question" else item.part
        met_on = _before_meeting(facts, entry, item)
        due_on, rung = (met_on, f"M{item.rung[1:]}") if met_on else (_due(facts, item), item.rung)
        line = PlanLine(entry.at, entry.kind, item.to, about, code, due_on, rung, cluster, entry.why)
        yield line, _code(facts, item.unit_id)


def by_day(found: Iterable[PlanLine]) -> dict[date, list[PlanLine]]:
    """The lines by local day."""
    days: dict[date, list[PlanLine]] = defaultdict(list)
    for line in found:
        days[local_day(line.at)].append(line)
    return dict(days)


def counts(
    entries: Iterable[Entry], sent: Mapping[date, Mapping[str, int]] | None = None, today: date | None = None
) -> dict[date, dict[str, int]]:
    """How many messages are sent on each local day, by kind; days without any are left out.

    sent: what has been sent, by day and kind; it stands for the days before today, in the place of a plan.
    """
    days: dict[date, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for entry in entries:
        if not entry.why and (today is None or local_day(entry.at) >= today):
            days[local_day(entry.at)][entry.kind] += 1
    known = {day: dict(kinds) for day, kinds in (sent or {}).items() if today is not None and day < today}
    return dict(sorted((known | {day: dict(kinds) for day, kinds in days.items()}).items()))
