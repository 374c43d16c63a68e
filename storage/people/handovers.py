"""Who hands the office's role to whom in, rows of it and of what is going on in the office out."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from reporting.dialogue import life
from storage.database import Database, Statement
from storage.engine.instants import stamp

# A report that waits for a review.
_WAITS = ", ".join(repr(state) for row in life.rows_of("accept") for state in row.sources)

HandoverState = Literal["begun", "taken", "done", "stopped"]


@dataclass(frozen=True, slots=True)
class Handover:
    """One that is under way. taker_id: None until the code has been used."""

    id: int
    giver_id: int
    giver: str
    taker_id: int | None
    taker: str
    invite_id: int | None
    unit_id: int
    state: HandoverState


@dataclass(frozen=True, slots=True)
class Underway:
    """What whoever takes the office over finds waiting: reports to review, petitions, requests; units and people."""

    reports: int
    petitions: int
    requests: int
    units: int
    enrolled: int


async def _one(db: Database, where: str, value: int) -> Handover | None:
    rows = await db.read(
        "select h.id, h.giver_id, g.name, h.taker_id, coalesce(t.name, ''), h.invite_id, h.unit_id, h.state"
        " from office_handover h join person g on g.id = h.giver_id left join person t on t.id = h.taker_id"
        f" where h.state in ('begun', 'taken') and {where}",
        (value,),
    )
    return Handover(*rows[0]) if rows else None


async def given_by(db: Database, person_id: int) -> Handover | None:
    """The one this person has under way."""
    return await _one(db, "h.giver_id = ?", person_id)


async def by_id(db: Database, number: int) -> Handover | None:
    """The one of that id, if it is still under way."""
    return await _one(db, "h.id = ?", number)


async def by_invite(db: Database, invite_id: int) -> Handover | None:
    """The one for which that code was given."""
    return await _one(db, "h.invite_id = ?", invite_id)


def begin(one: Handover, now: datetime) -> Statement:
    """Notes that it has begun."""
    return (
        "insert into office_handover (id, giver_id, taker_id, invite_id, unit_id, state, begun_at)"
        " values (?, ?, ?, ?, ?, ?, ?)",
        (one.id, one.giver_id, one.taker_id, one.invite_id, one.unit_id, one.state, stamp(now)),
    )


def taken_up(number: int, taker_id: int) -> Statement:
    """The code was used by that person."""
    return ("update office_handover set taker_id = ? where id = ? and state = 'begun'", (taker_id, number), 1)


def move(one: Handover, state: HandoverState, now: datetime) -> Statement:
    """Moves it on; fails the unit if it is not as it was read."""
    return (
        "update office_handover set state = ?, settled_at = ? where id = ? and state = ?",
        (state, stamp(now), one.id, one.state),
        1,
    )


async def underway(db: Database, today: date) -> Underway:
    """Counted as of that day."""
    rows = await db.read(
        "select (select count(*) from submission s join period p on p.id = s.period_id"
        f"   where s.state in ({_WAITS}) and p.state in ('open', 'locked')),"
        " (select count(*) from petition where state in ('new', 'received', 'forwarded')),"
        " (select count(*) from data_request where done_on is null),"
        " (select count(*) from unit where valid_to_on is null or valid_to_on >= ?),"
        " (select count(distinct r.unit_id) from role r join account a on a.person_id = r.person_id"
        "   where r.role in ('secretary', 'deputy') and a.consent = 'given'"
        "   and (r.valid_to_on is null or r.valid_to_on >= ?))",
        (today.isoformat(), today.isoformat()),
    )
    return Underway(*rows[0])
