"""Units of work and reads, the same on both engines."""

import asyncio
import random

import pytest
from bot_api.bell import PATIENCE
from databases import Opener

from storage.database import (
    Conflict,
    Database,
    DatabaseUrlError,
    IntegrityFault,
    StatementFault,
    StorageUnavailable,
    sqlite_path,
)
from storage.engine.open import open_database


@pytest.fixture
async def notes(database_url: str, opened: Opener) -> Database:
    """An open database with two small tables."""
    database = await opened(database_url, exclusive=True)
    await database.write(
        [
            ("create table note (id bigint primary key, words text not null)", ()),
            ("create table total (id bigint primary key, amount bigint not null check (amount >= 0))", ()),
            ("insert into total (id, amount) values (1, 0), (2, 0)", ()),
        ]
    )
    return database


def note(number: int, words: str = "150 cây") -> tuple[str, tuple[object, ...]]:
    return ("insert into note (id, words) values (?, ?)", (number, words))


async def kept(database: Database) -> list[int]:
    return [row[0] for row in await database.read("select id from note order by id")]


async def test_a_unit_is_there_when_write_returns(notes: Database) -> None:
    await notes.write([note(1), note(2, "hai")])
    rows = await notes.read("select id, words from note order by id")
    assert [dict(row) for row in rows] == [{"id": 1, "words": "150 cây"}, {"id": 2, "words": "hai"}]
    assert rows[1]["words"] == rows[1][1] == "hai"
    assert list(rows[0]) == [1, "150 cây"]


async def test_a_unit_with_a_failed_guard_leaves_nothing(notes: Database) -> None:
    with pytest.raises(Conflict, match="statement 1 affected 0 rows, not 1") as caught:
        await notes.write([note(1), ("update total set amount = 9 where id = ?", (99,), 1), note(2)])
    assert caught.value.index == 1
    assert await kept(notes) == []


async def test_a_unit_that_breaks_a_constraint_leaves_nothing(notes: Database) -> None:
    with pytest.raises(IntegrityFault):
        await notes.write([note(1), ("update total set amount = -1", ())])
    assert await kept(notes) == []


async def test_a_unit_with_a_wrong_statement_leaves_nothing(notes: Database) -> None:
    with pytest.raises(StatementFault):
        await notes.write([note(1), ("insert into nothing values (1)", ())])
    with pytest.raises(StatementFault):
        await notes.write([note(1), note(2**70)])
    assert await kept(notes) == []


async def test_a_parameter_never_appears_in_an_error(notes: Database) -> None:
    for words in ("Nguyễn Thị Bí Mật\ud800", {"Bí Mật": 1}):
        with pytest.raises(StatementFault) as caught:
            await notes.write([("insert into note (id, words) values (?, ?)", (1, words))])
        assert "Mật" not in str(caught.value)
    await notes.write([note(1)])
    with pytest.raises(IntegrityFault) as refused:
        await notes.write([note(1, "Bí Mật")])
    assert "Mật" not in str(refused.value)


async def test_each_statement_tells_how_many_rows_it_affected(notes: Database) -> None:
    counts = await notes.write(
        [
            ("insert into note (id, words) values (?, ?), (?, ?)", (1, "a", 2, "b")),
            ("insert into note (id, words) values (1, 'c') on conflict (id) do nothing", ()),
            ("update note set words = 'd'", ()),
            ("delete from note where id = 9", ()),
            ("with more as (select 3 as id) insert into note (id, words) select id, 'e' from more", (), 1),
            (
                "with no as (select 4 as id) insert into note (id, words) select id, '' from no where id > 4",
                (),
            ),
            ("delete from note where id <= 2 returning id", (), 2),
            ("create table other (id bigint)", ()),
        ]
    )
    assert counts == [2, 0, 2, 0, 1, 0, 2, 0]


async def test_errors_of_one_unit_leave_the_others_of_its_batch_alone(notes: Database) -> None:
    outcomes = await asyncio.gather(
        notes.write([note(1)]),
        notes.write([note(2), ("update total set amount = 1 where id = 9", (), 1)]),
        notes.write([note(3), note(3)]),
        notes.write([note(4), ("select wrong", ())]),
        notes.write([note(5)]),
        return_exceptions=True,
    )
    assert [type(outcome) for outcome in outcomes] == [list, Conflict, IntegrityFault, StatementFault, list]
    assert await kept(notes) == [1, 5]


async def test_units_that_change_the_same_rows_do_not_lose_changes(notes: Database) -> None:
    def both(first: int, second: int) -> list[tuple[str, tuple[object, ...], int]]:
        add = "update total set amount = amount + 1 where id = ?"
        return [(add, (first,), 1), (add, (second,), 1)]

    await asyncio.gather(*(notes.write(both(1, 2) if k % 2 else both(2, 1)) for k in range(60)))
    assert [row[0] for row in await notes.read("select amount from total")] == [60, 60]


async def test_a_storm_of_cancellations_halves_no_unit_and_hurts_no_other(notes: Database) -> None:
    """3,000 units, a quarter cancelled at some moment, 15 % with a guard that fails."""
    dice = random.Random(8)
    failing = {k for k in range(3000) if dice.random() < 0.15}
    cancelled = {k for k in range(3000) if dice.random() < 0.25}

    async def answer(k: int) -> list[int]:
        guard = ("update total set amount = amount + 1 where id = ?", (99 if k in failing else 1,), 1)
        return await notes.write([note(2 * k), guard, note(2 * k + 1)])

    async def turns(number: int) -> None:
        for _ in range(number):
            await asyncio.sleep(0)  # gives way; takes no time

    tasks: list[asyncio.Task[list[int]]] = []
    for k in range(3000):
        tasks.append(asyncio.create_task(answer(k)))
        if k % 50 == 49:
            await turns(dice.randrange(5))
            for one in range(k - 49, k + 1):
                if one in cancelled:
                    tasks[one].cancel()
                    await turns(dice.randrange(2))
    outcomes = await asyncio.gather(*tasks, return_exceptions=True)
    await notes.write([note(-1)])  # whatever was under way is through
    there = set(await kept(notes)) - {-1}

    for k, outcome in enumerate(outcomes):
        halves = {2 * k, 2 * k + 1} & there
        assert len(halves) != 1, f"unit {k} was halved"
        if k in failing:
            assert not halves
            assert isinstance(outcome, Conflict | asyncio.CancelledError)
        elif isinstance(outcome, asyncio.CancelledError):
            assert k in cancelled
        else:
            assert outcome == [1, 1, 1]
            assert halves
    assert sum(isinstance(outcome, asyncio.CancelledError) for outcome in outcomes) > 200
    amount = (await notes.read("select amount from total where id = 1"))[0][0]
    assert amount == len(there) // 2


async def test_a_read_cannot_write(notes: Database) -> None:
    with pytest.raises(StatementFault, match="a read may not write"):
        await notes.read("insert into note (id, words) values (1, 'x')")
    assert await kept(notes) == []


async def test_a_wrong_read_says_so_and_the_next_one_works(notes: Database) -> None:
    for _ in range(20):
        with pytest.raises(StatementFault):
            await notes.read("select nothing from nowhere")
    assert await kept(notes) == []


async def test_a_cancelled_read_gives_its_connection_back(notes: Database) -> None:
    # Long enough for a connection of its own; a query of a few rows is over before anybody could cancel it.
    long = "with recursive n (i) as (select 1 union all select i + 1 from n where i < 100000) select count(*) from n"
    for _ in range(20):
        task = asyncio.create_task(notes.read(long))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert await kept(notes) == []


async def test_question_marks_in_words_stay_words(notes: Database) -> None:
    await notes.write([("insert into note (id, words) values (?, 'mấy cây? ''?''')", (1,))])
    rows = await notes.read("select words as \"words?\" from note where words like '%?%' and id = ? -- ?", (1,))
    assert dict(rows[0]) == {"words?": "mấy cây? '?'"}


async def test_closing_finishes_what_was_handed_in_and_takes_nothing_more(opened: Opener, database_url: str) -> None:
    first = await opened(database_url)
    await first.write([("create table note (id bigint primary key, words text not null)", ())])
    waiting = [asyncio.create_task(first.write([note(k)])) for k in range(300)]
    await asyncio.sleep(0)
    await asyncio.gather(first.close(), first.close())
    await first.close()
    assert [await task for task in waiting] == [[1]] * 300
    with pytest.raises(StorageUnavailable, match="is closed, nothing was written"):
        await first.write([note(301)])
    with pytest.raises(StorageUnavailable, match="is closed, nothing was read"):
        await first.read("select 1")
    second = await opened(database_url)
    assert await kept(second) == list(range(300))


async def test_a_stopped_writer_leaves_nobody_waiting(notes: Database) -> None:
    """asyncio.run cancels all tasks when main fails before it closes the database."""
    waiting = [asyncio.create_task(notes.write([note(k)])) for k in range(3)]
    await asyncio.sleep(0)
    writers = [task for task in asyncio.all_tasks() if "-writer" in task.get_name()]
    assert writers
    for task in writers:
        task.cancel()
    async with asyncio.timeout(PATIENCE):
        outcomes = await asyncio.gather(*waiting, return_exceptions=True)
    for outcome in outcomes:
        assert isinstance(outcome, StorageUnavailable | list)
    with pytest.raises(StorageUnavailable):
        await notes.write([note(9)])


@pytest.mark.parametrize(
    "url",
    ["", "giaoban.db", "mysql://u:secret@h/d", "sqlite://giaoban.db", "sqlite:///", "sqlite:///:memory:"],
)
async def test_a_url_that_names_no_database_is_told_in_one_line(url: str) -> None:
    with pytest.raises(DatabaseUrlError, match="sqlite:///") as caught:
        await open_database(url)
    assert "\n" not in str(caught.value)
    assert "secret" not in str(caught.value)


def test_three_slashes_are_relative_and_four_absolute() -> None:
    assert sqlite_path("sqlite:///data/giaoban.db") == "data/giaoban.db"
    assert sqlite_path("sqlite:////srv/bao%20cao.db") == "/srv/bao cao.db"
    assert sqlite_path("postgresql://user@host/giaoban") is None
