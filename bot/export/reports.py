"""Stored units and reports in, JSON and the office's workbook out."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from bot.export.workbook import PeriodBook, TotalsColumn, UnitLine, workbook
from bot.failures import failed
from bot.whole_file import replace_file
from handlers.leaders.summaries import figures
from handlers.wording.speech import Wording
from reporting.dialogue import life
from reporting.figures.catalogue import Catalogue, Indicator
from reporting.figures.totals import together
from reporting.figures.values import Value, plain
from reporting.organisation.part import WHOLE, Part
from storage.database import Database
from storage.engine.instants import instant, maybe_instant
from storage.organisation import units
from storage.periods.comparing import compared, covered_by
from storage.periods.rounds import Round
from storage.reports.exported import Exported, exported
from storage.review import photos


async def units_json(db: Database, today: date) -> list[dict[str, str]]:
    """Every unit of today by code; parent and cluster are '' where there is none."""
    return [
        {"code": u.code, "name": u.name, "level": u.level, "parent": u.parent, "cluster": u.cluster}
        for u in await units.all_units(db, today)
    ]


async def submissions_json(
    db: Database, catalogue: Catalogue, round_: Round, cluster: str | None, today: date
) -> dict[str, Any]:
    """Every submission of a period, drafts too, of one cluster where its code is given.

    {"period", "estimated", "submissions": [{"unit", "state", "submitted_at", "confirmed_at", "values":
    {CODE: {"value", "approx", "source"}}}]}: estimated says that the period's figures are "số ước" until the unit has
    called them final at confirmed_at; both instants are ISO in UTC or None; value is in the catalogue's unit. A value
    that was doubted and confirmed has a "note" besides: what the unit said of it. One that was given
    back has "given_back": [{"at", "value", "reason", "answered_at", "answer"}]: the figure as it was; answer is
    why it stands, "" where another was given. A report that the unit above
    has entered has "entered_above": true; one with photos has "photos": how many. Raises Failed if a stored indicator
    is not in the catalogue.
    """
    rows, pictured = await exported(db, round_.id, cluster, today.isoformat()), await photos.counts(db, round_.id)
    return {
        "period": round_.code,
        "estimated": round_.terms.estimated,
        "submissions": [_submission(row, catalogue, pictured.get(row.unit, 0)) for row in rows],
    }


def _submission(row: Exported, catalogue: Catalogue, count: int) -> dict[str, Any]:
    return {
        "unit": row.unit,
        "state": row.state,
        "submitted_at": _iso(row.submitted_at),
        "confirmed_at": _iso(row.confirmed_at),
        **({"entered_above": True} if row.entered_above else {}),
        **({"photos": count} if count else {}),
        "values": {
            code: {
                "value": plain(value.amount, _known(catalogue, code, row.unit).kind),
                "approx": value.approx,
                "source": value.source,
                **({"note": value.note} if value.note else {}),
                **({"given_back": _returned(row, code, catalogue)} if code in row.returned else {}),
            }
            for code, value in row.values.items()
        },
    }


def _returned(row: Exported, code: str, catalogue: Catalogue) -> list[dict[str, Any]]:
    return [
        {
            "at": one.returned_at.isoformat(),
            "value": plain(one.value.amount, catalogue[code].kind),
            "reason": one.reason,
            "answered_at": one.answered_at.isoformat() if one.answered_at else None,
            "answer": one.answer,
        }
        for one in row.returned[code]
    ]


def _noted(row: Exported) -> Mapping[str, Value]:
    """The values with, in their notes, why each was given back."""
    if not row.returned:
        return row.values
    say, found = Wording.vietnamese().say, dict(row.values)
    for code in row.returned.keys() & row.values.keys():
        value, reasons = row.values[code], [say("returned.noted", reason=one.reason) for one in row.returned[code]]
        found[code] = replace(value, note="; ".join([*filter(None, [value.note]), *reasons]))
    return found


def _iso(stamp: int | None) -> str | None:
    return None if stamp is None else instant(stamp).isoformat()


def _known(catalogue: Catalogue, code: str, unit: str) -> Indicator:
    # Left out silently, a figure that was reported would be missing from the export and nobody would know.
    if code not in catalogue:
        raise failed("not_of_catalogue", unit=unit, code=code)
    return catalogue[code]


async def write_xlsx(
    path: Path, db: Database, catalogue: Catalogue, round_: Round, cluster: str | None, today: date
) -> None:
    """The same as a workbook for the office: a row for each unit, totals of what was sent, the words as written.

    The file at `path` is replaced whole or not touched. Raises Failed if it cannot be written.
    """
    book = await _book(db, catalogue, round_, cluster, today)

    def write() -> None:
        replace_file(path, workbook(book))

    await asyncio.to_thread(write)


async def _book(db: Database, catalogue: Catalogue, round_: Round, cluster: str | None, today: date) -> PeriodBook:
    day = today.isoformat()
    sent = {row.unit: row for row in await exported(db, round_.id, cluster, day)}
    for report in sent.values():
        for code in report.values:
            _known(catalogue, code, report.unit)
    clusters = [c for c in await units.all_clusters(db, today) if cluster is None or c.code.lower() == cluster.lower()]
    names = {c.code: c.name for c in clusters}
    # Units of the clusters owe a report and stand in the list without one, too.
    owing = {u.code: u for u in await units.all_units(db, today) if u.cluster in names}
    lines, say, pictured = [], Wording.vietnamese().say, await photos.counts(db, round_.id)
    for code in sorted(owing.keys() | sent.keys()):
        row, unit = sent.get(code), owing.get(code)
        name = unit.name if unit else sent[code].unit_name
        where = names.get(unit.cluster if unit else sent[code].cluster, "")
        if row is None:
            lines.append(UnitLine(code, name, where, say(f"submission.{life.NOT_BEGUN}"), None, {}))
        else:
            sent_at, final_at = maybe_instant(row.submitted_at), maybe_instant(row.confirmed_at)
            state = say(f"submission.{row.state}")
            lines.append(UnitLine(code, name, where, state, sent_at, _noted(row), final_at, pictured.get(code, 0)))
    columns = []
    for one in clusters:
        sums = await figures(db, catalogue, round_, Part(cluster_id=one.id), today)
        covered = await covered_by(db, round_, Part(cluster_id=one.id), today)
        columns.append(TotalsColumn(one.name, covered, sums))
    board = []
    if cluster is None:
        compared_ = await compared(db, catalogue, round_, WHOLE, today)
        whole = together(c.coverage for c in columns)
        columns.append(TotalsColumn("Toàn tỉnh", whole, compared_.now.totals))
        board = [row.target for row in compared_.rows if row.target is not None]
    return PeriodBook(
        catalogue=catalogue,
        period=round_.period,
        area=columns[-1].name if columns else "",
        today=today,
        lines=lines,
        columns=columns,
        board={item.target.indicator: item for item in board},
        estimated=round_.terms.estimated,
    )
