"""Photos sent as evidence as rows: one kept, told what it shows, shown again; those of a report, counts of a period."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from storage.database import Database, Statement
from storage.engine.instants import instant, stamp

KEPT_DAYS: Final = 400  # until the year that follows has been reported, too


@dataclass(frozen=True, slots=True)
class Photo:
    """One photo of a unit's report. file_id: the channel's own; mark: the same for the same picture.

    indicator, caption: what it shows, '' where that was not said.
    """

    id: int
    period_id: int
    unit_id: int
    channel: str
    file_id: str
    mark: str
    indicator: str
    caption: str
    person_id: int | None
    at: datetime


_COLUMNS = "id, period_id, unit_id, channel, file_id, mark, indicator, caption, person_id, at"


def keep(photo: Photo) -> Statement:
    """Keeps it, once for each report."""
    return (
        f"insert into photo ({_COLUMNS}) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        " on conflict (period_id, unit_id, mark) do nothing",
        (
            photo.id, photo.period_id, photo.unit_id, photo.channel, photo.file_id, photo.mark, photo.indicator,
            photo.caption, photo.person_id, stamp(photo.at),
        ),
    )  # fmt: skip


def shows(photo_id: int, person_id: int, indicator: str, caption: str) -> Statement:
    """Notes what a photo of that person shows."""
    return (
        "update photo set indicator = ?, caption = ? where id = ? and person_id = ?",
        (indicator, caption, photo_id, person_id),
    )


def forget(moment: datetime) -> Statement:
    """Drops what was sent before that instant."""
    return ("delete from photo where at < ?", (stamp(moment),))


def erase(person_id: int) -> Statement:
    """Drops what that person has sent."""
    return ("delete from photo where person_id = ?", (person_id,))


async def one(db: Database, photo_id: int) -> Photo | None:
    """The photo of that id, if it is still kept."""
    return next(iter(await _read(db, "id = ?", photo_id)), None)


async def there(db: Database, photo_id: int, channel: str) -> str:
    """By what that channel shows the photo again; '' where it is not kept, or was sent on another one."""
    photo = await one(db, photo_id)
    return photo.file_id if photo is not None and photo.channel == channel else ""


async def known(db: Database, period_id: int, unit_id: int, mark: str) -> bool:
    """Whether the report has that very picture."""
    return bool(await _read(db, "period_id = ? and unit_id = ? and mark = ?", period_id, unit_id, mark))


async def of_report(db: Database, period_id: int, unit_id: int) -> list[Photo]:
    """Those of one unit's report, as they came."""
    return await _read(db, "period_id = ? and unit_id = ?", period_id, unit_id)


async def of_period(db: Database, period_id: int) -> list[Photo]:
    """Those of all reports of a period, as they came."""
    return await _read(db, "period_id = ?", period_id)


async def of_person(db: Database, person_id: int) -> list[Photo]:
    """Those a person has sent, as they came."""
    return await _read(db, "person_id = ?", person_id)


async def _read(db: Database, where: str, *values: int | str) -> list[Photo]:
    rows = await db.read(f"select {_COLUMNS} from photo where {where} order by at, mark", values)
    return [replace(Photo(*row), at=instant(row[9])) for row in rows]


async def counts(db: Database, period_id: int) -> dict[str, int]:
    """How many each unit, by its code, has sent with its report of that period; units without any are not in it."""
    rows = await db.read(
        "select u.code, count(*) from photo p join unit u on u.id = p.unit_id where p.period_id = ? group by u.code",
        (period_id,),
    )
    return {row[0]: row[1] for row in rows}
