"""Migrations: each step once and whole, and the same schema on both engines."""

import asyncio
import re
from pathlib import Path

import pytest
from databases import Opener

from storage.database import Database, IntegrityFault, StorageError
from storage.engine.migrate import SchemaMismatch, for_engine, migrate, require_schema, schema_state, steps

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

Shape = dict[str, set[tuple[object, ...]]]


async def sqlite_shape(database: Database) -> Shape:
    shape: Shape = {}
    names = "select name from sqlite_schema where type = 'table' and name not like 'sqlite_%'"
    for (table,) in await database.read(names):
        columns = await database.read("select * from pragma_table_info(?)", (table,))
        found: set[tuple[object, ...]] = {
            ("column", c["name"], c["type"].lower(), bool(c["notnull"] or c["pk"])) for c in columns
        }
        key = sorted((c["pk"], c["name"]) for c in columns if c["pk"])
        found.add(("unique", *(name for _, name in key), None))
        for index in await database.read("select * from pragma_index_list(?)", (table,)):
            members = await database.read("select name from pragma_index_info(?) order by seqno", (index["name"],))
            kind = "unique" if index["unique"] else "index"
            sql = await database.read("select sql from sqlite_schema where name = ?", (index["name"],))
            found.add((kind, *(m["name"] for m in members), condition(sql[0][0])))
        for reference in await database.read("select * from pragma_foreign_key_list(?)", (table,)):
            found.add(("refers", reference["from"], reference["table"], reference["to"]))
        shape[table] = found
    return shape


async def postgresql_shape(database: Database) -> Shape:
    shape: Shape = {}
    for table, column, kind, nullable in await database.read(
        "select table_name::text, column_name::text, data_type::text, is_nullable::text"
        " from information_schema.columns where table_schema = 'public'"
    ):
        plain = {"bigint": "integer"}.get(kind, kind)
        shape.setdefault(table, set()).add(("column", column, plain, nullable == "NO"))
    for table, unique, names, text in await database.read(
        "select c.relname::text, i.indisunique, array_agg(a.attname::text order by k.place),"
        " pg_get_indexdef(i.indexrelid)"
        " from pg_index i join pg_class c on c.oid = i.indrelid"
        " cross join unnest(i.indkey::int[]) with ordinality as k (attnum, place)"
        " join pg_attribute a on a.attrelid = c.oid and a.attnum = k.attnum"
        " where c.relnamespace = 'public'::regnamespace group by c.relname, i.indisunique, i.indexrelid"
    ):
        shape[table].add(("unique" if unique else "index", *names, condition(text)))
    for table, column, other, theirs in await database.read(
        "select f.conrelid::regclass::text, a.attname::text, f.confrelid::regclass::text, b.attname::text"
        " from pg_constraint f cross join unnest(f.conkey, f.confkey) as k (mine, theirs)"
        " join pg_attribute a on a.attrelid = f.conrelid and a.attnum = k.mine"
        " join pg_attribute b on b.attrelid = f.confrelid and b.attnum = k.theirs"
        " where f.contype = 'f'"
    ):
        shape[table].add(("refers", column, other, theirs))
    return shape


def condition(sql: str | None) -> str | None:
    """What a partial index is limited to, as the words both engines keep of it."""
    _, where, text = (sql or "").lower().partition(" where ")
    text = text.replace("::text", "").replace("= any (array[", "in (")
    return " ".join(re.findall(r"[a-z_']+", text)) if where else None


async def test_the_real_steps_make_the_same_schema_on_both_engines(
    opened: Opener, sqlite_url: str, postgres_url: str
) -> None:
    names = [step.name for step in steps()]
    assert names
    shapes: list[Shape] = []
    for url, shape_of in ((sqlite_url, sqlite_shape), (postgres_url, postgresql_shape)):
        assert await migrate(url) == names
        database = await opened(url)
        await require_schema(database)
        shapes.append(await shape_of(database))
        await database.close()
    assert shapes[0] == shapes[1]
    assert {"schema_version", "event", "outbox"} <= shapes[0].keys()
    kinds = {fact[0] for facts in shapes[0].values() for fact in facts}
    assert kinds == {"column", "unique", "index", "refers"}


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
