"""Migrations: each step once and whole, and the same schema on both engines."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import asyncpg
import pytest
from databases import Opener

from storage.database import Database, IntegrityFault, StorageError, sqlite_path
from storage.engine import shape
from storage.engine.migrate import ForeignSchema, SchemaMismatch, drift, migrate, require_schema, schema_state
from storage.engine.steps import Migration, for_engine, steps

FIRST = """
-- Comments may hold anything; a semicolon; or a quote'.
create table note (
  id    bigserial primary key,  -- numbers; never 'used again
  words text not null check (words <> ';--'),
  at    bigint
);
create table pair (a bigint not null, b text not null, primary key (a, b)) without rowid;
insert into pair (a, b) values (1, 'it''s -- bigint;');
"""
SECOND = """
-- sqlite: create trigger note_stays before update on note
-- sqlite:   begin select raise(abort, 'note is append-only'); end;
-- sqlite: create trigger note_remains before delete on note
-- sqlite:   begin select raise(abort, 'note is append-only'); end;
-- postgresql: create function note_stays() returns trigger language plpgsql as
-- postgresql:   $$ begin raise exception 'note is append-only'; end $$;
-- postgresql: create trigger note_stays before update or delete on note
-- postgresql:   for each row execute function note_stays();
alter table note add column author bigint;
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "migrations"
    made.mkdir()
    (made / "0001_first.sql").write_text(FIRST)
    (made / "0002_second.sql").write_text(SECOND)
    (made / "readme.txt").write_text("not a step")
    return made


async def test_steps_are_applied_in_order_and_once(opened: Opener, database_url: str, folder: Path) -> None:
    (folder / "0002_second.sql").rename(folder / "later")
    assert await migrate(database_url, folder) == ["0001_first"]
    (folder / "later").rename(folder / "0002_second.sql")
    assert await migrate(database_url, folder) == ["0002_second"]
    assert await migrate(database_url, folder) == []
    database = await opened(database_url)
    assert await schema_state(database, folder) == (2, 2)
    await require_schema(database, folder)
    assert [row[0] for row in await database.read("select b from pair")] == ["it's -- bigint;"]


async def test_what_is_append_only_can_be_neither_changed_nor_removed(
    opened: Opener, database_url: str, folder: Path
) -> None:
    await migrate(database_url, folder)
    database = await opened(database_url)
    await database.write([("insert into note (words, at) values ('a', ?)", (1_790_000_000_000,))])
    for statement in ("update note set words = 'b'", "delete from note"):
        with pytest.raises(IntegrityFault, match="note is append-only"):
            await database.write([(statement, ())])
    assert [tuple(row) for row in await database.read("select id, words from note")] == [(1, "a")]


async def test_both_engines_refuse_words_where_a_number_belongs(
    opened: Opener, database_url: str, folder: Path
) -> None:
    await migrate(database_url, folder)
    database = await opened(database_url)
    with pytest.raises(StorageError):
        await database.write([("insert into note (words, at) values ('a', 'b')", ())])


async def test_workers_that_start_together_apply_each_step_once(
    opened: Opener, database_url: str, folder: Path
) -> None:
    applied = await asyncio.gather(*(migrate(database_url, folder) for _ in range(6)))
    assert sorted(name for names in applied for name in names) == ["0001_first", "0002_second"]
    database = await opened(database_url)
    versions = await database.read("select version, name from schema_version order by version")
    assert [tuple(row) for row in versions] == [(1, "0001_first"), (2, "0002_second")]
    assert len(await database.read("select * from pair")) == 1


async def test_a_step_that_fails_leaves_nothing_of_itself(opened: Opener, database_url: str, folder: Path) -> None:
    (folder / "0003_third.sql").write_text("create table third (id bigint);\ncreate table note (id bigint);\n")
    with pytest.raises(StorageError, match="note"):
        await migrate(database_url, folder)
    database = await opened(database_url)
    assert await schema_state(database, folder) == (2, 3)
    with pytest.raises(StorageError, match="third"):
        await database.read("select * from third")
    await database.close()
    (folder / "0003_third.sql").write_text("create table third (id bigint);\n")
    assert await migrate(database_url, folder) == ["0003_third"]


async def test_an_older_database_is_told_with_the_remedy(opened: Opener, database_url: str, folder: Path) -> None:
    database = await opened(database_url)
    with pytest.raises(SchemaMismatch, match="database is at version 0, this program needs 2: run 'giaoban migrate'"):
        await require_schema(database, folder)


async def test_a_newer_database_is_left_alone(opened: Opener, database_url: str, folder: Path) -> None:
    await migrate(database_url, folder)
    (folder / "0002_second.sql").unlink()
    with pytest.raises(
        SchemaMismatch, match="database is at version 2, this program needs 1: install the newer program"
    ):
        await migrate(database_url, folder)
    database = await opened(database_url)
    with pytest.raises(SchemaMismatch):
        await require_schema(database, folder)


async def test_a_step_cannot_leave_a_row_without_what_it_refers_to(sqlite_url: str, folder: Path) -> None:
    """SQLite checks no key while a step runs, so that tables can be rebuilt; then it checks them all."""
    (folder / "0003_third.sql").write_text(
        "create table child (id bigint references note (id));\ninsert into child (id) values (9);\n"
    )
    with pytest.raises(StorageError, match="0003_third leaves a row of child without what it refers to"):
        await migrate(sqlite_url, folder)


def test_numbers_of_steps_leave_no_gap_and_names_follow_the_form(folder: Path) -> None:
    assert [step.name for step in steps(folder)] == ["0001_first", "0002_second"]
    (folder / "0004_fourth.sql").write_text("")
    with pytest.raises(ValueError, match="migration 0004_fourth should have number 0003"):
        steps(folder)
    (folder / "0004_fourth.sql").rename(folder / "0002_twice.sql")
    with pytest.raises(ValueError, match="should have number 0003"):
        steps(folder)
    (folder / "0002_twice.sql").rename(folder / "third.sql")
    with pytest.raises(ValueError, match=r"third\.sql is not named"):
        steps(folder)


def test_a_step_reads_in_each_engine_s_own_words() -> None:
    sqlite = for_engine(FIRST + SECOND, "sqlite")
    assert "id    integer primary key autoincrement" in sqlite
    assert "at    integer" in sqlite
    assert "note_remains" in sqlite
    assert "plpgsql" not in sqlite
    postgresql = for_engine(FIRST + SECOND, "postgresql")
    assert "id    bigserial primary key" in postgresql
    assert "rowid" not in postgresql
    assert "note_remains" not in postgresql


# ---- the real steps

SCHEMAS = Path(__file__).parent / "fixtures" / "schemas"
RELEASED = ("0.1.0",)
FROZEN = {"0001_initial": "e0121320f4c32d43", "0002_checksums": "4e4fbdfc1e7b7f4c"}


async def run_script(url: str, script: str) -> None:
    """A script of many statements, past the interface that takes units only."""
    if (path := sqlite_path(url)) is not None:
        with closing(sqlite3.connect(path)) as connection:
            connection.executescript(script)
        return
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(script)
    finally:
        await connection.close()


async def shape_here(database: Database) -> shape.Shape:
    rows = {name: await database.read(sql) for name, sql in shape.QUERIES[database.engine].items()}
    return shape.shape_of(rows)


async def test_the_real_steps_make_the_same_schema_on_both_engines(
    opened: Opener, sqlite_url: str, postgres_url: str
) -> None:
    names = [step.name for step in steps()]
    assert names
    shapes: list[shape.Shape] = []
    for url in (sqlite_url, postgres_url):
        assert await migrate(url) == names
        database = await opened(url)
        await require_schema(database)
        assert await drift(database) == []
        shapes.append(await shape_here(database))
        await database.close()
    kinds = {fact[0] for facts in shapes[0].values() for fact in facts}
    assert kinds == {"column", "unique", "index", "refers", "check", "trigger"}
    assert {"schema_version", "event", "outbox"} <= shapes[0].keys()
    for found in shapes:  # the engines write them apart
        found["event"] = {fact for fact in found["event"] if fact[0] != "trigger"}
    assert shapes[0] == shapes[1]


def test_a_released_step_is_never_edited() -> None:
    """A new step gets its line here once it is released; comments and layout may be mended."""
    assert {step.name: step.checksum for step in steps() if step.name in FROZEN} == FROZEN
    words = Migration(1, "a", "create table t (\n  id bigint -- a comment\n);\n-- sqlite: select 1;")
    assert words.checksum == Migration(1, "a", "create table t ( id bigint );\n-- sqlite: select 1;").checksum
    assert words.checksum != Migration(1, "a", "create table t ( id bigint );\n-- sqlite: select 2;").checksum


@pytest.mark.parametrize("release", RELEASED)
async def test_a_database_of_every_release_is_brought_up_to_the_fresh_schema(
    opened: Opener, database_url: str, engine: str, release: str
) -> None:
    await run_script(database_url, (SCHEMAS / f"{release}.{engine}.sql").read_text("utf-8"))
    assert await migrate(database_url) == [step.name for step in steps()][1:]
    database = await opened(database_url)
    await require_schema(database)
    assert await drift(database) == []
    rows = await database.read("select name, checksum from schema_version order by version")
    assert [tuple(row) for row in rows] == [(step.name, step.checksum) for step in steps()]
    assert [row[0] for row in await database.read("select name from person")] == ["Lan"]
    await database.close()
    assert await migrate(database_url) == []


async def test_a_database_made_before_the_first_release_is_refused_with_what_it_lacks(
    opened: Opener, database_url: str, engine: str
) -> None:
    await run_script(database_url, (SCHEMAS / f"before_0.1.0.{engine}.sql").read_text("utf-8"))
    with pytest.raises(ForeignSchema, match=r"another build .* \(table briefing: no column chair_post_id\)"):
        await migrate(database_url)
    database = await opened(database_url)
    assert await schema_state(database) == (1, len(steps()))
    with pytest.raises(SchemaMismatch):
        await require_schema(database)
    assert [row[0] for row in await database.read("select name from person")] == ["Lan"]


DRIFTS = {
    "alter table reminder drop column settled_at": "table reminder: no column settled_at",
    "alter table outbox add column colour text": "table outbox: unknown column colour",
    "drop table holiday": "table holiday is missing",
    "drop index outbox_open": "table outbox: no index (channel, chat_id, id)",
    "create unique index one_name on person (name)": "table person: unknown key (name)",
}


@pytest.mark.parametrize(("change", "fault"), DRIFTS.items())
async def test_a_schema_that_was_changed_by_hand_is_named_by_table_and_column(
    opened: Opener, migrated_url: str, change: str, fault: str
) -> None:
    await run_script(migrated_url, change)
    assert await drift(await opened(migrated_url)) == [fault]


async def test_triggers_and_checks_belong_to_the_schema(opened: Opener, migrated_url: str, engine: str) -> None:
    on = "" if engine == "sqlite" else " on event"
    await run_script(migrated_url, f"drop trigger event_keeps_what_was_written{on}")
    database = await opened(migrated_url)
    assert await drift(database) == ["table event: no trigger event_keeps_what_was_written"]
    found = await shape_here(database)
    assert ("check", "group", "person", "account") not in found["invite"]
    assert ("check", "account", "group", "person") in found["invite"]
    assert ("check", "0", "1000000000000") in found["value"]


async def test_an_index_or_table_of_the_office_s_own_is_no_drift(opened: Opener, migrated_url: str) -> None:
    await run_script(migrated_url, "create index by_name on person (name); create table mine (id integer)")
    assert await drift(await opened(migrated_url)) == []


async def test_a_step_that_was_edited_after_it_was_applied_is_refused(opened: Opener, migrated_url: str) -> None:
    await run_script(migrated_url, "update schema_version set checksum = 'other' where version = 1")
    with pytest.raises(ForeignSchema, match="its step 0001_initial had other contents"):
        await migrate(migrated_url)
    database = await opened(migrated_url)
    with pytest.raises(ForeignSchema):
        await require_schema(database)


async def test_a_step_of_another_name_is_refused(opened: Opener, migrated_url: str) -> None:
    await run_script(migrated_url, "update schema_version set name = '0002_other' where version = 2")
    with pytest.raises(ForeignSchema, match="its step 2 is 0002_other, here it is 0002_checksums"):
        await require_schema(await opened(migrated_url))


async def test_every_real_table_of_sqlite_keeps_its_types(opened: Opener, sqlite_url: str) -> None:
    await migrate(sqlite_url)
    database = await opened(sqlite_url)
    loose = "select name from pragma_table_list where type = 'table' and not strict and name not like 'sqlite_%'"
    assert [row[0] for row in await database.read(loose)] == []


async def test_the_real_history_is_append_only(database: Database) -> None:
    await database.write([("insert into event (at, action, subject) values (1, 'a', 'b')", ())])
    for statement in ("update event set at = 2", "delete from event"):
        with pytest.raises(IntegrityFault, match="append-only"):
            await database.write([(statement, ())])
    replaced = "insert into event (id, at, action, subject) select id, 2, 'x', 'y' from event"
    if database.engine == "sqlite":
        replaced = replaced.replace("insert", "insert or replace")  # fires no trigger of delete
    with pytest.raises(IntegrityFault):
        await database.write([(replaced, ())])
    assert [tuple(row) for row in await database.read("select at, action from event")] == [(1, "a")]
