"""Commands on the office's spreadsheet: writes the template; imports a filled one, all of it or nothing."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any, Final

import typer

from bot.chosen_database import opened
from bot.clock import SystemClock
from bot.failures import Failed, misused
from bot.resources import load_catalogue
from bot.settings import Settings
from bot.spreadsheet import ahead, intake
from bot.spreadsheet.difference import Difference
from bot.spreadsheet.history import History
from bot.spreadsheet.office_words import OwnNames
from bot.spreadsheet.people import People
from bot.spreadsheet.rounds import Rounds
from bot.spreadsheet.rows import MOST_ROWS, Book, read_book
from bot.spreadsheet.sheets import MODES, ROLES
from bot.spreadsheet.targets import Targets
from bot.spreadsheet.units import Units
from handlers.commands import folded
from handlers.office.round_notes import RoundNotes
from handlers.office.unit_notices import unit_notices
from handlers.office.unit_rounds import owing_notes
from handlers.turn import fresh_id
from handlers.wording.speech import Wording
from reporting.figures.catalogue import Catalogue
from reporting.organisation.units import Organisation
from reporting.time.calendar import local_day
from storage.database import Database, Statement
from storage.organisation import office_words, prepared, snapshot, targets
from storage.people import expected, preferences
from storage.periods import history, holidays, rounds

FARTHEST: Final = timedelta(days=400)  # a day to come that is farther is a slip of the keyboard
MOST_FAULTS: Final = 50  # lines; the rest is counted


async def write_template(
    settings: Settings, file: Path, with_what_stands: bool, joins: tuple[str, str] | None = None
) -> None:
    """Writes the template, empty or with what stands now.

    joins: the code of the province this one is merged into, and what stands before its own codes there.
    """
    from bot.spreadsheet.filled import filled
    from bot.spreadsheet.joining import joining
    from bot.spreadsheet.template import template
    from bot.whole_file import replace_file

    catalogue, today = load_catalogue(settings.giaoban_catalogue), local_day(SystemClock().now())
    db = await opened(settings)
    try:
        org, lines = await filled(db, catalogue, today)
        if joins is not None:
            lines = await joining(db, catalogue, today, org, lines, joins)
    finally:
        await db.close()
    shown = lines if with_what_stands or joins is not None else None
    replace_file(file, template(list(org.levels.values()), catalogue, today, shown))


async def import_file(settings: Settings, file: Path, dry_run: bool, on: date | None) -> None:
    """Checks the whole file, shows what it changes, and makes the changes unless it is a dry run."""
    now = SystemClock().now()
    day = on or local_day(now)
    if day > local_day(now) + FARTHEST:
        raise misused("too_far", option="--on", day=day, most=FARTHEST.days)
    catalogue = load_catalogue(settings.giaoban_catalogue)
    db = await opened(settings)
    try:
        await take_in(db, catalogue, file, day, now, dry_run)
    finally:
        await db.close()


async def take_in(db: Database, catalogue: Catalogue, file: Path, day: date, now: datetime, dry_run: bool) -> None:
    """The same on an open database; changes hold from `day` on, those of units also from one to come.

    Raises Failed once every fault has been named.
    """
    wording = Wording.vietnamese()
    org = await snapshot.load(db)
    with intake.opened(file, wording) as workbook:
        length = sum(min(getattr(sheet, "max_row", None) or 0, MOST_ROWS) for sheet in workbook.worksheets)
        with _progress(wording.say("import_file.reading"), length) as step:
            book = read_book(workbook, wording, _known(org, catalogue), step)
    for note in book.notes:
        sys.stdout.write(f"{note}\n")
    difference = Difference()
    plan = await _plan(db, book, org, catalogue, day, now, difference) if book.whole else []
    if book.faults:
        _tell(book, file, wording)
    for line in difference.told(wording):
        sys.stdout.write(line + "\n")
    if dry_run:
        sys.stdout.write(wording.say("difference.dry") + "\n")
    elif plan:
        await db.write(plan)
        sys.stdout.write(wording.say("difference.written") + "\n")


async def _plan(
    db: Database, book: Book, org: Organisation, catalogue: Catalogue, day: date, now: datetime, difference: Difference
) -> list[Statement]:
    """The statements that make what stands into what the file says, as one unit of work."""
    today = local_day(now)
    ahead_rows: list[Statement] = []
    ahead_lines: list[tuple[int, str]] = []
    untouched, every = ahead.Untouched(), await prepared.every(db)
    standing_units = ahead.standing(book.wording, org, every, today)
    if day > today:
        untouched = ahead.as_it_will_be(org, [one for one in every if one.since_on <= day], today, day)
    ids = count(fresh_id())  # rows of one file keep its order by them
    units = Units(book, org, (day, today), ids.__next__, difference, untouched)
    units.plan()
    if day > today:  # units change on that day; people, periods and figures as the file comes in
        ahead_rows, ahead_lines, replaced = ahead.prepare(book.wording, org, standing_units, day, now)
        difference.notes += replaced
        day = today
    people = People(
        book, units, await expected.all_posts(db), await expected.held_roles(db), day, now, ids.__next__, difference,
        await expected.unnamed(db),
    )  # fmt: skip
    people.plan()
    known = {round_.code: round_ for round_ in await rounds.all_rounds(db)}
    standing = {
        (briefing.period_id, briefing.cluster_id): briefing
        for round_ in known.values()
        for briefing in await rounds.briefings(db, round_.id)
    }
    notes = RoundNotes(book.wording, await holidays.calendar(db), await preferences.rules(db))
    meetings = Rounds(book, units, people, known, day, now, ids.__next__, difference, notes)
    running = await rounds.in_state(db, "open", "locked")
    announced = {one.id: await rounds.announced(db, one.id) for one in running}
    meetings.plan(standing, announced, await rounds.called_off(db))
    aims = Targets(book, units, meetings, catalogue, now, difference)
    aims.plan(await targets.every_target(db))
    old_figures = History(book, units, meetings, catalogue, now, difference)
    old_figures.plan(await history.of_closed(db), day)
    names = OwnNames(book, catalogue, now, difference)
    names.plan(await office_words.in_use(db))
    difference.notes += [*units.notes, *people.notes]
    of_units = await owing_notes(db, book.wording, org, today)
    difference.notes += [remark.vietnamese(book.wording) for remark in (*of_units, *meetings.notes, *aims.notes)]
    told = await unit_notices(db, book.wording, org, now, ahead_lines, people.ended)
    return [
        *told,
        *ahead_rows,
        *snapshot.statements(org, None, now),
        *people.rows,
        *meetings.statements(),
        *aims.rows,
        *old_figures.rows,
        *names.rows,
        *people.events,
        *meetings.events,
        *aims.events,
        *names.events,
    ]


def _known(org: Organisation, catalogue: Catalogue) -> dict[str, dict[str, str]]:
    """By kind: what a cell may say, folded, and the code it means."""
    from bot.commands.codes import ROLES as SPOKEN

    indicators: dict[str, str] = {}
    for indicator in catalogue.indicators.values():
        for name in (indicator.label, indicator.short):
            indicators.setdefault(folded(name), indicator.code)
    return {
        "level": {folded(name): level.code for level in org.levels.values() for name in (level.name, level.code)},
        "role": {folded(name): role for name, role in SPOKEN.items() if role != "group"}
        | {folded(name): role for role, name in ROLES.items()},
        "mode": {folded(name): mode for mode, name in MODES.items()} | {folded(mode): mode for mode in MODES},
        "indicator": indicators | {folded(code): code for code in catalogue.indicators},
    }


def _tell(book: Book, file: Path, wording: Wording) -> None:
    """Names the faults on standard error. Raises Failed with their count."""
    for fault in sorted(book.faults, key=lambda fault: fault.order)[:MOST_FAULTS]:
        sys.stderr.write(f"{fault}\n")
    if (more := len(book.faults) - MOST_FAULTS) > 0:
        sys.stderr.write(wording.say("import_file.more_faults", more=str(more)) + "\n")
    raise Failed(f"{file.name}: {wording.say('import_file.faults', count=str(len(book.faults)))}")


@contextmanager
def _progress(label: str, length: int) -> Iterator[Callable[[], None]]:
    """A bar on standard error where somebody is looking."""
    if not sys.stderr.isatty():
        yield lambda: None
        return
    bar: Any
    with typer.progressbar(length=max(length, 1), label=label, file=sys.stderr, update_min_steps=50) as bar:
        yield lambda: bar.update(1)
