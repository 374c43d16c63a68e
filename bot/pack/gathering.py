"""A period and an area in, everything its pack shows out, read from the database at one version of the figures."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import astuple, replace
from datetime import date, datetime, timedelta
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
TRIES = 3  # to read everything before somebody changes a figure
AFTER_MEETING = timedelta(days=7)
AFTER_END = timedelta(days=60)  # of a period; its meeting is in the month that follows
_MARK = 6  # hexadecimal digits by which two packs of one version of the figures are told apart


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
    """The pack of the area, all of it read at one version of the figures. Raises Failed."""
    for _ in range(TRIES):
        as_of = await versions.settled(db, round_.id)
        pack = await _read(db, catalogue, round_, area, now, (as_of, entry_order))
        if await versions.current(db) == as_of:
            break
    return pack


async def _read(
    db: Database, catalogue: Catalogue, round_: Round, area: str, now: datetime, fixed: tuple[int, Sequence[str]]
) -> Pack:
    today, (as_of, entry_order) = local_day(now), fixed
    about = await pack_area(db, area, today)
    whole = await compared(db, catalogue, round_, about.part, today)
    # A year that nobody reports by itself is owed, spoken of and planned on by its last period.
    last = await rounds.round_by_code(db, whole.now.code) or round_
    owing = await _owing(db, last, about, today)
    every = await units.all_units(db, today)
    members, pictured = _members(every, about), await photos.counts(db, round_.id)
    sent = Counter[str]()
    for one in every:
        sent.update(dict.fromkeys((one.code, one.parent), pictured.get(one.code, 0)))
    names = {one.code: one.name for one in await units.all_clusters(db, today)}
    states = {one.code: one.state for listed in owing.values() for one in listed}
    shown = [
        PackUnit(
            one.code, one.known_as, names.get(one.cluster, ""), states.get(one.code, ""),
            await compared(db, catalogue, round_, Part(unit_id=one.id), today), sent[one.code],
        )
        for one in members
    ]  # fmt: skip
    if shown and about.kind == "unit":  # what it did itself, beside all of it
        alone = await compared(db, catalogue, round_, replace(about.part, alone=True), today)
        own = Wording.vietnamese().say("pack.alone", name=about.name)
        state, photo_count = states.get(about.code, ""), pictured.get(about.code, 0)
        shown.insert(0, PackUnit(about.code, own, names.get(_cluster_of(every, about), ""), state, alone, photo_count))
    late = [one for listed in owing.values() for one in listed if one.state not in life.COUNTED]
    asked = [one for code in _asked_in(round_, whole) for one in await _petitions(db, code, about, today)]
    before = await versions.last(db, round_.id, KIND, about.part)
    changes = await versions.changed_since(db, round_.id, before.version, about.part, today) if before else []
    pack = Pack(
        "", {}, catalogue, about, round_, now, whole, tuple(shown), tuple(_groups(owing, about)), tuple(late),
        tuple(asked), await _briefing(db, round_, about), before, tuple(changes), as_of, tuple(entry_order),
        tuple(await _narratives(db, last, about, today)), tuple(await _tasks(db, round_, about, today)),
        tuple(await _speakers(db, catalogue, last, about, {one.code: one.comparison for one in shown}, now)),
    )  # fmt: skip
    return _versioned(pack)


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

    met = pack.briefing
    return {
        "figures": {pack.area.name: figures(pack.comparison)} | {u.name: figures(u.comparison) for u in pack.units},
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
            found[cluster.name] = [whole.get(one.code, one) for one in inside]
    return found


def _cluster_of(every: Sequence[Unit], area: PackArea) -> str:
    return next((one.cluster for one in every if one.code == area.code), "")


def _members(every: Sequence[Unit], area: PackArea) -> list[Unit]:
    """The units that get a sheet: those of the area that stand under no other unit of it."""
    if area.part.unit_id is not None:
        return [one for one in every if one.parent == area.code]
    return units.top_units([one for one in every if area.kind == "province" or one.cluster == area.code])


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
    """Who speaks at the meeting; nobody once it is over: what is asked today was not asked then."""
    if area.kind == "unit" or await _has_met(db, round_, area, now):
        return []
    today = local_day(now)
    clusters = None if area.part.cluster_id is None else [area.part.cluster_id]
    return await speakers.speakers(db, catalogue, round_, clusters, today, known)


async def _has_met(db: Database, round_: Round, area: PackArea, now: datetime) -> bool:
    """Whether the meetings of the period are long over, which without their days is told from its end."""
    cluster = area.part.cluster_id
    met = [one.starts_at for one in await briefings(db, round_.id) if cluster in (None, one.cluster_id)]
    last = max(met, default=None)
    return now > last + AFTER_MEETING if last else local_day(now) > round_.period.end_on + AFTER_END


async def _briefing(db: Database, round_: Round, area: PackArea) -> Briefing | None:
    found = await briefings(db, round_.id) if area.kind == "cluster" else []
    return next((one for one in found if one.cluster_id == area.part.cluster_id), None)


def handed_out(pack: Pack, pack_id: int, person_id: int | None) -> Statement:
    """Keeps that the pack was given out, for the next one to tell what has changed since."""
    by = (person_id, pack.made_at)
    return versions.hand_out((pack_id, KIND), pack.round.id, pack.area.part, pack.as_of, by, pack.shown)
