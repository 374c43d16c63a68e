"""Meeting packs as rows: asked for, and made once, with their files."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from storage.database import Database, Row, Statement
from storage.engine.instants import instant, stamp


@dataclass(frozen=True, slots=True)
class PackRow:
    """One pack. area: "province", "cluster:C2" or "unit:DX01"; version is '' and made_at None until it is made."""

    id: int
    period: str
    area: str
    version: str
    asked_at: datetime
    made_at: datetime | None

    def sent_as(self, name: str) -> str:
        """What that file of it is called outside: its stable name, then the pack's version, so that no two are alike."""
        stem, dot, ending = name.rpartition(".")
        return f"{stem}-{self.version}{dot}{ending}" if self.version and stem else name


_ROWS = (
    "select k.id, p.code, k.area, coalesce(k.version, ''), k.asked_at, k.made_at"
    " from pack k join period p on p.id = k.period_id"
)


def told(day: date, person_id: int) -> str:
    """The key of the message with which the packs of the next meetings come to a person on that day, unasked."""
    return f"pack:{day}:{person_id}"


def follower(pack_id: int, name: str = "") -> str:
    """How the keys of the messages that bring the rest of a pack begin."""
    return f"papers:{pack_id}:{name}"


def ask(pack_id: int, period_id: int, area: str, now: datetime) -> Statement:
    """A pack that is to be made; its id is what a message keeps of it."""
    return (
        "insert into pack (id, period_id, area, asked_at) values (?, ?, ?, ?) on conflict (id) do nothing",
        (pack_id, period_id, area, stamp(now)),
    )


def keep(pack_id: int, version: str, files: Mapping[str, bytes], now: datetime) -> list[Statement]:
    """The pack as it was made, once: fails the unit of work of who makes it a second time."""
    rows: list[Statement] = [
        (
            "update pack set version = ?, made_at = ? where id = ? and version is null",
            (version, stamp(now), pack_id),
            1,
        )
    ]
    rows += [
        (
            "insert into pack_file (pack_id, name, content) values (?, ?, ?)",
            (pack_id, name, base64.b64encode(content).decode()),
        )
        for name, content in files.items()
    ]
    return rows


async def by_id(db: Database, pack_id: int) -> PackRow | None:
    """The pack of that id."""
    rows = await db.read(f"{_ROWS} where k.id = ?", (pack_id,))
    return _row(rows[0]) if rows else None


async def file(db: Database, pack_id: int, name: str) -> bytes | None:
    """A file of the pack; None where it is not made, or its files are forgotten."""
    rows = await db.read("select content from pack_file where pack_id = ? and name = ?", (pack_id, name))
    return base64.b64decode(rows[0][0]) if rows else None


async def names(db: Database, pack_id: int) -> list[str]:
    """The names of the pack's files; none where it is not made, or its files are forgotten."""
    rows = await db.read("select name from pack_file where pack_id = ? order by name", (pack_id,))
    return [row[0] for row in rows]


async def made(db: Database, period_id: int, areas: Sequence[str]) -> list[PackRow]:
    """The latest pack of each of these areas of which files are kept, the latest first."""
    marks = ", ".join("?" * len(areas)) or "null"
    rows = await db.read(
        f"{_ROWS} where k.period_id = ? and k.area in ({marks}) and k.made_at is not null"
        " and exists (select 1 from pack_file f where f.pack_id = k.id) order by k.made_at desc, k.id desc",
        (period_id, *areas),
    )
    latest: dict[str, PackRow] = {}
    for row in rows:
        latest.setdefault(row[2], _row(row))
    return list(latest.values())


async def unmade(db: Database, since: datetime) -> list[PackRow]:
    """Packs asked for since then that are not made, the oldest first."""
    rows = await db.read(
        f"{_ROWS} where k.made_at is null and k.asked_at >= ? order by k.asked_at, k.id", (stamp(since),)
    )
    return [_row(row) for row in rows]


def forget_files(before: datetime) -> Statement:
    """Drops the files of packs made before that moment."""
    return (
        "delete from pack_file where pack_id in (select id from pack where made_at < ?)",
        (stamp(before),),
    )


def _row(row: Row) -> PackRow:
    found, period, area, version, asked_at, made_at = row
    return PackRow(found, period, area, version, instant(asked_at), None if made_at is None else instant(made_at))
