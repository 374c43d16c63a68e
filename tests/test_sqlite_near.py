"""Short queries are answered on the loop's own thread; long and refused ones go to a thread, unseen by who asks."""

from pathlib import Path

import pytest

from storage.database import StatementFault
from storage.engine.open import open_database
from storage.engine.sqlite_near import REST, NearReader

LONG = "with recursive n(i) as (select 1 union all select i + 1 from n where i < 400000) select count(*) from n"


async def test_a_long_query_is_cut_off_and_rests_but_is_answered_all_the_same(tmp_path: Path) -> None:
    db = await open_database(f"sqlite:///{tmp_path / 'x.db'}")
    near = NearReader(str(tmp_path / "x.db"))
    try:
        assert near.read(LONG, ()) is None
        assert [near.read(LONG.replace("400000", "3"), ()) is None, near.read("select 1", ()) is None] == [False, False]
        assert near._resting[LONG] == REST
        assert (await db.read(LONG))[0][0] == 400_000
    finally:
        near.close()
        await db.close()


async def test_a_query_that_cannot_be_read_here_for_another_reason_does_not_rest(tmp_path: Path) -> None:
    db = await open_database(f"sqlite:///{tmp_path / 'x.db'}")
    near = NearReader(str(tmp_path / "x.db"))
    try:
        asked = "select words from note"
        assert near.read(asked, ()) is None
        await db.write([("create table note (words text)", ()), ("insert into note values ('a')", ())])
        assert [row[0] for row in near.read(asked, ()) or ()] == ["a"]
    finally:
        near.close()
        await db.close()


async def test_what_is_read_is_what_was_written_a_moment_ago(tmp_path: Path) -> None:
    db = await open_database(f"sqlite:///{tmp_path / 'x.db'}")
    try:
        await db.write([("create table note (words text)", ())])
        for number in range(50):
            await db.write([("insert into note values (?)", (str(number),))])
            assert (await db.read("select count(*) from note"))[0][0] == number + 1
    finally:
        await db.close()


async def test_a_wrong_query_is_told_as_before(tmp_path: Path) -> None:
    db = await open_database(f"sqlite:///{tmp_path / 'x.db'}")
    try:
        with pytest.raises(StatementFault):
            await db.read("select nothing from nowhere")
        with pytest.raises(StatementFault, match="may not write"):
            await db.read("create table note (words text)")
    finally:
        await db.close()
