"""A province's organisation in, the rows by which the office of another one takes it over out.

Every code gets letters before it, what the own province stood above stands under the other one, and the figures of
closed periods are those of each unit with all below it, as the sheet of old figures takes them.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from bot.failures import misused
from bot.spreadsheet.sheets import BRIEFINGS, CLUSTERS, HISTORY, PEOPLE, PROVINCE, ROUNDS, TARGETS, UNITS
from reporting.figures.catalogue import Catalogue
from reporting.figures.values import plain
from reporting.organisation.part import Part
from reporting.organisation.units import Organisation, OrgUnit
from storage.database import Database
from storage.periods import rounds
from storage.reports import counted

Lines = Mapping[str, Sequence[Mapping[str, Any]]]


async def joining(
    db: Database, catalogue: Catalogue, today: date, org: Organisation, lines: Lines, joins: tuple[str, str]
) -> dict[str, Sequence[Mapping[str, Any]]]:
    """lines: of `filled`. joins: the code of the other province, and what stands before the own codes there.

    Raises WrongUsage without letters that can stand there.
    """
    joined, prefix = joins
    if not (prefix.isascii() and prefix.isalnum()):
        raise misused("bad_prefix")
    living = [unit for unit in org.units.values() if unit.last_on is None or unit.last_on >= today]
    top = [unit for unit in living if org.levels[unit.level].rank <= org.levels[PROVINCE].rank]
    own = {unit.code for unit in top}
    codes = {unit.code: joined if unit.code in own else f"{prefix}{unit.code}" for unit in living}
    clusters = {cluster.code: f"{prefix}{cluster.code}" for cluster in org.clusters.values()}

    def renamed(row: Mapping[str, Any]) -> dict[str, Any]:
        changed = dict(row)
        for column, known in (("unit", codes), ("parent", codes), ("organiser", codes), ("cluster", clusters)):
            if changed.get(column) in known:
                changed[column] = known[changed[column]]
        return changed

    def kept(key: str, column: str, known: Mapping[str, str]) -> list[dict[str, Any]]:
        """Rows that live, of what is known, with its code renamed."""
        rows = [
            row for row in lines[key] if row[column] in known and not (row.get("last_on") and row["last_on"] < today)
        ]
        return [renamed(row) for row in rows]

    below = {code: new for code, new in codes.items() if code not in own}
    return {
        **lines,
        UNITS.key: [{**row, "code": codes[row["code"]], "successors": ""} for row in kept(UNITS.key, "code", below)],
        CLUSTERS.key: [{**row, "code": clusters[row["code"]]} for row in kept(CLUSTERS.key, "code", clusters)],
        PEOPLE.key: [renamed(row) for row in lines[PEOPLE.key] if not row["last_on"] or row["last_on"] >= today],
        ROUNDS.key: [],
        BRIEFINGS.key: [],
        TARGETS.key: [renamed(row) for row in lines[TARGETS.key] if row["unit"] not in own],
        HISTORY.key: await _history(
            db, catalogue, today, [u for u in living if u.parent_id in {t.id for t in top}], codes
        ),
    }


async def _history(
    db: Database, catalogue: Catalogue, today: date, reporting: Sequence[OrgUnit], codes: Mapping[str, str]
) -> list[dict[str, Any]]:
    closed = await rounds.in_state(db, "closed")
    found = []
    for unit in reporting:
        sums = await counted.sums(db, catalogue, [one.id for one in closed], Part(unit_id=unit.id), today)
        found += [
            {
                "period": one.code, "unit": codes[unit.code],
                "indicator": f"{code} — {catalogue[code].short} ({catalogue[code].unit})",
                "amount": plain(total.amount, catalogue[code].kind),
            }
            for one in closed
            for code, total in sums[one.id].every.counts.items() if code in catalogue
        ]  # fmt: skip
    return found
