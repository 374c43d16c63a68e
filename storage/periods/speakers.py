"""A period and a part of the province in, the units that speak at its meeting with why each is asked out."""

from collections.abc import Collection, Mapping
from datetime import date

from reporting.dialogue import life
from reporting.figures.catalogue import Catalogue
from reporting.figures.comparison import Comparison
from reporting.figures.speaking import Speaker, far_from, speaking_order
from reporting.organisation.listed import ListedUnit
from reporting.organisation.part import WHOLE, Part
from storage.database import Database
from storage.organisation import units
from storage.periods import tasks
from storage.periods.comparing import compared, owed_by
from storage.periods.rounds import Round
from storage.reports import petitions, returns


async def speakers(
    db: Database,
    catalogue: Catalogue,
    round_: Round,
    cluster_ids: Collection[int] | None,
    today: date,
    known: Mapping[str, Comparison] | None = None,
) -> list[Speaker]:
    """In the order in which they speak: the units above the branches of these clusters, of all for None.

    known: comparisons that are read already, by the unit's code.
    """
    clusters = [one for one in await units.all_clusters(db, today) if cluster_ids is None or one.id in cluster_ids]
    codes = {one.code for one in clusters}
    every = await units.all_units(db, today)
    members = units.top_units([one for one in every if one.cluster in codes])
    parts = [WHOLE] if cluster_ids is None else [Part(cluster_id=cluster.id) for cluster in clusters]
    listed = [one for part in parts for one in await owed_by(db, round_, part, today)]
    back = await returns.unanswered(db)
    numbers: dict[int, list[str]] = {}
    homes = {one.id: one.parent for one in every}
    by_code = {one.code: one.id for one in members}
    for petition in await petitions.still_open(db, [one.id for one in clusters], (), today.isoformat()):
        home = by_code.get(homes.get(petition.unit_id, ""), petition.unit_id)
        numbers.setdefault(home, []).append(petition.known_as)
    overdue: dict[int, list[str]] = {}
    for task in await tasks.of_area(db, [one.id for one in clusters], (), today):
        if task.is_overdue(today):
            overdue.setdefault(by_code.get(homes.get(task.unit_id, ""), task.unit_id), []).append(task.known_as)
    found = []
    for unit in members:
        own = next((one for one in listed if one.code == unit.code), None)
        under = [one for one in listed if one.commune_id == unit.id and one.code != unit.code]
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
                sum(not _filed(one) for one in under),
                len(under),
            )
        )
    return speaking_order(found)


def _filed(one: ListedUnit) -> bool:
    return one.state in life.FILED
