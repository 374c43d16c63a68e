"""Periods and clusters' briefings as rows: added, changed in state or days, and read."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from reporting.time.calendar import VietnamCalendar, local_day
from reporting.time.deadlines import UNDECIDED, PeriodState, Terms, cutoff_on, due_on, not_earlier
from reporting.time.periods import Period, campaign, is_campaign, parse_period
from reporting.time.quick_counts import Counted, counted_in, kept, quick_count
from storage.database import Database, Row, Statement
from storage.engine.instants import instant, stamp
from storage.periods import chairs
from storage.periods.chairs import Chair

Mode = Literal["in_person", "online"]


@dataclass(frozen=True, slots=True)
class Round:
    """A period as it is worked through by the province.

    opened_on: the day on which it was, or will be, opened; opened_at: the instant, None of one that was not.
    """

    id: int
    period: Period
    state: PeriodState
    terms: Terms = UNDECIDED
    opened_on: date | None = None
    opened_at: datetime | None = None

    @property
    def code(self) -> str:
        """The period's code, such as 2026-Q1."""
        return self.period.code

    def due_on(
        self,
        calendar: VietnamCalendar,
        briefing_on: date | None = None,
        extended_to: date | None = None,
        announced_on: date | None = None,
    ) -> date:
        """The day by which a unit owes its report, see reporting/time/deadlines.py.

        Once the period is locked, only the unit's own day counts: until then it may write, and no longer.
        announced_on: the day that the units had been told, where a decision has brought another one since.
        """
        if self.period.is_quick:
            return self.period.end_on
        if self.state == "locked" and extended_to is not None:
            return extended_to
        due = due_on(self.period, self.terms, calendar, briefing_on, extended_to, self.opened_on)
        return not_earlier(due, announced_on, briefing_on)

    def cutoff_on(
        self, calendar: VietnamCalendar, briefing_on: date | None = None, announced_on: date | None = None
    ) -> date | None:
        """The last day that figures of a cluster with that briefing count; None for the period's last.

        It hangs on the day by which the cluster owes them, as `due_on` has it.
        """
        if self.period.is_quick:
            return None
        return cutoff_on(self.period, self.terms, self.due_on(calendar, briefing_on, None, announced_on))


@dataclass(frozen=True, slots=True)
class Briefing:
    """One cluster's meeting on a period, with the chair's name and title ('' where none is named).

    place: an address, or the link of a meeting held online. host: the unit that receives the others, '' for none.
    sequence: how often it was moved. chair_post_id: the post that is to chair, whoever comes to hold it. co_chairs:
    who chairs it beside the first.
    """

    period_id: int
    cluster_id: int
    cluster_code: str
    cluster_name: str
    starts_at: datetime
    place: str
    chair: str
    id: int = 0
    mode: Mode = "in_person"
    host: str = ""
    chair_id: int | None = None
    sequence: int = 0
    host_unit_id: int | None = None
    chair_post_id: int | None = field(default=None, compare=False)
    co_chairs: tuple[Chair, ...] = field(default=(), compare=False)


_PERIOD = (
    "id, code, state, frequency, title, start_on, end_on, opened_at, opens_on, cutoff_on, deadline_on, deadline_lead, estimated,"
    " confirm_from_on, confirm_by_on, lock_after, owes, owes_on, opens_follow, estimates_follow, estimates_of, due_at,"
    " counts"
)
# A quick count is none of the province's periods: it is in no list of them, and what is done by day passes it by.
_ORDINARY = "due_at is null"
NEVER = 2**62  # an instant after every other
_QUICK = "(due_at is not null and (state = 'open' or due_at > ?))"


def _round(row: Row) -> Round:
    code: str = row["code"]
    period = (
        quick_count(code, row["title"], instant(row["opened_at"]), instant(row["due_at"]), counted_in(row["counts"]))
        if row["due_at"] is not None
        else campaign(code, row["title"], row["frequency"], _day(row["start_on"]), _day(row["end_on"]))
        if is_campaign(code)
        else parse_period(code)
    )
    terms = Terms(
        _day(row["opens_on"]), _day(row["cutoff_on"]), _day(row["deadline_on"]), row["deadline_lead"],
        bool(row["estimated"]), _day(row["confirm_from_on"]), _day(row["confirm_by_on"]), row["lock_after"],
        row["owes"], _day(row["owes_on"]), bool(row["opens_follow"]), bool(row["estimates_follow"]),
        row["estimates_of"],
    )  # fmt: skip
    opened_on = terms.opens_on if row["opened_at"] is None else local_day(instant(row["opened_at"]))
    opened_at = None if row["opened_at"] is None else instant(row["opened_at"])
    return Round(row["id"], period, row["state"], terms, opened_on, opened_at)


def _day(text: str | None) -> Any:
    return None if text is None else date.fromisoformat(text)


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _terms(terms: Terms) -> tuple[Any, ...]:
    return (
        _iso(terms.opens_on), _iso(terms.cutoff_on), _iso(terms.deadline_on), terms.deadline_lead,
        int(terms.estimated), _iso(terms.confirm_from_on), _iso(terms.confirm_by_on), terms.lock_after,
        terms.owes, _iso(terms.owes_on), int(terms.opens_follow), int(terms.estimates_follow),
        terms.estimates_of,
    )  # fmt: skip


def add_period(
    period_id: int, period: Period, state: PeriodState, now: datetime, terms: Terms = UNDECIDED
) -> Statement:
    """A period in that state (planned, open, locked, closed)."""
    return (
        "insert into period (id, code, frequency, title, start_on, end_on, state, opened_at, opened_on, opens_on, cutoff_on,"
        " deadline_on, deadline_lead, estimated, confirm_from_on, confirm_by_on, lock_after, owes, owes_on,"
        " opens_follow, estimates_follow, estimates_of)"
        " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (period_id, period.code, period.frequency, period.title or None, period.start_on.isoformat(),
         period.end_on.isoformat(), state, *((stamp(now), _iso(local_day(now))) if state == "open" else (None, None)),
         *_terms(terms)),
    )  # fmt: skip


def add_briefing(
    briefing_id: int,
    period_id: int,
    cluster_id: int,
    starts_at: datetime,
    place: str,
    chair_id: int | None,
    mode: Mode = "in_person",
    host_unit_id: int | None = None,
) -> Statement:
    """A cluster's briefing on a period.

    After one that was called off its sequence goes on, for calendars keep the highest; where nobody has heard of that
    yet, it is told as a move.
    """
    before = "from cancelled_briefing c where c.period_id = ? and c.cluster_id = ?"
    sequence = f"coalesce((select c.sequence + 2 {before}), 0)"
    return (
        "insert into briefing (id, period_id, cluster_id, starts_at, mode, place, chair_id, host_unit_id, sequence,"
        " told_sequence, told_starts_at) values"
        f" (?, ?, ?, ?, ?, ?, cast(? as bigint), cast(? as bigint), {sequence},"
        f" coalesce((select c.sequence {before} and c.told_at is null), {sequence}),"
        f" (select c.starts_at {before} and c.told_at is null))",
        (
            briefing_id, period_id, cluster_id, stamp(starts_at), mode, place, chair_id, host_unit_id,
            *[period_id, cluster_id] * 4,
        ),
    )  # fmt: skip


def set_terms(round_: Round, terms: Terms) -> Statement:
    """What the office decides on the period's days, all of it; fails the unit if the period's state has changed."""
    return (
        "update period set opens_on = ?, cutoff_on = ?, deadline_on = ?, deadline_lead = ?, estimated = ?,"
        " confirm_from_on = ?, confirm_by_on = ?, lock_after = ?, owes = ?, owes_on = ?, opens_follow = ?,"
        " estimates_follow = ?, estimates_of = ? where id = ? and state = ?",
        (*_terms(terms), round_.id, round_.state),
        1,
    )


def set_state(round_: Round, state: PeriodState, now: datetime) -> Statement:
    """Opens, locks or closes a period; fails the unit if somebody has done so since it was read."""
    return (
        "update period set state = ?, opened_at = case when cast(? as text) = 'open' and opened_at is null"
        " then cast(? as bigint) else opened_at end, opened_on = case when cast(? as text) = 'open' and opened_on is null"
        " then cast(? as text) else opened_on end where id = ? and state = ?",
        (state, state, stamp(now), state, _iso(local_day(now)), round_.id, round_.state),
        1,
    )


def add_quick(period_id: int, period: Period, counted: Sequence[Counted], owes: str, now: datetime) -> Statement:
    """A quick count, open from now on; fails the unit where its code has been used."""
    return (
        "insert into period (id, code, frequency, title, start_on, end_on, state, opened_at, opened_on, owes, due_at,"
        " counts) values (?, ?, ?, ?, ?, ?, 'open', ?, ?, ?, ?, ?)",
        (period_id, period.code, period.frequency, period.title, period.start_on.isoformat(),
         period.end_on.isoformat(), stamp(now), _iso(local_day(now)), owes, stamp(period.due_at or now), kept(counted)),
        1,
    )  # fmt: skip


async def quick_rounds(db: Database, since: datetime | None = None) -> list[Round]:
    """Quick counts that run, and those whose hour was after that instant; who has to hurry most first."""
    rows = await db.read(f"select {_PERIOD} from period where {_QUICK}", (NEVER if since is None else stamp(since),))
    return _hasty(_round(row) for row in rows)


def _hasty(found: Iterable[Round]) -> list[Round]:
    return sorted(found, key=lambda one: (str(one.period.due_at), one.code))


async def all_rounds(db: Database) -> list[Round]:
    """Every period the province has, in the order in which they begin."""
    rows = await db.read(f"select {_PERIOD} from period where {_ORDINARY} order by start_on, end_on, id")
    return [_round(row) for row in rows]


async def latest_locked(db: Database) -> Round | None:
    """The locked period that ended last."""
    return await _latest(db, "locked")


async def latest_closed(db: Database) -> Round | None:
    """The closed period that ended last."""
    return await _latest(db, "closed")


async def _latest(db: Database, state: PeriodState) -> Round | None:
    rows = await db.read(
        f"select {_PERIOD} from period where state = ? and {_ORDINARY} order by end_on desc, id desc limit 1", (state,)
    )
    return _round(rows[0]) if rows else None


async def estimated(db: Database, day: date) -> list[Round]:
    """Periods whose estimated figures may be confirmed on that day."""
    today = day.isoformat()
    rows = await db.read(
        f"select {_PERIOD} from period where estimated = 1 and state in ('open', 'locked') and confirm_from_on <= ?"
        " and (confirm_by_on is null or confirm_by_on >= ?) order by end_on, id",
        (today, today),
    )
    return [_round(row) for row in rows]


async def with_days(db: Database) -> list[Round]:
    """Periods that open or lock by themselves."""
    rows = await db.read(
        f"select {_PERIOD} from period where (state = 'planned' and opens_on is not null)"
        " or (state = 'open' and lock_after is not null) order by start_on, id"
    )
    return [_round(row) for row in rows]


async def running_rounds(db: Database, day: date, since: datetime) -> tuple[list[Round], list[Round]]:
    """(periods somebody may write in on that day, latest first; quick counts that run or ended after that instant).

    Of periods the open ones; locked ones too where a unit has its own deadline still ahead or estimated figures are
    being confirmed. Of quick counts those that end first come first.
    """
    today = day.isoformat()
    rows = await db.read(
        f"select {_PERIOD} from period where {_ORDINARY} and (state = 'open' or (state = 'locked' and ("
        " (estimated = 1 and confirm_from_on <= ?)"
        " or exists (select 1 from extension e where e.period_id = period.id and e.deadline_on >= ?))))"
        f" or {_QUICK} order by end_on desc, id desc",
        (today, today, stamp(since)),
    )
    found = [_round(row) for row in rows]
    return [one for one in found if not one.period.is_quick], _hasty(one for one in found if one.period.is_quick)


async def open_rounds(db: Database) -> list[Round]:
    """Periods that are open for reports, latest first."""
    return await in_state(db, "open")


async def in_state(db: Database, *states: PeriodState) -> list[Round]:
    """Periods in one of these states, latest first."""
    rows = await db.read(
        f"select {_PERIOD} from period where {_ORDINARY} and state in ({', '.join('?' * len(states))})"
        " order by end_on desc, id desc",
        states,
    )
    return [_round(row) for row in rows]


async def round_by_code(db: Database, code: str) -> Round | None:
    """The period of that code, if the province has it."""
    rows = await db.read(f"select {_PERIOD} from period where lower(code) = ?", (code.strip().lower(),))
    return _round(rows[0]) if rows else None


async def extensions(db: Database, period_id: int) -> dict[int, date]:
    """The deadlines of units that have their own, by unit id."""
    rows = await db.read("select unit_id, deadline_on from extension where period_id = ?", (period_id,))
    return {row["unit_id"]: date.fromisoformat(row["deadline_on"]) for row in rows}


async def announced(db: Database, period_id: int) -> dict[int, date]:
    """By cluster, the latest day by which its units were told they owe it, before that was changed."""
    rows = await db.read("select cluster_id, due_on from announced_due where period_id = ?", (period_id,))
    return {row["cluster_id"]: date.fromisoformat(row["due_on"]) for row in rows}


def keep_announced(period_id: int, cluster_id: int, due_on: date) -> Statement:
    """The day the cluster's units keep, of a running period, for of others nobody has heard; the later one stays."""
    return (
        "insert into announced_due (period_id, cluster_id, due_on) select p.id, cast(? as bigint), cast(? as text)"
        " from period p where p.id = ? and p.state in ('open', 'locked')"
        " on conflict (period_id, cluster_id) do update set due_on = excluded.due_on"
        " where announced_due.due_on < excluded.due_on",
        (cluster_id, due_on.isoformat(), period_id),
    )


async def called_off(db: Database) -> set[int]:
    """The periods, by id, of which a cluster's briefing was called off."""
    return {row[0] for row in await db.read("select distinct period_id from cancelled_briefing")}


def forget_announced(period_id: int) -> Statement:
    """The office has decided other days: what was told before them is over."""
    return ("delete from announced_due where period_id = ?", (period_id,))


async def own_days(
    db: Database, round_: Round, calendar: VietnamCalendar, met_on: Mapping[int, date | None]
) -> list[date]:
    """Deadlines of units, and of clusters that were announced another day, besides those that follow from met_on."""
    told = await announced(db, round_.id)
    days = [round_.due_on(calendar, met, None, told[one]) for one, met in met_on.items() if one in told]
    return [*(await extensions(db, round_.id)).values(), *days]


async def chair_of(db: Database, cluster_id: int) -> int | None:
    """The person who chairs a cluster, where there is exactly one."""
    rows = await db.read(
        "select distinct person_id from role where cluster_id = ? and role = 'chair' and valid_to_on is null",
        (cluster_id,),
    )
    return rows[0][0] if len(rows) == 1 else None


async def briefings(db: Database, period_id: int) -> list[Briefing]:
    """The briefings on a period, by cluster; who is to chair is known by the post before anybody enrols in it."""
    return await _briefings(db, "b.period_id = ?", period_id)


async def briefing_of(db: Database, period_id: int, cluster_id: int) -> Briefing | None:
    """The one of that cluster."""
    return next(iter(await _briefings(db, "b.period_id = ? and b.cluster_id = ?", period_id, cluster_id)), None)


async def _briefings(db: Database, which: str, *params: int) -> list[Briefing]:
    rows = await db.read(
        "select b.period_id, b.cluster_id, c.code, c.name, b.starts_at, b.place,"
        " coalesce((select r.title from role r where r.person_id = b.chair_id and r.cluster_id = b.cluster_id"
        "   and r.role = 'chair' and r.valid_to_on is null),"
        "   (select min(r.title) from role r where r.person_id = b.chair_id and r.role in ('chair', 'leader')"
        "   and r.title <> '' and r.valid_to_on is null),"
        "   (select x.title from post x where x.id = b.chair_post_id),"
        "   (select case when count(*) = 1 then min(x.title) end from post x where x.cluster_id = b.cluster_id"
        "   and x.role = 'chair' and x.valid_to_on is null), ''), b.id, b.mode, coalesce(h.name, ''), b.chair_id,"
        " b.sequence, b.host_unit_id, b.chair_post_id"
        " from briefing b join cluster c on c.id = b.cluster_id left join unit h on h.id = b.host_unit_id"
        f" where {which} order by c.position",
        params,
    )
    others = await chairs.beside(db, params[0]) if rows else {}
    return [
        Briefing(
            r[0], r[1], r[2], r[3], instant(r[4]), r[5], r[6], r[7], r[8], r[9], r[10], r[11], r[12], r[13],
            tuple(others.get(r[7], ())),
        )
        for r in rows
    ]  # fmt: skip
