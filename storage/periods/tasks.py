"""Tasks as rows: what a meeting concluded, numbered within its period, and how far each unit is that has it to do."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal

from reporting.plan.facts import TASK_RUNG, PlanTask
from reporting.time.calendar import local_day
from storage.database import Database, Row, Statement
from storage.engine.instants import instant, maybe_day, maybe_instant, stamp
from storage.messages.reminders import SAID
from storage.organisation.homes import with_homes
from storage.organisation.names import told_apart

TOLD_WITHIN = 365  # days; who was told is known for longer (storage/people/activity.py)

TaskState = Literal["open", "done", "dropped"]


@dataclass(frozen=True, slots=True)
class Task:
    """What one unit has to do. cluster_id: of the meeting, None of the province's own; home_id: where the unit is today.

    by: who wrote it down, None once erased. note: what was said of its state last.
    """

    id: int
    period_id: int
    period: str
    number: int
    cluster_id: int | None
    text: str
    due_on: date | None
    by: int | None
    created_at: datetime
    unit_id: int
    unit_code: str
    unit_name: str
    parent_id: int | None
    home_id: int | None
    state: TaskState
    note: str
    moved_at: datetime | None
    period_end_on: date

    @property
    def known_as(self) -> str:
        """Its number as people write it: "KL-26Q1-03", the third of 2026-Q1."""
        return task_number(self.period, self.number)

    def is_overdue(self, today: date) -> bool:
        """Whether it is not done though its day is over."""
        return self.state == "open" and self.due_on is not None and self.due_on < today


@dataclass(frozen=True, slots=True)
class NewTask:
    """A conclusion that is written down. unit_ids: who has it to do."""

    id: int
    number: int
    text: str
    due_on: date | None
    unit_ids: tuple[int, ...]


def task_number(period: str, number: int) -> str:
    """ "KL-26Q1-03" for the third of 2026-Q1."""
    return f"KL-{period[2:].replace('-', '')}-{number:02}"


async def last_number(db: Database, period_id: int) -> int:
    """The number given last in the period, 0 for none."""
    rows = await db.read("select last from task_counter where period_id = ?", (period_id,))
    return rows[0][0] if rows else 0


def add(
    period_id: int, cluster_id: int | None, tasks: Sequence[NewTask], person_id: int | None, now: datetime
) -> list[Statement]:
    """Writes them down; fails the unit of work where somebody took the first one's number meanwhile."""
    first, last = tasks[0].number, tasks[-1].number
    rows: list[Statement] = [
        (
            "insert into task_counter (period_id, last) values (?, ?)"
            " on conflict (period_id) do update set last = excluded.last where task_counter.last = ?",
            (period_id, last, first - 1),
            1,
        )
    ]
    for one in tasks:
        due_on = one.due_on.isoformat() if one.due_on else None
        rows.append((
            "insert into task (id, period_id, cluster_id, number, text, due_on, person_id, created_at)"
            " values (?, ?, ?, ?, ?, ?, ?, ?)",
            (one.id, period_id, cluster_id, one.number, one.text, due_on, person_id, stamp(now)),
            1,
        ))  # fmt: skip
        rows += [
            ("insert into task_of_unit (task_id, unit_id, state) values (?, ?, 'open')", (one.id, unit), 1)
            for unit in one.unit_ids
        ]
    return rows


def move(old: Task, state: TaskState, note: str, person_id: int | None, now: datetime) -> Statement:
    """The unit's part of the task stands so from now on. Conflict where somebody moved it meanwhile."""
    return (
        "update task_of_unit set state = ?, note = ?, moved_at = ?, moved_by = ?"
        " where task_id = ? and unit_id = ? and state = ?",
        (state, note, stamp(now), person_id, old.id, old.unit_id, old.state),
        1,
    )


def move_of(task_id: int, unit_id: int, state: TaskState, person_id: int | None, now: datetime) -> Statement:
    """The same of a part that has just been written down."""
    return (
        "update task_of_unit set state = ?, moved_at = ?, moved_by = ? where task_id = ? and unit_id = ?",
        (state, stamp(now), person_id, task_id, unit_id),
        1,
    )


_SELECT = (
    "select t.id, t.period_id, p.code, t.number, t.cluster_id, t.text, t.due_on, t.person_id, t.created_at, o.unit_id,"
    f" u.code, {told_apart('u')}, u.parent_id, coalesce(h.cluster_id, a.cluster_id), o.state, o.note, o.moved_at, p.end_on from task t"
    " join period p on p.id = t.period_id join task_of_unit o on o.task_id = t.id join unit u on u.id = o.unit_id"
    " left join home h on h.unit_id = u.id left join home a on a.unit_id = u.parent_id"
)
# The one that is over first stands on top; what has no day comes last.
_ORDER = " order by coalesce(t.due_on, '9999'), p.end_on, t.number, u.code"


def _task(row: Row) -> Task:
    return Task(
        row[0], row[1], row[2], row[3], row[4], row[5], maybe_day(row[6]), row[7], instant(row[8]), row[9], row[10],
        row[11], row[12], row[13], row[14], row[15], maybe_instant(row[16]), date.fromisoformat(row[17]),
    )  # fmt: skip


async def of_area(
    db: Database, clusters: Sequence[int] | None, unit_ids: Sequence[int], today: date, *, open_only: bool = True
) -> list[Task]:
    """Those of these clusters' meetings and units, and of these units; of all for None. What is dropped is left out."""
    states = "o.state = 'open'" if open_only else "o.state <> 'dropped'"
    within, params = "", list[Any]()
    if clusters is not None:
        listed, single = ", ".join("?" * len(clusters)) or "null", ", ".join("?" * len(unit_ids)) or "null"
        # A secretary's own are asked for with each report, and where units are at home is far dearer than whether there are any.
        if not clusters and not await db.read(
            f"select 1 from task_of_unit where unit_id in ({single}) limit 1", unit_ids
        ):
            return []
        within = f" and (o.unit_id in ({single}) or coalesce(h.cluster_id, a.cluster_id) in ({listed}) or t.cluster_id in ({listed}))"
        params = [*unit_ids, *clusters, *clusters]
    text, before = with_homes(f"{_SELECT} where {states}{within}{_ORDER}", today.isoformat())
    return [_task(row) for row in await db.read(text, (*before, *params))]


async def numbered(db: Database, number: int, today: date) -> list[Task]:
    """Every unit's part of the tasks of that number, of the latest period first."""
    query = f"{_SELECT} where t.number = ? and o.state <> 'dropped' order by p.end_on desc, p.id desc, u.code"
    text, before = with_homes(query, today.isoformat())
    return [_task(row) for row in await db.read(text, (*before, number))]


async def part_of(db: Database, task_id: int, unit_id: int, today: date) -> Task | None:
    """The unit's part of that task, as it stands now."""
    text, before = with_homes(f"{_SELECT} where t.id = ? and o.unit_id = ?", today.isoformat())
    rows = await db.read(text, (*before, task_id, unit_id))
    return _task(rows[0]) if rows else None


async def planned(db: Database, today: date) -> tuple[list[PlanTask], Mapping[tuple[int, int], Sequence[Task]]]:
    """What units are to be told of, with who has been; and by period and unit the open tasks that this is about."""
    of_unit: dict[tuple[int, int], list[Task]] = defaultdict(list)
    since = today - timedelta(days=TOLD_WITHIN)
    for one in await of_area(db, None, (), today):
        if local_day(one.created_at) >= since:
            of_unit[one.period_id, one.unit_id].append(one)
    if not of_unit:
        return [], {}
    rows = await db.read(
        f"select period_id, unit_id, person_id, rung from reminder where rung like '{TASK_RUNG}%' and state in {SAID}"
    )
    told: dict[tuple[int, int], dict[int, int]] = defaultdict(dict)
    for period_id, unit_id, person_id, rung in rows:
        number = int(rung.removeprefix(TASK_RUNG))
        told[period_id, unit_id][person_id] = max(number, told[period_id, unit_id].get(person_id, 0))
    found = []
    for key, mine in of_unit.items():
        last = max(mine, key=lambda one: one.number)
        heard = frozenset(person for person, number in told[key].items() if number >= last.number)
        knows = heard if last.by is None else heard | {last.by}
        found.append(PlanTask(*key, last.period, last.number, knows))
    return found, of_unit


# The first successor of a unit that has ended; of the one whose row stands outside.
_HEIR = "(select x.successor_id from succession x where x.unit_id = task_of_unit.unit_id and x.position = 0)"
_LEFT = (
    "state = 'open' and exists (select 1 from unit u join succession x on x.unit_id = u.id and x.position = 0"
    " where u.id = task_of_unit.unit_id and u.valid_to_on < ?)"
)


def inherit(today: date) -> list[Statement]:
    """What is open of units that have ended is their heirs' from now on, once where several had the same to do."""
    day = (today.isoformat(),)
    another = (
        "exists (select 1 from task_of_unit o left join succession y on y.unit_id = o.unit_id and y.position = 0"
        f" where o.task_id = task_of_unit.task_id and (o.unit_id = {_HEIR}"
        f" or (o.unit_id < task_of_unit.unit_id and y.successor_id = {_HEIR})))"
    )
    return [
        (f"update task_of_unit set state = 'dropped' where {_LEFT} and {another}", day),
        (f"update task_of_unit set unit_id = {_HEIR} where {_LEFT}", day),
    ]


def by_number(tasks: Iterable[Task]) -> list[list[Task]]:
    """The parts of each task together, in the order in which the tasks stand."""
    found: dict[int, list[Task]] = {}
    for one in tasks:
        found.setdefault(one.id, []).append(one)
    return list(found.values())
