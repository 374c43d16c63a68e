"""The interface to the database: units of work in, rows out, the same on SQLite and PostgreSQL.

A write is a *unit*: a list of statements applied whole or not at all, whatever happens to the task that asked
for it. There is no other way to write and no transaction held open over an `await`: on a shared connection a
cancelled handler would otherwise break the transactions of other people.

    await database.write([
        ("update draft set revision = 4 where id = ? and revision = ?", (7, 3), 1),  # one row, else Conflict
        ("insert into event (draft_id, words) values (?, ?)", (7, "150 cây")),
    ])
    rows = await database.read("select id, words from event where draft_id = ?", (7,))

One SQL text serves both engines; `?` marks a parameter. A unit gives back row counts only, the rows of a
`returning` are dropped, and a read cannot write. PostgreSQL is the stricter one, so write for it: parameters
are `int`, `str` or None; `cast(? as bigint)` where the type does not follow from where it stands (`? is null`, a
bare `select ?`); `cast(sum(x) as bigint)`, because it sums bigint into numeric.
"""

import secrets
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Literal, Protocol, TypeAlias
from urllib.parse import unquote

_SHOWN = 120  # characters of a statement in an error

Statement: TypeAlias = tuple[str, Sequence[Any]] | tuple[str, Sequence[Any], int]
"""(sql, parameters) or (sql, parameters, rows that must be affected, else Conflict)."""


PROBE: Statement = (
    "insert into setting (name, value) values ('health.probe', '0') on conflict (name) do update"
    " set value = case setting.value when '0' then '1' else '0' end",
    (),
)


class Row(Protocol):
    """One row, read by column name or index; `dict(row)` works; sqlite3.Row and asyncpg.Record are such."""

    def __getitem__(self, key: str | int, /) -> Any: ...
    def __iter__(self) -> Iterator[Any]: ...
    def __len__(self) -> int: ...
    def keys(self) -> Any: ...


class StorageError(Exception):
    """Whatever keeps a unit or a query from being done; drivers' own errors never leave this package."""


class Conflict(StorageError):
    """A statement did not affect the rows it had to; nothing of its unit is kept."""

    def __init__(self, index: int, sql: str, wanted: int, affected: int) -> None:
        super().__init__(f"statement {index} affected {affected} rows, not {wanted}: {' '.join(sql.split())[:_SHOWN]}")
        self.index = index
        self.wanted = wanted
        self.affected = affected


class IntegrityFault(StorageError):
    """A constraint or an append-only trigger of the schema refused the unit."""


class StatementFault(StorageError):
    """The SQL text or a parameter is wrong: a mistake in this program."""


class StorageUnavailable(StorageError):
    """The database cannot be used now: one line: what, where, the remedy. kind: which of these it is, for who words it
    in another language, '' for none of them; location: which file or server.
    """

    def __init__(self, text: str, kind: str = "", location: str = "") -> None:
        super().__init__(text)
        self.kind, self.location = kind, location


class AlreadyRun(StorageUnavailable):
    """Another process runs this database, which has one runner at a time."""


class DatabaseUrlError(ValueError):
    """The database URL cannot be understood: one line saying what it may look like."""


class Database(Protocol):
    """An open database; made by `open_database`, closed by `close`."""

    @property
    def engine(self) -> Literal["sqlite", "postgresql"]: ...

    @property
    def runner(self) -> str:
        """The name of this process among all that use the database; drawn anew whenever it is opened."""
        ...

    @property
    def in_order(self) -> bool:
        """Whether units take effect in the order in which they are handed in: on SQLite, with its one writer."""
        ...

    async def write(self, unit: Sequence[Statement]) -> list[int]:
        """Apply the unit whole or not at all and return the rows each statement affected.

        Returns after the commit is on disk. A caller cancelled meanwhile leaves the unit whole: applied or
        not, never half. Raises Conflict, IntegrityFault, StatementFault or StorageUnavailable.
        """
        ...

    async def read(self, sql: str, params: Sequence[Any] = ()) -> list[Row]:
        """All rows of one query, seeing every unit whose `write` has returned."""
        ...

    async def prove(self) -> None:
        """Writes a row of no meaning; raises StorageUnavailable if nothing can be written now."""
        ...

    async def hold(self, name: str) -> bool:
        """Whether this process is the one that holds `name` among all on this database; tries to take it.

        Ask again before each use: with a lost connection the name is lost too, and another takes over. On
        SQLite there is one runner, which holds every name.
        """
        ...

    async def gone(self, runners: Sequence[str]) -> list[str]:
        """Those of these runners that have ended, or lost their connection; this one becomes known as running.

        On SQLite there is one runner, so every other has ended. Raises StorageUnavailable.
        """
        ...

    @property
    def call(self) -> Sequence[Statement]:
        """Written in a unit, rings in every process on this database once it is committed; empty on SQLite."""
        ...

    def on_call(self, ring: Callable[[], None]) -> None:
        """Rings when a process has written `call`. With a lost connection calls are missed until the next `gone`,
        so look from time to time all the same.
        """
        ...

    @property
    def units_taken(self) -> int:
        """How many units were handed in here since it was opened: what was read at another count may be no longer so."""
        ...

    @property
    def trouble(self) -> str:
        """Why nothing could be written the last time it was tried, empty once a row was written again."""
        ...

    async def close(self, seconds: float | None = None) -> None:
        """Finish the units already handed in, then let go of files and connections. May be called twice.

        What takes longer than `seconds` is cut off, each unit whole or not at all; then raises StorageUnavailable.
        """
        ...


def new_runner() -> str:
    """A name that no other process has."""
    return secrets.token_hex(6)


def sqlite_path(url: str) -> str | None:
    """The file of a sqlite URL (relative after three slashes, absolute after four), None for PostgreSQL."""
    scheme, separator, rest = url.partition("://")
    if separator and scheme in ("postgresql", "postgres"):
        return None
    # The URL is not repeated in the message: a mistyped one may well hold a password.
    if not separator or scheme != "sqlite":
        raise DatabaseUrlError(
            "the database URL must start with sqlite:/// or postgresql://, "
            "for example sqlite:///data/giaoban.db or postgresql://user@host/giaoban"
        )
    path = unquote(rest[1:])
    if not rest.startswith("/") or not path or path == ":memory:" or path.endswith("/"):
        raise DatabaseUrlError(
            "a sqlite URL names a file: sqlite:///data/giaoban.db (relative) or sqlite:////srv/giaoban.db (absolute)"
        )
    return path
