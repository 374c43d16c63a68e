"""What a schema is made of, in one form for both engines: columns, keys, references, checks, triggers; and how two differ.

A `Shape` is read by the few queries of `QUERIES[engine]`, whose rows `shape_of` puts together, so that who holds a
connection of whatever kind can ask. What the steps should have made comes from SQLite in memory (`fresh`).
"""

import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from typing import Any, Final, Literal, TypeAlias

from storage.engine.steps import Migration, for_engine, sqlite_statements

Engine: TypeAlias = Literal["sqlite", "postgresql"]
Fact: TypeAlias = tuple[Any, ...]
"""("column", name, type, not null, default), ("unique" or "index", columns, condition), ("refers", column, table,
its column), ("check", the values in it), ("trigger", name)."""
Shape: TypeAlias = dict[str, set[Fact]]
"""The facts of each table."""

_SQLITE_TABLES: Final = (
    "(select name, sql from sqlite_schema where type = 'table' and substr(name, 1, 7) <> 'sqlite_') t"
)
QUERIES: Final[Mapping[Engine, Mapping[str, str]]] = {
    "sqlite": {
        "columns": 'select t.name, c.name, lower(c.type), c."notnull" or c.pk > 0, c.dflt_value'
        f" from {_SQLITE_TABLES} join pragma_table_info(t.name) c",
        "keys": f"select t.name, 1, '', c.name, null, c.pk as position from {_SQLITE_TABLES}"
        " join pragma_table_info(t.name) c where c.pk > 0"
        f' union all select t.name, i."unique", i.name, x.name, s.sql, x.seqno from {_SQLITE_TABLES}'
        " join pragma_index_list(t.name) i join pragma_index_info(i.name) x"
        " left join sqlite_schema s on s.name = i.name order by 1, 3, position",
        "references": 'select t.name, f."from", f."table", f."to"'
        f" from {_SQLITE_TABLES} join pragma_foreign_key_list(t.name) f",
        "checks": f"select t.name, t.sql from {_SQLITE_TABLES}",
        "triggers": "select tbl_name, name from sqlite_schema where type = 'trigger'",
    },
    "postgresql": {
        "columns": "select c.table_name::text, c.column_name::text, c.data_type::text, c.is_nullable = 'NO',"
        " c.column_default::text from information_schema.columns c join information_schema.tables t"
        " on t.table_schema = c.table_schema and t.table_name = c.table_name and t.table_type = 'BASE TABLE'"
        " where c.table_schema = current_schema()",
        "keys": "select c.relname::text, i.indisunique, i.indexrelid::bigint, a.attname::text,"
        " pg_get_indexdef(i.indexrelid), k.position from pg_index i join pg_class c on c.oid = i.indrelid"
        " cross join unnest(i.indkey::int[]) with ordinality as k (attnum, position)"
        " join pg_attribute a on a.attrelid = c.oid and a.attnum = k.attnum"
        " where c.relnamespace = current_schema()::regnamespace order by 1, 3, 6",
        "references": "select c.relname::text, a.attname::text, d.relname::text, b.attname::text from pg_constraint f"
        " join pg_class c on c.oid = f.conrelid join pg_class d on d.oid = f.confrelid"
        " cross join unnest(f.conkey, f.confkey) as k (mine, theirs)"
        " join pg_attribute a on a.attrelid = f.conrelid and a.attnum = k.mine"
        " join pg_attribute b on b.attrelid = f.confrelid and b.attnum = k.theirs"
        " where f.contype = 'f' and f.connamespace = current_schema()::regnamespace",
        "checks": "select c.relname::text, pg_get_constraintdef(k.oid) from pg_constraint k"
        " join pg_class c on c.oid = k.conrelid"
        " where k.contype = 'c' and k.connamespace = current_schema()::regnamespace",
        "triggers": "select c.relname::text, g.tgname::text from pg_trigger g join pg_class c on c.oid = g.tgrelid"
        " where not g.tgisinternal and c.relnamespace = current_schema()::regnamespace",
    },
}
_VALUE: Final = re.compile(r"'((?:[^']|'')*)'|\b(\d+)\b")
_TRIGGER: Final = re.compile(r"\b(create|drop) trigger (?:if exists )?(\w+)\b[^;]*?\bon (\w+)", re.IGNORECASE)
# Who adds one of these to a database of his own breaks nothing.
_HARMLESS: Final = ("index", "trigger")


def shape_of(rows: Mapping[str, Sequence[Any]]) -> Shape:
    """The shape from the rows of all of an engine's queries."""
    shape: Shape = {}
    for table, column, kind, fixed, default in rows["columns"]:
        plain = {"bigint": "integer"}.get(kind, kind)
        shape.setdefault(table, set()).add(("column", column, plain, bool(fixed), _default(default)))
    keys: dict[tuple[str, str], tuple[str, list[str], str | None]] = {}
    for table, unique, index, column, text, _ in rows["keys"]:
        entry = keys.setdefault((table, index), ("unique" if unique else "index", [], _condition(text)))
        entry[1].append(column)
    for (table, _), (kind, columns, condition) in keys.items():
        shape[table].add((kind, *columns, condition))
    for table, column, other, theirs in rows["references"]:
        shape[table].add(("refers", column, other, theirs))
    for table, text in rows["checks"]:
        for check in _checks(text):
            shape[table].add(("check", *_values(check)))
    for table, name in rows["triggers"]:
        shape[table].add(("trigger", name))
    return shape


def of_sqlite(connection: sqlite3.Connection) -> Shape:
    """The shape of an open SQLite database."""
    return shape_of({name: connection.execute(sql).fetchall() for name, sql in QUERIES["sqlite"].items()})


def fresh(wanted: Iterable[Migration], versions: str, engine: Engine) -> Shape:
    """What these steps make of an empty database on that engine; versions: the statement of the steps' own table."""
    steps = list(wanted)
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        for text in (versions, *(step.text for step in steps)):
            for statement in sqlite_statements(text):
                connection.execute(statement)
        shape = of_sqlite(connection)
    if engine == "postgresql":  # triggers are the one thing the engines write apart
        for table, facts in shape.items():
            shape[table] = {fact for fact in facts if fact[0] != "trigger"}
        for step in steps:
            for what, name, table in _TRIGGER.findall(for_engine(step.text, "postgresql")):
                (shape[table].add if what.lower() == "create" else shape[table].discard)(("trigger", name))
    return shape


def differences(wanted: Shape, found: Shape) -> list[str]:
    """Each thing in which a database differs from what it should be, by table and column; empty if it serves."""
    faults: list[str] = []
    for table in sorted(wanted):
        if table not in found:
            faults.append(f"table {table} is missing")
            continue
        missing, extra = wanted[table] - found[table], found[table] - wanted[table]
        changed = {fact[1] for fact in missing if fact[0] == "column"} & {f[1] for f in extra if f[0] == "column"}
        faults += [f"table {table}: {_named(fact, changed)}" for fact in sorted(missing, key=repr)]
        faults += [
            f"table {table}: unknown {_words(fact)}"
            for fact in sorted(extra, key=repr)
            if fact[0] not in _HARMLESS and not (fact[0] == "column" and fact[1] in changed)
        ]
    return faults


def _named(fact: Fact, changed: set[str]) -> str:
    if fact[0] == "column" and fact[1] in changed:
        return f"{_words(fact)} is of another kind: it should be {fact[2]}{' not null' if fact[3] else ''}"
    return f"no {_words(fact)}"


def _words(fact: Fact) -> str:
    kind, *parts = fact
    match kind:
        case "column" | "trigger":
            return f"{kind} {parts[0]}"
        case "refers":
            return f"reference of {parts[0]} to {parts[1]}"
        case "check":
            return f"check ({', '.join(parts)})"
        case _:
            return f"{'key' if kind == 'unique' else 'index'} ({', '.join(parts[:-1])})"


def _default(text: str | None) -> str | None:
    values = _values(text or "")
    return None if text is None or text.startswith("nextval(") or not values else values[0]


def _values(text: str) -> tuple[str, ...]:
    """The quoted words and numbers in a piece of SQL: what both engines keep of it."""
    return tuple(sorted(quoted or number for quoted, number in _VALUE.findall(text)))


def _checks(text: str) -> Iterator[str]:
    """What stands in the brackets of each check."""
    for match in re.finditer(r"\bcheck\s*\(", text, re.IGNORECASE):
        depth, inside, index = 1, False, match.end()
        while depth and index < len(text):
            letter = text[index]
            inside ^= letter == "'"
            depth += 0 if inside else {"(": 1, ")": -1}.get(letter, 0)
            index += 1
        yield text[match.end() : index - 1]


def _condition(sql: str | None) -> str | None:
    """What a partial index is limited to, as the words both engines keep of it."""
    _, where, text = (sql or "").lower().partition(" where ")
    text = text.replace("::text", "").replace("= any (array[", "in (")
    return " ".join(re.findall(r"[a-z_']+", text)) if where else None
