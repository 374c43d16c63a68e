"""A period and an area in, everything its pack shows out, read from the database at one version of the figures."""

import json
import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import astuple, dataclass, replace
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from bot.failures import failed
from bot.pack.contents import Pack, PackArea, PackGroup, PackUnit
from handlers.leaders.summaries import meeting
from handlers.wording.speech import Wording
from reporting.dialogue import life
from reporting.figures.catalogue import Catalogue
from reporting.figures.comparison import Comparison
from reporting.figures.speaking import Speaker
from reporting.organisation.listed import ListedUnit
from reporting.organisation.part import WHOLE, Part
from reporting.time.calendar import local_day
from storage.database import Database, Statement
from storage.organisation import units
from storage.organisation.units import Unit
from storage.periods import rounds, speakers, tasks
from storage.periods.comparing import compared, owed_by
from storage.periods.rounds import Briefing, Round, briefings
from storage.periods.tasks import Task
from storage.reports import counted, narratives, petitions, submissions, versions
from storage.reports.narratives import Narrative
from storage.reports.versions import Shown
from storage.review import photos

KIND = "pack"  # of paper, among those handed out
TRIES = 3  # to read what somebody has changed meanwhile
_MARK = 6  # hexadecimal digits by which two packs of one version of the figures are told apart


@dataclass(frozen=True, slots=True)
class _Member:
    """A unit of the pack before its figures are read. apart: its own figures are shown, too."""

    part: Part
    code: str
    name: str
    group: str
    state: str
    photos: int
    apart: bool


async def pack_area(db: Database, area: str, today: date) -> PackArea:
    """The area of "province", "cluster:CODE" or "unit:CODE". Raises Failed where there is no such one."""
    kind, _, code = area.partition(":")
    every = await units.all_units(db, today)
    province = next((one for one in every if one.level in ("tinh_doan", "trung_uong")), None)
    head = province.name if province else ""
    if kind == "province":
        return PackArea("province", province.code if province else "TD", head, WHOLE, head, "", "tinh_doan")
    if kind == "cluster":
        found = next((one for one in await units.all_clusters(db, today) if one.code.lower() == code.lower()), None)
        if found is None:
            raise failed("no_cluster", code=code)
        return PackArea("cluster", found.code, found.name, Part(cluster_id=found.id), head, "", "tinh_doan")
    unit = next((one for one in every if one.code.lower() == code.lower()), None)
    if unit is None:
        raise failed("no_unit", option="--unit", code=code)
    above = next((one.name for one in every if one.code == unit.parent), "")
    return PackArea("unit", unit.code, unit.name, Part(unit_id=unit.id), unit.name, above, unit.level)


async def gathered(
    db: Database, catalogue: Catalogue, round_: Round, area: str, now: datetime, entry_order: Sequence[str] = ()
) -> Pack:
    """The pack of the area, all of it read at one version of the figures. Raises Failed.

    Read in short queries, not in one long transaction, which would keep SQLite from putting its log away: what has
    changed by the end is read again.
    """
    known: Mapping[str, PackUnit] = {}
    for _ in range(TRIES):
        as_of = await versions.settled(db, round_.id)
        pack = await _read(db, catalogue, round_, area, now, known)
        pack = replace(pack, as_of=as_of, entry_order=tuple(entry_order))
        touched = await versions.touched(db, as_of)
        if not touched:
            break
        known = await _untouched(db, pack, touched)
    return _versioned(pack)


async def _untouched(db: Database, pack: Pack, touched: Collection[int | None]) -> dict[str, PackUnit]:
    """By code the pack's units of which, and of what is below them, nothing has changed since they were read."""
    every = {one.id: one for one in await units.all_units(db, local_day(pack.made_at))}
    above = {one.code: one.parent for one in every.values()}
    stale = set[str]()
    for unit_id in touched:
        if unit_id not in every:  # it has to do with all, or with a unit that has ended
            return {}
        code = every[unit_id].code
        while code and code not in stale:
            stale.add(code)
            code = above.get(code, "")
    return {one.code: one for one in pack.units if one.code not in stale}


async def _read(
    db: Database, catalogue: Catalogue, round_: Round, area: str, now: datetime, known: Mapping[str, PackUnit]
) -> Pack:
    """Without its version. known: units that were read already, by code."""
    today = local_day(now)
    about = await pack_area(db, area, today)
    whole = await compared(db, catalogue, round_, about.part, today)
    # A year that nobody reports by itself is owed, spoken of and planned on by its last period.
    last = await rounds.round_by_code(db, whole.now.code) or round_
    owing = await _owing(db, last, about, today)
    groups, late = (
        _groups(owing, about),
        [one for listed in owing.values() for one in listed if one.state not in life.COUNTED],
    )
    members = await _members(db, round_, about, owing, today)
    del owing  # of a large province it weighs as much as all its figures
    shown = [known.get(one.code) or await _figured(db, catalogue, round_, one, today) for one in members]
    asked = [one for code in _asked_in(round_, whole) for one in await _petitions(db, code, about, today)]
    before = await versions.last(db, round_.id, KIND, about.part)
    changes = await versions.changed_since(db, round_.id, before.version, about.part, today) if before else []
    return Pack(
        "", {}, catalogue, about, round_, now, whole, tuple(shown), tuple(groups), tuple(late),
        tuple(asked), await _briefing(db, round_, about), before, tuple(changes), 0, (),
        tuple(await _narratives(db, last, about, today)), tuple(await _tasks(db, round_, about, today)),
        tuple(await _speakers(db, catalogue, last, about, {one.code: one.comparison for one in shown}, now)),
    )  # fmt: skip


def _versioned(pack: Pack) -> Pack:
    """With its version id: period, area, and a mark of everything it shows, and of nothing else."""
    shown = _shown(pack)
    version = f"{pack.round.code}-{pack.area.code}-{_mark(shown)}"
    return replace(pack, version=version, shown=shown)


def _mark(shown: Any) -> str:
    return sha256(json.dumps(shown, ensure_ascii=False, sort_keys=True).encode()).hexdigest()[:_MARK]


def _shown(pack: Pack) -> Shown:
    """A mark of each thing it shows, by its part and the name people know it by, but what follows from these."""

    def figures(comparison: Comparison) -> str:
        covered = comparison.now.coverage
        return _mark([astuple(covered), [
            [row.indicator.code, *(None if one is None else [one.amount, one.approx] for one in (
                row.value, row.year_ago, row.cumulative, row.doubled)), row.returned]
            for row in comparison.rows
        ]])  # fmt: skip

    def of_unit(unit: PackUnit) -> str:
        own = [figures(unit.own)] if unit.own is not None else []
        return _mark([figures(unit.comparison), *own]) if own else figures(unit.comparison)

    met = pack.briefing
    return {
        "figures": {pack.area.name: figures(pack.comparison)} | {one.name: of_unit(one) for one in pack.units},
        "sent": {one.name: _mark([one.state, one.photos]) for one in pack.units},
        "target": {
            row.indicator.short: _mark([row.target.target.amount, str(row.target.target.due_on)])
            for row in pack.rows
            if row.target is not None
        },
        "petition": {one.known_as: _mark([one.text, one.state, one.answer]) for one in pack.petitions},
        "task": {
            parts[0].known_as: _mark(
                [[one.unit_name, one.text, str(one.due_on), one.state, one.note] for one in parts]
            )
            for parts in tasks.by_number(pack.tasks)
        },
        "said": {one.unit: _mark([[x.part, x.text] for x in pack.narratives if x.unit == one.unit])
                 for one in pack.narratives},
        # By its own day, so that a new year changes no mark.
        "meeting": {"": _mark(meeting(Wording.vietnamese(), met, local_day(met.starts_at)) if met else "")},
    }  # fmt: skip


async def _owing(db: Database, round_: Round, area: PackArea, today: date) -> Mapping[str, list[ListedUnit]]:
    """By the name of a cluster the units of the area that owe the report, with their states."""
    if area.kind == "unit":
        return {"": await owed_by(db, round_, area.part, today)}
    found = {}
    # What was brought for the whole province is everybody's report, though of no single cluster.
    whole = {one.code: one for one in await owed_by(db, round_, WHOLE, today)} if area.kind == "province" else {}
    for cluster in await units.all_clusters(db, today):
        if area.part.cluster_id in (None, cluster.id):
            inside = await owed_by(db, round_, Part(cluster_id=cluster.id), today)
            inside = sorted(inside, key=lambda one: _natural(one.code))
            found[cluster.name] = [whole.get(one.code, one) for one in inside]
    return found


def _natural(code: str) -> list[tuple[int, str]]:
    """By which DX2 stands before DX10."""
    return [(int(digits or 0), letters) for letters, digits in re.findall(r"(\D*)(\d*)", code)]


async def _members(
    db: Database, round_: Round, area: PackArea, owing: Mapping[str, Sequence[ListedUnit]], today: date
) -> list[_Member]:
    """The units that get a sheet: those of the area that stand under no other unit of it; of a unit's own paper what it
    did itself, and those below it.
    """
    every = sorted(await units.all_units(db, today), key=lambda one: _natural(one.code))
    names = {one.code: one.name for one in await units.all_clusters(db, today)}
    pictured, sent = await photos.counts(db, round_.id), Counter[str]()
    for one in every:
        sent.update(dict.fromkeys((one.code, one.parent), pictured.get(one.code, 0)))
    states = {one.code: one.state for listed in owing.values() for one in listed}
    parents = {one.parent for one in every}

    def member(one: Unit) -> _Member:
        state = states.get(one.code, "")
        apart = one.code in parents and state in life.COUNTED
        part, group = Part(unit_id=one.id), names.get(one.cluster, "")
        return _Member(part, one.code, one.known_as, group, state, sent[one.code], apart)

    if area.part.unit_id is None:
        inside = [one for one in every if area.kind == "province" or one.cluster == area.code]
        return [member(one) for one in units.top_units(inside)]
    below = [member(one) for one in every if one.parent == area.code]
    itself = [one for one in every if one.code == area.code] if below else []
    return [*(replace(
        member(one), part=replace(area.part, alone=True), apart=False, photos=pictured.get(one.code, 0),
        name=Wording.vietnamese().say("pack.alone", name=area.name),
    ) for one in itself), *below]  # fmt: skip


async def _figured(db: Database, catalogue: Catalogue, round_: Round, one: _Member, today: date) -> PackUnit:
    own = None
    if one.apart:
        own = await compared(db, catalogue, round_, replace(one.part, alone=True), today)
    found = await compared(db, catalogue, round_, one.part, today)
    return PackUnit(one.code, one.name, one.group, one.state, found, one.photos, own)


def _groups(owing: Mapping[str, Sequence[ListedUnit]], area: PackArea) -> list[PackGroup]:
    """The province's clusters; of a cluster its communes, in the order of their codes."""
    if area.kind == "unit":
        return []
    parts: dict[str, list[ListedUnit]] = {}
    for cluster, listed in owing.items():
        for one in listed:
            parts.setdefault(cluster if area.kind == "province" else one.commune, []).append(one)
    return [PackGroup(name, submissions.covered(listed)) for name, listed in parts.items()]


def _asked_in(round_: Round, comparison: Comparison) -> list[str]:
    """The periods whose petitions a pack has: its own; of a year those of all its periods."""
    return [*comparison.year_periods] if round_.code not in comparison.year_periods else [round_.code]


async def _petitions(db: Database, code: str, area: PackArea, today: date) -> list[petitions.Petition]:
    clusters = None if area.kind == "province" else [area.part.cluster_id] if area.part.cluster_id is not None else []
    own = [area.part.unit_id] if area.part.unit_id is not None else []
    asked_in = await rounds.round_by_code(db, code)
    return await petitions.of_period(db, asked_in.id, clusters, own, today.isoformat()) if asked_in else []


async def _narratives(db: Database, round_: Round, area: PackArea, today: date) -> list[Narrative]:
    """What units above the branches say; in a commune's own paper its branches' words too."""
    inside = await counted.units_of(db, area.part, today)
    return await narratives.counted(db, round_.id, inside, area.kind == "unit")


async def _tasks(db: Database, round_: Round, area: PackArea, today: date) -> list[Task]:
    """What meetings up to this one gave the area to do: what is open, and what was done since the period began."""
    clusters = None if area.kind == "province" else [area.part.cluster_id] if area.part.cluster_id is not None else []
    own = await counted.units_of(db, area.part, today) if area.part.unit_id is not None else set()
    every = await tasks.of_area(db, clusters, sorted(own or ()), today, open_only=False)
    return [
        one
        for one in every
        if one.period_end_on <= round_.period.end_on
        and (one.moved_at is None or one.state == "open" or local_day(one.moved_at) >= round_.period.start_on)
    ]


async def _speakers(
    db: Database, catalogue: Catalogue, round_: Round, area: PackArea, known: Mapping[str, Comparison], now: datetime
) -> list[Speaker]:
    """Who speaks at the meeting; nobody once it is over."""
    clusters = None if area.part.cluster_id is None else [area.part.cluster_id]
    if area.kind == "unit" or await speakers.has_met(db, round_, clusters, now):
        return []
    return await speakers.speakers(db, catalogue, round_, clusters, now, known)


async def _briefing(db: Database, round_: Round, area: PackArea) -> Briefing | None:
    found = await briefings(db, round_.id) if area.kind == "cluster" else []
    return next((one for one in found if one.cluster_id == area.part.cluster_id), None)


def handed_out(pack: Pack, pack_id: int, person_id: int | None) -> Statement:
    """Keeps that the pack was given out, for the next one to tell what has changed since."""
    by = (person_id, pack.made_at)
    return versions.hand_out((pack_id, KIND), pack.round.id, pack.area.part, pack.as_of, by, pack.shown)
