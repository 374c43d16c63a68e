"""The whole organisation with its history read; changes of it in, statements and their events out."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from reporting.organisation.units import (
    Change,
    ClusterAdded,
    ClusterChanged,
    ClusterEdited,
    ClusterKept,
    Membership,
    Organisation,
    OrgCluster,
    OrgUnit,
    UnitAdded,
    UnitEnded,
    UnitKept,
    UnitLevel,
    UnitMoved,
    UnitRenamed,
    UnitWithdrawn,
)
from reporting.time.calendar import at
from storage.database import Database, Statement
from storage.engine.instants import maybe_day, stamp

TOGETHER = 100  # rows of one insert


async def load(db: Database) -> Organisation:
    """Every level, unit and cluster that is or was."""
    levels = await db.read("select code, name, rank, valid_to_on from level order by rank")
    clusters = await db.read(
        "select id, code, name, position, organiser_id, valid_from_on, valid_to_on from cluster order by position, code"
    )
    memberships: dict[int, list[Membership]] = {}
    for unit_id, cluster_id, from_on, last_on in await db.read(
        "select unit_id, cluster_id, valid_from_on, valid_to_on from cluster_member order by unit_id, valid_from_on"
    ):
        held = Membership(cluster_id, date.fromisoformat(from_on), maybe_day(last_on))
        memberships.setdefault(unit_id, []).append(held)
    successors: dict[int, list[int]] = {}
    for unit_id, successor_id in await db.read(
        "select unit_id, successor_id from succession order by unit_id, position"
    ):
        successors.setdefault(unit_id, []).append(successor_id)
    units = await db.read("select id, code, name, level, parent_id, valid_from_on, valid_to_on from unit order by code")
    return Organisation(
        (UnitLevel(r[0], r[1], r[2], maybe_day(r[3])) for r in levels),
        (
            OrgUnit(
                r[0], r[1], r[2], r[3], r[4], date.fromisoformat(r[5]), maybe_day(r[6]),
                tuple(successors.get(r[0], ())), tuple(memberships.get(r[0], ())),
            )
            for r in units
        ),
        (OrgCluster(r[0], r[1], r[2], r[3], r[4], date.fromisoformat(r[5]), maybe_day(r[6])) for r in clusters),
    )  # fmt: skip


async def left_below(db: Database, today: date) -> bool:
    """Whether a unit of today stands under one that has ended and that somebody took over from."""
    day = today.isoformat()
    rows = await db.read(
        "select 1 from unit u join unit p on p.id = u.parent_id where p.valid_to_on < ?"
        " and (u.valid_to_on is null or u.valid_to_on >= ?)"
        " and exists (select 1 from succession s where s.unit_id = p.id) limit 1",
        (day, day),
    )
    return bool(rows)


async def order_of_units(db: Database) -> dict[int, int]:
    """A number for each unit that was added by the office, in the order of its sheet."""
    rows = await db.read(
        "select unit_id, min(id) from event where action = 'unit.added' and unit_id is not null group by unit_id"
    )
    return {row[0]: row[1] for row in rows}


def statements(organisation: Organisation, actor: int | None, now: datetime) -> list[Statement]:
    """The changes made to an organisation since it was read, in order, each with its event: who, what, old and new.

    actor: the person's id, None for the command line. New rows of one kind that follow each other share an insert.
    """
    unit: list[Statement] = []
    added: list[tuple[Any, ...]] = []
    joined: list[tuple[Any, ...]] = []
    events: list[tuple[Any, ...]] = []
    writing = _Writing(organisation, actor, now)

    def flush() -> None:
        unit.extend(_inserts("unit", ("id", "code", "name", "level", "parent_id", "valid_from_on"), added))
        unit.extend(_inserts("cluster_member", ("cluster_id", "unit_id", "valid_from_on"), joined))
        added.clear()
        joined.clear()

    for change in organisation.changes:
        events.append(writing.event(change))
        match change:
            case UnitAdded(new):
                if joined:
                    flush()
                added.append((new.id, new.code, new.name, new.level, new.parent_id, new.from_on.isoformat()))
            case ClusterChanged(moved, None, cluster_id, since) if cluster_id is not None:
                joined.append((cluster_id, moved.id, since.isoformat()))
            case _:
                flush()
                unit.extend(writing.rows(change))
    flush()
    columns = ("at", "actor", "action", "unit_id", "subject", "old", "new")
    return unit + list(_inserts("event", columns, events))


def _inserts(table: str, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> Iterator[Statement]:
    marks = f"({', '.join('?' * len(columns))})"
    for first in range(0, len(rows), TOGETHER):
        some = rows[first : first + TOGETHER]
        text = f"insert into {table} ({', '.join(columns)}) values {', '.join([marks] * len(some))}"
        yield (text, [value for row in some for value in row], len(some))


class _Writing:
    """One change as rows. Codes of units and clusters stand in events, as people know them by these."""

    def __init__(self, organisation: Organisation, actor: int | None, now: datetime) -> None:
        self._units = organisation.units
        self._clusters = organisation.clusters
        self._actor = actor
        self._now = now

    def rows(self, change: Change) -> list[Statement]:
        match change:
            case UnitRenamed(unit, name):
                return [("update unit set name = ? where id = ? and name = ?", (name, unit.id, unit.name), 1)]
            case UnitMoved(unit, parent_id):
                return [
                    (
                        "update unit set parent_id = ? where id = ? and coalesce(parent_id, 0) = ?",
                        (parent_id, unit.id, unit.parent_id or 0),
                        1,
                    )
                ]
            case ClusterChanged(unit, old, cluster_id, since):
                return self._cluster_changed(unit.id, old, cluster_id, since)
            case UnitEnded():
                return self._ended(change)
            case UnitKept() | UnitWithdrawn() | ClusterKept():
                return self._called_off(change)
            case ClusterAdded(cluster) | ClusterEdited(_, cluster):
                return [
                    (
                        "insert into cluster (id, code, name, position, organiser_id, valid_from_on, valid_to_on)"
                        " values (?, ?, ?, ?, ?, ?, ?) on conflict (id) do update set name = excluded.name,"
                        " position = excluded.position, organiser_id = excluded.organiser_id,"
                        " valid_from_on = excluded.valid_from_on, valid_to_on = excluded.valid_to_on",
                        (cluster.id, cluster.code, cluster.name, cluster.position, cluster.organiser_id,
                         cluster.from_on.isoformat(), _iso(cluster.last_on)),
                        1,
                    )
                ]  # fmt: skip
        raise AssertionError(change)

    def _cluster_changed(
        self, unit_id: int, old: Membership | None, cluster_id: int | None, since: date
    ) -> list[Statement]:
        rows: list[Statement] = []
        if old is not None and old.from_on < since:
            rows.append(_close(unit_id, old, since - timedelta(days=1)))
        elif old is not None:  # it was to begin on this very day
            rows.append(
                (
                    "delete from cluster_member where unit_id = ? and cluster_id = ? and valid_from_on = ?",
                    (unit_id, old.cluster_id, old.from_on.isoformat()),
                    1,
                )
            )
        if cluster_id is not None:
            rows += _inserts("cluster_member", ("cluster_id", "unit_id", "valid_from_on"),
                             [(cluster_id, unit_id, since.isoformat())])  # fmt: skip
        # What is planned counts back from the old cluster's briefing; the new one's is planned by the next tick.
        rows.append(("delete from reminder where unit_id = ? and state = 'planned'", (unit_id,)))
        return rows

    def _ended(self, change: UnitEnded) -> list[Statement]:
        """The unit, its membership in a cluster, its people's roles, codes that wait for it, reminders planned for it."""
        unit, last = change.unit, change.last_on.isoformat()
        since = at(change.last_on + timedelta(days=1), 0)
        open_roles = "unit_id = ? and (valid_to_on is null or valid_to_on > ?)"
        rows: list[Statement] = [
            ("update unit set valid_to_on = ? where id = ? and valid_to_on is null", (last, unit.id), 1),
            *_inserts("succession", ("unit_id", "successor_id", "position"),
                      [(unit.id, other, position) for position, other in enumerate(change.successors)]),
            (
                "insert into event (at, actor, action, unit_id, subject, old, new)"
                " select cast(? as bigint), cast(? as bigint), 'role.ended', unit_id, role, cast(person_id as text),"
                f" cast(? as text) from role where {open_roles}",
                (stamp(self._now), self._actor, last, unit.id, last),
            ),
            (f"update role set valid_to_on = ? where {open_roles}", (last, unit.id, last)),
            (f"update post set valid_to_on = ? where {open_roles}", (last, unit.id, last)),
            (
                "update invite set expires_at = ? where unit_id = ? and used_at is null and expires_at > ?",
                (stamp(max(since, self._now)), unit.id, stamp(max(since, self._now))),
            ),
            (
                "update reminder set state = 'cancelled', settled_at = ?"
                " where unit_id = ? and state = 'planned' and due_at >= ?",
                (stamp(self._now), unit.id, stamp(since)),
            ),
        ]  # fmt: skip
        if change.membership is not None:
            rows.append(_close(unit.id, change.membership, change.last_on))
        return rows

    def _called_off(self, change: UnitKept | UnitWithdrawn | ClusterKept) -> list[Statement]:
        match change:
            case UnitKept(unit, held):
                return self._kept(unit, held)
            case UnitWithdrawn(unit):
                # Before its first day it has nothing but these; what else is known of it, the database refuses to lose.
                tables = ("invite", "post", "cluster_member", "prepared_change")
                own: list[Statement] = [(f"delete from {table} where unit_id = ?", (unit.id,)) for table in tables]
                return [*own, ("delete from unit where id = ?", (unit.id,), 1)]
            case ClusterKept(unit, dropped, old):
                rows: list[Statement] = [
                    (
                        "delete from cluster_member where unit_id = ? and cluster_id = ? and valid_from_on = ?",
                        (unit.id, dropped.cluster_id, dropped.from_on.isoformat()),
                        1,
                    )
                ]
                return rows + ([_reopen(unit.id, old, dropped.last_on)] if old else [])

    def _kept(self, unit: OrgUnit, held: Membership | None) -> list[Statement]:
        """The same undone: the unit, who was to take over, its cluster, and the people who were to go with it."""
        assert unit.last_on is not None
        last = unit.last_on.isoformat()
        with_it = (
            " and exists (select 1 from event e where e.action = 'role.ended' and e.unit_id = role.unit_id"
            " and e.subject = role.role and e.old = cast(role.person_id as text) and e.new = role.valid_to_on)"
        )
        rows: list[Statement] = [
            ("update unit set valid_to_on = null where id = ? and valid_to_on = ?", (unit.id, last), 1),
            ("delete from succession where unit_id = ?", (unit.id,)),
            (f"update role set valid_to_on = null where unit_id = ? and valid_to_on = ?{with_it}", (unit.id, last)),
            ("update post set valid_to_on = null where unit_id = ? and valid_to_on = ?", (unit.id, last)),
        ]
        return rows + ([_reopen(unit.id, held, None)] if held else [])

    def event(self, change: Change) -> tuple[Any, ...]:
        """(at, actor, action, unit id, subject, old, new)."""
        told: tuple[str, int, str, str | None, str | None]
        match change:
            case UnitAdded(unit):
                told = ("unit.added", unit.id, unit.code, None, unit.name)
            case UnitRenamed(unit, name):
                told = ("unit.renamed", unit.id, unit.code, unit.name, name)
            case UnitMoved(unit, parent_id):
                told = ("unit.moved", unit.id, unit.code, self._unit(unit.parent_id), self._unit(parent_id))
            case ClusterChanged(unit, old, cluster_id, since):
                before = self._clusters[old.cluster_id].code if old else None
                after = self._clusters[cluster_id].code if cluster_id is not None else ""
                told = ("unit.cluster", unit.id, unit.code, before, f"{after} {since.isoformat()}".strip())
            case UnitEnded(unit, last_on, successors, _):
                heirs = ", ".join(self._units[one].code for one in successors)
                told = ("unit.ended", unit.id, unit.code, None, f"{last_on.isoformat()} {heirs}".strip())
            case UnitKept(unit, _):
                told = ("unit.end_called_off", unit.id, unit.code, str(unit.last_on), None)
            case UnitWithdrawn(unit):
                told = ("unit.add_called_off", unit.id, unit.code, f"{unit.name} {unit.from_on.isoformat()}", None)
            case ClusterKept(unit, dropped, old):
                was = f"{self._clusters[dropped.cluster_id].code} {dropped.from_on.isoformat()}"
                stays = self._clusters[old.cluster_id].code if old else None
                told = ("unit.cluster_called_off", unit.id, unit.code, was, stays)
            case ClusterAdded(cluster):
                told = ("cluster.added", cluster.organiser_id, cluster.code, None, cluster.name)
            case ClusterEdited(before_, after_):
                told = ("cluster.changed", after_.organiser_id, after_.code, _cluster(before_), _cluster(after_))
        return (stamp(self._now), self._actor, *told)

    def _unit(self, unit_id: int | None) -> str | None:
        return None if unit_id is None else self._units[unit_id].code


def _close(unit_id: int, held: Membership, last_on: date) -> Statement:
    return (
        "update cluster_member set valid_to_on = ? where unit_id = ? and cluster_id = ? and valid_from_on = ?",
        (last_on.isoformat(), unit_id, held.cluster_id, held.from_on.isoformat()),
        1,
    )


def _reopen(unit_id: int, held: Membership, last_on: date | None) -> Statement:
    return (
        "update cluster_member set valid_to_on = ? where unit_id = ? and cluster_id = ? and valid_from_on = ?",
        (_iso(last_on), unit_id, held.cluster_id, held.from_on.isoformat()),
        1,
    )


def _cluster(cluster: OrgCluster) -> str:
    return f"{cluster.position}. {cluster.name}" + (f" {cluster.last_on.isoformat()}" if cluster.last_on else "")


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
