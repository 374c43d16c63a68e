"""Submissions and their values as rows: changed with an event for each change, read as drafts, summed and counted."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from reporting.dialogue import life
from reporting.dialogue.draft import Draft
from reporting.dialogue.life import SubmissionAct, SubmissionState
from reporting.figures.totals import Coverage
from reporting.figures.values import Value
from reporting.organisation.listed import ListedUnit
from storage.database import Database, Statement
from storage.engine.instants import stamp
from storage.organisation.names import listed, told_apart
from storage.organisation.owing import owes_on, state_on
from storage.reports import returns, running
from storage.reports.events import all_happened, happened


def in_sql(states: Sequence[SubmissionState]) -> str:
    """These states as SQL lists them: s.state in {…}."""
    return f"({', '.join(repr(state) for state in states)})"


FILED = in_sql(life.FILED)
CLOSED = in_sql(life.CLOSED)
MOST_PAST = 8  # periods of a unit's history


@dataclass(frozen=True, slots=True)
class Held:
    """A unit's draft as read, with the revision that a change has to name."""

    draft: Draft
    rev: int


async def held(db: Database, period_id: int, period: str, unit_id: int, before: str = "", year_ago: str = "") -> Held:
    """The unit's draft of a period, with its history; `before` and `year_ago` are codes of periods shown for help."""
    rows = await db.read(
        "select s.state, s.rev, v.indicator, v.amount, v.approx, v.source, cast(? as text), '' from submission s"
        " left join value v on v.period_id = s.period_id and v.unit_id = s.unit_id"
        " where s.period_id = ? and s.unit_id = ?"
        " union all select '', 0, v.indicator, v.amount, v.approx, v.source, p.code, p.end_on from"
        " (select p.id, p.code, p.end_on from period p join period q on q.id = ? and p.frequency = q.frequency"
        f"   and p.end_on < q.start_on order by p.end_on desc limit {MOST_PAST}) p"
        " join submission s on s.period_id = p.id and s.unit_id = ?"
        " join value v on v.period_id = s.period_id and v.unit_id = s.unit_id"
        f" where s.state in {FILED}",
        (period, period_id, unit_id, period_id, unit_id),
    )
    state: SubmissionState = life.NOT_BEGUN
    rev = 0
    values: dict[str, dict[str, Value]] = {period: {}}
    past: dict[str, list[int]] = {}
    last: dict[str, tuple[str, int]] = {}
    for row_state, row_rev, indicator, amount, approx, source, code, ended in rows:
        if code == period:
            state, rev = row_state, row_rev
        elif indicator is not None:
            past.setdefault(indicator, []).append(amount)
            last[indicator] = max(last.get(indicator, ("", 0)), (ended, amount))
        if indicator is not None:
            values.setdefault(code, {})[indicator] = Value(amount, bool(approx), source)
    last_year = values.get(year_ago, {}) if year_ago != before else {}  # of a yearly period they are the same
    known = {code: tuple(amounts) for code, amounts in past.items()}
    back = await returns.of_report(db, period_id, unit_id, open_only=True) if life.came_back(state) else []
    returned = {one.indicator: one.reason for one in back if one.indicator in values[period]}
    latest = {code: amount for code, (_, amount) in last.items()}
    draft = Draft(period, values[period], state, values.get(before, {}), last_year, returned, known, latest)
    return Held(draft, rev)


async def with_stocks(db: Database, period_id: int, unit_id: int, found: Held, codes: Sequence[str]) -> Held:
    """The same draft, knowing of stocks that are not asked about in this period what the unit last reported of them in
    any.
    """
    last = {**found.draft.last, **await _last_of(db, period_id, unit_id, codes)}
    return replace(found, draft=replace(found.draft, last=last))


async def _last_of(db: Database, period_id: int, unit_id: int, codes: Sequence[str]) -> dict[str, int]:
    """What the unit last reported of each, in whatever period that had begun when this one ended."""
    marks = ", ".join("?" * len(codes))
    rows = await db.read(
        "select v.indicator, v.amount from period q join period p on p.start_on <= q.end_on and p.id <> q.id"
        " join submission s on s.period_id = p.id and s.unit_id = ?"
        " join value v on v.period_id = p.id and v.unit_id = s.unit_id"
        f" where q.id = ? and s.state in {FILED} and v.indicator in ({marks}) order by p.end_on, p.id",
        (unit_id, period_id, *codes),
    )
    return {row[0]: row[1] for row in rows}


async def set_by_others(db: Database, period_id: int, unit_id: int, person_id: int, codes: Sequence[str]) -> set[str]:
    """Which of these values somebody else has entered."""
    marks = ", ".join("?" * len(codes))
    rows = await db.read(
        "select indicator from value where period_id = ? and unit_id = ? and set_by is not null and set_by <> ?"
        f" and indicator in ({marks})",
        (period_id, unit_id, person_id, *codes),
    )
    return {row[0] for row in rows}


def touch(period_id: int, unit_id: int, rev: int, state: SubmissionState, person_id: int, now: datetime) -> Statement:
    """Begins or changes a submission; fails the unit if somebody changed it since `rev` was read.

    What the unit had called final and corrects is final as it stands now: confirmed_at goes with it. Who first sent the
    report and when is written once and kept through every correction, return and acceptance: it tells what was on time.
    """
    sent_at, sent_by = (stamp(now), person_id or None) if state == life.SUBMITTED else (None, None)
    if rev == 0:
        return (
            "insert into submission (period_id, unit_id, state, rev, started_at, submitted_at, submitted_by)"
            " values (?, ?, ?, 1, ?, ?, ?) on conflict (period_id, unit_id) do nothing",
            (period_id, unit_id, state, stamp(now), sent_at, sent_by),
            1,
        )
    return (
        "update submission set rev = rev + 1, state = ?, step = 0,"
        " confirmed_at = case when confirmed_at is null then null else cast(? as bigint) end,"
        " submitted_by = case when submitted_at is null then cast(? as bigint) else submitted_by end,"
        " submitted_at = coalesce(submitted_at, cast(? as bigint))"
        " where period_id = ? and unit_id = ? and rev = ?",
        (state, stamp(now), sent_by, sent_at, period_id, unit_id, rev),
        1,
    )


def put(
    period_id: int, unit_id: int, code: str, value: Value, old: Value | None, person_id: int | None, now: datetime
) -> list[Statement]:
    """Stores a value and appends the event that says what stood there."""
    return put_all(period_id, unit_id, [(code, value, old)], person_id, now)


def put_all(
    period_id: int,
    unit_id: int,
    values: Sequence[tuple[str, Value, Value | None]],
    person_id: int | None,
    now: datetime,
    reason: str = "",
) -> list[Statement]:
    """Stores values, each with its indicator and what stood there, and appends their events: two statements in all.

    reason: of a correction, as the unit gave it. Of an indicator that is given twice the last value is kept.
    """
    kept = {code: value for code, value, _ in values}
    rows = ", ".join(["(?, ?, ?, ?, ?, ?, ?, ?, ?)"] * len(kept))
    at = stamp(now)
    return [
        (
            "insert into value (period_id, unit_id, indicator, amount, approx, source, note, set_by, set_at)"
            f" values {rows} on conflict (period_id, unit_id, indicator) do update set"
            " amount = excluded.amount, approx = excluded.approx, source = excluded.source, note = excluded.note,"
            " set_by = excluded.set_by, set_at = excluded.set_at",
            [
                part
                for code, v in kept.items()
                for part in (period_id, unit_id, code, v.amount, int(v.approx), v.source, v.note, person_id, at)
            ],
        ),
        all_happened(
            [("value.put", code, written(old), written(value)) for code, value, old in values],
            person_id, now, period_id=period_id, unit_id=unit_id, reason=reason or None,
        ),
    ]  # fmt: skip


def remove(period_id: int, unit_id: int, code: str, old: Value, person_id: int, now: datetime) -> list[Statement]:
    """Takes a value out again and appends the event that says what stood there."""
    return [
        (
            "delete from value where period_id = ? and unit_id = ? and indicator = ?",
            (period_id, unit_id, code),
            1,
        ),
        happened(
            "value.removed", code, person_id, now, period_id=period_id, unit_id=unit_id, old=written(old), new=None
        ),
    ]  # fmt: skip


def confirmed(period_id: int, unit_id: int, code: str, value: Value, person_id: int, now: datetime) -> Statement:
    """The event of a person saying that a value far above the usual is right; the reviewer sees it."""
    new = written(value)
    return happened("value.confirmed", code, person_id, now, period_id=period_id, unit_id=unit_id, new=new)


def stands(period_id: int, unit_id: int, code: str, value: Value, person_id: int, now: datetime) -> list[Statement]:
    """A figure that was given back stays as it is; the value's note, which is kept, says why."""
    as_written = written(value)
    return [
        (
            "update value set note = ? where period_id = ? and unit_id = ? and indicator = ?",
            (value.note, period_id, unit_id, code),
            1,
        ),
        happened(
            "value.stands", code, person_id, now,
            period_id=period_id, unit_id=unit_id, old=as_written, new=as_written, reason=value.note,
        ),
    ]  # fmt: skip


def given_back(
    period_id: int, unit_id: int, code: str, value: Value, person_id: int | None, now: datetime
) -> Statement:
    """The event of a reviewer giving a figure back; the value's note says why."""
    return happened(
        "value.returned", code, person_id, now,
        period_id=period_id, unit_id=unit_id, old=written(value), reason=value.note,
    )  # fmt: skip


def entered_above(period_id: int, unit_id: int) -> Statement:
    """The report was entered by the unit above, for a branch that could not."""
    return (
        "update submission set entered_above = 1 where period_id = ? and unit_id = ? and entered_above = 0",
        (period_id, unit_id),
    )


def sent(period_id: int, unit_id: int, person_id: int, now: datetime) -> Statement:
    """The event of sending in."""
    return happened("submission.sent", "submission", person_id, now, period_id=period_id, unit_id=unit_id)


def act_on(period_id: int, unit_id: int, act: SubmissionAct) -> list[Statement]:
    """Carries out an act of somebody other than the unit; a report from whose state the table has no such move stays.

    The province's sums follow. A move that stays in its state goes first: behind another one it would be made, too.
    """
    rows = sorted(life.rows_of(act), key=lambda row: row.to not in row.sources)
    moves: list[Statement] = [
        (
            f"update submission set state = ?, rev = rev + 1{', confirmed_at = null' if 'final' in row.cancels else ''}"
            f" where period_id = ? and unit_id = ? and state in {in_sql(row.sources)}",
            (row.to, period_id, unit_id),
        )
        for row in rows
    ]
    return running.around(period_id, unit_id, moves)


def lock_all(period_id: int) -> list[Statement]:
    """The period's figures are final: what is accepted is locked."""
    return [
        (
            f"update submission set state = ?, rev = rev + 1 where period_id = ? and state in {in_sql(row.sources)}",
            (row.to, period_id),
        )
        for row in life.rows_of("lock")
    ]


def reopen(period_id: int, unit_id: int, actor: int | None, now: datetime) -> list[Statement]:
    """Opens a closed report again, with the event of it; one that is not closed stays, without one."""
    sources = tuple(dict.fromkeys(state for row in life.rows_of("reopen") for state in row.sources))
    return [
        (
            "insert into event (at, actor, action, period_id, unit_id, subject, new)"
            " select cast(? as bigint), cast(? as bigint), 'submission.returned', period_id, unit_id, 'submission', 'reopen'"
            f" from submission where period_id = ? and unit_id = ? and state in {in_sql(sources)}",
            (stamp(now), actor, period_id, unit_id),
        ),
        *act_on(period_id, unit_id, "reopen"),
    ]


def confirm_final(period_id: int, unit_id: int, rev: int, now: datetime) -> list[Statement]:
    """The unit says its estimated figures are final; fails the unit of work if somebody changed them since `rev`."""
    confirm: Statement = (
        "update submission set confirmed_at = ?, rev = rev + 1 where period_id = ? and unit_id = ? and rev = ?",
        (stamp(now), period_id, unit_id, rev),
        1,
    )
    return running.around(period_id, unit_id, [confirm])


def written(value: Value | None) -> str | None:
    return None if value is None else f"{'~' if value.approx else ''}{value.amount}"


async def coverage(db: Database, period_id: int, day: str) -> dict[int, Coverage]:
    """By cluster id: how many of the units that owe a report, those that live on that day, have filed it."""
    rows = await db.read(
        "select m.cluster_id, count(*),"
        f" cast(sum(case when {state_on(day)} in {FILED} then 1 else 0 end) as bigint),"
        f" cast(sum(case when s.state = '{life.GIVEN_BACK}' then 1 else 0 end) as bigint)"
        " from cluster_member m join period p on p.id = ?"
        " left join submission s on s.unit_id = m.unit_id and s.period_id = p.id"
        f" where m.valid_from_on <= ? and (m.valid_to_on is null or m.valid_to_on >= ?) and {owes_on(day)} group by m.cluster_id",
        (period_id, day, day),
    )
    return {cluster_id: Coverage(filed, owing, returned) for cluster_id, owing, filed, returned in rows}


def covered(units: Sequence[ListedUnit]) -> Coverage:
    """How many of these units, which all owe the report, have sent it."""
    filed = sum(unit.state in life.FILED for unit in units)
    return Coverage(filed, len(units), sum(unit.state == life.GIVEN_BACK for unit in units))


async def owing(db: Database, period_id: int, cluster_id: int, day: str) -> list[ListedUnit]:
    """The cluster's units that owe the report or have filed it, by code, with the state it is in."""
    rows = await db.read(
        f"select {listed('u')}, coalesce({state_on(day)}, '') from cluster_member m join unit u on u.id = m.unit_id"
        " join period p on p.id = ? left join submission s on s.unit_id = m.unit_id and s.period_id = p.id"
        f" where m.cluster_id = ? and m.valid_from_on <= ? and (m.valid_to_on is null or m.valid_to_on >= ?) and {owes_on(day)}"
        " order by u.code",
        (period_id, cluster_id, day, day),
    )
    return [ListedUnit(*row) for row in rows]


async def not_filed(db: Database, period_id: int, cluster_id: int, day: str) -> list[ListedUnit]:
    """The cluster's units that still owe the report, by code."""
    return [unit for unit in await owing(db, period_id, cluster_id, day) if unit.state not in life.FILED]


async def states(db: Database, period_id: int, unit_ids: Sequence[int]) -> list[tuple[str, str]]:
    """(unit name, none | draft | returned | filed) of these units, by code."""
    if not unit_ids:
        return []
    rows = await db.read(
        f"select {told_apart('u')}, s.state from unit u left join submission s on s.unit_id = u.id and s.period_id = ?"
        f" where u.id in ({', '.join('?' * len(unit_ids))}) order by u.code",
        (period_id, *unit_ids),
    )
    return [(name, life.told_as(state or life.NOT_BEGUN)) for name, state in rows]


async def out_of_reach(db: Database, period_id: int, day: str) -> list[ListedUnit]:
    """Units that owe the report and have nobody a reminder could reach: not enrolled, or blocked."""
    rows = await db.read(
        f"select {listed('u')} from cluster_member m join unit u on u.id = m.unit_id join period p on p.id = ?"
        " left join submission s on s.unit_id = m.unit_id and s.period_id = p.id"
        f" where m.valid_from_on <= ? and (m.valid_to_on is null or m.valid_to_on >= ?) and {owes_on(day)}"
        f" and coalesce({state_on(day)}, '') not in {FILED}"
        " and not exists (select 1 from role r join account a on a.person_id = r.person_id"
        "   where r.unit_id = u.id and r.role in ('secretary', 'deputy') and r.valid_from_on <= ?"
        "   and (r.valid_to_on is null or r.valid_to_on >= ?) and a.consent = 'given' and a.unreachable_at is null)"
        " order by u.code",
        (period_id, day, day, day, day),
    )
    return [ListedUnit(*row) for row in rows]


async def reviewed_by(db: Database, period_id: int, unit_id: int) -> int | None:
    """Who judged the report last; None where nobody has, or the office brought it along."""
    rows = await db.read("select reviewed_by from submission where period_id = ? and unit_id = ?", (period_id, unit_id))
    return rows[0][0] if rows else None
