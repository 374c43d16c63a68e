"""All rows from one engine to the other and back: counted, summed, the same; nothing is overwritten."""

# ruff: noqa: F811

import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from databases import Opener
from test_cli import Giaoban, giaoban, loaded, province  # noqa: F401
from test_migrate import run_script

from bot.copies.move import move
from bot.failures import Failed
from storage.database import AlreadyRun, StorageError
from storage.engine.copies import copy, postgres
from storage.engine.copies.tally import Tally, columns_of
from storage.engine.migrate import VERSIONS, drift, require_schema
from storage.engine.shape import fresh
from storage.engine.steps import steps

NOW = datetime(2026, 4, 10, 3, 0, tzinfo=UTC)


async def rows_of(opened: Opener, url: str) -> dict[str, list[Any]]:
    db = await opened(url)
    found = {}
    for table, columns in columns_of(fresh(steps(), VERSIONS, db.engine)).items():
        names = ", ".join(f'"{name}"' for name, _ in columns)
        found[table] = sorted((tuple(row) for row in await db.read(f'select {names} from "{table}"')), key=repr)
    await require_schema(db)
    assert await drift(db) == []
    await db.close()
    # What is put in place is tried by writing one row of no meaning.
    found["setting"] = [row for row in found["setting"] if "health.probe" not in row]
    return found


async def test_a_province_goes_to_postgresql_and_back_with_every_row(
    demo_province: Path, postgres_url: str, opened: Opener, tmp_path: Path
) -> None:
    old = f"sqlite:///{shutil.copy(demo_province, tmp_path / 'old.db')}"
    new = f"sqlite:///{tmp_path / 'new.db'}"
    there = await move(old, postgres_url, NOW)
    back = await move(postgres_url, new, NOW)
    assert {**there.rows, "setting": 0} == {**back.rows, "setting": 0}
    assert there.rows["value"] > 1000
    before = await rows_of(opened, old)
    assert await rows_of(opened, postgres_url) == before
    assert await rows_of(opened, new) == before


async def test_numbers_go_on_and_history_stays_append_only_after_a_move(
    demo_province: Path, postgres_url: str, opened: Opener, tmp_path: Path
) -> None:
    moved = await move(f"sqlite:///{shutil.copy(demo_province, tmp_path / 'old.db')}", postgres_url, NOW)
    db = await opened(postgres_url)
    await db.write([("insert into event (at, action, subject) values (1, 'a', 'b')", ())])
    assert (await db.read("select max(id) from event"))[0][0] == moved.last_event + 1
    with pytest.raises(StorageError, match="append-only"):
        await db.write([("update event set at = 2", ())])


async def test_a_target_with_anything_in_it_is_left_alone(
    demo_url: str, demo_province: Path, tmp_path: Path, opened: Opener
) -> None:
    old = f"sqlite:///{shutil.copy(demo_province, tmp_path / 'old.db')}"
    with pytest.raises(Failed, match="--to: cơ sở dữ liệu này không trống"):
        await move(old, demo_url, NOW)


async def test_nothing_is_moved_from_or_to_a_database_in_use(
    demo_url: str, engine: str, postgres_url: str, sqlite_url: str, opened: Opener, tmp_path: Path
) -> None:
    await opened(demo_url, exclusive=True)
    to = f"sqlite:///{tmp_path / 'other.db'}" if engine == "postgresql" else postgres_url
    with pytest.raises(AlreadyRun):
        await move(demo_url, to, NOW)
    assert await copy.is_empty(to)


async def test_what_arrived_otherwise_is_not_put_in_place(
    demo_province: Path, postgres_url: str, opened: Opener, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = f"sqlite:///{shutil.copy(demo_province, tmp_path / 'old.db')}"
    load = postgres._load

    async def lossy(connection: Any, source: Any) -> None:
        await load(connection, source)
        await connection.execute("update value set amount = amount + 1 where amount = (select max(amount) from value)")

    monkeypatch.setattr(postgres, "_load", lossy)
    with pytest.raises(StorageError, match="table value has as many rows, but other contents"):
        await move(old, postgres_url, NOW)
    assert await copy.is_empty(postgres_url)
    monkeypatch.undo()
    assert (await move(old, postgres_url, NOW)).rows["value"] > 0  # what was left is cleared away


async def test_tables_of_other_programs_in_the_same_database_stay(
    demo_province: Path, postgres_url: str, opened: Opener, tmp_path: Path
) -> None:
    await run_script(postgres_url, "create table songs (id integer); insert into songs values (7)")
    await move(f"sqlite:///{shutil.copy(demo_province, tmp_path / 'old.db')}", postgres_url, NOW)
    db = await opened(postgres_url)
    assert [row[0] for row in await db.read("select id from songs")] == [7]


def test_a_tally_names_the_first_table_that_differs() -> None:
    one = Tally({"a": 2, "b": 1}, {"a": (3,), "b": (4,)}, 9)
    assert one.differs(Tally({"a": 2, "b": 1}, {"a": (3,), "b": (4,)}, 9)) == ""
    assert one.differs(Tally({"a": 2}, {"a": (3,)}, 9)) == "table b has None rows and should have 1"
    assert one.differs(Tally({"a": 2, "b": 1}, {"a": (3,), "b": (5,)}, 9)).startswith("table b has as many rows")
    assert one.differs(Tally(one.rows, one.sums, 8)) == "the audit ends elsewhere"


def test_the_command_counts_and_says_what_to_write_where(loaded: Giaoban, tmp_path: Path) -> None:
    out = loaded("move", "--to", "sqlite:///new/giaoban.db").good()
    assert "khớp nhau" in out
    assert "GIAOBAN_DATABASE_URL=sqlite:///new/giaoban.db" in out
    with closing(sqlite3.connect(tmp_path / "new" / "giaoban.db")) as new:
        assert new.execute("select count(*) from setting where name = 'copy.made_at'").fetchone() == (0,)
    loaded("move", "--to", "sqlite:///new/giaoban.db").failed("không trống")
    loaded("move", "--to", "sqlite:///giaoban.db").failed("chính là cơ sở dữ liệu ở GIAOBAN_DATABASE_URL", 2)
    loaded("move", "--to", "mysql://x").failed("--to: địa chỉ cơ sở dữ liệu ghi như", 2)
    loaded("move", "--to", "postgresql://nobody@127.0.0.1:9/none").failed("không nối được")
