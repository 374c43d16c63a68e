"""People: their accounts on the channels, the consent they gave, and their dated roles."""

from dataclasses import dataclass
from datetime import date, datetime

from reporting.catalogue import Level
from storage.database import Database, Statement
from storage.instants import stamp

# Roles that report for a unit, the one who is reminded first.
REPORTERS = ("secretary", "deputy")


@dataclass(frozen=True, slots=True)
class Role:
    """What a person is, and for which unit or cluster."""

    role: str
    title: str
    unit_id: int | None
    unit_code: str
    unit_name: str
    unit_level: Level | None
    cluster_id: int | None


@dataclass(frozen=True, slots=True)
class Account:
    """A person who can be written to on one channel."""

    person_id: int
    name: str
    channel: str
    chat_id: str


def add_person(person_id: int, name: str, now: datetime) -> Statement:
    """A new person; the id is drawn by the caller."""
    return ("insert into person (id, name, created_at) values (?, ?, ?)", (person_id, name, stamp(now)))


def add_account(channel: str, chat_id: str, person_id: int, consent_version: str, now: datetime) -> Statement:
    """The person's account, with consent to the text of that version, given now."""
    return (
        "insert into account (channel, chat_id, person_id, consent, consent_version, consent_at)"
        " values (?, ?, ?, 'given', ?, ?)",
        (channel, chat_id, person_id, consent_version, stamp(now)),
    )


def add_role(
    role_id: int,
    person_id: int,
    role: str,
    title: str,
    unit_id: int | None,
    cluster_id: int | None,
    since: date,
) -> Statement:
    """A role from that day on; the same role for the same place is not given twice."""
    return (
        "insert into role (id, person_id, role, title, unit_id, cluster_id, valid_from_on)"
        " select cast(? as bigint), cast(? as bigint), cast(? as text), cast(? as text), cast(? as bigint),"
        " cast(? as bigint), cast(? as text)"
        " where not exists (select 1 from role r where r.person_id = ? and r.role = ? and r.valid_to_on is null"
        " and coalesce(r.unit_id, 0) = ? and coalesce(r.cluster_id, 0) = ?)",
        (role_id, person_id, role, title, unit_id, cluster_id, since.isoformat(),
         person_id, role, unit_id or 0, cluster_id or 0),
    )  # fmt: skip


async def roles_of(db: Database, person_id: int, today: date) -> list[Role]:
    """The person's roles of today, reporting roles first."""
    rows = await db.read(
        "select r.role, r.title, r.unit_id, u.code, u.name, u.level, r.cluster_id from role r"
        " left join unit u on u.id = r.unit_id"
        " where r.person_id = ? and r.valid_from_on <= ? and (r.valid_to_on is null or r.valid_to_on >= ?)"
        " order by case when r.role = 'secretary' then 0 when r.role = 'deputy' then 1 else 2 end, r.id",
        (person_id, today.isoformat(), today.isoformat()),
    )
    return [Role(r[0], r[1], r[2], r[3] or "", r[4] or "", r[5], r[6]) for r in rows]


async def with_role(db: Database, role: str, today: date) -> list[Account]:
    """Reachable accounts with consent of everyone who has that role today."""
    rows = await db.read(
        "select distinct p.id, p.name, a.channel, a.chat_id from role r"
        " join person p on p.id = r.person_id join account a on a.person_id = p.id"
        " where r.role = ? and r.valid_from_on <= ? and (r.valid_to_on is null or r.valid_to_on >= ?)"
        " and a.consent = 'given' and a.unreachable_at is null and p.erased_at is null"
        " order by p.id, a.channel, a.chat_id",
        (role, today.isoformat(), today.isoformat()),
    )
    return [Account(*row) for row in rows]


def mark_unreachable(channel: str, chat_id: str, reason: str, now: datetime) -> Statement:
    """Messages no longer reach this account (blocked, deactivated); the office is shown it."""
    return (
        "update account set unreachable_at = ?, unreachable_reason = ?"
        " where channel = ? and chat_id = ? and unreachable_at is null",
        (stamp(now), reason, channel, chat_id),
    )


def mark_reachable(channel: str, chat_id: str) -> Statement:
    """The person has written again."""
    return (
        "update account set unreachable_at = null, unreachable_reason = null where channel = ? and chat_id = ?",
        (channel, chat_id),
    )
