"""Numbered SQL steps as files in, each engine's own words and a checksum out; one text for both engines.

A step is a file `storage/migrations/NNNN_name.sql`, numbered from 0001 without gaps and never edited once
released: its checksum stands in every database it was applied to (decision 0057). Comments and layout do not
count. A step is written in PostgreSQL's words, with these rules for SQLite:

    bigint                         becomes integer (a STRICT table knows no other name for 64 bits)
    bigserial primary key          becomes integer primary key autoincrement (numbers are never used again)
    create table t (...);          becomes create table t (...) strict;
    create table t (...) without rowid;  keeps that in SQLite and loses it in PostgreSQL: for tables of small
                                   rows with a compound key, half the size
    -- sqlite: <sql>               a line only for SQLite: the marker is taken off, the rest of the line runs
    -- postgresql: <sql>           a line only for PostgreSQL

Types are bigint, integer (counts and flags within 32 bits) and text. A marked statement may run over several
lines, each with the marker. An append-only table:

    -- sqlite: create trigger event_stays before update on event
    -- sqlite:   begin select raise(abort, 'event is append-only'); end;
    -- postgresql: create function event_stays() returns trigger language plpgsql as
    -- postgresql:   $$ begin raise exception 'event is append-only'; end $$;
    -- postgresql: create trigger event_stays before update or delete on event
    -- postgresql:   for each row execute function event_stays();
"""

import hashlib
import re
import sqlite3
from collections.abc import Iterator
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Final, Literal, NamedTuple

_FILE_NAME: Final = re.compile(r"(\d{4})_([a-z0-9_]+)\.sql")
_MARKED: Final = re.compile(r"^\s*-- (sqlite|postgresql): ?(.*)$")
# Quoted words are matched first, so that they stay as they are.
_TYPES: Final = re.compile(r"'(?:[^']|'')*'|\bbigserial primary key\b|\bbigint\b")
_IN_SQLITE: Final = {"bigserial primary key": "integer primary key autoincrement", "bigint": "integer"}


class Migration(NamedTuple):
    version: int
    name: str
    text: str

    @property
    def checksum(self) -> str:
        """Of what it does on either engine, whatever its comments and layout are."""
        lines = (line if _MARKED.match(line) else _without_comment(line) for line in self.text.splitlines())
        return hashlib.sha256(" ".join(" ".join(lines).split()).encode()).hexdigest()[:16]


def steps(folder: Traversable | None = None) -> list[Migration]:
    """The steps in order; ValueError when numbers repeat or leave a gap."""
    folder = folder if folder is not None else resources.files("storage") / "migrations"
    found: list[Migration] = []
    for file in folder.iterdir():
        if match := _FILE_NAME.fullmatch(file.name):
            found.append(Migration(int(match[1]), file.name.removesuffix(".sql"), file.read_text("utf-8")))
        elif file.name.endswith(".sql"):
            raise ValueError(f"migration {file.name} is not named NNNN_name.sql")
    found.sort()
    for number, step in enumerate(found, start=1):
        if step.version != number:
            raise ValueError(f"migration {step.name} should have number {number:04d}")
    return found


def for_engine(text: str, engine: Literal["sqlite", "postgresql"]) -> str:
    """The step's text in one engine's words; see the top of this file."""
    lines: list[str] = []
    for line in text.splitlines():
        if match := _MARKED.match(line):
            if match[1] == engine:
                lines.append(match[2])
        else:
            lines.append(_without_comment(line))
    sql = "\n".join(line for line in lines if line.strip())
    if engine == "postgresql":
        return re.sub(r"\)\s*without rowid\s*;", ");", sql)
    return _TYPES.sub(lambda found: _IN_SQLITE.get(found[0], found[0]), sql)


def _without_comment(line: str) -> str:
    """Cut a trailing comment off, so that one holding a `;` or a quote cannot split a statement."""
    inside = False
    for index, letter in enumerate(line):
        if letter == "'":
            inside = not inside
        elif not inside and line.startswith("--", index):
            return line[:index]
    return line


def sqlite_statements(text: str) -> Iterator[str]:
    """Split a script into SQLite's statements; sqlite3's own executescript would commit the transaction it is run in."""
    statement = ""
    for piece in for_engine(text, "sqlite").splitlines(keepends=True):
        statement += piece
        if sqlite3.complete_statement(statement):
            if statement.lstrip().startswith("create table"):
                rowless = statement.rstrip().removesuffix(";").endswith("without rowid")
                statement = statement.rstrip().removesuffix(";") + (", strict;" if rowless else " strict;")
            yield statement
            statement = ""
    if statement.strip():
        raise ValueError(f"unfinished statement: {' '.join(statement.split())[:120]}")
