"""Figures that were given out, with the version they had; and what has changed since a version.

A version is the number of an event. Take `settled` before the figures are read, and write `hand_out` with what is given
out; the next paper asks for the `last` one, and lists `changed_since` its version.
"""

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from reporting.dialogue import changed
from reporting.dialogue.changed import ReportEvent
from reporting.figures.values import Value
from reporting.organisation.part import Part
from storage.database import Database, Statement
from storage.engine.instants import instant, stamp
from storage.organisation.names import told_apart
from storage.reports import running
from storage.reports.counted import units_of

Shown = Mapping[str, Mapping[str, str]]

MOST_TOGETHER = 500  # ids of one query


@dataclass(frozen=True, slots=True)
class HandedOut:
    """A paper that was given out. version: of its figures; shown: by part and name a mark of what else stood in it,
    None where that was not kept yet.
    """

    version: int
    at: datetime
    shown: Shown | None = None


@dataclass(frozen=True, slots=True)
class ChangedFigure:
    """A unit's figure that counts otherwise than it did; old or new is None where it did not, or does not, count.
    unit: its code. back, had, has: as in `FigureChange`.

    who: the person's number, as in the audit; None for a command of the office or the clock.
    """

    unit: str
    unit_name: str
    indicator: str
    old: Value | None
    new: Value | None
    at: datetime
    who: int | None
    back: Value | None = None
    had: bool = False
    has: bool = True


async def current(db: Database) -> int:
    """The version that everything read from now on has at least: the number of the last event."""
    rows = await db.read("select coalesce(max(id), 0) from event")
    version: int = rows[0][0]
    return version


async def settled(db: Database, period_id: int) -> int:
    """The version of the period's figures as they are read after this: every change up to it is then among them.

    Waits for changes that are being written, where they may commit in another order than they are numbered; one that
    comes meanwhile may be in the paper and in the next list, too.
    """
    version = await current(db)
    if not db.in_order:
        await db.write([running.hold(period_id)])
    return version


async def touched(db: Database, version: int) -> set[int | None]:
    """The units of which something that papers show has changed since, drafts left out; None: of no single unit."""
    rows = await db.read(
        "select distinct e.unit_id from event e"
        " left join submission s on s.period_id = e.period_id and s.unit_id = e.unit_id"
        f" where e.id > ? and (e.action not like 'value.%' or s.state in {running.COUNTED})",
        (version,),
    )
    return {row[0] for row in rows}


def hand_out(
    paper: tuple[int, str],
    period_id: int,
    part: Part,
    version: int,
    by: tuple[int | None, datetime],
    shown: Shown | None = None,
) -> Statement:
    """Keeps that figures of that version were given out. paper: its id and kind; by: the person's id, and now."""
    kept = None if shown is None else json.dumps(shown, ensure_ascii=False, sort_keys=True)
    return (
        "insert into handed_out (id, period_id, what, cluster_id, unit_id, version, at, person_id, shown)"
        " values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (paper[0], period_id, paper[1], part.cluster_id, part.unit_id, version, stamp(by[1]), by[0], kept),
    )  # fmt: skip


async def last(db: Database, period_id: int, what: str, part: Part) -> HandedOut | None:
    """The paper of that kind that was given out last."""
    rows = await db.read(
        "select version, at, shown from handed_out where period_id = ? and what = ? and coalesce(cluster_id, 0) = ?"
        " and coalesce(unit_id, 0) = ? order by at desc, id desc limit 1",
        (period_id, what, part.cluster_id or 0, part.unit_id or 0),
    )
    return HandedOut(rows[0][0], instant(rows[0][1]), json.loads(rows[0][2] or "null")) if rows else None


async def at_lock(db: Database, period_id: int) -> int | None:
    """The version the figures had when the period was locked last; None where it never was."""
    rows = await db.read("select max(id) from event where period_id = ? and action = 'period.locked'", (period_id,))
    version: int | None = rows[0][0]
    return version


async def changed_since(db: Database, period_id: int, version: int, part: Part, today: date) -> list[ChangedFigure]:
    """Every figure of the part's units that counts otherwise than at that version, by unit and indicator."""
    within = await units_of(db, part, today)
    rows = await db.read(
        "select distinct unit_id from event where id > ? and period_id = ? and unit_id is not null",
        (version, period_id),
    )
    touched = [row[0] for row in rows if within is None or row[0] in within]
    events: dict[int, list[ReportEvent]] = defaultdict(list)
    names: dict[int, tuple[str, str]] = {}
    for first in range(0, len(touched), MOST_TOGETHER):
        some = touched[first : first + MOST_TOGETHER]
        for row in await db.read(
            f"select e.unit_id, u.code, {told_apart('u')}, e.id, e.at, e.actor, e.action, e.subject, e.new from event e"
            f" join unit u on u.id = e.unit_id where e.unit_id in ({', '.join('?' * len(some))}) and e.period_id = ?"
            " order by e.id",
            (*some, period_id),
        ):
            names[row[0]] = (row[1], row[2])
            events[row[0]].append(ReportEvent(row[3], row[4], row[5], row[6], row[7], row[8]))
    return [
        ChangedFigure(
            *names[unit_id], one.indicator, one.old, one.new, instant(one.at), one.actor, one.back, one.had, one.has
        )
        for unit_id in sorted(events, key=lambda unit_id: names[unit_id])
        for one in changed.changed_since(events[unit_id], version)
    ]
