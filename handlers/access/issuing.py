"""Whom a code is for in, a short code to type, a long one for a link and the rows for both out."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from handlers.access.codes import code_hash, new_code, new_link_code
from handlers.turn import fresh_id
from reporting.time.calendar import at, local_day
from storage.database import Statement
from storage.people import invites
from storage.reports.events import happened

GOOD_FOR = timedelta(days=14)
LINKS_WITHIN = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Issued:
    """A code that is good once `rows` are written. link_code: for a deep link, the same invite."""

    code: str
    link_code: str
    invite_id: int
    expires_at: datetime
    rows: tuple[Statement, ...]

    @property
    def last_on(self) -> date:
        """The last local day on which it is good, which people are told."""
        return local_day(self.expires_at - timedelta(seconds=1))


def for_role(
    role: str,
    unit_id: int | None,
    cluster_id: int | None,
    now: datetime,
    good_for: timedelta = GOOD_FOR,
    *,
    replaces: bool = False,
    withdraws: bool = False,
    post_id: int | None = None,
    issued_by: int | None = None,
    sections: tuple[str, ...] = (),
) -> Issued:
    """A code that makes its user hold the role there. withdraws: unused ones of that role there end; of one that
    several may hold, only those for the same post.

    sections: codes of the form's sections, of a department.
    """
    rows: list[Statement] = []
    if withdraws:
        rows.append(invites.withdraw(role, unit_id, cluster_id, now, None if replaces else post_id))
    code, link_code, invite_id, expires_at = new_code(), new_link_code(), fresh_id(), _midnight(now + good_for)
    rows.append(
        invites.issue(
            invite_id, code_hash(code), "person", role, unit_id, cluster_id, now, expires_at,
            link_hash=code_hash(link_code), post_id=post_id, replaces=replaces, issued_by=issued_by,
            sections=sections,
        )
    )  # fmt: skip
    rows.append(happened("code.issued", role, issued_by, now, unit_id=unit_id, new="replaces" if replaces else "adds"))
    return Issued(code, link_code, invite_id, expires_at, tuple(rows))


def for_group(cluster_id: int, now: datetime, good_for: timedelta = GOOD_FOR) -> Issued:
    """A code that links a group chat to the cluster."""
    code, link_code, expires_at = new_code(), new_link_code(), _midnight(now + good_for)
    invite_id = fresh_id()
    issue = invites.issue(
        invite_id, code_hash(code), "group", None, None, cluster_id, now, expires_at, link_hash=code_hash(link_code)
    )
    return Issued(code, link_code, invite_id, expires_at, (issue, happened("code.issued", "group", None, now)))


def _midnight(instant: datetime) -> datetime:
    """The end of that local day: people are told a day, and it counts whole."""
    return at(local_day(instant) + timedelta(days=1), 0)


def for_account(person_id: int, now: datetime) -> Issued:
    """A code that gives the person one more account; the one before it is no longer good."""
    code, link_code, invite_id, expires_at = new_code(), new_link_code(), fresh_id(), now + LINKS_WITHIN
    issue = invites.issue(
        invite_id, code_hash(code), "account", None, None, None, now, expires_at,
        link_hash=code_hash(link_code), person_id=person_id, issued_by=person_id,
    )  # fmt: skip
    noted = happened("code.issued", "account", person_id, now)
    return Issued(code, link_code, invite_id, expires_at, (invites.withdraw_links(person_id, now), issue, noted))
