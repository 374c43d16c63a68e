"""One-time codes as rows, by their hashes only: for a role, a group chat, or one more account."""

from dataclasses import dataclass
from datetime import datetime

from storage.database import Database, Statement
from storage.engine.instants import stamp
from storage.organisation.names import told_apart


@dataclass(frozen=True, slots=True)
class Invite:
    """A code that is still good. kind: person, group or account.

    person_id: whose account it links. post_id: the named post it is for, with its title, '' where there is none.
    replaces: whoever holds the role there is followed by who uses the code.
    """

    id: int
    kind: str
    role: str
    unit_id: int | None
    unit_name: str
    cluster_id: int | None
    cluster_name: str
    person_id: int | None
    person_name: str
    replaces: bool
    post_id: int | None
    title: str
    sections: tuple[str, ...] = ()
    issued_by: int | None = None


def issue(
    invite_id: int,
    code_hash: str,
    kind: str,
    role: str | None,
    unit_id: int | None,
    cluster_id: int | None,
    now: datetime,
    expires_at: datetime,
    *,
    link_hash: str | None = None,
    person_id: int | None = None,
    post_id: int | None = None,
    replaces: bool = False,
    issued_by: int | None = None,
    sections: tuple[str, ...] = (),
) -> Statement:
    """Stores a new code's hashes. issued_by: None for the office at its keyboard; sections: a department's own."""
    return (
        "insert into invite (id, code_hash, link_hash, kind, role, unit_id, cluster_id, person_id, post_id,"
        " replaces, issued_by, sections, created_at, expires_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (invite_id, code_hash, link_hash, kind, role, unit_id, cluster_id, person_id, post_id, int(replaces),
         issued_by, " ".join(sections), stamp(now), stamp(expires_at)),
    )  # fmt: skip


_WITHDRAW = "update invite set withdrawn_at = ? where kind = 'person' and used_at is null and withdrawn_at is null"


def withdraw(
    role: str, unit_id: int | None, cluster_id: int | None, now: datetime, post_id: int | None = None
) -> Statement:
    """Codes of that role in that unit or cluster which nobody has used are no longer good; or only those of a post."""
    area = "unit_id" if cluster_id is None else "cluster_id"
    of_post = "" if post_id is None else " and post_id = ?"
    values = (stamp(now), role, unit_id if cluster_id is None else cluster_id)
    return f"{_WITHDRAW} and role = ? and {area} = ?{of_post}", values if post_id is None else (*values, post_id)


def withdraws(statement: Statement) -> bool:
    """Whether it is one of `withdraw`, whose rows are the codes that end."""
    return statement[0].startswith(f"{_WITHDRAW} and role")


def withdraw_one(invite_id: int, now: datetime) -> Statement:
    """That code is no longer good, unless it was just used."""
    return (
        "update invite set withdrawn_at = ? where id = ? and used_at is null and withdrawn_at is null",
        (stamp(now), invite_id),
    )


def withdraw_links(person_id: int, now: datetime) -> Statement:
    """Codes for one more account of this person which nobody has used are no longer good."""
    return (
        "update invite set withdrawn_at = ? where person_id = ? and kind = 'account'"
        " and used_at is null and withdrawn_at is null",
        (stamp(now), person_id),
    )


async def good(db: Database, code_hash: str, now: datetime) -> Invite | None:
    """The invite of that hash, of a typed code or a link, if it is not used, withdrawn or expired."""
    return await _one(db, "(i.code_hash = ? or i.link_hash = ?)", (code_hash, code_hash), now)


async def good_by_id(db: Database, invite_id: int, now: datetime) -> Invite | None:
    """The same by id: between the code and the consent."""
    return await _one(db, "i.id = ?", (invite_id,), now)


async def _one(db: Database, where: str, keys: tuple[str | int, ...], now: datetime) -> Invite | None:
    rows = await db.read(
        f"select i.id, i.kind, i.role, i.unit_id, {told_apart('u')}, i.cluster_id, c.name, i.person_id, p.name, i.replaces,"
        " i.post_id, t.title, i.sections, i.issued_by from invite i left join unit u on u.id = i.unit_id left join cluster c on c.id = i.cluster_id"
        " left join person p on p.id = i.person_id left join post t on t.id = i.post_id"
        f" where {where} and i.used_at is null and i.withdrawn_at is null and i.expires_at > ?"  # of the two above
        " and p.erased_at is null",
        (*keys, stamp(now)),
    )
    if not rows:
        return None
    r = rows[0]
    return Invite(
        r[0],
        r[1],
        r[2] or "",
        r[3],
        r[4] or "",
        r[5],
        r[6] or "",
        r[7],
        r[8] or "",
        bool(r[9]),
        r[10],
        r[11] or "",
        tuple(r[12].split()),
        r[13],
    )


def use(invite_id: int, used_by: str, now: datetime) -> Statement:
    """Uses the code up; fails the unit if somebody was quicker."""
    return (
        "update invite set used_at = ?, used_by = ? where id = ?"
        " and used_at is null and withdrawn_at is null and expires_at > ?",
        (stamp(now), used_by, invite_id, stamp(now)),
        1,
    )


def tried(channel: str, chat_id: str, now: datetime) -> Statement:
    """Remembers a code that did not fit."""
    return (
        "insert into code_try (channel, chat_id, tried_at) values (?, ?, ?)",
        (channel, chat_id, stamp(now)),
    )


def forget_tries(before: datetime) -> Statement:
    """Drops tries that hold nobody back any more."""
    return "delete from code_try where tried_at < ?", (stamp(before),)


async def tries_since(db: Database, channel: str, chat_id: str, since: datetime) -> int:
    """How many codes from this chat did not fit since then."""
    rows = await db.read(
        "select count(*) from code_try where channel = ? and chat_id = ? and tried_at > ?",
        (channel, chat_id, stamp(since)),
    )
    count: int = rows[0][0]
    return count


async def all_tries_since(db: Database, since: datetime) -> int:
    """How many codes did not fit since then, in all chats together."""
    rows = await db.read("select count(*) from code_try where tried_at > ?", (stamp(since),))
    count: int = rows[0][0]
    return count
