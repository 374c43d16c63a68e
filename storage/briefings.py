"""Briefings changed and told of: moved to another day, place or host, and who has heard of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from storage.database import Database, Statement
from storage.instants import instant, stamp
from storage.rounds import Briefing, Mode


def change(
    briefing: Briefing, starts_at: datetime, mode: Mode, place: str, chair_id: int | None, host_unit_id: int | None
) -> Statement:
    """Moves a briefing, or gives it another place, host or chair; fails the unit if somebody has meanwhile."""
    return (
        "update briefing set told_starts_at = coalesce(told_starts_at, starts_at), starts_at = ?, mode = ?, place = ?,"
        " chair_id = ?, host_unit_id = ?, sequence = sequence + 1 where id = ? and sequence = ?",
        (stamp(starts_at), mode, place, chair_id, host_unit_id, briefing.id, briefing.sequence),
        1,
    )


def chaired_by(briefing_id: int, post_id: int) -> Statement:
    """Who is to chair a briefing: the post, also before anybody has enrolled in it."""
    return ("update briefing set chair_post_id = ? where id = ?", (post_id, briefing_id), 1)


@dataclass(frozen=True, slots=True)
class Moved:
    """A briefing that was changed since its cluster heard of it; was_at: when it was to be, as they know it."""

    id: int
    period_id: int
    cluster_id: int
    sequence: int
    was_at: datetime


async def untold(db: Database) -> list[Moved]:
    """Changed briefings of running periods that those concerned have not heard of."""
    rows = await db.read(
        "select b.id, b.period_id, b.cluster_id, b.sequence, coalesce(b.told_starts_at, b.starts_at) from briefing b"
        " join period p on p.id = b.period_id where b.sequence > b.told_sequence and p.state in ('open', 'locked')"
        " order by b.id"
    )
    return [Moved(r[0], r[1], r[2], r[3], instant(r[4])) for r in rows]


def told(moved: Moved) -> Statement:
    """They have been told; fails the unit of work if another worker did, or it was changed once more."""
    return (
        "update briefing set told_sequence = sequence, told_starts_at = starts_at"
        " where id = ? and sequence = ? and told_sequence < sequence",
        (moved.id, moved.sequence),
        1,
    )


async def elsewhere(db: Database, cluster_id: int, period_id: int, first: datetime, after: datetime) -> Sequence[str]:
    """Codes of other periods whose briefing of that cluster starts at or after `first` and before `after`."""
    rows = await db.read(
        "select p.code from briefing b join period p on p.id = b.period_id where b.cluster_id = ? and b.period_id <> ?"
        " and b.starts_at >= ? and b.starts_at < ? order by p.code",
        (cluster_id, period_id, stamp(first), stamp(after)),
    )
    return [row[0] for row in rows]
