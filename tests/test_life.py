"""The life of a submission: every act in every state, what lists say of each state, and that nothing else names one."""

import ast
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, get_args

import pytest

from handlers.wording.speech import Wording
from reporting.dialogue import life
from reporting.dialogue.life import ACTS, FILED, OWING, STATES, Move, MoveRefused, SubmissionAct, SubmissionState
from reporting.time.calendar import VietnamCalendar
from reporting.time.deadlines import PeriodState
from reporting.time.periods import parse_period
from storage.database import Database
from storage.organisation import units
from storage.people import people
from storage.periods import owed, planning, rounds
from storage.reports import submissions

ROOT = Path(__file__).parent.parent
PACKAGES = ("bot", "handlers", "scheduler", "storage", "reporting")

# What follows from each act (a column) in each state (a row): the next state, or why not.
EXPECTED = """
state      enter      submit     mend       return    accept    lock    reopen  pass  amend
none       draft      submitted  -early     -early    -early    -early  -early  -early  -early
draft      draft      submitted  -early     -early    -early    -early  -early  -early  submitted
submitted  submitted  -already   submitted  returned  accepted  -early  -early  submitted  submitted
returned   returned   submitted  -early     returned  -early    -early  -already  -early  -early
accepted   -closed    -closed    submitted  returned  -already  locked  returned  -closed  accepted
locked     -closed    -closed    -closed    -closed   -closed   -already  returned  -closed  -closed
"""


def expected() -> Iterator[tuple[SubmissionState, SubmissionAct, str]]:
    head, *rows = [line.split() for line in EXPECTED.strip().splitlines()]
    assert tuple(head[1:]) == ACTS
    assert tuple(row[0] for row in rows) == STATES
    for state, *cells in rows:
        yield from ((state, act, cell) for act, cell in zip(ACTS, cells, strict=True))  # type: ignore[misc]


@pytest.mark.parametrize(("state", "act", "cell"), list(expected()))
def test_every_act_in_every_state_leads_where_it_should(state: SubmissionState, act: SubmissionAct, cell: str) -> None:
    found = life.move(state, act)
    if cell.startswith("-"):
        assert found == MoveRefused(cell.removeprefix("-"))  # type: ignore[arg-type]
        with pytest.raises(ValueError, match=f"{state} cannot {act}"):
            life.made(state, act)
    else:
        assert isinstance(found, Move)
        assert (found.act, found.to) == (act, cell)
        assert life.made(state, act) is found


def test_no_two_rows_decide_the_same_and_every_act_has_one() -> None:
    pairs = [(state, row.act) for row in life.MOVES for state in row.sources]
    assert len(set(pairs)) == len(pairs)
    assert {row.act for row in life.MOVES} == set(ACTS)
    assert all(row.who for row in life.MOVES)


def test_whatever_ends_a_debt_cancels_its_reminders_and_whatever_makes_one_undoes_what_was_final() -> None:
    for row in life.MOVES:
        for state in row.sources:
            if state in OWING and row.to in FILED:
                assert "reminders" in row.cancels, row
            if state in FILED and row.to in OWING:
                assert "final" in row.cancels, row
                assert "reporters" in row.tells, row


def test_the_unit_can_bring_every_report_it_owes_to_be_filed() -> None:
    assert all("submit" in {row.act for row in life.MOVES if state in row.sources} for state in OWING)
    assert life.CLOSED == ("accepted", "locked")
    assert set(life.CLOSED) <= set(FILED)


def test_the_database_allows_exactly_the_states_of_the_table_that_are_stored() -> None:
    schema = (ROOT / "storage/migrations/0001_initial.sql").read_text("utf-8").partition("create table submission")[2]
    stored = re.findall(r"'(\w+)'", schema.partition("check (state in (")[2].partition(")")[0])
    assert tuple(stored) == tuple(state for state in STATES if state != life.NOT_BEGUN)


def test_every_state_has_its_words() -> None:
    texts = Wording.vietnamese().texts
    assert {key for key in texts if key.startswith("submission.")} == {f"submission.{state}" for state in STATES}
    assert {life.told_as(state) for state in STATES} == {"none", "draft", "returned", "filed"}
    assert all(f"progress.{life.told_as(state)}" in texts for state in STATES)


# --- lists of what is owed ------------------------------------------------------------------------------------

NOW = datetime(2026, 4, 6, 2, 0, tzinfo=UTC)
DAY = date(2026, 4, 6)
SINCE = date(2020, 1, 1)
UNIT, PERIOD, PERSON = 2, 77, 9


@pytest.fixture
async def one_unit(database: Database) -> Database:
    """A branch with an enrolled secretary, alone in its cluster, and an open quarter."""
    await database.write(
        [
            units.add_unit(1, "T", "Tỉnh đoàn", "tinh_doan", None, SINCE),
            units.add_cluster(1, "K1", "Cụm thi đua số 1", 1, 1, SINCE),
            units.add_unit(UNIT, "A", "Chi đoàn A", "chi_doan", 1, SINCE),
            units.join_cluster(1, UNIT, SINCE),
            people.add_person(PERSON, "Lan", NOW),
            people.add_role(1, PERSON, "secretary", "Bí thư", UNIT, None, SINCE),
            rounds.add_period(PERIOD, parse_period("2026-Q1"), "open", NOW),
        ]
    )
    return database


async def lists_of_debts(db: Database) -> dict[str, Any]:
    """What each list says of the one unit: true where it stands there as owing its report."""
    from storage.messages import reminders

    day = DAY.isoformat()
    facts = (await planning.situation(db, NOW, None, VietnamCalendar())).facts
    covered = (await submissions.coverage(db, PERIOD, day))[1]
    standing = (await owed.owed(db, [PERIOD], [UNIT], DAY))[PERIOD, UNIT]
    return {
        "names in summaries": bool(await submissions.not_filed(db, PERIOD, 1, day)),
        "whom nobody reaches": bool(await submissions.out_of_reach(db, PERIOD, day)),
        "coverage": covered.filed < covered.owing,
        "the person's own": bool(await reminders.owed_by(db, PERSON, DAY)),
        "the unit's own": not standing.filed,
        "the plan": (PERIOD, UNIT) in facts.owed,
        "late periods": PERIOD in facts.late,
    }


@pytest.mark.parametrize("state", STATES)
async def test_a_unit_whose_report_is_sent_accepted_or_locked_stands_in_no_list_of_debts(
    one_unit: Database, state: SubmissionState
) -> None:
    if state != life.NOT_BEGUN:
        await one_unit.write([submissions.touch(PERIOD, UNIT, 0, state, PERSON, NOW)])
    lists = await lists_of_debts(one_unit)
    assert set(lists.values()) == {state in ("none", "draft", "returned")}, lists
    assert (await submissions.states(one_unit, PERIOD, [UNIT])) == [("Chi đoàn A", life.told_as(state))]


@pytest.mark.parametrize("state", [state for state in STATES if state != life.NOT_BEGUN])
@pytest.mark.parametrize("act", ACTS)
async def test_an_act_on_a_stored_report_follows_the_table(
    one_unit: Database, state: SubmissionState, act: SubmissionAct
) -> None:
    await one_unit.write([submissions.touch(PERIOD, UNIT, 0, state, PERSON, NOW)])
    await one_unit.write(submissions.act_on(PERIOD, UNIT, act))
    found = life.move(state, act)
    (now,) = (await one_unit.read("select state from submission"))[0]
    assert now == (found.to if isinstance(found, Move) else state)


# --- nothing else names a state -------------------------------------------------------------------------------

# Words that mean nothing but a submission's state; the others are also a period's state or an answer of the dialogue.
OWN_WORDS = set(STATES) - set(get_args(PeriodState)) - {"none"}
HOME = "reporting/dialogue/life.py"
# What has a `state` and is a period, by the names the program gives it.
PERIODS = {"round_", "known", "found", "r", "self"}
# Conditions on the states of other tables, which a statement about submissions may have beside.
_OTHERS = r"\b(?!s\.|submission\.)\w+\.state (?:=|<>|in|not in) (?:'\w+'|\([^)]*\))"


def _named_in(text: str) -> list[str]:
    """The states in a text that is nothing else, or that is SQL."""
    if text in OWN_WORDS:
        return [text]
    words = set(STATES) if re.search(r"\bsubmission\b|\bs\.state\b", text) else OWN_WORDS
    return [word for word in re.findall(r"'(\w+)'", re.sub(_OTHERS, "", text)) if word in words]


def named_states(source: str) -> list[str]:
    """Where a module's source names a submission's state: the line and the words."""
    found = []
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Constant(value=str(text)):
                found += [f"{node.lineno}: {word}" for word in _named_in(text)]
            case ast.JoinedStr(values=parts):
                whole = "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in parts)
                found += [f"{node.lineno}: {word}" for word in _named_in(whole)]
            case ast.Compare(left=ast.Attribute(attr="state", value=whose), comparators=[against]):
                name = whose.attr if isinstance(whose, ast.Attribute) else getattr(whose, "id", "")
                texts = {n.value for n in ast.walk(against) if isinstance(n, ast.Constant)}
                if name not in PERIODS and texts & set(STATES):
                    found.append(f"{node.lineno}: {ast.unparse(node)}")
    return found


def test_no_module_but_its_own_names_a_submissions_state() -> None:
    modules = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]
    named = {str(path.relative_to(ROOT)): named_states(path.read_text("utf-8")) for path in modules}
    assert named[HOME]
    assert {name: where for name, where in named.items() if where and name != HOME} == {}


@pytest.mark.parametrize(
    "source",
    [
        "if draft.state == 'submitted': pass",
        "if draft.state in ('locked', 'x'): pass",
        "if held.draft.state == 'locked': pass",
        "sql = 'update submission set state = ' \"'locked' where unit_id = ?\"",
        "sql = f\"select 1 from submission s where {x} and s.state in ('locked')\"",
        "sql = \"select case when s.state = 'accepted' then 1 end\"",
        "state = 'draft' if none else state",
    ],
)
def test_the_search_finds_a_state_that_is_named(source: str) -> None:
    assert named_states(source)


@pytest.mark.parametrize(
    "source",
    [
        "if round_.state == 'locked': pass",
        "sql = \"select 1 from submission s join period p on p.state = 'locked' where p.state in ('open', 'locked')\"",
        "act = Did('none')",
    ],
)
def test_the_search_leaves_periods_and_answers_alone(source: str) -> None:
    assert named_states(source) == []
