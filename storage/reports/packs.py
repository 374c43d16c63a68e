"""Meeting packs as rows: asked for, made once with their files, and what the one handed out last had shown."""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from storage.database import Database, Statement
from storage.engine.instants import instant, stamp


@dataclass(frozen=True, slots=True)
class PackRow:
    """One pack. area: "province", "cluster:C2" or "unit:DX01"; version and figures are '' and {} until it is made."""

    id: int
    period: str
    area: str
    version: str
    made_at: datetime | None
    figures: Mapping[str, Any]


def ask(pack_id: int, period_id: int, area: str, now: datetime) -> Statement:
    """A pack that is to be made; its id is what a message keeps of it."""
    return (
        "insert into pack (id, period_id, area, asked_at) values (?, ?, ?, ?) on conflict (id) do nothing",
        (pack_id, period_id, area, stamp(now)),
    )


def keep(
    pack_id: int, version: str, figures: Mapping[str, Any], files: Mapping[str, bytes], now: datetime
) -> list[Statement]:
    """The pack as it was made, once: who makes it a second time finds it made and keeps nothing."""
    rows: list[Statement] = [
        (
            "update pack set version = ?, figures = ?, made_at = ? where id = ? and version is null",
            (version, json.dumps(figures, ensure_ascii=False), stamp(now), pack_id),
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
    rows = await db.read(f"{_ROW} where k.id = ?", (pack_id,))
    return _row(rows[0]) if rows else None


async def last_made(db: Database, period: str, area: str) -> PackRow | None:
    """The pack of that period and area that was made last."""
    rows = await db.read(
        f"{_ROW} where p.code = ? and k.area = ? and k.made_at is not null order by k.made_at desc, k.id desc limit 1",
        (period, area),
    )
    return _row(rows[0]) if rows else None


async def file(db: Database, pack_id: int, name: str) -> bytes | None:
    """A file of the pack; None where it is not made, or its files are forgotten."""
    rows = await db.read("select content from pack_file where pack_id = ? and name = ?", (pack_id, name))
    return base64.b64decode(rows[0][0]) if rows else None


def forget_files(before: datetime) -> Statement:
    """Drops the files of packs made before that moment; what they showed stays, for the next one to be compared with."""
    return (
        "delete from pack_file where pack_id in (select id from pack where made_at < ?)",
        (stamp(before),),
    )


_ROW = (
    "select k.id, p.code, k.area, coalesce(k.version, ''), k.made_at, coalesce(k.figures, '{}')"
    " from pack k join period p on p.id = k.period_id"
)


def _row(row: Any) -> PackRow:
    made_at = None if row[4] is None else instant(row[4])
    return PackRow(row[0], row[1], row[2], row[3], made_at, json.loads(row[5]))
