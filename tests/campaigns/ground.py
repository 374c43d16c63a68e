"""A province for campaigns: as many branches as wanted, a secretary on Telegram for each, clusters with groups."""

from collections.abc import Sequence
from datetime import UTC, date, datetime

from handlers.access.enrolment import CONSENT_VERSION
from reporting.time.deadlines import Terms
from reporting.time.periods import parse_period
from storage.database import Statement
from storage.engine.open import open_database
from storage.organisation import units
from storage.people import groups, people
from storage.periods import rounds

SINCE = date(2020, 1, 1)
PERIOD, PROVINCE = 1, 1
CHAT = 10_000  # a secretary's chat is the unit's id above this
GROUP = -5000  # a cluster's group is the cluster's number below this
LEADER = 9000


def chat_of(unit_id: int) -> int:
    """The private chat of the secretary of that unit."""
    return CHAT + unit_id


def unit_ids(count: int) -> range:
    """The branches' ids."""
    return range(101, 101 + count)


def group_of(cluster: int) -> int:
    """The group chat of that cluster, counted from 0."""
    return GROUP - cluster


async def lay(
    url: str, branches: int, *, clusters: int = 1, now: datetime, briefing: datetime | None = None, leader: bool = False
) -> None:
    """Writes the province into a migrated database; the branches go round the clusters."""
    rows = _rows(branches, clusters, now.astimezone(UTC), briefing)
    if leader:
        rows += _person(LEADER, LEADER, "leader", PROVINCE, now)
    db = await open_database(url)
    try:
        await db.write(rows)
    finally:
        await db.close()


def _rows(branches: int, clusters: int, now: datetime, briefing: datetime | None) -> list[Statement]:
    rows = [
        units.add_unit(PROVINCE, "T", "Tỉnh đoàn Hòa An", "tinh_doan", None, SINCE),
        rounds.add_period(PERIOD, parse_period("2026-Q1"), "open", now, Terms(deadline_lead=0)),
    ]
    for number in range(clusters):
        cluster = 50_000 + number
        rows.append(units.add_cluster(cluster, f"C{number}", f"Cụm số {number}", number, PROVINCE, SINCE))
        rows.append(groups.link("telegram", str(group_of(number)), cluster, now))
        if briefing is not None:
            rows.append(rounds.add_briefing(60_000 + number, PERIOD, cluster, briefing, "hội trường", None))
    for unit in unit_ids(branches):
        rows.append(units.add_unit(unit, f"CD{unit}", f"Chi đoàn thôn {unit}", "chi_doan", PROVINCE, SINCE))
        rows.append(units.join_cluster(50_000 + unit % clusters, unit, SINCE))
        rows += _person(unit, chat_of(unit), "secretary", unit, now)
    return rows


def _person(person: int, chat: int, role: str, unit: int, now: datetime) -> Sequence[Statement]:
    return (
        people.add_person(person, f"Người {person}", now),
        people.add_account("telegram", str(chat), person, CONSENT_VERSION, now),
        people.add_role(70_000 + person, person, role, "", unit, None, SINCE),
    )
