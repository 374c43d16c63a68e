"""Commands on the office's calendar: prints the plan of messages, shows and changes days off and rules of time."""

import json
import sys
from collections.abc import Iterator, Sequence, Set
from datetime import date
from pathlib import Path
from typing import Any, get_args

from bot.chosen_database import opened
from bot.clock import SystemClock
from bot.failures import WrongUsage, failed, misused, said
from bot.settings import Settings
from handlers.commands import folded
from handlers.reminders.month_sheet import month_sheet
from handlers.reminders.plan_words import plan_lines
from handlers.wording.speech import Wording
from reporting.plan.facts import Facts
from reporting.plan.planner import Planner
from reporting.plan.records import records
from reporting.time.calendar import local_day
from reporting.time.rules import AUDIENCES, MOST_MINUTES, NAMES, RuleError, Rules
from storage.messages.sent import sent_by_day
from storage.people import preferences, roster
from storage.people.roster import Listed
from storage.periods import briefings, foreseen, holidays
from storage.periods.foreseen import through
from storage.periods.holidays import Kind

MOST_DAYS = 800  # a year and the one after it
_HEAR = ("chair", "leader", "office", "mentor")  # what they are told is about others' reports


def day_of(option: str, text: str) -> date:
    """The day of an option. Raises WrongUsage."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise misused("no_day", option=option, text=text[:20]) from None


async def show_plan(settings: Settings, first: date, last: date, as_json: bool, picture: Path | None) -> None:
    """Prints every message of the days, or draws their month; nothing is sent."""
    if last < first:
        raise misused("to_before_from", first=first, last=last)
    if (last - first).days > MOST_DAYS:
        raise misused("to_far", last=last, most=MOST_DAYS)
    db, now = await opened(settings), SystemClock().now()
    begin = max(first, local_day(now))
    try:
        planner = Planner(await preferences.rules(db), await holidays.calendar(db))
        ahead, everybody = await foreseen.stretches(db, now, planner.calendar, last), await roster.everybody(db, now)
        chaired, sent = await briefings.named(db), await sent_by_day(db, first, last)
    finally:
        await db.close()
    facts = ahead[0].facts
    if first < begin:
        sys.stderr.write(f"giaoban: {said('plan_from_today', today=begin)}\n")
    if facts.nobody_in_office:
        sys.stderr.write(f"giaoban: {said('nobody_in_office')}\n")
    sys.stderr.write("".join(f"{line}\n" for line in _missing(facts, everybody, chaired)))
    parts = list(through(planner, ahead, begin, last))
    if picture is not None:
        from bot.pictures.drawing import draw
        from bot.whole_file import replace_file

        entries = [entry for _, own in parts for entry in own]
        replace_file(picture, draw(month_sheet(Wording.vietnamese(), facts, entries, planner.calendar, first, sent)))
    elif as_json:
        rows: list[dict[str, Any]] = [row for then, own in parts for row in records(then, own)]
        sys.stdout.write(json.dumps(rows, ensure_ascii=False, indent=1) + "\n")
    else:
        for then, own in parts:
            for line in plan_lines(Wording.vietnamese(), then, own):
                sys.stdout.write(line + "\n")


def _missing(facts: Facts, everybody: Sequence[Listed], chaired: Set[tuple[int, int]]) -> Iterator[str]:
    """Who beside the units would be told of the days, had they enrolled; which meetings have nobody who chairs them.

    chaired: by round and cluster, meetings for which somebody is named.
    """
    say = Wording.vietnamese().say
    awaited = [one for one in everybody if one.state == "awaited" and one.role in _HEAR]
    told = []
    for role in _HEAR:
        areas = [one.area for one in awaited if one.role == role]
        where = f" {', '.join(areas)}" if role == "chair" else ""
        told += [f"{len(areas)} {say(f'role.{role}')}{where}"] if areas else []
    if told:
        yield said("not_yet", who="; ".join(told))
    named = {one.area for one in everybody if one.role == "chair"}
    chairless = [
        f"{facts.code_of(round_id)} {facts.clusters[cluster].code}"
        for round_id, cluster in facts.met
        if facts.clusters[cluster].code not in named and (round_id, cluster) not in chaired
    ]
    if chairless:
        yield said("chairless", who=", ".join(sorted(chairless)))


async def list_holidays(settings: Settings, year: int | None) -> None:
    """Prints the days off of a year, this one where none is named, by law, and the office's own rows."""
    year = year or local_day(SystemClock().now()).year
    db = await opened(settings)
    try:
        calendar, own = await holidays.calendar(db), await holidays.marked(db)
    finally:
        await db.close()
    marked = {row.day_on: row for row in own if row.day_on.year == year}
    say = Wording.vietnamese().say
    rows: dict[date, tuple[str, str]] = {day: ("law", name) for day, name in calendar.legal_holidays(year).items()}
    rows |= {day: (row.kind, row.name) for day, row in marked.items()}
    for day, (kind, name) in sorted(rows.items()):
        sys.stdout.write(f"{day}\t{say(f'holiday.{kind}')}\t{name}\n")
    first, last = calendar.tet_silence(year)
    sys.stdout.write(f"{first}\t{say('holiday.quiet')}\t{said('until_tet', last=last)}\n")


async def keep_holiday(settings: Settings, day: date, kind: str, name: str) -> None:
    """Marks a day as off, worked or quiet."""
    say = Wording.vietnamese().say
    names = {folded(name): one for one in get_args(Kind) for name in (one, say(f"holiday.{one}"))}
    if (known := names.get(folded(kind))) is None:
        listed = ", ".join(f"{one} {say(f'holiday.{one}')}" for one in get_args(Kind))
        raise misused("choose", option="LOẠI", text=kind[:20], known=listed)
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
        raise failed("not_marked", day=day)


async def show_rules(settings: Settings) -> None:
    """Prints the rules of time as they hold; those the office has changed are marked."""
    db = await opened(settings)
    try:
        rules = await preferences.rules(db)
        changed = [name for name in NAMES if await preferences.remembered(db, preferences.RULE + name) is not None]
    finally:
        await db.close()
    say = Wording.vietnamese().say
    for name in NAMES:
        mark = f" ({said('changed')})" if name in changed else ""
        sys.stdout.write(f"{name}\t{_shown(rules, name)}\t{say(f'rule_about.{name}')}{mark}\n")


async def set_rule(settings: Settings, name: str, text: str) -> None:
    """Changes a rule; an empty text brings the default back."""
    db = await opened(settings)
    try:
        if name not in NAMES:
            raise misused("choose", option="TÊN", text=name[:40], known=", ".join(NAMES))
        if not text.strip():
            await db.write([preferences.forget(preferences.RULE + name)])
            return
        try:
            rules = (await preferences.rules(db)).having(name, _stored(text) if name == "rungs" else text)
        except RuleError as error:
            raise WrongUsage(_told(error, text)) from error
        await db.write([preferences.remember(preferences.RULE + name, rules.written(name))])
    finally:
        await db.close()


def _audiences() -> dict[str, str]:
    """What each audience of a rung is called."""
    say = Wording.vietnamese().say
    return {one: say(f"audience.{one}") for one in AUDIENCES}


def _shown(rules: Rules, name: str) -> str:
    """A rule as it is shown, and taken: "T-3 bí thư, chủ trì; T-1 …"."""
    if name == "names":
        return said("yes" if rules.names else "no")
    if name != "rungs":
        return rules.written(name)
    called, rungs = _audiences(), []
    for part in rules.written(name).split("; "):
        rung, *whom = part.split()
        rungs.append(f"{rung} {', '.join(called[one] for one in whom)}")
    return "; ".join(rungs)


def _stored(text: str) -> str:
    """The same as it is stored; who is named by stored names stays."""
    text = text.casefold().replace(",", " ")
    for one, called in sorted(_audiences().items(), key=lambda pair: -len(pair[1])):  # "phó bí thư" before "bí thư"
        text = text.replace(called.casefold(), one)
    return text


def _told(refused: RuleError, text: str) -> str:
    """What is wrong, for the office, in one line."""
    say = Wording.vietnamese().say
    return "; ".join(
        say(
            f"rule.{fault.reason}",
            name=fault.name,
            text=text[:60],
            audiences=", ".join(_audiences().values()),
            most=MOST_MINUTES,
        )
        for fault in refused.faults
    )
