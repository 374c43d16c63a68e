"""The folder of copies: names in, which is the newest and which are kept out; and the erasures to be done again."""

import json
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from reporting.time.calendar import local_day

DAILY, WEEKLY, MONTHLY = 7, 5, 12
SEALED_END: Final = ".db.gz.age"
PLAIN_END: Final = ".db"
ERASED: Final = "erased.json"
_NAME: Final = re.compile(r"giaoban-(\d{8}T\d{6})Z(?:\.db\.gz\.age|\.db)")
_SHAPE: Final = "%Y%m%dT%H%M%S"
_AHEAD: Final = timedelta(hours=2)  # a clock set back by less has made its copy of the day


def named(now: datetime, *, sealed: bool) -> str:
    """The name of a copy of that moment."""
    return f"giaoban-{now.astimezone(UTC):{_SHAPE}}Z{SEALED_END if sealed else PLAIN_END}"


def copies(folder: Path) -> list[tuple[datetime, Path]]:
    """Every proved copy, the oldest first: one gets its name when it is proved. Raises OSError."""
    found = [(match, file) for file in folder.iterdir() if (match := _NAME.fullmatch(file.name))]
    return sorted((datetime.strptime(match[1], _SHAPE).replace(tzinfo=UTC), file) for match, file in found)


def kept(moments: Iterable[datetime]) -> set[datetime]:
    """Of these moments those whose copies are kept: all of the day before the newest, and the last of each of seven
    days, five weeks and twelve months that have any."""
    days: dict[object, datetime] = {}
    weeks: dict[object, datetime] = {}
    months: dict[object, datetime] = {}
    found = sorted(moments)
    for moment in found:
        day = local_day(moment)
        days[day] = weeks[day.isocalendar()[:2]] = months[day.year, day.month] = moment
    return {moment for moment in found if moment > found[-1] - timedelta(days=1)} | {
        moment
        for last, count in ((days, DAILY), (weeks, WEEKLY), (months, MONTHLY))
        for moment in sorted(last.values())[-count:]
    }


def prune(folder: Path, made: Path) -> list[str]:
    """Removes the copies that are not kept; returns their names. `made` just now stays, also by a clock set back."""
    found = copies(folder)
    stay = kept(moment for moment, _ in found)
    gone = [file for moment, file in found if moment not in stay and file != made]
    for file in gone:
        file.unlink(missing_ok=True)
    return [file.name for file in gone]


def newest(folder: Path, now: datetime) -> datetime | None:
    """When the newest copy was made; None where there is none, or the folder cannot be read. One that seems to be yet
    to come, since the clock was set back, is no copy of today.
    """
    try:
        found = [moment for moment, _ in copies(folder) if moment <= now + _AHEAD]
    except OSError:
        return None
    return found[-1] if found else None


def erased(folder: Path) -> dict[int, int]:
    """Whom the list beside the copies says to have been erased, and when: ids and stamps. None of it is a name."""
    try:
        return {int(person): int(at) for person, at in json.loads((folder / ERASED).read_text("utf-8")).items()}
    except (OSError, ValueError, AttributeError):
        return {}


def note_erased(folder: Path, people: Mapping[int, int]) -> None:
    """Adds them to that list, so that a copy that is older forgets them, too. Raises OSError."""
    known = erased(folder)
    if people.keys() <= known.keys():
        return
    listed = {str(person): at for person, at in sorted({**known, **people}.items())}
    part = folder / f".{ERASED}.part"
    part.write_text(json.dumps(listed), "utf-8")
    part.replace(folder / ERASED)
