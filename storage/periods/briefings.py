"""Changes of briefings as rows: another day, place or host, and who has been told of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from reporting.time.calendar import at, local_day
from storage.database import Database, Statement
from storage.engine.instants import instant, stamp
from storage.messages.reminders import SAID
from storage.periods.rounds import Briefing, Mode


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


# Whether anybody knows of the briefing `b` of the period `p` and the cluster `c`: who chairs it, its group, or a unit
# that was told of the period since it was set.
_SET_AT = (
    "coalesce((select max(v.at) from event v where v.action = 'briefing.set'"
    " and v.subject in (c.code, p.code || ' ' || c.code) and (v.period_id is null or v.period_id = p.id)), 0)"
)
_HEARD_OF = (
    "(b.told_sequence > 0 or exists (select 1 from chair_told t where t.briefing_id = b.id)"
    " or exists (select 1 from board x where x.period_id = p.id and x.cluster_id = c.id)"
    " or exists (select 1 from reminder r join cluster_member m on m.unit_id = r.unit_id and m.cluster_id = c.id"
    f"   where r.period_id = p.id and r.state in {SAID} and r.settled_at >= {_SET_AT}))"
)


def cancel(briefing: Briefing, now: datetime) -> list[Statement]:
    """Calls a briefing off; fails the unit if somebody has changed it meanwhile. Where nobody has heard of it, as before
    its period opens, nobody is told."""
    before = "select id from cancelled_briefing where period_id = ? and cluster_id = ?"
    place = (briefing.period_id, briefing.cluster_id)
    return [
        (f"delete from cancelled_chair where briefing_id in ({before})", place),
        ("delete from cancelled_briefing where period_id = ? and cluster_id = ?", place),
        (
            "insert into cancelled_briefing (id, period_id, cluster_id, starts_at, mode, place, sequence, told_at)"
            " select b.id, b.period_id, b.cluster_id, coalesce(b.told_starts_at, b.starts_at), b.mode, b.place,"
            f" b.sequence, case when p.state in ('open', 'locked') and {_HEARD_OF} then null else cast(? as bigint) end"
            " from briefing b join period p on p.id = b.period_id join cluster c on c.id = b.cluster_id"
            " where b.id = ? and b.sequence = ?",
            (stamp(now), briefing.id, briefing.sequence),
            1,
        ),
        (
            "insert into cancelled_chair (briefing_id, person_id)"
            " select briefing_id, person_id from chair_told where briefing_id = ?",
            (briefing.id,),
        ),
        ("delete from chair_told where briefing_id = ?", (briefing.id,)),
        ("delete from co_chair where briefing_id = ?", (briefing.id,)),
        ("delete from briefing where id = ?", (briefing.id,)),
    ]


@dataclass(frozen=True, slots=True)
class Cancelled:
    """A briefing that was called off and of which those concerned have not heard. chairs: who has it in a calendar."""

    briefing: Briefing
    chairs: tuple[int, ...]


async def cancelled(db: Database) -> list[Cancelled]:
    """What was called off in running periods, and was not set again since."""
    rows = await db.read(
        "select x.period_id, x.cluster_id, c.code, c.name, x.starts_at, x.place, x.id, x.mode, x.sequence"
        " from cancelled_briefing x join cluster c on c.id = x.cluster_id join period p on p.id = x.period_id"
        " where x.told_at is null and p.state in ('open', 'locked') and not exists (select 1 from briefing b"
        "   where b.period_id = x.period_id and b.cluster_id = x.cluster_id) order by x.id"
    )
    held = await db.read("select briefing_id, person_id from cancelled_chair order by briefing_id, person_id")
    return [
        Cancelled(
            Briefing(r[0], r[1], r[2], r[3], instant(r[4]), r[5], "", id=r[6], mode=r[7], sequence=r[8]),
            tuple(person for briefing_id, person in held if briefing_id == r[6]),
        )
        for r in rows
    ]


def cancel_told(one: Cancelled, now: datetime) -> Statement:
    """They have been told; fails the unit of work if another worker was quicker."""
    return (
        "update cancelled_briefing set told_at = ? where id = ? and told_at is null",
        (stamp(now), one.briefing.id),
        1,
    )


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


@dataclass(frozen=True, slots=True)
class Chairing:
    """Somebody who chairs a coming briefing, or no longer does. sequence: how the briefing stands."""

    briefing_id: int
    period_id: int
    cluster_id: int
    starts_at: datetime
    sequence: int
    person_id: int
    ended: bool


# Who chairs each briefing: who was named, alone or beside others, else whoever holds the post that was, else the one chair of the cluster.
_HELD = "r.valid_from_on <= ? and (r.valid_to_on is null or r.valid_to_on >= ?)"
_CHAIRS = (
    "select id as briefing_id, chair_id as person_id from briefing where chair_id is not null"
    " union select b.id, r.person_id from briefing b join role r on r.post_id = b.chair_post_id"
    f" where b.chair_id is null and {_HELD}"
    " union select briefing_id, person_id from co_chair where person_id is not null"
    f" union select c.briefing_id, r.person_id from co_chair c join role r on r.post_id = c.post_id and {_HELD}"
    " union select b.id, min(r.person_id) from briefing b join role r on r.cluster_id = b.cluster_id"
    f" and r.role = 'chair' where b.chair_id is null and b.chair_post_id is null and {_HELD}"
    " group by b.id having count(distinct r.person_id) = 1"
)


async def chairs(db: Database, briefing_id: int, today: date) -> tuple[int, ...]:
    """The persons who chair a briefing."""
    day = today.isoformat()
    rows = await db.read(
        f"select c.person_id from ({_CHAIRS}) c where c.briefing_id = ? order by c.person_id",
        (*[day] * 6, briefing_id),
    )
    return tuple(row[0] for row in rows)


async def named(db: Database) -> set[tuple[int, int]]:
    """By period and cluster, the briefings for which somebody is named to chair, enrolled or not."""
    rows = await db.read(
        "select period_id, cluster_id from briefing where chair_id is not null or chair_post_id is not null"
        " or exists (select 1 from co_chair c where c.briefing_id = briefing.id)"
    )
    return {(row[0], row[1]) for row in rows}


async def by_meeting(db: Database, today: date) -> dict[tuple[int, int], tuple[int, ...]]:
    """The persons who chair, by period and cluster, of every briefing that is not over before today."""
    day = today.isoformat()
    rows = await db.read(
        f"select b.period_id, b.cluster_id, c.person_id from ({_CHAIRS}) c join briefing b on b.id = c.briefing_id"
        " where b.starts_at >= ? order by b.id, c.person_id",
        (*[day] * 6, stamp(at(today, 0))),
    )
    found: dict[tuple[int, int], tuple[int, ...]] = {}
    for period_id, cluster_id, person_id in rows:
        found[period_id, cluster_id] = (*found.get((period_id, cluster_id), ()), person_id)
    return found


async def chairs_untold(db: Database, now: datetime) -> list[Chairing]:
    """Who can be reached and has not been told: of a coming briefing as it stands, or that it is no longer theirs.

    Nobody whose roles have all ended: the bot tells them nothing any more.
    Not those of a briefing whose change nobody has heard of yet: they hear of it with all others.
    """
    day = local_day(now).isoformat()
    rows = await db.read(
        "select b.id, b.period_id, b.cluster_id, b.starts_at, b.sequence, x.person_id, x.ended from ("
        "   select c.briefing_id, c.person_id, coalesce(t.sequence, -1) as sequence, 0 as ended"
        f"   from ({_CHAIRS}) c left join chair_told t"
        "     on t.briefing_id = c.briefing_id and t.person_id = c.person_id"
        "   union all select t.briefing_id, t.person_id, -1, 1 from chair_told t where not exists"
        f"     (select 1 from ({_CHAIRS}) c where c.briefing_id = t.briefing_id and c.person_id = t.person_id)"
        " ) x join briefing b on b.id = x.briefing_id join period p on p.id = b.period_id"
        " where b.starts_at > ? and p.state <> 'closed' and b.sequence = b.told_sequence and x.sequence < b.sequence"
        " and exists (select 1 from account a where a.person_id = x.person_id and a.consent = 'given'"
        f"   and a.unreachable_at is null) and exists (select 1 from role r where r.person_id = x.person_id and {_HELD})"
        " order by b.id, x.person_id",
        (*[day] * 12, stamp(now), day, day),
    )
    return [Chairing(r[0], r[1], r[2], instant(r[3]), r[4], r[5], bool(r[6])) for r in rows]


def chair_told(briefing_id: int, person_id: int, sequence: int) -> Statement:
    """The chair has been sent the briefing as it stands; fails the unit if another worker was quicker."""
    return (
        "insert into chair_told (briefing_id, person_id, sequence) values (?, ?, ?)"
        " on conflict (briefing_id, person_id) do update set sequence = excluded.sequence"
        " where chair_told.sequence < excluded.sequence",
        (briefing_id, person_id, sequence),
        1,
    )


def chair_released(briefing_id: int, person_id: int) -> Statement:
    """The person has been told that the briefing is no longer theirs; fails the unit if another worker was quicker."""
    return ("delete from chair_told where briefing_id = ? and person_id = ?", (briefing_id, person_id), 1)


async def elsewhere(db: Database, cluster_id: int, period_id: int, first: datetime, after: datetime) -> Sequence[str]:
    """Codes of other periods whose briefing of that cluster starts at or after `first` and before `after`."""
    rows = await db.read(
        "select p.code from briefing b join period p on p.id = b.period_id where b.cluster_id = ? and b.period_id <> ?"
        " and b.starts_at >= ? and b.starts_at < ? order by p.code",
        (cluster_id, period_id, stamp(first), stamp(after)),
    )
    return [row[0] for row in rows]
