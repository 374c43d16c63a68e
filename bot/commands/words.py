"""Commands on the office's own names of indicators: lists them, takes one up, removes one."""

import json
import sys

from bot.chosen_database import opened
from bot.clock import SystemClock
from bot.failures import Failed, WrongUsage
from bot.resources import load_catalogue
from bot.settings import Settings
from reporting.reading.taught import Refusal, as_taught, indicator_named, refusal
from storage.organisation import office_words
from storage.reports.events import happened

WHY: dict[Refusal, str] = {
    "empty": "no words",
    "too_many": "longer than six words or forty letters",
    "short": "shorter than three letters",
    "number": "it holds a number or a mark",
    "turns": "it holds a word that denies, loses, plans, compares or sums up, and would make wrong figures",
    "named": "it holds a name of the catalogue, or what things are counted in",
    "place": "it is the name of a place or unit",
    "plain": "it has only words that stand beside any number",
}


async def words_in_use(settings: Settings) -> dict[str, str]:
    """The office's names: phrase -> code."""
    db = await opened(settings)
    try:
        return {word.phrase: word.code for word in await office_words.in_use(db)}
    finally:
        await db.close()


async def list_words(settings: Settings, as_json: bool) -> None:
    """Prints the names in use, a line each: phrase, code, label, learned or given, day."""
    catalogue = load_catalogue(settings.giaoban_catalogue)
    db = await opened(settings)
    try:
        words = await office_words.in_use(db)
    finally:
        await db.close()
    label = {code: indicator.short for code, indicator in catalogue.indicators.items()}
    if as_json:
        rows = [
            {"phrase": word.phrase, "code": word.code, "origin": word.origin, "at": word.at.isoformat()}
            for word in words
        ]
        sys.stdout.write(json.dumps(rows, ensure_ascii=False, indent=1) + "\n")
        return
    for word in words:
        shown = label.get(word.code, "not in this catalogue")
        sys.stdout.write(f"{word.phrase}\t{word.code}\t{shown}\t{word.origin}\t{word.at:%Y-%m-%d}\n")
    sys.stdout.write(f"{len(words)} names\n")


async def add_word(settings: Settings, phrase: str, indicator: str) -> None:
    """Takes the phrase up as a name of the indicator. Raises WrongUsage for what may be none."""
    catalogue = load_catalogue(settings.giaoban_catalogue)
    taught = as_taught(phrase)
    why = refusal(taught, catalogue)
    if why is not None:
        raise WrongUsage(f"{taught[:60] or phrase[:60]!r} is no name of an indicator: {WHY[why]}")
    code = indicator_named(indicator, catalogue)
    if code is None:
        raise WrongUsage(f"{indicator[:60]!r}: no indicator, or several; give a code of the catalogue")
    now = SystemClock().now()
    db = await opened(settings)
    try:
        await db.write([*office_words.give(taught, code, now), happened("word.given", code, None, now)])
    finally:
        await db.close()
    sys.stdout.write(f"{taught}\t{code}\n")


async def remove_word(settings: Settings, phrase: str) -> None:
    """Removes the phrase. Raises Failed where it is no name in use."""
    now = SystemClock().now()
    db = await opened(settings)
    try:
        known = await office_words.known(db, as_taught(phrase))
        if known is None:
            raise Failed(f"{phrase[:60]!r}: no name in use; 'giaoban words list' shows them")
        await db.write([office_words.remove(known.phrase, now), happened("word.removed", known.code, None, now)])
    finally:
        await db.close()
    sys.stdout.write(f"{known.phrase}\t{known.code}\n")
