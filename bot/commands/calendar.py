"""Commands on the office's calendar: prints the plan of messages, shows and changes days off and rules of time."""

import json
import sys
from datetime import date
from pathlib import Path
from typing import Any

from bot.chosen_database import opened
from bot.clock import SystemClock
from bot.failures import Failed, WrongUsage
from bot.settings import Settings
from handlers.reminders.month_sheet import month_sheet
from handlers.reminders.plan_words import plan_lines
from handlers.wording.speech import Wording
from reporting.plan.planner import Planner
from reporting.plan.records import records
from reporting.time.rules import AUDIENCES, MOST_MINUTES, NAMES, RuleError
from storage.people import preferences
from storage.periods import holidays, planning
from storage.periods.holidays import Kind

MOST_DAYS = 800  # a year and the one after it


NOBODY_IN_OFFICE = (
    "nobody of the office is enrolled or can be reached, so nobody hears which units no reminder reaches, nor what they"
    " ask for: give a code with 'giaoban invite --unit CODE --role office', CODE of the unit on top, best to two people"
)


def day_of(option: str, text: str) -> date:
    """The day of an option. Raises WrongUsage."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise WrongUsage(f"{option} {text[:20]}: no such day; write it like 2026-04-13") from None


async def show_plan(settings: Settings, first: date, last: date, as_json: bool, picture: Path | None) -> None:
    """Prints every message of the days, or draws their month; nothing is sent."""
    if last < first:
        raise WrongUsage(f"--to {last}: it lies before --from {first}")
    if (last - first).days > MOST_DAYS:
        raise WrongUsage(f"--to {last}: more than {MOST_DAYS} days after --from")
    db = await opened(settings)
    try:
        planner = Planner(await preferences.rules(db), await holidays.calendar(db))
        facts = await planning.whole(db, SystemClock().now(), planner.calendar)
    finally:
        await db.close()
    if facts.nobody_in_office:
        sys.stderr.write(f"giaoban: error: {NOBODY_IN_OFFICE}\n")
    entries = planner.between(facts, first, last)
    if picture is not None:
        from bot.pictures.drawing import draw
        from bot.whole_file import replace_file

        replace_file(picture, draw(month_sheet(Wording.vietnamese(), facts, entries, planner.calendar, first)))
    elif as_json:
        rows: list[dict[str, Any]] = list(records(facts, entries))
        sys.stdout.write(json.dumps(rows, ensure_ascii=False, indent=1) + "\n")
    else:
        for line in plan_lines(Wording.vietnamese(), facts, entries):
            sys.stdout.write(line + "\n")


async def list_holidays(settings: Settings, year: int) -> None:
    """Prints the days off of a year by law, and the office's own rows."""
    db = await opened(settings)
    try:
        calendar, own = await holidays.calendar(db), await holidays.marked(db)
    finally:
        await db.close()
    marked = {row.day_on: row for row in own if row.day_on.year == year}
    rows = {day: ("law", name) for day, name in calendar.legal_holidays(year).items()}
    rows |= {day: (row.kind, row.name) for day, row in marked.items()}
    for day, (kind, name) in sorted(rows.items()):
        sys.stdout.write(f"{day}\t{kind}\t{name}\n")
    first, last = calendar.tet_silence(year)
    sys.stdout.write(f"{first}\tquiet\tTết, đến {last}\n")


async def keep_holiday(settings: Settings, day: date, kind: str, name: str) -> None:
    """Marks a day as off, worked or quiet."""
    if kind not in ("off", "work", "quiet"):
        raise WrongUsage(f"{kind[:20]}: choose off, work or quiet")
    known: Kind = kind  # type: ignore[assignment]  # checked above
    db = await opened(settings)
    try:
        await db.write([holidays.keep(day, known, " ".join(name.split())[:100])])
    finally:
        await db.close()


async def remove_holiday(settings: Settings, day: date) -> None:
    """Takes the office's mark off a day."""
    db = await opened(settings)
    try:
        removed, *_ = await db.write([holidays.remove(day)])
    finally:
        await db.close()
    if not removed:
        raise Failed(f"{day}: the office has not marked this day; 'giaoban holidays list' shows what it has marked")


async def show_rules(settings: Settings) -> None:
    """Prints the rules of time as they hold; those the office has changed are marked."""
    db = await opened(settings)
    try:
        rules = await preferences.rules(db)
        changed = [name for name in NAMES if await preferences.remembered(db, preferences.RULE + name) is not None]
    finally:
        await db.close()
    for name in NAMES:
        sys.stdout.write(f"{name}\t{rules.written(name)}{'' if name not in changed else '  (changed)'}\n")


async def set_rule(settings: Settings, name: str, text: str) -> None:
    """Changes a rule; an empty text brings the default back."""
    db = await opened(settings)
    try:
        if name not in NAMES:
            raise WrongUsage(f"{name[:40]}: no such rule; choose one of {', '.join(NAMES)}")
        if not text.strip():
            await db.write([preferences.forget(preferences.RULE + name)])
            return
        try:
            rules = (await preferences.rules(db)).having(name, text)
        except RuleError as error:
            raise WrongUsage(_told(error)) from error
        await db.write([preferences.remember(preferences.RULE + name, rules.written(name))])
    finally:
        await db.close()


def _told(refused: RuleError) -> str:
    """What is wrong, for the office, in one line."""
    say = Wording.vietnamese().say
    return "; ".join(
        say(f"rule.{fault.reason}", name=fault.name, text=fault.text, audiences=", ".join(AUDIENCES), most=MOST_MINUTES)
        for fault in refused.faults
    )
