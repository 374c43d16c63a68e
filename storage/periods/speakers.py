"""A period and a part of the province in, the units that speak at its meeting with why each is asked out."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from reporting.dialogue import life
from reporting.figures.catalogue import Catalogue
from reporting.figures.comparison import Comparison
from reporting.figures.speaking import Speaker, far_from, speaking_order
from reporting.organisation.listed import ListedUnit
from reporting.organisation.part import WHOLE, Part
from reporting.time.calendar import local_day
from storage.database import Database
from storage.organisation import units
from storage.periods import tasks
from storage.periods.comparing import compared, owed_by
from storage.periods.rounds import Round, briefings
from storage.reports import petitions, returns

AFTER_MEETING = timedelta(days=7)
AFTER_END = timedelta(days=60)  # of a period; its meeting is in the month that follows


async def has_met(db: Database, round_: Round, cluster_ids: Collection[int] | None, now: datetime) -> bool:
    """Whether the meetings of the period are long over, which without their days is told from its end."""
    within = [one for one in await briefings(db, round_.id) if cluster_ids is None or one.cluster_id in cluster_ids]
    last = max((one.starts_at for one in within), default=None)
    return now > last + AFTER_MEETING if last else local_day(now) > round_.period.end_on + AFTER_END


async def speakers(
    db: Database,
    catalogue: Catalogue,
    round_: Round,
    cluster_ids: Collection[int] | None,
    now: datetime,
    known: Mapping[str, Comparison] | None = None,
) -> list[Speaker]:
    """In the order in which they speak: the units above the branches of these clusters, of all for None.

    Of a meeting that is long over by the period's figures alone: what is open today was not asked then.
    known: comparisons that are read already, by the unit's code.
    """
    today = local_day(now)
    clusters = [one for one in await units.all_clusters(db, today) if cluster_ids is None or one.id in cluster_ids]
    codes = {one.code for one in clusters}
    every = await units.all_units(db, today)
    members = units.top_units([one for one in every if one.cluster in codes])
    parts = [WHOLE] if cluster_ids is None else [Part(cluster_id=cluster.id) for cluster in clusters]
    owing: dict[str, ListedUnit] = {}
    under: dict[int, list[ListedUnit]] = {}
    for part in parts:
        for listed in await owed_by(db, round_, part, today):
            owing[listed.code] = listed
            under.setdefault(listed.commune_id, []).append(listed)
    back: Mapping[tuple[int, int], Collection[str]] = {}
    numbers: dict[int, list[str]] = {}
    overdue: dict[int, list[str]] = {}
    if not await has_met(db, round_, cluster_ids, now):
        back = await returns.unanswered(db)
        homes = {one.id: one.parent for one in every}
        by_code = {one.code: one.id for one in members}
        for petition in await petitions.still_open(db, [one.id for one in clusters], (), today.isoformat()):
            home = by_code.get(homes.get(petition.unit_id, ""), petition.unit_id)
            numbers.setdefault(home, []).append(petition.known_as)
        for task in await tasks.of_area(db, [one.id for one in clusters], (), today):
            if task.is_overdue(today):
                overdue.setdefault(by_code.get(homes.get(task.unit_id, ""), task.unit_id), []).append(task.known_as)
    found = []
    for unit in members:
        own, branches = owing.get(unit.code), [one for one in under.get(unit.id, ()) if one.code != unit.code]
        comparison = (known or {}).get(unit.code) or await compared(db, catalogue, round_, Part(unit_id=unit.id), today)
        found.append(
            Speaker(
                unit.code,
                unit.known_as,
                own is not None and not _filed(own) and own.state != life.GIVEN_BACK,
                tuple(catalogue[code].short for code in back.get((round_.id, unit.id), ()) if code in catalogue),
                far_from(comparison.rows),
                tuple(overdue.get(unit.id, ())),
                tuple(numbers.get(unit.id, ())),
                sum(not _filed(one) for one in branches),
                len(branches),
            )
        )
    return speaking_order(found)


def _filed(one: ListedUnit) -> bool:
    return one.state in life.FILED
