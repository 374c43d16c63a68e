"""Reporting periods and the briefings of their clusters: which report is due where, and when."""

from dataclasses import dataclass
from datetime import datetime

from reporting.periods import Period, parse_period
from storage.database import Database, Statement
from storage.instants import instant, stamp


@dataclass(frozen=True, slots=True)
class Round:
    """A period as it is worked through by the province."""

    id: int
    period: Period
    state: str

    @property
    def code(self) -> str:
        """The period's code, such as 2026-Q1."""
        return self.period.code


@dataclass(frozen=True, slots=True)
class Briefing:
    """One cluster's meeting on a period, with the chair's name and title ('' where none is named)."""

    period_id: int
    cluster_id: int
    cluster_code: str
    cluster_name: str
    starts_at: datetime
    place: str
    chair: str


def add_period(period_id: int, period: Period, state: str, now: datetime) -> Statement:
    """A period in that state (planned, open, locked, closed)."""
    return (
        "insert into period (id, code, frequency, start_on, end_on, state, opened_at) values (?, ?, ?, ?, ?, ?, ?)",
        (period_id, period.code, period.frequency, period.start_on.isoformat(), period.end_on.isoformat(), state,
         stamp(now) if state == "open" else None),
    )  # fmt: skip


def add_briefing(
    briefing_id: int, period_id: int, cluster_id: int, starts_at: datetime, place: str, chair_id: int | None
) -> Statement:
    """A cluster's briefing on a period."""
    return (
        "insert into briefing (id, period_id, cluster_id, starts_at, place, chair_id) values (?, ?, ?, ?, ?, ?)",
        (briefing_id, period_id, cluster_id, stamp(starts_at), place, chair_id),
    )


async def open_rounds(db: Database) -> list[Round]:
    """Periods that are open for reports, latest first."""
    rows = await db.read("select id, code, state from period where state = 'open' order by end_on desc, id desc")
    return [Round(r[0], parse_period(r[1]), r[2]) for r in rows]


async def round_by_code(db: Database, code: str) -> Round | None:
    """The period of that code, if the province has it."""
    rows = await db.read("select id, code, state from period where lower(code) = ?", (code.strip().lower(),))
    return Round(rows[0][0], parse_period(rows[0][1]), rows[0][2]) if rows else None


async def briefings(db: Database, period_id: int) -> list[Briefing]:
    """The briefings on a period, by cluster."""
    rows = await db.read(
        "select b.period_id, b.cluster_id, c.code, c.name, b.starts_at, b.place,"
        " coalesce((select r.title from role r where r.person_id = b.chair_id and r.cluster_id = b.cluster_id"
        "   and r.role = 'chair' and r.valid_to_on is null), '')"
        " from briefing b join cluster c on c.id = b.cluster_id where b.period_id = ? order by c.position",
        (period_id,),
    )
    return [Briefing(r[0], r[1], r[2], r[3], instant(r[4]), r[5], r[6]) for r in rows]
