"""People as rows: their accounts on the channels, the consent they gave, and their dated roles."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from reporting.figures.catalogue import Level
from storage.database import Database, Statement
from storage.engine.instants import stamp
from storage.organisation.names import told_apart

TOGETHER = 500  # people in one query: far fewer parameters than either engine takes

# Roles that report for a unit, the one who is reminded first.
REPORTERS = ("secretary", "deputy")


# Levels whose deputies stand in for an office of which nobody can be reached: they are told what it is told, and may
# do what it may do. The same of a role `r` in a unit `u`.
ABOVE_ALL: tuple[str, ...] = ("tinh_doan", "trung_uong")
STANDS_IN = f"r.role = 'deputy' and u.level in {ABOVE_ALL}"


@dataclass(frozen=True, slots=True)
class Role:
    """What a person is, and for which unit or cluster.

    unit_cluster_id: the cluster the unit, or else the unit above it, belongs to today.
    sections: codes of the form's sections a department owns. stands_in: held by who enters for a branch below her unit.
    """

    role: str
    title: str
    unit_id: int | None
    unit_code: str
    unit_name: str
    unit_level: Level | None
    cluster_id: int | None
    unit_cluster_id: int | None = None
    sections: tuple[str, ...] = ()
    stands_in: bool = False


# Of accounts `a`: those whose last message arrived behind the others.
ARRIVED_LAST = "case when a.failed_at is null then 1 else 0 end"


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
        "insert into account (channel, chat_id, person_id, consent, consent_version, consent_at, used_at)"
        " values (?, ?, ?, 'given', ?, ?, ?)",
        (channel, chat_id, person_id, consent_version, stamp(now), stamp(now)),
    )


def add_role(
    role_id: int,
    person_id: int,
    role: str,
    title: str,
    unit_id: int | None,
    cluster_id: int | None,
    since: date,
    post_id: int | None = None,
    sections: tuple[str, ...] = (),
) -> Statement:
    """A role from that day on, of the post it was foreseen in; the same role for the same unit or cluster is not given twice."""
    return (
        "insert into role (id, person_id, role, title, unit_id, cluster_id, valid_from_on, post_id, sections)"
        " select cast(? as bigint), cast(? as bigint), cast(? as text), cast(? as text), cast(? as bigint),"
        " cast(? as bigint), cast(? as text), cast(? as bigint), cast(? as text)"
        " where not exists (select 1 from role r where r.person_id = ? and r.role = ? and r.valid_to_on is null"
        " and coalesce(r.unit_id, 0) = ? and coalesce(r.cluster_id, 0) = ?)",
        (role_id, person_id, role, title, unit_id, cluster_id, since.isoformat(), post_id, " ".join(sections),
         person_id, role, unit_id or 0, cluster_id or 0),
    )  # fmt: skip


def name_role(
    person_id: int, role: str, title: str, unit_id: int | None, cluster_id: int | None, post_id: int
) -> Statement:
    """The role the person has there already is that of the post from now on, with its title, if it is of no post yet."""
    return (
        "update role set post_id = ?, title = ? where person_id = ? and role = ? and coalesce(unit_id, 0) = ?"
        " and coalesce(cluster_id, 0) = ? and post_id is null and valid_to_on is null",
        (post_id, title, person_id, role, unit_id or 0, cluster_id or 0),
    )


_CLUSTER_OF = (
    "(select m.cluster_id from cluster_member m where m.unit_id = {unit} and m.valid_from_on <= ?"
    " and (m.valid_to_on is null or m.valid_to_on >= ?) order by m.valid_from_on desc limit 1)"
)


async def roles_of(db: Database, person_id: int, today: date) -> list[Role]:
    """The person's roles of today, reporting roles first; that of the office too for who stands in for it."""
    day = today.isoformat()
    rows = await db.read(
        f"select r.role, r.title, r.unit_id, u.code, {told_apart('u')}, u.level, r.cluster_id,"
        f" coalesce({_CLUSTER_OF.format(unit='u.id')}, {_CLUSTER_OF.format(unit='u.parent_id')}), r.sections"
        " from role r left join unit u on u.id = r.unit_id"
        " where r.person_id = ? and r.valid_from_on <= ? and (r.valid_to_on is null or r.valid_to_on >= ?)"
        " order by case when r.role = 'secretary' then 0 when r.role = 'deputy' then 1 else 2 end, r.id",
        (day, day, day, day, person_id, day, day),
    )
    found = [Role(r[0], r[1], r[2], r[3] or "", r[4] or "", r[5], r[6], r[7], tuple(r[8].split())) for r in rows]
    deputy = next((r for r in found if r.role == "deputy" and r.unit_level in ABOVE_ALL), None)
    if deputy is not None and not await with_role(db, "office", today):
        found.append(replace(deputy, role="office"))
    return found


async def stand_in(db: Database, unit_id: int, above: Collection[int], today: date) -> list[Role]:
    """The role of who enters for a branch under one of these units; none where it is no longer under them."""
    day = today.isoformat()
    rows = await db.read(
        f"select u.id, u.code, {told_apart('u')}, u.level, u.parent_id, {_CLUSTER_OF.format(unit='u.id')} from unit u"
        " where u.id = ? and u.level = 'chi_doan' and (u.valid_to_on is null or u.valid_to_on >= ?)",
        (day, day, unit_id, day),
    )
    return [Role("secretary", "", r[0], r[1], r[2], r[3], None, r[5], (), True) for r in rows if r[4] in above]


async def units_reached(db: Database, today: date) -> frozenset[int]:
    """Ids of the units for which somebody reports who can be written to."""
    day = today.isoformat()
    rows = await db.read(
        "select distinct r.unit_id from role r join account a on a.person_id = r.person_id"
        " where r.role in (?, ?) and r.unit_id is not null and r.valid_from_on <= ?"
        " and (r.valid_to_on is null or r.valid_to_on >= ?) and a.consent = 'given' and a.unreachable_at is null",
        (*REPORTERS, day, day),
    )
    return frozenset(row[0] for row in rows)


async def person_of(db: Database, channel: str, chat_id: str) -> int | None:
    """Who agreed to be known by that account; None for everybody else."""
    rows = await db.read(
        "select person_id from account where channel = ? and chat_id = ? and consent = 'given'", (channel, chat_id)
    )
    return rows[0][0] if rows else None


_CHATS_AT_A_TIME = 400


async def known_chats(db: Database, chats: Collection[tuple[str, str]]) -> frozenset[tuple[str, str]]:
    """Those of these chats, (channel, chat), that are accounts of people who gave their consent."""
    found: set[tuple[str, str]] = set()
    for channel in {channel for channel, _ in chats}:
        ids = sorted(chat for name, chat in chats if name == channel)
        for begin in range(0, len(ids), _CHATS_AT_A_TIME):
            part = ids[begin : begin + _CHATS_AT_A_TIME]
            rows = await db.read(
                "select chat_id from account where channel = ? and consent = 'given'"
                f" and chat_id in ({', '.join('?' * len(part))})",
                (channel, *part),
            )
            found |= {(channel, row[0]) for row in rows}
    return frozenset(found)


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a role. names: the one the office has written, where it has, and the own one."""

    id: int
    names: tuple[str, ...]
    title: str

    @property
    def name(self) -> str:
        """As the office calls them."""
        return self.names[0]


async def named_today(db: Database, today: date) -> list[Holder]:
    """Everybody who holds a role today, once for each title."""
    day = today.isoformat()
    rows = await db.read(
        "select distinct p.id, p.name, r.title, coalesce(w.name, '') from person p join role r on r.person_id = p.id"
        " left join post w on w.id = r.post_id where p.erased_at is null and r.valid_from_on <= ? and (r.valid_to_on is null or r.valid_to_on >= ?)"
        " order by p.id, r.title",
        (day, day),
    )
    return [Holder(row[0], tuple(dict.fromkeys(filter(None, (row[3], row[1])))) or ("",), row[2]) for row in rows]


async def departments(db: Database, today: date) -> list[str]:
    """Titles and names of those who are in a department today, or are to be: in them stands what it is called."""
    day = today.isoformat()
    valid = "role = 'department' and valid_from_on <= ? and (valid_to_on is null or valid_to_on >= ?)"
    rows = await db.read(
        f"select title from role where {valid} union select title from post where {valid}"
        f" union select name from post where {valid}",
        (day, day) * 3,
    )
    return [row[0] for row in rows if row[0]]


async def with_role(db: Database, role: str, today: date) -> list[Account]:
    """Reachable accounts with consent of everyone who has that role today; of a person's, the one used last is last."""
    rows = await db.read(
        "select distinct p.id, p.name, a.channel, a.chat_id, a.used_at from role r"
        " join person p on p.id = r.person_id join account a on a.person_id = p.id"
        " where r.role = ? and r.valid_from_on <= ? and (r.valid_to_on is null or r.valid_to_on >= ?)"
        " and a.consent = 'given' and a.unreachable_at is null and p.erased_at is null"
        " order by p.id, a.used_at, a.channel, a.chat_id",
        (role, today.isoformat(), today.isoformat()),
    )
    return [Account(r[0], r[1], r[2], r[3]) for r in rows]


async def office(db: Database, today: date) -> list[Account]:
    """Who is told what the office is to do: everybody of it who can be reached; where nobody can, the deputies of the
    unit on top."""
    if found := await with_role(db, "office", today):
        return found
    deputies = await db.read(f"select r.person_id from role r join unit u on u.id = r.unit_id where {STANDS_IN}")
    standing_in = {row[0] for row in deputies}
    return [account for account in await with_role(db, "deputy", today) if account.person_id in standing_in]


async def reporters(db: Database, unit_id: int, today: date, role: str | None = None) -> list[Account]:
    """Who reports for the unit today, or holds that role there: each person with consent by the account used last."""
    day = today.isoformat()
    rows = await db.read(
        "select distinct p.id, p.name, a.channel, a.chat_id from role r"
        " join person p on p.id = r.person_id join account a on a.person_id = p.id"
        " where r.unit_id = ? and r.role in (?, ?) and r.valid_from_on <= ?"
        " and (r.valid_to_on is null or r.valid_to_on >= ?)"
        " and a.consent = 'given' and a.unreachable_at is null and p.erased_at is null"
        " and not exists (select 1 from account b where b.person_id = a.person_id and b.consent = 'given'"
        "   and b.unreachable_at is null and (b.used_at, b.channel, b.chat_id) > (a.used_at, a.channel, a.chat_id))"
        " order by p.id",
        (unit_id, *((role, role) if role else REPORTERS), day, day),
    )
    return [Account(*row) for row in rows]


async def to_tell(
    db: Database, today: date, *, cluster_id: int | None = None, unit_id: int | None = None
) -> list[Account]:
    """Reachable accounts of those who report for the cluster's units, or for one unit; of a person's, the one used
    last is last. Deputies only where no secretary can be reached.
    """
    day = today.isoformat()
    able = "a.consent = 'given' and a.unreachable_at is null"
    rows = await db.read(
        "select distinct p.id, p.name, a.channel, a.chat_id, a.used_at from role r"
        f" join person p on p.id = r.person_id join account a on a.person_id = p.id and {able}"
        " where r.valid_from_on <= ? and (r.valid_to_on is null or r.valid_to_on >= ?)"
        " and (r.unit_id = ? or r.unit_id in (select m.unit_id from cluster_member m where m.cluster_id = ?"
        "   and m.valid_from_on <= ? and (m.valid_to_on is null or m.valid_to_on >= ?)))"
        " and (r.role = 'secretary' or (r.role = 'deputy' and not exists (select 1 from role q"
        f"   join account a on a.person_id = q.person_id and {able} where q.unit_id = r.unit_id"
        "   and q.role = 'secretary' and q.valid_from_on <= ? and (q.valid_to_on is null or q.valid_to_on >= ?))))"
        " order by p.id, a.used_at, a.channel, a.chat_id",
        (day, day, unit_id or 0, cluster_id or 0, day, day, day, day),
    )
    return [Account(r[0], r[1], r[2], r[3]) for r in rows]


async def accounts_of(db: Database, person_id: int) -> list[Account]:
    """The person's accounts that can be written to."""
    rows = await db.read(
        "select p.id, p.name, a.channel, a.chat_id from account a join person p on p.id = a.person_id"
        " where p.id = ? and a.consent = 'given' and a.unreachable_at is null order by a.used_at, a.channel, a.chat_id",
        (person_id,),
    )
    return [Account(*row) for row in rows]


async def holders(db: Database, role: str, unit_id: int | None, cluster_id: int | None, today: date) -> list[int]:
    """Ids of the people who hold that role there today, with an account or without."""
    rows = await db.read(
        "select distinct r.person_id from role r where r.role = ? and coalesce(r.unit_id, 0) = ?"
        " and coalesce(r.cluster_id, 0) = ? and r.valid_from_on <= ?"
        " and (r.valid_to_on is null or r.valid_to_on >= ?) order by r.person_id",
        (role, unit_id or 0, cluster_id or 0, today.isoformat(), today.isoformat()),
    )
    return [row[0] for row in rows]


async def holders_of_post(db: Database, post_id: int, today: date) -> list[int]:
    """Ids of the people who hold a role of that post today."""
    rows = await db.read(
        "select distinct person_id from role where post_id = ? and valid_from_on <= ?"
        " and (valid_to_on is null or valid_to_on >= ?) order by person_id",
        (post_id, today.isoformat(), today.isoformat()),
    )
    return [row[0] for row in rows]


def end_role(person_id: int, role: str, unit_id: int | None, cluster_id: int | None, last: date) -> Statement:
    """The role there ends; `last` is the last day on which it held."""
    return (
        "update role set valid_to_on = ? where person_id = ? and role = ? and coalesce(unit_id, 0) = ?"
        " and coalesce(cluster_id, 0) = ? and (valid_to_on is null or valid_to_on > ?)",
        (last.isoformat(), person_id, role, unit_id or 0, cluster_id or 0, last.isoformat()),
    )


def mark_used(channel: str, chat_id: str, now: datetime) -> Statement:
    """The person has written here: what nobody asked for goes to this account from now on."""
    return ("update account set used_at = ? where channel = ? and chat_id = ?", (stamp(now), channel, chat_id))


async def best_accounts(db: Database, person_ids: Iterable[int], channels: Sequence[str] | None) -> dict[int, Account]:
    """For each person the one account to write to: the one used last of those whose last message arrived.

    channels: those to write on, None for any.
    """
    among = f" and a.channel in ({', '.join('?' * len(channels))})" if channels is not None else ""
    wanted = sorted(set(person_ids))
    found: dict[int, Account] = {}
    for begin in range(0, len(wanted), TOGETHER):
        part = wanted[begin : begin + TOGETHER]
        rows = await db.read(
            "select p.id, p.name, a.channel, a.chat_id from person p join account a on a.person_id = p.id"
            f" where p.id in ({', '.join('?' * len(part))}){among} and a.consent = 'given' and a.unreachable_at is null"
            f" order by {ARRIVED_LAST}, a.used_at, a.channel, a.chat_id",
            (*part, *(channels or ())),
        )
        found |= {row[0]: Account(*row) for row in rows}
    return found


def mark_failed(channel: str, chat_id: str, now: datetime) -> Statement:
    """A message to this account was given up: the next goes to another one, if the person has one."""
    return ("update account set failed_at = ? where channel = ? and chat_id = ?", (stamp(now), channel, chat_id))


def mark_arrived(channel: str, chat_id: str) -> Statement:
    """A message has arrived there again."""
    return (
        "update account set failed_at = null where channel = ? and chat_id = ? and failed_at is not null",
        (channel, chat_id),
    )


async def other_account(db: Database, channel: str, chat_id: str, channels: Sequence[str]) -> Account | None:
    """Where else the person of that account can be written to: on another channel, by another bot."""
    rows = await db.read(
        "select p.id, p.name, a.channel, a.chat_id from account mine join account a on a.person_id = mine.person_id"
        " join person p on p.id = a.person_id where mine.channel = ? and mine.chat_id = ?"
        f" and a.channel in ({', '.join('?' * len(channels))}) and (a.channel <> mine.channel or a.chat_id <> mine.chat_id)"
        " and a.consent = 'given' and a.unreachable_at is null and a.failed_at is null"
        " order by a.used_at desc, a.channel, a.chat_id limit 1",
        (channel, chat_id, *channels),
    )
    return Account(*rows[0]) if rows else None


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
