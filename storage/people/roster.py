"""A time in; everybody who is named for a role or holds one out, with how far each of them has come."""

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Literal

from reporting.organisation.roles import replaces
from reporting.time.calendar import local_day
from storage.database import Database
from storage.engine.instants import instant, stamp

State = Literal["awaited", "enrolled", "unreachable"]


@dataclass(frozen=True, slots=True)
class Listed:
    """Somebody in a role. area: the code of the unit, or of the cluster; under: the code of the unit above.

    named: the office has written the name, else it is the person's own. state: awaited, nobody has enrolled; enrolled;
    unreachable, a message gets there no more. unlinked: holds the role there, though the office names nobody or
    somebody else. twice: the name stands there more than once, or another one is named for what only one can be; in
    other places it is another person of that name, or one who has several roles.
    code_until: the last day of a code that waits for it.
    """

    role: str
    area: str
    area_name: str
    of_cluster: bool
    under: str
    name: str
    title: str
    named: bool
    state: State
    unlinked: bool = False
    twice: bool = False
    code_until: date | None = None


_AREA = (
    "coalesce(u.code, c.code), coalesce(u.name, c.name), case when u.id is null then 1 else 0 end, coalesce(p.code, '')"
)
_AREAS = " left join unit u on u.id = {0}.unit_id left join unit p on p.id = u.parent_id left join cluster c on c.id = {0}.cluster_id"
_VALID = "{0}.valid_from_on <= ? and ({0}.valid_to_on is null or {0}.valid_to_on >= ?)"


async def everybody(db: Database, now: datetime) -> list[Listed]:
    """Posts of today with whoever holds them, then roles of today that are of no post; by role, area and name."""
    day = local_day(now).isoformat()
    reached = await _reached(db)
    codes = {
        row[0]: local_day(instant(row[1]) - timedelta(seconds=1))
        for row in await db.read(
            "select post_id, max(expires_at) from invite where post_id is not null and kind = 'person'"
            " and used_at is null and withdrawn_at is null and expires_at > ? group by post_id",
            (stamp(now),),
        )
    }
    posts = await db.read(
        f"select w.role, {_AREA}, w.name, w.title, w.id, r.person_id from post w{_AREAS.format('w')}"
        f" left join role r on r.post_id = w.id and {_VALID.format('r')}"
        f" where w.name <> '' and {_VALID.format('w')} order by w.role, 2, w.name, w.id",
        (day, day, day, day),
    )
    found = [_entry(tuple(row), reached, codes.get(row[7])) for row in posts]
    roles = await db.read(
        f"select r.role, {_AREA}, h.name, r.title, null, r.person_id from role r{_AREAS.format('r')}"
        f" join person h on h.id = r.person_id where r.post_id is null and h.erased_at is null and {_VALID.format('r')}"
        " order by r.role, 2, h.name, r.id",
        (day, day),
    )
    return _twice(found + [replace(_entry(tuple(row), reached, None), unlinked=True) for row in roles])


async def several_chairs(db: Database, now: datetime) -> list[tuple[str, list[str]]]:
    """Clusters, by name, that several people chair, and who they are."""
    chairs: dict[str, list[str]] = defaultdict(list)
    for one in await everybody(db, now):
        if one.role == "chair":
            chairs[one.area_name].append(one.name)
    return [(cluster, names) for cluster, names in chairs.items() if len(names) > 1]


async def _reached(db: Database) -> dict[int, bool]:
    """Of everybody who has an account with consent, whether a message gets there."""
    rows = await db.read(
        "select person_id, max(case when unreachable_at is null then 1 else 0 end) from account"
        " where consent = 'given' group by person_id"
    )
    return {row[0]: bool(row[1]) for row in rows}


def _entry(r: tuple[Any, ...], reached: dict[int, bool], code_until: date | None) -> Listed:
    state: State = "awaited" if r[8] is None else "enrolled" if reached.get(r[8]) else "unreachable"
    return Listed(r[0], r[1], r[2], bool(r[3]), r[4], r[5], r[6], r[7] is not None, state, code_until=code_until)


def _twice(found: list[Listed]) -> list[Listed]:
    """The same with those marked who are named twice in one area, or where only one can be."""
    named = [one for one in found if one.named]
    names = Counter((one.name.casefold(), one.of_cluster, one.area) for one in named)
    seats = Counter((one.role, one.of_cluster, one.area) for one in named if replaces(one.role))

    def twice(one: Listed) -> bool:
        at = (one.of_cluster, one.area)
        return one.named and (names[one.name.casefold(), *at] > 1 or seats[one.role, *at] > 1)

    return [replace(one, twice=twice(one)) for one in found]
