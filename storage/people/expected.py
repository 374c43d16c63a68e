"""Posts as rows: whom the office has named for which role, and the roles of those who hold one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from reporting.time.calendar import at
from storage.database import Database, Statement
from storage.engine.instants import maybe_day, stamp


@dataclass(frozen=True, slots=True)
class Post:
    """A role in a unit or for a cluster, with the name and title of who is to hold it ('' once they are erased)."""

    id: int
    role: str
    unit_id: int | None
    cluster_id: int | None
    name: str
    title: str
    from_on: date
    last_on: date | None


async def all_posts(db: Database) -> list[Post]:
    """Every post that is or was, in order of beginning."""
    rows = await db.read(
        "select id, role, unit_id, cluster_id, name, title, valid_from_on, valid_to_on from post"
        " order by valid_from_on, id"
    )
    return [Post(r[0], r[1], r[2], r[3], r[4], r[5], date.fromisoformat(r[6]), maybe_day(r[7])) for r in rows]


async def to_come(db: Database, today: date) -> list[Post]:
    """Posts that begin or end after today, with a name, in order of beginning."""
    return [
        one
        for one in await all_posts(db)
        if one.name and (one.from_on > today or (one.last_on is not None and one.last_on >= today))
    ]


async def held_roles(db: Database) -> dict[int, list[tuple[int, str]]]:
    """By post: ids of the roles that its holders have, without a last day, and their own names."""
    rows = await db.read(
        "select r.post_id, r.id, p.name from role r join person p on p.id = r.person_id"
        " where r.post_id is not null and r.valid_to_on is null order by r.id"
    )
    held: dict[int, list[tuple[int, str]]] = {}
    for post_id, role_id, name in rows:
        held.setdefault(post_id, []).append((role_id, name))
    return held


async def vacant(db: Database, role: str, unit_id: int | None, cluster_id: int | None, today: date) -> list[Post]:
    """The posts of that role there which nobody has held yet, in order of beginning."""
    day = today.isoformat()
    rows = await db.read(
        "select id, role, unit_id, cluster_id, name, title, valid_from_on, valid_to_on from post x"
        " where x.role = ? and coalesce(x.unit_id, 0) = ? and coalesce(x.cluster_id, 0) = ? and x.name <> ''"
        " and x.valid_from_on <= ? and (x.valid_to_on is null or x.valid_to_on >= ?)"
        " and not exists (select 1 from role r where r.post_id = x.id) order by x.valid_from_on, x.id",
        (role, unit_id or 0, cluster_id or 0, day, day),
    )
    return [Post(r[0], r[1], r[2], r[3], r[4], r[5], date.fromisoformat(r[6]), maybe_day(r[7])) for r in rows]


@dataclass(frozen=True, slots=True)
class Unnamed:
    """A role somebody holds, without a last day, that no post was foreseen for. name: the person's own."""

    role_id: int
    person_id: int
    role: str
    unit_id: int | None
    cluster_id: int | None
    name: str
    title: str


async def unnamed(db: Database) -> list[Unnamed]:
    """Every such role of people who are not erased."""
    rows = await db.read(
        "select r.id, r.person_id, r.role, r.unit_id, r.cluster_id, p.name, r.title from role r"
        " join person p on p.id = r.person_id"
        " where r.post_id is null and r.valid_to_on is null and p.erased_at is null order by r.id"
    )
    return [Unnamed(*row) for row in rows]


def link(role_id: int, post: Post) -> Statement:
    """The role is that of the post and gets its title, unless it has been linked meanwhile."""
    return (
        "update role set post_id = ?, title = ? where id = ? and post_id is null"
        " and not exists (select 1 from role r where r.post_id = ?)",
        (post.id, post.title, role_id, post.id),
    )


def add(post: Post) -> Statement:
    """A new post."""
    return (
        "insert into post (id, role, unit_id, cluster_id, name, title, valid_from_on, valid_to_on)"
        " values (?, ?, ?, ?, ?, ?, ?, ?)",
        (post.id, post.role, post.unit_id, post.cluster_id, post.name, post.title, post.from_on.isoformat(),
         post.last_on.isoformat() if post.last_on else None),
    )  # fmt: skip


def retitle(post: Post, title: str, since: date, roles: Sequence[tuple[int, int]]) -> list[Statement]:
    """Another title from that day on. roles: each held role with a fresh id for the row that keeps the old title."""
    eve = (since - timedelta(days=1)).isoformat()
    rows: list[Statement] = [("update post set title = ? where id = ? and title = ?", (title, post.id, post.title), 1)]
    for role_id, kept_id in roles:
        rows += [
            (
                "insert into role (id, person_id, role, title, unit_id, cluster_id, post_id, valid_from_on, valid_to_on)"
                " select cast(? as bigint), person_id, role, title, unit_id, cluster_id, post_id, valid_from_on,"
                " cast(? as text) from role where id = ? and valid_from_on < ?",
                (kept_id, eve, role_id, since.isoformat()),
            ),
            (
                "update role set title = ?, valid_from_on = case when valid_from_on < ? then ? else valid_from_on end"
                " where id = ? and valid_to_on is null",
                (title, since.isoformat(), since.isoformat(), role_id),
                1,
            ),
        ]
    return rows


def end(post: Post, last_on: date, now: datetime) -> list[Statement]:
    """The post's last day, also of the role held by it and of the codes that wait for it."""
    closes = stamp(max(at(last_on + timedelta(days=1), 0), now))
    return [
        # Where the unit ends, too, its own statements have done so already.
        ("update post set valid_to_on = ? where id = ? and valid_to_on is null", (last_on.isoformat(), post.id)),
        ("update role set valid_to_on = ? where post_id = ? and valid_to_on is null", (last_on.isoformat(), post.id)),
        (
            "update invite set expires_at = ? where post_id = ? and used_at is null and expires_at > ?",
            (closes, post.id, closes),
        ),
    ]
